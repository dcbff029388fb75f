"""Queries put to a server elsewhere that is down, slow, lies, or holds another release."""

from __future__ import annotations

import contextlib
import http.server
import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from kg.errors import QueryAborted, QueryError, QueryTimeout, ResultTooLarge, ServerAway
from kg.snapshot.snapshot import Snapshot
from kg.sparql.elsewhere import pool as module
from kg.sparql.elsewhere.endpoint import read_endpoint
from kg.sparql.elsewhere.pool import ElsewherePool
from kg.sparql.request import Dataset, Limits, Options
from tests.sparql.elsewhere.servers import Reply, answer, stranger
from tests.waiting import free_port

RESULTS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
SELECT = "SELECT ?s { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
Handler = http.server.BaseHTTPRequestHandler


def rows(*values: str, name: str = "s") -> bytes:
    bound = [{name: {"type": "literal", "value": value}} for value in values]
    return json.dumps({"head": {"vars": [name]}, "results": {"bindings": bound}}).encode()


def is_mark(body: bytes) -> bool:
    return b"versionInfo" in body


def marked(version: str, reply: Reply, load: str = "aaaa") -> Reply:
    """A server that says it holds a release, and answers other queries as it is told."""

    def both(to: Handler, body: bytes) -> None:
        if is_mark(body):
            answer(to, rows(f"release {version} load {load}", name="mark"), RESULTS)
        else:
            reply(to, body)

    return both


@contextlib.contextmanager
def asking(reply: Reply, **limits: float) -> Iterator[ElsewherePool]:
    with stranger(reply) as url:
        opened = ElsewherePool(read_endpoint(url), 1, Limits(**({"seconds": 20.0} | limits)))  # type: ignore[arg-type]
        try:
            yield opened
        finally:
            opened.close()


@pytest.fixture
def data(snapshot: Snapshot) -> Dataset:
    return snapshot.dataset


def test_a_query_is_sent_with_all_of_its_names(data: Dataset) -> None:
    sent: list[tuple[str, dict[str, list[str]]]] = []

    def reply(to: Handler, body: bytes) -> None:
        sent.append((to.headers["Accept"], parse_qs(body.decode(), keep_blank_values=True)))
        answer(to, rows("a"), RESULTS)

    with asking(marked(data.version, reply)) as pool:
        found = pool.query(data, "SELECT * { ?s a kg:Model ; ?p <model/a> }", "csv")
        assert found.body == b"s\r\na\r\n"
        pool.query(
            data, SELECT, options=Options(default_graphs=("urn:a",), named_graphs=("urn:b",))
        )
    accept, fields = sent[0]
    assert accept.startswith(RESULTS) and fields.keys() == {"query"}
    assert f"BASE <{data.base}>" in fields["query"][0] and "PREFIX kg: <" in fields["query"][0]
    assert "SELECT ?s ?p {" in fields["query"][0]  # columns in the order of the text, on any engine
    assert sent[1][1]["default-graph-uri"] == ["urn:a"]
    assert sent[1][1]["named-graph-uri"] == ["urn:b"]


