"""The best of very many hits of tantivy, band by band (kg/search/engines/_bands.py)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Query

from kg.search.clauses import (
    K1,
    TEXT,
    Best,
    Clause,
    Every,
    Flat,
    SearchPlan,
    Some,
    TermClause,
)
from kg.search.engines._bands import BAND, BANDS, Bound, Rest, most_below, rarity
from kg.search.engines._tantivy_queries import QueryMaker

PRIOR = "prior"  # the field of factors
SCALE = 4.0  # tantivy takes no factor below one, so priors are kept four times as great
MANY = 50_000  # hits, below which each is looked at
DEEPEST = 100  # hits asked for, above which each is looked at
_RARE = 256  # a word is rare that fewer than one document in so many holds
_FIRST = 256  # one document in so many is looked at first
_WIDER = 4  # times as many are next
_SHARE = 8  # when one document in so many was looked at, all are
_EXTRA = 30  # hits beyond those asked for, for equals
_CLOSE = 1e-5  # a share of points within which the order of a sum may have made a difference
_TERMS = 50_000  # whose worth is remembered

Hit = tuple[float, tantivy.DocAddress]


class TopHits:
    """Finds the best of very many hits of one index.

    Args:
        searcher: of the index.
        schema: of the index.
        queries: makes its queries.
    """

    def __init__(
        self, searcher: tantivy.Searcher, schema: tantivy.Schema, queries: QueryMaker
    ) -> None:
        self._searcher, self._schema, self._queries = searcher, schema, queries
        self._size = searcher.num_docs
        peak = lru_cache(_TERMS)(self._peak)
        often = self._searcher.doc_freq
        self._bound = Bound(self._size, self._size // _RARE, often, peak)

    @cached_property
    def _bands(self) -> Sequence[int]:
        """How many documents each band has; none where an older program wrote the index."""
        try:
            return [self._searcher.doc_freq(BAND, band) for band in range(BANDS)]
        except ValueError:
            return []

    def find(self, plan: SearchPlan, query: Query, wanted: int) -> list[Hit] | None:
        """The first hits of a plan, the best first; None where every hit has to be looked at.

        Args:
            plan: what is asked.
            query: the same for the engine.
            wanted: how many hits.
        """
        if not 0 < wanted <= DEEPEST or self._bound.hits(plan) <= MANY or not self._bands:
            return None
        rest = self._bound.rest(plan.match) if plan.match is not None else Rest(1.0)
        if rest.points is None:
            return None
        best = self._best(plan, rest.points, list(dict.fromkeys(rest.rare)), wanted)
        if best is None or plan.match is None or _is_steady(plan.match):
            return best and best[:wanted]
        return self._again(query, best, wanted)

    def _best(
        self, plan: SearchPlan, points: float, rare: Sequence[Clause], wanted: int
    ) -> list[Hit] | None:
        best: list[Hit] = []
        low, looked, step = BANDS, 0, self._size // _FIRST
        while len(best) < wanted:
            top = low
            low, many = self._next(top, step)
            looked, step = looked + many, step * _WIDER
            if looked > self._size // _SHARE:
                return None
            best = self._within_bands(plan, low, top, () if best else rare, best, wanted)
        enough = self._enough(best[wanted - 1][0], points)
        if enough >= low:
            return best
        if looked + sum(self._bands[enough:low]) > self._size // _SHARE:
            return None
        return self._within_bands(plan, enough, low, (), best, wanted)

    @staticmethod
    def _enough(least: float, points: float) -> int:
        """The lowest band to look at, if hits of so many points are known."""
        below = (b for b in range(BANDS) if points * SCALE * most_below(b) * (1 + _CLOSE) < least)
        return max(below, default=0)

    def _within_bands(self, plan, low, top, rare, best, wanted) -> list[Hit]:
        within = self._within(low, top, rare)
        found: Any = self._searcher.search(
            self._queries.plan(plan, within), wanted + _EXTRA, False, weight_by_field=PRIOR
        )
        return _merged(best, found.hits)[: wanted + _EXTRA]

    def _next(self, top: int, many: int) -> tuple[int, int]:
        """The lowest of the next bands, and how many documents they have together: some, if as many are left."""
        held = 0
        while top > 0 and held < many:
            top -= 1
            held += self._bands[top]
        return top, held

    def _within(self, low: int, top: int, rare: Iterable[Clause]) -> Query:
        """The documents of some bands, and those that hold a rare word."""
        bands = Query.range_query(
            self._schema,
            BAND,
            FieldType.Unsigned,
            low,
            top,
            include_upper=False,
            use_inverted_index=True,
        )
        words = [query for word in rare if (query := self._queries.clause(word))]
        parts = [(Occur.Should, query) for query in (bands, *words)]
        return Query.boolean_query(parts) if words else bands

    def _again(self, query: Query, best: Sequence[Hit], wanted: int) -> list[Hit] | None:
        """The best by the sums of the whole query, whose order may differ in the last bit; None if too many are equal."""
        least = best[wanted - 1][0] * (1 - _CLOSE)
        close = [at for score, at in best if score >= least]
        if len(close) == wanted + _EXTRA:
            return None
        ids = [str(self._searcher.doc(at).get_first("id")) for at in close]
        named = Query.boolean_query(
            [(Occur.Should, Query.term_query(self._schema, "id", id, "basic")) for id in ids]
        )
        only = Query.boolean_query(
            [(Occur.Must, query), (Occur.Must, Query.const_score_query(named, 0.0))]
        )
        found: Any = self._searcher.search(only, wanted, False, weight_by_field=PRIOR)
        return list(found.hits)

    def _peak(self, word: TermClause) -> float:
        """The most that a term is worth, without its weight."""
        often = self._searcher.doc_freq(word.field, word.text)
        if word.field not in TEXT:
            return (1 + K1) * rarity(self._size, often)
        query = self._queries.term(word)
        found: Any = self._searcher.search(query, 1, False) if query else None
        return float(found.hits[0][0]) if found else 0.0


def _merged(one: Sequence[Hit], other: Sequence[Hit]) -> list[Hit]:
    """Hits of both, the best first, equals by their place; one that both have stands once."""
    known = {(at.segment_ord, at.doc): (score, at) for score, at in (*one, *other)}
    return [known[at] for at in sorted(known, key=lambda at: (-known[at][0], at))]


def _is_steady(clause: Clause) -> bool:
    """Whether the points of a clause are the same to the last bit in whatever order tantivy adds them up.

    It changes the order of a union when one of its parts has no more documents, and that of parts which all must match
    by how many documents they have. Sums of two do not mind; of three parts of a union two are left when one has ended.
    """
    match clause:
        case Every(parts, _):
            return len(parts) <= 2 and all(map(_is_steady, parts))
        case Some(parts) | Best(parts):
            return len(parts) <= 3 and all(map(_is_steady, parts))
        case Flat(_, _):
            return True
        case _:
            return True
