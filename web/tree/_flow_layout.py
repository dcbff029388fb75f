"""Where the boxes of a flow stand: a column for each step, ordered so that few ribbons cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kg.answers.tree.flow import Flow, FlowNode
from kg.language.width import clean, text_width
from web.tree._boxes import shorten_name

SIZE = 13.5  # of names
RIBBON = 4.0  # width of one
_BOX, _GAP, _PAD = 24.0, 9.0, 9.0
# Widths: at the sides, between columns, of a column at its narrowest
_MARGIN, _SPACE, _LEAST = 14.0, 58.0, 60.0
_DROP = 66.0  # a short column begins at most so far below the longest, so that a reader sees where it begins
_SWEEPS = 6


class Box(NamedTuple):
    """The box of a node."""

    x: float
    y: float
    width: float
    height: float
    text: str


def column_of(node: FlowNode, steps: int) -> int:
    """The column of a node, where data takes some columns."""
    return {"writer": 0, "data": 1 + node.step, "learner": 1 + steps, "base": 2 + steps}[node.role]


def columns(flow: Flow) -> list[list[FlowNode]]:
    """The nodes by column, without columns in which nothing stands."""
    steps = 1 + max((node.step for node in flow.of("data")), default=-1)
    found: dict[int, list[FlowNode]] = {}
    for node in flow.nodes:
        found.setdefault(column_of(node, steps), []).append(node)
    ordered = [found[at] for at in sorted(found)]
    for nodes in ordered:
        nodes.sort(key=lambda n: (n.date is None, n.date or "", n.label))
    return _untangle(ordered, _neighbors(flow))


def _neighbors(flow: Flow) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {node.id: [] for node in flow.nodes}
    for edge in flow.edges:
        found[edge.source].append(edge.target)
        found[edge.target].append(edge.source)
    return found


def _untangle(ordered: list[list[FlowNode]], near: Mapping[str, list[str]]) -> list[list[FlowNode]]:
    """Order each column by the mean place of what its nodes are joined to, back and forth."""
    for _ in range(_SWEEPS):
        before = [[*nodes] for nodes in ordered]
        place = {
            node.id: (at + 0.5) / len(nodes) for nodes in ordered for at, node in enumerate(nodes)
        }
        for nodes in ordered:
            wish = {
                node.id: sum(map(place.__getitem__, near[node.id])) / (len(near[node.id]) or 1)
                if near[node.id]
                else place[node.id]
                for node in nodes
            }
            nodes.sort(key=lambda n: wish[n.id])
            place |= {node.id: (at + 0.5) / len(nodes) for at, node in enumerate(nodes)}
        if ordered == before:  # and so it would stay
            break
    return ordered


def boxes(flow: Flow, width: float, top: float) -> tuple[dict[str, Box], list[float], float]:
    """The boxes of all nodes, where their columns begin, and where the lowest box ends.

    Args:
        flow: what is drawn.
        width: of the drawing.
        top: where the columns begin.
    """
    ordered = columns(flow)
    ends = _ends(flow)
    heights = {node.id: _height(node, ends) for node in flow.nodes}
    names = {node.id: clean(node.label) or node.id for node in flow.nodes}
    wide = _widths([[names[n.id] for n in nodes] for nodes in ordered], width)
    tall = [sum(heights[n.id] + _GAP for n in nodes) - _GAP for nodes in ordered]
    highest = max(tall, default=0.0)
    found: dict[str, Box] = {}
    space = (width - 2 * _MARGIN - sum(wide)) / max(len(ordered) - 1, 1)
    starts: list[float] = []
    x = _MARGIN
    for room, nodes, height in zip(wide, ordered, tall, strict=True):
        y = top + min((highest - height) / 2, _DROP)
        for node in nodes:
            text = shorten_name(names[node.id], room - 2 * _PAD, SIZE)
            box_width = text_width(text, SIZE) + 2 * _PAD
            found[node.id] = Box(x, y, box_width, heights[node.id], text)
            y += heights[node.id] + _GAP
        starts.append(x)
        x += room + space
    return found, starts, top + highest


def _widths(ordered: Sequence[Sequence[str]], width: float) -> list[float]:
    """How wide the columns of some names are: as their longest, as far as there is room for ribbons between."""
    wished = [max(text_width(name, SIZE) for name in names) + 2 * _PAD for names in ordered]
    space = _SPACE if len(ordered) < 6 else _SPACE * 0.6
    room = width - 2 * _MARGIN - space * max(len(ordered) - 1, 0)
    most = max(wished, default=0.0)
    while sum(min(one, most) for one in wished) > room and most > _LEAST:
        most -= 4
    return [min(one, most) for one in wished]


def _ends(flow: Flow) -> Mapping[str, int]:
    """The number of ribbons on the fuller side of each node."""
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    for edge in flow.edges:
        if not edge.weights:
            after[edge.source] = after.get(edge.source, 0) + 1
            before[edge.target] = before.get(edge.target, 0) + 1
    return {id: max(before.get(id, 0), after.get(id, 0)) for id in {*before, *after}}


def _height(node: FlowNode, ends: Mapping[str, int]) -> float:
    return max(_BOX, (RIBBON + 1) * ends.get(node.id, 0) + 6)


def ports(
    keys: Sequence[str], box: Box, others: Mapping[str, Box], step: float = RIBBON + 1
) -> dict[str, float]:
    """Where ribbons to some others touch a box, in the order in which those stand.

    Args:
        keys: ids of the others.
        box: where they touch.
        others: the boxes of all.
        step: between two ribbons.
    """
    order = sorted(keys, key=lambda id: (others[id].y, others[id].x))
    start = box.y + box.height / 2 - step * (len(order) - 1) / 2
    return {id: start + step * at for at, id in enumerate(order)}
