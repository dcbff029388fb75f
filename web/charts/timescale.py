"""Time along an axis: months as numbers, and where the ticks stand."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)  # between ticks


class Span(NamedTuple):
    """The days a date may mean, as ordinals: `end` is the day after."""

    start: int
    end: int

    @property
    def middle(self) -> float:
        """Where it is drawn; a single day at its beginning."""
        return self.start if self.end - self.start == 1 else (self.start + self.end) / 2


class Scale(NamedTuple):
    """The axis: days from `start` to `end` between two places."""

    start: int
    end: int
    left: float
    right: float

    def x(self, day: float) -> float:
        """The place of a day."""
        return self.left + (day - self.start) / (self.end - self.start) * (self.right - self.left)


def span(date: str | None) -> Span | None:
    """The days an ISO date of any precision may mean; None if it is no date.

    >>> span("2023-03-13").end - span("2023-03-13").start, span("2023-02").end - span("2023-02").start
    (1, 28)
    """
    try:
        year, month, day = ([int(p) for p in (date or "").split("-")] + [0, 0])[:3]
        first = dt.date(year, month or 1, day or 1)
        last = dt.date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    except (ValueError, IndexError, calendar.IllegalMonthError):
        return None
    return Span(first.toordinal(), last.toordinal() + 1)


def month_index(day: dt.date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def month_start(index: int) -> dt.date:
    """The first day of a month by its index."""
    return dt.date(min(index // 12, 9999), index % 12 + 1, 1)


class Tick(NamedTuple):
    """A line of the axis."""

    x: float
    day: dt.date
    year: bool  # it is the first of its year


def ticks(scale: Scale, gap: float) -> tuple[int, Sequence[Tick]]:
    """The months between the lines of the axis, and the lines.

    Args:
        scale: the axis.
        gap: least distance between two lines.
    """
    first = month_index(dt.date.fromordinal(scale.start))
    after = month_index(dt.date.fromordinal(scale.end - 1)) + 1
    room = (scale.right - scale.left) / (after - first)
    months = next((m for m in _MONTHS if m * room >= gap), _MONTHS[-1])
    return months, [*_ticks(scale, range(-(-first // months) * months, after, months))]


def _ticks(scale: Scale, indices: Iterable[int]) -> Iterator[Tick]:
    year = None
    for index in indices:
        day = month_start(index)
        yield Tick(scale.x(day.toordinal()), day, day.year != year)
        year = day.year
