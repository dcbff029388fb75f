"""A family tree as SVG: a row for each model, lines by relation, shapes by kind, words for both.

Only presentation attributes and classes (static/lineage.css), no style attributes and no script, so
that it can stand in a page with a strict policy or in a file of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from babel.dates import format_skeleton
from markupsafe import Markup

from kg.tree import BASE, FAMILY, Node, Tree
from web import placing
from web.legend import legend
from web.placing import LABEL, Spot, text_width
from web.shapes import KINDS, RELATIONS, shape
from web.words import date as date_words
from web.words import number

Words = Callable[[str], str]
Address = Callable[[str], str]

_ROW, _TOP, _BOTTOM = 32.0, 44.0, 12.0
_NAME, _ORG, _SMALL = 14.5, 13.0, 12.5  # font sizes, as in lineage.css
_BEND, _STUB = 10.0, 16.0  # of a line at its corner; from a trunk to its stub
_UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # not in XML


def timeline_svg(tree: Tree, lang: str, gettext: Words, href: Address,
                 width: int = 1040) -> Markup:  # fmt: skip
    """Draw a tree along a time axis.

    Args:
        tree: the tree.
        lang: language of dates and numbers.
        gettext: translates a word of the interface.
        href: the address of an id.
        width: of the drawing, in pixels.
    """
    return _Timeline(tree, lang, gettext, href, width).svg()


def outline_href(url: str) -> str:
    """The address of a page with its tree as an outline.

    >>> outline_href("/model/alpaca-7b"), outline_href("/model/alpaca-7b?lang=ko")
    ('/model/alpaca-7b?view=outline', '/model/alpaca-7b?lang=ko&view=outline')
    """
    return f"{url}{'&' if '?' in url else '?'}view=outline"


class _Label(NamedTuple):
    """The visible text of a node, as much as there is room for."""

    name: str
    org: str
    width: float


def _label(node: Node, room: float) -> _Label:
    whole = name = _clean(node.label) or node.id
    org = _clean(node.org or "")
    wide = text_width(name, _NAME)
    with_org = wide + 7 + text_width(org, _ORG)
    if org and with_org <= room:
        return _Label(name, org, with_org)
    while name and wide > room:
        name = name[: int(len(name) * min(0.95, room / wide))]
        wide = text_width(name + "…", _NAME)
    return _Label(name if name == whole else name + "…", "", wide)


def _clean(text: str) -> str:
    return " ".join(_UNFIT.sub("", text).split())


def _classes(node: Node, spot: Spot) -> str:
    marks = {"here": node.here or node.member, "open": not spot.dated, "in-lane": spot.lane}
    return " ".join(["node", f"k-{node.kind}", *(name for name, holds in marks.items() if holds)])


def _line(classes: str, path: str) -> Markup:
    return Markup('<path class="link {}" d="{}"/>').format(classes, path)


def _n(value: float) -> str:
    return f"{round(value, 1):g}"


class _Timeline:
    """One drawing: the layout and the words, which every part of it needs."""

    def __init__(self, tree: Tree, lang: str, gettext: Words, href: Address, width: int) -> None:
        self.tree, self.lang, self._, self.href, self.width = tree, lang, gettext, href, width
        self.labels = {node.id: _label(node, width - 60.0) for node in tree.nodes}
        widths = {id: label.width for id, label in self.labels.items()}
        self.plan = placing.plan(tree, widths, width)
        self.y = {(row.node.id, row.stub): _TOP + _ROW * (place + 0.5)
                  for place, row in enumerate(tree.rows)}  # fmt: skip
        self.end = _TOP + _ROW * len(tree.rows) + _BOTTOM

    def svg(self) -> Markup:
        """The drawing."""
        name = _clean(self.tree.label)
        title = self._("Family tree of %(name)s by release date") % {"name": name}
        rows = [self._stub(r.node) if r.stub else self._node(r.node) for r in self.tree.rows]
        key, height = legend(self.tree, self.plan, self._, self.width, self.end)
        body = Markup("").join([*self._axis(), *self._bars(), *self._links(), *rows, key])
        return Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" class="lineage" viewBox="0 0 {w} {h}"'
            ' width="{w}" height="{h}" role="group" aria-label="{title}">{body}</svg>'
        ).format(w=self.width, h=_n(self.end + height), title=title, body=body)

    def _axis(self) -> Iterator[Markup]:
        yield Markup('<g class="axis" aria-hidden="true">')
        if self.plan.lane is not None:
            yield self._lane(self.plan.lane)
        if self.plan.scale is not None:
            widest = format_skeleton("yMMM", placing.month_start(2023 * 12 + 11), locale=self.lang)
            months, ticks = placing.ticks(self.plan.scale, 20 + text_width(widest, _SMALL))
            for tick in ticks:
                yield self._tick(tick, months)
        yield Markup("</g>")

    def _tick(self, tick: placing.Tick, months: int) -> Markup:
        skeleton = "y" if months >= 12 else "yMMM" if tick.year else "MMM"
        return Markup(
            '<path class="{c}" d="M{x} {top}V{end}"/><text class="{c}" x="{t}" y="22">{word}</text>'
        ).format(c="year" if tick.year else "month", x=_n(tick.x), t=_n(tick.x + 4), top=_n(_TOP - 10),
                 end=_n(self.end), word=format_skeleton(skeleton, tick.day, locale=self.lang))  # fmt: skip

    def _lane(self, x: float) -> Markup:
        return Markup(
            '<rect class="lane" x="{x}" y="6" width="{w}" height="{h}" rx="8"/>'
            '<text class="year" x="{t}" y="22">{word}</text>'
        ).format(x=_n(x - 8), w=_n(self.width - x + 8), h=_n(self.end - 6), t=_n(x + 4),
                 word=self._("date unknown"))  # fmt: skip

    def _bars(self) -> Iterator[Markup]:
        """How far the dates are in doubt."""
        yield Markup('<g class="bars" aria-hidden="true">')
        for node in self.tree.nodes:
            if bar := self.plan.spots[node.id].bar:
                yield Markup('<rect x="{}" y="{}" width="{}" height="10" rx="5"/>').format(
                    _n(bar[0]), _n(self.y[node.id, False] - 5), _n(bar[1] - bar[0]))  # fmt: skip
        yield Markup("</g>")

    def _links(self) -> Iterator[Markup]:
        yield Markup('<g class="links" aria-hidden="true">')
        for node in self.tree.nodes:
            yield self._trunk(node)
        for node in self.tree.nodes:
            if node.parent is not None:
                yield self._branch(node, node.parent)
            for other in node.others:
                if other.shown:
                    yield self._further(node, other.id)
        yield Markup("</g>")

    def _place(self, id: str) -> tuple[float, float, Spot]:
        spot = self.plan.spots[id]
        return spot.x, self.y[id, False], spot

    def _trunk(self, node: Node) -> Markup:
        """The line down from a parent to its last branch."""
        x, y, _ = self._place(node.id)
        ends = [self.y[child, False] for child in node.children]
        bend = _BEND
        if node.hidden:
            ends.append(self.y[node.id, True])
        elif ends:
            last = max(node.children, key=lambda child: self.y[child, False])
            bend = min(_BEND, abs(self.plan.spots[last].x - x))
        return _line("trunk", f"M{_n(x)} {_n(y)}V{_n(max(ends) - bend)}") if ends else Markup("")

    def _branch(self, node: Node, parent: str) -> Markup:
        """The line from a trunk to a child, in the style of the relation."""
        x, y, spot = self._place(node.id)
        from_x, from_y, above = self._place(parent)
        bend = min(_BEND, abs(x - from_x), abs(y - from_y))
        turn = from_x + (bend if x >= from_x else -bend)
        path = f"M{_n(from_x)} {_n(y - bend)}Q{_n(from_x)} {_n(y)} {_n(turn)} {_n(y)}H{_n(x)}"
        far = " far" if spot.lane and not above.lane else ""
        return _line(f"k-{node.relation}{far}", path)

    def _further(self, node: Node, other: str) -> Markup:
        """The curve from a further parent."""
        x, y, _ = self._place(node.id)
        from_x, from_y, _ = self._place(other)
        down = 1 if y > from_y else -1
        path = (f"M{_n(from_x)} {_n(from_y)}C{_n(from_x + 30)} {_n(from_y + down * _ROW * 0.8)} "
                f"{_n(x)} {_n(y - down * _ROW * 1.2)} {_n(x)} {_n(y)}")  # fmt: skip
        return _line("further", path)

    def _node(self, node: Node) -> Markup:
        x, y, spot = self._place(node.id)
        label = self.labels[node.id]
        edge = self.width if spot.lane or self.plan.lane is None else self.plan.lane - 8
        parent = self.plan.spots.get(node.parent or "", spot)
        wanted = parent.x > x or x + LABEL + label.width > edge - 4
        left = wanted and x - LABEL - label.width > 4
        text_x = x - LABEL if left else max(4.0, min(x + LABEL, self.width - label.width - 4))
        start = min(text_x - label.width if left else text_x, x - 5) - 7
        end = max(text_x if left else text_x + label.width, x + 5) + 7
        return Markup(
            '<a class="{classes}" href="{href}" data-id="{id}" aria-label="{aria}"{current}>'
            '<title>{about}</title><rect class="hit" x="{hx}" y="{hy}" width="{hw}" height="24" rx="12"/>'
            '<g class="shape" transform="translate({x} {y})">{shape}</g>'
            '<text x="{tx}" y="{ty}"{anchor}{lang}>{name}{org}</text></a>'
        ).format(
            classes=_classes(node, spot), href=self.href(node.id), id=node.id, about=self._about(node),
            aria=f"{self._name(node)}, {self._about(node)}", x=_n(x), y=_n(y), tx=_n(text_x),
            ty=_n(y + 5), hx=_n(start), hy=_n(y - 12), hw=_n(end - start), name=label.name,
            shape=shape(node.kind), anchor=Markup(' text-anchor="end"') if left else "",
            current=Markup(' aria-current="page"') if node.here else "",
            lang=Markup(' lang="{}"').format(node.lang) if node.lang not in ("", self.lang) else "",
            org=Markup(' <tspan class="org" dx="2">{}</tspan>').format(label.org) if label.org else "",
        )  # fmt: skip

    def _name(self, node: Node) -> str:
        return f"{_clean(node.label) or node.id} {_clean(node.org or '')}".rstrip()

    def _about(self, node: Node) -> str:
        """What a node is and when it came out, in words."""
        parent = self.tree.by_id.get(node.parent or "")
        kind = self._(KINDS.get(node.kind, node.kind))
        parts = [kind] if node.kind in (FAMILY, BASE) or parent is None else []
        if parent is not None and node.relation:
            words = self._(RELATIONS.get(node.relation, RELATIONS["derivedFrom"]))
            parts.append(words % {"parent": _clean(parent.label)})
        parts.append(date_words(node.date, self.lang) if node.date else self._("date unknown"))
        return ", ".join(parts)

    def _stub(self, node: Node) -> Markup:
        """A link to what is hidden under a node."""
        x, y = self.plan.spots[node.id].x, self.y[node.id, True]
        total = sum(hidden.models for hidden in node.hidden)
        more = "+ " + self._("%(count)s more") % {"count": number(total, self.lang)}
        parts = " · ".join(f"{number(h.models, self.lang)} {self._(KINDS.get(h.relation, h.relation))}"
                           for h in node.hidden)  # fmt: skip
        wide = 22 + text_width(more, _ORG)
        start = max(4.0, min(x + _STUB, self.width - wide - 4))
        room = start + wide + 8 + text_width(parts, _ORG) < self.width
        return Markup(
            '<path class="link trunk" d="M{x} {up}Q{x} {y} {bend} {y}H{start}"/>'
            '<a class="stub" href="{href}" aria-label="{more} {parts}, {name}">'
            '<rect x="{start}" y="{top}" width="{wide}" height="22" rx="11"/>'
            '<text x="{tx}" y="{ty}">{more}</text>{beside}</a>'
        ).format(
            x=_n(x), up=_n(y - _BEND), y=_n(y), bend=_n(x + _BEND), start=_n(start), more=more,
            href=outline_href(self.href(node.id)), parts=parts, name=_clean(node.label),
            top=_n(y - 11), wide=_n(wide), tx=_n(start + 11), ty=_n(y + 4.5),
            beside=Markup('<text class="parts" x="{}" y="{}">{}</text>').format(
                _n(start + wide + 8), _n(y + 4.5), parts) if room else "",
        )  # fmt: skip
