"""The license mix of a family over time: what may be done commercially with the models of each year.

Counted from the arrays of the snapshot (dates and verdicts by node), so that a family of a hundred
thousand costs milliseconds. Verdicts differ in pattern as well as in color.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from kg.language.numbers import number
from kg.language.width import text_width
from kg.licenses.rules import SEVERITY
from kg.licenses.terms import Verdict
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.charts import plot
from web.charts.plot import Canvas
from web.charts.svg import Pattern
from web.tree.axis import short as n
from web.ui.verdicts import LOOKS

QUARTERS = 12  # as many are shown; a longer time is shown by year
LEAST = 3  # dated models from which a chart says something
_TALL, _TOP = 240.0, 26.0

# What fills a part of a column: every verdict a pattern of its own. Drawn in a tile of 8 by 8.
_TILES: Mapping[Verdict, str] = {
    "allowed": '<rect class="tint" width="8" height="8"/>',
    "conditional": '<rect class="wash" width="8" height="8"/><path class="hatch" d="M-2 6 6-2M2 10 10 2"/>',
    "unknown": "",
    "contested": '<circle class="tint" cx="2" cy="2" r="1.6"/><circle class="tint" cx="6" cy="6" r="1.6"/>',
    "prohibited": '<rect class="wash" width="8" height="8"/><path class="hatch" d="M0 0 8 8M8 0 0 8"/>',
}


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
def mix(held: Snapshot, family: int) -> list[Period]:
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
    dates, codes = held.lineage.dates[nodes], held.verdicts[nodes, 0]
    dated = dates > 0
    if int(dated.sum()) < LEAST:
        return []
    return [*_periods(dates[dated], codes[dated]), *_undated(codes[~dated])]


def _periods(dates: np.ndarray, codes: np.ndarray) -> Iterator[Period]:
    """Quarters, or years where those would be too many, without gaps."""
    quarters = dates // 10000 * 4 + (dates // 100 % 100 - 1) // 3
    first, last = int(quarters.min()), int(quarters.max())
    years = last - first >= QUARTERS
    if years:
        quarters, first, last = quarters // 4, first // 4, last // 4
    for place in range(first, last + 1):
        year, quarter = (place, 0) if years else (place // 4, place % 4 + 1)
        yield Period(year, quarter, _counts(codes[quarters == place]))


def _undated(codes: np.ndarray) -> Iterator[Period]:
    if len(codes):
        yield Period(0, 0, _counts(codes))


def _counts(codes: np.ndarray) -> dict[Verdict, int]:
    counted = np.bincount(codes, minlength=len(SEVERITY) + 1)
    found = {verdict: int(counted[1 + i]) for i, verdict in enumerate(SEVERITY)}
    found["unknown"] += int(counted[0])
    return {verdict: found[verdict] for verdict in LOOKS}


def present(periods: Sequence[Period]) -> list[Verdict]:
    """The verdicts that occur, the mildest first."""
    return [verdict for verdict in LOOKS if any(p.counts[verdict] for p in periods)]


def draw(periods: Sequence[Period], title: str, canvas: Canvas) -> Markup:
    """Draw the mix as stacked columns.

    Args:
        periods: at least one.
        title: what the chart shows.
        canvas: how to draw it.
    """
    shown, say = present(periods), canvas.gettext
    key, used = plot.legend([(_sample(v), say(LOOKS[v].word)) for v in shown], canvas.width - 12, 0)
    bottom = used + _TOP + _TALL
    steps = plot.round_steps(0, max(p.total for p in periods), 4)
    steps = [step for step in steps if step == int(step)]
    left = 20 + max(text_width(number(step, canvas.lang), 12.5) for step in steps)
    scale = _TALL / max(steps)
    ticks = [(bottom - step * scale, number(step, canvas.lang)) for step in steps]
    grid = Pattern('<g class="grid">{}</g>').format(
        Markup("").join(plot.levels(ticks, left, canvas.width - 8))
    )
    room = (canvas.width - 8 - left) / len(periods)
    columns = [
        _column(period, left + room * (i + 0.5), min(room * 0.66, 64.0), bottom, scale, canvas)
        for i, period in enumerate(periods)
    ]
    names = _names(periods, left, room, bottom, canvas)
    return plot.svg(
        canvas, bottom + 28, title, [key, grid, *columns, names], _patterns(shown, canvas)
    )


def _pattern(verdict: Verdict, canvas: Canvas) -> str:
    """The id of a pattern; a page may hold the chart in two widths."""
    return f"mix-{verdict}-{canvas.width:.0f}"


def _patterns(shown: Sequence[Verdict], canvas: Canvas) -> Markup:
    tiles = (
        Pattern(
            '<pattern id="{}" class="v-{}" width="8" height="8" patternUnits="userSpaceOnUse">'
            "{}</pattern>"
        ).format(_pattern(v, canvas), v, Markup(_TILES[v]))
        for v in shown
    )
    return Pattern("<defs>{}</defs>").format(Markup("").join(tiles))


def _sample(verdict: Verdict) -> Markup:
    tile = Markup(
        '<g class="v-{v}"><rect class="part" x="-7" y="-7" width="14" height="14"/>'
        '<svg x="-7" y="-7" width="14" height="14" viewBox="0 0 8 8">{tile}</svg></g>'
    )
    return tile.format(v=verdict, tile=Markup(_TILES[verdict]))


def _column(
    period: Period, x: float, wide: float, bottom: float, scale: float, canvas: Canvas
) -> Markup:
    parts, y = list[Markup](), bottom
    name = period.name(canvas.lang, canvas.gettext("date unknown"))
    for verdict, count in period.counts.items():
        if not count:
            continue
        tall = count * scale
        y -= tall
        told = f"{name}, {canvas.gettext(LOOKS[verdict].word)}: {number(count, canvas.lang)}"
        place = Pattern('x="{}" y="{}" width="{}" height="{}"').format(
            n(x - wide / 2), n(y), n(wide), n(tall)
        )
        parts.append(
            Pattern(
                '<g class="v-{}"><title>{}</title><rect class="part" {}/><rect {} fill="url(#{})"/></g>'
            ).format(verdict, told, place, place, _pattern(verdict, canvas))
        )
    if period.total:
        parts.append(
            Pattern('<text class="total" x="{}" y="{}" text-anchor="middle">{}</text>').format(
                n(x), n(y - 6), number(period.total, canvas.lang)
            )
        )
    return Markup("").join(parts)


def _names(
    periods: Sequence[Period], left: float, room: float, bottom: float, canvas: Canvas
) -> Markup:
    """The names of the columns, as many as there is room for, the last always."""
    undated = canvas.gettext("date unknown")
    words, end = list[Markup](), canvas.width
    for i in reversed(range(len(periods))):
        name = periods[i].name(canvas.lang, undated)
        x, half = left + room * (i + 0.5), text_width(name, 12.5) / 2
        x = min(x, canvas.width - half - 2)
        if x + half + 8 <= end:
            words.append(
                Pattern('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
                    n(x), n(bottom + 19), name
                )
            )
            end = x - half
    return Pattern('<g class="grid">{}</g>').format(Markup("").join(reversed(words)))
