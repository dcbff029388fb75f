"""From the lineage to a forest: all models and families around one, each under a primary parent.

The primary parent is the one nearest to a root; so nothing is counted twice, and cycles end.
Members hang from their family only where no derivation says more. Everything is a loop over node
numbers: no recursion, and no entity is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from kg.lineage import Edge
from kg.reader import Snapshot
from kg.vocab import DERIVED_FROM, IN_FAMILY

_NOISE = "quantizedFrom"  # copies by the hundred: the first to be hidden


class Graph:
    """Parents and children of numbered nodes, as a family tree follows them."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._lineage = snapshot.lineage
        self._families = snapshot.families
        self._derives = snapshot.vocabulary.edges("weights", "distillation")
        known = snapshot.vocabulary.properties
        self._order = {name: known[name].order for name in self._derives}

    def is_family(self, node: int) -> bool:
        """Whether a node is a family."""
        return self._families.is_family(node)

    def families(self, node: int) -> list[int]:
        """The families a node stands in."""
        return sorted(self._families.of(node) - {node})

    def members(self, node: int) -> list[int]:
        """The models of a family; none of a model."""
        return sorted(self._families.members(node)) if self.is_family(node) else []

    def rank(self, edge: Edge) -> tuple[bool, bool, int, int]:
        """Sorts edges to parents: stated derivations first, by the order of the vocabulary."""
        return (edge.relation == IN_FAMILY, edge.relation == DERIVED_FROM,
                self._order.get(edge.relation, 0), edge.parent)  # fmt: skip

    def origins(self, node: int) -> list[Edge]:
        """What a model derives from, the first relation to each parent.

        A family is left out where one of its members is a parent too: that says more.
        """
        best: dict[int, Edge] = {}
        for edge in sorted(self._lineage.parents(node, self._derives), key=self.rank):
            if edge.parent != node:
                best.setdefault(edge.parent, edge)
        return [edge for edge in best.values() if not self._is_vague(edge.parent, best)]

    def _is_vague(self, parent: int, parents: Iterable[int]) -> bool:
        return self.is_family(parent) and any(
            parent in self._lineage.ancestors(other, {IN_FAMILY}) for other in parents
        )

    def _common(self, family: int) -> list[Edge]:
        """The nearest node that all members of a family come from, if there is one."""
        above = self._families.above(family)
        reached = {**above.families, **above.models}
        reached.pop(family, None)
        if not reached:
            return []
        first = {next((o.relation for o in self.origins(m)), "") for m in self.members(family)}
        relation = first.pop() if len(first) == 1 else DERIVED_FROM
        return [Edge(family, min(reached, key=lambda n: (reached[n], n)), relation)]

    def parents(self, node: int, among: Collection[int] | None = None) -> list[Edge]:
        """The edges to the parents of a node; to its families only if it has no other.

        Args:
            node: a model or family.
            among: the only parents that count; None = all.
        """
        derives = self._common(node) if self.is_family(node) else self.origins(node)
        belongs = [Edge(node, family, IN_FAMILY) for family in self.families(node)]
        for edges in (derives, belongs):
            if found := [e for e in edges if among is None or e.parent in among]:
                return found
        return []

    def closest(self, edges: list[Edge]) -> list[Edge]:
        """The edges to parents from which no other parent comes (unless both do: a cycle)."""
        above = {e.parent: self._lineage.ancestors(e.parent) for e in edges} if edges[1:] else {}
        return [
            edge for edge in edges
            if not any(edge.parent in over and other not in above[edge.parent]
                       for other, over in above.items())
        ]  # fmt: skip

    def children(self, node: int, reached: Collection[int]) -> Iterator[int]:
        """The nodes directly below one.

        These derive from it, or are in it, or are a family wholly below `reached` by which some
        model names its parent.
        """
        follow = self._derives | {IN_FAMILY} if self.is_family(node) else self._derives
        for edge in self._lineage.children(node, follow):
            yield edge.child
        for family in self.families(node):
            if any(self._lineage.children(family, self._derives)) and any(
                edge.parent in reached for edge in self._common(family)
            ):
                yield family


class Forest(NamedTuple):
    """Every node around one under its primary parent; keys stand in order of depth."""

    edges: Mapping[int, Edge | None]  # to the primary parent
    depths: Mapping[int, int]
    kids: Mapping[int, list[int]]
    sizes: Mapping[int, int]  # models at a node and below it
    above: frozenset[int]  # all that the start comes from, by any parent

    def chain(self, node: int) -> Iterator[int]:
        """A node and its primary parents, up to a root."""
        yield node
        while edge := self.edges[node]:
            node = edge.parent
            yield node

    def below(self, nodes: Iterable[int]) -> list[int]:
        """Nodes and all that stands below them."""
        found = list(nodes)
        for node in found:  # grows as it is read
            found.extend(self.kids[node])
        return found


