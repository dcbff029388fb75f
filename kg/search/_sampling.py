"""Counts of facets where there are too many hits to look at each: of a part of them, and so estimates.

Each document belongs by its id to one half of all, one quarter, and so on down to one in 1,024, so that a part is
asked for by a filter and any query has its own. A part of 50,000 hits or more tells the share of a value to half a
percent of all hits, nineteen times in twenty.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

from kg.search.clauses import FILTER, SAMPLED, Counts, SearchEngine, SearchPlan, TermClause

EXACT = 100_000  # hits up to which counts are exact
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
