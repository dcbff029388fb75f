"""Neighbours of numbered nodes as three arrays (compressed sparse rows), memory-mapped.

The row of a node is nodes[offsets[n]:offsets[n+1]], ascending; marks stand beside it: codes of
relations, or depths in a closure.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Mask = NDArray[np.bool_]


class Adjacency(NamedTuple):
    """Neighbours of every node in one direction."""

    offsets: Ints
    nodes: Ints
    marks: Ints

    def row(self, node: int) -> tuple[Ints, Ints]:
        """Neighbours and marks of a node, as views."""
        place = slice(self.offsets[node], self.offsets[node + 1])
        return self.nodes[place], self.marks[place]

    def of(self, node: int) -> tuple[list[int], list[int]]:
        """Neighbours and marks of a node, as lists."""
        nodes, marks = self.row(node)
        return nodes.tolist(), marks.tolist()

    def count(self, node: int) -> int:
        """How many neighbours a node has."""
        return int(self.offsets[node + 1] - self.offsets[node])

    def gather(self, rows: Ints) -> tuple[Ints, Ints]:
        """The edges of many nodes at once.

        Args:
            rows: nodes, in any order.

        Returns:
            For each edge its place in `rows`, and its place in `nodes` and `marks`.
        """
        starts, counts = self.offsets[rows], self.offsets[rows + 1] - self.offsets[rows]
        return spread(starts, counts)

    def holds(self, rows: Ints, values: Ints) -> Mask:
        """Whether the row of each node holds the value beside it, by bisection of all at once."""
        low, end = self.offsets[rows].copy(), self.offsets[rows + 1]
        high = end.copy()
        while (open := low < high).any():
            middle = (low + high) // 2
            less = open.copy()
            less[open] = self.nodes[middle[open]] < values[open]
            low = np.where(less, middle + 1, low)
            high = np.where(open & ~less, middle, high)
        found: Mask = low < end
        found[found] = self.nodes[low[found]] == values[found]
        return found

    def save(self, folder: Path, name: str) -> None:
        """Write the three arrays to a folder."""
        for part, values in zip(self._fields, self, strict=True):
            np.save(folder / f"{name}.{part}.npy", values)

    @staticmethod
    def load(folder: Path, name: str) -> Adjacency:
        """Map the arrays of a folder."""
        return Adjacency(*(map_array(folder / f"{name}.{part}.npy") for part in Adjacency._fields))


def spread(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Runs of consecutive numbers, one after the other.

    >>> which, place = spread(np.array([5, 0]), np.array([2, 3]))
    >>> which.tolist(), place.tolist()
    ([0, 0, 1, 1, 1], [5, 6, 0, 1, 2])
    """
    which = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return which, np.arange(len(which)) + (starts - before)[which]


def map_array(path: Path) -> NDArray[Any]:
    """Map an array; as a plain one, because a memmap's own slicing takes a third of a walk."""
    return np.asarray(np.load(path, mmap_mode="r"))


def adjacency(size: int, source: Ints, target: Ints, marks: Ints) -> Adjacency:
    """The rows of edges given as two lists of nodes.

    Args:
        size: number of nodes.
        source, target, marks: of each edge.
    """
    order = order_by(source, target, marks)
    offsets = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(source, minlength=size), out=offsets[1:])
    return Adjacency(offsets, target[order].astype(np.int32), marks[order])


def order_by(*keys: Ints) -> Ints:
    """How to sort rows by keys of whole numbers from 0 on; those alike in all keys stand in any order.

    By one number where all fit into 63 bits: a tenth of the time of `np.lexsort`.

    >>> order_by(np.array([1, 0, 1]), np.array([5, 7, 4])).tolist()
    [1, 2, 0]

    Args:
        keys: the first counts most.
    """
    whole, width = np.asarray(keys[0], np.int64), int(keys[0].max(initial=0)) + 1
    for key in keys[1:]:
        wide = int(key.max(initial=0)) + 1
        width *= wide
        if width >= 2**63:
            return np.lexsort(keys[::-1])
        whole = whole * wide + key
    return np.argsort(whole)


def distinct(values: Ints) -> Ints:
    """The values in order, each once: several times quicker than numpy's own, which hashes.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    return ordered[first_of_runs(ordered)]


def first_of_runs(*keys: Ints) -> Mask:
    """Which rows differ from the row before.

    >>> first_of_runs(np.array([1, 1, 2])).tolist()
    [True, False, True]
    """
    first: Mask = np.ones(len(keys[0]), np.bool_)
    first[1:] = np.logical_or.reduce([key[1:] != key[:-1] for key in keys])
    return first


def within(values: Ints, known: Ints) -> tuple[Mask, Ints]:
    """Which values stand in a sorted array, and where.

    >>> mask, place = within(np.array([7, 3]), np.array([1, 3, 5]))
    >>> mask.tolist(), place[mask].tolist()
    ([False, True], [1])
    """
    place = np.searchsorted(known, values)
    mask: Mask = place < len(known)
    mask[mask] = known[place[mask]] == values[mask]
    return mask, place
