"""The license mix of a family over time: what may be done commercially with the models of each year.

Counted from the arrays of the snapshot (dates and verdicts by node), so that a family of a hundred
thousand costs milliseconds. Verdicts differ in pattern as well as in color.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from kg.answers.license_mix import Period, list_verdicts
from kg.language.numbers import number
from kg.language.width import text_width
from kg.licenses.terms import Verdict
from web.charts import plot
from web.charts.plot import Canvas
from web.charts.svg import Pattern
from web.charts.svg import short as n
from web.ui.verdicts import LOOKS

_TALL, _TOP = 240.0, 26.0

# What fills a part of a column: every verdict a pattern of its own. Drawn in a tile of 8 by 8.
_TILES: Mapping[Verdict, str] = {
    "allowed": '<rect class="tint" width="8" height="8"/>',
    "conditional": '<rect class="wash" width="8" height="8"/><path class="hatch" d="M-2 6 6-2M2 10 10 2"/>',
    "unknown": "",
    "contested": '<circle class="tint" cx="2" cy="2" r="1.6"/><circle class="tint" cx="6" cy="6" r="1.6"/>',
    "prohibited": '<rect class="wash" width="8" height="8"/><path class="hatch" d="M0 0 8 8M8 0 0 8"/>',
}


def draw(periods: Sequence[Period], title: str, canvas: Canvas) -> Markup:
    """Draw the mix as stacked columns.

    Args:
        periods: at least one.
        title: what the chart shows.
        canvas: how to draw it.
    """
    shown, say = list_verdicts(periods), canvas.gettext
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
