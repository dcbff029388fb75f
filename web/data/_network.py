"""A small graph as a drawing: subjects to the left of what they point at, in columns.

For the answers of CONSTRUCT and DESCRIBE. Columns are longest paths to a node that points nowhere, so
lines go from left to right; within a column nodes stand near what they are joined to. Literals are
not drawn: the table beside it holds all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from flask import url_for
from markupsafe import Markup

from kg.language.width import text_width
from kg.snapshot.snapshot import Snapshot
from web.charts.svg import Pattern, fitted
from web.data._table import Term, TermCell, cell

if TYPE_CHECKING:
    import networkx as nx

MOST = 60  # nodes
_LABELLED = 30  # lines that carry the name of their predicate, if there are several
_ROW, _GAP, _NAME, _SMALL, _WIDE, _PAD = 40.0, 110.0, 13.5, 11.5, 190.0, 12.0
_TALL = 28.0


class NetworkDrawing(NamedTuple):
    """A drawing; or why there is none."""

    svg: Markup
    nodes: int
    predicate: str  # of all lines, if they have one only

    @property
    def too_large(self) -> bool:
        """Whether it is not drawn because of its size."""
        return self.nodes > MOST


class _Box(NamedTuple):
    cell: TermCell
    text: str
    x: float
    y: float  # of its middle
    width: float


def network_of(
    snapshot: Snapshot, triples: Sequence[tuple[Term, Term, Term]]
) -> NetworkDrawing | None:
    """Draw the triples that join two nodes; None if there are none."""
    import networkx as nx  # few answers are drawn, and it takes long to load

    graph = nx.DiGraph()
    for subject, predicate, object in triples:
        if object["type"] != "literal":
            a, b, name = _key(subject), _key(object), cell(snapshot, predicate).text
            graph.add_edge(a, b)
            graph[a][b].setdefault("names", {})[name] = None  # a set that keeps its order
    if not graph:
        return None
    names = {name for _, _, names in graph.edges(data="names") for name in names}
    only = next(iter(names)) if len(names) == 1 else ""
    if len(graph) > MOST:
        return NetworkDrawing(Markup(""), len(graph), only)
    terms = {_key(t): t for triple in triples for t in (triple[0], triple[2])}
    labelled = not only and graph.number_of_edges() <= _LABELLED
    lines = {(a, b): ", ".join(names) for a, b, names in graph.edges(data="names")}
    gap = 70 + max(_label_width(name) for name in lines.values()) if labelled else _GAP
    boxes = _place(graph, {key: cell(snapshot, terms[key]) for key in graph}, gap)
    return NetworkDrawing(_svg(graph, boxes, lines, labelled), len(graph), only)


def _label_width(name: str) -> float:
    return text_width(name, _SMALL) + 14


def _key(term: Term) -> str:
    return f"{term['type']} {term['value']}"


def _place(graph: nx.DiGraph, cells: dict[str, TermCell], gap: float) -> dict[str, _Box]:
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
        left += max(widths.values()) + gap
    return boxes


def _columns(graph: nx.DiGraph) -> list[list[str]]:
    """The nodes by column, from left to right, those of a column in an order with few crossings."""
    import networkx as nx

    whole = nx.condensation(graph)
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


def _sweep(graph: nx.DiGraph, columns: Iterable[list[str]]) -> None:
    """Order each column by the mean place of its neighbors."""
    places: dict[str, float] = {}
    for column in columns:
        wanted = {key: _mean(graph, key, places, i / len(column)) for i, key in enumerate(column)}
        column.sort(key=wanted.__getitem__)
        places |= {key: (i + 0.5) / len(column) for i, key in enumerate(column)}


def _mean(graph: nx.DiGraph, key: str, places: Mapping[str, float], default: float) -> float:
    beside = (*graph.predecessors(key), *graph.successors(key))
    near = [places[n] for n in beside if n in places]
    return sum(near) / len(near) if near else default


def _svg(
    graph: nx.DiGraph, boxes: dict[str, _Box], lines: dict[tuple[str, str], str], labelled: bool
) -> Markup:
    width = max(box.x + box.width for box in boxes.values()) + 40
    height = max(box.y for box in boxes.values()) + _ROW / 2 + 4
    drawn = [
        _line(boxes[a], boxes[b], name, labelled, graph.out_degree(a) >= graph.in_degree(b))
        for (a, b), name in sorted(lines.items())
    ]
    return Pattern(
        '<svg class="network" viewBox="0 0 {:.0f} {:.0f}" width="{:.0f}" height="{:.0f}">'
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto-start-reverse"><path d="M0 0.6 7 4 0 7.4z"/></marker></defs>{}{}</svg>'
    ).format(
        width,
        height,
        width,
        height,
        Markup("").join(drawn),
        Markup("").join(_box(box) for box in boxes.values()),
    )


def _line(a: _Box, b: _Box, name: str, labelled: bool, at_end: bool) -> Markup:
    """A line with its name on a level part, at the end where fewer lines meet."""
    level = _label_width(name) if labelled else 0.0
    start, end = a.x + a.width, b.x
    if end > start:
        near, far = (start, end - level) if at_end else (start + level, end)
        middle = (near + far) / 2
        path = (
            f"M{start:.1f} {a.y:.1f}H{near:.1f}C{middle:.1f} {a.y:.1f} {middle:.1f} {b.y:.1f} "
            f"{far - 2:.1f} {b.y:.1f}H{end - 2:.1f}"
        )
        x, y, anchor = (end - 12, b.y - 4, "end") if at_end else (start + 6, a.y - 4, "start")
    else:  # within a cycle: out to the right and back
        end = b.x + b.width
        out = max(start, end) + 30
        path = f"M{start:.1f} {a.y - 4:.1f}C{out:.1f} {a.y - 4:.1f} {out:.1f} {b.y + 4:.1f} {end + 2:.1f} {b.y + 4:.1f}"
        x, y, anchor = out - 4, (a.y + b.y) / 2, "start"
    text = Pattern('<text class="relation" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
    return Pattern(
        '<g class="edge"><title>{}</title><path d="{}" marker-end="url(#arrow)"/>{}</g>'
    ).format(
        f"{a.text} → {name} → {b.text}", path, text.format(x, y, anchor, name) if labelled else ""
    )


def _box(box: _Box) -> Markup:
    inner = Pattern(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:g}" rx="8"/>'
        '<text x="{:.1f}" y="{:.1f}">{}</text>'
    ).format(box.x, box.y - _TALL / 2, box.width, _TALL, box.x + _PAD, box.y + 4.6, box.text)
    if address := _address(box.cell):
        return Pattern('<a class="box" href="{}"><title>{}</title>{}</a>').format(
            address, box.cell.text, inner
        )
    return Pattern('<g class="box"><title>{}</title>{}</g>').format(box.cell.text, inner)


def _address(cell: TermCell) -> str:
    if cell.id:
        return url_for("entities.entity", name=cell.id)
    return url_for("ontology.page", _anchor=cell.term) if cell.term else ""
