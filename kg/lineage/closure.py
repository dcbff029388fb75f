"""The transitive closure of a graph with least depths, under a budget of pairs; and its cycles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from kg.lineage.adjacency import Adjacency, Ints, Mask, adjacency, distinct, within

_DEEPEST = np.iinfo(np.uint16).max
_ROUNDS = 64  # of peeling, before what is left is searched node by node


class Closure(NamedTuple):
    """The ancestors and the descendants of every node, with the least number of steps to each."""

    ancestors: Adjacency
    descendants: Adjacency


def close(size: int, child: Ints, parent: Ints, budget: int) -> Closure | None:
    """Find all ancestors of all nodes; None if they make more pairs than the budget.

    Each round joins the pairs found last with the parents of their ancestors and keeps the new
    ones; a cycle ends because its pairs are no longer new. No node is its own ancestor here.

    Args:
        size: number of nodes.
        child, parent: the two ends of each edge.
        budget: most pairs (node, ancestor).
    """
    up = adjacency(size, child, parent, np.zeros(len(child), np.uint8))
    latest = _distinct(child, parent, size)
    seen, levels = latest, [latest]
    while len(latest) and len(seen) <= budget:
        which, place = up.gather(latest % size)
        further = _distinct((latest // size)[which], up.nodes[place], size)
        latest = further[~within(further, seen)[0]]
        seen = np.sort(np.concatenate([seen, latest]))
        levels.append(latest)
    return _rows(levels, size) if len(seen) <= budget else None


def _distinct(node: Ints, ancestor: Ints, size: int) -> Ints:
    """Pairs of two different nodes as sorted numbers, each once."""
    apart = node != ancestor
    return distinct(node[apart] * size + ancestor[apart])


def _rows(levels: list[Ints], size: int) -> Closure:
    nodes, ancestors = np.divmod(np.concatenate(levels), size)
    steps = np.minimum(np.arange(1, len(levels) + 1), _DEEPEST).astype(np.uint16)
    depths = np.repeat(steps, [len(level) for level in levels])
    return Closure(
        adjacency(size, nodes, ancestors, depths), adjacency(size, ancestors, nodes, depths)
    )


def cycles(size: int, child: Ints, parent: Ints) -> list[int]:
    """The nodes that are their own ancestors, in order.

    Edges that lead to a node without parents, or from one without children, are on no cycle; they
    are peeled off first, and almost nothing is left.

    Args:
        size: number of nodes.
        child, parent: the two ends of each edge.
    """
    loops = child[child == parent].tolist()
    for _ in range(_ROUNDS):
        core = _marks(size, child)[parent] & _marks(size, parent)[child]
        if core.all():
            break
        child, parent = child[core], parent[core]
    if not len(child):
        return sorted(set(loops))
    parents: dict[int, list[int]] = {}
    for one, other in zip(child.tolist(), parent.tolist(), strict=True):
        parents.setdefault(one, []).append(other)
    parts = (part for part in components(parents) if len(part) > 1)
    return sorted({*loops, *(node for part in parts for node in part)})


def components(needs: Mapping[int, Iterable[int]]) -> Iterator[list[int]]:
    """The strongly connected components of a graph, each after those it needs (Tarjan).

    networkx has the same, but takes longer to load than a license question to answer.

    >>> [*components({1: [2], 2: [3], 3: [2], 4: [1]})]
    [[2, 3], [1], [4]]

    Args:
        needs: what each node needs; what is needed and not a key needs nothing.
    """
    entered: dict[int, int] = {}
    lowest: dict[int, int] = {}
    pending: list[int] = []  # entered, and not yet in a component
    for start in needs:
        if start in entered:
            continue
        stack = [(start, iter(needs[start]))]
        entered[start] = lowest[start] = len(entered)
        pending.append(start)
        while stack:
            node, ahead = stack[-1]
            for other in ahead:
                if other not in entered:
                    entered[other] = lowest[other] = len(entered)
                    pending.append(other)
                    stack.append((other, iter(needs.get(other, ()))))
                    break
                if other in lowest:
                    lowest[node] = min(lowest[node], entered[other])
            else:
                stack.pop()
                if stack:
                    before = stack[-1][0]
                    lowest[before] = min(lowest[before], lowest[node])
                if lowest[node] == entered[node]:
                    part = []
                    while node in lowest:
                        part.append(pending.pop())
                        del lowest[part[-1]]
                    yield sorted(part)


def _marks(size: int, nodes: Ints) -> Mask:
    marked: Mask = np.zeros(size, dtype=np.bool_)
    marked[nodes] = True
    return marked
