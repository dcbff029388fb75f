"""One form for a text, however it was written; terms keep their places in the text as written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language.forms import plain, plain_places, readable
from kg.language.hangul import other_layout
from kg.language.tokens import key, tokens

HALF = str.maketrans("ㅇㅏㄹㅍㅋ", "ﾷￂﾩﾽﾻ")


@pytest.mark.parametrize(
    "typed",
    [
        unicodedata.normalize("NFD", "알파카 7B"),
        "알파카 ７Ｂ",
        "알\u200b파\u00ad카\u2060 7B",
        "ㅇㅏㄹㅍㅏㅋㅏ 7B",
        "ㅇㅏㄹㅍㅏㅋㅏ 7B".translate(HALF),
        "\ufeff알파카\u00a07B\ufe0f",
        "\u202e알파카\u3000７B\x00",
    ],
)
def test_what_is_typed_has_one_form(typed: str) -> None:
    assert readable(typed) == "알파카 7B"


@pytest.mark.parametrize("text", ["ㅇㅍㅋ", "폴리글ㄹ", "퍄쳐ㅜㅁ", "ㅡㅑㄴㅅㄱ미", "ㅋㅋㅋ"])
def test_letters_that_stand_alone_stay(text: str) -> None:
    assert readable(text) == plain(text) == text


@given(st.text(max_size=40))
def test_a_form_has_no_other_form(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert readable(readable(text)) == readable(text)


@given(
    st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3) | st.sampled_from("aZ 7-"))
)
def test_decomposed_hangul_has_the_same_terms(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert [t.term for t in tokens(apart)] == [t.term for t in tokens(text)]
    assert key(apart) == key(text)


def test_terms_stand_where_they_are_written() -> None:
    written = f"das {unicodedata.normalize('NFD', '라마')} 2"
    found = {written[t.start : t.end] for t in tokens(written)}
    assert unicodedata.normalize("NFD", "라마") in found
    form, places = plain_places(written)
    assert len(form) == len(places)


def test_keys_of_either_layout_go_both_ways() -> None:
    for name in ("vicuna", "mistral", "gemma", "claude", "deepseek", "qwen"):
        assert other_layout(typed_in_korean(name)) == name


def typed_in_korean(name: str) -> str:
    """What a Korean keyboard writes when its user means Latin letters: syllables where keys give some."""
    jamo = "ㅁㅠㅊㅇㄷㄹㅎㅗㅑㅓㅏㅣㅡㅜㅐㅔㅂㄱㄴㅅㅕㅍㅈㅌㅛㅋ"
    letters = "".join(jamo[ord(c) - ord("a")] for c in name)
    return readable(letters)
