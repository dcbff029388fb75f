"""Releases in lanes: time to the right, a lane for each maker or country, names where there is room.

A name stands in a row of its lane in which it meets no other; the most important come first. What finds no
room is counted by quarter in the strip of squares under the rows. Names lead to pages, so a drawing is
a group of links and no picture.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

import msgspec
from markupsafe import Markup

from kg.language.dates import date
from kg.language.numbers import number
from kg.language.width import text_width
from web.charts import plot
from web.charts.plot import Canvas
from web.charts.svg import Pattern, fitted, joined
from web.charts.svg import short as n
from web.charts.timescale import Scale, month_index, month_start

ROW, HEAD, STRIP = 22.0, 24.0, 14.0  # of a row of names, of a lane's name, of its strip: heights
DENSE = 16.5  # height of a row that no finger has to hit, as on paper
_GUTTER = 190.0  # for the names of lanes, where the drawing is wide
_WIDE = 760.0  # from here the names of lanes stand beside them
# Lanes from which the times stand above them as well, and the room for these
_MANY, _AXIS = 4, 22.0
_LONGEST = 230.0  # of a name, in pixels
_SIZE = 12.5
_CELL = 3.0  # pixels of a row that are taken or free together
_QUARTER = 3  # months that a square stands for
_SQUARE = Pattern('<rect x="{0}" y="{1}" width="{2}" height="{2}">{3}</rect>')
_TITLE = Pattern("<title>{}</title>")
_RELEASE = Pattern(
    '<a href="{}"><title>{}</title><g class="mark {}" transform="translate({} {})">'
    '<circle r="4.6"/></g><text x="{}" y="{}"{}>{}</text></a>'
)
_END = Markup(' text-anchor="end"')


class LaneItem(msgspec.Struct, frozen=True, kw_only=True):
    """One release."""

    key: int
    day: float  # ordinal
    label: str
    href: str
    told: str  # when it is pointed at, or read aloud
    css: str  # its color
    base: str = ""  # what it was made from, if that is not drawn


class Lane(NamedTuple):
    """The releases of one maker or country, the most important first."""

    label: str
    css: str
    items: Sequence[LaneItem]
    crowd: Mapping[int, int]  # others that are not to be named, by month (timescale.month_index)
    total: int


class _Placed(NamedTuple):
    """A release with its place."""

    item: LaneItem
    x: float
    row: int
    text: str
    before: bool  # its name stands before its mark


@dataclass(frozen=True, kw_only=True)
class _Laid:
    """A lane with its place."""

    lane: Lane
    top: float
    rows: int
    placed: list[_Placed]
    crowd: Mapping[int, int]
    row: float  # height of one

    def y(self, row: int) -> float:
        """The middle of a row."""
        return self.top + self.row * (row + 0.5)

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.top + self.row * self.rows + (STRIP if self.crowd else 0.0) + 4


def draw(
    lanes: Sequence[Lane],
    span: tuple[int, int],
    title: str,
    canvas: Canvas,
    most: int = 4,
    lines: Sequence[tuple[int, int]] = (),
    row: float = ROW,
) -> Markup:
    """Draw lanes.

    Args:
        lanes: from top to bottom; at least one.
        span: the first month and the month after the last, as numbers of timescale.month_index.
        title: what is shown.
        canvas: how to draw it.
        most: rows of names in one lane.
        lines: derivations to draw, as the keys of parent and child.
        row: height of a row of names.
    """
    return _Lanes(lanes, span, canvas, most, row).svg(title, lines)


def height_of(
    lanes: Sequence[Lane], span: tuple[int, int], canvas: Canvas, most: int, row: float
) -> float:
    """How tall a drawing is."""
    return _Lanes(lanes, span, canvas, most, row).height


class _Lanes:
    """One drawing, and what its parts share."""

    def __init__(
        self,
        lanes: Sequence[Lane],
        span: tuple[int, int],
        canvas: Canvas,
        most: int,
        row: float,
    ) -> None:
        self.canvas, self.most, self.row = canvas, most, row
        self._months: dict[int, float] = {}
        self._said = canvas.gettext("%(time)s: %(number)s more")
        self.beside = canvas.width >= _WIDE
        left = _GUTTER if self.beside else 10.0
        first, after = (month_start(month).toordinal() for month in span)
        self.scale = Scale(first, after, left + 8, canvas.width - 14)
        self.top = _AXIS if len(lanes) >= _MANY else 4.0
        self.laid = list(self._lay(lanes))
        self.bottom = self.laid[-1].bottom + 6
        self.height = self.bottom + 28

    def svg(self, title: str, lines: Sequence[tuple[int, int]]) -> Markup:
        """The drawing."""
        axis = joined(plot.months(self.scale, self.canvas, self.top, self.bottom, self.top > 4))
        parts = [
            joined(self._grounds()),
            Pattern('<g class="grid" aria-hidden="true">{}</g>').format(axis),
            joined(self._lines(lines)),
            *(part for laid in self.laid for part in self._lane(laid)),
        ]
        return plot.svg(self.canvas, self.height, title, parts, role="group")

    # ---- layout

    def _lay(self, lanes: Sequence[Lane]) -> Iterator[_Laid]:
        top = self.top + 4
        for lane in lanes:
            head = 0.0 if self.beside else HEAD
            placed, crowd = self._place(lane)
            rows = 1 + max((p.row for p in placed), default=0)
            laid = _Laid(
                lane=lane, top=top + head, rows=rows, placed=placed, crowd=crowd, row=self.row
            )
            yield laid
            top = laid.bottom + self.row * 0.45

    def _place(self, lane: Lane) -> tuple[list[_Placed], Mapping[int, int]]:
        """The releases that find room for their names, and the others counted by month."""
        taken: list[int] = []
        placed, crowd = list[_Placed](), dict(lane.crowd)
        for item in lane.items:
            if found := self._fit(item, taken):
                placed.append(found)
            else:
                month = month_index(dt.date.fromordinal(int(item.day)))
                crowd[month] = crowd.get(month, 0) + 1
        return placed, crowd

    def _fit(self, item: LaneItem, taken: list[int]) -> _Placed | None:
        """The first row in which a name meets no other.

        Args:
            item: the release.
            taken: of each row the cells that are taken, as bits; a row is added where one is needed.
        """
        x = self.scale.x(item.day)
        text, wide = _measured(item.label, item.base)
        before = x + wide > self.canvas.width - 4
        if before and x - wide < self.scale.left - 8:
            text = fitted(text, max(40.0, self.canvas.width - 4 - x - 12), _SIZE)
            before, wide = False, 12 + text_width(text, _SIZE)
        start, end = (x - wide, x + 7) if before else (x - 7, x + wide)
        first = max(0, int((start - 3) / _CELL))
        cells = ((1 << (int((end + 3) / _CELL) - first + 1)) - 1) << first
        for row, held in enumerate(taken):
            if not held & cells:
                taken[row] = held | cells
                return _Placed(item, x, row, text, before)
        if len(taken) < self.most:
            taken.append(cells)
            return _Placed(item, x, len(taken) - 1, text, before)
        return None

    # ---- drawing

    def _grounds(self) -> Iterator[Markup]:
        for laid in self.laid:
            top = laid.top - (0.0 if self.beside else HEAD)
            yield Pattern(
                '<rect class="ground" x="4" y="{}" width="{}" height="{}" rx="5"/>'
            ).format(n(top - 3), n(self.canvas.width - 8), n(laid.bottom - top + 4))

    def _lane(self, laid: _Laid) -> Iterator[Markup]:
        yield self._head(laid)
        if laid.crowd:
            squares = joined(self._strip(laid))
            yield Pattern('<g class="crowd-marks {}">{}</g>').format(laid.lane.css, squares)
        yield joined(self._release(laid, placed) for placed in _by_day(laid.placed))

    def _head(self, laid: _Laid) -> Markup:
        total = number(laid.lane.total, self.canvas.lang)
        room = (_GUTTER if self.beside else self.canvas.width) - 34 - text_width(total, _SIZE) - 8
        name = fitted(laid.lane.label, room, plot.SIZE)
        y = laid.y(0) + 4.5 if self.beside else laid.top - 8
        return Pattern(
            '<g class="mark {css}" transform="translate(18 {my})"><circle r="4.6"/></g>'
            '<text class="total" x="29" y="{y}">{name} <tspan class="count">{total}</tspan></text>'
        ).format(css=laid.lane.css, my=n(y - 4.5), y=n(y), name=name, total=total)

    def _strip(self, laid: _Laid) -> Iterator[Markup]:
        """Squares for what is not named, larger for more; each says its time where one can point at it."""
        counts: Counter[int] = Counter()
        for month, count in laid.crowd.items():
            counts[month // _QUARTER * _QUARTER] += count
        most, y = max(counts.values()), laid.bottom - 4 - STRIP / 2
        for month, count in sorted(counts.items()):
            side = 3.5 + 6.5 * sqrt(count / most)
            x = (self._month(month) + self._month(month + _QUARTER)) / 2
            x = min(max(x, self.scale.left), self.scale.right)
            yield _SQUARE.format(
                n(x - side / 2), n(y - side / 2), n(side), self._more(month, count)
            )

    def _month(self, month: int) -> float:
        """Where a month begins."""
        if month not in self._months:
            self._months[month] = self.scale.x(month_start(month).toordinal())
        return self._months[month]

    def _more(self, month: int, count: int) -> Markup:
        if not self.beside:
            return Markup("")
        lang = self.canvas.lang
        first, last = (date(_iso(m), lang) for m in (month, month + _QUARTER - 1))
        told = self._said % {"time": f"{first} – {last}", "number": number(count, lang)}
        return _TITLE.format(told)

    def _release(self, laid: _Laid, placed: _Placed) -> Markup:
        item, y = placed.item, laid.y(placed.row)
        return _RELEASE.format(
            item.href,
            item.told,
            item.css,
            n(placed.x),
            n(y),
            n(placed.x - 9 if placed.before else placed.x + 9),
            n(y + 4.3),
            _END if placed.before else "",
            placed.text,
        )

    def _lines(self, lines: Sequence[tuple[int, int]]) -> Iterator[Markup]:
        """From each parent to its child, as a curve that leaves and comes in along the time."""
        places = {
            placed.item.key: (placed.x, laid.y(placed.row), placed.item.css)
            for laid in self.laid
            for placed in laid.placed
        }
        for parent, child in lines:
            if parent in places and child in places:
                (x, y, _), (u, v, css) = places[parent], places[child]
                bend = max(14.0, min(60.0, abs(u - x) / 2))
                yield Pattern('<path class="line {}" d="M{} {}C{} {} {} {} {} {}"/>').format(
                    css, *map(n, (x, y, x + bend, y, u - bend, v, u, v))
                )


@lru_cache(4096)
def _measured(label: str, base: str) -> tuple[str, float]:
    """The words of a release, as long as they may be, and how much room they take behind their mark."""
    text = fitted(f"{label} ← {base}" if base else label, _LONGEST, _SIZE)
    return text, 12 + text_width(text, _SIZE)


def _iso(month: int) -> str:
    return f"{month // 12:04}-{month % 12 + 1:02}"


def _by_day(placed: Sequence[_Placed]) -> list[_Placed]:
    """In the order of time, in which the keyboard goes through them."""
    return sorted(placed, key=lambda one: (one.item.day, one.row))
