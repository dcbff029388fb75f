"""Where the nodes of a forest stand in its arrays, and values by node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import numpy as np

from kg.lineage.adjacency import Ints, order_by

_T = TypeVar("_T")


class NodePlaces(dict[int, int]):
    """The places of nodes, each looked for when it is asked for: few of a large forest are."""

    def __init__(self, nodes: Ints) -> None:
        self._order = order_by(nodes)
        self._sorted = nodes[self._order]

    def __missing__(self, node: int) -> int:
        at = int(np.searchsorted(self._sorted, node))
        if at == len(self._sorted) or self._sorted[at] != node:
            raise KeyError(node)
        place = self[node] = int(self._order[at])
        return place

    def at(self, node: int) -> int:
        """The place of a node, -1 if it is none of them."""
        try:
            return self[node]
        except KeyError:
            return -1


class NodeValues(Mapping[int, _T]):
    """One value for each node of a forest, found by the place of the node."""

    def __init__(self, nodes: Ints, places: NodePlaces, value: Callable[[int], _T]) -> None:
        self._nodes, self._places, self._value = nodes, places, value

    def __getitem__(self, node: int) -> _T:
        return self._value(self._places[node])

    def __iter__(self) -> Iterator[int]:
        return iter(self._nodes.tolist())

    def __len__(self) -> int:
        return len(self._nodes)
