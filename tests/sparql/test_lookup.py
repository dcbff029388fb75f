"""Queries of one subject: answered here as a query process answers them, and nothing else is answered here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import OverShare, QueryError, ResultTooLarge
from kg.model.vocabulary import KG, PREFIXES
from kg.snapshot.snapshot import Snapshot
from kg.sparql._lookup import MAX_BYTES, MAX_ROWS, Lookups, read_lookup
from kg.sparql._tokens import named, prologue_end, tokens
from kg.sparql.pool import Pool
from kg.sparql.request import Dataset, Limits, Options
from kg.sparql.screen import _screen, screen
from kg.sparql.terms import _names_known

S = "<http://example.org/a>"


class ByProcess(Pool):
    """A pool that hands over every query."""

    def _look_up(self, request: dict[str, Any], dataset: Dataset) -> None:
        return None


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A subject of many short facts, and one of a long fact."""
    folder = tmp_path_factory.mktemp("many") / "store"
    store = ox.Store(str(folder))
    said = ox.NamedNode("http://example.org/said")
    store.extend(
        ox.Quad(ox.NamedNode("http://example.org/a"), said, ox.Literal(n))
        for n in range(MAX_ROWS + 1)
    )
    store.extend(
        ox.Quad(ox.NamedNode("http://example.org/b"), said, ox.Literal("x" * (MAX_BYTES >> n)))
        for n in range(2)
    )
    store.flush()
    del store
    return Dataset(folder, "http://example.org/")


@pytest.fixture(scope="module")
def pools() -> Iterator[tuple[Pool, Pool]]:
    with closing(Pool(1, spare=False)) as here, closing(ByProcess(1, spare=False)) as there:
        yield here, there


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT ?p ?o {{ {S} ?p ?o }}",
        f"select ?o where{{{S} a ?o.}} limit 5",
        "PREFIX x: <http://x/> SELECT * WHERE { x:a ?p ?o } LIMIT 10 ",
        f"ASK {{ {S} kg:license <l> }}",
        f"ASK {{ {S} ?p ?o }}",
        "SELECT $p { kg:Model ?p ?o . }",
    ],
)
def test_a_query_of_one_subject(text: str) -> None:
    assert read_lookup(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?p ?o { ?s ?p ?o } LIMIT 5",  # any subject
        f"SELECT ?x {{ {S} ?x ?x }}",  # a variable twice is a filter
        f"SELECT ?y {{ {S} ?p ?o }}",  # a column without values
        f"SELECT DISTINCT ?p {{ {S} ?p ?o }}",
        f"SELECT ?p {{ {S} ?p ?o ; ?q ?r }}",
        f"SELECT ?p {{ {S} ?p ?o }} ORDER BY ?p",
        f"SELECT ?p {{ {S} ?p ?o }} OFFSET 100000",
        f"SELECT ?p {{ {S} ?p ?o }} LIMIT -1",
        f"SELECT ?o {{ {S} kg:derivedFrom+ ?o }}",
        f"SELECT ?o {{ {S} kg:derivedFrom/kg:license ?o }}",
        f"SELECT ?o {{ {S} ^kg:derivedFrom ?o }}",
        f"SELECT (COUNT(*) AS ?n) {{ {S} ?p ?o }}",
        f"SELECT ?p {{ {S} ?p ?o FILTER(?o > NOW()) }}",
        f"SELECT ?p {{ {S} ?p ?o SERVICE <http://x/> {{ ?a ?b ?c }} }}",
        f"SELECT ?p {{ GRAPH ?g {{ {S} ?p ?o }} }}",
        f"SELECT ?p FROM <http://x/> {{ {S} ?p ?o }}",
        f"SELECT ?p {{ {S} ?p ?o }} VALUES ?p {{ a }}",
        f"SELECT ?p {{ {S} ?p ?o }} # x",
        f"SELECT ?p {{ {S} ?p ?o }} ; DROP ALL",
        f"CONSTRUCT {{ {S} ?p ?o }} WHERE {{ {S} ?p ?o }}",
        "DESCRIBE <http://example.org/a>",
        "SELECT ?o { << <a> <b> <c> >> ?p ?o }",
        'SELECT ?o { "a" ?p ?o }',
        "SELECT ?p { _:b ?p ?o }",
        "SELECT ?p { [] ?p ?o }",
        "DROP ALL",
        "",
        f"SELECT ?p {{ {S} ?p ?o }}" + " " * 2_000,
        f"ſELECT ?p {{ {S} ?p ?o }}",
        "SELECT ?p { <a\\u003E> ?p ?o }",
        f"BASE <http://x/> SELECT ?p {{ {S} ?p ?o }}",
    ],
)
def test_any_other_goes_to_a_process(text: str) -> None:
    assert not read_lookup(text)


def _terms(snapshot: Snapshot) -> list[str]:
    start, end = snapshot.kind_range("model")
    base = snapshot.manifest.base
    return [f"<{base}{snapshot.id_at(n)}>" for n in range(start, end, 40)]


def test_both_answer_alike(snapshot: Snapshot, pools: tuple[Pool, Pool]) -> None:
    """Byte for byte: every form, with and without gzip, of subjects that exist and that do not."""
    here, there = pools
    subjects = [
        *_terms(snapshot)[:6],
        f"<{snapshot.id_at(snapshot.kind_range('model')[0])}>",
        "<none>",
    ]
    texts = ["SELECT ?p ?o { %s ?p ?o }", "SELECT * { %s ?o ?a } LIMIT 3", "ASK { %s a kg:Model }"]
    texts += ["SELECT ?l { %s rdfs:label ?l }", "SELECT ?o { %s kg:nothing ?o }"]
    texts += [
        "PREFIX rdfs: <http://x/> SELECT ?l { %s rdfs:label ?l }",
        "SELECT * { %s a kg:Model }",
    ]
    for number, (subject, text) in enumerate((s, t) for s in subjects for t in texts):
        form = ("json", "xml", "csv", "tsv")[number % 4]
        if text.startswith("ASK"):
            form = ("json", "xml")[number % 2]
        options = Options(gzip=number % 2 == 0)
        assert read_lookup(text % subject)
        ours, theirs = (
            pool.query(snapshot.dataset, text % subject, form, options=options)
            for pool in (here, there)
        )
        assert ours == theirs, (text % subject, form)
    assert not here._idle, "a process was started for none of them"
    assert there._idle


