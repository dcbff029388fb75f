"""Simple aggregates as bars: a table of one name and one number a row, drawn as SVG.

Only presentation attributes and classes (static/query.css). The table stands beside it with the same
values, so a reader of the page misses nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from kg.language.numbers import number as number_words
from web.app.context import lang
from web.charts.svg import Pattern, fitted
from web.data._table import AnswerTable

MOST = 30  # bars
_ROW, _BAR, _LABEL, _WIDTH, _VALUE, _SIZE = 26.0, 16.0, 160.0, 400.0, 66.0, 13.0


class Chart(NamedTuple):
    """A drawing of a table."""

    svg: Markup
    names: str  # the columns it shows
    values: str
    shown: int  # rows


def chart_of(table: AnswerTable) -> Chart | None:
    """Bars for a table with one column of numbers and one or two that name them; None for others.

    >>> chart_of(AnswerTable(["a"], [], 0)) is None
    True
    """
    if not 2 <= len(table.columns) <= 3 or len(table.rows) < 2:
        return None
    numeric = [
        i
        for i, _ in enumerate(table.columns)
        if all(row[i].number is not None for row in table.rows)
    ]
    if len(numeric) != 1 or numeric[0] == 0:
        return None
    column, rows = numeric[0], table.rows[:MOST]
    names = [row[0].key or row[0].text for row in rows]
    if len(set(names)) < len(names):
        return None
    bars = [(row[0].text, row[column].number or 0.0) for row in rows]
    title = f"?{table.columns[column]} / ?{table.columns[0]}"
    return Chart(_svg(bars, title), table.columns[0], table.columns[column], len(bars))


def _svg(bars: list[tuple[str, float]], title: str) -> Markup:
    values = [value for _, value in bars]
    low, high = min(0.0, *values), max(0.0, *values)
    span, room = (high - low) or 1.0, _WIDTH - _LABEL - _VALUE
    zero = _LABEL - low / span * room
    height = _ROW * len(bars) + 8
    parts = [
        _bar(i, text, value, zero, abs(value) / span * room) for i, (text, value) in enumerate(bars)
    ]
    return Pattern(
        '<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {:g} {:g}" width="{:g}" height="{:g}">'
        '<path class="zero" d="M{:.1f} 0V{:g}"/>{}</svg>'
    ).format(title, _WIDTH, height, _WIDTH, height, zero, height, Markup("").join(parts))


def _bar(place: int, text: str, value: float, zero: float, long: float) -> Markup:
    top, middle = place * _ROW + 4 + (_ROW - _BAR) / 2, place * _ROW + 4 + _ROW / 2 + 4.5
    length = max(long, 1.0)
    left = zero if value >= 0 else zero - length
    return Pattern(
        '<text class="name" x="{:g}" y="{:.1f}" text-anchor="end">{}</text>'
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:g}" rx="2"/>'
        '<text class="value" x="{:.1f}" y="{:.1f}">{}</text>'
    ).format(
        _LABEL - 8,
        middle,
        fitted(text, _LABEL - 12, _SIZE),
        left,
        top,
        length,
        _BAR,
        left + length + 6,
        middle,
        number_words(value, lang()),
    )
