"""A small graph as a drawing: subjects to the left of what they point at, in columns.

For the answers of CONSTRUCT and DESCRIBE. Columns are longest paths to a node that points nowhere, so
lines go from left to right; within a column nodes stand near what they are joined to. Literals are
not drawn: the table beside it holds all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import networkx as nx
from flask import url_for
from markupsafe import Markup

from kg.reader import Snapshot
from web.chart import fitted
from web.placing import text_width
from web.table import Cell, Term, cell

MOST = 60  # nodes
_LABELLED = 30  # lines that carry the name of their predicate, if there are several
_ROW, _GAP, _NAME, _WIDE, _PAD = 40.0, 150.0, 13.5, 190.0, 12.0
_TALL = 28.0


class Network(NamedTuple):
    """A drawing; or why there is none."""

    svg: Markup
    nodes: int
    predicate: str  # of all lines, if they have one only

    @property
    def too_large(self) -> bool:
        """Whether it is not drawn because of its size."""
        return self.nodes > MOST


class _Box(NamedTuple):
    cell: Cell
    text: str
    x: float
    y: float  # of its middle
    width: float


def network_of(snapshot: Snapshot, triples: Sequence[tuple[Term, Term, Term]]) -> Network | None:
    """Draw the triples that join two nodes; None if there are none."""
    graph = nx.MultiDiGraph()
    for subject, predicate, object in triples:
        if object["type"] != "literal":
            graph.add_edge(_key(subject), _key(object), key=predicate["value"])
    if not graph:
        return None
    predicates = {key for _, _, key in graph.edges(keys=True)}
    name = _name(snapshot, next(iter(predicates))) if len(predicates) == 1 else ""
    if len(graph) > MOST:
        return Network(Markup(""), len(graph), name)
    terms = {_key(t): t for triple in triples for t in (triple[0], triple[2])}
    boxes = _place(graph, {key: cell(snapshot, terms[key]) for key in graph})
    return Network(_svg(snapshot, graph, boxes, not name), len(graph), name)


def _key(term: Term) -> str:
    return f"{term['type']} {term['value']}"


def _name(snapshot: Snapshot, iri: str) -> str:
    return cell(snapshot, {"type": "uri", "value": iri}).text


def _place(graph: nx.MultiDiGraph, cells: dict[str, Cell]) -> dict[str, _Box]:
    columns = _columns(graph)
    boxes: dict[str, _Box] = {}
    tallest = max(len(column) for column in columns)
    left = 4.0
    for column in columns:
        texts = {key: fitted(cells[key].text, _WIDE, _NAME) for key in column}
        widths = {key: text_width(text, _NAME) + 2 * _PAD for key, text in texts.items()}
        top = (tallest - len(column)) * _ROW / 2 + _ROW / 2 + 4
        for place, key in enumerate(column):
            boxes[key] = _Box(cells[key], texts[key], left, top + place * _ROW, widths[key])
        left += max(widths.values()) + _GAP
    return boxes


def _columns(graph: nx.MultiDiGraph) -> list[list[str]]:
    """The nodes by column, from left to right, those of a column in an order with few crossings."""
    whole = nx.condensation(nx.DiGraph(graph))
    depth: dict[int, int] = {}
    for part in reversed(list(nx.topological_sort(whole))):
        depth[part] = 1 + max((depth[after] for after in whole.successors(part)), default=-1)
    columns: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for part, members in whole.nodes(data="members"):
        columns[-1 - depth[part]] += sorted(members)
    for column in columns:
        column.sort()
    for turn in range(4):
        _sweep(graph, columns if turn % 2 else columns[::-1])
    return columns


def _sweep(graph: nx.MultiDiGraph, columns: Iterable[list[str]]) -> None:
    """Order each column by the mean place of its neighbors."""
    places: dict[str, float] = {}
    for column in columns:
        wanted = {key: _mean(graph, key, places, i / len(column)) for i, key in enumerate(column)}
        column.sort(key=wanted.__getitem__)
        places |= {key: (i + 0.5) / len(column) for i, key in enumerate(column)}


def _mean(graph: nx.MultiDiGraph, key: str, places: Mapping[str, float], default: float) -> float:
    near = [places[n] for n in nx.all_neighbors(graph, key) if n in places]
    return sum(near) / len(near) if near else default


def _svg(snapshot: Snapshot, graph: nx.MultiDiGraph, boxes: dict[str, _Box], named: bool) -> Markup:
    width = max(box.x + box.width for box in boxes.values()) + 40
    height = max(box.y for box in boxes.values()) + _ROW / 2 + 4
    labelled = named and graph.number_of_edges() <= _LABELLED
    lines = []
    for a, b, key in sorted(graph.edges(keys=True)):
        name = _name(snapshot, key)
        fans_out = graph.out_degree(a) >= graph.in_degree(b)
        label = _label(boxes[a], boxes[b], name, fans_out) if labelled else Markup("")
        lines.append(_line(boxes[a], boxes[b], name, label))
    return Markup(
        '<svg class="network" viewBox="0 0 {:.0f} {:.0f}" width="{:.0f}" height="{:.0f}">'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0 0.6 7 4 0 7.4z"/></marker></defs>{}{}</svg>'
    ).format(width, height, width, height, Markup("").join(lines),
             Markup("").join(_box(box) for box in boxes.values()))  # fmt: skip


def _label(a: _Box, b: _Box, name: str, fans_out: bool) -> Markup:
    """The name of a predicate, at the end of its line where fewer lines meet."""
    if b.x <= a.x + a.width:  # within a cycle
        x, y, anchor = max(a.x + a.width, b.x + b.width) + 24, (a.y + b.y) / 2, "start"
    elif fans_out:
        x, y, anchor = b.x - 14, b.y - 4, "end"
    else:
        x, y, anchor = a.x + a.width + 6, a.y - 4, "start"
    return Markup('<text class="relation" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, name)  # fmt: skip


def _line(a: _Box, b: _Box, name: str, label: Markup) -> Markup:
    start, end = a.x + a.width, b.x
    if end > start:
        bend = (end - start) / 2
        path = f"M{start:.1f} {a.y:.1f}C{start + bend:.1f} {a.y:.1f} {end - bend:.1f} {b.y:.1f} {end - 2:.1f} {b.y:.1f}"
    else:  # within a cycle: out to the right and back
        end, out = b.x + b.width, max(start, b.x + b.width) + 30
        path = f"M{start:.1f} {a.y - 4:.1f}C{out:.1f} {a.y - 4:.1f} {out:.1f} {b.y + 4:.1f} {end + 2:.1f} {b.y + 4:.1f}"
    title = f"{a.text} → {name} → {b.text}"
    return Markup('<g class="edge"><title>{}</title><path d="{}" marker-end="url(#arrow)"/>{}</g>').format(title, path, label)  # fmt: skip


def _box(box: _Box) -> Markup:
    inner = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:g}" rx="8"/>'
                   '<text x="{:.1f}" y="{:.1f}">{}</text>').format(
        box.x, box.y - _TALL / 2, box.width, _TALL, box.x + _PAD, box.y + 4.6, box.text)  # fmt: skip
    if address := _address(box.cell):
        return Markup('<a class="box" href="{}"><title>{}</title>{}</a>').format(address, box.cell.text, inner)  # fmt: skip
    return Markup('<g class="box"><title>{}</title>{}</g>').format(box.cell.text, inner)


def _address(cell: Cell) -> str:
    if cell.id:
        return url_for("entities.entity", name=cell.id)
    return url_for("ontology.page", _anchor=cell.term) if cell.term else ""
