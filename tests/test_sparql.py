"""Queries run in processes of their own; nothing a query does reaches this one or another machine."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from kg.errors import QueryAborted, QueryError, QueryTimeout, ResultTooLarge, UnknownFormat
from kg.reader import Snapshot
from kg.screen import screen
from kg.sparql import Limits, Pool


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    opened = Pool(1, Limits(seconds=2, bytes=200_000))
    yield opened
    opened.close()


def test_select_ask_and_construct(pool: Pool, snapshot: Snapshot) -> None:
    select = pool.query(snapshot.dataset, "SELECT ?m { ?m a kg:Model } LIMIT 1", "csv")
    assert (select.kind, select.body.splitlines()[0]) == ("select", b"m")
    assert b"true" in pool.query(snapshot.dataset, "ASK {}").body
    graph = pool.query(snapshot.dataset, "CONSTRUCT WHERE { ?s a kg:License }", graph="ntriples")
    assert (graph.kind, graph.media_type) == ("graph", "application/n-triples")


def test_a_syntax_error_has_its_place(pool: Pool, snapshot: Snapshot) -> None:
    with pytest.raises(QueryError) as caught:
        pool.query(snapshot.dataset, "SELECT *\nWHERE { ?s ?p }")
    assert caught.value.line == 2
    assert caught.value.column in (15, 16)  # Oxigraph names the brace or what follows it
    assert len(str(caught.value)) < 250


def test_deadline_then_the_next_query_works(pool: Pool, snapshot: Snapshot) -> None:
    with pytest.raises(QueryTimeout):
        pool.query(snapshot.dataset, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    assert b"true" in pool.query(snapshot.dataset, "ASK {}").body


@pytest.mark.parametrize("query", ["ASK " + "{" * 5000, "ASK { FILTER(" + "!" * 90_000 + "1) }"])
def test_a_query_that_crashes_its_process(pool: Pool, snapshot: Snapshot, query: str) -> None:
    with pytest.raises((QueryAborted, QueryError)):
        pool.query(snapshot.dataset, query)
    assert b"true" in pool.query(snapshot.dataset, "ASK {}").body


def test_memory_is_capped(snapshot: Snapshot) -> None:
    pool = Pool(1, Limits(seconds=60, memory_mb=700))
    with pytest.raises(QueryAborted):
        pool.query(
            snapshot.dataset, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
        )
    pool.close()


def test_a_large_result_is_refused_not_cut(pool: Pool, snapshot: Snapshot) -> None:
    with pytest.raises(ResultTooLarge, match="200,000 bytes"):
        pool.query(snapshot.dataset, "SELECT * { ?s ?p ?o . ?o ?q ?r }")


def test_unknown_format(pool: Pool, snapshot: Snapshot) -> None:
    with pytest.raises(UnknownFormat, match="csv, json, tsv, xml"):
        pool.query(snapshot.dataset, "ASK {}", "yaml")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <{url}> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } VALUES ?x { <{url}> } }",
        "PREFIX : <x:> SELECT * { ?s ?p ?o .SERVICE<{url}>{ ?a ?b ?c } }",
        "SELECT * { BIND('\\'' AS ?q) SERVICE <{url}> {} }",
        "SELECT * FROM <{url}> { ?s ?p ?o }",
        "LOAD <{url}>",
    ],
)
def test_no_query_calls_another_machine(pool: Pool, snapshot: Snapshot, query: str) -> None:
    called = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        with contextlib.suppress(QueryError):
            pool.query(snapshot.dataset, query.replace("{url}", url))
        try:
            server.accept()
            called.set()
        except TimeoutError:
            pass
    assert not called.is_set()


@pytest.mark.parametrize(
    "query",
    ["SELECT ?service { ?service a 'SERVICE' }", 'SELECT * { ?s ?p """a " SERVICE """ }',
     "# SERVICE\nASK {}", "PREFIX service: <x:> ASK { service:service a <x:SERVICE> }"],
)  # fmt: skip
def test_the_word_is_fine_where_it_is_no_keyword(query: str) -> None:
    screen(query)
