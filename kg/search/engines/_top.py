"""The best of very many hits of tantivy, band by band (kg/search/engines/_bands.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Query

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
    with_extras,
)
from kg.search.engines._bands import BAND, BANDS, Bound, Frequency, Remainder, most_below, rarity
from kg.search.engines._peaks import RARE, read_peaks
from kg.search.engines._tantivy_queries import QueryMaker, every, limited_to, some

PRIOR = "prior"  # the field of factors
SCALE = 4.0  # tantivy takes no factor below one, so priors are kept four times as great
MANY = 25_000  # hits, up to which each is looked at
LONG = 1_000_000  # documents that have a word, counted for each, up to which each hit is looked at
DEEPEST = 100  # hits asked for, above which each is looked at
_FIRST = 2_000  # documents that are looked at first
_WIDER = 4  # times as many are next
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
        frequency: how many documents have a term in a field.
        folder: of the index.
    """

    def __init__(
        self,
        searcher: tantivy.Searcher,
        schema: tantivy.Schema,
        queries: QueryMaker,
        frequency: Frequency,
        folder: Path,
    ) -> None:
        self._searcher, self._schema, self._queries = searcher, schema, queries
        size = searcher.num_docs
        self._folder = folder
        self._bound = Bound(size, size // RARE, frequency, lru_cache(_TERMS)(self.peak))

    @cached_property
    def _peaks(self) -> Mapping[str, Mapping[str, float]]:
        return read_peaks(self._folder)

    @cached_property
    def bands(self) -> Sequence[int]:
        """How many documents each band has; none where an older program wrote the index."""
        try:
            return [self._searcher.doc_freq(BAND, band) for band in range(BANDS)]
        except ValueError:
            return []

    def may_find(self, plan: SearchPlan, wanted: int) -> bool:
        """Whether so many hits of a plan may be found so, as far as can be told without a search."""
        if not 0 < wanted <= DEEPEST or self._bound.size <= MANY or not self.bands:
            return False
        return self._bound.hits(plan) > MANY and self._bound.postings(plan) > LONG

    def find(self, plan: SearchPlan, query: Query, wanted: int) -> list[Hit] | None:
        """The first hits of a plan that has very many, the best first; None where every hit has to be looked at.

        Args:
            plan: what is asked.
            query: the same for the engine.
            wanted: how many hits.
        """
        best = self._best(plan, wanted)
        if best is None or plan.match is None or _is_steady(plan.match):
            return best and best[:wanted]
        return self._again(query, best, wanted)

    def _best(self, plan: SearchPlan, wanted: int) -> list[Hit] | None:
        bound, match = self._bound, plan.match
        rest = bound.rest(match) if match is not None else Remainder(1.0)
        look = _Look(self, plan, wanted, bound.documents_to_look_at(plan))
        if rest.points is None or not look.begin(rest.rare, bound.documents(rest.rare)):
            return None
        if look.down_to(look.lowest(rest.points)):
            return look.best
        if match is None or not (told := bound.told(match)):
            return None
        # Some are worth much more than all others: these are looked for apart.
        words = list(dict.fromkeys(told.values()))
        others = bound.rest(match, words)
        if others.points is None or not look.down_to(look.lowest(others.points)):
            return None
        seen = look.best[0][0] > others.points * SCALE * most_below(BANDS)
        if not seen and not self._any([*told], words):
            without = bound.rest(match, [*told])
            known = without.points is not None and look.down_to(look.lowest(without.points))
            return look.best if known else None
        many = bound.documents(words)
        return look.best if look.among(words, many, bound.size, rest.points) else None

    def within(self, plan: SearchPlan, documents: Query, limit: int) -> list[Hit]:
        """The best of some documents."""
        query = self._queries.plan(plan, documents)
        found: Any = self._searcher.search(query, limit, False, weight_by_field=PRIOR)
        return list(found.hits)

    def between(self, low: int, top: int) -> Query:
        """The documents of some bands, without the upper one."""
        return Query.range_query(
            self._schema,
            BAND,
            FieldType.Unsigned,
            low,
            top,
            include_upper=False,
            use_inverted_index=True,
        )

    def holding(self, words: Sequence[Clause]) -> list[Query]:
        """The documents that hold words, of each."""
        return [query for word in words if (query := self._queries.clause(word))]

    def _any(self, clauses: Sequence[Flat], words: Sequence[Clause]) -> bool:
        """Whether any document that holds one of some words has what any of the clauses asks."""
        query = self._queries.clause(Some(tuple(clauses)), some(self.holding(words)))
        found: Any = self._searcher.search(query, 1, False) if query else None
        return bool(found and found.hits)

    def _again(self, query: Query, best: Sequence[Hit], wanted: int) -> list[Hit] | None:
        """The best by the sums of the whole query, whose last bit may differ; None if too many are equal."""
        least = best[wanted - 1][0] * (1 - _CLOSE)
        close = [at for score, at in best if score >= least]
        if len(close) == wanted + _EXTRA:
            return None
        ids = [str(self._searcher.doc(at).get_first("id")) for at in close]
        named = [Query.term_query(self._schema, "id", id, "basic") for id in ids]
        only = limited_to(query, some(named))
        found: Any = self._searcher.search(only, wanted, False, weight_by_field=PRIOR)
        return list(found.hits)

    def peak(self, field: str, text: str) -> float:
        """The most that a term is worth in any document, without its weight."""
        if (known := self._peaks.get(field, {}).get(text)) is not None:
            return known
        if field not in TEXT:  # without frequencies, by which the engine would leave documents out
            often = self._searcher.doc_freq(field, text)
            return (1 + K1) * rarity(self._searcher.num_docs, often)
        query = self._queries.clause(TermClause(field, text))
        found: Any = self._searcher.search(query, 1, False) if query else None
        return float(found.hits[0][0]) if found else 0.0


class _Look:
    """One search: down to which band each document was looked at, and the best of them.

    Args:
        top: what is asked.
        plan: of the search.
        wanted: hits.
        most: documents that may be looked at.
    """

    def __init__(self, top: TopHits, plan: SearchPlan, wanted: int, most: float) -> None:
        self._top, self._plan, self._wanted, self._left = top, plan, wanted, most
        self._low = BANDS
        self.best: list[Hit] = []

    def begin(self, rare: Sequence[Clause], many: int) -> bool:
        """Look at the greatest bands and at what holds a rare word, until as many hits as wanted are known.

        Args:
            rare: words.
            many: documents that hold them.

        Returns:
            False if too many would have to be looked at.
        """
        self._left -= many
        step, words = _FIRST, self._top.holding(rare)
        while len(self.best) < self._wanted:
            low, held = self._next(self._low, step)
            self._left -= held
            if self._left < 0 or not held:
                return False
            self._add(some([self._top.between(low, self._low), *words]))
            self._low, step, words = low, step * _WIDER, []
        return True

    def lowest(self, points: float) -> int:
        """The lowest band with documents that may be among the best.

        Args:
            points: the most that a document is worth without its factor.
        """
        least = self.best[self._wanted - 1][0]
        below = (b for b in range(BANDS) if points * SCALE * most_below(b) * (1 + _CLOSE) < least)
        return max(below, default=0)

    def down_to(self, low: int) -> bool:
        """Look at the bands that are left down to one; False if they have too many documents."""
        held = sum(self._top.bands[low : self._low])
        if held > self._left:
            return False
        if held:
            self._left -= held
            self._add(self._top.between(low, self._low))
        self._low = min(low, self._low)
        return True

    def among(self, words: Sequence[Clause], many: int, size: int, points: float) -> bool:
        """Look further down at what holds one of some words.

        Args:
            words: that only these documents hold.
            many: documents that hold them.
            size: all documents.
            points: the most that they are worth without their factor.

        Returns:
            False if there may be more of the best among them.
        """
        holding, share = some(self._top.holding(words)), many / size
        if many <= self._left:
            self._add(holding)
            return True
        low, _ = self._next(self._low, int(_FIRST / share))
        self._add(every([self._top.between(low, self._low), holding]))
        needed = self.lowest(points)
        held = sum(self._top.bands[needed:low]) * share
        if held > self._left:
            return False
        if held:
            self._add(every([self._top.between(needed, low), holding]))
        return True

    def _next(self, top: int, many: int) -> tuple[int, int]:
        """The lowest of the bands below one that have so many documents together, and how many they have."""
        held = 0
        while top > 0 and held < many:
            top -= 1
            held += self._top.bands[top]
        return top, held

    def _add(self, documents: Query) -> None:
        limit = self._wanted + _EXTRA
        hits = (*self.best, *self._top.within(self._plan, documents, limit))
        known = {(at.segment_ord, at.doc): (score, at) for score, at in hits}
        order = sorted(known, key=lambda at: (-known[at][0], at))
        self.best = [known[at] for at in order[:limit]]


def _is_steady(clause: Clause) -> bool:
    """Whether the points of a clause are the same to the last bit in whatever order tantivy adds them up.

    It changes the order of a union when one of its parts has no more documents, and that of parts which all must match
    by how many documents they have. Sums of two do not mind; of three parts of a union two are left when one has ended.
    """
    match clause:
        case Every(parts, _):
            return len(parts) <= 2 and all(map(_is_steady, parts))
        case Some() if extra := with_extras(clause):
            return _is_steady(extra[0])
        case Some(parts) | Best(parts):
            return len(parts) <= 3 and all(map(_is_steady, parts))
        case _:
            return True
