"""The place of an error in a query is where a reader would look."""

from __future__ import annotations

import random
import re

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.model.vocabulary import PREFIXES
from kg.snapshot.snapshot import Snapshot
from kg.sparql._syntax import syntax_error
from kg.sparql.examples import examples
from kg.sparql.pool import Pool

_TOKEN = re.compile(r'"[^"]*"|<[^>\s]*>|[?$]?[\w.]*:?[\w-]+|[^\s\w]')
STORE = ox.Store()


def said(query: str) -> str:
    try:
        STORE.query(query, prefixes=PREFIXES, base_iri="http://example.org/")
    except SyntaxError as error:
        return str(error.msg or error)
    return ""


def parse(query: str) -> QueryError | None:
    message = said(query)
    return syntax_error(message, query, said) if message else None


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELEC ?m {}", 1, 1),
        ("SELECT ?m WHERE {\n ?m a kg:Model\n ?x ?y ?z\n}", 3, 2),
        ("SELECT ?m WHERE {\n ?m a ?x .\n FILTER (?l == 1)\n}", 3, 14),
        ("SELECT * { ?s ?p ?o } LIMT 5", 1, 23),
        ("SELECT (COUNT(?x) ?n) { ?s ?p ?o }", 1, 19),
        ("SELECT * { ?s ?p", 1, 17),
        ("SELECT *\nWHERE { ?s ?p }", 2, 15),
        ("# 한국어\nSELECT ?모델 { ?모델 @@ ?o }", 2, 18),
    ],
)
def test_the_place(query: str, line: int, column: int) -> None:
    error = parse(query)
    assert error and (error.line, error.column) == (line, column)
    assert len(str(error)) < 200 and "[_]" not in str(error)


def test_an_unknown_prefix_is_named() -> None:
    error = parse("SELECT * {\n ?s foo:bar ?o }")
    assert error and error.line == 2 and "prefix" in str(error)


def test_a_rule_beyond_the_grammar_is_told() -> None:
    error = parse("SELECT (SUM(?x) AS ?y) ?z { ?z ?p ?x }")
    assert error and str(error.what) == "The SELECT contains a variable that is unbound"


def test_the_worker_tells_it(snapshot: Snapshot) -> None:
    pool = Pool()
    with pytest.raises(QueryError, match="unexpected 'LIMT'") as caught:
        pool.query(snapshot.dataset, "SELECT * { ?s ?p ?o }\nLIMT 5")
    pool.close()
    assert (caught.value.line, caught.value.column) == (2, 1)


def broken(dice: random.Random) -> tuple[str, int]:
    """A saved query with something wrong put in, and where."""
    query = re.sub(r"^#.*\n", "", dice.choice(examples()).query, flags=re.MULTILINE)
    token = dice.choice(list(_TOKEN.finditer(query)))
    if dice.random() < 0.5:
        return query[: token.start()] + "@@ " + query[token.start() :], token.start()
    return query[: token.end()] + " ] " + query[token.end() :], token.end() + 1


def test_most_errors_are_placed_exactly() -> None:
    dice = random.Random(7)
    cases = [broken(dice) for _ in range(300)]
    placed = [(query, true, error) for query, true in cases if (error := parse(query))]
    assert len(placed) > 280
    lines = [error.line == query.count("\n", 0, true) + 1 for query, true, error in placed]
    starts = [
        sum(map(len, query.splitlines(keepends=True)[: error.line - 1])) + error.column - 1 == true
        for query, true, error in placed
    ]
    assert all(lines)
    assert sum(starts) >= 0.95 * len(placed)
