"""Clauses in words: numbers, names and phrases as people of either language write them."""

from __future__ import annotations

from typing import Any

import pytest

from kg.licenses.terms import Clause
from kg.licenses.wording import change, left_out, part_words, value_text, why
from tests.reading import license_terms

TERMS = license_terms()
NAMES = {"org/naver": "네이버", "org/meta": "Meta"}


def told(kind: str, value: Any, lang: str) -> str:
    clause = Clause(kind=kind, value=value)
    return why(TERMS.kinds[kind], clause, lang, lambda id: NAMES.get(id, id))


@pytest.mark.parametrize(
    ("kind", "value", "lang", "expected"),
    [
        (
            "mau-cap",
            700_000_000,
            "en",
            "Above 700,000,000 monthly active users the licensor must agree.",
        ),
        (
            "mau-cap",
            {"over": 700_000_000, "measured": "release"},
            "en",
            "Above 700,000,000 monthly active users the licensor must agree (counted on the release date).",
        ),
        (
            "mau-cap",
            {"over": 700_000_000, "measured": "release"},
            "ko",
            "월간 이용자가 7억 명을 넘으면 권리자의 허락이 따로 있어야 합니다(출시일 기준).",
        ),
        (
            "mau-cap",
            5_000,
            "ko",
            "월간 이용자가 5,000명을 넘으면 권리자의 허락이 따로 있어야 합니다.",
        ),
        (
            "revenue-cap",
            10_000_000,
            "en",
            "Above US$10,000,000 a year in revenue the license ends.",
        ),
        (
            "revenue-cap",
            12_345_678,
            "ko",
            "연 매출이 1,234만 5,678 달러를 넘으면 이 라이선스로 쓸 수 없습니다.",
        ),
        (
            "revenue-cap",
            {"over": 1_000_000_000, "currency": "JPY"},
            "en",
            "Above JPY 1,000,000,000 a year in revenue the license ends.",
        ),
        (
            "revenue-cap",
            {"over": 20_000_000, "currency": "USD", "per": "month"},
            "en",
            "Above US$20,000,000 a month in revenue the license ends.",
        ),
        (
            "revenue-cap",
            {"over": 20_000_000, "currency": "USD", "per": "month"},
            "ko",
            "월 매출이 2,000만 달러를 넘으면 이 라이선스로 쓸 수 없습니다.",
        ),
        ("territory-exclusion", ["EU", "KR"], "en", "No rights in European Union, South Korea."),
        (
            "territory-exclusion",
            ["EU", "KR"],
            "ko",
            "유럽 연합, 대한민국에서는 쓸 권리가 없습니다.",
        ),
        (
            "competitor-exclusion",
            ["org/meta", "org/naver"],
            "ko",
            "Meta, 네이버의 경쟁사는 따로 허락을 받아야 합니다.",
        ),
        ("name-prefix", "라마", "ko", "이것으로 만든 모델은 이름이 “라마”로 시작해야 합니다."),
    ],
)
def test_a_clause_reads_as_people_write(kind: str, value: Any, lang: str, expected: str) -> None:
    assert told(kind, value, lang) == expected


def test_what_a_sentence_leaves_out_stands_beside_it() -> None:
    barred = TERMS.kinds["use-restrictions"]
    beside = left_out(barred, ["biometric processing", "an unknown use"])
    assert [part_words(one, "ko") for one in beside] == ["생체정보 처리", "an unknown use"]
    assert left_out(TERMS.kinds["mau-cap"], 700_000_000) == []
    for kind in TERMS.kinds.values():
        assert "{value}" in kind.why["en"] or kind.value in ("none", "list", "url"), kind.name
    assert (
        value_text(TERMS.kinds["mau-cap"], {"over": 9, "measured": "current"}, "en")
        == "9 (counted now)"
    )
    monthly = {"over": 9, "currency": "USD", "per": "month"}
    assert value_text(TERMS.kinds["revenue-cap"], monthly, "en") == "US$9 (a month)"
    assert value_text(barred, None, "en") is None
    assert value_text(TERMS.kinds["territory-exclusion"], ["EU", "KR"], "ko") == "EU, KR"


def test_no_value_leaks_as_the_data_has_it() -> None:
    for license in TERMS.licenses.values():
        for clause in license.clauses:
            for kind in (TERMS.kinds[clause.kind], TERMS.kinds["no-improve-outsider"]):
                for lang in ("en", "ko"):
                    said = [why(kind, clause, lang), value_text(kind, clause.value, lang) or ""]
                    said += [part_words(one, lang) for one in left_out(kind, clause.value)]
                    assert not any("{" in one for one in said), (license.id, clause.kind)


def test_advice_fits_the_use() -> None:
    clause = Clause(kind="non-commercial")
    kind = TERMS.kinds["non-commercial"]
    assert change(kind, clause, "en") == "a commercial license from the licensor"
    assert "non-commercial use only" in str(change(kind, clause, "en", use="redistribute"))
    assert "비상업" in str(change(kind, clause, "ko", use="redistribute"))


def test_what_would_change_an_answer() -> None:
    naming = TERMS.kinds["revenue-cap"]
    clause = Clause(kind="revenue-cap", value={"over": 1_000_000_000, "currency": "JPY"})
    assert change(naming, clause, "ko") == "연 매출 10억 엔 이하"
