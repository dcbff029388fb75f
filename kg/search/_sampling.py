"""Counts of facets where there are too many hits to look at each: of a part of them, and so estimates.

Each document belongs by its id to one half of all, one quarter, and so on down to one in 1,024, so that a part is
asked for by a filter and any query has its own. A part of 50,000 hits or more tells the share of a value to half a
percent of all hits, nineteen times in twenty.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

from kg.search.clauses import (
    FILTER,
    SAMPLED,
    Clause,
    Counts,
    SearchEngine,
    SearchPlan,
    Some,
    TermClause,
    filter_term,
)

EXACT = 100_000  # hits up to which counts are exact
MOST_VALUES = 50  # of a facet
Chosen = Mapping[str, Sequence[str]]  # facet -> values, of which a hit has one
_PARTS: tuple[int, ...] = tuple(1 << power for power in range(1, 11))


class FacetCounts(NamedTuple):
    """How many documents have each value of some facets."""

    counts: Counts
    estimated: bool


def sample_terms(id: str) -> list[str]:
    """The filters by the parts of all documents that one belongs to.

    >>> sample_terms("model/a"), sample_terms("model/alpaca-7b")
    ([], ['sampled=2'])
    """
    number = crc32(id.encode())
    return [_term(part) for part in _PARTS if not number % part]


def share_of(hits: int) -> int:
    """The part of so many hits that is counted: one in this many.

    >>> [share_of(hits) for hits in (100_000, 100_001, 2_500_000, 10**9)]
    [1, 2, 32, 1024]
    """
    return next((part for part in (1, *_PARTS) if hits <= EXACT * part), _PARTS[-1])


def count_facets(
    engine: SearchEngine, plan: SearchPlan, facets: Sequence[str], most: int, hits: int
) -> FacetCounts:
    """Count facets, those of many hits by a part of them.

    Args:
        engine: what is asked.
        plan: which documents.
        facets: what to count.
        most: values of a facet.
        hits: how many documents there are.
    """
    part = share_of(hits)
    if part == 1:
        return FacetCounts(engine.counts(plan, facets, most), False)
    some = plan._replace(keep=(*plan.keep, TermClause(FILTER, _term(part))))
    counts = engine.counts(some, facets, most)
    whole = {
        facet: {value: min(number * part, hits) for value, number in values.items()}
        for facet, values in counts.items()
    }
    return FacetCounts(whole, True)


def _term(part: int) -> str:
    return f"{SAMPLED}={part}"


class FacetCounter:
    """Counts the facets of what is found.

    Args:
        engine: what is asked.
        copies: filters of the relations that make copies.
    """

    def __init__(self, engine: SearchEngine, copies: Collection[str]) -> None:
        self._engine, self._copies = engine, copies

    def count(
        self,
        plan: SearchPlan,
        keep: Sequence[Clause],
        chosen: Chosen,
        facets: Sequence[str],
        total: int,
    ) -> FacetCounts:
        """Of each facet what would be listed if it were chosen: what is chosen of itself does not count.

        Whoever chooses a relation that makes copies gets copies, so these are counted with all of them.

        Args:
            plan: which documents.
            keep: what leaves copies out.
            chosen: what is chosen of each facet.
            facets: what to count.
            total: how many documents there are, copies left out.
        """
        counts, estimated = self._each(keeping(plan, keep), chosen, facets, total)
        if keep and "relation" in facets:
            every, guessed = self._each(plan, chosen, ["relation"])
            of_copies = {
                relation: number
                for relation, number in every["relation"].items()
                if filter_term("relation", relation) in self._copies
            }
            counts["relation"] = _most_first({**counts["relation"], **of_copies})
            estimated = estimated or guessed
        return FacetCounts(counts, estimated)

    def _each(
        self, plan: SearchPlan, chosen: Chosen, facets: Sequence[str], total: int | None = None
    ) -> FacetCounts:
        """Facets of what a plan finds; the total is asked for where it is not known and matters."""
        free = [facet for facet in facets if not chosen.get(facet)]
        found = [self._count(narrow(plan, chosen), free, total)] if free else []
        for facet in set(facets) - set(free):
            others = {name: values for name, values in chosen.items() if name != facet}
            found.append(self._count(narrow(plan, others), [facet], None))
        counts = {facet: values for each in found for facet, values in each.counts.items()}
        return FacetCounts(
            {facet: counts[facet] for facet in facets}, any(each.estimated for each in found)
        )

    def _count(self, plan: SearchPlan, facets: Sequence[str], total: int | None) -> FacetCounts:
        if total is None:
            many = self._engine.size > EXACT
            total = self._engine.count(plan) if many else self._engine.size
        return count_facets(self._engine, plan, facets, MOST_VALUES, total)


def keeping(plan: SearchPlan, keep: Sequence[Clause]) -> SearchPlan:
    """A plan for what passes some more clauses."""
    return plan._replace(keep=(*plan.keep, *keep))


def narrow(plan: SearchPlan, chosen: Chosen) -> SearchPlan:
    """A plan for what has the chosen values."""
    one_of = [
        Some(tuple(TermClause(FILTER, filter_term(facet, v)) for v in values))
        for facet, values in chosen.items()
        if values
    ]
    return keeping(plan, one_of)


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
