"""The terms an index takes of a text are those that `tokens` gives a query."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.language.forms import plain
from kg.language.numerals import may_say_size
from kg.language.terms import TextTerms
from kg.language.tokens import CONCEPT, by_word, is_size, tokens
from kg.search._ranking import exact_keys

GLOSSARY = {
    "llama": "llama",
    "라마": "llama",
    "알파카": "alpaca",
    "alpaca": "alpaca",
    "미세조정": "finetuning",
    "finetuned": "finetuning",
    "한국어": "korean",
    "언어모델": "languagemodel",
    "gpt4o": "gpt4o",
    "chainofthought": "cot",
    "폴리글롯코": "polyglotko",
    "참고": "reference",
    "백억": "tenbillion",
}
LATIN = "KoAlpaca|llama|LLaMA|2|7b|12.8b|GPT-4o|fine-tuned|chain of thought|a.5b|v1-5|1_8B|4-5"
KOREAN = "라마|라마를|알파카|미세 조정|미세조정된|한국어모델|언어 모델|폴리글롯 코|의"
SIZES = "7 billion|70억|칠십억|백억|1,800억|0.5 BILLION parameters|7bn| 파라미터| 토큰|짜리"
ODD = "模型|ﬁne|Ⅷ|３|²|É|ſx|K|½|㈜|㉼|\u200b|\u2011|\u0301|ㅇㅍㅋ|_|-|.| |  |\n|(|@"
PARTS = [part for parts in (LATIN, KOREAN, SIZES, ODD) for part in parts.split("|")]
PARTS += ["/"] * 6  # paths, which are read as their parts
PARTS += [unicodedata.normalize("NFD", part) for part in KOREAN.split("|")]
texts = st.lists(st.sampled_from(PARTS), max_size=8).map("".join) | st.text(max_size=40)


def places(text: str, glossary: dict[str, str]) -> list[Counter[str]]:
    """The terms of `tokens` by the word that they stand at; what an entry means once."""
    found: list[Counter[str]] = []
    said: set[str] = set()
    starts: dict[int, int] = {}
    for token in tokens(text, glossary):
        if token.start not in starts:
            starts[token.start] = len(found)
            found.append(Counter())
        if token.term not in said:
            found[starts[token.start]][token.term] += 1
        if token.term.startswith(CONCEPT):
            said.add(token.term)
    return found


@given(texts)
@example("한국어모델 라마2 폴리글롯 코 12")
@example("Llama-2 llama 7b GPT-4o 13b의 2")
@example("70억 매개변수 라마 백억모델 7 billion parameter llama-4-5 Qwen-1_8B")
@example("라마\u200b 2 ½ ㉼모델2")
# A version, an entry of the glossary and what was meant before, over the two parts of a path
@example("llama/2-chat")
@example("gpt/4o chain-of/thought")
@example("llama-7b/llama-7b-chat")
@example("-/llama")
def test_terms_are_those_of_tokens(text: str) -> None:
    line = TextTerms(GLOSSARY).write_line(text)
    written = [Counter(place.split(" ")) for place in line.split("\n")] if line else []
    assert written == places(text, GLOSSARY)


@given(texts)
def test_words_are_spelled_as_they_stand(text: str) -> None:
    words = TextTerms().spelled_words(text)
    text = plain(text)
    groups = by_word(tokens(text))
    # A mark that nothing composes with its letter is lit up with it, and is no part of the word.
    stand = [text[g[0].start : g[0].end].rstrip("\u0301") for g in groups]
    assert [spelled.rstrip("\u0301") for spelled, _ in words] == stand
    assert [word.terms[0] for _, word in words] == [group[0].term for group in groups]
    alone = [t for t in tokens(text) if t.term.isalpha()]
    letters = Counter(text[t.start : t.end].rstrip("\u0301") for t in alone)
    counted = (Counter({s.rstrip("\u0301"): w.letters}) for s, w in words)
    assert +sum(counted, Counter()) == letters
    assert any(w.sized for _, w in words) == any(is_size(t.term) for t in tokens(text))


@given(st.text(st.characters(max_codepoint=127), max_size=40))
@example("LLaMA-2 7B_v1.5b.x")
@example("claude-opus-4-5 Qwen-1_8B 7 billion")
def test_a_key_is_all_words_in_one(text: str) -> None:
    assert exact_keys(text) == {"".join(w.terms[0] for _, w in TextTerms().spelled_words(text))} - {
        ""
    }


@given(st.lists(texts, min_size=1, max_size=3))
@example(["llama", "2-chat", "llama/2-chat", "llama/llama"])
@example(["v1_5/gpt-4-5"])
def test_a_plain_text_is_read_as_it_is_spelled(read: list[str]) -> None:
    """Whatever was read before."""
    terms = TextTerms(GLOSSARY)
    for text in read:
        line = terms.read_plain(text)
        if line is None:
            assert not text.isascii() or may_say_size(text)
            continue
        words = terms.spelled_words(text)
        assert line.terms == TextTerms(GLOSSARY).write_line(text)
        assert exact_keys(text) == {line.key} - {""}
        assert list(line.letters) == [(s, w.letters) for s, w in words if w.letters]
        assert line.sized == any(w.sized for _, w in words)
        assert line.concepts == {t for t in line.terms.split() if t.startswith(CONCEPT)}


def test_many_words_are_forgotten_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.language.terms.REMEMBERED", 2)
    text = "llama alpaca vicuna KoAlpaca llama"
    assert TextTerms(GLOSSARY).write_line(text) == (
        "llama @llama\nalpaca @alpaca\nvicuna\nkoalpaca ko alpaca\nllama"
    )
