"""The best of very many hits are those that a look at every hit finds, with the same points and in the same order."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tantivy as stock
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kg.search.clauses import (
    FILTER,
    PLAIN,
    TEXT,
    Best,
    Clause,
    Every,
    Flat,
    Hits,
    Indexed,
    Phrase,
    SearchPlan,
    Some,
    TermClause,
    Within,
)
from kg.search.engines import _bands, _tantivy, _top
from kg.search.engines._bands import BANDS, band_of, most_below
from kg.search.engines._peaks import read_peaks
from kg.search.engines._tantivy import TantivyEngine

DOCUMENTS = 6_000
WORDS = ["model", "llama", "chat", "ko", "7b", "rare", "rarer"]
SHARES = [0.97, 0.5, 0.25, 0.3, 0.1, 0.01, 0.001]
PRIORS = [0.25, 0.35, 0.575, 0.575, 0.575, 0.8]


def documents() -> Iterator[Indexed]:
    """Documents as of a hub: most are worth little and alike, few are worth much."""
    rng = random.Random(7)
    for i in range(DOCUMENTS):
        held = [word for word, share in zip(WORDS, SHARES, strict=True) if rng.random() < share]
        text: dict[str, list[str]] = {}
        for word in held:
            for field in rng.sample(TEXT, rng.randint(1, 5)):
                text.setdefault(field, []).append(" ".join([word] * rng.randint(1, 2)))
        prior = rng.choice(PRIORS) if rng.random() < 0.6 else rng.choice(PRIORS) + rng.random() / 9
        prior = prior if rng.random() < 0.98 else 1 + 2 * rng.random()
        copy = f"apart={rng.choice(held or ['none'])}" if rng.random() < 0.2 else "copy=no"
        yield Indexed(
            id=f"model/{i:05}",
            text={field: "\n".join(" ".join(texts).split()) for field, texts in text.items()},
            exact="".join(held),
            complete="",
            filters=f"kind=model {copy}",
            facets={"kind": "model"},
            numbers={"descendants": float(rng.randint(0, 9))},
            prior=prior,
            standing=prior,
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("top") / "index"
    assert _tantivy.write(documents(), folder) == DOCUMENTS
    return folder


@pytest.fixture
def engine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> TantivyEngine:
    """With the line between many and few drawn where this index has many."""
    for module in (_tantivy, _top):
        monkeypatch.setattr(module, "MANY", 100)
    monkeypatch.setattr(_top, "_FIRST", 50)
    monkeypatch.setattr(_bands, "_DEAR", 2)
    monkeypatch.setattr(_top, "RARE", 64)
    monkeypatch.setattr(_top, "LONG", 100)
    return TantivyEngine(folder)


class Both:
    """An engine, and what it answers when it looks at every hit.

    Args:
        engine: what is asked.
    """

    def __init__(self, engine: TantivyEngine) -> None:
        self._engine, self._quick = engine, engine._top.find
        self.quick = 0
        engine._top.find = self._find  # type: ignore[assignment]

    def _find(self, *asked: Any) -> Any:
        found = self._quick(*asked) if self._on else None
        self.quick += found is not None
        return found

    def check(self, plan: SearchPlan, limit: int = 10, offset: int = 0) -> Hits:
        self._on = True
        quick = self._engine.find(plan, limit, offset)
        self._on = False
        assert quick == self._engine.find(plan, limit, offset), plan
        return quick


terms = st.builds(
    TermClause, st.sampled_from(TEXT), st.sampled_from(WORDS), st.sampled_from([1.0, 3.0])
)
phrases = st.builds(
    Phrase,
    st.sampled_from([f for f in TEXT if f not in PLAIN]),
    st.tuples(st.sampled_from(WORDS[:3]), st.sampled_from(WORDS[:3])),
    st.sampled_from([1.0, 2.0]),
)
filters = st.builds(
    TermClause,
    st.just(FILTER),
    st.sampled_from(["kind=model", "copy=no", "apart=chat"]),
    st.just(1.0),
)
numbers = st.builds(Within, st.just("descendants"), st.sampled_from([0.0, 2.0]), st.just(7.0))
words = st.sampled_from(WORDS).map(
    lambda word: Best(tuple(TermClause(field, word, 2.0) for field in TEXT))
)


def more(clause: Clause, passed: list[Clause]) -> Clause:
    """A clause, and points for what passes filters besides."""
    return Some((clause, *(Flat(Every((clause, filter)), 1000.0) for filter in passed)))


clauses: st.SearchStrategy[Clause] = st.recursive(
    st.one_of(terms, words, phrases),
    lambda part: st.one_of(
        st.builds(
            Every, st.lists(part, min_size=1, max_size=3).map(tuple), st.sampled_from([1.0, 0.2])
        ),
        st.builds(Some, st.lists(part, min_size=1, max_size=4).map(tuple)),
        st.builds(Best, st.lists(part, min_size=1, max_size=4).map(tuple)),
        st.builds(more, part, st.lists(filters, min_size=1, max_size=2)),
        st.builds(Flat, st.one_of(part, filters), st.sampled_from([0.5, 50.0])),
    ),
    max_leaves=8,
)
plans = st.builds(
    SearchPlan,
    st.one_of(clauses, st.none()),
    st.lists(st.one_of(filters, numbers), max_size=2).map(tuple),
    st.lists(st.one_of(filters, terms), max_size=1).map(tuple),
)


@given(plans, st.integers(1, 25), st.integers(0, 90))
@settings(
    max_examples=150,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
def test_any_plan(engine: TantivyEngine, plan: SearchPlan, limit: int, offset: int) -> None:
    Both(engine).check(plan, limit, offset)


@given(plans, st.lists(st.integers(0, 9), min_size=1, max_size=3))
@settings(
    max_examples=150,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
def test_hits_are_counted_by_a_smaller_query(
    engine: TantivyEngine, plan: SearchPlan, asked: list[int]
) -> None:
    """Whatever is asked, and where some of its parts are required, as those of a query of which some is enough."""
    parts = plan.match.parts if isinstance(plan.match, Some) and plan.match.parts else (word("ko"),)
    sets = tuple(Every((parts[i % len(parts)], *parts[:i])) for i in asked)
    shares = Some((*parts, *(Flat(part, 3.0) for part in parts), Flat(Every(parts), 9.0)))
    for whole in (plan, plan._replace(match=shares, keep=(Some(sets), *plan.keep))):
        found: Any = engine._searcher.search(engine._queries.plan(whole), 1, True)
        assert engine.count(whole) == found.count, whole
        assert sum(engine.counts(whole, ["kind"], 9)["kind"].values()) == found.count


def test_what_some_is_enough_of_is_asked_for_once(engine: TantivyEngine) -> None:
    """Each word stands in three parts of such a plan, and once in what counts its hits."""
    words = [word("llama"), word("chat"), word("ko")]
    shares = [Flat(one, 3.0) for one in words]
    required = Some((Every((words[0],)), Every((words[1], words[2]))))
    plan = SearchPlan(Some((*words, *shares, Flat(Every(tuple(words)), 9.0))), (required,))
    assert str(engine._queries.plan(plan)).count("TermQuery") >= 4 * len(TEXT) * len(words)
    assert str(engine._queries.documents(plan)).count("TermQuery") == len(TEXT) * len(words)


@cache
def word(text: str) -> Clause:
    return Best(tuple(TermClause(f, text, 1.0 + i) for i, f in enumerate(TEXT)))


def copies(clause: Clause, text: str) -> Clause:
    """As a query names copies of something: these come first."""
    copy = TermClause(FILTER, f"apart={text}")
    return Some((clause, Flat(Every((clause, copy)), 1000.0)))


NONE = Within("descendants", 100.0, 200.0)
NAMED = Flat(TermClause("exact", "modelrarer"), 50.0)
ASKED = {
    "every document": SearchPlan(None),
    "a filter": SearchPlan(None, (TermClause(FILTER, "kind=model"),)),
    "a word in one field": SearchPlan(TermClause("name", "model")),
    "a word": SearchPlan(Some((word("model"), NAMED))),
    "a word without another": SearchPlan(word("model"), (), (word("chat"),)),
    "two words": SearchPlan(Every((word("model"), word("llama")))),
    "three words": SearchPlan(Every((word("model"), word("llama"), word("chat")))),
    "a word or a rare one": SearchPlan(Some((word("llama"), word("rare"), word("rarer")))),
    "copies that are named": SearchPlan(copies(word("llama"), "llama")),
    "copies of which none has both": SearchPlan(
        copies(Every((word("model"), word("llama"))), "llama"),
        (),
        (TermClause(FILTER, "apart=llama"),),
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_plans_as_queries_make_them(engine: TantivyEngine, name: str) -> None:
    """Each page of the first hundred; the quick way answers at least the first."""
    both = Both(engine)
    first = both.check(ASKED[name])
    assert both.quick, "every hit was looked at"
    assert first.total > 100
    for offset in (10, 25, 80, 95, 200, DOCUMENTS):
        both.check(ASKED[name], 10, offset)


def test_a_filter_may_be_worth_points_in_two_ways(engine: TantivyEngine) -> None:
    """Nothing has what the larger part asks beside the filter, and all that pass it have the points of the smaller."""
    copy = TermClause(FILTER, "copy=no", 40.0)
    nothing = Every((TermClause("name", "model"), TermClause("name", "llama"), NONE))
    plan = SearchPlan(Some((word("model"), Flat(copy, 3.0), Flat(Every((nothing, copy)), 1000.0))))
    for text in ("chat", "ko"):
        apart = TermClause(FILTER, f"apart={text}", 40.0)
        both = Some((word("model"), apart, Flat(Every((nothing, apart)), 1000.0)))
        Both(engine).check(SearchPlan(both))
    Both(engine).check(plan)


def test_words_that_give_points_to_copies_no_one_has(engine: TantivyEngine) -> None:
    """A filter that many pass, among which nothing has the words: they are not waited for."""
    nothing = Every((TermClause("name", "model"), TermClause("name", "nothing")))
    plan = SearchPlan(
        Some((word("model"), Flat(Every((nothing, TermClause(FILTER, "copy=no"))), 1e3)))
    )
    Both(engine).check(plan)


def test_many_equals_are_put_in_order_of_their_place(tmp_path: Path, monkeypatch: Any) -> None:
    for module in (_tantivy, _top):
        monkeypatch.setattr(module, "MANY", 100)
    monkeypatch.setattr(_top, "_FIRST", 50)
    monkeypatch.setattr(_top, "LONG", 100)
    same = next(documents())
    docs = [
        Indexed(**{f: getattr(same, f) for f in same.__struct_fields__} | {"id": f"model/{i:04}"})
        for i in range(1_000)
    ]
    _tantivy.write(docs, tmp_path / "index")
    engine = TantivyEngine(tmp_path / "index")
    found = Both(engine).check(SearchPlan(word("model")), 10, 30)
    assert [hit.id for hit in found.hits] == [f"model/{i:04}" for i in range(30, 40)]


def test_an_index_of_an_older_program_has_no_bands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read, and each hit looked at."""
    made = _tantivy._schema()
    monkeypatch.setattr(_tantivy, "_schema", lambda: without_bands(made))
    for module in (_tantivy, _top):
        monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(_top, "LONG", 1)
    _tantivy.write(
        [doc for doc, _ in zip(documents(), range(50), strict=False)], tmp_path / "index"
    )
    engine = TantivyEngine(tmp_path / "index")
    both = Both(engine)
    assert both.check(SearchPlan(word("model"))).total > 10
    assert not both.quick


