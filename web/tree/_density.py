"""The strip under a drawn family tree: how many models came out each month that the drawing does not show."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from babel.dates import format_skeleton
from markupsafe import Markup

from kg.answers.tree.columns import UNDATED
from kg.answers.tree.tree import Tree
from kg.language.numbers import number
from web.charts.svg import Pattern, joined, short
from web.charts.timescale import Scale, month_start
from web.tree._layout import TreeLayout

_TALL = 26.0  # of the highest bar
_WORDS = 26.0  # above the bars


def density(
    tree: Tree, plan: TreeLayout, lang: str, gettext: Callable[[str], str], top: float
) -> tuple[Markup, float]:
    """Draw the strip of a tree; gives it and its height, nothing where all is shown or no date is known.

    Args:
        tree: the tree.
        plan: its layout.
        lang: language of the months.
        gettext: translates a word of the interface.
        top: where it begins.
    """
    months = {month: many for month, many in tree.unseen.items() if month != UNDATED}
    if not months or plan.scale is None:
        return Markup(""), 0.0
    strip = Pattern('<g class="density" role="img" aria-label="{words}">{body}</g>').format(
        words=(words := _words(tree, months, lang, gettext)),
        body=joined(
            [
                Pattern('<text x="12" y="{}">{}</text>').format(short(top + 17), words),
                *_bars(months, plan.scale, lang, top + _WORDS),
            ]
        ),
    )
    return strip, _WORDS + _TALL + 8


def _words(tree: Tree, months: dict[int, int], lang: str, gettext: Callable[[str], str]) -> str:
    fullest = max(months, key=lambda month: (months[month], -month))
    words = gettext("Not shown, by month: %(count)s models, most in %(month)s (%(most)s)") % {
        "count": number(sum(months.values()), lang),
        "month": _month(fullest, lang),
        "most": number(months[fullest], lang),
    }
    undated = tree.unseen.get(UNDATED, 0)
    if not undated:
        return words
    return f"{words}; " + gettext("without a date: %(count)s") % {"count": number(undated, lang)}


def _month(month: int, lang: str) -> str:
    return str(format_skeleton("yMMM", month_start(month), locale=lang))


def _bars(months: dict[int, int], scale: Scale, lang: str, top: float) -> Iterator[Markup]:
    most = max(months.values())
    for month, many in months.items():
        left = scale.x(month_start(month).toordinal())
        right = scale.x(month_start(month + 1).toordinal())
        tall = max(1.0, _TALL * many / most)
        yield Pattern(
            '<rect x="{x}" y="{y}" width="{w}" height="{h}"><title>{month}: {many}</title></rect>'
        ).format(
            x=short(left + 0.5),
            y=short(top + _TALL - tall),
            w=short(max(1.0, right - left - 1)),
            h=short(tall),
            month=_month(month, lang),
            many=number(many, lang),
        )
