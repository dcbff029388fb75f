"""Search finds what people type, in Korean and English, and survives anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.answers import search as search_answer
from kg.language.tokens import tokens
from kg.snapshot.snapshot import Snapshot


def found(snapshot: Snapshot, text: str, **options: object) -> list[str]:
    return [h.id for h in search_answer.search(snapshot, text, **options).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("알파카", "family/alpaca"),
        ("alpaca", "family/alpaca"),
        ("비쿠나를", "family/vicuna"),
        ("코알파카는", "family/koalpaca"),
        ("llama-2", "family/llama-2"),
        ("Llama2", "family/llama-2"),
        ("llama 2", "family/llama-2"),
        ("라마2", "family/llama-2"),
        ("polyglot ko 12.8b", "model/polyglot-ko-12.8b"),
        ("databricks dolly", "model/dolly-2"),
    ],
)
def test_the_right_thing_is_on_top(snapshot: Snapshot, text: str, first: str) -> None:
    assert found(snapshot, text)[0] == first


def test_a_korean_name_finds_the_whole_family(snapshot: Snapshot) -> None:
    assert {"model/alpaca-7b", "family/koalpaca"} <= set(found(snapshot, "알파카", limit=30))


def test_kinds_narrow_and_are_counted(snapshot: Snapshot) -> None:
    answer = search_answer.search(snapshot, "alpaca", limit=100)
    models = search_answer.search(snapshot, "alpaca", limit=100, kinds=["model"])
    assert answer.facets["kind"]["model"] == models.total == len(models.hits)
    assert sum(answer.facets["kind"].values()) == answer.total == len(answer.hits)
    assert {h.kind for h in models.hits} == {"model"}


def test_paging_goes_through_all_hits_once(snapshot: Snapshot) -> None:
    whole = found(snapshot, "llama", limit=1000)
    pages = [found(snapshot, "llama", limit=7, offset=o) for o in range(0, len(whole), 7)]
    assert [id for page in pages for id in page] == whole
    assert len(set(whole)) == len(whole)


def test_a_slip_gets_a_suggestion(snapshot: Snapshot) -> None:
    answer = search_answer.search(snapshot, "alpacca")
    assert answer.suggestion == "alpaca"
    assert answer.hits[0].id == "family/alpaca"  # and what was meant is shown already


def test_a_hit_by_another_name_shows_that_name(snapshot: Snapshot) -> None:
    hit = search_answer.search(snapshot, "코알파카").hits[0]
    assert hit.snippet.startswith("코알파카")


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_gets_an_answer(snapshot: Snapshot, text: str) -> None:
    answer = search_answer.search(snapshot, text)
    assert answer.total >= len(answer.hits)


@pytest.mark.parametrize(
    "text", ["", " ", "((((", "a" * 10_000, "\x00\x07", "‮llama", "-", "\ud800"]
)
def test_odd_text_gets_an_answer(snapshot: Snapshot, text: str) -> None:
    assert search_answer.search(snapshot, text).total >= 0


@given(st.text(max_size=60))
def test_tokens_stand_where_they_say(text: str) -> None:
    for token in tokens(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.term


def test_terms_of_names() -> None:
    def terms(text: str) -> list[str]:
        return [t.term for t in tokens(text)]

    assert terms("LLaMA") == ["llama"]  # no camel parts
    assert terms("KoAlpaca-12.8b") == ["koalpaca", "ko", "alpaca", "12.8b"]
    assert "gpt4o" in terms("GPT-4o")
    assert "gpt4" not in terms("GPT-4o")
    assert terms("13b의") == ["13b"]
    assert terms("비쿠나를")[0] == "비쿠나"