def grow(graph: Graph, start: int) -> Forest:
    """The forest around a node: all it comes from, and all that comes from any of those.

    Args:
        graph: parents and children.
        start: a model or family.
    """
    above = _upward(graph, [start, *graph.members(start)])
    nodes = _downward(graph, dict(above))
    up = {node: graph.closest(graph.parents(node, nodes)) for node in sorted(nodes)}
    down: dict[int, list[int]] = {node: [] for node in nodes}
    for edge in (edge for edges in up.values() for edge in edges):
        down[edge.parent].append(edge.child)
    if not down[start] and graph.members(start):  # a family all of whose members hang elsewhere
        del up[start]
    depths = _depths(up, down)
    edges = {node: _primary(graph, up[node], depths, depth) for node, depth in depths.items()}
    return _forest(graph, depths, edges, frozenset(above))


def _upward(graph: Graph, starts: list[int]) -> dict[int, None]:
    found = dict.fromkeys(starts)
    queue = list(found)
    for node in queue:  # grows as it is read
        fresh = [e.parent for e in graph.parents(node) if e.parent not in found]
        found |= dict.fromkeys(fresh)
        queue.extend(fresh)
    return found


def _downward(graph: Graph, found: dict[int, None]) -> dict[int, None]:
    queue = list(found)
    for node in queue:  # grows as it is read
        below = dict.fromkeys(graph.children(node, found))
        fresh = [child for child in below if child not in found]
        found |= dict.fromkeys(fresh)
        queue.extend(fresh)
    return found


def _depths(up: Mapping[int, list[Edge]], down: Mapping[int, list[int]]) -> dict[int, int]:
    """The steps from the nearest root; where a cycle leaves none, its first node becomes one."""
    depths: dict[int, int] = {}
    for roots in ([n for n in up if not up[n]], *([n] for n in up)):
        queue = [n for n in roots if n not in depths]
        depths |= dict.fromkeys(queue, 0)
        for node in queue:  # grows as it is read
            fresh = [n for n in dict.fromkeys(down[node]) if n in up and n not in depths]
            depths |= dict.fromkeys(fresh, depths[node] + 1)
            queue.extend(fresh)
    return dict(sorted(depths.items(), key=lambda item: (item[1], item[0])))


def _primary(graph: Graph, edges: list[Edge], depths: Mapping[int, int], depth: int) -> Edge | None:
    nearest = [edge for edge in edges if depths[edge.parent] == depth - 1]
    return min(nearest, key=graph.rank, default=None)


def _forest(graph: Graph, depths: Mapping[int, int], edges: Mapping[int, Edge | None],
            above: frozenset[int]) -> Forest:  # fmt: skip
    kids: dict[int, list[int]] = {node: [] for node in edges}
    sizes = {node: int(not graph.is_family(node)) for node in edges}
    for node in reversed(list(edges)):  # deepest first
        if edge := edges[node]:
            kids[edge.parent].append(node)
            sizes[edge.parent] += sizes[node]
    return Forest(edges, depths, kids, sizes, above)


def choose(forest: Forest, starts: list[int], limit: int) -> set[int]:
    """The nodes to show: what the start comes from, what is below it, then the largest branches.

    Args:
        forest: all nodes.
        starts: those the page is about, the main one first.
        limit: most nodes; the primary parents of the main one are shown whatever their number.
    """
    if len(forest.edges) <= limit:
        return set(forest.edges)
    shown = set(forest.chain(starts[0]))
    for node in sorted(forest.edges, key=_importance(forest, starts)):
        missing = [n for n in forest.chain(node) if n not in shown]
        if len(shown) + len(missing) <= limit:
            shown.update(missing)
    return shown


def _importance(forest: Forest, starts: list[int]
                ) -> Callable[[int], tuple[int, bool, int, int, int]]:  # fmt: skip
    below = set(forest.below(starts))

    def key(node: int) -> tuple[int, bool, int, int, int]:
        edge = forest.edges[node]
        noise = edge is not None and edge.relation == _NOISE
        rank = 0 if node in forest.above else 1 if node in below else 2
        return rank, noise, -forest.sizes[node], forest.depths[node], node

    return key
