"""Ancestors and descendants of models and families, by the rules of DESIGN: Families.

Weights pass between models. A family counts as a descendant when every member of it is one; a
model derived from such a family, of which the source does not say the member, then is one too.
Upwards the same: what lies above every member of a family lies above what is derived from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.lineage import Edge, Lineage, Reached, merge_reached
from kg.vocab import IN_FAMILY


class Reach(NamedTuple):
    """What is reached in one direction."""

    models: Reached  # with the least depth
    families: Reached


class Families:
    """Families over a lineage.

    Args:
        lineage: the derivation graph.
        first, end: the range of node numbers that are families.
    """

    def __init__(self, lineage: Lineage, first: int, end: int) -> None:
        self._lineage, self._range = lineage, range(first, end)

    def is_family(self, node: int) -> bool:
        """Whether a node is a family."""
        return node in self._range

    def members(self, family: int) -> set[int]:
        """The models in a family and in the families within it."""
        within = self._lineage.descendants(family, {IN_FAMILY})
        return {node for node in within if node not in self._range}

    def of(self, node: int) -> set[int]:
        """The families a node itself stands in."""
        return {edge.parent for edge in self._lineage.parents(node, {IN_FAMILY})}

    def below(self, root: int) -> Reach:
        """Every model and whole family that comes from a model or family by weights."""
        roots = self._roots(root)
        families: Reached = {}
        models = self._models_below(roots)
        while found := dict(self._whole(models, roots, families)):
            families |= found
            models = merge_reached([models, *(self._shifted(f, d) for f, d in found.items())])
            models = {node: depth for node, depth in models.items() if node not in roots}
        return Reach(models, families)

    def _roots(self, root: int) -> set[int]:
        return {root, *self.members(root)} if root in self._range else {root}

    def _models_below(self, roots: set[int]) -> Reached:
        reached = merge_reached(self._lineage.descendants(root) for root in roots)
        return {n: d for n, d in reached.items() if n not in roots and n not in self._range}

    def _whole(self, models: Reached, roots: set[int], known: Reached) -> Iterator[tuple[int, int]]:
        """Families not known yet all of whose members are among the models, with their depth."""
        for family in {f for node in models for f in self._above(node)} - known.keys() - roots:
            members = self.members(family)
            if members <= models.keys():
                yield family, max(models[member] for member in members)

    def _above(self, node: int) -> Reached:
        return self._lineage.ancestors(node, {IN_FAMILY})

    def _shifted(self, family: int, depth: int) -> Reached:
        below = self._lineage.descendants(family)
        return {n: d + depth for n, d in below.items() if n not in self._range}

    def above(self, root: int) -> Reach:
        """Every model a model or family certainly comes from by weights, and their families."""
        reach = self._up(root, frozenset())
        roots = self._roots(root)
        models = {n: d for n, d in reach.models.items() if n not in roots}
        families = {f: d for f, d in reach.families.items() if f not in roots}
        for node, depth in models.items():
            for family in self.of(node) - roots:
                families[family] = min(depth, families.get(family, depth))
        return Reach(models, families)

    def _up(self, root: int, trail: frozenset[int]) -> Reach:
        """Above one node; a family stands for what all its members share."""
        if root in trail:
            return Reach({}, {})
        if root in self._range:
            parts = [self._up(member, trail | {root}) for member in self.members(root)]
            models = _shared([part.models for part in parts])
            return Reach(models, _shared([self._with_own(part) for part in parts]))
        reached = self._lineage.ancestors(root)
        models = {n: d for n, d in reached.items() if n not in self._range}
        families: Reached = {}
        for family, depth in reached.items():
            if family in self._range:
                further = self._up(family, trail | {root})
                models = merge_reached([models, _deeper(further.models, depth)])
                families = merge_reached([families, {family: depth},
                                          _deeper(further.families, depth)])  # fmt: skip
        return Reach(models, families)

    def _with_own(self, part: Reach) -> Reached:
        """The families of a part, with those its models stand in."""
        own = ({family: depth} for node, depth in part.models.items() for family in self.of(node))
        return merge_reached([part.families, *own])

    def edges(self, shown: set[int]) -> Iterator[Edge]:
        """The weight and membership edges between shown nodes."""
        relations = self._lineage.weights | {IN_FAMILY}
        for node in sorted(shown):
            for edge in self._lineage.parents(node, relations):
                if edge.parent in shown:
                    yield edge


def _shared(groups: list[Reached]) -> Reached:
    """What every group reaches, with the greatest of the least depths."""
    if not groups:
        return {}
    common = set(groups[0]).intersection(*groups[1:])
    return {node: max(group[node] for group in groups) for node in common}


def _deeper(reached: Reached, by: int) -> Reached:
    return {node: depth + by for node, depth in reached.items()}
