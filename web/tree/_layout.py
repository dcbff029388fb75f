"""Where the nodes of a family tree stand: one row each, from left to right by release date.

The axis is honest: a day stands at its place, a month or year in its middle with a bar as long as
the doubt. A model of unknown date stands just before the first thing made from it, if that has a
date, else in a lane of its own. A node keeps a step's distance from its parent, or the line between
them would vanish; its bar then reaches back to the true date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kg.answers.tree.columns import UNDATED
from kg.answers.tree.node import TreeNode
from kg.answers.tree.tree import FAMILY, Tree
from kg.model.vocabulary import IN_FAMILY
from web.charts.timescale import Scale, Span, month_index, month_start, span

STEP = 16.0  # least distance between parent and child
LABEL = 12.0  # from the middle of a node to its label
_LEFT, _RIGHT = 26.0, 14.0  # margins


class Spot(NamedTuple):
    """Where a node stands."""

    x: float
    bar: tuple[float, float] | None  # how far its date is in doubt
    dated: bool  # False: placed by what was made from it
    lane: bool  # among those of which nothing is known


class TreeLayout(NamedTuple):
    """A whole layout; without a scale no date is known."""

    scale: Scale | None
    spots: Mapping[str, Spot]
    lane: float | None  # where the lane begins


def plan(tree: Tree, widths: Mapping[str, float], width: float) -> TreeLayout:
    """BoxPlace every node of a tree.

    Args:
        tree: the tree.
        widths: how wide the label of each node is.
        width: of the whole drawing.
    """
    spans = _spans(tree)
    unknown = _lane_depths(tree, spans)
    beside = max((d * STEP + widths[i] + 2 * LABEL for i, d in unknown.items()), default=0.0)
    edge = width if not unknown else max(width - beside - _RIGHT, width * 0.55)
    if not spans:
        return TreeLayout(None, _lane(unknown, _LEFT), _LEFT)
    scale, spots = _fit(tree, spans, widths, edge)
    lane = {i: s for i, s in _lane(unknown, edge + LABEL + 4).items() if i in unknown}
    return TreeLayout(scale, spots | lane, edge if unknown else None)


def _spans(tree: Tree) -> dict[str, Span]:
    """The dates that are known; of a family else the earliest of its members."""
    spans: dict[str, Span] = {}
    for node in reversed(tree.nodes):  # children before parents
        found = span(node.date)
        if found is None and node.kind == FAMILY:
            members = (c for c in node.children if tree.by_id[c].relation == IN_FAMILY)
            found = min((spans[c] for c in members if c in spans), default=None)
        if found is not None:
            spans[node.id] = found
    return spans


def _lane_depths(tree: Tree, spans: Mapping[str, Span]) -> dict[str, int]:
    """The nodes nothing dates, neither a date nor a dated descendant, each with its indent."""
    known = set(spans)
    for node in reversed(tree.nodes):
        if any(child in known for child in node.children):
            known.add(node.id)
    depths: dict[str, int] = {}
    for node in tree.nodes:
        if node.id not in known:
            depths[node.id] = depths.get(node.parent or "", -1) + 1
    return {id: min(depth, 6) for id, depth in depths.items()}


def _lane(depths: Mapping[str, int], start: float) -> dict[str, Spot]:
    return {id: Spot(start + depth * STEP, None, False, True) for id, depth in depths.items()}


def _fit(
    tree: Tree, spans: Mapping[str, Span], widths: Mapping[str, float], edge: float
) -> tuple[Scale, dict[str, Spot]]:
    """The longest axis that leaves room for the labels at its right end."""
    start, end = _range([*spans.values(), *_unseen(tree)])
    left, right = _LEFT, edge - _RIGHT
    least = edge * 0.4
    for _ in range(4):
        scale = Scale(start, end, left, right)
        spots = _spots(tree, spans, scale, edge)
        before = left, right
        left = min(left + max(0.0, _LEFT - min(s.x for s in spots.values())), least / 2)
        over = max(s.x + LABEL + widths[i] + _RIGHT - edge for i, s in spots.items())
        right = max(right - max(0.0, over), least)
        if (left, right) == before:
            return scale, spots
    scale = Scale(start, end, left, right)
    return scale, _spots(tree, spans, scale, edge)


def _range(spans: Iterable[Span]) -> tuple[int, int]:
    """Whole months around all dates, three at least."""
    known = list(spans)
    first = dt.date.fromordinal(min(s.start for s in known)).replace(day=1)
    last = dt.date.fromordinal(max(s.end for s in known) - 1)
    after = max(month_index(last) + 1, month_index(first) + 3)
    return first.toordinal(), month_start(after).toordinal()


def _unseen(tree: Tree) -> Iterator[Span]:
    """The months of what is not shown, for the strip under the drawing."""
    for month in tree.unseen:
        if month != UNDATED:
            yield Span(month_start(month).toordinal(), month_start(month + 1).toordinal())


def _spots(tree: Tree, spans: Mapping[str, Span], scale: Scale, edge: float) -> dict[str, Spot]:
    wished = _wishes(tree, spans, scale)
    spots: dict[str, Spot] = {}
    for node in tree.nodes:  # parents before children
        if node.id in wished:
            spots[node.id] = _spot(node, spans.get(node.id), wished, spots, scale, edge)
    return spots


def _wishes(tree: Tree, spans: Mapping[str, Span], scale: Scale) -> dict[str, float]:
    """Where nodes would stand on their own: families before members, undated before children."""
    wished: dict[str, float] = {}
    for node in reversed(tree.nodes):
        known = spans.get(node.id)
        bracket = node.kind == FAMILY
        below = [
            wished[c] - STEP
            for c in node.children
            if c in wished and (known is None or (bracket and tree.by_id[c].relation == IN_FAMILY))
        ]
        own = [scale.x(known.middle)] if known else []
        if places := own + below:
            wished[node.id] = min(places)
    return wished


def _spot(
    node: TreeNode,
    known: Span | None,
    wished: Mapping[str, float],
    spots: Mapping[str, Spot],
    scale: Scale,
    edge: float,
) -> Spot:
    x = wished[node.id]
    parent = spots.get(node.parent or "")
    if parent and (x >= wished[node.parent or ""] or x > parent.x - STEP):
        x = max(x, parent.x + STEP)
    x = max(8.0, min(x, edge - 2 * LABEL))
    if node.kind == FAMILY:
        return Spot(x, None, known is not None, False)
    if known is None:
        return Spot(x, None, False, False)
    bar = scale.x(known.start), scale.x(known.end)
    if known.end - known.start == 1:
        return Spot(x, (bar[0], x) if x - bar[0] > 1 else None, True, False)
    return Spot(x, (min(bar[0], x), max(bar[1], x)), True, False)
