"""The license mix of a family over time: what may be done commercially with the models of each year."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kg.licenses.rules import SEVERITY
from kg.licenses.terms import Verdict
from kg.lineage.graph import day_number
from kg.model.dating import known_date
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

QUARTERS = 12  # as many are shown; a longer time is shown by year
LEAST = 3  # dated models from which a chart says something


class Period(NamedTuple):
    """A quarter or a year, or those without a date (year 0), with its models by verdict."""

    year: int
    quarter: int  # 0: a whole year
    counts: Mapping[Verdict, int]

    @property
    def total(self) -> int:
        """All its models."""
        return sum(self.counts.values())

    def name(self, lang: str, undated: str) -> str:
        """What it is called.

        >>> Period(2023, 2, {}).name("en", ""), Period(2023, 2, {}).name("ko", "")
        ('Q2 2023', '2023년 2분기')
        >>> Period(2023, 0, {}).name("ko", ""), Period(0, 0, {}).name("en", "date unknown")
        ('2023년', 'date unknown')
        """
        if not self.year:
            return undated
        if lang == "ko":
            return f"{self.year}년" + (f" {self.quarter}분기" if self.quarter else "")
        return f"Q{self.quarter} {self.year}" if self.quarter else str(self.year)


@memo()
def find_license_mix(held: Snapshot, family: int) -> list[Period]:
    """The models of a family and what was made from them, by time and verdict.

    Args:
        held: an open snapshot.
        family: the number of the family.

    Returns:
        The periods in order, those between without models too, then those without a date; nothing
        if too few models have one.
    """
    members = held.families.members(family)
    below = held.families.descendants(family).models
    nodes = np.array(sorted({*members, *below}), np.int64)
    nodes = nodes[nodes < len(held.verdicts)]
    dates, codes = _dates(held, nodes, members), held.verdicts[nodes, 0]
    dated = dates > 0
    if int(dated.sum()) < LEAST:
        return []
    return [*list_periods(dates[dated], codes[dated]), *_undated(codes[~dated])]


def _dates(held: Snapshot, nodes: np.ndarray, members: Collection[int]) -> np.ndarray:
    """The dates of some models as yyyymmdd; of a member without one that of its family, 0 if neither has."""
    dates = np.array(held.lineage.dates[nodes])
    for place in np.flatnonzero(dates == 0).tolist():
        if int(nodes[place]) in members:
            widened = held.inheritance.widened(held.entity_at(int(nodes[place])))
            dates[place] = day_number(known_date(widened))
    return dates


def list_periods(dates: np.ndarray, codes: np.ndarray) -> list[Period]:
    """Quarters, or years where those would be too many, without gaps.

    Args:
        dates: of models, as YYYYMMDD with a month and a day.
        codes: the verdict on each, as kg/licenses/verdicts.py has them.
    """
    if not len(dates):
        return []
    quarters = dates // 10000 * 4 + (dates // 100 % 100 - 1) // 3
    first, last = int(quarters.min()), int(quarters.max())
    years = last - first >= QUARTERS
    if years:
        quarters, first, last = quarters // 4, first // 4, last // 4
    return [
        Period(
            *((place, 0) if years else (place // 4, place % 4 + 1)),
            _counts(codes[quarters == place]),
        )
        for place in range(first, last + 1)
    ]


def _undated(codes: np.ndarray) -> Iterator[Period]:
    if len(codes):
        yield Period(0, 0, _counts(codes))


def _counts(codes: np.ndarray) -> dict[Verdict, int]:
    counted = np.bincount(codes, minlength=len(SEVERITY) + 1)
    found = {verdict: int(counted[1 + i]) for i, verdict in enumerate(SEVERITY)}
    found["unknown"] += int(counted[0])
    return {verdict: found[verdict] for verdict in SEVERITY}


def list_verdicts(periods: Sequence[Period]) -> list[Verdict]:
    """The verdicts that occur, the mildest first."""
    return [verdict for verdict in SEVERITY if any(p.counts[verdict] for p in periods)]
