"""A release loaded into real servers: replaced graph by graph, counted, marked last."""

from __future__ import annotations

import gzip
import http.server
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError, LoadFailed
from kg.sparql.elsewhere import load
from kg.sparql.elsewhere._client import ServerClient
from kg.sparql.elsewhere._graph_store import LAYOUTS, GraphStore
from kg.sparql.elsewhere.endpoint import read_endpoint
from kg.sparql.elsewhere.load import (
    LoadedAnswer,
    ReleaseFacts,
    load_release,
    split_line,
    write_bulk,
)
from tests.sparql.elsewhere.servers import SERVERS, answer, stranger

BASE = "http://x.example/"
VERSION = "0123456789ab"
FIRST = """<http://x.example/a> <urn:p> <http://x.example/b> .
<http://x.example/a> <urn:p> "c <d"@ko <http://x.example/source/one> .
<http://x.example/b> <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <http://x.example/source/two> .
<http://x.example/b> <urn:p> "e\\n\\"f\\"" .
"""
SECOND = """<http://x.example/a> <urn:q> <http://x.example/c> .
<http://x.example/a> <urn:p> "new" <http://x.example/source/one> .
"""


def release(text: str = FIRST, url: str = "", version: str = VERSION) -> LoadedAnswer:
    told = ReleaseFacts(base=BASE, version=version)
    return load_release(io.BytesIO(text.encode()), told, read_endpoint(url), lambda size: None)


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    with SERVERS[request.param]() as address:
        yield address


def held(url: str) -> set[tuple[str, ...]]:
    client = ServerClient(read_endpoint(url))
    rows = client.rows(f"SELECT * {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{BASE}')) }}", 3)
    client.close()
    return {tuple(row) for row in rows}


def test_a_release_takes_the_place_of_the_one_before(server: str) -> None:
    first = release(FIRST, server)
    assert (first.quads, first.graphs, first.removed) == (4, 2, 0)
    client = ServerClient(read_endpoint(first.sparql_url))
    mark = client.read_mark(BASE)
    assert mark and mark.version == VERSION
    second = release(SECOND, server, "ba9876543210")
    assert (second.quads, second.graphs, second.removed) == (2, 1, 1)
    now = client.read_mark(BASE)
    assert now and (now.version, now.load) != (VERSION, mark.load)
    rows = client.rows(f"SELECT ?p {{ <{BASE}a> ?p ?o }}", 1)
    client.close()
    assert rows == [["urn:q"]]
    assert release(FIRST, server).removed == 0


