"""Texts as the terms of an index: those of `tokens`, without where they stand in the text.

A query is a few words; an index takes in the texts of millions of documents, written in the same few words. So
each distinct word is taken apart once and remembered, and entries of the glossary are tried only where one can
begin. Texts of ASCII letters alone that say no size in words are cut by one expression; only others are looked
at letter by letter.

The terms of a text are one string: terms of a place with spaces between them, places with line breaks. No term
holds white space, so an engine that cuts at it reads the string as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import chain, pairwise
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from kg.language.forms import plain, plain_places
from kg.language.numerals import may_say_size, said_sizes
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
    lower_form,
    may_follow_name,
    pointed,
    split_latin,
)

_LATIN = re.compile(r"[a-z0-9]+(?:\.[0-9]+[a-z]*)*", re.IGNORECASE)
_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]+")
_ASCII = re.compile(r"[A-Za-z0-9]+(?:\.[0-9]+[A-Za-z]*)*")  # what RUN calls latin, in ASCII
_NOTHING: Set[str] = frozenset()
_LINES = 20_000  # plain texts that are remembered; names of makers and bases come again and again


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
    bare: bool  # says its terms and nothing else, whatever stands beside it, but for a version behind it
    cut: int  # where it is two words in one, 0 if it is one


class _Words(dict[str, KnownWord]):
    """Distinct words, taken apart when they are first met; all are forgotten when there are too many."""

    def __init__(self, glossary: Mapping[str, str]) -> None:
        super().__init__()
        self._glossary = glossary
        self.starts = {entry[:end] for entry in glossary for end in range(1, len(entry))}

    def __missing__(self, word: str) -> KnownWord:
        if len(self) >= REMEMBERED:
            self.clear()
        known = self[word] = self._take_apart(word)
        return known

    def _take_apart(self, word: str) -> KnownWord:
        is_hangul = not word.isascii() and _HANGUL.fullmatch(word)
        if is_hangul:
            terms = hangul_terms(word)
        else:
            is_latin = word.isascii() or _LATIN.fullmatch(word)
            terms = split_latin(word) if is_latin else (word,)
        stem, whole = terms[0], word if is_hangul else terms[0]
        meaning = self._glossary.get(stem) or self._glossary.get(whole, "")
        begins = stem in self.starts
        number = stem[0].isdigit() and may_follow_name(stem)
        return KnownWord(
            terms=terms,
            whole=whole,
            line=" ".join(terms),
            letters=sum(map(str.isalpha, terms)),
            sized=True in [is_size(term) for term in terms if term[0].isdigit()],
            meaning=meaning,
            alone=CONCEPT + meaning if meaning and not begins and stem <= "가" else "",
            begins=begins,
            number=number,
            bare=not (meaning or begins or number),
            cut=0 if stem.isascii() else head_of_compound(stem, whole, self._glossary),
        )

    def with_size(self, word: KnownWord, size: str) -> KnownWord:
        """A word where a size begins that its text says: the 70 of 70억."""
        return msgspec.structs.replace(
            word,
            terms=(*word.terms, size),
            line=f"{word.line} {size}",
            sized=word.sized or is_size(size),
        )


class _Cut(NamedTuple):
    """A text cut into words."""

    words: list[KnownWord]
    joined: dict[int, str]  # by the place of a word, what it is with the version behind it
    gaps: list[int]  # between each word and the one before
    starts: Sequence[int] = ()  # of each word as it is written, where one may stand for two


class PlainLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A text of ASCII letters in terms, and what else is asked of the name that it may be."""

    terms: str
    concepts: frozenset[str]  # terms of entries of the glossary
    key: str  # all its words in one, in small letters
    letters: Sequence[tuple[str, int]]  # words as spelled, with how many terms of letters alone
    sized: bool  # a number of parameters, or of bits, stands in it
    open: bool  # an entry of the glossary may begin in it and go on behind it
    numbered: bool  # begins with what may be the version of a name before it


class _Run(NamedTuple):
    """A word where it stands in a text."""

    start: int
    end: int
    word: KnownWord
    version: str = ""  # the two in one, where a version stands behind it


