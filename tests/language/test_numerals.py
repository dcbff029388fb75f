"""Sizes and versions in words."""

import pytest

from kg.language.numbers import brief
from kg.language.numerals import read_count, read_version, with_sizes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("70억", 7e9),
        ("1,800억", 180e9),
        ("칠십억", 7e9),
        ("7십억", 7e9),
        ("128억", 12.8e9),
        ("천팔백억", 180e9),
        ("1천8백억", 180e9),
        ("5억", 5e8),
        ("1조", 1e12),
        ("1조 2천억", 1.2e12),
        ("13.5억", 1.35e9),
        ("5천만", 5e7),
        ("0.5B", 5e8),
        ("1.3 trillion", 1.3e12),
        ("52k", 52e3),
    ],
)
def test_a_number_is_read(text: str, count: float) -> None:
    assert read_count(text) == count


@pytest.mark.parametrize("text", ["", "억", "라마", "7b라마", "칠", "70", "b7", "..", "만 억"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_count(text) is None


@pytest.mark.parametrize("count", [7 * 10**9, 128 * 10**8, 10**12, 13 * 10**8, 18 * 10**10])
def test_what_is_written_in_korean_is_read_again(count: int) -> None:
    assert read_count(brief(count, "ko")) == count


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("70억 매개변수 알파카", "7b 알파카"),
        ("70억개의 파라미터를 가진", "7b를 가진"),
        ("130억급 라마", "13b 라마"),
        ("라마2 700억", "라마2 70b"),
        ("7 billion parameters", "7b"),
        ("5천만 파라미터", "50m"),
    ],
)
def test_a_size_in_words_is_a_size(text: str, meant: str) -> None:
    assert with_sizes(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "10억 달러",
        "1조 토큰",
        "70억 개의 토큰",
        "모델 구조",
        "백조",
        "3만 건",
        "기억",
        "1.4 trillion tokens",
    ],
)
def test_what_counts_other_things_stays(text: str) -> None:
    assert with_sizes(text) == text


def test_versions_are_read_as_they_are_said() -> None:
    said = {
        "투": "2",
        "삼점일": "3.1",
        "쓰리 점 파이브": "3.5",
        "three point one": "3.1",
        "라마": "",
    }
    assert {text: read_version(text) for text in said} == said


def test_many_digits_are_read_at_once() -> None:
    """Digits that could be cut into amounts in many ways are not tried in all of them: nobody may keep a server busy."""
    assert read_count("1" * 5000) is None
    assert read_count("1" * 20 + "억") == int("1" * 20) * 10**8
