"""The derivation graph as arrays: who comes from whom, at any depth, in both directions.

Nodes are numbered: entity number = its line in the release's entities file, sorted by id; parents
that no entity describes (dangling) come after. Files, all opened memory-mapped:

    up.offsets.npy up.nodes.npy up.marks.npy             parents of a node, with relation codes
    down.offsets.npy down.nodes.npy down.marks.npy       children of a node
    above.*.npy below.*.npy                              closure over weights, with depths
    dates.npy                                            YYYYMMDD; 0 = unknown
    verdict.npy                                          optional: a code for each node (kg/licenses/verdicts.py)
    dangling.txt dangling.npy                            ids of dangling nodes, where each begins
    lineage.json                                         relation names, runs of kinds, cycles

Weights pass along the relations whose edge kind is `weights`. A model may name a family as its
parent when no source says which member; it then descends from what every member descends from.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.lineage.adjacency import Adjacency, Ints, Mask, adjacency, distinct, map_array, within
from kg.lineage.closure import close, cycles
from kg.lineage.reach import Distances, merge_distances
from kg.lineage.texts import Texts
from kg.model.claim import kind_of

PAIR_BUDGET = 100_000_000  # closure pairs kept; beyond it answers come from breadth-first search
_WIDE = 256  # nodes from which a step of a search goes through arrays


class Edge(NamedTuple):
    """One edge between numbered nodes."""

    child: int
    parent: int
    relation: str


class Collector:
    """Takes edges in the order of entities while parents are still only names.

    Ids become 64-bit hashes here; two ids of one graph share one with p < 1e-6 at 3 M.

    Args:
        relations: every relation name an edge may have.
        loose: those of them whose edges are left out if nothing describes the parent.
    """

    def __init__(self, relations: Iterable[str], loose: Collection[str] = ()) -> None:
        self.relations = sorted(relations)
        self._codes = {name: code for code, name in enumerate(self.relations)}
        self._loose = frozenset(loose)
        self._ids, self._parents = array("q"), array("q")
        self._children, self._kinds = array("i"), array("B")
        self._dates = array("i")
        self._waiting: dict[int, str] = {}  # names of parents not yet seen as entities
        self.runs: list[tuple[int, str]] = []  # the first node of each kind
        self._kind = " "  # how ids of the present kind begin; no id begins so

    def entity(self, id: str, date: str = "") -> int:
        """Number the next entity.

        Args:
            id: comes after all ids before it.
            date: YYYY, YYYY-MM or YYYY-MM-DD: it counts from the first day it may mean.
        """
        key = hash(id)
        self._waiting.pop(key, None)
        self._ids.append(key)
        self._dates.append(day_number(date))
        self._run(len(self._ids) - 1, id)
        return len(self._ids) - 1

    def _run(self, node: int, id: str) -> None:
        if not id.startswith(self._kind):
            self.runs.append((node, kind_of(id)))
            self._kind = f"{kind_of(id)}/"

    def edge(self, child: int, parent: str, relation: str) -> None:
        """Add an edge from a numbered child to a named parent."""
        key = hash(parent)
        self._children.append(child)
        self._parents.append(key)
        self._kinds.append(self._codes[relation])
        if relation not in self._loose:
            self._waiting[key] = parent

    def finish(self) -> tuple[Ints, Ints, NDArray[np.uint8], list[str]]:
        """Children, parents and relation codes of all edges, and the dangling ids in order."""
        keys = np.array(self._ids, dtype=np.int64)
        waiting = np.fromiter(self._waiting, np.int64, len(self._waiting))
        unknown = waiting[_places(waiting, keys) < 0].tolist()
        dangling = sorted(self._waiting[key] for key in unknown)
        for i, id in enumerate(dangling):
            self._run(len(self._ids) + i, id)
        tail = np.fromiter(map(hash, dangling), np.int64, len(dangling))
        parent = _places(np.array(self._parents, np.int64), np.concatenate([keys, tail]))
        child, kind = np.array(self._children, np.int64), np.array(self._kinds, np.uint8)
        known = parent >= 0
        return child[known], parent[known], kind[known], dangling

    def dates(self, size: int) -> NDArray[np.int32]:
        """The dates of all nodes."""
        dates = np.zeros(size, np.int32)
        dates[: len(self._dates)] = self._dates
        return dates

    def __len__(self) -> int:
        return len(self._ids)


def _places(wanted: Ints, keys: Ints) -> Ints:
    """The place of each wanted key in `keys`, -1 if it is not there; sorted first, to search near the last."""
    by_key, by_wanted = np.argsort(keys), np.argsort(wanted)
    known, place = within(wanted[by_wanted], keys[by_key])
    found = np.full(len(wanted), -1)
    found[by_wanted[known]] = by_key[place[known]]
    return found


@lru_cache(4096)
def day_number(date: str) -> int:
    """A date as a number that sorts; of a month or year its first day.

    >>> day_number("2023-03-13"), day_number("2023-03"), day_number("2023"), day_number("")
    (20230313, 20230301, 20230101, 0)
    """
    digits = date.replace("-", "")
    return int((digits + "0101")[:8]) if digits.isdecimal() else 0


def build_lineage(
    collector: Collector, weights: Collection[str], folder: Path, budget: int = PAIR_BUDGET
) -> Lineage:
    """Write the arrays of a graph to a folder and open them.

    Args:
        collector: holds all entities and edges.
        weights: the relations along which weights pass.
        folder: an existing, empty folder.
        budget: most pairs (node, ancestor) the closure may hold; with more it is left out.
    """
    child, parent, kind, dangling = collector.finish()
    size = len(collector) + len(dangling)
    adjacency(size, child, parent, kind).save(folder, "up")
    adjacency(size, parent, child, kind).save(folder, "down")
    np.save(folder / "dates.npy", collector.dates(size))
    Texts.save(folder, "dangling", dangling)
    codes = [i for i, name in enumerate(collector.relations) if name in weights]
    carries = np.isin(kind, codes)
    child, parent = child[carries], parent[carries]
    closure = close(size, child, parent, budget)
    if closure:
        closure.ancestors.save(folder, "above")
        closure.descendants.save(folder, "below")
    about = {
        "relations": collector.relations,
        "weights": sorted(weights),
        "runs": collector.runs,
        "cycles": cycles(size, child, parent),
        "closure": bool(closure),
        "size": size,
    }
    (folder / "lineage.json").write_text(json.dumps(about), encoding="utf-8")
    return Lineage(folder)


class Lineage:
    """The arrays of one graph, read-only and shared between processes.

    Args:
        folder: where `build_lineage` wrote them.
    """

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / "lineage.json").read_text(encoding="utf-8"))
        self.relations: Sequence[str] = about["relations"]
        self.weights: frozenset[str] = frozenset(about["weights"])
        self.cycles: Sequence[int] = about["cycles"]
        self.size: int = about["size"]
        self.dangling: Sequence[str] = Texts(folder, "dangling")
        self.dates: NDArray[Any] = map_array(folder / "dates.npy")
        verdicts = folder / "verdict.npy"
        self.verdicts: NDArray[Any] | None = map_array(verdicts) if verdicts.exists() else None
        self.up, self.down = Adjacency.load(folder, "up"), Adjacency.load(folder, "down")
        self._ancestors = Adjacency.load(folder, "above") if about["closure"] else None
        self._descendants = Adjacency.load(folder, "below") if about["closure"] else None
        self._starts = np.array([start for start, _ in about["runs"]], np.int64)
        self._kinds = [kind for _, kind in about["runs"]]

    def kinds(self, nodes: NDArray[Any], wanted: Collection[str]) -> Mask:
        """Which nodes are of some kinds, as a mask."""
        right = np.array([kind in wanted for kind in self._kinds], np.bool_)
        return right[np.searchsorted(self._starts, nodes, side="right") - 1]

    def codes(self, relations: Collection[str]) -> Mask:
        """Which relation codes stand for some relations, as a mask."""
        return np.array([name in relations for name in self.relations], np.bool_)

    def parents(self, node: int, relations: Collection[str]) -> Iterator[Edge]:
        """The edges from a node to its parents."""
        for parent, code in zip(*self.up.of(node), strict=True):
            if (relation := self.relations[code]) in relations:
                yield Edge(node, parent, relation)

    def children(self, node: int, relations: Collection[str]) -> Iterator[Edge]:
        """The edges from the children of a node to it."""
        for child, code in zip(*self.down.of(node), strict=True):
            if (relation := self.relations[code]) in relations:
                yield Edge(child, node, relation)

    def arrays(self) -> tuple[Ints, Ints, Ints]:
        """Children, parents and relation codes of all edges, sorted by child."""
        counts = np.diff(self.up.offsets)
        children = np.repeat(np.arange(self.size, dtype=np.int64), counts)
        return children, self.up.nodes.astype(np.int64), self.up.marks.astype(np.int64)

    def ancestors(self, node: int, relations: Collection[str] | None = None) -> Distances:
        """Every ancestor of a node along edges alone, with the least number of steps; never the node itself.

        `Families.ancestors` also says what follows from parents that are whole families.

        Args:
            node: where to start.
            relations: the relations to follow; by default those along which weights pass.
        """
        if relations is None and self._ancestors is not None:
            return Distances(*self._ancestors.row(node))
        return self._search(self.up, [node], self.weights if relations is None else relations)

    def descendants(self, node: int, relations: Collection[str] | None = None) -> Distances:
        """Every descendant of a node along edges alone, with the least number of steps to it."""
        if relations is None and self._descendants is not None:
            return Distances(*self._descendants.row(node))
        return self.descendants_of([node], relations)

    def descendants_of(
        self, nodes: Collection[int], relations: Collection[str] | None = None
    ) -> Distances:
        """Every descendant of any of some nodes along edges alone; none of these is among them."""
        if relations is None and self._descendants is not None:
            found = merge_distances(Distances(*self._descendants.row(node)) for node in nodes)
            return found.without(nodes)
        return self._search(self.down, nodes, self.weights if relations is None else relations)

    def descendant_count(self, node: int) -> int:
        """How many nodes take weights from one, at any depth."""
        return self._descendants.count(node) if self._descendants else len(self.descendants(node))

    def descendant_counts(self, nodes: Ints) -> Ints:
        """How many nodes take weights from each of some, at any depth; only how many children where no closure is kept.

        Good to sort by, whatever the size of the graph.
        """
        offsets = (self._descendants or self.down).offsets
        return np.asarray(offsets[nodes + 1] - offsets[nodes], np.int64)

    def comes_from(self, nodes: Ints, others: Ints) -> Mask:
        """Whether each node takes weights from the other node beside it."""
        if self._ancestors is not None:
            return self._ancestors.holds(nodes, others)
        ancestors = {node: self.ancestors(node) for node in set(nodes.tolist())}
        pairs = zip(nodes.tolist(), others.tolist(), strict=True)
        return np.array([other in ancestors[node] for node, other in pairs], np.bool_)

    def _search(
        self, edges: Adjacency, starts: Collection[int], relations: Collection[str]
    ) -> Distances:
        """Search the graph breadth first: wide steps by arrays, narrow ones without the cost of arrays.

        `walk_up` does the same for other graphs; this one knows that nodes are numbers in arrays.
        """
        follow = self.codes(relations)
        reached = dict.fromkeys(starts, 0)
        frontier = list(reached)
        while frontier:
            depth = reached[frontier[0]] + 1
            wide = len(frontier) > _WIDE or any(edges.count(at) > _WIDE for at in frontier)
            ahead = _wide(edges, frontier, follow) if wide else _narrow(edges, frontier, follow)
            frontier = [target for target in ahead if target not in reached]
            reached |= dict.fromkeys(frontier, depth)
        return Distances.of(reached).without(starts)


def _narrow(edges: Adjacency, frontier: list[int], follow: Mask) -> dict[int, None]:
    pairs = (pair for at in frontier for pair in zip(*edges.of(at), strict=True))
    return dict.fromkeys(target for target, code in pairs if follow[code])


def _wide(edges: Adjacency, frontier: list[int], follow: Mask) -> list[int]:
    _, place = edges.gather(np.array(frontier))
    targets: list[int] = distinct(edges.nodes[place[follow[edges.marks[place]]]]).tolist()
    return targets
