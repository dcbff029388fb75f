"""Facets of what a plan finds: narrowed to what is chosen of them, and counted, where there are very many hits by a part.

What is counted of a part is an estimate. Each document belongs by its id to one half of all, one quarter, and so on down to one in 1,024, so that a part is
asked for by a filter and any query has its own. A part of 50,000 hits or more tells the share of a value to half a
percent of all hits, nineteen times in twenty.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from kg.search.analyzer import filter_term
from kg.search.clauses import (
    FILTER,
    PARTS,
    Clause,
    Counts,
    SearchEngine,
    SearchPlan,
    Some,
    TermClause,
    sample_term,
)

EXACT = 100_000  # hits up to which counts are exact
MOST_VALUES = 50  # of a facet
Chosen = Mapping[str, Sequence[str]]  # facet -> values, of which a hit has one


def keeping(plan: SearchPlan, keep: Sequence[Clause]) -> SearchPlan:
    """A plan of which only what meets some clauses is kept."""
    return plan._replace(keep=(*plan.keep, *keep))


def narrowed_to(plan: SearchPlan, chosen: Chosen) -> SearchPlan:
    """A plan of which only what has a chosen value of each facet is kept."""
    one_of = [
        Some(tuple(TermClause(FILTER, filter_term(facet, v)) for v in values))
        for facet, values in chosen.items()
        if values
    ]
    return keeping(plan, one_of)


class FacetCounts(NamedTuple):
    """How many documents have each value of some facets."""

    counts: Counts
    estimated: bool


def share_of(hits: int) -> int:
    """The part of so many hits that is counted: one in this many.

    >>> [share_of(hits) for hits in (100_000, 100_001, 2_500_000, 10**9)]
    [1, 2, 32, 1024]
    """
    return next((part for part in (1, *PARTS) if hits <= EXACT * part), PARTS[-1])


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
    some = plan._replace(keep=(*plan.keep, TermClause(FILTER, sample_term(part))))
    counts = engine.counts(some, facets, most)
    whole = {
        facet: {value: min(number * part, hits) for value, number in values.items()}
        for facet, values in counts.items()
    }
    return FacetCounts(whole, True)


class FacetCounter:
    """Counts the facets of what plans find.

    Args:
        engine: what is asked.
        copying: filters by the relations that make copies.
    """

    def __init__(self, engine: SearchEngine, copying: Collection[str]) -> None:
        self._engine, self._copying = engine, copying

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
        """
        counts, estimated = self._each(keeping(plan, keep), chosen, facets, total)
        if keep and "relation" in facets:
            every, guessed = self._each(plan, chosen, ["relation"])
            of_copies = {
                relation: number
                for relation, number in every["relation"].items()
                if filter_term("relation", relation) in self._copying
            }
            counts["relation"] = _most_first({**counts["relation"], **of_copies})
            estimated = estimated or guessed
        return FacetCounts(counts, estimated)

    def _each(
        self, plan: SearchPlan, chosen: Chosen, facets: Sequence[str], total: int | None = None
    ) -> FacetCounts:
        """Facets of what a plan finds; the total is asked for where it is not known and matters."""
        free = [facet for facet in facets if not chosen.get(facet)]
        found = [self._count(narrowed_to(plan, chosen), free, total)] if free else []
        for facet in set(facets) - set(free):
            others = {name: values for name, values in chosen.items() if name != facet}
            found.append(self._count(narrowed_to(plan, others), [facet], None))
        counts = {facet: values for each in found for facet, values in each.counts.items()}
        return FacetCounts(
            {facet: counts[facet] for facet in facets}, any(each.estimated for each in found)
        )

    def _count(self, plan: SearchPlan, facets: Sequence[str], total: int | None) -> FacetCounts:
        if total is None:
            many = self._engine.size > EXACT
            total = self._engine.count(plan) if many else self._engine.size
        return count_facets(self._engine, plan, facets, MOST_VALUES, total)


def _most_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: -item[1]))
