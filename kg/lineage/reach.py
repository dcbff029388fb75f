"""What a search of the lineage reaches: nodes with the least number of steps to them."""

from __future__ import annotations

from collections.abc import Collection, ItemsView, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.lineage.adjacency import Mask, first_of_runs


class Reached(Mapping[int, int]):
    """Nodes reached from others, each with the least number of steps; a mapping over two arrays.

    Args:
        nodes: ascending, each once.
        depths: beside them.
    """

    __slots__ = ("depths", "nodes")

    def __init__(self, nodes: NDArray[Any], depths: NDArray[Any]) -> None:
        self.nodes, self.depths = nodes, depths

    @staticmethod
    def of(reached: Mapping[int, int]) -> Reached:
        """A mapping as arrays."""
        if isinstance(reached, Reached):
            return reached
        nodes = np.fromiter(reached, np.int64, len(reached))
        depths = np.fromiter(reached.values(), np.int64, len(reached))
        order = np.argsort(nodes)
        return Reached(nodes[order], depths[order])

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

    def where(self, mask: Mask) -> Reached:
        """Those that a mask keeps."""
        return Reached(self.nodes[mask], self.depths[mask])

    def without(self, nodes: Collection[int]) -> Reached:
        """Those that are not among some nodes."""
        gone = np.fromiter(nodes, np.int64, len(nodes))
        return self.where(~np.isin(self.nodes, gone)) if len(gone) else self


def merge_reached(groups: Iterable[Mapping[int, int]]) -> Reached:
    """The union of what several nodes reach, each with its least depth."""
    parts = [Reached.of(group) for group in groups if len(group)]
    if len(parts) < 2:
        return parts[0] if parts else Reached(np.zeros(0, np.int64), np.zeros(0, np.int64))
    nodes = np.concatenate([part.nodes for part in parts])
    depths = np.concatenate([part.depths for part in parts])
    order = np.lexsort((depths, nodes))
    nodes, depths = nodes[order], depths[order]
    return Reached(nodes, depths).where(first_of_runs(nodes))
