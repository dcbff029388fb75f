"""The Whoosh engine: Whoosh keeps the terms, numpy weighs what they match.

Whoosh's own scoring is not used: with a limit it drops terms and weighs the rest wrongly, its hook for
a prior loses the best hits, and its estimated length is no count. Here every posting is read, so counts
are exact and ties fall in the order of the documents. What is known of each document besides its
terms stands in arrays.

Whoosh's schema and index blocks are pickles: an index is only opened from a snapshot this program built,
and none of our classes is in it. Only API that Whoosh 2.7.4 shares with whoosh-reloaded is used.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from whoosh import analysis, fields, index
from whoosh.reading import TermNotFound

from kg.search.clauses import (
    FILTER,
    K1,
    KEYS,
    PLAIN,
    SORTED_BY,
    TEXT,
    TIE,
    B,
    Best,
    Clause,
    Counts,
    Every,
    Flat,
    Found,
    Hits,
    Indexed,
    Order,
    Phrase,
    SearchPlan,
    Some,
    TermClause,
    placed_terms,
)
from kg.search.engines._columns import Floats, KeptColumns, Mask, Values, rounded

LIMIT_MB = 256  # large enough never to spill at 100,000 documents; spilling halves the speed
CACHED = 10_000_000  # documents times postings kept; few are long

Ints = NDArray[np.int64]


class _Terms(str):
    """A value that carries its terms; Whoosh takes no other kind with positions."""

    terms: Sequence[tuple[str, int]]


class _Given(analysis.Analyzer):  # type: ignore[misc]
    """Hands Whoosh the terms of a value."""

    def __call__(self, value: _Terms, positions: bool = False, **_: Any) -> Iterator[Any]:
        token = analysis.Token(positions)
        for token.text, token.pos in value.terms:
            token.boost, token.stopped = 1.0, False
            yield token

    def __reduce__(self) -> tuple[type[analysis.IDTokenizer], tuple[()]]:
        """Whoosh stores its schema as a pickle: what it stores is a class of its own.

        An index that named ours could not be opened once this module is moved. Only writing needs
        an analyzer, so nothing is lost.
        """
        return analysis.IDTokenizer, ()


def write(docs: Iterable[Indexed], folder: Path) -> int:
    """Write an index and return how many documents it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    types = {f: fields.TEXT(analyzer=_Given(), phrase=f not in PLAIN) for f in TEXT}
    types |= {f: fields.TEXT(analyzer=_Given(), phrase=False) for f in (KEYS, FILTER)}
    writer = index.create_in(str(folder), fields.Schema(**types)).writer(limitmb=LIMIT_MB)
    columns = KeptColumns()
    for doc in docs:
        columns.add(doc)
        writer.add_document(
            **{field: _value(placed_terms(texts)) for field, texts in doc.text.items() if texts},
            **{
                f: _value([(t, 0) for t in v.split()])
                for f, v in ((KEYS, doc.exact), (FILTER, doc.filters))
                if v
            },
        )
    writer.commit(optimize=True)  # one segment, so that document numbers are those of the columns
    columns.complete.sort()
    (folder / "columns.json").write_bytes(msgspec.json.encode(columns))
    return len(columns.ids)


def _value(terms: Sequence[tuple[str, int]]) -> _Terms:
    value = _Terms()
    value.terms = terms
    return value


class _Postings(NamedTuple):
    """Documents and how often each has something."""

    docs: Ints
    counts: Floats


class _Worth(NamedTuple):
    """What each document is worth to a clause, and whether it matches."""

    match: Mask
    points: Floats


