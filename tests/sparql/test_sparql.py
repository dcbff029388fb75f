"""Queries run in processes of their own; nothing a query does reaches this one or another machine."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.answers.sparql import ask
from kg.errors import (
    Busy,
    OverShare,
    QueryAborted,
    QueryError,
    QueryTimeout,
    ResultTooLarge,
    Unacceptable,
    UnknownFormat,
    UpdateRefused,
)
from kg.snapshot.snapshot import Snapshot
from kg.sparql._result import ResultBuffer, TooLarge, rows_of
from kg.sparql.pool import Pool
from kg.sparql.request import Limits, Options
from kg.sparql.screen import screen
from tests.waiting import wait_until

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    opened = Pool(1, Limits(seconds=20, bytes=200_000, rows=2_000))
    yield opened
    opened.close()


def test_select_ask_and_construct(pool: Pool, snapshot: Snapshot) -> None:
    select = pool.query(snapshot.dataset, "SELECT ?m { ?m a kg:Model } LIMIT 1", "csv")
    assert (select.kind, select.body.splitlines()[0]) == ("select", b"m")
    assert b"true" in pool.query(snapshot.dataset, "ASK {}").body
    graph = pool.query(snapshot.dataset, "CONSTRUCT WHERE { ?s a kg:License }", graph="ntriples")
    assert (graph.kind, graph.media_type) == ("graph", "application/n-triples")


def test_what_stands_where_somebody_stands_is_no_part_of_the_program(
    snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kg.py").write_text("raise SystemExit('a stranger')")
    monkeypatch.chdir(tmp_path)
    with contextlib.closing(Pool(1)) as opened:
        assert b"true" in opened.query(snapshot.dataset, "ASK { ?s ?p ?o FILTER(1 < 2) }").body


def test_a_syntax_error_has_its_place(pool: Pool, snapshot: Snapshot) -> None:
    with pytest.raises(QueryError) as caught:
        pool.query(snapshot.dataset, "SELECT *\nWHERE { ?s ?p }")
    assert caught.value.line == 2
    assert caught.value.column in (15, 16)  # Oxigraph names the brace or what follows it
    assert len(str(caught.value)) < 250


def test_deadline_then_the_next_query_works(pool: Pool, snapshot: Snapshot) -> None:
    with pytest.raises(QueryTimeout, match="1 seconds"):
        pool.query(snapshot.dataset, CROSS, options=Options(seconds=1))
    assert b"true" in pool.query(snapshot.dataset, "ASK {}").body


def test_an_asker_may_only_lower_the_deadline(snapshot: Snapshot) -> None:
    with contextlib.closing(Pool(1, Limits(seconds=2))) as pool:
        with pytest.raises(QueryTimeout, match=r"0\.3 seconds"):
            pool.query(snapshot.dataset, CROSS, options=Options(seconds=0.3))
        with pytest.raises(QueryTimeout, match="2 seconds"):
            pool.query(snapshot.dataset, CROSS, options=Options(seconds=100))


def test_what_a_chain_of_operators_needs_is_there(pool: Pool, snapshot: Snapshot) -> None:
    chain = "ASK { FILTER(1" + " + 1" * 8_000 + " > 0) }"
    with contextlib.suppress(QueryTimeout):  # deep, but nothing breaks
        assert b"true" in pool.query(snapshot.dataset, chain).body


@pytest.mark.parametrize("query", ["ASK " + "{" * 5000, "ASK { FILTER(" + "!" * 90_000 + "1) }"])
def test_too_deep_is_refused(pool: Pool, snapshot: Snapshot, query: str) -> None:
    with pytest.raises(QueryError, match="nested more than 128 deep"):
        pool.query(snapshot.dataset, query)


def test_memory_is_capped(snapshot: Snapshot) -> None:
    pool = Pool(1, Limits(seconds=60, memory_mb=1200))
    bomb = "".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1}) " for i in range(40))
    with pytest.raises(QueryAborted):
        pool.query(snapshot.dataset, f"SELECT * {{ BIND('{'x' * 64}' AS ?v0) {bomb} }}")
    assert b"true" in pool.query(snapshot.dataset, "ASK {}").body
    pool.close()


@pytest.mark.parametrize(
    ("query", "cap"),
    [
        ("SELECT * { ?s ?p ?o . ?o ?q ?r }", "200,000 bytes"),
        ("SELECT (1 AS ?x) { ?s ?p ?o }", "2,000 rows"),
        ("CONSTRUCT { ?s ?p 1 } { ?s ?p ?o }", "2,000 triples"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "bytes|triples"),
    ],
)
def test_a_large_result_is_refused_not_cut(
    pool: Pool, snapshot: Snapshot, query: str, cap: str
) -> None:
    with pytest.raises(ResultTooLarge, match=cap):
        pool.query(snapshot.dataset, query, "csv")


def test_a_long_result_travels_in_a_file(snapshot: Snapshot) -> None:
    pool = Pool(1, spare=False)
    long = pool.query(snapshot.dataset, "SELECT * { ?s ?p ?o }", "csv")
    assert long.file and len(long.body) == long.size > 1 << 20
    alone = ox.Store.read_only(str(snapshot.dataset.store)).query("SELECT * { ?s ?p ?o }")
    assert long.body.count(b"\r\n") == sum(1 for _ in alone) + 1
    long.file.close()
    pool.close()


def test_unknown_format(pool: Pool, snapshot: Snapshot) -> None:
    with pytest.raises(UnknownFormat, match="csv, json, tsv, xml"):
        pool.query(snapshot.dataset, "ASK {}", "yaml")
    with pytest.raises(Unacceptable, match="text/csv"):
        pool.query(snapshot.dataset, "ASK {}", None, "turtle")


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <a:a> <a:b> 1 }",
        "LOAD <http://x/>",
        "clear all",
        "PREFIX a: <a:> DELETE WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused(pool: Pool, snapshot: Snapshot, update: str) -> None:
    with pytest.raises(UpdateRefused, match="only reads"):
        pool.query(snapshot.dataset, update)


def test_a_killed_worker_is_replaced_and_others_do_not_notice(snapshot: Snapshot) -> None:
    pool = Pool(2)
    pool.query(snapshot.dataset, "ASK {}")
    answers: list[bytes] = []

    def others() -> None:
        while len(answers) < 200:
            answers.append(pool.query(snapshot.dataset, "ASK {}").body)

    thread = threading.Thread(target=others)
    thread.start()
    for _ in range(2):
        with pytest.raises(QueryTimeout):
            pool.query(snapshot.dataset, CROSS, options=Options(seconds=1))
    thread.join()
    assert len(answers) == 200 and len(set(answers)) == 1
    pool.close()


def test_a_query_is_stopped_when_its_asker_leaves(snapshot: Snapshot) -> None:
    pool = Pool(1, Limits(seconds=60))
    left = threading.Event()
    threading.Timer(0.3, left.set).start()
    with pytest.raises(QueryAborted, match="has left"):
        pool.query(snapshot.dataset, CROSS, options=Options(gone=left.is_set))
    pool.close()


def test_the_queue_has_an_end(snapshot: Snapshot) -> None:
    pool = Pool(1, Limits(seconds=60, queue=1))
    left = threading.Event()

    def wait() -> None:
        with contextlib.suppress(QueryAborted):
            pool.query(snapshot.dataset, CROSS, options=Options(gone=left.is_set))

    waiting = [threading.Thread(target=wait) for _ in range(2)]
    for thread in waiting:
        thread.start()
    wait_until(lambda: pool.load == (1, 1, 1))
    with pytest.raises(Busy) as caught:
        pool.query(snapshot.dataset, "ASK { ?s ?p ?o FILTER(1 < 2) }")
    assert caught.value.retry_after > 0
    left.set()
    for thread in waiting:
        thread.join()
    pool.close()


def test_a_share_is_used_up_by_one_client_only(snapshot: Snapshot) -> None:
    pool = Pool(1, Limits(share=0.2))
    with pytest.raises(QueryTimeout):
        pool.query(snapshot.dataset, CROSS, options=Options(client="a", seconds=0.5))
    with pytest.raises(OverShare, match=r"0\.2 seconds a minute"):
        pool.query(snapshot.dataset, "ASK {}", options=Options(client="a"))
    pool.query(snapshot.dataset, "ASK {}", options=Options(client="b"))
    pool.close()


# -- graphs


def test_graphs_are_those_of_the_dataset(pool: Pool, snapshot: Snapshot) -> None:
    survey = snapshot.manifest.base + "source/survey-004"

    def rows(query: str, **options: tuple[str, ...]) -> list[dict[str, dict[str, str]]]:
        found = pool.query(snapshot.dataset, query, options=Options(**options))  # type: ignore[arg-type]
        return list(json.loads(found.body)["results"]["bindings"])

    said = "SELECT ?s { ?s kg:parameterCount ?o }"
    assert rows(said, default_graphs=(survey,))
    assert not rows(said, default_graphs=("http://example.org/none",))
    assert not rows(said, named_graphs=(survey,))
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert [r["g"]["value"] for r in rows(named, named_graphs=(survey,))] == [survey]
    assert rows(f"SELECT * FROM <{survey}> {{ ?s kg:parameterCount ?o }}", named_graphs=()) != []
    with pytest.raises(QueryError, match="absolute IRI"):
        rows(said, default_graphs=("not an iri",))


def test_a_count_inside_graph_is_one_of_each_graph(pool: Pool, snapshot: Snapshot) -> None:
    query = "SELECT * { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } }"
    found = json.loads(pool.query(snapshot.dataset, query).body)["results"]["bindings"]
    outside = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    expected = json.loads(pool.query(snapshot.dataset, outside).body)["results"]["bindings"]
    assert len(found) > 100

    def key(row: dict[str, dict[str, str]]) -> tuple[str, str]:
        return row["g"]["value"], row["n"]["value"]

    assert sorted(map(key, found)) == sorted(map(key, expected))


# -- no query calls another machine


class Listener:
    """A server of which it is known who has called."""

    def __init__(self, server: socket.socket) -> None:
        self._server, self._callers = server, list[Any]()
        self.url = f"http://127.0.0.1:{server.getsockname()[1]}/"

    def run(self) -> None:
        """Take calls, in their order, and hang up."""
        with contextlib.suppress(OSError):
            while True:
                call, caller = self._server.accept()
                call.close()
                self._callers.append(caller)

    def calls(self) -> int:
        """How often it was called before this, which calls it too: whoever called first was taken first."""
        with socket.create_connection(self._server.getsockname()) as own:
            caller = own.getsockname()
            wait_until(lambda: caller in self._callers)
        self._callers.remove(caller)
        return len(self._callers)


@contextlib.contextmanager
def listening() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server)
        thread = threading.Thread(target=listener.run)
        thread.start()
        yield listener
        server.shutdown(socket.SHUT_RDWR)  # so that it waits for no call
        thread.join()


CALLS = [
    "SELECT * { SERVICE <{url}> { ?s ?p ?o } }",
    "SELECT * { service silent ?x { ?s ?p ?o } VALUES ?x { <{url}> } }",
    "PREFIX : <x:> SELECT * { ?s ?p ?o .SERVICE<{url}>{ ?a ?b ?c } }",
    "SELECT * { BIND('\\'' AS ?q) SERVICE <{url}> {} }",
    "PREFIX : <{url}> SELECT * { SERVICE:x{ ?a ?b ?c } }",
    "PREFIX : <{url}> SELECT * { VALUES ?x {1}SERVICESILENT:x{ ?a ?b ?c } }",
    "SELECT * { ?s ?p rdf:b\\#c . SERVICE <{url}> { ?a ?b ?c } }",
    "PREFIX : <{url}> SELECT * { FILTER(1<2)SERVICE:x#>\n{ ?a ?b ?c } }",
    "SELECT * { FILTER(1<2)#>'''\n SERVICE <{url}> { ?a ?b ?c } #'''\n }",
    "SELECT * { FILTER(1<'>'||1) SERVICE <{url}> {} #'\n }",
    "SELECT * { ?s <a:\\u0041'> ?o . SERVICE <{url}> {} #'\n }",
    "SELECT * { SERVICE kg:search { ?m kg:query 'llama' } SERVICE <{url}> {} }",
    "SELECT * FROM <{url}> { ?s ?p ?o }",
    "SELECT * FROM NAMED <{url}> { GRAPH <{url}> { ?s ?p ?o } }",
    "LOAD <{url}>",
    "DESCRIBE <{url}>",
]


def test_no_query_calls_another_machine(pool: Pool, snapshot: Snapshot) -> None:
    with listening() as listener:
        for query in CALLS:
            with contextlib.suppress(QueryError):
                ask(pool, snapshot, query.replace("{url}", listener.url))
        graphs = Options(default_graphs=(listener.url,), named_graphs=(listener.url,))
        pool.query(snapshot.dataset, "SELECT * { ?s ?p ?o }", options=graphs)
        assert not listener.calls()


_UNSCREENED = """
import pyoxigraph as ox, sys
from kg.sparql._sandbox import confine
if sys.argv[2] == "confined" and not confine(2500):
    print("cannot"); sys.exit()
