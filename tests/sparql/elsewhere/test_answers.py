"""The saved queries, and full text inside a query, are answered alike by the servers that hold the release."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.answers.sparql import ask
from kg.model.vocabulary import XSD
from kg.snapshot.graph_file import open_graph
from kg.snapshot.snapshot import Snapshot
from kg.sparql.elsewhere.endpoint import read_endpoint
from kg.sparql.elsewhere.load import DEFAULT_GRAPH_PATH, ReleaseFacts, load_release, write_bulk
from kg.sparql.elsewhere.pool import ElsewherePool
from kg.sparql.examples import Example, examples
from kg.sparql.pool import Pool, Result
from kg.sparql.request import Limits, Options
from tests.conformance.compare import Table, answer, same
from tests.sparql.elsewhere.servers import SERVERS, oxigraph_program, virtuoso_of

SEARCH = """SELECT ?model ?label ?score {
  SERVICE kg:search { ?model kg:query "라마" ; kg:score ?score ; kg:limit 20 }
  ?model rdfs:label ?label } ORDER BY DESC(?score) ?model ?label"""
WHOLE = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"
NUMBERS = {f"{XSD}{name}" for name in ("integer", "decimal", "double")}
LIMITS = Limits(seconds=60)


@pytest.fixture(scope="module")
def told(snapshot: Snapshot) -> ReleaseFacts:
    return ReleaseFacts(base=snapshot.manifest.base, version=snapshot.manifest.version)


@pytest.fixture(scope="module", params=SERVERS)
def pool(
    request: pytest.FixtureRequest, snapshot: Snapshot, told: ReleaseFacts
) -> Iterator[ElsewherePool]:
    with SERVERS[request.param]() as address, open_graph(snapshot.folder) as nquads:
        loaded = load_release(nquads, told, read_endpoint(address), lambda size: None)
        with closing(ElsewherePool(read_endpoint(loaded.sparql_url), 1, LIMITS)) as opened:
            yield opened


@pytest.fixture(scope="module")
def here() -> Iterator[Pool]:
    with closing(Pool(1, LIMITS)) as opened:
        yield opened


def read(result: Result) -> object:
    """An answer that can be compared: a table with numbers by their values, yes or no, or triples."""
    if result.kind == "graph":
        return frozenset(quad.triple for quad in ox.parse(result.body, ox.RdfFormat.N_TRIPLES))
    found = answer(ox.parse_query_results(result.body, ox.QueryResultsFormat.JSON))
    if not isinstance(found, Table):
        return found
    rows = [tuple((name, by_value(term)) for name, term in row) for row in found.rows]
    return Table(found.variables, rows)


def by_value(term: object) -> object:
    """A number by 15 digits of it, whatever its type: Virtuoso gives a large xsd:integer as xsd:decimal."""
    if isinstance(term, ox.Literal) and term.datatype.value in NUMBERS:
        return f"{Decimal(term.value):.14e}"
    return term


def alike(one: Pool, other: Pool, snapshot: Snapshot, text: str) -> bool:
    found = [read(ask(pool, snapshot, text, "json", "ntriples")) for pool in (one, other)]
    assert found[0]
    return same(found[0], found[1])


@pytest.mark.slow
@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_saved_queries_are_answered_alike(
    pool: ElsewherePool, here: Pool, snapshot: Snapshot, example: Example
) -> None:
    assert alike(here, pool, snapshot, example.query)


@pytest.mark.slow
@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_saved_queries_come_in_the_order_that_they_ask_for(
    pool: ElsewherePool, here: Pool, snapshot: Snapshot, example: Example
) -> None:
    """By the keys of ORDER BY: rows that are equal in them may stand either way."""
    keys = sort_keys(example.query)
    if not keys:
        pytest.skip("it asks for no order")
    tables = [read(ask(one, snapshot, example.query)) for one in (here, pool)]
    ordered = [
        [tuple(dict(row).get(key) for key in keys) for row in found.rows]
        for found in tables
        if isinstance(found, Table)
    ]
    assert len(ordered) == 2 and ordered[0] == ordered[1]


def sort_keys(query: str) -> list[str]:
    """The variables of the last ORDER BY."""
    after = query.rpartition("ORDER BY")[2] if "ORDER BY" in query else ""
    return [word.strip("?()") for word in after.replace("DESC", " ").split() if "?" in word]


@pytest.mark.slow
@pytest.mark.parametrize("text", [SEARCH, WHOLE, "ASK { <model/none> ?p ?o }"])
def test_other_queries_are_too(
    pool: ElsewherePool, here: Pool, snapshot: Snapshot, text: str
) -> None:
    found = [read(ask(one, snapshot, text)) for one in (here, pool)]
    assert same(found[0], found[1], ordered=True)


@pytest.mark.slow
def test_the_graphs_of_the_protocol_and_of_the_query_are_meant(
    pool: ElsewherePool, here: Pool, snapshot: Snapshot
) -> None:
    base = snapshot.manifest.base
    counted = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    graphs = (f"{base}source/gyebo",), (f"{base}source/survey-003", f"{base}source/gyebo")
    chosen = Options(default_graphs=graphs[0], named_graphs=graphs[1])
    written = counted.replace(
        "{ {", f"FROM <{graphs[0][0]}> FROM NAMED <{graphs[1][0]}> WHERE {{ {{", 1
    )
    only = Options(default_graphs=graphs[0])
    relative = written.replace(base, "")
    cases = ((counted, chosen), (counted, only), (written, Options()), (relative, Options()))
    for text, options in cases:
        one, other = (ask(p, snapshot, text, options=options).rows for p in (here, pool))
        assert one == other and int(one[0]["n"]) > 100


@pytest.mark.slow
def test_what_the_loaders_of_the_servers_take_is_known(
    snapshot: Snapshot, told: ReleaseFacts, tmp_path: Path
) -> None:
    """The commands of docs/elsewhere.md."""
    file = tmp_path / "gyebo.nq.gz"
    with open_graph(snapshot.folder) as nquads:
        write_bulk(nquads, told, file)
    subprocess.run(
        [oxigraph_program(), "load", "--location", str(tmp_path / "store"), "--file", str(file)],
        check=True,
        capture_output=True,
    )
    assert (
        len(ox.Store.read_only(str(tmp_path / "store")))
        == len(ox.Store.read_only(str(snapshot.dataset.store))) + 1
    )
    default = told.base + DEFAULT_GRAPH_PATH
    with virtuoso_of(tmp_path) as virtuoso:
        virtuoso.run(
            f"ld_dir ('{tmp_path}', 'gyebo.nq.gz', '{default}'); rdf_loader_run (); checkpoint;"
        )
        url = f"http://{virtuoso.server.address}/sparql?default-graph-uri={default}"
        with (
            closing(ElsewherePool(read_endpoint(url), 1, LIMITS)) as pool,
            closing(Pool(1)) as here,
        ):
            assert alike(here, pool, snapshot, WHOLE)
