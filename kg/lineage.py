"""The derivation graph as arrays: who comes from whom, at any depth, in both directions.

Nodes are numbered: entity number = its line in the release's entities file, sorted by id; parents
that no entity describes (dangling) come after. Files, all opened memory-mapped:

    up.offsets.npy up.nodes.npy up.relations.npy         parents of a node: nodes[offsets[n]:offsets[n+1]]
    down.offsets.npy down.nodes.npy down.relations.npy   children of a node
    ancestors.*.npy descendants.*.npy                    closure over weights: offsets, nodes, depths
    lineage.json                                         relation names, dangling ids, nodes on cycles

Weights pass along the relations whose edge kind is `weights`. A model may name a family as its
parent when no source says which member; it then descends from what every member descends from.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Marks = NDArray[np.uint8] | NDArray[np.uint16]
Reached = dict[int, int]  # node -> least depth

PAIR_BUDGET = 100_000_000  # closure pairs kept; beyond it answers come from breadth-first search


class Edge(NamedTuple):
    """One edge between numbered nodes."""

    child: int
    parent: int
    relation: str


def number(id: str) -> int:
    """A 64-bit number for an id (blake2b); two ids of one graph share one with p < 1e-6 at 3 M."""
    return int.from_bytes(blake2b(id.encode(), digest_size=8).digest(), "little")


class Collector:
    """Takes edges in the order of entities while parents are still only names.

    Args:
        relations: every relation name an edge may have.
    """

    def __init__(self, relations: Iterable[str]) -> None:
        self.relations = sorted(relations)
        self._codes = {name: code for code, name in enumerate(self.relations)}
        self._ids, self._parents = array("Q"), array("Q")
        self._children, self._kinds = array("q"), array("B")
        self._waiting: dict[int, str] = {}  # names of parents not yet seen as entities

    def entity(self, id: str) -> int:
        """Number the next entity."""
        key = number(id)
        self._waiting.pop(key, None)
        self._ids.append(key)
        return len(self._ids) - 1

    def edge(self, child: int, parent: str, relation: str) -> None:
        """Add an edge from a numbered child to a named parent."""
        self._children.append(child)
        self._parents.append(number(parent))
        self._kinds.append(self._codes[relation])
        self._waiting[self._parents[-1]] = parent

    def finish(self) -> tuple[Ints, Ints, NDArray[np.uint8], list[str]]:
        """Children, parents and relation codes of all edges, and the dangling ids in order."""
        keys = np.frombuffer(self._ids, dtype=np.uint64) if self._ids else np.zeros(0, np.uint64)
        known = set(self._waiting) - set(keys[np.isin(keys, list(self._waiting))].tolist())
        dangling = sorted(self._waiting[key] for key in known)
        tail = np.array([number(id) for id in dangling], dtype=np.uint64)
        keys = np.concatenate([keys, tail])
        order = np.argsort(keys, kind="stable")
        wanted = np.array(self._parents, dtype=np.uint64)
        parents = order[np.searchsorted(keys[order], wanted)] if len(wanted) else order[:0]
        return (np.array(self._children, dtype=np.int64), parents.astype(np.int64),
                np.array(self._kinds, dtype=np.uint8), dangling)  # fmt: skip


class _Adjacency(NamedTuple):
    """Neighbours of every node in one direction (CSR)."""

    offsets: Ints
    nodes: NDArray[np.int32]
    marks: Marks  # relation codes, or depths in a closure

    def of(self, node: int) -> tuple[list[int], list[int]]:
        """Neighbours and marks of a node."""
        start, end = int(self.offsets[node]), int(self.offsets[node + 1])
        return self.nodes[start:end].tolist(), self.marks[start:end].tolist()

    def save(self, folder: Path, name: str) -> None:
        for part, values in zip(("offsets", "nodes", "marks"), self, strict=True):
            np.save(folder / f"{name}.{part}.npy", values)

    @staticmethod
    def load(folder: Path, name: str) -> _Adjacency:
        """Map the arrays; as plain arrays, because a memmap's own slicing takes a third of a walk."""
        parts = (folder / f"{name}.{part}.npy" for part in ("offsets", "nodes", "marks"))
        return _Adjacency(*(np.asarray(np.load(part, mmap_mode="r")) for part in parts))


def _adjacency(size: int, source: Ints, target: Ints, marks: Marks) -> _Adjacency:
    order = np.lexsort((marks, target, source))
    counts = np.bincount(source, minlength=size)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return _Adjacency(offsets, target[order].astype(np.int32), marks[order])


