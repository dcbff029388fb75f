"""Columns of parts on each other: how many of each kind there are in each period.

Parts differ in pattern as well as in color.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kg.language.numbers import number
from kg.language.width import text_width
from web.charts import plot
from web.charts.plot import Canvas
from web.charts.svg import Pattern, joined
from web.charts.svg import short as n

_TALL, _TOP = 240.0, 26.0

# What fills a part, drawn in a tile of 8 by 8.
FULL = '<rect class="tint" width="8" height="8"/>'
STRIPES = '<rect class="wash" width="8" height="8"/><path class="hatch" d="M-2 6 6-2M2 10 10 2"/>'
BLANK = ""
POINTS = '<circle class="tint" cx="2" cy="2" r="1.6"/><circle class="tint" cx="6" cy="6" r="1.6"/>'
CROSSES = '<rect class="wash" width="8" height="8"/><path class="hatch" d="M0 0 8 8M8 0 0 8"/>'


class StackPart(NamedTuple):
    """A kind of what is counted, from the bottom of a column upward."""

    key: str
    word: str
    css: str  # its color
    tile: str


class StackColumn(NamedTuple):
    """A period."""

    name: str
    counts: Mapping[str, int]  # by the key of a part

    @property
    def total(self) -> int:
        """All that is counted."""
        return sum(self.counts.values())


def draw(
    columns: Sequence[StackColumn], parts: Sequence[StackPart], title: str, canvas: Canvas
) -> Markup:
    """Draw columns.

    Args:
        columns: at least one.
        parts: those that occur.
        title: what the chart shows.
        canvas: how to draw it.
    """
    key, used = plot.legend([(_sample(part), part.word) for part in parts], canvas.width - 12, 0)
    bottom = used + _TOP + _TALL
    steps = plot.round_steps(0, max(column.total for column in columns), 4)
    steps = [step for step in steps if step == int(step)]
    left = 20 + max(text_width(number(step, canvas.lang), 12.5) for step in steps)
    scale = _TALL / max(steps)
    ticks = [(bottom - step * scale, number(step, canvas.lang)) for step in steps]
    grid = Pattern('<g class="grid">{}</g>').format(
        joined(plot.levels(ticks, left, canvas.width - 8))
    )
    room = (canvas.width - 8 - left) / len(columns)
    drawn = [
        _column(
            column, parts, left + room * (i + 0.5), min(room * 0.66, 64.0), bottom, scale, canvas
        )
        for i, column in enumerate(columns)
    ]
    names = _names(columns, left, room, bottom, canvas)
    return plot.svg(
        canvas, bottom + 28, title, [key, grid, *drawn, names], _patterns(parts, canvas)
    )


def _pattern(part: StackPart, canvas: Canvas) -> str:
    """The id of a pattern; a page may hold the chart in several widths."""
    return f"mix-{part.key}-{canvas.width:.0f}"


def _patterns(parts: Sequence[StackPart], canvas: Canvas) -> Markup:
    tiles = (
        Pattern(
            '<pattern id="{}" class="{}" width="8" height="8" patternUnits="userSpaceOnUse">'
            "{}</pattern>"
        ).format(_pattern(part, canvas), part.css, Markup(part.tile))
        for part in parts
    )
    return Pattern("<defs>{}</defs>").format(joined(tiles))


def _sample(part: StackPart) -> Markup:
    tile = Markup(
        '<g class="{css}"><rect class="part" x="-7" y="-7" width="14" height="14"/>'
        '<svg x="-7" y="-7" width="14" height="14" viewBox="0 0 8 8">{tile}</svg></g>'
    )
    return tile.format(css=part.css, tile=Markup(part.tile))


def _column(
    column: StackColumn,
    parts: Sequence[StackPart],
    x: float,
    wide: float,
    bottom: float,
    scale: float,
    canvas: Canvas,
) -> Markup:
    drawn, y = list[Markup](), bottom
    for part in parts:
        count = column.counts.get(part.key, 0)
        if not count:
            continue
        tall = count * scale
        y -= tall
        told = f"{column.name}, {part.word}: {number(count, canvas.lang)}"
        place = Pattern('x="{}" y="{}" width="{}" height="{}"').format(
            n(x - wide / 2), n(y), n(wide), n(tall)
        )
        drawn.append(
            Pattern(
                '<g class="{}"><title>{}</title><rect class="part" {}/><rect {} fill="url(#{})"/></g>'
            ).format(part.css, told, place, place, _pattern(part, canvas))
        )
    if column.total:
        drawn.append(
            Pattern('<text class="total" x="{}" y="{}" text-anchor="middle">{}</text>').format(
                n(x), n(y - 6), number(column.total, canvas.lang)
            )
        )
    return joined(drawn)


def _names(
    columns: Sequence[StackColumn], left: float, room: float, bottom: float, canvas: Canvas
) -> Markup:
    """The names of the columns, as many as there is room for, the last always."""
    words, end = list[Markup](), canvas.width
    for i in reversed(range(len(columns))):
        name = columns[i].name
        x, half = left + room * (i + 0.5), text_width(name, 12.5) / 2
        x = min(x, canvas.width - half - 2)
        if x + half + 8 <= end:
            words.append(
                Pattern('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
                    n(x), n(bottom + 19), name
                )
            )
            end = x - half
    return Pattern('<g class="grid">{}</g>').format(joined(reversed(words)))
