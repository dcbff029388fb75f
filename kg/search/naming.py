"""Whether anything is called as a query says: a name with a version or a size behind it, or a name alone.

`llama 5` names something, `top 5` does not: a name is a word that a family or a model is called by, as the
whole or before other versions. A version must stand right behind a word of the name (llama5 as a term of
kg/language/tokens.py), a size anywhere in the same name, or be the model's count of parameters where no
name of it has a size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from string import ascii_lowercase
from typing import TYPE_CHECKING, NamedTuple

from kg.language.numerals import size_of
from kg.language.tokens import CONCEPT, FILLERS, is_version
from kg.search._ranking import Word
from kg.search.analyzer import filter_term
from kg.search.clauses import (
    FILTER,
    KEYS,
    OWN,
    SIZED,
    Best,
    Clause,
    Every,
    Phrase,
    SearchPlan,
    Some,
    TermClause,
    Within,
)
from kg.search.query import NEAR

if TYPE_CHECKING:
    from kg.search.index import SearchIndex

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_LETTERED = re.compile(r"[a-z][0-9]{1,2}(?:\.[0-9]+)?")  # v3, r1, k2: a version with its letter
_NAMES = ("name", "alias")
MODELS = ("family", "model", "product")
_NAMELESS = ("license", "source", "publication")  # are called after models, and are none
_LONGEST = 4  # words of a name before its version


class Name(NamedTuple):
    """A name in a query."""

    text: str  # as it was typed
    words: Sequence[Word]
    version: str = ""
    size: float = 0.0  # parameters


class Wanted(NamedTuple):
    """A name that nothing bears."""

    name: Name
    rest: str  # the query without what nothing bears


def find_wanted(index: SearchIndex, text: str) -> Wanted | None:
    """The first name of a query that nothing bears, None if everything named is there.

    Args:
        index: what there is.
        text: the plain words of a query.
    """
    read = index.understanding.read(text)
    namer = _Namer(index, read.words, read.text)
    return namer.unknown() or next(namer.unmet(), None)


def called(index: SearchIndex, name: Name, kinds: Sequence[str], most: int) -> list[str]:
    """What of some kinds is called by all words of a name, the best first; of models the maker's own.

    Args:
        index: what there is.
        name: a name; its version and size do not matter.
        kinds: kinds of entities.
        most: most ids.
    """
    keep = (_one_of(kinds), TermClause(FILTER, filter_term(OWN, "yes")))
    words = [clause for word in name.words if (clause := _by_name(index, word)) != Best(())]
    plan = SearchPlan(Every(tuple(words)), keep)
    return [hit.id for hit in index.engine.find(plan, most).hits] if words else []


def named_license(index: SearchIndex, name: Name) -> str:
    """The id of a license that is called after a name and its version, "" if there is none."""
    if not name.words:
        return ""
    namer = _Namer(index, name.words, name.text)
    parts = [_by_name(index, word) for word in name.words]
    if name.version:
        parts.append(namer.version_clause(name.words, name.version))
    plan = SearchPlan(Every(tuple(parts)), (_one_of(["license"]),))
    return next((hit.id for hit in index.engine.find(plan, 1).hits), "")


def version_number(version: str) -> float:
    """The number of a version, without its letters.

    >>> version_number("4o"), version_number("v3.1"), version_number("k2")
    (4.0, 3.1, 2.0)
    """
    digits = re.search(r"[0-9]+(?:\.[0-9]+)?", version)
    return float(digits[0]) if digits else 0.0


class _Namer:
    """Looks at the words of one query."""

    def __init__(self, index: SearchIndex, words: Sequence[Word], text: str) -> None:
        self._index, self._words, self._text = index, words, text
        self._frequency = index.engine.frequency
        places, at = [], 0
        for word in words:
            at = max(text.find(word.text, at), 0)
            places.append((at, at + len(word.text)))
            at += len(word.text)
        self._places = places

    def unknown(self) -> Wanted | None:
        """The whole query, if it is of words that nothing holds, besides numbers."""
        said = [word for word in self._words if not word.filler]
        new = [word for word in said if not word.held and not _is_number(word)]
        if not new or any(word not in new and not _is_number(word) for word in said):
            return None
        return Wanted(Name(self._text, [], "", 0.0), self._text)

    def unmet(self) -> Iterator[Wanted]:
        """Names whose version or size nothing has."""
        for i, word in enumerate(self._words):
            version, size = _version(word), size_of(word.stem)
            chain, start = self._chain(i)
            if not (version or size) or not chain or not self._is_name(chain, version):
                continue
            if size and not version:
                version = next((v for w in self._words[start:i] if (v := _version(w))), "")
            elif _version(self._words[i - 1]):
                continue  # the second part of a version, as in claude-3-5-sonnet
            name = Name(self._between(start, i), chain, version, size)
            if not self._exists(name):
                yield Wanted(name, self._without(i))

    def _chain(self, i: int) -> tuple[list[Word], int]:
        """The words of the name before a number, and where it begins; sizes and versions may stand between."""
        words: list[Word] = []
        start = i
        while start > 0 and len(words) < _LONGEST:
            word = self._words[start - 1]
            numeric = _is_number(word)
            if not numeric and (word.stem in FILLERS and len(word.stem) > 1):
                break
            if numeric and words:
                break
            start -= 1
            if not numeric:
                words.insert(0, word)
        return words, start

    def _is_name(self, chain: Sequence[Word], version: str) -> bool:
        """Whether a family or a model is called by some of these words, as a whole or before a version."""
        letter = version[:1] if version[:1].isalpha() else ""
        own = (TermClause(FILTER, filter_term(OWN, "yes")), _one_of(MODELS))
        for run in _runs(chain):
            keys = ["".join(terms) for terms in product(*(_plain(word) for word in run))]
            versions = [
                clause
                for key in keys
                for n in range(1, 10)
                for clause in self._behind(key, f"{letter}{n}")
            ]
            whole = [TermClause(KEYS, key) for key in keys if self._frequency(KEYS, key)]
            plan = SearchPlan(Some((*whole, *versions)), own)
            if (whole or versions) and self._index.engine.count(plan):
                return True
        return False

    def _exists(self, name: Name) -> bool:
        parts = [_by_name(self._index, word) for word in name.words if word.held]
        parts = [part for part in parts if part != Best(())]
        if name.version:
            parts.append(self.version_clause(name.words, name.version))
        if name.size:
            parts.append(_size_clause(name.size, self._words))
        nameless = tuple(TermClause(FILTER, filter_term("kind", kind)) for kind in _NAMELESS)
        plan = SearchPlan(Every(tuple(parts)), (), nameless)
        return self._index.engine.count(plan) > 0

    def version_clause(self, words: Sequence[Word], version: str) -> Clause:
        """What has a version right behind one of the words: 3 as well as v3 or k3, k3 as it is."""
        number = version[1:] if version.startswith("v") else version
        lettered = number[:1].isalpha()
        spelled = [number] if lettered else [number, *(f"{c}{number}" for c in ascii_lowercase)]
        before = {term for word in words for term in _plain(word)}
        before |= {w.stem for w, after in pairwise(self._words) if after.stem == version}
        parts = [clause for term in before for v in spelled for clause in self._behind(term, v)]
        # 큐원 3 means qwen3 as a whole
        known = {t for w in words for t in w.terms} & {
            t for w in self._words if w.stem == version for t in w.terms
        }
        parts += [TermClause(field, term) for term in known for field in _NAMES]
        return Some(tuple(parts))

    def _behind(self, term: str, version: str) -> Iterator[Clause]:
        """What has a version right behind a term: as one term, or as one after the other."""
        for field in _NAMES:
            if self._frequency(field, f"{term}{version}"):
                yield TermClause(field, f"{term}{version}")
            apart = not version[0].isdigit() or not term.isascii() or term[0].isdigit()
            if apart and self._frequency(field, version) and self._frequency(field, term):
                yield Phrase(field, (term, version))  # other terms would be one with the number

    def _between(self, start: int, end: int) -> str:
        return self._text[self._places[start][0] : self._places[end][1]]

    def _without(self, i: int) -> str:
        first, last = self._places[i]
        return " ".join((self._text[:first] + " " + self._text[last:]).split())


def _by_name(index: SearchIndex, word: Word) -> Clause:
    """What is called by a word, in its own name."""
    parts = [
        TermClause(field, term)
        for term in {*word.terms, *_plain(word)}
        for field in _NAMES
        if index.engine.frequency(field, term)
    ]
    return Best(tuple(parts))


def _size_clause(size: float, words: Sequence[Word]) -> Clause:
    stems = {word.stem for word in words if size_of(word.stem) == size}
    spelled = [TermClause(field, stem) for stem in stems for field in _NAMES]
    count = Within("params", size * (1 - NEAR), size * (1 + NEAR))
    return Some((*spelled, Every((count, TermClause(FILTER, filter_term(SIZED, "no"))))))


def _one_of(kinds: Sequence[str]) -> Clause:
    return Some(tuple(TermClause(FILTER, filter_term("kind", kind)) for kind in kinds))


def _runs(chain: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Words in a row, the longest first."""
    for size in range(len(chain), 0, -1):
        yield from (chain[i : i + size] for i in range(len(chain) - size + 1))


def _plain(word: Word) -> list[str]:
    """A word as terms of names have it."""
    return list(dict.fromkeys(term.removeprefix(CONCEPT) for term in word.terms))


def _version(word: Word) -> str:
    """The version that a word is, "" if it is none."""
    if is_version(word.stem) and not size_of(word.stem):
        return word.stem
    return word.stem if _LETTERED.fullmatch(word.stem) else ""


def _is_number(word: Word) -> bool:
    return bool(_version(word) or size_of(word.stem) or word.stem[:1].isdigit())
