"""The nodes of a forest in order: depth first for a map, by importance for what is shown of a tree."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from kg.lineage.adjacency import Ints, first_of_runs, order_by

if TYPE_CHECKING:
    from kg.answers.tree.forest import Forest

_NOISE = "quantizedFrom"  # copies by the hundred: the first to be hidden
_AT_ONCE = 256  # nodes that are named together; few of a large forest are asked for
_SLOTS = 12  # parts of the time, from each of which something is shown


def levels(depth: Ints) -> Iterator[slice]:
    """The places of each depth, given the depths of all places in ascending order."""
    deepest = int(depth[-1]) if len(depth) else -1
    for first, end in pairwise(np.searchsorted(depth, np.arange(deepest + 2)).tolist()):
        yield slice(first, end)


def depth_first(forest: Forest, start: int, days: Ints) -> Ints:
    """The places of all nodes depth first: a branch stands together, behind what it comes from.

    Of the children of one node those that something derives from come first, the largest
    before others; then the rest, by date. So neighbors are alike, and a list of them is short.

    Args:
        forest: all nodes.
        start: a node; the tree it stands in comes first.
        days: for each place what the rest is sorted by.
    """
    below = np.ones(len(forest.nodes), np.int64)
    for level in reversed([*levels(forest.depth)]):
        hang = forest.parent[level] >= 0
        np.add.at(below, forest.parent[level][hang], below[level][hang])
    *_, home = forest.path_to_root(start) if start in forest.edges else (-1,)
    leaf = below == 1
    order = np.lexsort(
        (forest.nodes, days, np.where(leaf, 0, -below), leaf, forest.nodes != home, forest.parent)
    )
    ahead = np.cumsum(below[order]) - below[order]
    first = np.searchsorted(forest.parent[order], forest.parent[order])
    within = np.empty_like(below)
    within[order] = ahead - ahead[first]
    places = np.empty_like(below)
    for level in levels(forest.depth):
        above = forest.parent[level]
        places[level] = within[level] + np.where(above < 0, 0, places[above] + 1)
    found = np.empty_like(below)
    found[places] = np.arange(len(below))
    return found


def by_importance(forest: Forest, starts: list[int], days: Ints | None = None) -> Iterator[int]:
    """All nodes in the order to show them: ancestors of the start, its descendants, the rest.

    Among equals copies come last, and the largest branches first; with dates every second is
    the largest of its time, so that no part of the time is empty.

    Args:
        forest: all nodes.
        starts: the nodes the page is about.
        days: when each node came out, 0 where that is not known.
    """
    below = forest.mask(starts)
    for level in levels(forest.depth):
        hangs = forest.parent[level] >= 0
        below[level] |= hangs & below[forest.parent[level]]
    is_ancestor = forest.mask(forest.ancestors)
    group = np.where(is_ancestor, 0, np.where(below, 1, 2)) * 2
    noise = np.array([*(name == _NOISE for name in forest.ranked), False])  # the last: of roots
    group += noise[forest.rank]
    place = np.arange(len(group))  # among equals by depth and number
    small = int(forest.models.max(initial=0)) - forest.models
    order = order_by(group, small, place)
    if days is not None and days.any():
        turn = 2 * ranked_in(group, order)
        slots = _slots(days)
        in_slot = group * (_SLOTS + 1) + slots
        turns = ranked_in(in_slot, order_by(in_slot, small, place))
        # No two of a group have the same turn, nor the same early one: one is odd, one even
        early = np.where(days > 0, 2 * ranked_in(group, order_by(group, turns, slots)) + 1, turn)
        order = order_by(group, np.minimum(turn, early))
    for first in range(0, len(order), _AT_ONCE):
        yield from forest.nodes[order[first : first + _AT_ONCE]].tolist()


def unfolded(forest: Forest, shown: set[int]) -> set[int]:
    """What is shown, with each child that would be hidden alone: its count takes as much room.

    A long line of only children is opened as far as the nodes become twice as many.

    Args:
        forest: all nodes.
        shown: nodes, each with its way to the root.
    """
    is_shown = forest.mask(shown)
    room = len(shown)
    while True:
        hangs = ~is_shown & (forest.parent >= 0)
        hangs[hangs] = is_shown[forest.parent[hangs]]
        alone = np.bincount(forest.parent[hangs], minlength=len(forest.nodes)) == 1
        single = np.flatnonzero(hangs)
        single = single[alone[forest.parent[single]]]
        ends = single[forest.models[single] == 1]
        added = ends if len(single) > room else single
        if not len(added):
            return set(forest.nodes[is_shown].tolist())
        room -= len(added) - len(ends) if len(single) <= room else 0
        is_shown[added] = True


def ranked_in(groups: Ints, order: Ints) -> Ints:
    """The rank of each place among those of its group, given all places by group and then in order.

    >>> ranked_in(np.array([7, 8, 7, 7]), np.array([3, 0, 2, 1])).tolist()
    [1, 0, 2, 0]
    """
    counted = np.arange(len(order))
    starts = np.where(first_of_runs(groups[order]), counted, 0)
    ranks = np.empty_like(order)
    ranks[order] = counted - np.maximum.accumulate(starts)
    return ranks


def _slots(days: Ints) -> Ints:
    """The part of the whole time that each date lies in, from 1; 0 where no date is known."""
    known = days[days > 0]
    first, last = int(known.min()), int(known.max())
    return np.where(days > 0, 1 + (days - first) * _SLOTS // (last - first + 1), 0)
