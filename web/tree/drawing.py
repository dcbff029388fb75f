"""A family tree as SVG: a row for each model, lines by relation, shapes by kind, words for both.

Only presentation attributes and classes (static/tree/lineage.css), no style attributes and no script, so
that it can stand in a page with a strict policy or in a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec
from markupsafe import Markup

from kg.answers.tree.node import TreeNode
from kg.answers.tree.tree import Tree
from kg.language.numbers import number
from kg.language.width import clean, text_width
from web.charts.svg import Pattern, joined
from web.charts.svg import short as _n
from web.tree import _data_row as datarow
from web.tree import _layout as placing
from web.tree._axis import Frame, density
from web.tree._colors import coloring, legend
from web.tree._labels import SMALL, NodeLabel, Words, describe_node, label, spoken
from web.tree._layout import LABEL, Spot
from web.tree.shapes import shape
from web.ui.relations import kind_word

Address = Callable[[str], str]
More = Callable[[TreeNode], str]

ROW = 32.0
LONG = 12  # rows past which a curve is drawn fainter
_TOP, _BOTTOM = 44.0, 12.0
_BEND, _STUB = 10.0, 16.0  # of a line at its corner; from a trunk to its stub


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """How a tree is to be drawn."""

    lang: str  # of dates and numbers
    gettext: Words  # translates a word of the interface
    href: Address  # the address of an id
    more: More  # the address at which more of what is hidden under a node stands open
    width: int = 1040  # pixels
    color: str = "org"  # a name in web.tree._colors.COLORS
    alone: Markup = Markup("")  # for a file of its own: its style
    told: str = ""  # likewise: what the picture shows, in a sentence


class Drawn(NamedTuple):
    """What is drawn of a tree, for a frame of its own."""

    body: Markup
    height: float  # pixels


def timeline_parts(tree: Tree, scene: Scene) -> Drawn:
    """Draw a tree along a time axis, without the element around it."""
    return _Timeline(tree, scene).parts()


def timeline_svg(tree: Tree, scene: Scene) -> Markup:
    """Draw a tree along a time axis."""
    return _Timeline(tree, scene).svg()


def _classes(node: TreeNode, spot: Spot, color: str) -> str:
    marks = {
        "here": node.here or node.member,
        "found": node.hit,
        "open": not spot.dated,
        "in-lane": spot.lane,
    }
    return " ".join(["node", color, *(name for name, holds in marks.items() if holds)])


def _line(classes: str, path: str) -> Markup:
    return Pattern('<path class="link {}" d="{}"/>').format(classes, path)


class _Timeline:
    """One drawing: the layout and the words, which every part of it needs."""

    def __init__(self, tree: Tree, scene: Scene) -> None:
        self.tree, self.scene, self._, self.width = tree, scene, scene.gettext, scene.width
        self.colors = coloring(tree, scene.color, scene.gettext)
        self.labels = {n.id: self._label(n) for n in tree.nodes}
        widths = {id: label.width for id, label in self.labels.items()}
        self.plan = placing.plan(tree, widths, self.width)
        self.y = {
            (row.node.id, row.part): _TOP + ROW * (place + 0.5)
            for place, row in enumerate(tree.rows)
        }
        self.end = _TOP + ROW * len(tree.rows) + _BOTTOM

    def _label(self, node: TreeNode) -> NodeLabel:
        room = self.width * (0.5 if node.date is None else 1.0) - 60.0
        return label(node, self.colors.beside[node.id], self._, room)

    def parts(self) -> Drawn:
        """What is drawn."""
        parts = {"node": self._node, "data": self._data, "stub": self._stub}
        rows = [parts[row.part](row.node) for row in self.tree.rows]
        lang = self.scene.lang
        strip, tall = density(self.tree, self.plan, lang, self._, self.end)
        end = self.end + tall
        key, height = legend(self.tree, self.plan, self.colors, lang, self.width, end)
        frame = Frame(self.plan, lang, self._, self.width, _TOP, end)
        ground = [*frame.parts(), *self._links(), *self._backs(), *self._bars()]
        return Drawn(joined([*ground, *rows, strip, key]), end + height)

    def svg(self) -> Markup:
        """The drawing as an element."""
        body, tall = self.parts()
        return Pattern(
            '<svg xmlns="http://www.w3.org/2000/svg" class="lineage" viewBox="0 0 {w} {h}"'
            ' width="{w}" height="{h}" role="group" {head}{body}</svg>'
        ).format(w=self.width, h=_n(tall), head=self._head(tall), body=body)

    def _head(self, tall: float) -> Markup:
        """The name of the drawing; of a file of its own also what it shows, its style and ground."""
        name = clean(self.tree.label)
        title = self._("Family tree of %(name)s by release date") % {"name": name}
        if not self.scene.alone:
            return Pattern('aria-label="{}">').format(title)
        return Pattern(
            'aria-labelledby="title" aria-describedby="desc" lang="{lang}">'
            '<title id="title">{title}</title><desc id="desc">{told}</desc><style>{style}</style>'
            '<rect class="paper" x="0.5" y="0.5" width="{w}" height="{h}" rx="10"/>'
        ).format(
            lang=self.scene.lang,
            title=title,
            told=self.scene.told,
            style=self.scene.alone,
            w=self.width - 1,
            h=_n(tall - 1),
        )

    def _bars(self) -> Iterator[Markup]:
        """How far the dates are in doubt."""
        yield Markup('<g class="bars" aria-hidden="true">')
        for node in self.tree.nodes:
            if bar := self.plan.spots[node.id].bar:
                yield Pattern('<rect x="{}" y="{}" width="{}" height="10" rx="5"/>').format(
                    _n(bar[0]), _n(self.y[node.id, "node"] - 5), _n(bar[1] - bar[0])
                )
        yield Markup("</g>")

    def _backs(self) -> Iterator[Markup]:
        """Grounds behind names, so that no line crosses one."""
        yield Markup('<g class="backs" aria-hidden="true">')
        for node in self.tree.nodes:
            _, y, spot = self._place(node.id)
            seen = self.labels[node.id]
            left, text_x = self._beside(node, spot, seen)
            yield Pattern('<rect{lane} x="{x}" y="{y}" width="{w}" height="20" rx="6"/>').format(
                lane=Markup(' class="in-lane"') if spot.lane else "",
                x=_n((text_x - seen.width if left else text_x) - 3),
                y=_n(y - 10),
                w=_n(seen.width + 6),
            )
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
                    yield self._further("further", other.id, *self._place(node.id)[:2])
            for by in dict.fromkeys(w.id for d in node.data for w in d.writers if w.shown):
                x = self.plan.spots[node.id].x + _STUB
                yield self._further("wrote", by, x, self.y[node.id, "data"])
        yield Markup("</g>")

    def _place(self, id: str) -> tuple[float, float, Spot]:
        spot = self.plan.spots[id]
        return spot.x, self.y[id, "node"], spot

    def _trunk(self, node: TreeNode) -> Markup:
        """The line down from a parent to its last branch."""
        x, y, _ = self._place(node.id)
        ends = [self.y[child, "node"] for child in node.children]
        bend = _BEND
        if node.hidden:
            ends.append(self.y[node.id, "stub"])
        elif ends:
            last = max(node.children, key=lambda child: self.y[child, "node"])
            bend = min(_BEND, abs(self.plan.spots[last].x - x))
        return _line("trunk", f"M{_n(x)} {_n(y)}V{_n(max(ends) - bend)}") if ends else Markup("")

    def _branch(self, node: TreeNode, parent: str) -> Markup:
        """The line from a trunk to a child, in the style of the relation."""
        x, y, spot = self._place(node.id)
        from_x, from_y, above = self._place(parent)
        bend = min(_BEND, abs(x - from_x), abs(y - from_y))
        turn = from_x + (bend if x >= from_x else -bend)
        path = f"M{_n(from_x)} {_n(y - bend)}Q{_n(from_x)} {_n(y)} {_n(turn)} {_n(y)}H{_n(x)}"
        far = " far" if spot.lane and not above.lane else ""
        return _line(f"k-{node.relation}{far}", path)

    def _further(self, classes: str, other: str, x: float, y: float) -> Markup:
        """The curve from a further parent, or from what wrote the data."""
        from_x, from_y, _ = self._place(other)
        down = 1 if y > from_y else -1
        path = (
            f"M{_n(from_x)} {_n(from_y)}C{_n(from_x + 30)} {_n(from_y + down * ROW * 0.8)} "
            f"{_n(x)} {_n(y - down * ROW * 1.2)} {_n(x)} {_n(y)}"
        )
        long = " long" if abs(y - from_y) > LONG * ROW else ""
        return _line(classes + long, path)

    def _node(self, node: TreeNode) -> Markup:
        x, y, spot = self._place(node.id)
        seen = self.labels[node.id]
        left, text_x = self._beside(node, spot, seen)
        start = min(text_x - seen.width if left else text_x, x - 5) - 7
        end = max(text_x if left else text_x + seen.width, x + 5) + 7
        told = describe_node(node, self.tree, self.scene.lang, self._)
        name = spoken(node, self.colors.beside[node.id], self._)
        return Pattern(
            '<a class="{classes}" href="{href}" data-id="{id}"{parent} data-depth="{depth}"'
            ' aria-label="{aria}"{current}><title>{about}</title>'
            '<rect class="hit" x="{hx}" y="{hy}" width="{hw}" height="24" rx="12"/>'
            '<g class="shape" transform="translate({x} {y})">{shape}</g>'
            '<text x="{tx}" y="{ty}"{anchor}{lang}>{name}{beside}{also}</text></a>'
        ).format(
            classes=_classes(node, spot, self.colors.classes[node.id]),
            id=node.id,
            parent=Pattern(' data-parent="{}"').format(node.parent) if node.parent else "",
            about=told,
            depth=node.depth,
            href=self.scene.href(node.id),
            aria=f"{name}, {told}",
            x=_n(x),
            y=_n(y),
            tx=_n(text_x),
            ty=_n(y + 5),
            hx=_n(start),
            hy=_n(y - 12),
            hw=_n(end - start),
            name=seen.name,
            shape=shape(node.kind),
            anchor=Markup(' text-anchor="end"') if left else "",
            current=Markup(' aria-current="page"') if node.here else "",
            lang=Pattern(' lang="{}"').format(node.lang)
            if node.lang not in ("", self.scene.lang)
            else "",
            beside=_beside(seen.beside, "org"),
            also=_beside(seen.also, "also"),
        )

    def _beside(self, node: TreeNode, spot: Spot, seen: NodeLabel) -> tuple[bool, float]:
        """Whether the label stands to the left of its node, and where."""
        x = spot.x
        edge = self.width if spot.lane or self.plan.lane is None else self.plan.lane - 8
        parent = self.plan.spots.get(node.parent or "", spot)
        wanted = parent.x > x or x + LABEL + seen.width > edge - 4
        if wanted and x - LABEL - seen.width > 4:
            return True, x - LABEL
        if parent.x > x and parent.x + LABEL + seen.width < self.width - 4:
            return False, parent.x + LABEL  # past the line that comes from the right
        return False, max(4.0, min(x + LABEL, self.width - seen.width - 4))

    def _data(self, node: TreeNode) -> Markup:
        """The data a node was made with, in one row."""
        x, y = self.plan.spots[node.id].x, self.y[node.id, "data"]
        start = min(x + _STUB, self.width * 0.6)
        return datarow.row(node, self.scene.href, self._, x, start, y, self.width)

    def _stub(self, node: TreeNode) -> Markup:
        """A link to what is hidden under a node."""
        x, y = self.plan.spots[node.id].x, self.y[node.id, "stub"]
        lang = self.scene.lang
        total = sum(hidden.models for hidden in node.hidden)
        more = "+ " + self._("%(count)s more") % {"count": number(total, lang)}
        parts = " · ".join(
            self._("%(count)s %(kind)s")
            % {"count": number(h.models, lang), "kind": kind_word(h.relation, lang)}
            for h in node.hidden
        )
        wide = 22 + text_width(more, SMALL)
        start = max(4.0, min(x + _STUB, self.width - wide - 4))
        room = start + wide + 8 + text_width(parts, SMALL) < self.width
        return Pattern(
            '<path class="link trunk" d="M{x} {up}Q{x} {y} {bend} {y}H{start}"/>'
            '<a class="stub" href="{href}" data-more="{id}" data-depth="{depth}"'
            ' aria-label="{more} {parts}, {name}">'
            '<rect x="{start}" y="{top}" width="{wide}" height="22" rx="11"/>'
            '<text x="{tx}" y="{ty}">{more}</text>{beside}</a>'
        ).format(
            x=_n(x),
            up=_n(y - _BEND),
            y=_n(y),
            bend=_n(x + _BEND),
            start=_n(start),
            more=more,
            href=self.scene.more(node),
            id=node.id,
            depth=node.depth + 1,
            parts=parts,
            name=clean(node.label),
            top=_n(y - 11),
            wide=_n(wide),
            tx=_n(start + 11),
            ty=_n(y + 4.5),
            beside=Pattern('<text class="parts" x="{}" y="{}">{}</text>').format(
                _n(start + wide + 8), _n(y + 4.5), parts
            )
            if room
            else "",
        )


def _beside(text: str, name: str) -> Markup:
    return (
        Pattern(' <tspan class="{}" dx="2">{}</tspan>').format(name, text) if text else Markup("")
    )
