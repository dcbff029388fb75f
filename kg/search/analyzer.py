"""Documents in terms: what a search finds by, and how much each document is looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import chain
from math import log10
from typing import Literal, NamedTuple

import msgspec

from kg.language.folding import dotted
from kg.language.hangul import are_initials, initials, spread
from kg.language.terms import PlainLine, TextTerms
from kg.language.tokens import CONCEPT, FILLERS, PIECE, key
from kg.search._ranking import exact_keys
from kg.search._spelling import Counted
from kg.search.clauses import APART, BETWEEN, SIZED, Indexed, sample_terms

# What most people look for comes first among equals: factors, 1 for other kinds.
KINDS = {
    "family": 1.3,
    "model": 1.15,
    "source": 0.4,
    "publication": 0.8,
    "technique": 1.2,
    "benchmark": 1.1,
}

PULL = {"descendants": 0.1, "downloads": 0.03}  # of each tenfold
SAID = 0.15  # of each tenfold of claims
CROWDED = 0.1  # of each member of the same family that more is said of
MOST_PRIOR = 2.5
# Whose own a model is: described by people, listed as its maker's, somebody else's, uploaded again by
# somebody else. Factors, tuned on the open queries over 27,000 entities of the Hub.
STANDINGS = {"curated": 1.0, "own": 0.7, "other": 0.5, "again": 0.35}
# What is typed is completed by the maker's own first, however much a copy is used: as steps that no
# prior reaches.
STEPS = {"curated": 15.0, "own": 10.0, "other": 5.0, "again": 0.0, "alike": 0.0}
# The last: its name looks like another, by letters of another script; so it comes after what it may pass for.
Standing = Literal["curated", "own", "other", "again", "alike"]
ALIKE = 0.25  # its prior, however much it is used: below every other, and the least that an engine takes


# Groups of texts, and values, that are remembered; names of kinds, makers and bases come again and again
REMEMBERED = 20_000
# In groups that come again as a whole: all names of a maker, of a base
Texts = Sequence[tuple[str, ...]]


class Apart(NamedTuple):
    """What tells a copy, or an upload by somebody else, from the original."""

    owners: Sequence[str] = ()  # accounts it stands under that are no maker's
    names: Sequence[str] = ()  # what it is called
    shared: Sequence[str] = ()  # what the original is called, by itself and by its family and maker


class Common(msgspec.Struct, frozen=True, eq=False):
    """What many documents are filtered by and counted by alike; the same object for all of them."""

    filters: Mapping[str, Texts] = {}  # as those of a document
    facets: Mapping[str, Sequence[str]] = {}


_ALONE = Common()


class SearchDoc(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched of one entity."""

    id: str
    kind: str
    text: Mapping[str, Texts]  # by field of kg.search.clauses.TEXT
    filters: Mapping[str, Texts] = {}  # by name: of each value, itself and what it is called
    facets: Mapping[str, Sequence[str]] = {}
    common: Common = _ALONE  # what it is filtered and counted by besides, as many others
    numbers: Mapping[str, float] = {}
    said: int = 0  # claims of sources that are not bulk
    place: int = 0  # among the members of its family, the one most is said of being 0
    called: Sequence[str] = ()  # ids elsewhere, which name it as a whole: owner/name
    standing: Standing = "curated"
    apart: Apart | None = None  # of a copy, or of what somebody else uploaded


def prior(doc: SearchDoc) -> float:
    """The factor of a document's points: what many build on, use or speak of comes first.

    >>> plain = SearchDoc(id="model/a", kind="model", text={})
    >>> prior(plain) < prior(msgspec.structs.replace(plain, said=9))
    True
    """
    if doc.standing == "alike":
        return ALIKE
    popular = 0.0
    for name, pull in PULL.items():
        if number := doc.numbers.get(name):
            popular += pull * log10(1 + number)
    if doc.said:
        popular += SAID * log10(1 + doc.said)
    known = min(MOST_PRIOR, 1 + popular) / (1 + CROWDED * min(doc.place, 5))
    return KINDS.get(doc.kind, 1.0) * known * STANDINGS[doc.standing]


