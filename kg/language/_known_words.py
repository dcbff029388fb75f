"""Distinct words as the terms of an index: each is taken apart once and remembered."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping

import msgspec

from kg.language.tokens import (
    CONCEPT,
    REMEMBERED,
    hangul_terms,
    head_of_compound,
    is_size,
    may_follow_name,
    split_latin,
)

_LATIN = re.compile(r"[a-z0-9]+(?:\.[0-9]+[a-z]*)*", re.IGNORECASE)
_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]+")


class KnownWord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a word gives, wherever it stands."""

    terms: tuple[str, ...]  # its stem first
    whole: str  # with its particles
    line: str  # its terms as a place of the index
    letters: int  # terms of letters alone
    sized: bool  # a number of parameters, or of bits, is among its terms
    meaning: str  # what it means as an entry of the glossary, "" if it is none
    alone: str  # the term of that, where no other word changes it
    begins: bool  # a longer entry begins with it
    number: bool  # may be the version of a name before it
    cut: int  # where it is two words in one, 0 if it is one


class WordMemo(dict[str, KnownWord]):
    """Distinct words, taken apart when they are first met; all are forgotten when there are too many."""

    def __init__(self, glossary: Mapping[str, str]) -> None:
        super().__init__()
        self._glossary, self._entries = glossary, sorted(glossary)

    def __missing__(self, word: str) -> KnownWord:
        if len(self) >= REMEMBERED:
            self.clear()
        known = self[word] = self._take_apart(word)
        return known

    def _take_apart(self, word: str) -> KnownWord:
        terms, whole = self._terms(word)
        stem = terms[0]
        meaning = self._glossary.get(stem) or self._glossary.get(whole, "")
        begins = self._begins_longer(stem)
        return KnownWord(
            terms=terms,
            whole=whole,
            line=" ".join(terms),
            letters=sum(map(str.isalpha, terms)),
            sized=any(term[0].isdigit() and is_size(term) for term in terms),
            meaning=meaning,
            alone=CONCEPT + meaning if meaning and not begins and stem <= "가" else "",
            begins=begins,
            number=stem[0].isdigit() and may_follow_name(stem),
            cut=0 if stem.isascii() else head_of_compound(stem, whole, self._glossary),
        )

    def _terms(self, word: str) -> tuple[tuple[str, ...], str]:
        """The terms of a word, and the whole of it."""
        if _HANGUL.fullmatch(word):
            return hangul_terms(word), word
        is_latin = word.isascii() or _LATIN.fullmatch(word)
        terms = split_latin(word) if is_latin else (word,)
        return terms, terms[0]

    def with_size(self, word: KnownWord, size: str) -> KnownWord:
        """A word where a size begins that its text says: the 70 of 70억."""
        return msgspec.structs.replace(
            word,
            terms=(*word.terms, size),
            line=f"{word.line} {size}",
            sized=word.sized or is_size(size),
        )

    def _begins_longer(self, stem: str) -> bool:
        at = bisect_right(self._entries, stem)
        return at < len(self._entries) and self._entries[at].startswith(stem)
