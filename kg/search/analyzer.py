"""Documents in terms: what a search finds by, and how much each document is looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from math import log10
from typing import Literal, NamedTuple

import msgspec

from kg.language.folding import dotted
from kg.language.hangul import are_initials, initials, spread
from kg.language.tokens import CONCEPT, FILLERS, PIECE, TextToken, is_size, key, tokens
from kg.search._ranking import exact_keys
from kg.search._spelling import Counted
from kg.search.clauses import APART, SIZED, Indexed

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


REMEMBERED = 20_000  # texts; names of kinds, makers and bases come again and again


class Apart(NamedTuple):
    """What tells a copy, or an upload by somebody else, from the original."""

    owners: Sequence[str] = ()  # accounts it stands under that are no maker's
    names: Sequence[str] = ()  # what it is called
    shared: Sequence[str] = ()  # what the original is called, by itself and by its family and maker


class SearchDoc(msgspec.Struct, frozen=True, kw_only=True):
    """What is searched of one entity."""

    id: str
    kind: str
    text: Mapping[str, Sequence[str]]  # field of kg.search.clauses.TEXT -> texts
    filters: Mapping[str, Mapping[str, Iterable[str]]] = {}  # name -> values, each with its names
    facets: Mapping[str, Sequence[str]] = {}
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
    popular = sum(pull * log10(1 + doc.numbers.get(name, 0)) for name, pull in PULL.items())
    popular += SAID * log10(1 + doc.said)
    known = min(MOST_PRIOR, 1 + popular) / (1 + CROWDED * min(doc.place, 5))
    return KINDS.get(doc.kind, 1.0) * known * STANDINGS[doc.standing]


class Analyzer:
    """Turns documents into terms."""

    def __init__(self, glossary: Mapping[str, str], counted: Counted) -> None:
        self._counted = counted
        self._tokens = lru_cache(REMEMBERED)(lambda text: tokens(text, glossary))

    def __call__(self, doc: SearchDoc) -> Indexed:
        """One document in terms."""
        names = (*doc.text.get("name", ()), *doc.text.get("alias", ()))
        self._counted.add(n[t.start : t.end] for n in names for t in tokens(n) if t.term.isalpha())
        every = (*names, *doc.called)
        apart = (
            self._apart(doc.apart, every if doc.apart.shared else doc.called) if doc.apart else ()
        )
        known = prior(doc)
        return Indexed(
            id=doc.id,
            text={field: self._terms(texts) for field, texts in doc.text.items()},
            exact=sorted(set().union(*map(exact_keys, chain(*map(_spellings, every))))),
            complete=sorted(set().union(*map(completions, every))),
            filters=sorted(
                {
                    filter_term(field, name)
                    for field, values in doc.filters.items()
                    for value, names in values.items()
                    for name in (value, *names)
                }
                | {*apart, filter_term(SIZED, "yes" if any(map(_has_size, every)) else "no")}
            ),
            facets=doc.facets,
            numbers=doc.numbers,
            prior=known,
            standing=known + STEPS["again" if doc.apart else doc.standing],
        )

    def _apart(self, apart: Apart, names: Sequence[str]) -> set[str]:
        """Filters by what names a copy and not its original: words, accounts, whole names.

        A version or a size is none of it: both have the same, written or not.
        """
        shared = {t.term for name in apart.shared for t in self._tokens(name)}
        words = {
            token.term
            for name in apart.names
            for token in self._tokens(name)
            if token.term not in shared and tells_apart(token)
        }
        keys = set().union(*map(exact_keys, names)) - set().union(*map(exact_keys, apart.shared))
        return {filter_term(APART, term) for term in (*words, *keys, *apart.owners)}

    def _terms(self, texts: Sequence[str]) -> list[tuple[str, int]]:
        """Terms with their positions; texts stand apart, so that no phrase reaches over two."""
        terms: list[tuple[str, int]] = []
        meant: set[str] = set()  # a name in two languages is one name
        place = -1
        for text in texts:
            place, before = place + 1, -1
            for token in self._tokens(text):
                place += token.start != before
                before = token.start
                if token.term not in meant:
                    terms.append((token.term, place))
                if token.term.startswith(CONCEPT):
                    meant.add(token.term)
        return terms


def _has_size(name: str) -> bool:
    return any(is_size(token.term) for token in tokens(name))


def _spellings(name: str) -> Iterator[str]:
    """A name in the ways people type it: 4-5 for 4.5, and a path without its account."""
    yield name
    yield dotted(name)
    if "/" in name and " " not in name:
        yield from _spellings(name.rpartition("/")[2])


def tells_apart(token: TextToken) -> bool:
    """Whether a term may tell a copy from its original: a word, or a number of bits.

    >>> [t.term for t in tokens("Qwen3-8B-AWQ-4bit") if tells_apart(t)]
    ['qwen3', 'qwen', 'awq', '4bit']
    """
    term = token.term
    is_number = term[:1].isdigit() and not term.endswith("bit")
    return len(term) > 1 and not term.startswith(PIECE) and not is_number and term not in FILLERS


def filter_term(field: str, value: str) -> str:
    """What documents are filtered by: a field and any name of one of its values.

    >>> filter_term("org", "Meta AI")
    'org=metaai'
    """
    return f"{field}={key(value)}"


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
    return {spread(key(name)), spread(key(name.rpartition("/")[2])), initials(name)} - {""}
