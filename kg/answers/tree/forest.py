"""From the lineage to a forest: all models and families around one, each under a primary parent.

The primary parent is the one nearest to a root; so nothing is counted twice, and cycles end.
Members hang from their family only where no derivation says more. What can be done for all nodes
at once is done in arrays (kg/answers/tree/_primary.py); no entity is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from itertools import takewhile
from typing import NamedTuple

import numpy as np

from kg.answers.tree._places import NodePlaces, NodeValues
from kg.answers.tree._primary import Links, depths, primary
from kg.answers.tree.neighbors import Graph, usual_graph
from kg.answers.tree.ordering import by_importance, levels
from kg.lineage.adjacency import Ints, Mask, distinct, first_of_runs, order_by
from kg.lineage.graph import Edge
from kg.lineage.reach import walk_up
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

FORESTS = 8  # kept for one snapshot; the largest hold millions of nodes


class HiddenKids(NamedTuple):
    """Children of a node that are not shown, by one relation."""

    relation: str
    children: int
    models: int  # with all below them


class Forest:
    """The nodes around a model or family, each under its primary parent.

    The mappings have the nodes as keys, in order of depth; the arrays of the same names without an s
    have a value for each place in `nodes`.

    Args:
        nodes: in order of depth, then of their numbers.
        parents: places of the primary parents in `nodes`; -1 of roots.
        ranks: places in `ranked` of the relations to them; -1 of roots.
        depth: steps from a root.
        models: models at a node and below it.
        ancestors: of the start, by any parent.
        ranked: names of relations.
    """

    def __init__(
        self,
        nodes: Ints,
        parents: Ints,
        ranks: Ints,
        depth: Ints,
        models: Ints,
        ancestors: frozenset[int],
        ranked: Sequence[str],
    ) -> None:
        self.nodes, self.ancestors = nodes, ancestors
        self.parent, self.depth, self.models = parents, depth, models
        self.rank, self.ranked = ranks, ranked
        self._places = NodePlaces(nodes)
        self._by_parent = order_by(parents + 1, np.arange(len(nodes)))
        self._bounds = np.searchsorted(parents[self._by_parent], np.arange(len(nodes) + 1))

    def mask(self, nodes: Iterable[int]) -> Mask:
        """Which places some nodes of the forest have; those that stand elsewhere have none."""
        found = np.zeros(len(self.nodes), np.bool_)
        found[[place for node in nodes if (place := self._places.at(node)) >= 0]] = True
        return found

    def seen_by(self, ancestors: frozenset[int]) -> Forest:
        """The same forest around another start.

        Args:
            ancestors: those of that start.
        """
        other = copy(self)
        other.ancestors = ancestors
        return other

    @property
    def total(self) -> int:
        """The number of models in the forest."""
        return int(self.models[self.parent < 0].sum())

    @property
    def edges(self) -> Mapping[int, Edge | None]:
        """The edge of each node to its primary parent; None for a root."""
        return NodeValues(self.nodes, self._places, self._edge)

    @property
    def depths(self) -> Mapping[int, int]:
        """The number of steps of each node from its root."""
        return NodeValues(self.nodes, self._places, lambda place: int(self.depth[place]))

    @property
    def kids(self) -> Mapping[int, list[int]]:
        """The nodes whose primary parent is a node, for each node."""
        return NodeValues(
            self.nodes, self._places, lambda place: self.nodes[self._kids(place)].tolist()
        )

    @property
    def sizes(self) -> Mapping[int, int]:
        """The number of models at each node and below it."""
        return NodeValues(self.nodes, self._places, lambda place: int(self.models[place]))

    def _edge(self, place: int) -> Edge | None:
        parent = self.parent[place]
        if parent < 0:
            return None
        return Edge(int(self.nodes[place]), int(self.nodes[parent]), self.ranked[self.rank[place]])

    def _kids(self, place: int) -> Ints:
        return self._by_parent[self._bounds[place] : self._bounds[place + 1]]

    def path_to_root(self, node: int) -> Iterator[int]:
        """A node, its primary parent and so on, up to a root."""
        place = self._places[node]
        while place >= 0:
            yield int(self.nodes[place])
            place = int(self.parent[place])

    def hidden(self, shown: Collection[int]) -> dict[int, list[HiddenKids]]:
        """Count the children that are not shown of those nodes that are: by relation, most models first.

        Args:
            shown: nodes of the forest; those that hide nothing are not among the keys of the answer.
        """
        is_shown = np.append(self.mask(shown), False)  # the last stands for no parent
        away = np.flatnonzero(is_shown[self.parent] & ~is_shown[:-1])
        away = away[order_by(self.parent[away], self.rank[away])]
        firsts = np.flatnonzero(first_of_runs(self.parent[away], self.rank[away]))
        models = np.add.reduceat(self.models[away], firsts) if len(away) else away
        found: dict[int, list[HiddenKids]] = {}
        for place, children, many in zip(
            away[firsts].tolist(),
            np.diff(firsts, append=len(away)).tolist(),
            models.tolist(),
            strict=True,
        ):
            kids = HiddenKids(self.ranked[self.rank[place]], children, many)
            found.setdefault(int(self.nodes[self.parent[place]]), []).append(kids)
        for all_kids in found.values():
            all_kids.sort(key=lambda kids: (-kids.models, kids.relation))
        return found

    def near(self, start: int, depth: int) -> Forest:
        """The part within some generations of a node; counts stay those of the whole forest.

        Args:
            start: a node of the forest.
            depth: generations.
        """
        path = [self._places[node] for node in [*self.path_to_root(start)][: depth + 1]]
        kept = np.zeros(len(self.nodes), np.bool_)
        level = np.array(path[:1])
        kept[path] = True
        for _ in range(depth):
            level = np.flatnonzero(np.isin(self.parent, level))
            kept[level] = True
        return self._part(kept)

    def _part(self, kept: Mask) -> Forest:
        place = np.where(kept, np.cumsum(kept) - 1, -1)
        parents = np.where(self.parent[kept] < 0, -1, place[self.parent[kept]])
        return Forest(
            self.nodes[kept],
            parents,
            self.rank[kept],
            self.depth[kept],
            self.models[kept],
            self.ancestors,
            self.ranked,
        )


@memo(most=FORESTS)
def find_forest(snapshot: Snapshot, start: int) -> Forest:
    """The forest around a model or family, as `grow` makes it; the latest of them are kept."""
    return _grown(
        Graph(snapshot),
        start,
        lambda nodes: _planted_by(snapshot, nodes.astype(np.int64).tobytes()),
    )


def grow(graph: Graph, start: int) -> Forest:
    """The forest around a node: all it comes from, and all that comes from any of those.

    It walks along the parents that a tree shows, not `Families.ancestors`: where one edge says more
    than another between the same two, the other is left out.

    Args:
        graph: parents and children.
        start: a model or family.
    """
    return _grown(graph, start, lambda nodes: _planted(graph, nodes))


class _Planted(NamedTuple):
    """A forest, and which of its nodes, ascending, are parents by any edge that counts."""

    forest: Forest
    parents: Mask


def _planted(graph: Graph, nodes: Ints) -> _Planted:
    """The forest of some nodes, ascending, without a start."""
    links = graph.links(nodes)
    parents = np.zeros(len(nodes), np.bool_)
    parents[links.parent] = True
    return _Planted(_forest(graph, nodes, links, frozenset()), parents)


@memo(most=FORESTS)
def _planted_by(snapshot: Snapshot, nodes: bytes) -> _Planted:
    """The same, given the bytes of the numbers: all members of a family share it, whoever asks."""
    return _planted(usual_graph(snapshot), np.frombuffer(nodes, np.int64))


def _grown(graph: Graph, start: int, plant: Callable[[Ints], _Planted]) -> Forest:
    starts = [start, *graph.members(start)]
    ancestors = walk_up(starts, lambda node: [edge.parent for edge in graph.parents(node)])
    nodes = _find_descendants(graph, np.array(sorted(ancestors)))
    planted = plant(nodes)
    if len(starts) > 1 and not planted.parents[np.searchsorted(nodes, start)]:
        planted = plant(nodes[nodes != start])  # a family all of whose members hang elsewhere
    return planted.forest.seen_by(frozenset(ancestors))


def plant(graph: Graph, nodes: Collection[int], ancestors: Collection[int]) -> Forest:
    """Make a forest of given nodes.

    Args:
        graph: parents and children.
        nodes: all that stand in it.
        ancestors: those of them that the start comes from.
    """
    ordered = np.sort(np.fromiter(nodes, np.int64, len(nodes)))
    return _forest(graph, ordered, graph.links(ordered), frozenset(ancestors))


def _find_descendants(graph: Graph, starts: Ints) -> Ints:
    """Some nodes and all that comes from them, whole families among it."""
    found = np.zeros(graph.size, np.bool_)
    found[starts] = True
    frontier = starts
    waiting: dict[int, int] = {}  # families, with the nearest ancestor that all members share
    while len(frontier):
        waiting |= {
            f: e.parent for f in graph.named_families(frontier) for e in graph.shared_parent(f)
        }
        whole = [f for f, parent in waiting.items() if found[parent]]
        ahead = np.concatenate([graph.children(frontier), np.array(whole, np.int64)])
        frontier = distinct(ahead[~found[ahead]])
        found[frontier] = True
    return np.flatnonzero(found)


def _forest(graph: Graph, nodes: Ints, links: Links, ancestors: frozenset[int]) -> Forest:
    depth = depths(links, len(nodes))
    parents, ranks = primary(links, depth)
    order = order_by(depth, nodes)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    parents = np.where(parents < 0, -1, place[parents])[order]
    nodes, depth = nodes[order], depth[order]
    models = (~graph.are_families(nodes)).astype(np.int64)
    for level in reversed([*levels(depth)]):
        hang = parents[level] >= 0
        np.add.at(models, parents[level][hang], models[level][hang])
    return Forest(nodes, parents, ranks[order], depth, models, ancestors, graph.ranked)


def choose(forest: Forest, starts: list[int], limit: int, days: Ints | None = None) -> set[int]:
    """Choose the nodes to show: ancestors of the start, its descendants, then the largest branches.

    Args:
        forest: all nodes.
        starts: those the page is about, the main one first.
        limit: most nodes; the primary parents of the main one are shown whatever their number.
        days: when each node came out, for a choice that is spread over the time.
    """
    if len(forest.nodes) <= limit:
        return set(forest.edges)
    shown = set(forest.path_to_root(starts[0]))
    for node in by_importance(forest, starts, days):
        if len(shown) >= limit:
            break
        missing = list(takewhile(lambda n: n not in shown, forest.path_to_root(node)))
        if len(shown) + len(missing) <= limit:
            shown.update(missing)
    return shown
