"""Ancestors and descendants of models and families.

This is the question to ask for ancestors: `Families.ancestors`. The walks that go to the ancestors in
another way say in their docstrings why.

Weights pass between models. A family counts as a descendant when every member of it is one; a
model derived from such a family, of which the source does not say the member, then is one too.
Ancestors the same: what every member of a family comes from is an ancestor of the models derived
from that family. Data is stated of families as well: what a family as a whole was trained on, its
members were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from kg.lineage.adjacency import Ints, Mask, distinct, within
from kg.lineage.graph import Edge, Lineage
from kg.lineage.reach import Distances, merge_distances
from kg.model.vocabulary import DEVELOPER, IN_FAMILY

Relations = Collection[str] | None  # to follow; None = those along which weights pass


class Reach(NamedTuple):
    """The ancestors, or the descendants, of some nodes, each with the least number of steps."""

    models: Mapping[int, int]  # and datasets, where data edges are followed
    families: Mapping[int, int]


class Families:
    """The families of a lineage, and the ancestors and descendants of models and families.

    Args:
        lineage: the derivation graph.
        first, end: the range of node numbers that are families.
    """

    def __init__(self, lineage: Lineage, first: int, end: int) -> None:
        self._lineage, self._range = lineage, range(first, end)
        self._within: dict[int, frozenset[int]] = {}

    def is_family(self, node: int) -> bool:
        """Whether a node is a family."""
        return node in self._range

    def mask(self, nodes: Ints) -> Mask:
        """Which nodes are families."""
        found: Mask = (nodes >= self._range.start) & (nodes < self._range.stop)
        return found

    def inside(self, family: int) -> frozenset[int]:
        """The models in a family, the families within it, and their models."""
        if family not in self._within:
            inside = self._lineage.descendants(family, {IN_FAMILY})
            self._within[family] = frozenset(inside)
        return self._within[family]

    def members(self, family: int) -> set[int]:
        """The models in a family and in the families within it."""
        return {node for node in self.inside(family) if node not in self._range}

    def of(self, node: int) -> set[int]:
        """The families a node itself stands in."""
        return {edge.parent for edge in self._lineage.parents(node, {IN_FAMILY})}

    def made_by(self, maker: int) -> set[int]:
        """What an organization or person developed.

        To it belong the base models of its families that have no maker of their own: a family may
        hold what others derived.
        """
        nodes, codes = self._lineage.down.row(maker)
        made = set(nodes[self._lineage.codes({DEVELOPER})[codes]].tolist())
        bases = (
            node
            for family in made
            if family in self._range
            for node in self.members(family)
            if not any(self._lineage.parents(node, self._lineage.weights | {DEVELOPER}))
        )
        return made.union(bases)

    def roots(self, node: int) -> set[int]:
        """A node and, if it is a family, the models and families in it."""
        return {node, *self.inside(node)} if node in self._range else {node}

    def descendants(self, root: int, relations: Relations = None) -> Reach:
        """Every model and whole family that comes from a model or family."""
        return self.descendants_of(self.roots(root), relations)

    def descendants_of(self, roots: Collection[int], relations: Relations = None) -> Reach:
        """Every model and whole family that comes from any of some models and families.

        Args:
            roots: where to start; they are not among what is found.
            relations: the edges to follow; None = those along which weights pass.
        """
        families: Mapping[int, int] = {}
        reached = self._lineage.descendants_of(roots, relations)
        while True:
            models, stated = self._parted(reached)
            found = self._whole(models, roots) | stated
            if not found.keys() - families.keys():
                return Reach(models, found)
            families = found
            further = (self._passed_on(f, d, relations) for f, d in found.items())
            reached = merge_distances([reached, *further]).without(roots)

    def _parted(self, reached: Distances) -> tuple[Distances, dict[int, int]]:
        """The models among some nodes, and the families that an edge itself leads to."""
        mask = self.mask(reached.nodes)
        return reached.where(~mask), dict(reached.where(mask).items()) if mask.any() else {}

    def _passed_on(self, family: int, depth: int, relations: Relations) -> Distances:
        """The descendants of a family: models derived from it and, along edges of data, its members."""
        further = self._lineage.descendants(family, relations)
        if relations is not None and any(self._lineage.parents(family, relations)):
            members = dict.fromkeys(self.inside(family), 1)
            further_on = (_later(self._lineage.descendants(m, relations), 1) for m in members)
            further = merge_distances([further, members, *further_on])
        return _later(further, depth)

    def _whole(self, models: Distances, roots: Collection[int]) -> dict[int, int]:
        """The families all of whose members are among some models, with the steps to the last of them."""
        found: dict[int, int] = {}
        for family in self.around(models.nodes) - set(roots):
            members = np.fromiter(self.members(family), np.int64)
            known, place = within(members, models.nodes)
            if known.all():
                found[family] = int(models.depths[place].max())
        return found

    def around(self, nodes: Ints) -> set[int]:
        """The families of some nodes, and the families that those stand in."""
        if not self._range:
            return set()
        up = self._lineage.up
        _, place = up.gather(nodes)
        belongs = self._lineage.codes({IN_FAMILY})[up.marks[place]]
        direct: list[int] = distinct(up.nodes[place[belongs]]).tolist()
        outer = (self._lineage.ancestors(family, {IN_FAMILY}) for family in direct)
        return {f for found in (direct, *outer) for f in found if f in self._range}

    def ancestors(self, root: int, relations: Relations = None) -> Reach:
        """Every model that a model or family certainly comes from, and the families of those.

        Args:
            root: the model or family.
            relations: the edges to follow; None = those along which weights pass.
        """
        (found,) = self._find_ancestors([root], relations)
        return self._with_families(found, self.roots(root))

    def ancestors_of(self, roots: Collection[int], relations: Relations = None) -> Reach:
        """Every model that any of some models comes from, and the families of those."""
        return self._with_families(_either(self._find_ancestors(roots, relations)), roots)

    def _with_families(self, reach: Reach, roots: Collection[int]) -> Reach:
        """Ancestors without the roots, and with the families that the models stand in."""
        models = {n: d for n, d in reach.models.items() if n not in roots}
        families = {f: d for f, d in reach.families.items() if f not in roots}
        for node, depth in models.items():
            for family in self.of(node).difference(roots):
                families[family] = min(depth, families.get(family, depth))
        return Reach(models, families)

    def _find_ancestors(self, roots: Collection[int], relations: Relations) -> list[Reach]:
        """The ancestors of each of some nodes; a family stands for what all its members share.

        Families and models may be derived from each other, so it is the least fixed point: what a
        node comes from is reckoned from what those come from that it names, until nothing is gained.
        """
        own: dict[int, Reach] = {}
        order, tangled = self._needed(roots, relations, own)
        found = dict.fromkeys(order, Reach({}, {}))
        while True:
            before = dict(found) if tangled else found
            for node in order:
                found[node] = self._step(node, found, own, relations)
            if found == before:
                return [found[root] for root in roots]

    def _needed(
        self, roots: Collection[int], relations: Relations, own: dict[int, Reach]
    ) -> tuple[list[int], bool]:
        """The nodes whose ancestors are needed for those of some, each after those it needs itself.

        Args:
            roots: those nodes.
            relations: to follow.
            own: is filled with what edges lead to from each.

        Returns:
            The nodes, and whether some need each other.
        """
        order: list[int] = []
        open_: dict[int, Iterator[int]] = {}
        tangled = False
        for root in roots:
            if root not in own:
                open_[root] = self._needs(root, relations, own)
            while open_:
                node, ahead = next(reversed(open_.items()))
                for other in ahead:
                    tangled |= other in open_
                    if other not in own:
                        open_[other] = self._needs(other, relations, own)
                        break
                else:
                    del open_[node]
                    order.append(node)
        return order, tangled

    def _needs(self, node: int, relations: Relations, own: dict[int, Reach]) -> Iterator[int]:
        own[node] = self._own(node, relations)
        return iter(sorted(self.members(node) if node in self._range else own[node].families))

    def _step(
        self, node: int, found: Mapping[int, Reach], own: Mapping[int, Reach], relations: Relations
    ) -> Reach:
        if node in self._range:
            parts = [found[m] for m in self.members(node)]
            shared = Reach(
                _shared([part.models for part in parts]),
                _shared([self._with_own(part) for part in parts]),
            )
            return shared if relations is None else _either([shared, own[node]])
        reached = own[node]
        parts = [_deeper(found[family], depth) for family, depth in reached.families.items()]
        return _either([reached, *parts]) if parts else reached

    def _own(self, node: int, relations: Relations) -> Reach:
        """The ancestors of a node along edges alone; along edges of data, those of its families too."""
        reached: Mapping[int, int] = self._lineage.ancestors(node, relations)
        if relations is not None:
            stated = self._stated([node, *reached], relations)
            reached = merge_distances([reached, *stated]).without([node])
        if not len(reached):  # as of most members of a family
            return Reach({}, {})
        families = {n: d for n, d in reached.items() if n in self._range}
        models = {n: d for n, d in reached.items() if n not in families}
        return Reach(models, families)

    def _stated(self, nodes: Iterable[int], relations: Collection[str]) -> Iterator[Distances]:
        """The ancestors that sources state of the families of some models, a step further away."""
        for family in self.around(np.fromiter(nodes, np.int64)):
            if any(self._lineage.parents(family, relations)):
                found = self._lineage.ancestors(family, relations)
                yield merge_distances(
                    [{family: 1}, Distances(found.nodes, found.depths.astype(int) + 1)]
                )

    def _with_own(self, part: Reach) -> Distances:
        """The families among some ancestors, with those that the models among them stand in."""
        own = ({family: depth} for node, depth in part.models.items() for family in self.of(node))
        return merge_distances([part.families, *own])

    def edges(self, shown: set[int], relations: Relations = None) -> Iterator[Edge]:
        """The edges among some nodes, and from models to the families among them."""
        follow = {*(self._lineage.weights if relations is None else relations), IN_FAMILY}
        up, nodes = self._lineage.up, np.array(sorted(shown))
        which, place = up.gather(nodes)
        kept = within(up.nodes[place], nodes)[0] & self._lineage.codes(follow)[up.marks[place]]
        ends = zip(
            nodes[which[kept]].tolist(),
            up.nodes[place[kept]].tolist(),
            up.marks[place[kept]].tolist(),
            strict=True,
        )
        for child, parent, code in ends:
            yield Edge(child, parent, self._lineage.relations[code])


def _later(reached: Distances, by: int) -> Distances:
    return Distances(reached.nodes, reached.depths.astype(np.int64) + by)


def _shared(groups: list[Mapping[int, int]]) -> dict[int, int]:
    """The nodes that stand in every group, each with its greatest depth."""
    if not groups:
        return {}
    common = set(groups[0]).intersection(*groups[1:])
    return {node: max(group[node] for group in groups) for node in common}


def _either(parts: list[Reach]) -> Reach:
    return Reach(
        merge_distances(part.models for part in parts),
        merge_distances(part.families for part in parts),
    )


def _deeper(reach: Reach, by: int) -> Reach:
    return Reach(
        {node: depth + by for node, depth in reach.models.items()},
        {node: depth + by for node, depth in reach.families.items()},
    )