class Analyzer:
    """Turns documents into terms.

    Args:
        glossary: words that mean the same.
        counted: counts the words of names.
    """

    def __init__(self, glossary: Mapping[str, str], counted: Counted) -> None:
        self._counted = counted
        self._texts = TextTerms(glossary)
        self._group = lru_cache(REMEMBERED)(self._write_group)
        self._without = lru_cache(REMEMBERED)(_without)
        self._filters = lru_cache(REMEMBERED)(_filter_terms)
        self._common = lru_cache(REMEMBERED)(_common_terms)
        self._shared = lru_cache(REMEMBERED)(self._read_shared)

    def __call__(self, doc: SearchDoc) -> Indexed:
        """One document in terms."""
        names = [*chain(*doc.text.get("name", ()), *doc.text.get("alias", ()))]
        every = dict.fromkeys((*names, *doc.called))
        lines = {name: self._texts.read_plain(name) for name in every}
        sizes = [self._is_sized(name, lines[name]) for name in every]
        self._count(names, lines)
        common, facets = self._common(doc.common)
        filters = [*sample_terms(doc.id), common, _SIZED if any(sizes) else _UNSIZED]
        filters += [self._filters(name, tuple(found)) for name, found in doc.filters.items()]
        keys = {name: (line.key,) if line else exact_keys(name) for name, line in lines.items()}
        if doc.apart:
            named = every if doc.apart.shared else doc.called
            filters += self._apart(doc.apart, set().union(*map(keys.__getitem__, named)))
        exact = set().union(*keys.values(), *map(self._keys_behind, lines, lines.values()))
        known = prior(doc)
        return Indexed(
            id=doc.id,
            text={
                field: joined
                for field, groups in doc.text.items()
                if groups and (joined := self._joined(groups))
            },
            exact=" ".join(sorted(exact - _EMPTY)),
            complete=" ".join(sorted(set().union(*map(completions, every)))),
            filters=" ".join(filter(None, filters)),
            facets=facets | {name: "\n".join(found) for name, found in doc.facets.items()},
            numbers=doc.numbers,
            prior=known,
            standing=known + STEPS["again" if doc.apart else doc.standing],
        )

    def _keys_behind(self, name: str, line: PlainLine | None) -> Iterable[str]:
        """The keys of the other ways in which people type a name."""
        if not line:
            return chain.from_iterable(map(exact_keys, {*_spellings(name)} - {name}))
        if "/" not in name or " " in name:  # written with points it has the key it has
            return ()
        tail = name.rpartition("/")[2]
        behind = self._texts.read_plain(tail)
        return (behind.key,) if behind else exact_keys(tail)

    def _is_sized(self, name: str, line: PlainLine | None) -> bool:
        """Whether a size stands in a name."""
        if line:
            return line.sized
        return any(word.sized for _, word in self._texts.spelled_words(name))

    def _count(self, names: Iterable[str], lines: Mapping[str, PlainLine | None]) -> None:
        """Count the words of names as they are spelled."""
        for name in names:
            if line := lines[name]:
                self._counted.add(line.letters)
            else:
                words = self._texts.spelled_words(name)
                self._counted.add([(spelled, word.letters) for spelled, word in words])

    def _apart(self, apart: Apart, keys: Set[str]) -> list[str]:
        """Filters by what names a copy and not its original: words, accounts, whole names.

        A version or a size is none of it: both have the same, written or not.

        Args:
            apart: what tells them apart.
            keys: whole names of the copy.
        """
        known, known_keys = self._shared(tuple(apart.shared))
        own = {term for name in apart.names for term in self._line((name,))[0].split()}
        words = filter(tells_apart, own - known)
        alone = keys - known_keys - _EMPTY
        return sorted({filter_term(APART, term) for term in (*words, *alone, *apart.owners)})

    def _read_shared(self, names: tuple[str, ...]) -> tuple[Set[str], Set[str]]:
        """The terms of what an original is called, and its whole names."""
        terms = {term for name in names for term in self._line((name,))[0].split()}
        return terms, set().union(*map(exact_keys, names))

    def _joined(self, groups: Texts) -> str:
        """The texts of a field in terms; what is said in two languages is meant once."""
        if len(groups) == 1:
            return self._line(groups[0])[0]
        lines: list[str] = []
        meant: frozenset[str] = frozenset()
        for group in groups:
            line, concepts = self._line(group)
            if concepts:
                if again := meant & concepts:
                    line = self._without(line, again)
                meant |= concepts
            if line:
                lines.append(line)
        return BETWEEN.join(lines)

    def _line(self, texts: tuple[str, ...]) -> tuple[str, frozenset[str]]:
        """Texts in terms, and those of them that entries of the glossary mean, each once."""
        if len(texts) == 1 and (plain := self._texts.read_plain(texts[0])):
            return plain.terms, plain.concepts  # remembered there
        return self._group(texts)

    def _write_group(self, texts: tuple[str, ...]) -> tuple[str, frozenset[str]]:
        if len(texts) > 1:
            parts = [(text,) for text in texts]
            return self._joined(parts), frozenset().union(*(self._line(part)[1] for part in parts))
        line = self._texts.write_line(texts[0]) if texts else ""
        found = line.split() if CONCEPT in line else ()
        return line, frozenset(term for term in found if term.startswith(CONCEPT))


