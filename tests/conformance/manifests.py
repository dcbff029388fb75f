"""Reads the manifests of the suite."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest
import yaml

from kg.model.vocabulary import RDF

SUITE = Path(
    os.environ.get("W3C_RDF_TESTS", Path(__file__).parents[3] / "shared" / "w3c")
).resolve()
SPARQL = SUITE / "sparql"
DEVIATIONS: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "deviations.yaml").read_text(encoding="utf-8")
)
DEVIATIONS_12: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "deviations_12.yaml").read_text(encoding="utf-8")
)
# What differs where a server elsewhere answers: server, test, what happens (tests/conformance/elsewhere.py).
ELSEWHERE: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "elsewhere.yaml").read_text(encoding="utf-8")
)
needs_suite = pytest.mark.skipif(
    not SPARQL.is_dir(),
    reason=f"the W3C tests are not in {SUITE}; name their folder in W3C_RDF_TESTS",
)

_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_PREFIXES = {"mf": _MF, "qt": _QT, "rdf": RDF}

QUERY_11 = (
    "aggregates",
    "bind",
    "bindings",
    "cast",
    "construct",
    "exists",
    "functions",
    "grouping",
    "negation",
    "project-expression",
    "property-path",
    "subquery",
    "syntax-query",
)
QUERY_12 = (
    "codepoint-escapes",
    "eval-triple-terms",
    "expression",
    "grouping",
    "lang-basedir",
    "rdf11",
    "syntax",
    "syntax-triple-terms-negative",
    "syntax-triple-terms-positive",
    "version",
)
# Of SPARQL 1.2, at ad541a5f of w3c/rdf-tests: how many tests there are, and how many the engine passes alone.
TESTS_12, ALONE_12 = 246, 237
# Of SPARQL 1.0 and 1.1: how many there are in CASES of tests/conformance/test_w3c_query.py.
TESTS_OLD = 820
RESULTS_11 = ("csv-tsv-res", "json-res")


class Case(NamedTuple):
    """One test: what is loaded, asked and expected; files are absolute paths."""

    name: str  # folder/name, as in deviations.yaml
    kind: str  # evaluation, positive or negative
    query: Path
    data: tuple[Path, ...] = ()
    graphs: tuple[Path, ...] = ()
    result: Path | None = None


def load(path: Path, store: ox.Store, graph: ox.NamedNode | None = None) -> None:
    """Load a file with its own address as base, as the suite has it."""
    format = ox.RdfFormat.from_extension(path.suffix[1:])
    text = path.read_bytes()
    for quad in ox.parse(text, format, base_iri=path.as_uri(), rename_blank_nodes=True):
        store.add(ox.Quad(*quad.triple, graph or ox.DefaultGraph()))


@cache
def cases(part: str) -> tuple[Case, ...]:
    """The tests of a folder such as sparql11/bind that ask queries; none if there is no suite."""
    manifest = SPARQL / part / "manifest.ttl"
    if not manifest.is_file():
        return ()
    store = ox.Store()
    load(manifest, store)
    return tuple(sorted(_cases(store, part)))


def _cases(store: ox.Store, part: str) -> Iterator[Case]:
    found = store.query(
        """SELECT ?test ?type ?action ?query ?result {
             ?entry rdf:first ?test . ?test a ?type ; mf:action ?action . FILTER(STRSTARTS(STR(?type), STR(mf:)))
             OPTIONAL { ?action qt:query ?query } OPTIONAL { ?test mf:result ?result } }""",
        prefixes=_PREFIXES,
    )
    for row in found:
        kind = _kind(row["type"].value)
        name = f"{part}/{_local(row['test'].value)}"
        query = row["query"] or row["action"]
        if kind:
            yield Case(
                name,
                kind,
                _path(query),
                _files(store, row["action"], "data"),
                _files(store, row["action"], "graphData"),
                _path(row["result"]) if row["result"] else None,
            )


def _kind(type: str) -> str:
    name = type.removeprefix(_MF)
    if name in ("QueryEvaluationTest", "CSVResultFormatTest"):
        return "evaluation"
    if name.startswith(("PositiveSyntaxTest", "NegativeSyntaxTest")):
        return name[:8].lower()
    return ""


def _files(store: ox.Store, action: ox.NamedNode | ox.BlankNode, what: str) -> tuple[Path, ...]:
    found = store.quads_for_pattern(action, ox.NamedNode(_QT + what), None)
    return tuple(sorted(_path(quad.object) for quad in found))


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _path(term: object) -> Path:
    assert isinstance(term, ox.NamedNode)
    return Path(term.value.removeprefix("file://"))
