"""A board as a poster: lanes under a title on a sheet of paper that lies on its side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kg.language.width import text_width
from web.charts import lanes
from web.charts.lanes import Lane
from web.charts.plot import Canvas
from web.charts.svg import Pattern, fitted
from web.charts.svg import short as n

# Sheets of ISO 216 on their side, in millimeters.
SIZES: Mapping[str, tuple[int, int]] = {
    "a1": (841, 594),
    "a2": (594, 420),
    "a3": (420, 297),
    "a4": (297, 210),
}
ROWS = 10_000  # every name finds a row
_ASPECT = 841 / 594
_MARGIN, _HEAD, _FOOT = 36.0, 96.0, 44.0
_WIDTHS = range(1200, 6001, 120)  # of the lanes, the first that makes them low enough


class PosterWords(NamedTuple):
    """What stands on a poster beside the lanes."""

    title: str
    subtitle: str
    legend: str


def draw_poster(
    shown: Sequence[Lane],
    span: tuple[int, int],
    lines: Sequence[tuple[int, int]],
    words: PosterWords,
    size: str,
    canvas: Canvas,
) -> Markup:
    """Draw a poster that stands alone.

    Args:
        shown: the lanes.
        span: months, as of web.charts.lanes.draw.
        lines: derivations among them.
        words: title and the like.
        size: in SIZES.
        canvas: language, style and credit; its width follows from what is drawn.
    """
    bare = canvas._replace(alone=Markup(""))
    width, tall = _fitting(shown, span, bare)
    across = max(width + 2 * _MARGIN, (tall + _HEAD + _FOOT + 2 * _MARGIN) * _ASPECT)
    down = across / _ASPECT
    inner = bare._replace(width=across - 2 * _MARGIN)
    drawn = lanes.draw(shown, span, words.title, inner, ROWS, lines, lanes.DENSE)
    paper_width, paper_height = SIZES[size]
    return Pattern(
        '<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="group" width="{pw}mm" height="{ph}mm" '
        'viewBox="0 0 {w} {h}" lang="{lang}" aria-label="{title}"><title>{title}</title><desc>{credit}</desc>'
        '<style>{style}</style><rect class="paper" width="{w}" height="{h}"/>'
        '<text class="poster-title" x="{m}" y="{ty}">{shown_title}</text>'
        '<text class="poster-sub" x="{m}" y="{sy}">{subtitle}</text>'
        '<g transform="translate({m} {top})">{drawn}</g>'
        '<text class="soft" x="{m}" y="{fy}">{legend}</text>'
        '<text class="soft" x="{right}" y="{fy}" text-anchor="end">{credit}</text></svg>'
    ).format(
        pw=paper_width,
        ph=paper_height,
        w=n(across),
        h=n(down),
        lang=canvas.lang,
        title=words.title,
        shown_title=fitted(words.title, across - 2 * _MARGIN, 38),
        subtitle=words.subtitle,
        legend=fitted(words.legend, across - 4 * _MARGIN - text_width(canvas.credit, 13), 13),
        credit=canvas.credit,
        style=canvas.alone,
        m=n(_MARGIN),
        ty=n(_MARGIN + 34),
        sy=n(_MARGIN + 66),
        top=n(_MARGIN + _HEAD),
        fy=n(down - _MARGIN + 6),
        right=n(across - _MARGIN),
        drawn=drawn,
    )


def _fitting(shown: Sequence[Lane], span: tuple[int, int], canvas: Canvas) -> tuple[float, float]:
    """The least width at which the lanes fit a sheet, and how tall they are then."""
    width, tall = float(_WIDTHS[0]), 0.0
    for wide in _WIDTHS:
        width = float(wide)
        tall = lanes.height_of(shown, span, canvas._replace(width=width), ROWS, lanes.DENSE)
        if (tall + _HEAD + _FOOT + 2 * _MARGIN) * _ASPECT <= width + 2 * _MARGIN:
            break
    return width, tall
