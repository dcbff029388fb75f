"""Edges among a list of nodes as arrays: which parents count, how deep, and which comes first.

A node is known by its place in the list. Nothing here knows what the nodes are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from kg.lineage.adjacency import Ints, Mask, adjacency, distinct, first_of_runs, order_by, spread

ComesFrom = Callable[[Ints, Ints], Mask]  # whether the first of two places comes from the second


class Links(NamedTuple):
    """Edges of a graph whose nodes are places in a list."""

    child: Ints
    parent: Ints
    rank: Ints  # of the relation: the lower, the more it tells

    def where(self, chosen: Mask | Ints) -> Links:
        """The edges that a mask or places choose."""
        return Links(self.child[chosen], self.parent[chosen], self.rank[chosen])

    def join(self, other: Links) -> Links:
        """The edges of both."""
        return Links(*(np.concatenate(parts) for parts in zip(self, other, strict=True)))


def best(links: Links, size: int, derives: int) -> Links:
    """The edge that says most between each two places.

    Args:
        links: in any order.
        size: number of places.
        derives: ranks below it are derivations; of others only the lowest counts, and only where
            there is no derivation.
    """
    links = links.where(order_by(links.child, links.parent, links.rank))
    links = links.where(first_of_runs(links.child, links.parent))
    least = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(least, links.child, links.rank)
    return links.where((links.rank < derives) | (links.rank == least[links.child]))


def closest(links: Links, size: int, comes_from: ComesFrom) -> Links:
    """The edges to the closest parents: those that no other parent of the same child comes from.

    Two parents that come from each other both stay.


    Args:
        links: sorted by child.
        size: number of places.
        comes_from: tells who comes from whom.
    """
    counts = np.bincount(links.child, minlength=size)
    starts = np.cumsum(counts) - counts
    many = np.flatnonzero(counts[links.child] > 1)
    which, other = spread(starts[links.child[many]], counts[links.child[many]])
    mine, theirs = links.parent[many[which]], links.parent[other]
    further = comes_from(theirs, mine) & ~comes_from(mine, theirs)
    kept = np.ones(len(links.child), np.bool_)
    kept[many[which[further]]] = False
    return links.where(kept)


def depths(links: Links, size: int) -> Ints:
    """The number of steps of each place from its nearest root; in a cycle the first place is a root."""
    down = adjacency(size, links.parent, links.child, links.rank)
    depth = np.full(size, -1)
    hangs = np.zeros(size, np.bool_)
    hangs[links.child] = True
    frontier: Ints = np.flatnonzero(~hangs)
    while len(left := np.flatnonzero(depth < 0)):
        frontier = frontier if len(frontier) else left[:1]
        level = 0
        while len(frontier):
            depth[frontier] = level
            ahead = distinct(down.nodes[down.gather(frontier)[1]])
            frontier, level = ahead[depth[ahead] < 0], level + 1
    return depth


def primary(links: Links, depth: Ints) -> tuple[Ints, Ints]:
    """The primary parent of each place: a step nearer to a root, by the best rank; -1 for roots.

    Returns:
        The places of the parents, and the ranks of the links to them.
    """
    links = links.where(depth[links.parent] == depth[links.child] - 1)
    links = links.where(order_by(links.child, links.rank, links.parent))
    links = links.where(first_of_runs(links.child))
    parents, ranks = np.full(len(depth), -1), np.full(len(depth), -1)
    parents[links.child], ranks[links.child] = links.parent, links.rank
    return parents, ranks
