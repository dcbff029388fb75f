"""Texts as the terms of an index: those of `tokens`, without where they stand in the text.

A query is a few words; an index takes in the texts of millions of documents, written in the same few words. So
each distinct word is taken apart once and remembered, and entries of the glossary are tried only where one can
begin. Texts of ASCII letters alone are cut by one expression; only others are looked at letter by letter.

The terms of a text are one string: terms of a place with spaces between them, places with line breaks. No term
holds white space, so an engine that cuts at it reads the string as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from kg.language.tokens import (
    CONCEPT,
    LONGEST,
    PARTICLES,
    REMEMBERED,
    RUN,
    hangul_terms,
    head_of_compound,
    is_size,
    joined_version,
    latin_terms,
    lower_form,
    may_follow_name,
    plain_form,
)

_ASCII = re.compile(r"[A-Za-z0-9]+(?:\.[0-9]+[A-Za-z]*)*")  # what RUN calls latin, in ASCII
_LATIN = re.compile(r"[a-z0-9]+(?:\.[0-9]+[a-z]*)*", re.IGNORECASE)
_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]+")


class KnownWord(msgspec.Struct, frozen=True, kw_only=True):
    """What a word gives, wherever it stands."""

    terms: tuple[str, ...]  # its stem first
    whole: str  # with its particles
    line: str  # its terms as a place of the index
    letters: int  # terms of letters alone
    sized: bool  # a number of parameters, or of bits, is among its terms
    begins: bool  # an entry of the glossary can begin with it
    number: bool  # may be the version of a name before it
    cut: int  # where it is two words in one, 0 if it is one


class PlacedWord(NamedTuple):
    """A word of a text."""

    known: KnownWord
    start: int
    end: int
    joined: str  # with the version behind it, "" if there is none


class _Words(dict[str, KnownWord]):
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
        is_hangul = _HANGUL.fullmatch(word)
        terms = (
            latin_terms(word)
            if _LATIN.fullmatch(word)
            else hangul_terms(word)
            if is_hangul
            else (word,)
        )
        stem, whole = terms[0], word if is_hangul else terms[0]
        return KnownWord(
            terms=terms,
            whole=whole,
            line=" ".join(terms),
            letters=sum(term.isalpha() for term in terms),
            sized=any(map(is_size, terms)),
            begins=whole in self._glossary or self._begins_entry(stem),
            number=may_follow_name(stem),
            cut=head_of_compound(stem, whole, self._glossary),
        )

    def _begins_entry(self, stem: str) -> bool:
        at = bisect_left(self._entries, stem)
        return at < len(self._entries) and self._entries[at].startswith(stem)


class TextTerms:
    """Takes texts apart for an index.

    Args:
        glossary: words that mean the same, written without spaces, to the name of what they mean.
    """

    def __init__(self, glossary: Mapping[str, str] = MappingProxyType({})) -> None:
        self._glossary = glossary
        self._words = _Words(glossary)

    def write_line(self, text: str) -> str:
        r"""The terms of a text in one string; what an entry of the glossary means stands once.

        >>> TextTerms().write_line("KoAlpaca Llama 2")
        'koalpaca ko alpaca\nllama llama2\n2'
        """
        if text.isascii():
            known = [*map(self._words.__getitem__, _ASCII.findall(text))]
            if not any(word.begins or word.number for word in known):
                return "\n".join([word.line for word in known])
        words = [part for word in self.words(text) for part in self._parts(word)]
        places = [f"{w.known.line} {w.joined}" if w.joined else w.known.line for w in words]
        said: set[str] = set()
        for i, word in enumerate(words):
            if word.known.begins:
                for place, term in self._meant(words, i):
                    if term not in said:
                        places[place] += f" {term}"
                    if term.startswith(CONCEPT):
                        said.add(term)
        return "\n".join(places)

    def words(self, text: str) -> Iterator[PlacedWord]:
        """The words of a text, compounds whole."""
        text = plain_form(text)
        runs = list(RUN.finditer(lower_form(text)))
        for i, run in enumerate(runs):
            start, end = run.span()
            if run["latin"]:
                known = self._words[text[start:end]]
                yield PlacedWord(known, start, end, joined_version(runs, i))
            elif not run["hangul"]:
                yield PlacedWord(self._words[run.group()], start, end, "")
            elif i == 0 or runs[i - 1].end() != start or run["hangul"] not in PARTICLES:
                yield PlacedWord(self._words[run["hangul"]], start, end, "")

    def _parts(self, word: PlacedWord) -> Iterator[PlacedWord]:
        """A compound as two words, where the glossary knows its head."""
        if not word.known.cut:
            yield word
            return
        whole, middle = word.known.whole, word.start + word.known.cut
        yield PlacedWord(self._words[whole[: word.known.cut]], word.start, middle, "")
        yield PlacedWord(self._words[whole[word.known.cut :]], middle, word.end, "")

    def _meant(self, words: Sequence[PlacedWord], first: int) -> Iterator[tuple[int, str]]:
        """What the entries that begin at a word mean, the longest first, and each with the version behind it.

        Each with the place of the word that it stands at.
        """
        found: list[tuple[int, str]] = []
        start = ""
        for last in range(first, min(first + LONGEST, len(words))):
            known = words[last].known
            name = self._glossary.get(start + known.terms[0])
            if name := name or self._glossary.get(start + known.whole):
                found.append((last, name))
            start += known.terms[0]
        for last, name in reversed(found):
            yield first, CONCEPT + name
            is_hangul = words[last].known.terms[0] > "가"
            following = words[last + 1] if is_hangul and last + 1 < len(words) else None
            if following and following.known.number and following.start - words[last].end <= 1:
                yield last, name + following.known.terms[0]


def name_key(text: str) -> str:
    """All words of a text of ASCII letters in one, in small letters.

    >>> name_key("LLaMA-2 7B")
    'llama27b'
    """
    return "".join(_ASCII.findall(text)).lower()
