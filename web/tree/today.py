"""Today's families as one drawing along time: which came out of which, and how much came of each.

A row for each name, so that no line crosses one. Without style attributes and script, as every drawing here
(static/tree/today.css).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kg.answers.boards.today import FamilyToday
from kg.language.dates import date as date_words
from kg.language.numbers import number
from kg.language.width import clean
from web.app.i18n import gettext, ngettext
from web.charts.org_colors import org_color
from web.charts.svg import Pattern, fitted, joined
from web.charts.svg import short as _n
from web.charts.timescale import Scale, span, ticks
from web.ui.links import href

# Widths: of all, before the first dot, for names behind the last
_WIDTH, _LEFT, _LABELS = 700.0, 16.0, 150.0
_ROW, _TOP, _FOOT = 23.0, 8.0, 26.0
_NAME = 14.0  # font size, as in today.css
_MARGIN = 20  # days before the first dot and behind the last
_SMALLEST, _LARGEST = 3.6, 10.5  # radius of a dot


class _Spot(NamedTuple):
    """Where a family stands."""

    x: float
    y: float
    radius: float


def _describe(family: FamilyToday, lang: str) -> str:
    """What a family is, in words, behind its name: maker, date, models."""
    count = ngettext("%(total)s model", "%(total)s models", family.models)
    told = (
        family.org_label,
        date_words(family.date, lang),
        count % {"total": number(family.models, lang)},
    )
    return ", ".join(filter(None, told))


def today_svg(families: Sequence[FamilyToday], lang: str, help_id: str) -> Markup:
    """The drawing; "" where there is nothing to draw.

    Args:
        families: each behind the one it comes from.
        lang: language of dates and numbers.
        help_id: of the element that says how it is read.
    """
    if not families:
        return Markup("")
    scale = _scale(families)
    spots = _place(families, scale)
    end = _TOP + _ROW * len(families)
    return Pattern(
        '<svg xmlns="http://www.w3.org/2000/svg" class="lineage today" viewBox="0 0 {w} {h}" width="{w}"'
        ' height="{h}" role="group" aria-label="{label}" aria-describedby="{help}">'
        '<g class="axis" aria-hidden="true">{axis}</g><g aria-hidden="true">{lines}</g>{dots}</svg>'
    ).format(
        w=_n(_WIDTH),
        h=_n(end + _FOOT),
        label=gettext("Families of language models by release date, and which came out of which"),
        help=help_id,
        axis=joined(_axis(scale, end, lang)),
        lines=joined(_lines(families, spots)),
        dots=joined(_dots(families, spots, lang)),
    )


def _scale(families: Sequence[FamilyToday]) -> Scale:
    days = [_day(family) for family in families]
    return Scale(round(min(days)) - _MARGIN, round(max(days)) + _MARGIN, _LEFT, _WIDTH - _LABELS)


def _day(family: FamilyToday) -> float:
    found = span(family.date)
    return found.middle if found else 0.0  # none is shown that has no date


def _place(families: Sequence[FamilyToday], scale: Scale) -> Mapping[str, _Spot]:
    most = math.log1p(max(family.models for family in families))
    return {
        family.id: _Spot(
            scale.x(_day(family)),
            _TOP + _ROW * (row + 0.5),
            _SMALLEST + (_LARGEST - _SMALLEST) * (math.log1p(family.models) / most) ** 2,
        )
        for row, family in enumerate(families)
    }


def _axis(scale: Scale, end: float, lang: str) -> Iterator[Markup]:
    """A line for each year."""
    for tick in ticks(scale, 0.0)[1]:
        if tick.day.month == 1:
            yield Pattern('<path d="M{x} 4V{end}"/><text x="{t}" y="{y}">{word}</text>').format(
                x=_n(tick.x),
                end=_n(end + 4),
                t=_n(tick.x + 4),
                y=_n(end + _FOOT - 8),
                word=date_words(str(tick.day.year), lang),
            )


def _lines(families: Sequence[FamilyToday], spots: Mapping[str, _Spot]) -> Iterator[Markup]:
    for family in families:
        color = org_color(family.org)
        for other in family.further:
            yield _line(f"further {color}", spots[other], spots[family.id])
        if family.parent:
            yield _line(f"{family.tie} {color}", spots[family.parent], spots[family.id])


def _line(classes: str, above: _Spot, here: _Spot) -> Markup:
    """Down from a parent and then along the row of the child, where nothing else stands."""
    low = above.y + (here.y - above.y) * 0.35
    path = f"M{_n(above.x)} {_n(above.y)}C{_n(above.x)} {_n(low)} {_n(above.x)} {_n(here.y)} {_n(here.x)} {_n(here.y)}"
    return Pattern('<path class="tie {}" pathLength="1" d="{}"/>').format(classes, path)


def _dots(
    families: Sequence[FamilyToday], spots: Mapping[str, _Spot], lang: str
) -> Iterator[Markup]:
    for family in families:
        spot = spots[family.id]
        text_x = spot.x + spot.radius + 6
        told = _describe(family, lang)
        name = clean(family.label) or family.id
        yield Pattern(
            '<a class="node {color}" href="{href}" aria-label="{name}, {told}"><title>{told}</title>'
            '<rect class="hit" x="{hx}" y="{hy}" width="{hw}" height="{row}" rx="8"/>'
            '<circle cx="{x}" cy="{y}" r="{r}"/><text x="{tx}" y="{ty}"{lang}>{seen}</text></a>'
        ).format(
            color=org_color(family.org),
            href=href(family.id),
            name=name,
            told=told,
            hx=_n(spot.x - 12),
            hy=_n(spot.y - _ROW / 2),
            hw=_n(_WIDTH - spot.x + 12 if text_x > _WIDTH - _LABELS else 24 + _LABELS),
            row=_n(_ROW),
            x=_n(spot.x),
            y=_n(spot.y),
            r=_n(spot.radius),
            tx=_n(text_x),
            ty=_n(spot.y + 5),
            lang=Pattern(' lang="{}"').format(family.lang) if family.lang not in ("", lang) else "",
            seen=fitted(name, _WIDTH - text_x - 4, _NAME),
        )