def test_what_is_no_query_is_never_sent(data: Dataset) -> None:
    def reply(to: Handler, body: bytes) -> None:
        raise AssertionError(body)

    with asking(marked(data.version, reply)) as pool:
        with pytest.raises(QueryError) as caught:
            pool.query(data, "SELECT *\nWHERE { ?s ?p }")
        assert caught.value.line == 2
        with pytest.raises(QueryError, match="SERVICE is not allowed"):
            pool.query(data, "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
        with pytest.raises(QueryError, match="absolute IRI"):
            pool.query(data, SELECT, options=Options(default_graphs=("no iri",)))


@pytest.mark.parametrize("held", ["ffffffffffff", ""])
def test_a_server_with_another_release_is_not_asked(data: Dataset, held: str) -> None:
    def reply(to: Handler, body: bytes) -> None:
        assert is_mark(body)
        answer(to, rows(*([f"release {held} load aaaa"] if held else []), name="mark"), RESULTS)

    with (
        asking(reply) as pool,
        pytest.raises(ServerAway, match="does not hold the release") as caught,
    ):
        pool.query(data, SELECT)
    assert caught.value.retry_after > 0


def test_an_answer_does_not_count_when_a_release_was_loaded_meanwhile(data: Dataset) -> None:
    loads, asked = iter("abcdefgh"), []

    def reply(to: Handler, body: bytes) -> None:
        if is_mark(body):
            text = f"release {data.version} load {next(loads) * 4}"
            answer(to, rows(text, name="mark"), RESULTS)
        else:
            asked.append(body)
            answer(to, rows("a"), RESULTS)

    with asking(reply) as pool, pytest.raises(ServerAway, match="does not hold"):
        pool.query(data, SELECT)
    assert len(asked) == 2


def test_a_release_that_was_loaded_anew_is_asked_again(data: Dataset) -> None:
    loads = iter(["aaaa", "bbbb", "bbbb"])

    def reply(to: Handler, body: bytes) -> None:
        if is_mark(body):
            answer(to, rows(f"release {data.version} load {next(loads)}", name="mark"), RESULTS)
        else:
            answer(to, rows("a"), RESULTS)

    with asking(reply) as pool:
        assert pool.query(data, SELECT, "csv").body == b"s\r\na\r\n"


def test_a_server_that_is_down_is_left_alone_for_a_while(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    pool = ElsewherePool(read_endpoint(f"http://127.0.0.1:{port}/"), 1)
    with contextlib.closing(pool):
        with pytest.raises(ServerAway, match="does not answer; try again in 5 seconds") as caught:
            pool.query(data, SELECT)
        assert str(port) not in str(caught.value)
        monkeypatch.setattr(pool._client, "read_mark", None)  # it is not even tried
        with pytest.raises(ServerAway):
            pool.query(data, SELECT)


def test_a_server_that_goes_down_is_left_alone_too(data: Dataset) -> None:
    """One that was up, so that its mark is known."""
    with stranger(marked(data.version, lambda to, _: answer(to, rows("a"), RESULTS))) as url:
        pool = ElsewherePool(read_endpoint(url), 1)
        assert pool.query(data, SELECT, "csv").body == b"s\r\na\r\n"
    with contextlib.closing(pool):
        with pytest.raises(ServerAway, match="does not answer"):
            pool.query(data, SELECT)
        with socket.create_server(("127.0.0.1", read_endpoint(url).port)) as heard:
            heard.settimeout(0.2)
            with pytest.raises(ServerAway, match="does not answer"):
                pool.query(data, SELECT)
            with pytest.raises(TimeoutError):
                heard.accept()  # it was not even tried


@pytest.mark.parametrize("part", ["body", "head"])
def test_a_server_that_tells_its_mark_in_drops(
    data: Dataset, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def drops(to: Handler, body: bytes) -> None:
        to.close_connection = True
        if part == "body":
            to.send_response(200)
            to.send_header("Content-Type", RESULTS)
            to.send_header("Content-Length", "1000")
            to.end_headers()
        with contextlib.suppress(OSError):
            for _ in range(1_200):
                to.wfile.write(b" ")
                time.sleep(0.05)
            patient.set()

    patient = threading.Event()  # somebody has waited for all of it, a minute
    monkeypatch.setattr("kg.sparql.elsewhere._client._MARK_SECONDS", 0.5)
    with asking(drops) as pool, pytest.raises(ServerAway, match="does not answer"):
        pool.query(data, SELECT)
    assert not patient.is_set()


def test_a_slow_query_is_told_from_a_slow_server(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = threading.Event()
    free = threading.Event()

    def reply(to: Handler, body: bytes) -> None:
        if is_mark(body) and not slow.is_set():
            answer(to, rows(f"release {data.version} load aaaa", name="mark"), RESULTS)
        else:
            free.wait(30)

    monkeypatch.setattr("kg.sparql.elsewhere._client._MARK_SECONDS", 0.5)
    with asking(reply, seconds=1.0) as pool:
        try:
            with pytest.raises(QueryTimeout, match="1 seconds"):
                pool.query(data, SELECT)
            slow.set()
            with pytest.raises(ServerAway, match="does not answer"):
                pool.query(data, SELECT)
        finally:
            free.set()


def test_who_asks_may_leave(data: Dataset) -> None:
    free = threading.Event()
    began = time.monotonic()
    with asking(marked(data.version, lambda to, body: free.wait(30) and None)) as pool:
        with pytest.raises(QueryAborted, match="has left"):
            pool.query(data, SELECT, options=Options(gone=lambda: time.monotonic() > began + 0.5))
        free.set()


def cut(type: str, body: bytes, chunked: bool = False) -> Reply:
    def reply(to: Handler, asked: bytes) -> None:
        to.send_response(200)
        to.send_header("Content-Type", type)
        if chunked:
            to.send_header("Transfer-Encoding", "chunked")
            body_sent = b"%x\r\n%s\r\n" % (len(body), body)
        else:
            to.send_header("Content-Length", str(len(body) + 100))
            body_sent = body
        to.end_headers()
        to.wfile.write(body_sent)
        to.close_connection = True

    return reply


def endless(to: Handler, asked: bytes) -> None:
    """An answer that does not say where it ends."""
    to.protocol_version = "HTTP/1.0"
    to.send_response(200)
    to.send_header("Content-Type", TRIPLES)
    to.end_headers()
    to.wfile.write(b"<urn:a> <urn:b> <urn:c> .\n")
    to.close_connection = True


LINE = b"<urn:a> <urn:b> <urn:c> .\n"
WRONG: dict[str, tuple[str, Reply, str]] = {
    "a page": (SELECT, lambda to, _: answer(to, b"<html>", "text/html"), "answers in text/html"),
    "no JSON": (SELECT, lambda to, _: answer(to, b"{]", RESULTS), "cannot be read"),
    "half of it": (SELECT, lambda to, _: answer(to, rows("a")[:-9], RESULTS), "cannot be read"),
    "no triples": (CONSTRUCT, lambda to, _: answer(to, b"<a", TRIPLES), "cannot be read"),
    "cut rows": (SELECT, cut(RESULTS, rows("a")[:-3]), "broke off|cannot be read"),
    "cut triples": (CONSTRUCT, cut(TRIPLES, LINE), "broke off"),
    "cut chunks": (CONSTRUCT, cut(TRIPLES, LINE, chunked=True), "broke off"),
    "no end": (CONSTRUCT, endless, "does not say where it ends"),
    "another place": (
        SELECT,
        lambda to, _: answer(to, b"", RESULTS, 302, Location="http://169.254.169.254/"),
        "302",
    ),
    "forbidden": (SELECT, lambda to, _: answer(to, b"", "text/plain", 401), "401"),
    "busy for ever": (
        SELECT,
        lambda to, _: answer(to, b"", "text/plain", 503, Retry_After="9" * 5000),
        "10 seconds",
    ),
    "busy": (
        SELECT,
        lambda to, _: answer(to, b"", "text/plain", 503, Retry_After="17"),
        "17 seconds",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_a_whole_answer_is_no_answer(data: Dataset, name: str) -> None:
    query, reply, told = WRONG[name]
    with asking(marked(data.version, reply)) as pool, pytest.raises(ServerAway, match=told):
        pool.query(data, query)


def test_what_the_server_says_of_a_query_is_passed_on(data: Dataset) -> None:
    def refused(to: Handler, body: bytes) -> None:
        answer(to, b"Virtuoso 37000 Error SP030: no such thing\n\ninner: x", "text/plain", 400)

    def failed(to: Handler, body: bytes) -> None:
        answer(to, b"\nout of memory\nat 0x1", "text/plain", 500)

    def partial(to: Handler, body: bytes) -> None:
        answer(to, rows("a"), RESULTS, X_SQL_State="S1TAT")

    told = r"does not take this query.*no such thing$"
    with asking(marked(data.version, refused)) as pool, pytest.raises(QueryError, match=told):
        pool.query(data, SELECT)
    for reply, told in ((failed, "out of memory;"), (partial, "a part of the answer")):
        with asking(marked(data.version, reply)) as pool, pytest.raises(QueryAborted, match=told):
            pool.query(data, SELECT)


def test_blank_nodes_of_virtuoso_are_read_wherever_a_piece_ends(data: Dataset) -> None:
    node = '{ "s": { "type": "bnode", "value": "nodeID://b%d" }}'
    said = '{ "s": { "type": "literal", "value": "\\"bnode\\", \\"value\\": \\"nodeID://" }}'
    nodes = [said, *(node % number for number in range(900))]
    body = f'{{ "head": {{ "vars": ["s"] }}, "results": {{ "bindings": [{",".join(nodes)}] }} }}'

    def reply(to: Handler, asked: bytes) -> None:
        answer(to, body.encode(), RESULTS)

    with asking(marked(data.version, reply)) as pool:
        found = pool.query(data, SELECT, "tsv").body.decode().splitlines()
    assert found[1] == r'"\"bnode\", \"value\": \"nodeID://"'
    assert found[2:] == [f"_:b{number}" for number in range(900)]


CERTIFICATE = (
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=x "
    "-addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"
)


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_a_server_is_who_it_says_it_is(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(CERTIFICATE.split(), cwd=tmp_path, check=True, capture_output=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    who: list[str | None] = []

    def reply(to: Handler, body: bytes) -> None:
        who.append(to.headers["Authorization"])
        answer(to, rows("a"), RESULTS)

    with stranger(marked(data.version, reply), tls) as url:
        server = read_endpoint(url.replace("://", "://me:secret@"))
        with (
            contextlib.closing(ElsewherePool(server, 1)) as pool,
            pytest.raises(ServerAway, match="does not answer"),
        ):
            pool.query(data, SELECT)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        with contextlib.closing(ElsewherePool(server, 1)) as pool:
            assert pool.query(data, SELECT, "csv").body == b"s\r\na\r\n"
    assert who == ["Basic bWU6c2VjcmV0"]


def test_caps_hold_and_a_server_that_leaves_rows_out_is_noticed(data: Dataset) -> None:
    many = rows(*map(str, range(500)))

    def reply(to: Handler, body: bytes) -> None:
        answer(to, many, RESULTS)

    def capped(to: Handler, body: bytes) -> None:
        answer(to, many, RESULTS, X_SPARQL_MaxRows="500")

    for limits, unit in (({"rows": 499}, "499 rows"), ({"bytes": 1_000}, "1,000 bytes")):
        with (
            asking(marked(data.version, reply), **limits) as pool,
            pytest.raises(ResultTooLarge, match=unit),
        ):
            pool.query(data, SELECT)
    with (
        asking(marked(data.version, capped)) as pool,
        pytest.raises(ResultTooLarge, match="500 rows"),
    ):
        pool.query(data, SELECT, "csv")
    with asking(marked(data.version, reply)) as pool:
        assert pool.query(data, SELECT, "csv").body.count(b"\n") == 501


def test_the_log_names_the_server_without_its_secrets(
    data: Dataset, caplog: pytest.LogCaptureFixture
) -> None:
    with stranger(lambda to, body: answer(to, b"", "text/plain", 401)) as url:
        server = read_endpoint(url.replace("http://", "http://me:secret@") + "?token=hidden")
        pool = ElsewherePool(server, 1)
        with contextlib.closing(pool), pytest.raises(ServerAway):
            pool.query(data, SELECT)
    assert re.search(r"http://127\.0\.0\.1:\d+/sparql does not answer: .*401", caplog.text)
    assert "secret" not in caplog.text and "hidden" not in caplog.text
    assert module.log.name in caplog.text or caplog.records[0].name == module.log.name