class WhooshEngine:
    """A read-only Whoosh index."""

    def __init__(self, folder: Path) -> None:
        self._index = index.open_dir(str(folder), readonly=True)
        self._reader = self._index.reader()
        columns = msgspec.json.decode((folder / "columns.json").read_bytes(), type=KeptColumns)
        self._ids, self._complete = columns.ids, columns.complete
        self._priors, self._standings = np.array(columns.priors), columns.standings
        self.size = len(columns.ids)
        self._facets = {name: Values(facet) for name, facet in columns.facets.items()}
        self._numbers = {n: np.array(v, dtype=float) for n, v in columns.numbers.items()}
        lengths = {
            field: np.array(values, dtype=float) for field, values in columns.lengths.items()
        }
        self._norms = {
            f: K1 * (1 - B + B * rounded(v) / (v.mean() or 1)) for f, v in lengths.items() if v.size
        }
        self._postings = lru_cache(CACHED // max(1, self.size))(self._read)
        self._worth = lru_cache(4)(self._weigh_plan)  # its hits and its counts are asked one by one

    def find(
        self, plan: SearchPlan, limit: int, offset: int = 0, order: Order = "relevance"
    ) -> Hits:
        """See `Engine`."""
        worth = self._worth(plan)
        docs = np.flatnonzero(worth.match)
        scores = worth.points[docs] * self._priors[docs]
        if order != "relevance":
            scores = self._numbers[SORTED_BY[order]][docs]
        first = np.argsort(-scores, kind="stable")[offset : offset + limit]  # NaN goes last
        hits = [Found(self._ids[docs[i]], round(float(np.nan_to_num(scores[i])), 4)) for i in first]
        return Hits(len(docs), hits)

    def count(self, plan: SearchPlan) -> int:
        """See `Engine`."""
        return int(self._worth(plan).match.sum())

    def counts(self, plan: SearchPlan, facets: Sequence[str], most: int) -> Counts:
        """See `Engine`."""
        match = self._worth(plan).match
        return {facet: self._facets[facet].counts(match, most) for facet in facets}

    def frequency(self, field: str, term: str) -> int:
        """See `Engine`."""
        return len(self._postings(field, (term,)).docs)

    def complete(self, start: str, limit: int) -> list[str]:
        """See `Engine`."""
        found: set[int] = set()
        for i in range(bisect_left(self._complete, (start, -1)), len(self._complete)):
            if not self._complete[i][0].startswith(start):
                break
            found.add(self._complete[i][1])
        return [
            self._ids[doc]
            for doc in heapq.nsmallest(limit, found, lambda d: (-self._standings[d], d))
        ]

    def close(self) -> None:
        """See `Engine`."""
        self._reader.close()
        self._index.close()

    def _weigh_plan(self, plan: SearchPlan) -> _Worth:
        memo: dict[
            int, _Worth
        ] = {}  # by clause: where some words are enough, each stands in many sets
        if plan.match is None:
            match, points = np.ones(self.size, bool), np.ones(self.size)
        else:
            match, points = self._clause(plan.match, memo)
        for clause in plan.keep:
            match = match & self._clause(clause, memo).match
        for clause in plan.drop:
            match = match & ~self._clause(clause, memo).match
        return _Worth(match, points)

    def _clause(self, clause: Clause, memo: dict[int, _Worth]) -> _Worth:
        if id(clause) not in memo:
            memo[id(clause)] = self._judged(clause, memo)
        return memo[id(clause)]

    def _judged(self, clause: Clause, memo: dict[int, _Worth]) -> _Worth:
        match clause:
            case TermClause(field, text, weight):
                return self._weigh(field, (text,), weight)
            case Phrase(field, terms, weight):
                return self._weigh(field, terms, weight)
            case Every(parts, weight):
                worths = [self._clause(part, memo) for part in parts]
                match = np.logical_and.reduce(
                    [np.ones(self.size, bool), *(w.match for w in worths)]
                )
                return _Worth(match, _sum(worths, self.size) * weight * match)
            case Some(parts):
                worths = [self._clause(part, memo) for part in parts]
                return _Worth(_either(worths, self.size), _sum(worths, self.size))
            case Best(parts):
                worths = [self._clause(part, memo) for part in parts]
                best: Floats = np.maximum.reduce([np.zeros(self.size), *(w.points for w in worths)])
                points = best * (1 - TIE) + _sum(worths, self.size) * TIE
                return _Worth(_either(worths, self.size), points)
            case Flat(part, flat):
                match = self._clause(part, memo).match
                return _Worth(match, np.where(match, flat, 0.0))
            case _:
                numbers = self._numbers[clause.field]
                return _Worth(
                    (numbers >= clause.low) & (numbers <= clause.high), np.zeros(self.size)
                )

    def _weigh(self, field: str, terms: tuple[str, ...], weight: float) -> _Worth:
        """BM25 as tantivy reckons it; a phrase is as rare as all its words."""
        docs, counts = self._postings(field, terms)
        worth = _Worth(np.zeros(self.size, bool), np.zeros(self.size))
        worth.match[docs] = True
        if field in self._norms and len(docs):
            often = np.array([len(self._postings(field, (term,)).docs) for term in terms])
            rarity = np.log(1 + (self.size - often + 0.5) / (often + 0.5)).sum()
            worth.points[docs] = (
                weight * rarity * (1 + K1) * counts / (counts + self._norms[field][docs])
            )
        return worth

    def _read(self, field: str, terms: tuple[str, ...]) -> _Postings:
        if len(terms) > 1:
            return self._phrase(field, terms)
        docs, counts = [], []
        matcher = self._matcher(field, terms[0])
        if matcher:
            while matcher.is_active():
                docs.append(matcher.id())
                counts.append(matcher.weight())
                matcher.next()
        return _Postings(np.array(docs, np.int64), np.array(counts, np.float64))

    def _matcher(self, field: str, term: str) -> Any:
        """The postings of a term, None if nothing holds it."""
        try:
            return self._reader.postings(field, term)
        except TermNotFound:
            return None

    def _phrase(self, field: str, terms: Sequence[str]) -> _Postings:
        starts = [self._positions(field, term, i) for i, term in enumerate(terms)]
        both = {
            doc: set.intersection(*(s[doc] for s in starts))
            for doc in set.intersection(*map(set, starts))
        }
        found = {doc: len(places) for doc, places in sorted(both.items()) if places}
        return _Postings(np.array([*found], np.int64), np.array([*found.values()], np.float64))

    def _positions(self, field: str, term: str, shift: int) -> dict[int, set[int]]:
        """Where the phrase would begin for this term to stand at its place in it."""
        found: dict[int, set[int]] = {}
        matcher = self._matcher(field, term)
        if matcher:
            while matcher.is_active():
                found[matcher.id()] = {p - shift for p in matcher.value_as("positions")}
                matcher.next()
        return found


def _either(worths: Sequence[_Worth], size: int) -> Mask:
    either: Mask = np.logical_or.reduce([np.zeros(size, bool), *(w.match for w in worths)])
    return either


def _sum(worths: Sequence[_Worth], size: int) -> Floats:
    total: Floats = np.add.reduce([np.zeros(size), *(w.points for w in worths)])
    return total