try:
    list(ox.Store().query(f"SELECT * {{ SERVICE <{sys.argv[1]}> {{ ?s ?p ?o }} }}"))
except (OSError, RuntimeError) as error:
    print(error)
"""


def test_what_is_not_screened_is_blocked_all_the_same() -> None:
    with listening() as listener:
        command = [sys.executable, "-c", _UNSCREENED, listener.url]
        confined = subprocess.run(
            [*command, "confined"], capture_output=True, text=True, check=True
        )
        if confined.stdout.startswith("cannot"):
            pytest.skip("this system has no filter of system calls we know")
        assert not listener.calls() and "ermission denied" in confined.stdout
        subprocess.run([*command, "free"], check=True, capture_output=True)
        assert listener.calls()  # so the filter it was


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


_PARTS = st.sampled_from(
    [
        "SERVICE",
        "service",
        "SILENT",
        "SERVICE:x",
        "<U>",
        ":x",
        "{",
        "}",
        "{?a ?b ?c}",
        "?s ?p ?o",
        ".",
        "FILTER(1<2)",
        "FILTER(?x<?a",
        ")",
        "#>",
        "'",
        "'''",
        '"',
        "\n",
        " ",
        "a:b\\#",
        "1",
        "true",
        "?v",
        "OPTIONAL",
        "UNION",
        "BIND(1 AS ?z)",
        "<a:b>",
        "<a:\\u0041'>",
        "@en",
        "VALUES ?x {1}",
        "<",
        ">",
        "\\",
    ]
)


@settings(max_examples=400)
@given(st.lists(_PARTS, max_size=12))
def test_what_passes_the_screen_calls_nobody(listener: Listener, parts: list[str]) -> None:
    url = listener.url
    body = "".join(parts).replace("U>", url + ">")
    query = f"PREFIX : <{url}> PREFIX a: <a:> SELECT * {{ {body} }}"
    try:
        screen(query)
    except QueryError:
        return
    with contextlib.suppress(SyntaxError, OSError, RuntimeError):
        list(ox.Store().query(query))  # unconfined: only the screen stands before it
    assert not listener.calls()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service a 'SERVICE' }",
        'SELECT * { ?s ?p """a " SERVICE """ }',
        "# SERVICE\nASK {}",
        "PREFIX service: <x:> ASK { service:service a <x:SERVICE> }",
        "ASK { ?s ?p <http://x/service#a> FILTER(?s = <x:service> && 1 < 2) }",
    ],
)
def test_the_word_is_fine_where_it_is_no_keyword(query: str) -> None:
    screen(query)