def _without(line: str, concepts: frozenset[str]) -> str:
    """The terms of texts but for what some entries mean, each of which stands there once, behind a word."""
    line += "\n"
    for concept in concepts:
        line = line.replace(f" {concept}\n", "\n", 1).replace(f" {concept} ", " ", 1)
    return line[:-1]


def _filter_terms(field: str, values: tuple[tuple[str, ...], ...]) -> str:
    """The terms that find by any of some values."""
    return " ".join(dict.fromkeys(filter_term(field, name) for names in values for name in names))


def _common_terms(common: Common) -> tuple[str, dict[str, str]]:
    """What many documents have alike, in terms."""
    filters = [_filter_terms(name, tuple(values)) for name, values in common.filters.items()]
    return " ".join(filter(None, filters)), {n: "\n".join(v) for n, v in common.facets.items()}


def _spellings(name: str) -> Iterator[str]:
    """A name in the ways people type it: 4-5 for 4.5, and a path without its account."""
    yield name
    yield dotted(name)
    if "/" in name and " " not in name:
        yield from _spellings(name.rpartition("/")[2])


def tells_apart(term: str) -> bool:
    """Whether a term may tell a copy from its original: a word, or a number of bits.

    >>> [term for term in ("qwen3", "8b", "awq", "4bit", "2", "of", "x") if tells_apart(term)]
    ['qwen3', 'awq', '4bit']
    """
    is_number = term[:1].isdigit() and not term.endswith("bit")
    return len(term) > 1 and not term.startswith(PIECE) and not is_number and term not in FILLERS


def filter_term(field: str, value: str) -> str:
    """What documents are filtered by: a field and any name of one of its values.

    >>> filter_term("org", "Meta AI")
    'org=metaai'
    """
    return f"{field}={key(value)}"


_EMPTY = frozenset({""})
_SIZED, _UNSIZED = filter_term(SIZED, "yes"), filter_term(SIZED, "no")


def typed(start: str) -> str:
    """What a name that is being typed begins with, as `completions` writes names.

    >>> typed("ㅇㅍ"), typed("Llama-")
    ('ㅇㅍ', 'llama')
    """
    letters = key(start)
    return letters if are_initials(letters) else spread(letters)


def completions(name: str) -> set[str]:
    """What is typed on the way to a name: its letters, or the initial consonants of its syllables.

    A name of the Hub is also found by what comes behind its organization.

    >>> completions("알파카 7B") == {"ㅇㅍㅋ", spread("알파카7b")}
    True
    """
    whole = key(name)
    if name.isascii():
        return {whole, whole.rpartition("/")[2]} - {""}
    return {spread(whole), spread(key(name.rpartition("/")[2])), initials(name)} - {""}