def without_bands(_: stock.Schema) -> stock.Schema:
    made = stock.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
    for field in TEXT:
        made.add_text_field(field, tokenizer_name="whitespace")
    made.add_text_field("facet_kind", tokenizer_name="raw", index_option="basic")
    for field in ("exact", "complete", FILTER):
        made.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    made.add_float_field("descendants", indexed=True, fast=True)
    return made.add_float_field("prior", fast=True).add_float_field("standing", fast=True).build()


@given(st.floats(1e-3, 1e3))
def test_bands_bound_their_factors(factor: float) -> None:
    band = band_of(factor)
    assert 0 <= band < BANDS
    assert band == BANDS - 1 or factor <= most_below(band + 1) * (1 + 1e-12)
    assert band == 0 or factor >= most_below(band) * (1 - 1e-12)


def test_what_common_words_are_worth_is_found_when_an_index_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_tantivy, "MANY", 100)
    _tantivy.write(documents(), tmp_path / "index")
    engine = TantivyEngine(tmp_path / "index")
    peaks = read_peaks(tmp_path / "index")
    for field in TEXT:
        assert {"model", "llama", "chat", "ko", "7b"} <= peaks[field].keys()
        for text, most in peaks[field].items():
            query = engine._queries.clause(TermClause(field, text))
            assert query
            every: Any = engine._searcher.search(query, DOCUMENTS, True)
            assert most == max(score for score, _ in every.hits), (field, text)


def test_an_index_of_few_documents_says_nothing_of_its_words(folder: Path) -> None:
    assert not read_peaks(folder)