# -- rows


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "a", '"', "},{", "<result>", "\r\n", "\n", ",\\", "한"]),
            st.none() | st.integers(),
        ),
        max_size=30,
    ),
    st.integers(1, 40),
)
def test_rows_are_counted_exactly(rows: list[tuple[str, int | None]], chunk: int) -> None:
    values = " ".join(f"({ox.Literal(text)} {'UNDEF' if n is None else n})" for text, n in rows)
    query = f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}"
    for name in ("json", "xml", "csv", "tsv"):
        body = (
            ox.Store().query(query).serialize(format=getattr(ox.QueryResultsFormat, name.upper()))
        )
        with contextlib.closing(ResultBuffer(1 << 30, 1 << 30, rows_of(name))) as spool:
            for start in range(0, len(body), chunk):
                spool.write(body[start : start + chunk])
            more = sum(text == "},{" for text, _ in rows) if name == "json" else 0
            assert spool.rows == len(rows) + more  # what the docstring of rows_of says of JSON
        if not more:
            for most, passes in ((len(rows), True), (len(rows) - 1, not rows)):
                with contextlib.closing(
                    ResultBuffer(1 << 30, max(0, most), rows_of(name))
                ) as spool:
                    assert _writes(spool, body, chunk) is passes, (name, most)


def _writes(spool: ResultBuffer, body: bytes, chunk: int) -> bool:
    """Whether a body can be written, in chunks."""
    try:
        for start in range(0, len(body), chunk):
            spool.write(body[start : start + chunk])
    except TooLarge as error:
        assert error.unit == "rows"
        return False
    return True


def test_rows_are_counted_in_a_file_as_well() -> None:
    row = b'{"x":{"type":"literal","value":"0123456789"}}'
    head, rows = b'{"results":{"bindings":[', [row] * 100_000
    body = head + b",".join(rows) + b"]}}"
    for most in (99_999, 100_000, 1_000_000):
        with contextlib.closing(ResultBuffer(1 << 30, most, rows_of("json"))) as spool:
            assert _writes(spool, body, 8192) is (most >= 100_000)
            if most >= 100_000:
                assert spool.rows == 100_000
                data, file = spool.content()
                assert not data and file
                assert file.read() == body  # looking back did not move where it is written


def test_a_cap_is_the_most_that_passes() -> None:
    with contextlib.closing(ResultBuffer(10)) as spool:
        spool.write(b"x" * 10)
        with pytest.raises(TooLarge):
            spool.write(b"x")