class TextTerms:
    """Takes texts apart for an index.

    Args:
        glossary: words that mean the same, written without spaces, to the name of what they mean.
    """

    def __init__(self, glossary: Mapping[str, str] = MappingProxyType({})) -> None:
        self._glossary = glossary
        self._words = _Words(glossary)
        self.read_plain = lru_cache(_LINES)(self._read_plain)

    def write_line(self, text: str) -> str:
        r"""The terms of a text in one string; what an entry of the glossary means stands once.

        >>> TextTerms().write_line("KoAlpaca Llama 2")
        'koalpaca ko alpaca\nllama llama2\n2'
        """
        if line := self.read_plain(text):
            return line.terms
        words, joined, gaps, starts = self._cut(text)
        places = self._fill(words, joined, gaps)[0]
        if starts:  # of one letter: the 1 and the 2 of ½
            ends = [" " if start == after else "\n" for start, after in pairwise(starts)]
            return "".join(chain.from_iterable(zip(places, [*ends, ""], strict=True)))
        return "\n".join(places)

    def _fill(
        self, words: Sequence[KnownWord], joined: Mapping[int, str], gaps: Sequence[int]
    ) -> tuple[list[str], Set[str]]:
        """The places of a text, and what entries of the glossary mean in it."""
        places = [word.line for word in words]
        for place, term in joined.items():
            places[place] += f" {term}"
        said: set[str] = set()
        for i, word in enumerate(words):
            if word.alone:
                if word.alone not in said:
                    places[i] += f" {word.alone}"
                    said.add(word.alone)
            elif word.meaning or word.begins:
                for place, term in self._meant(words, gaps, i):
                    if term not in said:
                        places[place] += f" {term}"
                    if term.startswith(CONCEPT):
                        said.add(term)
        return places, said

    def _read_plain(self, text: str) -> PlainLine | None:
        """What is asked of a name of ASCII letters; None of other texts, and where a size is said in words.

        A path of two parts is what both are by themselves, where neither reaches over.

        >>> read = TextTerms().read_plain("org/Llama-2-7B")
        >>> read.key, read.letters, read.sized
        ('orgllama27b', (('org', 1), ('Llama', 1)), True)
        """
        if not text.isascii() or may_say_size(text):
            return None
        owner, _, name = text.partition("/")
        if owner and name and "/" not in name:
            before, behind = self.read_plain(owner), self.read_plain(name)
            if before and behind and (joined := _joined(before, behind)):
                return joined
        shown = pointed(text)
        found = _ASCII.findall(shown)
        words = [*map(self._words.__getitem__, found)]
        if False not in [word.bare for word in words]:
            places, said = [word.line for word in words], _NOTHING
        else:
            places, said = self._fill(words, self._versions(shown, found, words), ())
        cut = _ASCII.finditer(shown) if shown != text else ()
        spelled = [text[slice(*word.span())] for word in cut] or found
        told = zip(spelled, words, strict=True)
        return PlainLine(
            terms="\n".join(places),
            concepts=frozenset(said),
            key="".join(found).lower(),
            letters=tuple([(word, known.letters) for word, known in told if known.letters]),
            sized=True in [word.sized for word in words],
            open=True in [word.begins for word in words[1 - LONGEST :]],
            numbered=bool(words) and words[0].number,
        )

    def spelled_words(self, text: str) -> list[tuple[str, KnownWord]]:
        """The words of a text in its plain form as they are spelled, compounds whole."""
        shown = plain(text)
        return [(shown[run.start : run.end], run.word) for run in self._runs(shown)]

    @staticmethod
    def _versions(text: str, found: Sequence[str], words: Sequence[KnownWord]) -> dict[int, str]:
        """The words of a plain text that have a version behind them, by place: the two in one."""
        numbers = [i for i, w in enumerate(words) if w.number and i and found[i - 1].isalpha()]
        if not numbers:
            return {}
        gaps = [*map(len, _ASCII.split(text))]
        return {i - 1: words[i - 1].whole + words[i].whole for i in numbers if gaps[i] <= 1}

    def _cut(self, text: str) -> _Cut:
        shown, places = plain_places(text)
        words: list[KnownWord] = []
        joined: dict[int, str] = {}
        gaps: list[int] = []
        starts: list[int] = []
        end = 0
        for run in self._runs(shown):
            if run.version:
                joined[len(words)] = run.version
            gaps.append(run.start - end)
            starts.append(run.start)
            end = run.end
            word = run.word
            if word.cut:  # a compound, of which the glossary knows the head
                words += (
                    self._words[word.whole[: word.cut]],
                    self._words[word.whole[word.cut :]],
                )
                gaps.append(0)
                starts.append(run.start + word.cut)
            else:
                words.append(word)
        return _Cut(words, joined, gaps, [places[start][0] for start in starts] if places else ())

    def _runs(self, text: str) -> Iterator[_Run]:
        """The words of a text in its plain form; particles behind Latin letters are none."""
        text = pointed(text)
        sizes = {start: size for size, start, _ in said_sizes(text)}
        runs = [*RUN.finditer(lower_form(text))]
        for i, run in enumerate(runs):
            start, end = run.span()
            version = ""
            if run["latin"]:
                word, version = self._words[text[start:end]], joined_version(runs, i)
            elif not run["hangul"]:
                word = self._words[run.group()]
            elif i == 0 or runs[i - 1].end() != start or run["hangul"] not in PARTICLES:
                word = self._words[run["hangul"]]
            else:
                continue
            if start in sizes:
                word = self._words.with_size(word, sizes[start])
            yield _Run(start, end, word, version)

    def _meant(
        self, words: Sequence[KnownWord], gaps: Sequence[int], first: int
    ) -> Iterator[tuple[int, str]]:
        """What the entries that begin at a word mean, the longest first, each with the version behind it.

        Every term with the place of the word that it stands at.
        """
        found = [(first, words[first].meaning)] if words[first].meaning else []
        start = words[first].terms[0]
        end = min(first + LONGEST, len(words)) if words[first].begins else 0
        for last in range(first + 1, end):
            if start not in self._words.starts:
                break
            word = words[last]
            name = self._glossary.get(start + word.terms[0])
            if name := name or self._glossary.get(start + word.whole):
                found.append((last, name))
            start += word.terms[0]
        for last, name in reversed(found):
            yield first, CONCEPT + name
            after = last + 1
            is_hangul = words[last].terms[0] > "가"
            if is_hangul and after < len(words) and words[after].number and gaps[after] <= 1:
                yield last, name + words[after].terms[0]


def _joined(before: PlainLine, behind: PlainLine) -> PlainLine | None:
    """Two texts, one right behind the other; None where that gives otherwise than each by itself."""
    meeting = before.open or behind.numbered or before.concepts & behind.concepts
    if meeting or not (before.terms and behind.terms):
        return None
    return PlainLine(
        terms=f"{before.terms}\n{behind.terms}",
        concepts=before.concepts | behind.concepts,
        key=before.key + behind.key,
        letters=(*before.letters, *behind.letters),
        sized=before.sized or behind.sized,
        open=behind.open,
        numbered=before.numbered,
    )
