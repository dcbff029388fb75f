"""A ranking as a dot plot: one row a model, the score to the right.

A dot plot need not start at 0, so that scores near each other can be told apart; the axis says where
it starts. The table of the ranking stands beside it with sources and notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from kg.language.numbers import number
from kg.language.width import text_width
from web.charts import plot
from web.charts.plot import Canvas
from web.charts.svg import Pattern, fitted, joined
from web.charts.svg import short as n

MOST = 25  # rows
LEAST = 2
_ROW = 27.0


class ScoreRow(NamedTuple):
    """One score."""

    rank: int
    model: str  # its name
    value: float
    text: str  # with its unit


def draw(rows: Sequence[ScoreRow], title: str, canvas: Canvas) -> Markup:
    """Draw a ranking.

    Args:
        rows: best first, at least LEAST; only the first MOST are drawn.
        title: what is compared.
        canvas: how to draw it.
    """
    shown = rows[:MOST]
    values = [row.value for row in shown]
    steps = plot.round_steps(min(values), max(values), 4 if canvas.width > 500 else 3)
    room = canvas.width * 0.42
    names = [fitted(row.model, room, plot.SIZE) for row in shown]
    left = 14 + max(text_width(name, plot.SIZE) for name in names)
    beyond = 16 + max(text_width(row.text, plot.SIZE) for row in shown)
    right = max(canvas.width - beyond, left + 60)
    bottom = 10 + _ROW * len(shown)

    def at(value: float) -> float:
        return left + 12 + (value - steps[0]) / (steps[-1] - steps[0]) * (right - left - 16)

    grid = _grid([(at(step), number(step, canvas.lang)) for step in steps], bottom, canvas.width)
    drawn = [
        _row(row, name, left, at(row.value), 10 + _ROW * (i + 0.5), row.rank == 1)
        for i, (row, name) in enumerate(zip(shown, names, strict=True))
    ]
    return plot.svg(canvas, bottom + 28, title, [grid, *drawn])


def _grid(ticks: Sequence[tuple[float, str]], bottom: float, width: float) -> Markup:
    """Lines and words of the axis; a word that would touch the one before is left out."""
    parts, end = list[Markup](), 0.0
    for x, word in ticks:
        half = text_width(word, 12.5) / 2
        parts.append(Pattern('<path d="M{x} 6V{b}"/>').format(x=n(x), b=n(bottom)))
        if x - half > end + 6 and x + half < width:
            parts.append(
                Pattern('<text x="{x}" y="{y}" text-anchor="middle">{word}</text>').format(
                    x=n(x), y=n(bottom + 18), word=word
                )
            )
            end = x + half
    return Pattern('<g class="grid">{}</g>').format(joined(parts))


def _row(row: ScoreRow, name: str, left: float, x: float, y: float, best: bool) -> Markup:
    shape = plot.MARKS[3] if best else plot.MARKS[0]
    return Pattern(
        '<text x="{end}" y="{t}" text-anchor="end"{heavy}>{name}</text><path class="stem" d="M{start} {y}H{x}"/>'
        '{mark}<text class="soft" x="{beside}" y="{t}">{text}</text>'
    ).format(
        end=n(left),
        start=n(left + 6),
        t=n(y + 4.5),
        y=n(y),
        x=n(x),
        name=name,
        text=row.text,
        heavy=Markup(' class="total"') if best else "",
        beside=n(x + 11),
        mark=plot.mark(shape, "c1", x, y, f"{row.model}: {row.text}"),
    )
