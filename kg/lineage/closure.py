"""The transitive closure of a graph with least depths, under a budget of pairs; and its cycles."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kg.lineage.adjacency import Adjacency, Ints, Mask, adjacency, distinct, within

_DEEPEST = np.iinfo(np.uint16).max
_ROUNDS = 64  # of peeling, before what is left goes to networkx


class Closure(NamedTuple):
    """Who is above and below whom, with the least number of steps."""

    above: Adjacency
    below: Adjacency


def close(size: int, child: Ints, parent: Ints, budget: int) -> Closure | None:
    """The closure of a graph, or None if it would hold more pairs than the budget.

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
    import networkx as nx  # it takes longer to load than all a command needs besides

    graph = nx.DiGraph(zip(child.tolist(), parent.tolist(), strict=True))
    parts = (part for part in nx.strongly_connected_components(graph) if len(part) > 1)
    return sorted({*loops, *(node for part in parts for node in part)})


def _marks(size: int, nodes: Ints) -> Mask:
    marked: Mask = np.zeros(size, dtype=np.bool_)
    marked[nodes] = True
    return marked
