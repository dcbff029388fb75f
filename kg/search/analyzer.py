"""Documents in terms: what a search finds by, and how much each document is looked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from math import log10

import msgspec

from kg.language.folding import dotted
from kg.language.hangul import are_initials, initials, spread
from kg.language.tokens import CONCEPT, key, tokens
from kg.search._ranking import exact_keys
from kg.search._spelling import Counted
from kg.search.clauses import Indexed

# What most people look for comes first among equals: factors, 1 for other kinds.
KINDS = {
    "family": 1.3,
    "model": 1.15,
    "source": 0.4,
    "publication": 0.8,
    "technique": 1.2,
    "benchmark": 1.1,
}

PULL = 0.1  # of each tenfold of descendants or downloads
SAID = 0.15  # of each tenfold of claims
CROWDED = 0.1  # of each member of the same family that more is said of
MOST_PRIOR = 2.5


REMEMBERED = 20_000  # texts; names of kinds, makers and bases come again and again


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


def prior(doc: SearchDoc) -> float:
    """The factor of a document's points: what many build on, use or speak of comes first.

    >>> plain = SearchDoc(id="model/a", kind="model", text={})
    >>> prior(plain) < prior(msgspec.structs.replace(plain, said=9))
    True
    """
    popular = sum(PULL * log10(1 + doc.numbers.get(n, 0)) for n in ("descendants", "downloads"))
    popular += SAID * log10(1 + doc.said)
    return (
        KINDS.get(doc.kind, 1.0) * min(MOST_PRIOR, 1 + popular) / (1 + CROWDED * min(doc.place, 5))
    )


class Analyzer:
    """Turns documents into terms."""

    def __init__(self, glossary: Mapping[str, str], counted: Counted) -> None:
        self._counted = counted
        self._tokens = lru_cache(REMEMBERED)(lambda text: tokens(text, glossary))

    def __call__(self, doc: SearchDoc) -> Indexed:
        """One document in terms."""
        names = (*doc.text.get("name", ()), *doc.text.get("alias", ()))
        self._counted.add(n[t.start : t.end] for n in names for t in tokens(n) if t.term.isalpha())
        return Indexed(
            id=doc.id,
            text={field: self._terms(texts) for field, texts in doc.text.items()},
            exact=sorted(set().union(*map(exact_keys, chain(*map(_spellings, names))))),
            complete=sorted(set().union(*map(completions, names))),
            filters=sorted(
                {
                    filter_term(field, name)
                    for field, values in doc.filters.items()
                    for value, names in values.items()
                    for name in (value, *names)
                }
            ),
            facets=doc.facets,
            numbers=doc.numbers,
            prior=prior(doc),
        )

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


def _spellings(name: str) -> Iterator[str]:
    """A name in the ways people type it: 4-5 for 4.5, and a path without its account."""
    yield name
    yield dotted(name)
    if "/" in name and " " not in name:
        yield from _spellings(name.rpartition("/")[2])


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
