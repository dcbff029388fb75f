"""A trend drawn: one mark a model, time to the right, the value up on a logarithmic scale.

The organizations with most models have a shape and a color of their own; the others are small gray
circles. What is too much to draw one by one stands behind as gray squares, larger for more.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from math import log10, sqrt
from typing import NamedTuple

import msgspec
from markupsafe import Markup

from kg.language.dates import date
from kg.language.numbers import number
from kg.language.width import text_width
from kg.snapshot.trends import Crowd
from web.charts import plot
from web.charts.org_colors import org_color
from web.charts.plot import Canvas, Rectangle
from web.charts.svg import Pattern, joined
from web.charts.svg import short as n
from web.charts.timescale import Scale, month_index, month_start, span

SERIES = len(plot.MARKS)
_EARLY = 0.03  # of all models: so few may stand before the time that is drawn
_YEARS = 10  # so many are drawn in any case
_TALL = 400.0
_NARROW = 600.0  # up to here a drawing is for fingers, which point at nothing


class Dot(msgspec.Struct, frozen=True, kw_only=True):
    """One model."""

    id: str
    label: str
    day: float  # ordinal
    date: str
    value: float
    org: str  # its id, or ""
    maker: str  # its name
    weight: int  # models made from it


class Series(NamedTuple):
    """One organization with its look."""

    org: str
    name: str
    css: str
    shape: str


class RecentPart(NamedTuple):
    """What of a trend is drawn: without the beginning in which few of all models stand."""

    dots: Sequence[Dot]
    crowds: Sequence[Crowd]
    earlier: int  # models before it
    since: int  # the first year that is drawn

    @property
    def crowded(self) -> int:
        """How many models the crowds stand for."""
        return sum(crowd.count for crowd in self.crowds)


def recent_part(dots: Sequence[Dot], crowds: Sequence[Crowd]) -> RecentPart:
    """Leave out decades of which nearly nothing is known, so that the years of most models have room.

    Args:
        dots, crowds: a trend; at least one model.
    """
    counts = Counter(int(dot.date[:4]) for dot in dots)
    for crowd in crowds:
        counts[crowd.year] += crowd.count
    years, few = sorted(counts), counts.total() * _EARLY
    passed = accumulate(counts[year] for year in years)
    many = next(year for year, count in zip(years, passed, strict=True) if count > few)
    since = max(years[0], min(many, years[-1] - _YEARS + 1))
    return RecentPart(
        [dot for dot in dots if int(dot.date[:4]) >= since],
        [crowd for crowd in crowds if crowd.year >= since],
        sum(count for year, count in counts.items() if year < since),
        since,
    )


def series(dots: Sequence[Dot]) -> list[Series]:
    """The organizations with most models, the largest first."""
    counted = Counter(dot.org for dot in dots if dot.org)
    names = {dot.org: dot.maker for dot in dots}
    ranked = sorted(counted, key=lambda org: (-counted[org], org))
    return [
        Series(org, names[org], org_color(org), plot.MARKS[i])
        for i, org in enumerate(ranked[:SERIES])
    ]


def day_of(text: str) -> float | None:
    """Where an ISO date stands, in days; a month or a year at its middle."""
    known = span(text)
    return known.middle if known else None


def draw(
    dots: Sequence[Dot],
    crowds: Sequence[Crowd],
    looks: Sequence[Series],
    title: str,
    say: Callable[[float], str],
    canvas: Canvas,
) -> Markup:
    """Draw a trend.

    Args:
        dots: the models; at least one.
        crowds: the others, counted.
        looks: the organizations with a look of their own, the same on every chart of a page.
        title: what the chart shows.
        say: a value as people read it.
        canvas: how to draw it.
    """
    return _Scatter(dots, crowds, looks, say, canvas).svg(title)


class _Scatter:
    """One drawing, and what its parts share."""

    def __init__(
        self,
        dots: Sequence[Dot],
        crowds: Sequence[Crowd],
        looks: Sequence[Series],
        say: Callable[[float], str],
        canvas: Canvas,
    ) -> None:
        self.dots, self.crowds, self.say, self.canvas = dots, crowds, say, canvas
        self.counts = Counter(dot.org for dot in dots)
        self.looks = {look.org: look for look in looks if self.counts[look.org]}
        key, used = plot.legend(self._key(), canvas.width - 12, 0)
        self.key, top = key, used + 16
        bottom = top + (_TALL if canvas.width > _NARROW else _TALL * 0.8)
        self.middles = [_middle(crowd) for crowd in crowds]
        values = [d.value for d in dots] + [value for _, value in self.middles]
        self.log = plot.Log(values, bottom, top)
        words = [say(value) for value in self.log.ticks()]
        left = 16 + max(text_width(word, 12.5) for word in words)
        self.frame = Rectangle(left, top, canvas.width - 10, bottom)
        days = [d.day for d in dots] + [day for day, _ in self.middles]
        self.time = Scale(*_whole_months(min(days), max(days)), left + 10, canvas.width - 16)

    def svg(self, title: str) -> Markup:
        """The drawing."""
        frame = self.frame
        ticks = [(self.log.at(value), self.say(value)) for value in self.log.ticks()]
        grid = [
            *plot.levels(ticks, frame.left, frame.right),
            *plot.months(self.time, self.canvas, frame.top, frame.bottom),
        ]
        parts = [
            self.key,
            Pattern('<g class="grid">{}</g>').format(joined(grid)),
            Pattern('<g class="crowd">{}</g>').format(joined(self._crowds())),
            *self._marks(),
            self._words(),
        ]
        return plot.svg(self.canvas, frame.bottom + 28, title, parts)

    def _key(self) -> Iterator[tuple[Markup, str]]:
        for look in self.looks.values():
            sample = Pattern('<g class="mark {}">{}</g>').format(look.css, Markup(look.shape))
            yield sample, f"{look.name} {number(self.counts[look.org], self.canvas.lang)}"
        rest = sum(dot.org not in self.looks for dot in self.dots)
        if rest:
            word = self.canvas.gettext("other or unknown organization")
            yield (
                Pattern('<g class="mark c0">{}</g>').format(Markup(plot.OTHER)),
                f"{word} {number(rest, self.canvas.lang)}",
            )

    def _at(self, dot: Dot) -> tuple[float, float]:
        return self.time.x(dot.day), self.log.at(dot.value)

    def _crowds(self) -> Iterator[Markup]:
        square = Pattern('<rect x="{x}" y="{y}" width="{side}" height="{side}"/>')
        most = log10(1 + max((crowd.count for crowd in self.crowds), default=1))
        for crowd, (day, value) in zip(self.crowds, self.middles, strict=True):
            side = 2.5 + 9 * sqrt(log10(1 + crowd.count) / most)
            yield square.format(
                x=n(self.time.x(day) - side / 2), y=n(self.log.at(value) - side / 2), side=n(side)
            )

    def _marks(self) -> Iterator[Markup]:
        """The others first, so that the series stand in front."""
        for dot in sorted(self.dots, key=lambda d: d.org in self.looks):
            look = self.looks.get(dot.org)
            told = self._told(dot) if self.canvas.width > _NARROW else ""
            yield plot.mark(
                look.shape if look else plot.OTHER, look.css if look else "c0", *self._at(dot), told
            )

    def _told(self, dot: Dot) -> str:
        parts = (dot.label, dot.maker, date(dot.date, self.canvas.lang), self.say(dot.value))
        return ", ".join(filter(None, parts))

    def _words(self) -> Markup:
        """The names of the models most others were made from, as far as there is room."""
        ranked = sorted(self.dots, key=lambda d: (-d.weight, -d.value, d.label))
        places = [self._at(dot) for dot in self.dots]
        reach = plot.REACH
        taken = [Rectangle(x - reach, y - reach, x + reach, y + reach) for x, y in places]
        wanted = [(*self._at(dot), dot.label) for dot in ranked if len(dot.label) <= 32]
        return plot.draw_labels(plot.labels(wanted, taken, self.frame))


def _middle(crowd: Crowd) -> tuple[float, float]:
    """The middle of a quarter, as a day, and of a half octave."""
    month = crowd.quarter * 3 - 1
    return dt.date(crowd.year, month, 15).toordinal(), 2 ** ((crowd.halves + 0.5) / 2)


def _whole_months(first: float, last: float) -> tuple[int, int]:
    """The start of the month of the first day, and the end of that of the last."""
    start = month_index(dt.date.fromordinal(int(first)))
    end = max(month_index(dt.date.fromordinal(int(last))) + 1, start + 3)
    return month_start(start).toordinal(), month_start(end).toordinal()
