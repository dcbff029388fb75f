"""A flow as SVG: ribbons of text from what wrote it through data sets into models, lines of their weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec
from markupsafe import Markup

from kg.answers.tree.flow import Flow, FlowEdge, FlowNode, Role
from kg.language.dates import date as date_words
from kg.language.width import clean
from kg.model.vocabulary import load_vocabulary
from web.app.i18n import mark
from web.charts.org_colors import org_color
from web.charts.svg import Pattern, joined, short
from web.tree._boxes import draw_join
from web.tree._flow_layout import Box, boxes, ports

_SPOKEN = 300  # characters of a name or a parent that are read aloud
HUES = 6  # of what wrote; w1 to w6 in lineage.css
HEADS: Mapping[Role, str] = {
    "writer": mark("What wrote the text"),
    "data": mark("Data sets"),
    "learner": mark("Learned from it"),
    "base": mark("Weights come from"),
}
_TOP, _BOTTOM = 40.0, 14.0
_T = TypeVar("_T")


class FlowScene(msgspec.Struct, frozen=True, kw_only=True):
    """How a flow is to be drawn."""

    lang: str
    gettext: Callable[[str], str]
    href: Callable[[str], str]
    width: int = 1100
    alone: Markup = Markup("")  # for a file of its own: its style


def _grouped(pairs: Iterable[tuple[str, _T]]) -> Mapping[str, list[_T]]:
    """What goes with each key, in order."""
    found: dict[str, list[_T]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return found


def flow_svg(flow: Flow, scene: FlowScene) -> Markup:
    """Draw a flow.

    Args:
        flow: what is drawn.
        scene: how.
    """
    return _Drawing(flow, scene).svg()


class _Drawing:
    def __init__(self, flow: Flow, scene: FlowScene) -> None:
        self.flow, self.scene, self._ = flow, scene, scene.gettext
        self.boxes, self.starts, self.end = boxes(flow, scene.width, _TOP)
        self.text = [edge for edge in flow.edges if not edge.weights]
        self.hues = self._hues()
        self.labels = {node.id: clean(node.label) for node in flow.nodes}
        self.came = _grouped((edge.target, edge) for edge in flow.edges)

    def _hues(self) -> Mapping[str, str]:
        """The color of the text that leaves each node: that of its writer, or of none where several wrote."""
        writers = [node.id for node in self.flow.of("writer")]
        found: dict[str, frozenset[str]] = {id: frozenset({id}) for id in writers}
        passed_on = [edge for edge in self.text if edge.target not in found]
        none: frozenset[str] = frozenset()
        moved = True
        while moved:  # sets only grow, so a ring ends this as well
            moved = False
            for edge in passed_on:
                known = found.get(edge.target, none)
                if not found.get(edge.source, none) <= known:
                    found[edge.target] = known | found[edge.source]
                    moved = True
        number = {id: f"w{at % HUES + 1}" for at, id in enumerate(writers)}
        return {
            id: number[next(iter(wrote))] if len(wrote) == 1 else "w0"
            for id, wrote in found.items()
        }

    def svg(self) -> Markup:
        """The drawing as an element."""
        tall = self.end + _BOTTOM
        title = self._("Who learned from %(name)s: ribbons are text, lines are weights") % {
            "name": clean(self.flow.label)
        }
        return Pattern(
            '<svg xmlns="http://www.w3.org/2000/svg" class="lineage flow" viewBox="0 0 {w} {h}" width="{w}"'
            ' height="{h}" role="group" aria-label="{title}" lang="{lang}">{style}{body}</svg>'
        ).format(
            w=self.scene.width,
            h=short(tall),
            title=title,
            lang=self.scene.lang,
            style=self._ground(tall, title),
            body=joined([*self._heads(), *self._ribbons(), *self._lines(), *self._nodes()]),
        )

    def _ground(self, tall: float, title: str) -> Markup:
        if not self.scene.alone:
            return Markup("")
        return Pattern(
            "<title>{title}</title><style>{style}</style>"
            '<rect class="paper" x="0.5" y="0.5" width="{w}" height="{h}" rx="10"/>'
        ).format(title=title, style=self.scene.alone, w=self.scene.width - 1, h=short(tall - 1))

    def _heads(self) -> Iterator[Markup]:
        """A word over the first column of each role."""
        for role, word in HEADS.items():
            if nodes := self.flow.of(role):
                x = min(self.boxes[node.id].x for node in nodes)
                yield Pattern('<text class="head" x="{}" y="22">{}</text>').format(
                    short(x), self._(word)
                )

    def _ribbons(self) -> Iterator[Markup]:
        """Text, from box to box; what goes back to an earlier column is bent around."""
        leaving = _grouped((e.source, e.target) for e in self.text)
        arriving = _grouped((e.target, e.source) for e in self.text)
        leave = {id: ports(to, self.boxes[id], self.boxes) for id, to in leaving.items()}
        arrive = {id: ports(by, self.boxes[id], self.boxes) for id, by in arriving.items()}
        yield Markup('<g class="ribbons" aria-hidden="true">')
        for edge in self.text:
            source, target = self.boxes[edge.source], self.boxes[edge.target]
            start = source.x + source.width, leave[edge.source][edge.target]
            yield self._path(
                edge,
                f"ribbon {self.hues.get(edge.source, 'w0')}",
                start,
                (target.x, arrive[edge.target][edge.source]),
            )
        yield Markup("</g>")

    def _lines(self) -> Iterator[Markup]:
        """Weights: from the right where a model stands there for its weights alone."""
        yield Markup('<g class="links" aria-hidden="true">')
        for edge in self.flow.edges:
            if edge.weights and edge.source != edge.target:
                source, target = self.boxes[edge.source], self.boxes[edge.target]
                end = target.x + target.width, target.y + target.height / 2
                right = source.x > target.x + 1
                start = (
                    source.x if right else source.x + source.width,
                    source.y + source.height / 2,
                )
                yield self._path(edge, f"link k-{edge.relation}", start, end, around=not right)
        yield Markup("</g>")

    def _path(
        self,
        edge: FlowEdge,
        classes: str,
        start: tuple[float, float],
        end: tuple[float, float],
        around: bool = False,
    ) -> Markup:
        (x0, y0), (x1, y1) = start, end
        if around:  # both on the right: an arc beside the boxes
            before = after = max(x0, x1) + 26 + min(40.0, abs(y1 - y0) / 8)
        else:
            bend = (x1 - x0) / 2
            before, after = x0 + bend, x1 - bend
        high, low = short(y0), short(y1)
        path = f"M{short(x0)} {high}C{short(before)} {high} {short(after)} {low} {short(x1)} {low}"
        return draw_join(classes, edge.source, edge.target, path)

    def _nodes(self) -> Iterator[Markup]:
        for node in self.flow.nodes:
            yield self._node(node, self.boxes[node.id])

    def _node(self, node: FlowNode, box: Box) -> Markup:
        here = " here" if node.id == self.flow.id else ""
        told = self._told(node)
        hue = self.hues.get(node.id, "w0") if node.role == "writer" else org_color(node.org_id)
        return Pattern(
            '<a class="flow-node {role}{here}" href="{href}" data-id="{id}" aria-label="{told}">'
            '<title>{told}</title><rect class="hit" x="{x}" y="{y}" width="{w}" height="{h}" rx="6"/>'
            '<rect class="edge {hue}" x="{x}" y="{y}" width="4" height="{h}" rx="2"/>'
            '<text x="{tx}" y="{ty}"{lang}{spoken}>{text}</text></a>'
        ).format(
            role=node.role,
            here=here,
            href=self.scene.href(node.id),
            id=node.id,
            told=told,
            x=short(box.x),
            y=short(box.y),
            w=short(box.width),
            h=short(box.height),
            hue=hue,
            tx=short(box.x + 9),
            ty=short(box.y + box.height / 2 + 4.7),
            lang=Pattern(' lang="{}"').format(node.lang)
            if node.lang not in ("", self.scene.lang)
            else "",
            # a shortened name is no part of what the link is called
            spoken="" if box.text in told else Markup(' aria-hidden="true"'),
            text=box.text,
        )

    def _told(self, node: FlowNode) -> str:
        """The name, the maker, the date, and what it learned from, in words."""
        properties = load_vocabulary().properties
        parents = [
            f"{properties[e.relation].term.labels.get(self.scene.lang, e.relation)} {self.labels[e.source]}".rstrip()
            for e in self.came.get(node.id, ())
        ]
        when = date_words(node.date, self.scene.lang) if node.date else ""
        parts = (self.labels[node.id], clean(node.org or ""), when, *parents)
        return ", ".join(part[:_SPOKEN] for part in parts if part)
