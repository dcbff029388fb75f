"""The time axis behind a drawn family tree, with the lane of what has no date."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from babel.dates import format_skeleton
from markupsafe import Markup

from kg.language.width import text_width
from web.charts import timescale
from web.charts.svg import Pattern, short
from web.tree._layout import TreeLayout

_SIZE = 12.5


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
            widest = format_skeleton(
                "yMMM", timescale.month_start(2023 * 12 + 11), locale=self.lang
            )
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
            word=format_skeleton(skeleton, tick.day, locale=self.lang),
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