def build_lineage(collector: Collector, weights: Collection[str], folder: Path,
                  budget: int = PAIR_BUDGET) -> Lineage:  # fmt: skip
    """Write the arrays of a graph to a folder and open them.

    Args:
        collector: holds all entities and edges.
        weights: the relations along which weights pass.
        folder: an existing, empty folder.
        budget: most pairs (node, ancestor) the closure may hold; with more it is left out.
    """
    child, parent, kind, dangling = collector.finish()
    size = len(collector._ids) + len(dangling)
    _adjacency(size, child, parent, kind).save(folder, "up")
    _adjacency(size, parent, child, kind).save(folder, "down")
    codes = [i for i, name in enumerate(collector.relations) if name in weights]
    carries = np.isin(kind, codes)
    pairs, cycles = _closure(size, child[carries], parent[carries], budget)
    if pairs is not None:
        nodes, ancestors, depths = pairs
        _adjacency(size, nodes, ancestors, depths).save(folder, "ancestors")
        _adjacency(size, ancestors, nodes, depths).save(folder, "descendants")
    about = {"relations": collector.relations, "weights": sorted(weights), "dangling": dangling,
             "cycles": cycles, "closure": pairs is not None, "size": size}  # fmt: skip
    (folder / "lineage.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    return Lineage(folder)


def _closure(size: int, child: Ints, parent: Ints, budget: int
             ) -> tuple[tuple[Ints, Ints, NDArray[np.uint16]] | None, list[int]]:  # fmt: skip
    """All pairs (node, ancestor) with the least depth, level by level, and the nodes on cycles.

    Each round joins the pairs found last with the parents of their ancestors and keeps the new
    ones; a cycle ends because its pairs are no longer new.
    """
    up = _adjacency(size, child, parent, np.zeros(len(child), np.uint8))
    found = np.unique(child * size + parent)
    on_cycle = [found[found // size == found % size] // size]
    found = found[found // size != found % size]
    levels = [(found, 1)]
    seen = found
    latest = found
    while len(latest) and len(seen) <= budget:
        latest = _step(latest, up, size)
        on_cycle.append(latest[latest // size == latest % size] // size)
        latest = latest[latest // size != latest % size]
        latest = np.setdiff1d(latest, seen, assume_unique=True)
        seen = np.union1d(seen, latest)
        levels.append((latest, min(levels[-1][1] + 1, 65535)))
    cycles = np.unique(np.concatenate(on_cycle)).tolist()
    if len(seen) > budget:
        return None, cycles
    keys = np.concatenate([keys for keys, _ in levels])
    depths = np.concatenate([np.full(len(keys), depth, np.uint16) for keys, depth in levels])
    return (keys // size, keys % size, depths), cycles


def _step(pairs: Ints, up: _Adjacency, size: int) -> Ints:
    """The pairs one generation further up, sorted, each once."""
    node, ancestor = pairs // size, pairs % size
    starts, ends = up.offsets[ancestor], up.offsets[ancestor + 1]
    counts = ends - starts
    total = int(counts.sum())
    places = np.repeat(starts - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    further = up.nodes[places + np.arange(total)]
    return np.unique(np.repeat(node, counts) * size + further)


class Lineage:
    """The arrays of one graph, read-only and shared between processes."""

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / "lineage.json").read_text(encoding="utf-8"))
        self.relations: Sequence[str] = about["relations"]
        self.weights: frozenset[str] = frozenset(about["weights"])
        self.dangling: Sequence[str] = about["dangling"]
        self.cycles: Sequence[int] = about["cycles"]
        self.size: int = about["size"]
        self._up, self._down = _Adjacency.load(folder, "up"), _Adjacency.load(folder, "down")
        self._above = _Adjacency.load(folder, "ancestors") if about["closure"] else None
        self._below = _Adjacency.load(folder, "descendants") if about["closure"] else None

    def parents(self, node: int, relations: Collection[str]) -> Iterator[Edge]:
        """The edges from a node to its parents."""
        for parent, code in zip(*self._up.of(node), strict=True):
            if (relation := self.relations[code]) in relations:
                yield Edge(node, parent, relation)

    def children(self, node: int, relations: Collection[str]) -> Iterator[Edge]:
        """The edges from the children of a node to it."""
        for child, code in zip(*self._down.of(node), strict=True):
            if (relation := self.relations[code]) in relations:
                yield Edge(child, node, relation)

    def arrays(self) -> tuple[Ints, Ints, Ints]:
        """Children, parents and relation codes of all edges, sorted by child."""
        counts = np.diff(self._up.offsets)
        children = np.repeat(np.arange(self.size, dtype=np.int64), counts)
        return children, self._up.nodes.astype(np.int64), self._up.marks.astype(np.int64)

    def ancestors(self, node: int, relations: Collection[str] | None = None) -> Reached:
        """Every node above one, with the least number of steps to it; never the node itself.

        Args:
            node: where to start.
            relations: the relations to follow; by default those along which weights pass.
        """
        if relations is None and self._above is not None:
            return dict(zip(*self._above.of(node), strict=True))
        return self._search(self._up, node, relations)

    def descendants(self, node: int, relations: Collection[str] | None = None) -> Reached:
        """Every node below one, with the least number of steps to it; never the node itself."""
        if relations is None and self._below is not None:
            return dict(zip(*self._below.of(node), strict=True))
        return self._search(self._down, node, relations)

    def descendant_count(self, node: int) -> int:
        """How many nodes take weights from one, at any depth."""
        if self._below is not None:
            return int(self._below.offsets[node + 1] - self._below.offsets[node])
        return len(self.descendants(node))

    def _search(self, edges: _Adjacency, node: int, relations: Collection[str] | None) -> Reached:
        wanted = self.weights if relations is None else relations
        follow = [name in wanted for name in self.relations]
        reached: Reached = {node: 0}
        frontier = [node]
        depth = 0
        while frontier:
            depth += 1
            ahead: list[int] = []
            for at in frontier:
                for target, code in zip(*edges.of(at), strict=True):
                    if follow[code] and target not in reached:
                        reached[target] = depth
                        ahead.append(target)
            frontier = ahead
        del reached[node]
        return reached


def merge_reached(groups: Iterable[Mapping[int, int]]) -> Reached:
    """The union of what several nodes reach, each with its least depth."""
    merged: Reached = {}
    for group in groups:
        for node, depth in group.items():
            if depth < merged.get(node, depth + 1):
                merged[node] = depth
    return merged
