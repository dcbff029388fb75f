"""Words that are filters are read as such, in Korean and English, and can be words again."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.answers import search as search_answer
from kg.cli.main import main
from kg.errors import DataError
from kg.model.claim import Entity
from kg.model.vocabulary import COMMERCIAL_VERDICT
from kg.paths import DATA
from kg.search.query import Query, parse
from kg.search.query_words import NO_WORDS, read_query_words
from kg.snapshot.snapshot import Snapshot

TODAY = dt.date(2026, 11, 29)


def settled(snapshot: Snapshot, text: str, *as_words: str) -> Query:
    return snapshot.index.settle(parse(text), as_words, TODAY)


def filters(snapshot: Snapshot, text: str) -> set[str]:
    """What is applied, as field:value."""
    read = settled(snapshot, text)
    return {f"{'-' * m.negated}{m.field}:{m.value}" for m in read.meant if m.applied}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("상업적으로 쓸 수 있는 한국어 모델", {"verdict:allowed", "lang:korean"}),
        ("상업용 한국어모델", {"verdict:allowed", "lang:korean"}),
        ("commercially usable korean models", {"verdict:allowed", "lang:korean"}),
        ("비상업 모델", {"verdict:prohibited"}),
        ("non-commercial models", {"verdict:prohibited"}),
        ("아파치 라이선스 한국어 모델", {"license:apache-2.0", "lang:korean"}),
        ("MIT licensed models", {"license:mit"}),
        ("메타가 만든 모델", {"org:메타"}),
        ("메타의 언어 모델", {"org:메타"}),
        ("models by Meta", {"org:meta"}),
        ("Meta's models", {"org:meta"}),
        ("2024년 이후 한국어 모델", {"released:2024..", "lang:korean"}),
        ("korean models since 2024", {"released:2024..", "lang:korean"}),
        ("2023년 이전 모델", {"released:..2023"}),
        ("models before 2023", {"released:..2022-12"}),
        ("작년에 나온 한국어 모델", {"released:2025..2025", "lang:korean"}),
        ("2023년 3월에 나온 모델", {"released:2023-03..2023-03"}),
        ("오픈소스 한국어 모델", {"access:open-weights", "lang:korean"}),
        ("API only models", {"access:api-only"}),
        ("양자화된 한국어 모델", {"relation:quantized", "lang:korean"}),
        ("라마 말고 한국어 모델", {"-name:라마", "lang:korean"}),
        ("korean models other than llama", {"-name:llama", "lang:korean"}),
        ("상업용 모델 중에 아파치 말고", {"verdict:allowed", "-license:apache-2.0"}),
    ],
)
def test_words_are_filters(snapshot: Snapshot, text: str, expected: set[str]) -> None:
    assert {f for f in filters(snapshot, text) if not f.startswith("kind:")} == expected


@pytest.mark.parametrize(
    "text",
    [
        "상업적으로 쓰면 안 되는 한국어 모델",
        "상업적 이용 제한 모델",
        "상업적 이용에 제한이 있는 모델",
        "영리 목적으로 쓸 수 없는 모델",
        "상업적으로 쓸 수 있는지 알 수 없는 모델",
        "상업적으로 쓰는 것이 허용되지 않는 모델",
        "models that cannot be used commercially",
        "models I can't use commercially",
        "models which prohibit commercial use",
        "models where commercial use is never allowed",
        "models that may not be used in commercial products",
        "models restricted from commercial use",
        "models that require permission for commercial use",
        "상업적 이용 시 허가가 필요한 모델",
        "models with no restrictions but never for commercial use",
    ],
)
def test_what_is_denied_is_never_read_as_allowed(snapshot: Snapshot, text: str) -> None:
    assert "verdict:allowed" not in filters(snapshot, text)


@pytest.mark.parametrize(
    "text",
    [
        "상업적 이용 제한 없는 한국어 모델",
        "models without restrictions on commercial use",
        "commercial models that do not need a GPU",
        "korean models that I can use in my company without paying",
        "commercial korean models not by meta",
    ],
)
def test_what_denies_something_else_leaves_a_use_allowed(snapshot: Snapshot, text: str) -> None:
    assert "verdict:allowed" in filters(snapshot, text)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("7B 이하 한국어 모델", 0, 7.4e9),
        ("13B 이상 한국어 모델", 12e9, 1e18),
        ("70B 초과 모델", 70e9, 1e18),
        ("3B 미만 라마", 0, 3e9),
        ("under 7B", 0, 7e9),
        ("at least 13B korean", 12e9, 1e18),
        ("<= 8B llama", 0, 8.4e9),
        ("between 7b and 14b mistral", 6.6e9, 14.8e9),
        ("7B에서 13B 사이 한국어 모델", 6.6e9, 13.7e9),
    ],
)
def test_sizes_are_limits(snapshot: Snapshot, text: str, low: float, high: float) -> None:
    answer = search_answer.search(snapshot, text, limit=20)
    sizes = [size_of(snapshot.entity(hit.id)) for hit in answer.hits]
    assert sizes
    assert all(low <= size <= high for size in sizes), sizes


def size_of(entity: Entity) -> float:
    return float(str(entity.values("parameterCount")[0]))


def test_what_may_be_used_is_nothing_else(snapshot: Snapshot) -> None:
    """No hit of such a search has another verdict, whatever else it says."""
    for text in ("상업적으로 쓸 수 있는 한국어 모델", "commercial korean models under 10B"):
        answer = search_answer.search(snapshot, text, limit=50)
        assert answer.hits
        for hit in answer.hits:
            inferred = snapshot.entity(hit.id).inferred
            assert [f.values for f in inferred if f.property == COMMERCIAL_VERDICT] == [
                ("allowed",)
            ]


@pytest.mark.parametrize(
    "text", ["라마 말고 한국어 모델", "라마를 제외한 메타 모델", "meta models except llama"]
)
def test_what_is_left_out_is_nowhere(snapshot: Snapshot, text: str) -> None:
    answer = search_answer.search(snapshot, text, limit=50)
    assert answer.hits
    for hit in answer.hits:
        reach = snapshot.families.ancestors(snapshot.number(hit.id))
        above = [snapshot.id_at(n) for n in (*reach.models, *reach.families)]
        assert not [id for id in (hit.id, *above) if re.search("llama", id, re.IGNORECASE)]


@pytest.mark.parametrize(
    "text",
    [
        *("apache", "MIT license", "메타", "OpenAI", "한국어 위키", "한국어 벤치마크"),
        *("EEVE Korean", "Open Assistant", "solar open 100b", "Mistral-7B-Instruct-v0.3"),
        *("llama 2 7b chat", "non-commercial license", "French AI company", "상업적 이용"),
    ],
)
def test_words_of_names_and_lone_words_are_words(snapshot: Snapshot, text: str) -> None:
    read = settled(snapshot, text)
    assert not read.meant
    assert read.text == parse(text).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("비쿠나 상업적으로 사용해도 되나요", "family/vicuna"),
        ("can I use vicuna for commercial purposes?", "family/vicuna"),
        ("vicuna commercial use", "family/vicuna"),
    ],
)
def test_a_question_about_one_thing_finds_it(snapshot: Snapshot, text: str, expected: str) -> None:
    answer = search_answer.search(snapshot, text)
    assert answer.hits[0].id == expected
    assert not answer.understood
    assert answer.left_out


def test_a_filter_that_nothing_passes_is_left_out_and_said_to_be(snapshot: Snapshot) -> None:
    answer = search_answer.search(snapshot, "상업용 비쿠나 모델")
    assert "family/vicuna" in [hit.id for hit in answer.hits]
    (verdict,) = [meant for meant in answer.understood if meant.field == "verdict"]
    assert not verdict.applied


def test_words_can_be_words_again(snapshot: Snapshot) -> None:
    read = settled(snapshot, "상업용 한국어 모델", "상업용")
    assert "상업용" in read.text.split()
    assert "verdict" not in {meant.field for meant in read.meant}
    assert "lang" in {meant.field for meant in read.meant}


def test_a_long_question_falls_back_to_what_it_says(snapshot: Snapshot) -> None:
    answer = search_answer.search(
        snapshot, "데이터브릭스가 만든 상업적 이용 가능한 챗봇 모델 이름이 뭐였지"
    )
    assert answer.hits[0].id == "model/dolly-2"
    assert any("이름" in words for words in answer.left_out)


def test_both_engines_and_every_entry_read_alike(snapshot: Snapshot) -> None:
    """A query that was not settled is settled by the index, as for SPARQL."""
    asked = parse("라마 말고 한국어 모델")
    direct = snapshot.index.search(asked, 10, group=True)
    read = snapshot.index.search(snapshot.index.settle(asked), 10, group=True)
    assert [hit.id for hit in direct.hits] == [hit.id for hit in read.hits]


def test_the_filter_of_an_answer_is_the_same_typed(snapshot: Snapshot) -> None:
    answer = search_answer.search(snapshot, "한국어 7B 이하 아파치", limit=100)
    typed = " ".join(meant.filter for meant in answer.understood)
    by_filters = search_answer.search(snapshot, typed, limit=100, group=True)
    assert {hit.id for hit in answer.hits} <= {hit.id for hit in by_filters.hits}


def test_the_tables_name_filters_that_mean_something(snapshot: Snapshot) -> None:
    words = read_query_words(DATA / "query-words.yaml")
    for record in words.filters:
        typed = f"{record.field}:{record.value}"
        if record.field != "name":
            assert not snapshot.index.search(parse(typed), 1).notes, typed


def test_a_table_is_read_strictly(tmp_path: Path) -> None:
    assert read_query_words(tmp_path / "none.yaml") == NO_WORDS
    path = tmp_path / "words.yaml"
    path.write_text("filters:\n  - {field: colour, value: red, words: [red]}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"words.yaml:2: there is no filter 'colour'"):
        read_query_words(path)
    path.write_text("filers: []\n", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        read_query_words(path)


def test_the_command_line_says_how_it_was_understood(snapshot_home: Path) -> None:
    def asked(*args: str) -> str:
        done = CliRunner().invoke(main, ["--home", str(snapshot_home), "search", *args])
        assert done.exit_code == 0, done.output
        return done.output

    text = asked("상업용 한국어 모델 라마 말고", "--limit", "1")
    assert "“상업용” is the filter verdict:allowed" in text
    assert "“라마 말고” leaves out what is called 라마" in text
    again = asked("상업용 한국어 모델", "--word", "상업용", "--limit", "1", "--lang", "ko")
    assert "verdict" not in again
    assert "“한국어”: 필터 lang:korean" in again
