"""Query evaluation, query syntax and result formats, through /sparql."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from werkzeug.test import TestResponse

from kg.config import load_config
from tests.conformance.compare import answer, read, same
from tests.conformance.manifests import (
    ALONE_12,
    DEVIATIONS,
    DEVIATIONS_12,
    QUERY_11,
    QUERY_12,
    RESULTS_11,
    SPARQL,
    Case,
    cases,
    needs_suite,
)
from tests.conformance.mounted import Endpoint, mounted

pytestmark = [needs_suite, pytest.mark.slow]

CASES = [case for part in (*QUERY_11, *RESULTS_11) for case in cases(f"sparql11/{part}")]
CASES += [
    case
    for folder in sorted((SPARQL / "sparql10").glob("*/manifest.ttl"))
    for case in cases(f"sparql10/{folder.parent.name}")
]
_JSON, _GRAPH = "application/sparql-results+json", "application/n-triples"
_ACCEPT = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    folder = tmp_path_factory.mktemp("w3c")
    config = load_config(home=folder, sparql_client_seconds=0, sparql_timeout=20)
    with mounted(config, folder) as endpoint:
        yield endpoint


def passes(endpoint: Endpoint, case: Case) -> bool:
    """Whether a test passes."""
    return is_right(case, put(endpoint, case))


def put(endpoint: Endpoint, case: Case) -> TestResponse:
    """Put the query of a test to its data."""
    graphs = [("", path) for path in case.data]
    graphs += [(path.as_uri(), path) for path in case.graphs]
    query = case.query.read_bytes()
    # The query names its graphs, as the suite's dataset tests do
    if not (case.data or case.graphs):
        named = re.findall(rb"FROM\s+(?:NAMED\s+)?<([^>]+)>", query)
        paths = sorted({case.query.parent / name.decode() for name in named})
        graphs = [(path.as_uri(), path) for path in paths if path.is_file()]
    endpoint.mount(tuple(graphs), case.query.as_uri())
    suffix = case.result.suffix if case.result else ""
    accept = _ACCEPT.get(suffix, f"{_JSON}, {_GRAPH}")
    return endpoint.client.post(
        "/sparql", data=query, headers={"Accept": accept}, content_type="application/sparql-query"
    )


def is_right(case: Case, response: TestResponse) -> bool:
    """Whether an answer is as the test has it."""
    if case.kind != "evaluation":  # what has a line is wrong in its syntax
        fails = response.status_code == 400 and "line" in response.json
        return fails == (case.kind == "negative")
    return response.status_code == 200 and _as_expected(case, response.data, response.mimetype)


def _as_expected(case: Case, body: bytes, media_type: str) -> bool:
    assert case.result
    if case.result.suffix == ".csv":
        return _lines(body) == _lines(case.result.read_bytes())
    if media_type == _GRAPH:
        found: object = frozenset(q.triple for q in ox.parse(body, ox.RdfFormat.N_TRIPLES))
    else:
        tsv = case.result.suffix == ".tsv"
        format = ox.QueryResultsFormat.TSV if tsv else ox.QueryResultsFormat.JSON
        found = answer(ox.parse_query_results(body, format))
    text = case.query.read_text(encoding="utf-8")
    ordered = "sort/" in case.name or "solution-seq/" in case.name
    return same(
        read(case.result), found, ordered=ordered and "ORDER" in text, lax="REDUCED" in text
    )


def _lines(csv: bytes) -> list[str]:
    """Lines in any order, with blank nodes alike."""
    return sorted(re.sub(r"_:\w+", "_:", line) for line in csv.decode().splitlines())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_w3c(endpoint: Endpoint, case: Case) -> None:
    passed = passes(endpoint, case)
    if case.name in DEVIATIONS:
        assert not passed, "it passes: take it out of deviations.yaml"
    else:
        assert passed


CASES_12 = [case for part in QUERY_12 for case in cases(f"sparql12/{part}")]


@pytest.mark.skipif(not CASES_12, reason="the suite at W3C_RDF_TESTS has no folder sparql/sparql12")
@pytest.mark.parametrize("case", CASES_12, ids=lambda case: case.name)
def test_w3c_1_2(endpoint: Endpoint, case: Case) -> None:
    passed = passes(endpoint, case)
    if case.name in DEVIATIONS_12:
        assert not passed, "it passes: take it out of deviations_12.yaml"
    else:
        assert passed


@pytest.mark.skipif(not CASES_12, reason="the suite at W3C_RDF_TESTS has no folder sparql/sparql12")
def test_as_much_of_1_2_as_the_engine_alone() -> None:
    names = {case.name for case in CASES_12}
    assert {*DEVIATIONS_12} <= names and len(names - {*DEVIATIONS_12}) >= ALONE_12


def test_anchor() -> None:
    """Query evaluation of SPARQL 1.1: pyoxigraph alone passes 215 of 225."""
    names = [
        case.name
        for part in QUERY_11
        for case in cases(f"sparql11/{part}")
        if case.kind == "evaluation"
    ]
    assert len(names) == 225
    assert len(set(names) - DEVIATIONS.keys()) >= 218


def test_the_table_names_tests_that_exist() -> None:
    assert {*DEVIATIONS} <= {case.name for case in CASES}
