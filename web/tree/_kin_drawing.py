"""Three generations as SVG: parents on the left, the model in the middle, what was made from it on the right.

Weights are lines, data are ribbons from boxes of their own below. Only presentation attributes and classes
(static/tree/kin.css).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from kg.answers.tree.kin import Kin, Relative
from kg.answers.tree.tree import FAMILY
from kg.language.dates import date
from kg.language.width import clean, text_width
from web.charts.svg import Pattern, fitted, joined, short

Words = Callable[[Relative], str]  # the second line of a box

_WIDE = {"parents": 164.0, "here": 206.0, "children": 176.0}
_TALL, _GAP, _BETWEEN = 44.0, 10.0, 32.0
_TOP, _PAD = 22.0, 11.0
_NAME, _SMALL = 13.8, 11.5  # font sizes; of names a little more, as they are bold
_END = 8  # characters at the end of a name that is cut
_BOX = Pattern(
    '<a href="{href}"{classes}><rect x="{x}" y="{y}" width="{w}" height="{h}" rx="8"/>'
    '<text class="n" x="{t}" y="{ny}">{name}</text>{second}</a>'
)
_SECOND = Pattern('<text class="s" x="{}" y="{}">{}</text>')


class KinWords(NamedTuple):
    """What the drawing says beside the names."""

    told: str  # what it shows, for who does not see it
    heads: tuple[str, str, str]  # of the columns
    kind: Words
    more: Callable[[int], str]
    lang: str


class _Place(NamedTuple):
    """A box: where it stands."""

    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        return self.y + _TALL / 2


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
        self._tall = self._rows * (_TALL + _GAP) - _GAP
        self._parents = self._column(0, left, _WIDE["parents"])
        self._children = self._column(2, right, _WIDE["children"])
        (self._here,) = self._column(1, 1, _WIDE["here"])

    def _column(self, place: int, count: int, width: float) -> list[_Place]:
        """The places of the boxes of a column, around its middle."""
        start = _TOP + (self._tall - (count * (_TALL + _GAP) - _GAP)) / 2
        x = self._columns[place]
        return [_Place(x, start + i * (_TALL + _GAP), width) for i in range(count)]

    def svg(self) -> Markup:
        """The drawing as an element."""
        data = [*self._data_parts()]
        taught = len(self._kin.data) + bool(self._kin.more_data)
        tall = _TOP + self._tall + (24 + taught * (_TALL + _GAP) - _GAP if taught else 0) + 1
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
        here = self._here
        for place in self._parents:
            yield _curve("w hot", place.x + place.width, place.middle, here.x, here.middle)
        for place in self._children:
            yield _curve("w", here.x + here.width, here.middle, place.x, place.middle)

    def _boxes(self) -> Iterator[Markup]:
        kin = self._kin
        yield from self._row(kin.parents, self._parents, kin.more_parents)
        yield self._box(kin.here, self._here, "me", self._about(kin.here, kin.here.kind))
        yield from self._row(kin.children, self._children, kin.more_children)

    def _row(
        self, shown: Sequence[Relative], places: Sequence[_Place], more: int
    ) -> Iterator[Markup]:
        for one, place in zip(shown, places, strict=False):
            yield self._box(one, place, "", self._about(one, one.kind))
        if more:
            yield self._ghost(places[-1], more)

    def _ghost(self, place: _Place, more: int) -> Markup:
        """That there are more than those shown, as a way to them."""
        low = place._replace(y=place.y + 5)
        return _BOX.format(
            href=self._more,
            classes=Markup(' class="ghost"'),
            x=short(low.x),
            y=short(low.y),
            w=short(low.width * 0.8),
            h=34,
            t=short(low.x + _PAD),
            ny=short(low.y + 21.5),
            name=self._words.more(more),
            second=Markup(),
        )

    def _about(self, one: Relative, kind: str) -> str:
        """The second line: how it derives, its maker, its date."""
        words = [self._words.kind(one), one.org]
        if one.date and kind != FAMILY:
            words.append(date(one.date[:7], self._words.lang))
        return " · ".join(word for word in map(clean, words) if word)

    def _box(self, one: Relative, place: _Place, css: str, about: str) -> Markup:
        room = place.width - 2 * _PAD
        x, y = place.x + _PAD, place.y
        second = _SECOND.format(short(x), short(y + 35), fitted(about, room, _SMALL))
        return _BOX.format(
            href=self._href(one.id),
            classes=Pattern(' class="{}"').format(css) if css else Markup(),
            x=short(place.x),
            y=short(y),
            w=short(place.width),
            h=short(_TALL),
            t=short(x),
            ny=short(y + 19.5 if about else y + 26.5),
            name=shorten_name(clean(one.label) or one.id, room),
            second=second if about else Markup(),
        )

    def _data_parts(self) -> Iterator[Markup]:
        """The data below the model, its ribbons, and what wrote it."""
        kin, here = self._kin, self._here
        y = _TOP + self._tall + 24
        trunk = here.x + here.width - 14
        width = here.width - 36
        for taught in kin.data:
            place = _Place(here.x, y, width)
            yield Pattern('<path class="rib" d="M{} {}H{}V{}"/>').format(
                short(place.x + width), short(place.middle), short(trunk), short(here.y + _TALL)
            )
            for by in taught.writers:
                from_ = _Place(0.0, y, _WIDE["parents"])
                yield Pattern('<path class="rib" d="M{} {}H{}"/>').format(
                    short(from_.width), short(place.middle), short(place.x)
                )
                yield self._box(by, from_, "svc", self._words.kind(by))
            yield self._box(taught.data, place, "dat", self._words.kind(taught.data))
            y += _TALL + _GAP
        if kin.more_data:
            yield self._ghost(_Place(here.x, y, width), kin.more_data)


def shorten_name(name: str, room: float) -> str:
    """A name cut in its middle: siblings begin alike, and the size stands at the end.

    >>> shorten_name("Alpaca 7B", 160), shorten_name("DeepSeek-R1-Distill-Qwen-32B", 140)
    ('Alpaca 7B', 'DeepSe…Qwen-32B')
    """
    if text_width(name, _NAME) <= room:
        return name
    end = name[-_END:].lstrip(" -")
    return fitted(name, room - text_width(end, _NAME), _NAME) + end


def _curve(css: str, x: float, y: float, to_x: float, to_y: float) -> Markup:
    bend = (x + to_x) / 2
    return Pattern('<path class="{c}" d="M{x} {y}C{b} {y} {b} {v} {u} {v}"/>').format(
        c=css, x=short(x), y=short(y), b=short(bend), u=short(to_x), v=short(to_y)
    )
