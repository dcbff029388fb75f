"""SERVICE kg:search becomes VALUES; nothing else of the query changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest

from kg.answers.sparql import ask
from kg.errors import QueryError
from kg.snapshot.snapshot import Snapshot
from kg.sparql._tokens import Edit, Edited
from kg.sparql.fulltext import MAX_BLOCKS, expand
from kg.sparql.pool import Pool

BASE = "http://x/"


def found(text: str, limit: int) -> Sequence[tuple[str, float]]:
    return [(f"model/{text}", 2.5), ("model/b", 1.0)][:limit]


def expanded(query: str) -> str:
    return expand(query, found, BASE).text


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    opened = Pool(1)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("block", "values"),
    [
        (
            'SERVICE kg:search { ?m kg:query "a" }',
            "VALUES ?m { <http://x/model/a> <http://x/model/b> }",
        ),
        (
            "SERVICE SILENT kg:search{?m kg:query 'a';kg:limit 1.}",
            "VALUES ?m { <http://x/model/a> }",
        ),
        (
            'service <https://w3id.org/gyebo/ns#search> { ?m kg:query """a"""@en . ?m kg:score ?s }',
            "VALUES (?m ?s) { (<http://x/model/a> 2.5) (<http://x/model/b> 1.0) }",
        ),
        (
            "SERVICE kg:search { # } SERVICE\n ?m <https://w3id.org/gyebo/ns#query> '\\u0061' ; }",
            "VALUES ?m { <http://x/model/a> <http://x/model/b> }",
        ),
    ],
)
def test_a_block_becomes_values(block: str, values: str) -> None:
    assert (
        expanded(f"SELECT * {{ {block} ?m a kg:Model }}")
        == f"SELECT * {{ {values} ?m a kg:Model }}"
    )


def test_prefixes_are_those_of_the_query() -> None:
    other = "PREFIX g: <https://w3id.org/gyebo/ns#> ASK { SERVICE g:search { ?m g:query 'a' } }"
    assert "VALUES ?m" in expanded(other)
    redefined = "PREFIX kg: <http://evil/> ASK { SERVICE kg:search { ?m kg:query 'a' } }"
    assert expanded(redefined) == redefined  # calls another: the screen refuses it


@pytest.mark.parametrize(
    "query",
    [
        "ASK { ?s ?p 'SERVICE kg:search { ?m kg:query 1 }' }",
        "# SERVICE kg:search\nASK {}",
        "ASK { SERVICE <http://example.org/> { ?m kg:query 'a' } }",
        "ASK { SERVICE",
        "SERVICE kg:se",
    ],
)
def test_the_rest_is_left(query: str) -> None:
    assert expanded(query) == query


@pytest.mark.parametrize(
    ("block", "message", "column"),
    [
        ("{ }", "say what to find", 7),
        ("{ ?m kg:query ?words }", "kg:query takes a string", 39),
        ("{ ?m kg:query 'a' ; kg:limit 0 }", "a number from 1 to 10,000", 54),
        ("{ ?m kg:query 'a' ; kg:score ?m }", "a variable of its own", 54),
        ("{ ?m rdfs:label 'a' }", "knows kg:query, kg:limit and kg:score", 30),
        ("{ kg:x kg:query 'a' }", "finds one variable", 27),
        ("{ ?m kg:query 'a' . ?n kg:score ?s }", "finds one variable", 45),
        ("{ ?m kg:query 'a'", "has no end", 7),
        ("", "expected {", 7),
    ],
)
def test_a_wrong_block_is_told_with_its_place(block: str, message: str, column: int) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        expanded(f"ASK {{ SERVICE kg:search {block}")
    assert (caught.value.line, caught.value.column) == (1, column)


def test_a_query_may_search_several_times_but_not_for_ever() -> None:
    block = "SERVICE kg:search { ?m kg:query 'a' } "
    assert expanded(f"ASK {{ {block * MAX_BLOCKS} }}").count("VALUES") == MAX_BLOCKS
    with pytest.raises(QueryError, match="8 times at most"):
        expanded(f"ASK {{ {block * (MAX_BLOCKS + 1)} }}")


def test_places_are_those_of_the_text_as_written() -> None:
    edited = Edited("ab\ncdef\ngh", [Edit(4, 6, "1234567")])  # de
    assert edited.text == "ab\nc1234567f\ngh"
    assert edited.written(2, 1) == (2, 1)
    assert edited.written(2, 9) == (2, 4)
    assert edited.written(2, 5) == (2, 2)
    assert edited.written(3, 2) == (3, 2)


def test_search_and_graph_together(pool: Pool, snapshot: Snapshot) -> None:
    query = """SELECT ?m ?license ?score {
      SERVICE kg:search { ?m kg:query "라마 7b" ; kg:limit 50 ; kg:score ?score }
      ?m a kg:Model ; kg:license ?license } ORDER BY DESC(?score) ?m"""
    rows = json.loads(ask(pool, snapshot, query).body)["results"]["bindings"]
    scores = [float(row["score"]["value"]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert snapshot.manifest.base + "model/llama-7b" in [row["m"]["value"] for row in rows]


def test_a_mistake_after_a_block_has_its_place(pool: Pool, snapshot: Snapshot) -> None:
    query = 'SELECT * {\n SERVICE kg:search { ?m kg:query "llama" } ?m kg:label }\n'
    with pytest.raises(QueryError) as caught:
        ask(pool, snapshot, query)
    assert (caught.value.line, caught.value.column) == (2, len(query.splitlines()[1]))
