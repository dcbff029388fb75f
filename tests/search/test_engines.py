"""Both engines answer as the oracle does: the same documents, totals, counts and order."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kg.search.clauses import (
    BETWEEN,
    COUNTED,
    FILTER,
    NUMBERS,
    PLAIN,
    SORTED_BY,
    TEXT,
    Best,
    Clause,
    Every,
    Flat,
    Indexed,
    Phrase,
    SearchEngine,
    SearchPlan,
    Some,
    TermClause,
    Within,
)
from kg.search.engines import _tantivy as tantivy
from kg.search.engines import _whoosh as whoosh
from kg.search.query import Called, parse
from kg.snapshot.snapshot import Snapshot
from tests.search.evaluate import on_engine
from tests.search.oracle import Oracle

WORDS = ["llama", "알파카", "ko", "7b", "@alpaca", "chat"]
ENGINES = {
    "whoosh": (whoosh.write, whoosh.WhooshEngine),
    "tantivy": (tantivy.write, tantivy.TantivyEngine),
}

# Each example writes an index, so that shrinking a failure would take minutes.
QUICK = settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

places = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(" ".join)
texts = st.lists(st.lists(places, max_size=4).map("\n".join), max_size=2)
contents = st.fixed_dictionaries(
    {
        "text": st.fixed_dictionaries({}, optional=dict.fromkeys(TEXT, texts)),
        "filters": st.lists(
            st.sampled_from(["org=meta", "org=메타플랫폼", "kind=model"]), unique=True
        ),
        "facets": st.fixed_dictionaries(
            {},
            optional={
                f: st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True)
                for f in COUNTED
            },
        ),
        "numbers": st.fixed_dictionaries(
            {}, optional={n: st.integers(0, 5).map(float) for n in NUMBERS}
        ),
        "prior": st.sampled_from([0.5, 1.0, 2.5]),
        "standing": st.sampled_from([0.5, 1.0, 11.0, 12.5]),
    }
)
terms = st.builds(
    TermClause, st.sampled_from(TEXT), st.sampled_from(WORDS), st.sampled_from([1.0, 3.0])
)
phrases = st.builds(
    Phrase,
    st.sampled_from([f for f in TEXT if f not in PLAIN]),
    st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)),
    st.sampled_from([1.0, 2.0]),
)
silent = st.one_of(
    st.builds(
        TermClause,
        st.just(FILTER),
        st.sampled_from(["org=meta", "kind=model", "org=none"]),
        st.just(1.0),
    ),
    st.builds(
        Within,
        st.sampled_from(NUMBERS),
        st.sampled_from([0.0, 2.0]),
        st.sampled_from([2.0, 4.0, math.inf]),
    ),
)
clauses: st.SearchStrategy[Clause] = st.recursive(
    terms | phrases,
    lambda c: (
        st.builds(
            Every, st.lists(c, min_size=1, max_size=3).map(tuple), st.just(1.0) | st.just(0.2)
        )
        | st.builds(Some, st.lists(c, max_size=3).map(tuple))
        | st.builds(Best, st.lists(c, max_size=3).map(tuple))
        | st.builds(Flat, c, st.just(5.0))
    ),
    max_leaves=6,
)
plans = st.builds(
    SearchPlan,
    clauses | st.none(),
    st.lists(silent | clauses, max_size=2).map(tuple),
    st.lists(silent | clauses, max_size=1).map(tuple),
)


def indexed(number: int, content: dict[str, Any]) -> Indexed:
    name = "".join("".join(content["text"].get("name", ())).split())
    text = {field: BETWEEN.join(filter(None, texts)) for field, texts in content["text"].items()}
    facets = {name: "\n".join(values) for name, values in content["facets"].items()}
    written = {"text": text, "filters": " ".join(content["filters"]), "facets": facets}
    return Indexed(id=f"model/{number:03}", exact=name, complete=name, **{**content, **written})


@pytest.fixture(params=ENGINES)
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    opened: list[SearchEngine] = []

    def build(docs: list[Indexed]) -> SearchEngine:
        write, engine = ENGINES[request.param]
        folder: Path = tmp_path_factory.mktemp("index")
        assert write(docs, folder) == len(docs)
        opened.append(engine(folder))
        return opened[-1]

    yield build
    for engine in opened:
        engine.close()


@given(st.lists(contents, min_size=1, max_size=8), st.lists(plans, min_size=1, max_size=12))
@QUICK
def test_same_answers(make: Any, documents: list[dict[str, Any]], asked: list[SearchPlan]) -> None:
    docs = [indexed(i, content) for i, content in enumerate(documents)]
    engine, oracle = make(docs), Oracle(docs)
    assert engine.size == oracle.size
    for plan in asked:
        ours, theirs = engine.find(plan, 100), oracle.find(plan, 100)
        assert ours.total == theirs.total
        assert scores(ours.hits) == pytest.approx(scores(theirs.hits), abs=2e-3, rel=1e-3)
        assert falling([hit.score for hit in ours.hits])
        assert {f: dict(v) for f, v in engine.counts(plan, COUNTED, 50).items()} == oracle.counts(
            plan, COUNTED, 50
        )
        for order in SORTED_BY:
            assert [h.id for h in engine.find(plan, 100, 0, order).hits] == [
                h.id for h in oracle.find(plan, 100, 0, order).hits
            ]


def test_terms_of_one_place_make_no_phrase(make: Any) -> None:
    texts = ["koalpaca ko alpaca", "ko\nalpaca", "koalpaca ko\nalpaca chat"]
    rest = {"filters": [], "facets": {}, "numbers": {}, "prior": 1.0, "standing": 1.0}
    engine = make([indexed(i, {"text": {"about": [t]}, **rest}) for i, t in enumerate(texts)])
    hits = engine.find(SearchPlan(Phrase("about", ("ko", "alpaca"))), 9).hits
    assert sorted(hit.id for hit in hits) == ["model/001", "model/002"]


def scores(hits: Any) -> dict[str, float]:
    return {hit.id: hit.score for hit in hits}


def falling(values: list[float]) -> bool:
    return all(a >= b for a, b in pairwise(values))


@given(
    st.lists(contents, min_size=1, max_size=12),
    st.sampled_from([*WORDS, "l", "알", "", ".*", "llama"]),
)
@QUICK
def test_same_completions_and_frequencies(
    make: Any, documents: list[dict[str, Any]], start: str
) -> None:
    docs = [indexed(i, content) for i, content in enumerate(documents)]
    engine, oracle = make(docs), Oracle(docs)
    standings = {doc.id: doc.standing for doc in docs}
    ours = engine.complete(start, 50)
    assert set(ours) == set(oracle.complete(start, 50))
    assert falling([standings[id] for id in ours])
    for field in (*TEXT, FILTER):
        assert engine.frequency(field, start) == oracle.frequency(field, start)


def test_pages_join_to_the_whole(make: Any) -> None:
    docs = [
        indexed(
            i,
            {
                "text": {"name": ["llama"]},
                "filters": [],
                "facets": {},
                "numbers": {},
                "prior": 1.0,
                "standing": 1.0,
            },
        )
        for i in range(25)
    ]
    engine = make(docs)
    plan = SearchPlan(TermClause("name", "llama"))
    pages = [hit.id for offset in range(0, 30, 7) for hit in engine.find(plan, 7, offset).hits]
    assert pages == [doc.id for doc in docs]


def test_words_that_are_filters_find_the_same(snapshot: Snapshot, tmp_path: Path) -> None:
    """With a name that nothing has among those of a filter, too."""
    indexes = [on_engine(name, snapshot, tmp_path) for name in ("whoosh", "tantivy")]
    for text in ("임베딩 모델 한국어", "라마 말고 상업용 한국어 모델", "7B 이하 한국어 모델"):
        first, second = (index.search(parse(text), 20, group=True) for index in indexes)
        assert first.total == second.total > 0, text
        assert [hit.id for hit in first.hits] == [hit.id for hit in second.hits], text
        called = parse(text)
        nobody = msgspec.structs.replace(called, settled=True, filters=(Called(("qqqqzz",)),))
        assert [index.search(nobody, 1).total for index in indexes] == [0, 0]


@pytest.mark.parametrize("name", ENGINES)
def test_an_index_is_read_where_nothing_can_be_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a root that is read-only, which a test as root can only play: no file may appear or change."""
    write, engine = ENGINES[name]
    content = {"text": {"name": ["llama"]}, "filters": [], "facets": {}, "numbers": {}}
    write([indexed(0, {**content, "prior": 1.0, "standing": 1.0})], tmp_path)
    for lock in tmp_path.glob(".*.lock"):
        lock.unlink()
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    opened = engine(tmp_path)
    assert opened.size == 1
    assert opened.find(SearchPlan(TermClause("name", "llama")), 5).total == 1
    opened.close()
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == before
