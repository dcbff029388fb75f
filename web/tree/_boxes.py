"""Boxes with two lines of text, and what joins them: weights are lines, data are ribbons.

Only presentation attributes and classes (static/tree/kin.css). A box names its entity and a join both of its ends, so
that static/tree/ways.js can light a way through them.
"""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from kg.language.width import text_width
from web.charts.svg import Pattern, fitted, short

TALL, GAP = 44.0, 10.0  # of a box; between two of a column
PAD = 11.0
_NAME, _SMALL = 13.8, 11.5  # font sizes; of names a little more, as they are bold
_END = 8  # characters at the end of a name that is cut
_BOX = Pattern(
    '<a href="{href}"{id}{classes}><rect x="{x}" y="{y}" width="{w}" height="{h}" rx="8"/>'
    '<text class="n" x="{t}" y="{ny}">{name}</text>{second}</a>'
)
_SECOND = Pattern('<text class="s" x="{}" y="{}">{}</text>')
_JOIN = Pattern('<path class="{c}" data-from="{a}" data-to="{b}" d="{d}"/>')


class BoxPlace(NamedTuple):
    """A box: where it stands."""

    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + TALL / 2

    @property
    def end(self) -> float:
        """Its right side."""
        return self.x + self.width


def draw_box(
    place: BoxPlace, id: str, name: str, about: str, href: str, classes: str = ""
) -> Markup:
    """The box of an entity.

    Args:
        place: where it stands.
        id: of the entity.
        name: its first line.
        about: its second; "" = none.
        href: where it leads.
        classes: its own, beside those of all boxes.
    """
    room = place.width - 2 * PAD
    x, y = place.x + PAD, place.y
    second = _SECOND.format(short(x), short(y + 35), fitted(about, room, _SMALL))
    return _BOX.format(
        href=href,
        id=Pattern(' data-id="{}"').format(id),
        classes=Pattern(' class="{}"').format(classes) if classes else Markup(),
        x=short(place.x),
        y=short(y),
        w=short(place.width),
        h=short(TALL),
        t=short(x),
        ny=short(y + 19.5 if about else y + 26.5),
        name=shorten_name(name or id, room),
        second=second if about else Markup(),
    )


def draw_ghost(place: BoxPlace, text: str, href: str) -> Markup:
    """A box for those that are not shown, as a way to them."""
    low = place._replace(y=place.y + 5)
    return _BOX.format(
        href=href,
        id=Markup(),
        classes=Markup(' class="ghost"'),
        x=short(low.x),
        y=short(low.y),
        w=short(low.width * 0.8),
        h=34,
        t=short(low.x + PAD),
        ny=short(low.y + 21.5),
        name=text,
        second=Markup(),
    )


def draw_join(classes: str, source: str, target: str, path: str) -> Markup:
    """What joins two entities, along a path.

    Args:
        classes: "w" of weights, "rib" of data, and what else it has.
        source, target: ids.
        path: as in the attribute `d`.
    """
    return _JOIN.format(c=classes, a=source, b=target, d=path)


def curve(x: float, y: float, to_x: float, to_y: float) -> str:
    """The path of a curve that leaves and arrives level."""
    bend = (x + to_x) / 2
    return (
        f"M{short(x)} {short(y)}C{short(bend)} {short(y)} "
        f"{short(bend)} {short(to_y)} {short(to_x)} {short(to_y)}"
    )


def shorten_name(name: str, room: float, size: float = _NAME) -> str:
    """A name cut in its middle: siblings begin alike, and the size stands at the end.

    >>> shorten_name("Alpaca 7B", 160), shorten_name("DeepSeek-R1-Distill-Qwen-32B", 140)
    ('Alpaca 7B', 'DeepSe…Qwen-32B')
    """
    if text_width(name, size) <= room:
        return name
    end = name[-_END:].lstrip(" -")
    return fitted(name, room - text_width(end, size), size) + end
