"""Nodes found by a search of the lineage, with the least number of steps to each.

`walk_up` is the one loop under every walk to the ancestors that does not follow edges of the arrays
(kg/lineage/graph.py searches these by itself, wide steps at once).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, ItemsView, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from kg.lineage.adjacency import Mask, first_of_runs

_N = TypeVar("_N", bound=Hashable)


def walk_up(starts: Iterable[_N], parents: Callable[[_N], Iterable[_N]]) -> dict[_N, int]:
    """Find all that some nodes come from, breadth first.

    >>> walk_up(["c"], {"c": ["b", "a"], "b": ["a", "c"], "a": []}.__getitem__)
    {'c': 0, 'b': 1, 'a': 1}

    Args:
        starts: where to begin; they are among what is found.
        parents: what a node comes from directly; asked once for each node.

    Returns:
        The nodes with the least number of steps to them, the nearest first.
    """
    steps = dict.fromkeys(starts, 0)
    queue = list(steps)
    for node in queue:  # grows as it is read
        for parent in parents(node):
            if parent not in steps:
                steps[parent] = steps[node] + 1
                queue.append(parent)
    return steps


class Distances(Mapping[int, int]):
    """Nodes with the least number of steps to each: a mapping that stands in two arrays.

    Args:
        nodes: ascending, each once.
        depths: beside them.
    """

    __slots__ = ("depths", "nodes")

    def __init__(self, nodes: NDArray[Any], depths: NDArray[Any]) -> None:
        self.nodes, self.depths = nodes, depths

    @staticmethod
    def of(reached: Mapping[int, int]) -> Distances:
        """The same nodes and steps in arrays."""
        if isinstance(reached, Distances):
            return reached
        nodes = np.fromiter(reached, np.int64, len(reached))
        depths = np.fromiter(reached.values(), np.int64, len(reached))
        order = np.argsort(nodes)
        return Distances(nodes[order], depths[order])

    def __getitem__(self, node: int) -> int:
        place = int(np.searchsorted(self.nodes, node))
        if place == len(self.nodes) or self.nodes[place] != node:
            raise KeyError(node)
        return int(self.depths[place])

    def __iter__(self) -> Iterator[int]:
        return iter(self.nodes.tolist())

    def __len__(self) -> int:
        return len(self.nodes)

    def items(self) -> ItemsView[int, int]:
        """Nodes with their depths, without a lookup for each."""
        return dict(zip(self.nodes.tolist(), self.depths.tolist(), strict=True)).items()

    def where(self, mask: Mask) -> Distances:
        """The nodes that a mask chooses."""
        return Distances(self.nodes[mask], self.depths[mask])

    def without(self, nodes: Collection[int]) -> Distances:
        """The nodes that are not among some others."""
        gone = np.fromiter(nodes, np.int64, len(nodes))
        return self.where(~np.isin(self.nodes, gone)) if len(gone) else self


def merge_distances(groups: Iterable[Mapping[int, int]]) -> Distances:
    """The nodes of several groups, each with its least number of steps."""
    parts = [Distances.of(group) for group in groups if len(group)]
    if len(parts) < 2:
        return parts[0] if parts else Distances(np.zeros(0, np.int64), np.zeros(0, np.int64))
    nodes = np.concatenate([part.nodes for part in parts])
    depths = np.concatenate([part.depths for part in parts])
    order = np.lexsort((depths, nodes))
    nodes, depths = nodes[order], depths[order]
    return Distances(nodes, depths).where(first_of_runs(nodes))