def test_what_is_long_comes_from_a_process(many: Dataset, pools: tuple[Pool, Pool]) -> None:
    lookups = Lookups()
    request = {
        "base": "",
        "results": "csv",
        "graph": None,
        "gzip": False,
        "store": "",
        "seconds": 1,
    }
    request |= {"default_graphs": (), "named_graphs": (), "bytes": 1 << 30, "rows": 1 << 30}
    for text, told in (
        (f"SELECT ?o {{ {S} ?p ?o }}", False),
        (f"SELECT ?o {{ {S} ?p ?o }} LIMIT {MAX_ROWS}", True),
        ("SELECT ?o { <http://example.org/b> ?p ?o }", False),
        ("SELECT ?o { <http://example.org/b> ?p ?o } LIMIT 0", True),
    ):
        answer = lookups.answer(many.store, request | {"query": text})
        assert (answer is not None) is told, text
        one, other = (pool.query(many, text, "csv") for pool in pools)
        assert one.body == other.body
        for found in (one, other):
            if found.file:
                found.file.close()


def test_limits_of_the_pool_hold(many: Dataset) -> None:
    with closing(Pool(1, Limits(rows=3), spare=False)) as pool:
        assert len(pool.query(many, f"SELECT ?o {{ {S} ?p ?o }} LIMIT 3").rows) == 3
        with pytest.raises(ResultTooLarge, match="3 rows"):
            pool.query(many, f"SELECT ?o {{ {S} ?p ?o }} LIMIT 4", "csv")
    with closing(Pool(1, Limits(share=1e-6), spare=False)) as pool:
        pool.query(many, f"ASK {{ {S} ?p ?o }}", options=Options(client="a"))
        pool.query(many, f"ASK {{ {S} ?p ?o }}", options=Options(client="b"))
        with pytest.raises(OverShare):
            pool.query(many, f"ASK {{ {S} ?p ?o }}", options=Options(client="a"))


def test_a_mistake_is_told_by_a_process(snapshot: Snapshot, pools: tuple[Pool, Pool]) -> None:
    text = "SELECT ?p { no:prefix ?p ?o }"
    assert read_lookup(text)
    told = []
    for pool in pools:
        with pytest.raises(QueryError, match="prefix") as caught:
            pool.query(snapshot.dataset, text)
        told.append((str(caught.value), caught.value.line, caught.value.column))
    assert told[0] == told[1]


def test_the_store_of_another_release_is_opened(many: Dataset, snapshot: Snapshot) -> None:
    with closing(Pool(1, spare=False)) as pool:
        for data, found in ((snapshot.dataset, False), (many, True), (snapshot.dataset, False)):
            assert (b"true" in pool.query(data, f"ASK {{ {S} ?p ?o }}").body) is found
        gone = Dataset(Path("/no/such/store"), "")
        with pytest.raises(Exception, match="store"):
            pool.query(gone, f"ASK {{ {S} ?p ?o }}")


# -- texts that are not taken apart where a look is enough

_PIECES = st.sampled_from(
    [
        *(f"PREFIX {name}: <{start}>" for name, start in [*PREFIXES.items()][:3]),
        "PREFIX x: <https://w3id.org/gyebo/ns#>",
        "prefix kg: <http://other/>",
        "PREFIX kg: <https://w3id.org/gyebo/ns>",
        "PREFIX : <http://x/>",
        "# PREFIX kg: <http://y/>\n",
        "BASE <http://x/>",
        "SELECT ?a",
        "SELECT DISTINCT *",
        "ASK",
        "{ ?s kg:license ?o }",
        "{ ?s kg:licence ?o }",
        "{ ?s x:licence ?o }",
        "{ ?s kg:license\\-x ?o }",
        "{ ?s kg:license.x ?o . }",
        "{ ?s kg:license\u00b7 ?o }",
        "{ kg: kg:license. }",
        "{ ?s <https://w3id.org/gyebo/ns#nothing> 'kg:no' }",
        "GRAPH ?g { }",
        "SERVICE <http://x/> { }",
        "<http://x/#a>",
        " ",
        "\n",
        "INSERT",
        "NOW()",
        "(",
        "<",
        ">",
        "'",
    ]
)


@given(st.lists(_PIECES, max_size=7), st.sampled_from(["", " ", "\n"]))
def test_a_look_tells_what_taking_apart_tells(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    try:
        slowly: object = _screen(text)
    except Exception as error:
        slowly = type(error)
    try:
        quickly: object = screen(text)
    except Exception as error:
        quickly = type(error)
    assert quickly == slowly
    if _names_known(text, frozenset(["license"])):
        names = [full for _, full in named([*tokens(text)]) if full.startswith(KG)]
        assert set(names) <= {KG, f"{KG}license"}
    start = prologue_end(text)
    kinds = [token.kind for token in tokens(text[:start])]
    assert kinds == ["word", "name", "iri"] * (len(kinds) // 3)
    assert re.fullmatch(r"\s*", text[start:]) or [*tokens(text)][len(kinds) :] == [
        token._replace(start=token.start + start) for token in tokens(text[start:])
    ]
