"""Choosing among all models: conditions, orders, words, and those that just miss."""

from __future__ import annotations

import numpy as np
import pytest

from kg.answers.choosing._measures import read_measures
from kg.answers.choosing.answer import FEW, answer_models, choose, find_near
from kg.answers.choosing.request import COLUMNS, RANGED, Between, ModelsRequest, read_range
from kg.answers.license import license_verdict
from kg.errors import InputError
from kg.licenses.profile import Profile
from kg.snapshot.snapshot import Snapshot

SIZED = {"params": read_range("params", "7b", "13b")}


def test_without_conditions_every_model_is_a_row(snapshot: Snapshot) -> None:
    first, end = snapshot.kind_range("model")
    found = answer_models(snapshot, ModelsRequest())
    assert found.total == len(found.rows) == end - first
    assert {row.id for row in found.rows} == {snapshot.id_at(n) for n in range(first, end)}


def test_a_range_leaves_out_what_is_not_known(snapshot: Snapshot) -> None:
    found = answer_models(snapshot, ModelsRequest(ranges=SIZED))
    assert found.rows and all(7e9 <= (row.parameters or 0) <= 13e9 for row in found.rows)
    both = answer_models(snapshot, ModelsRequest(ranges={"context": Between(0, float("inf"))}))
    assert all(row.context is not None for row in both.rows)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("falling", [True, False])
def test_what_is_not_known_comes_last(snapshot: Snapshot, column: str, falling: bool) -> None:
    asked = ModelsRequest(order=column, falling=falling)  # type: ignore[arg-type]
    rows = answer_models(snapshot, asked).rows
    field = {
        "name": "label",
        "org": "makers",
        "params": "parameters",
        "active": "active_parameters",
        "lang": "languages",
        "license": "licenses",
    }.get(column, column)
    unknown = [getattr(row, field) in (None, []) for row in rows]
    assert unknown == sorted(unknown)
    if column in RANGED and column != "score":
        known = [getattr(row, field) for row in rows if getattr(row, field) is not None]
        if column == "released":
            known = [f"{day}-01-01"[:10] if len(day) < 10 else day for day in known]
        assert known == sorted(known, reverse=falling)


def test_values_go_by_names_and_ids(snapshot: Snapshot) -> None:
    def ids(**chosen: tuple[str, ...]) -> set[str]:
        return {r.id for r in answer_models(snapshot, ModelsRequest(chosen=chosen)).rows}  # type: ignore[arg-type]

    meta = ids(org=("org/meta",))
    assert "model/llama-7b" in meta
    assert ids(org=("meta",)) == ids(org=("메타",)) == ids(org=("Meta",)) == meta
    assert ids(lang=("한국어",)) == ids(lang=("language/korean",)) != set()
    assert ids(org=("meta", "eleutherai")) > meta
    nothing = answer_models(snapshot, ModelsRequest(chosen={"org": ("nobody-at-all",)}))
    assert nothing.total == 0 and "nobody-at-all" in nothing.notes[0]


def test_words_about_verdicts_are_about_who_asks(corners: Snapshot) -> None:
    """The index knows verdicts for nobody in particular; the words must not let others through."""
    large = Profile(mau=1_000_000_000)
    for profile in (Profile(), large):
        found = answer_models(corners, ModelsRequest(text="case 상업용", profile=profile))
        assert found.rows and {row.verdict for row in found.rows} == {"allowed"}
        for row in found.rows[:40]:
            assert license_verdict(corners, row.id, "commercial", profile) == "allowed"
    typed = answer_models(corners, ModelsRequest(text="case verdict:prohibited", profile=large))
    assert "model/case-llama-2" in {row.id for row in typed.rows}
    assert {row.verdict for row in typed.rows} == {"prohibited"}


def test_words_that_mean_filters_narrow_and_are_told(snapshot: Snapshot) -> None:
    found = answer_models(snapshot, ModelsRequest(text="한국어 7B 이하"))
    assert [(one.words, one.field) for one in found.understood] == [
        ("한국어", "lang"),
        ("7B 이하", "params"),
    ]
    assert all("language/korean" in [ref.id for ref in row.languages] for row in found.rows)
    every = answer_models(snapshot, ModelsRequest(text="한국어", as_words=("한국어",)))
    assert every.understood == []


