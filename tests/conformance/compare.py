"""Whether two answers are the same: as bags of rows or as graphs, blank nodes aside, by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

_XSD = "http://www.w3.org/2001/XMLSchema#"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_NUMBERS = ("integer", "decimal", "double", "float")
Row = tuple[tuple[str, Any], ...]  # variable and term, by variable


class Table(NamedTuple):
    """A SELECT answer."""

    variables: frozenset[str]
    rows: Sequence[Row]


def value(term: Any) -> Any:
    """A term with its value in one spelling: engines may normalize what they store."""
    if not isinstance(term, ox.Literal) or not term.datatype.value.startswith(_XSD):
        return term
    kind = term.datatype.value.removeprefix(_XSD)
    try:
        if kind in _NUMBERS[:2]:
            return ox.Literal(str(Decimal(term.value).normalize()), datatype=term.datatype)
        if kind == "boolean":
            return ox.Literal(term.value in ("true", "1"))
        if kind in ("date", "dateTime"):
            return ox.Literal(term.value.replace("+00:00", "Z"), datatype=term.datatype)
        if kind in _NUMBERS[2:]:
            return ox.Literal(str(float(term.value)), datatype=term.datatype)
    except (InvalidOperation, ValueError):
        return term
    return term


def table(found: ox.QuerySolutions) -> Table:
    """Solutions as a table."""
    names = [v.value for v in found.variables]
    rows = [tuple(sorted((n, value(s[n])) for n in names if s[n] is not None)) for s in found]
    return Table(frozenset(names), rows)


def read(path: Path) -> Table | bool | frozenset[ox.Triple]:
    """An expected answer, in any of the forms the suite uses."""
    data = path.read_bytes()
    formats = {
        ".srx": ox.QueryResultsFormat.XML,
        ".srj": ox.QueryResultsFormat.JSON,
        ".tsv": ox.QueryResultsFormat.TSV,
    }
    if path.suffix in formats:
        return answer(ox.parse_query_results(data, formats[path.suffix]))
    format = ox.RdfFormat.from_extension(path.suffix[1:])
    triples = [quad.triple for quad in ox.parse(data, format, base_iri=path.as_uri())]
    is_set = any(t.object == ox.NamedNode(_RS + "ResultSet") for t in triples)
    return _result_set(triples) if is_set else frozenset(triples)


def answer(found: Any) -> Table | bool:
    """Parsed results: a table, or yes or no."""
    return bool(found) if isinstance(found, ox.QueryBoolean) else table(found)


def _result_set(triples: Sequence[ox.Triple]) -> Table | bool:
    def of(subject: Any, name: str) -> list[Any]:
        return [
            t.object
            for t in triples
            if t.predicate.value == _RS + name and subject in (None, t.subject)
        ]

    if yes := of(None, "boolean"):
        return bool(yes[0].value == "true")
    solutions = sorted(of(None, "solution"), key=lambda s: [int(i.value) for i in of(s, "index")])
    rows = [
        tuple(
            sorted((of(b, "variable")[0].value, value(of(b, "value")[0])) for b in of(s, "binding"))
        )
        for s in solutions
    ]
    return Table(frozenset(v.value for v in of(None, "resultVariable")), rows)


def same(expected: object, found: object, *, ordered: bool = False, lax: bool = False) -> bool:
    """Whether an answer is the expected one.

    Args:
        ordered: rows count in their order.
        lax: rows need not be as often (REDUCED).
    """
    if isinstance(expected, Table) and isinstance(found, Table):
        if expected.variables != found.variables:
            return False
        if lax:
            return set(expected.rows) == set(found.rows)
        return _same_rows(expected.rows, found.rows, ordered)
    if isinstance(expected, frozenset) and isinstance(found, frozenset):
        return _canonical(expected) == _canonical(found)
    return type(expected) is type(found) and expected == found


def _same_rows(expected: Sequence[Row], found: Sequence[Row], ordered: bool) -> bool:
    if not any(isinstance(term, ox.BlankNode) for row in expected for _, term in row):
        return list(expected) == list(found) if ordered else Counter(expected) == Counter(found)
    return _canonical(_as_graph(expected, ordered)) == _canonical(_as_graph(found, ordered))


def _as_graph(rows: Sequence[Row], ordered: bool) -> Iterable[ox.Triple]:
    """Rows as triples: each row a node, so that blank nodes are compared across rows."""
    bag = Counter(rows)
    for number, row in enumerate(dict.fromkeys(rows)):
        node = ox.BlankNode()
        yield ox.Triple(node, ox.NamedNode("urn:times"), ox.Literal(bag[row]))
        if ordered:
            yield ox.Triple(node, ox.NamedNode("urn:number"), ox.Literal(number))
        for name, term in row:
            yield ox.Triple(node, ox.NamedNode(f"urn:variable:{name}"), term)


def _canonical(triples: Iterable[ox.Triple]) -> ox.Dataset:
    quads = [ox.Quad(t.subject, t.predicate, value(t.object)) for t in triples]
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset
