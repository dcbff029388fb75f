"""Three generations as SVG: parents on the left, the model in the middle, what was made from it on the right.

Weights are lines, data are ribbons from boxes of their own below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kg.answers.tree.kin import Kin, Relative
from kg.answers.tree.tree import FAMILY
from kg.language.dates import date
from kg.language.width import clean
from web.charts.svg import Pattern, joined, short
from web.tree._boxes import GAP, TALL, BoxPlace, curve, draw_box, draw_ghost, draw_join

Words = Callable[[Relative], str]  # the second line of a box

_WIDE = {"parents": 164.0, "here": 206.0, "children": 176.0}
_BETWEEN = 32.0
_TOP = 22.0


class KinWords(NamedTuple):
    """What the drawing says beside the names."""

    told: str  # what it shows, for who does not see it
    heads: tuple[str, str, str]  # of the columns
    kind: Words
    more: Callable[[int], str]
    lang: str


def kin_svg(kin: Kin, words: KinWords, href: Callable[[str], str], more: str) -> Markup:
    """Draw three generations.

    Args:
        kin: what to draw.
        words: what it says.
        href: the address of an id.
        more: the address where the rest is shown.
    """
    return _Drawing(kin, words, href, more).svg()


class _Drawing:
    """One drawing: the columns that are there, and the boxes in them."""

    def __init__(self, kin: Kin, words: KinWords, href: Callable[[str], str], more: str) -> None:
        self._kin, self._words, self._href, self._more = kin, words, href, more
        left = len(kin.parents) + bool(kin.more_parents)
        right = len(kin.children) + bool(kin.more_children)
        writers = any(taught.writers for taught in kin.data)
        wide = [
            _WIDE["parents"] if left or writers else 0.0,
            _WIDE["here"],
            _WIDE["children"] if right else 0.0,
        ]
        start = wide[0] + _BETWEEN if wide[0] else 0.0
        self._columns = (0.0, start, start + wide[1] + _BETWEEN)
        self._width = self._columns[2] + wide[2] if right else start + wide[1]
        self._rows = max(left, right, 1)
        self._tall = self._rows * (TALL + GAP) - GAP
        self._parents = self._column(0, left, _WIDE["parents"])
        self._children = self._column(2, right, _WIDE["children"])
        (self._here,) = self._column(1, 1, _WIDE["here"])

    def _column(self, place: int, count: int, width: float) -> list[BoxPlace]:
        """The places of the boxes of a column, around its middle."""
        start = _TOP + (self._tall - (count * (TALL + GAP) - GAP)) / 2
        x = self._columns[place]
        return [BoxPlace(x, start + i * (TALL + GAP), width) for i in range(count)]

    def svg(self) -> Markup:
        """The drawing as an element."""
        data = [*self._data_parts()]
        taught = len(self._kin.data) + bool(self._kin.more_data)
        tall = _TOP + self._tall + (24 + taught * (TALL + GAP) - GAP if taught else 0) + 1
        body = joined([*self._heads(), *data, *self._lines(), *self._boxes()])
        return Pattern(
            '<svg class="draw" viewBox="-1 0 {w} {h}" width="{w}" height="{h}" role="group"'
            ' aria-label="{told}" aria-describedby="kin-help">{body}</svg>'
        ).format(w=short(self._width + 2), h=short(tall), told=self._words.told, body=body)

    def _heads(self) -> Iterator[Markup]:
        shown = (bool(self._parents), True, bool(self._children))
        for x, word, there in zip(self._columns, self._words.heads, shown, strict=True):
            if there:
                yield Pattern('<text class="h" x="{}" y="11">{}</text>').format(short(x), word)

    def _lines(self) -> Iterator[Markup]:
        """From the parents to the model and on to its children."""
        here, id = self._here, self._kin.here.id
        for one, place in zip(self._kin.parents, self._parents, strict=False):
            line = curve(place.end, place.middle, here.x, here.middle)
            yield draw_join("w hot", one.id, id, line)
        for one, place in zip(self._kin.children, self._children, strict=False):
            yield draw_join("w", id, one.id, curve(here.end, here.middle, place.x, place.middle))
        if self._kin.more_parents:
            place = self._parents[-1]
            yield draw_join("w hot", "", id, curve(place.end, place.middle, here.x, here.middle))
        if self._kin.more_children:
            place = self._children[-1]
            yield draw_join("w", id, "", curve(here.end, here.middle, place.x, place.middle))

    def _boxes(self) -> Iterator[Markup]:
        kin = self._kin
        yield from self._row(kin.parents, self._parents, kin.more_parents)
        yield self._box(kin.here, self._here, "me", self._about(kin.here, kin.here.kind))
        yield from self._row(kin.children, self._children, kin.more_children)

    def _row(
        self, shown: Sequence[Relative], places: Sequence[BoxPlace], more: int
    ) -> Iterator[Markup]:
        for one, place in zip(shown, places, strict=False):
            yield self._box(one, place, "", self._about(one, one.kind))
        if more:
            yield self._ghost(places[-1], more)

    def _ghost(self, place: BoxPlace, more: int) -> Markup:
        return draw_ghost(place, self._words.more(more), self._more)

    def _about(self, one: Relative, kind: str) -> str:
        """The second line: how it derives, its maker, its date."""
        words = [self._words.kind(one), one.org]
        if one.date and kind != FAMILY:
            words.append(date(one.date[:7], self._words.lang))
        return " · ".join(word for word in map(clean, words) if word)

    def _box(self, one: Relative, place: BoxPlace, css: str, about: str) -> Markup:
        return draw_box(place, one.id, clean(one.label), about, self._href(one.id), css)

    def _data_parts(self) -> Iterator[Markup]:
        """The data below the model, its ribbons, and what wrote it."""
        kin, here = self._kin, self._here
        y = _TOP + self._tall + 24
        trunk = here.end - 14
        width = here.width - 36
        for taught in kin.data:
            place = BoxPlace(here.x, y, width)
            up = f"M{short(place.end)} {short(place.middle)}H{short(trunk)}V{short(here.y + TALL)}"
            yield draw_join("rib", taught.data.id, kin.here.id, up)
            for by in taught.writers:
                from_ = BoxPlace(0.0, y, _WIDE["parents"])
                across = f"M{short(from_.width)} {short(place.middle)}H{short(place.x)}"
                yield draw_join("rib", by.id, taught.data.id, across)
                yield self._box(by, from_, "svc", self._words.kind(by))
            yield self._box(taught.data, place, "dat", self._words.kind(taught.data))
            y += TALL + GAP
        if kin.more_data:
            yield self._ghost(BoxPlace(here.x, y, width), kin.more_data)