@pytest.mark.parametrize(
    ("text", "field", "low", "high"),
    [
        ("Korean chat 7-13B", "params", 7e9, 13e9),
        ("7B~13B 한국어", "params", 7e9, 13e9),
        ("70억~130억", "params", 7e9, 13e9),
        ("8k context", "context", 8000, np.inf),
        ("context of 128k", "context", 128_000, np.inf),
        ("컨텍스트 32k 이상", "context", 32_000, np.inf),
        ("문맥 4096 토큰 이상", "context", 4096, np.inf),
        ("context:8k..32k", "context", 8000, 32_768),
    ],
)
def test_sizes_and_contexts_in_words(text: str, field: str, low: float, high: float) -> None:
    _, (said,) = read_measures(text)
    assert (said.field, said.range) == (field, Between(low, high))
    assert read_measures(text, [said.words])[1] == []


@pytest.mark.parametrize(
    "text", ["Llama-3-8B", "GPT-4", "2023-03", "Yi-34B-200K", "v1.5-7b", "qwen2.5-7b-1m", "13-7B"]
)
def test_names_are_no_ranges(text: str) -> None:
    assert read_measures(text) == (text, [])


def test_the_rest_of_the_text_is_searched() -> None:
    rest, said = read_measures("Korean, 7-13B, with 8k context")
    assert rest == "Korean" and [one.words for one in said] == ["7-13B", "8k context"]


def test_who_just_misses_misses_one_condition(snapshot: Snapshot) -> None:
    asked = ModelsRequest(
        chosen={"lang": ("korean",)},
        ranges={"params": read_range("params", "12b", "13b")},
    )
    choice = choose(snapshot, asked)
    near = find_near(snapshot, asked, choice)
    assert len(choice.rows) <= FEW and near
    for one in near:
        kept = {condition.field: bool(condition.kept[one.row]) for condition in choice.conditions}
        assert kept.pop(one.missed.field) is False and all(kept.values())
    many = ModelsRequest(ranges={"params": read_range("params", "1b", "")})
    assert find_near(snapshot, many, choose(snapshot, many)) == []


def test_a_word_that_is_missed_is_told(snapshot: Snapshot) -> None:
    asked = ModelsRequest(text="한국어 12B~13B 모델")
    answer = answer_models(snapshot, asked)
    missed = {one.asked for one in answer.nearly}
    assert missed <= {"한국어", "12B~13B"} and missed
    for one in answer.nearly:
        spoken = [ref.id for ref in one.row.languages]
        fits = 12e9 <= (one.row.parameters or 0) <= 13e9
        assert fits != ("language/korean" in spoken)


def test_the_score_column_holds_the_best_or_that_on_one_benchmark(snapshot: Snapshot) -> None:
    rows = {r.id: r for r in answer_models(snapshot, ModelsRequest(text="polyglot-ko")).rows}
    best = rows["model/polyglot-ko-12.8b"].score
    assert best and (best.benchmark.id, best.percent) == ("benchmark/kobest-copa", 83.68)
    assert "50-shot" in best.measured
    on_one = ModelsRequest(text="polyglot-ko", benchmark="benchmark/nsmc")
    chosen = {r.id: r.score for r in answer_models(snapshot, on_one).rows}
    assert chosen["model/polyglot-ko-12.8b"] is None
    assert chosen["model/polyglot-ko-5.8b"] is not None


def test_a_context_of_so_many_k() -> None:
    assert read_range("context", "8k", "8k") == Between(8000, 8192)
    assert read_range("released", "2024-03", "").low == 20240301
    for field, low, high in (
        ("params", "abc", ""),
        ("params", "13b", "7b"),
        ("context", "-1", ""),
        ("score", "nan", ""),
        ("released", "2024-13", ""),
        ("downloads", "1" * 60, ""),
    ):
        with pytest.raises(InputError):
            read_range(field, low, high)  # type: ignore[arg-type]


def test_a_refused_range_is_told_in_the_words_of_the_reader() -> None:
    with pytest.raises(InputError) as swapped:
        read_range("params", "70b", "7b")
    assert swapped.value.message.text("ko") == "크기: 범위의 앞뒤가 바뀌었습니다('70b'~'7b')"
    with pytest.raises(InputError) as wrong:
        read_range("released", "2024", "soon")
    assert str(wrong.value) == "Released takes a value such as 2024-03, not 'soon'"
