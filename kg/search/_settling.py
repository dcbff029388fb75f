"""A query with the filters that its words mean, as many of them as anything passes.

Where nothing has all that was read, words that name no model give way to the filters. Who names a model wants that
one: beside a name filters give way, the least telling first, and are said to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

import msgspec

from kg.search._phrases import KnownWords
from kg.search._understanding import Understanding
from kg.search._wording import Wording
from kg.search.analyzer import filter_term
from kg.search.clauses import FILTER, KEYS, SearchEngine, SearchPlan, Some, TermClause
from kg.search.naming import MODELS
from kg.search.query import Called, Meant, Query
from kg.search.query_words import QueryWords

# What is left out first; what may be done with a thing is the last to be given up.
_ORDER = (
    *("kind", "released", "params", "relation", "access"),
    *("name", "org", "lang", "license", "verdict"),
)


class Settler:
    """Settles queries for one index.

    Args:
        engine: what is asked.
        glossary: words that mean the same.
        words: those that mean filters.
        understanding: makes plans of queries.
    """

    def __init__(
        self,
        engine: SearchEngine,
        glossary: Mapping[str, str],
        words: QueryWords,
        understanding: Understanding,
    ) -> None:
        self._engine, self._glossary, self._words = engine, glossary, words
        self._understanding = understanding
        self._models = Some(tuple(TermClause(FILTER, filter_term("kind", k)) for k in MODELS))
        self._read: tuple[dt.date, Wording] | None = None

    def settle(self, asked: Query, as_words: Collection[str], today: dt.date) -> Query:
        """A query with the filters that its words mean.

        Args:
            asked: what was typed.
            as_words: words that are searched as words.
            today: for words such as last year.
        """
        if not asked.text:  # nor are the tables made for it
            return msgspec.structs.replace(asked, settled=True)
        wording = self._wording(today)
        read = wording.read(asked, as_words)
        if not read.meant:
            return read
        named = bool(read.text) and wording.names(read.text)
        if self._finds(_naming(read) if named else read):
            return read
        if read.text and not named and self._finds(alone := _filters_alone(read)):
            return alone
        for left in _fewer(read.meant):
            tried = msgspec.structs.replace(read, meant=left)
            if self._finds(_naming(tried) if named else tried):
                return tried
        return read

    def _wording(self, today: dt.date) -> Wording:
        """The tables as they are read on a day."""
        if self._read is None or self._read[0] != today:
            known = KnownWords(self._is_name, self._is_model, self._is_word, self._passes)
            self._read = today, Wording(self._words, self._glossary, known, today)
        return self._read[1]

    def _finds(self, read: Query) -> bool:
        """Whether anything passes the filters of a query, and holds some of its words."""
        plans = self._understanding.understand(read, []).plans
        return any(self._engine.count(plan) for plan, _ in plans)

    def _is_name(self, name: str) -> bool:
        return bool(self._engine.frequency(KEYS, name))

    def _is_model(self, name: str) -> bool:
        keys = {name, self._glossary.get(name, name)}
        held = tuple(TermClause(KEYS, key) for key in sorted(keys) if self._is_name(key))
        plan = SearchPlan(Some(held), (self._models,))
        return bool(held) and self._engine.count(plan) > 0

    def _is_word(self, name: str) -> bool:
        return bool(self._engine.frequency("name", self._glossary.get(name, name)))

    def _passes(self, term: str) -> bool:
        return bool(self._engine.frequency(FILTER, term))


def _naming(read: Query) -> Query:
    """A query that nothing answers but what is called as its words say."""
    return msgspec.structs.replace(read, filters=(*read.filters, Called((read.text,))))


def _filters_alone(read: Query) -> Query:
    """A query whose words are not required."""
    return msgspec.structs.replace(
        read,
        text="",
        soft=f"{read.soft} {read.text}".strip(),
        left_out=(*read.left_out, *read.text.split()),
    )


def _fewer(meant: Sequence[Meant]) -> Iterator[tuple[Meant, ...]]:
    """The same filters with one left out, two, and so on; the least telling first."""
    order = sorted(range(len(meant)), key=lambda i: _ORDER.index(meant[i].field))
    for size in range(1, len(meant) + 1):
        for gone in combinations(order, size):
            yield tuple(
                msgspec.structs.replace(m, applied=False) if i in gone else m
                for i, m in enumerate(meant)
            )
