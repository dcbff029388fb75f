"""The time axis behind a drawn family tree, with the lane of what has no date, and the strip under it.

The strip says how many models came out each month that the drawing does not show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from markupsafe import Markup

from kg.answers.tree.columns import UNDATED
from kg.answers.tree.tree import Tree
from kg.language.dates import format_day
from kg.language.numbers import number
from kg.language.width import text_width
from web.charts import timescale
from web.charts.svg import Pattern, joined, short
from web.charts.timescale import Scale, month_start
from web.tree._layout import TreeLayout

_SIZE = 12.5
_TALL = 26.0  # of the highest bar
_WORDS = 26.0  # above the bars


class Frame:
    """The axis of one drawing.

    Args:
        plan: the layout.
        lang: language of the months.
        gettext: translates a word of the interface.
        width, top, end: of the part with the rows.
    """

    def __init__(
        self,
        plan: TreeLayout,
        lang: str,
        gettext: Callable[[str], str],
        width: float,
        top: float,
        end: float,
    ) -> None:
        self.plan, self.lang, self._ = plan, lang, gettext
        self.width, self.top, self.end = width, top, end

    def parts(self) -> Iterator[Markup]:
        """The lane and the lines of the axis with their words."""
        yield Markup('<g class="axis" aria-hidden="true">')
        if self.plan.lane is not None:
            yield self._lane(self.plan.lane)
        if self.plan.scale is not None:
            widest = format_day(month_start(2023 * 12 + 11), "yMMM", self.lang)
            months, ticks = timescale.ticks(self.plan.scale, 20 + text_width(widest, _SIZE))
            for tick in ticks:
                yield self._tick(tick, months)
        yield Markup("</g>")

    def _tick(self, tick: timescale.Tick, months: int) -> Markup:
        skeleton = "y" if months >= 12 else "yMMM" if tick.year else "MMM"
        return Pattern(
            '<path class="{c}" d="M{x} {top}V{end}"/><text class="{c}" x="{t}" y="22">{word}</text>'
        ).format(
            c="year" if tick.year else "month",
            x=short(tick.x),
            t=short(tick.x + 4),
            top=short(self.top - 10),
            end=short(self.end),
            word=format_day(tick.day, skeleton, self.lang),
        )

    def _lane(self, x: float) -> Markup:
        return Pattern(
            '<rect class="lane" x="{x}" y="6" width="{w}" height="{h}" rx="8"/>'
            '<text class="year" x="{t}" y="22">{word}</text>'
        ).format(
            x=short(x - 8),
            w=short(self.width - x + 8),
            h=short(self.end - 6),
            t=short(x + 4),
            word=self._("date unknown"),
        )


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
    return format_day(month_start(month), "yMMM", lang)


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
