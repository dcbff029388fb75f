"""The parents and children of nodes, as a family tree follows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import numpy as np

from kg.answers.tree._primary import Links, best, closest
from kg.lineage.adjacency import Ints, Mask, distinct, within
from kg.lineage.graph import Edge
from kg.model.vocabulary import DERIVED_FROM, DEVELOPER, IN_FAMILY
from kg.snapshot.layout import remember
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot


class Graph:
    """Parents and children of numbered nodes.

    Args:
        snapshot: an open snapshot.
        relations: the derivations to follow; by default those of weights and distillation.
        makers: whether what derives from nothing hangs from its maker.
    """

    def __init__(
        self, snapshot: Snapshot, relations: Collection[str] | None = None, makers: bool = False
    ) -> None:
        self._lineage, self._families = snapshot.lineage, snapshot.families
        usual = snapshot.vocabulary.edges("weights", "distillation")
        self._derives = frozenset(usual if relations is None else relations)
        known = snapshot.vocabulary.properties
        stated = sorted(self._derives, key=lambda r: (r == DERIVED_FROM, known[r].order))
        # What tells most of a derivation comes first; a weaker tie counts only where no other is.
        self._ties = (IN_FAMILY, DEVELOPER) if makers else (IN_FAMILY,)
        self.ranked = (*stated, *self._ties)
        self._ranks = {relation: rank for rank, relation in enumerate(self.ranked)}
        self._shared: dict[int, list[Edge]] = {}  # a walk asks several times for those of a family

    @property
    def derives(self) -> frozenset[str]:
        """The derivations that are followed."""
        return self._derives

    @property
    def size(self) -> int:
        """How many nodes there are, of whatever kind."""
        return self._lineage.size

    def is_family(self, node: int) -> bool:
        """Whether a node is a family."""
        return self._families.is_family(node)

    def are_families(self, nodes: Ints) -> Mask:
        """Which nodes are families."""
        return self._families.mask(nodes)

    def families(self, node: int) -> list[int]:
        """The families a node stands in."""
        return sorted(self._families.of(node) - {node})

    def members(self, node: int) -> list[int]:
        """The models of a family; none of a model."""
        return sorted(self._families.members(node)) if self.is_family(node) else []

    def rank(self, edge: Edge) -> tuple[int, int]:
        """Sorts edges to parents: stated derivations first, by the order of the vocabulary."""
        return self._ranks[edge.relation], edge.parent

    def derivations(self, node: int) -> list[Edge]:
        """The edges to what a model derives from, one to each parent.

        A family is left out where one of its members is a parent too: that says more.
        """
        found: dict[int, Edge] = {}
        for edge in sorted(self._lineage.parents(node, self._derives), key=self.rank):
            if edge.parent != node:
                found.setdefault(edge.parent, edge)
        return [edge for edge in found.values() if not self._is_vague(edge.parent, found)]

    def _is_vague(self, parent: int, parents: Iterable[int]) -> bool:
        """Whether a parent is a family of which a member is a parent as well."""
        return self.is_family(parent) and any(
            parent in self._lineage.ancestors(other, {IN_FAMILY}) for other in parents
        )

    def shared_parent(self, family: int) -> list[Edge]:
        """The edge to the nearest ancestor that all members of a family share, if there is one.

        A tree hangs a family from one parent; kg/answers/_ancestor_graph.py keeps all that are equally near.
        """
        found = self._shared.get(family)
        if found is None:
            found = self._find_shared_parent(family)
            remember(self._shared, family, found)
        return found

    def _find_shared_parent(self, family: int) -> list[Edge]:
        ancestors = self._families.ancestors(family)
        steps = {**ancestors.families, **ancestors.models}
        steps.pop(family, None)
        if not steps:
            return []
        first = {next((o.relation for o in self.derivations(m)), "") for m in self.members(family)}
        relation = (first.pop() if len(first) == 1 else "") or DERIVED_FROM
        return [Edge(family, min(steps, key=lambda n: (steps[n], n)), relation)]

    def parents(self, node: int, among: Collection[int] | None = None) -> list[Edge]:
        """The edges to the parents of a node; to its families only if it has no others.

        Args:
            node: a model or family.
            among: the only parents that count; None = all.
        """
        shared = self.is_family(node) and DERIVED_FROM in self._derives
        derives = (self.shared_parent(node) if shared else []) + self.derivations(node)
        ties = (
            [e for e in self._lineage.parents(node, {tie}) if e.parent != node]
            for tie in self._ties
        )
        for edges in (derives, *ties):
            if found := [e for e in edges if among is None or e.parent in among]:
                return found
        return []

    def children(self, nodes: Ints) -> Ints:
        """The nodes that derive from some nodes, or are members of them; each once."""
        derived = self._children_along(nodes, self._derives)
        members = self._children_along(nodes[self.are_families(nodes)], {IN_FAMILY})
        return distinct(np.concatenate([derived, members]))

    def _children_along(self, nodes: Ints, relations: Collection[str]) -> Ints:
        down = self._lineage.down
        _, place = down.gather(nodes)
        return down.nodes[place[self._lineage.codes(relations)[down.marks[place]]]]

    def named_families(self, nodes: Ints) -> Iterator[int]:
        """The families of some nodes that some model names as its parent."""
        for family in self._families.around(nodes):
            if any(self._lineage.children(family, self._derives)):
                yield family

    def links(self, nodes: Ints) -> Links:
        """The edges among many nodes, to the closest of their parents.

        Args:
            nodes: ascending; a place is a place in these.
        """
        size, derives = len(nodes), len(self._derives)
        links, by_hand = self._stated(nodes)
        links = best(links.where(~by_hand[links.child]), size, derives)
        if by_hand.any():
            decided = self._decide(nodes, np.flatnonzero(by_hand))
            links = best(links.join(decided), size, derives)
        return closest(links, size, lambda a, b: self._lineage.comes_from(nodes[a], nodes[b]))

    def _stated(self, nodes: Ints) -> tuple[Links, Mask]:
        """The edges among many nodes, and for which nodes `parents` must decide."""
        links = self._edges(nodes)
        derives = links.rank < len(self._derives)
        many = np.bincount(links.child[derives], minlength=len(nodes)) > 1
        by_hand = self.are_families(nodes)
        vague = derives & self.are_families(links.parent) & many[links.child]
        by_hand[links.child[vague]] = True
        known, parent = within(links.parent, nodes)
        return links._replace(parent=parent).where(known), by_hand

    def _edges(self, nodes: Ints) -> Links:
        """All edges that count from places in `nodes` to the numbers of parents."""
        up = self._lineage.up
        child, place = up.gather(nodes)
        ranks = np.array([self._ranks.get(name, -1) for name in self._lineage.relations])
        links = Links(child, up.nodes[place], ranks[up.marks[place]])
        return links.where((links.rank >= 0) & (links.parent != nodes[child]))

    def tally(self, nodes: Ints, parents: Ints) -> dict[str, int]:
        """How many of some nodes derive in each way from any of some parents, most first.

        Args:
            nodes: ascending; each counts once, by the relation that tells most.
            parents: ascending.
        """
        links = self._edges(nodes)
        # By a table of a byte a node: to search sorted parents for parents in no order takes ten times as long.
        links = links.where(np.isin(links.parent, parents, kind="table"))
        least = np.full(len(nodes), len(self.ranked))
        np.minimum.at(least, links.child, links.rank)
        counts = np.bincount(least, minlength=len(self.ranked) + 1)[:-1]
        most_first = np.argsort(-counts, kind="stable").tolist()
        return {self.ranked[rank]: int(counts[rank]) for rank in most_first if counts[rank]}

    def _decide(self, nodes: Ints, places: Ints) -> Links:
        """The edges that `parents` names, for nodes whose own edges do not say enough."""
        among = set(nodes.tolist())
        edges = [e for node in nodes[places].tolist() for e in self.parents(node, among)]
        ends = np.array([(e.child, e.parent) for e in edges], np.int64).reshape(-1, 2)
        ranks = np.array([self._ranks[e.relation] for e in edges], np.int64)
        return Links(np.searchsorted(nodes, ends[:, 0]), np.searchsorted(nodes, ends[:, 1]), ranks)


@memo(most=1)
def usual_graph(snapshot: Snapshot) -> Graph:
    """The graph that family trees follow: derivations of weights and distillation."""
    return Graph(snapshot)
