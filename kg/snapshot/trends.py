"""Sizes and context lengths over time, gathered while a release is written; for the charts.

A chart can show some hundred points, a release may hold millions. The points kept are the models that
most others were made from, which are those a reader looks for; all the rest is counted by quarter and
half octave. So memory is flat, and the file is a few kilobytes at any size.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping
from math import floor, log2

import msgspec

from kg.model.claim import Entity, kind_of
from kg.model.dating import known_date
from kg.model.vocabulary import (
    CONTEXT_LENGTH,
    DESCENDANT_COUNT,
    DEVELOPER,
    PARAMETER_COUNT,
)

POINTS = 300  # models of a trend that are kept one by one

# The properties that are followed, and the kinds of entities that count: a family has one context
# length, but as many sizes as members.
FOLLOWED: Mapping[str, frozenset[str]] = {
    PARAMETER_COUNT: frozenset({"model"}),
    CONTEXT_LENGTH: frozenset({"model", "family"}),
}


class Point(msgspec.Struct, frozen=True, order=True):
    """One model, or family, with a date and a value. The order is that of importance."""

    descendants: int
    id: str
    date: str  # ISO, as precise as it is known
    value: float
    org: str = ""  # the first developer, "" if unknown


class Crowd(msgspec.Struct, frozen=True):
    """How many others there are of about the same date and value."""

    year: int
    quarter: int  # 1 to 4
    halves: int  # the value is from 2 ** (halves / 2) up to the next
    count: int


class Trend(msgspec.Struct, frozen=True):
    """One property over time."""

    total: int
    points: list[Point]  # by date
    crowds: list[Crowd]


class TrendPart(msgspec.Struct, frozen=True):
    """What was gathered of one property in a part of a release."""

    kept: list[Point]
    rest: list[tuple[int, int, int, int]]  # year, quarter, halves and how many


class Trends:
    """Takes the entities of a release one after the other."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Point]] = {name: [] for name in FOLLOWED}
        self._rest: dict[str, Counter[tuple[int, int, int]]] = {n: Counter() for n in FOLLOWED}

    def add(self, entity: Entity) -> None:
        """Take the next entity."""
        kind = kind_of(entity.id)
        for property, kinds in FOLLOWED.items():
            if kind in kinds and (point := _point(entity, property)):
                self._keep(property, point)

    def _keep(self, property: str, point: Point) -> None:
        kept = self._kept[property]
        if len(kept) < POINTS:
            heapq.heappush(kept, point)
            return
        self._rest[property][_place(heapq.heappushpop(kept, point))] += 1

    def parts(self) -> dict[str, TrendPart]:
        """What was gathered, to be added to what another gathered."""
        return {
            name: TrendPart(
                sorted(self._kept[name]), [(*p, n) for p, n in sorted(self._rest[name].items())]
            )
            for name in FOLLOWED
        }

    def merge(self, parts: Mapping[str, TrendPart]) -> None:
        """Add what was gathered of other entities."""
        for name, part in parts.items():
            for point in part.kept:
                self._keep(name, point)
            for *place, count in part.rest:
                year, quarter, halves = place
                self._rest[name][year, quarter, halves] += count

    def found(self) -> dict[str, Trend]:
        """The trend of each property."""
        return {name: _trend(self._kept[name], self._rest[name]) for name in FOLLOWED}


def _point(entity: Entity, property: str) -> Point | None:
    """What of an entity belongs on a chart; nothing without both a date and a number above 0."""
    value = next(iter(entity.values(property)), None)
    if isinstance(value, bool | str) or not value or value <= 0:
        return None
    date = known_date(entity)
    if not date:
        return None
    org = next(iter(entity.values(DEVELOPER)), None)
    known = (f.values[0] for f in entity.inferred if f.property == DESCENDANT_COUNT)
    descendants = next(known, 0)
    return Point(int(descendants or 0), entity.id, date, float(value), str(org or ""))


def _place(point: Point) -> tuple[int, int, int]:
    """Year, quarter and half octave of a point.

    >>> _place(Point(0, "model/a", "2023-05-01", 1024.0)), _place(Point(0, "model/a", "2023", 3.0))
    ((2023, 2, 20), (2023, 1, 3))
    """
    month = int(point.date[5:7] or 1)
    return int(point.date[:4]), (month + 2) // 3, floor(2 * log2(point.value))


def _trend(kept: list[Point], rest: Counter[tuple[int, int, int]]) -> Trend:
    points = sorted(kept, key=lambda p: (p.date, p.id))
    crowds = [Crowd(*place, count) for place, count in sorted(rest.items())]
    return Trend(len(points) + sum(rest.values()), points, crowds)