def test_a_load_that_breaks_off_leaves_no_mark(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = release(FIRST, server).sparql_url
    monkeypatch.setattr(load, "PIECE", 1)
    with pytest.raises(LoadFailed, match="no line of N-Quads"):
        release(FIRST + "broken\n", server)
    client = ServerClient(read_endpoint(url))
    assert client.read_mark(BASE) is None
    assert release(FIRST, server).quads == 4  # as often as one likes
    assert client.read_mark(BASE)
    client.close()


def test_nobodys_data_are_replaced() -> None:
    with SERVERS["Oxigraph"]() as address:
        release(FIRST, address)
        with pytest.raises(LoadFailed, match=r"data of others.*x\.example"):
            told = ReleaseFacts(base="http://y.example/", version=VERSION)
            load_release(io.BytesIO(b""), told, read_endpoint(address), lambda size: None)
        assert held(f"{address}/query")


def test_where_nothing_that_is_known_answers() -> None:
    with pytest.raises(LoadFailed, match="no server that is known") as caught:
        release(FIRST, "http://me:secret@127.0.0.1:9/")
    assert "secret" not in str(caught.value)
    with (
        stranger(lambda to, body: answer(to, b"<html>true</html>", "text/html")) as url,
        pytest.raises(LoadFailed, match="no server that is known"),
    ):
        release(FIRST, url)


@pytest.mark.parametrize(
    ("names", "row", "why"),
    [
        (["g"], ["http://x.example/g"], "no table"),
        ([], [], "no table"),
        (["g", "n"], ["http://x.example/g", "many"], "'many' is no count"),
        (["g", "n"], ["http://x.example/g", "9" * 5000], "9999' is no count"),
    ],
)
def test_a_server_that_cannot_count(names: list[str], row: list[str], why: str) -> None:
    bound = {n: {"type": "literal", "value": v} for n, v in zip(names, row, strict=True)}
    counted = {"head": {"vars": names}, "results": {"bindings": [bound]}}

    def reply(to: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
        told = counted if b"COUNT" in body else {"head": {}, "boolean": True}
        answer(to, json.dumps(told).encode(), "application/sparql-results+json")

    with stranger(reply) as url, pytest.raises(LoadFailed, match=why):
        release(FIRST, url)


@pytest.mark.parametrize(
    "asked",
    [
        "garbage",
        "",
        'nonce="a"',
        'realm="a", nonce="b", algorithm=X',
        'realm="a", nonce="b", qop="x"',
    ],
)
def test_a_server_that_asks_for_a_password_in_ways_of_its_own(asked: str) -> None:
    def reply(to: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
        answer(to, b"", "text/plain", 401, WWW_Authenticate=f"Digest {asked}")

    with stranger(reply) as url:
        server = read_endpoint(url.replace("://", "://me:Secret@"))
        with pytest.raises(LoadFailed, match="in a way that is not known here") as refused:
            GraphStore(server, LAYOUTS[0]).put("", b"", first=False)
        assert "Secret" not in str(refused.value)


def test_what_a_server_keeps_otherwise_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Twice the same: no release has that
    text = FIRST + "<http://x.example/a> <urn:p> <http://x.example/b> .\n"
    with SERVERS["Oxigraph"]() as address:
        with pytest.raises(
            LoadFailed, match="it holds 2 triples of the graph by default, which has 3"
        ):
            release(text, address)
        client = ServerClient(read_endpoint(f"{address}/query"))
        assert client.read_mark(BASE) is None
        client.close()


def test_values_that_a_server_cannot_tell_apart_may_be_one() -> None:
    double = "http://www.w3.org/2001/XMLSchema#double"
    values = ("3.4999999999999997e+24", "3.5e+24", "7.0e+0")
    text = FIRST + "".join(f'<http://x.example/f> <urn:flop> "{v}"^^<{double}> .\n' for v in values)
    days = {"date": "2026-08-01", "gYearMonth": "2026-08"}
    text += "".join(
        f'<http://x.example/f> <urn:day> "{day}"^^<http://www.w3.org/2001/XMLSchema#{type}> .\n'
        for type, day in days.items()
    )
    for name in SERVERS:
        with SERVERS[name]() as address:
            assert release(text, address).quads == 9
    count = load._GraphCount()
    count.add(text.encode())
    assert [count.fits(n) for n in (5, 6, 9, 10)] == [False, True, True, False]


def test_a_file_for_a_loader_has_all_and_the_mark(tmp_path: Path) -> None:
    told = ReleaseFacts(base=BASE, version=VERSION)
    for name, opened in (
        ("r.nq", Path.read_bytes),
        ("r.nq.gz", lambda p: gzip.decompress(p.read_bytes())),
    ):
        assert write_bulk(io.BytesIO(FIRST.encode()), told, tmp_path / name).quads == 4
        text = opened(tmp_path / name).decode()
        assert text.startswith(FIRST) and f"release {VERSION} load " in text[len(FIRST) :]
        assert len([*ox.parse(text, ox.RdfFormat.N_QUADS)]) == 5
    with pytest.raises(InputError, match="cannot write"):
        write_bulk(io.BytesIO(b""), told, tmp_path / "none" / "r.nq")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.nq", "r.nq.gz"]


IRIS = st.sampled_from(["http://x/a", "http://x/한", "urn:p"]).map(ox.NamedNode)
LITERALS = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ['"', "\\", " <urn:g> .", '"^^<urn:t>', "> .\n", '\\" <a> .']
)
OBJECTS = st.one_of(
    IRIS,
    LITERALS.map(ox.Literal),
    st.builds(lambda text: ox.Literal(text, language="ko"), LITERALS),
    st.builds(lambda text: ox.Literal(text, datatype=ox.NamedNode("urn:t")), LITERALS),
)
GRAPHS = st.just(ox.DefaultGraph()) | IRIS


@given(IRIS, IRIS, OBJECTS, GRAPHS)
def test_the_graph_of_any_line_is_found(
    subject: ox.NamedNode,
    predicate: ox.NamedNode,
    object: ox.NamedNode | ox.Literal,
    graph: ox.NamedNode | ox.DefaultGraph,
) -> None:
    line = ox.serialize([ox.Quad(subject, predicate, object, graph)], format=ox.RdfFormat.N_QUADS)
    assert line
    name, triple = split_line(line)
    assert name == (graph.value if isinstance(graph, ox.NamedNode) else "")
    (read,) = ox.parse(triple, ox.RdfFormat.N_TRIPLES)
    assert read.triple == ox.Triple(subject, predicate, object)


def test_the_default_graph_goes_first_and_little_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "PIECE", 200)
    monkeypatch.setattr(load, "_WAITING", 300)
    lines = [
        f"<http://x/{n}> <urn:p> <http://x/{n}>{f' <urn:g{n % 5}>' if n % 7 else ''} .\n".encode()
        for n in range(1, 400)
    ]
    read: list[int] = []
    sent = [*load._pieces(io.BytesIO(b"".join(lines)), read.append)]
    assert sent[0][0] == "" and sent[0][2]
    assert [graph for graph, _, first in sent if first] == [*dict.fromkeys(g for g, _, _ in sent)]
    assert max(len(data) for _, data, _ in sent) < 400
    assert sum(data.count(b"\n") for _, data, _ in sent) == len(lines)
    assert sum(read) == sum(map(len, lines))
