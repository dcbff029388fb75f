"""Everything above an entity along edges that carry license terms, read from a snapshot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from kg.licenses.ancestry import Node
from kg.licenses.rules import Engine
from kg.licenses.states import Said, said_of
from kg.model.claim import Entity
from kg.model.vocabulary import IN_FAMILY
from kg.snapshot.snapshot import Snapshot

_MOST_READ = 20_000  # entities kept in memory between answers


class Above(NamedTuple):
    """An entity with everything above it."""

    entity: Entity
    root: int
    nodes: Mapping[int, Node]  # by number, itself among them
    names: Mapping[int, str] = {}  # ids of those that the snapshot does not hold


def ancestry_nodes(snapshot: Snapshot, root: int, engine: Engine) -> dict[int, Node]:
    """Everything above an entity along edges that carry terms; families with their members."""
    relations = {r for r, c in engine.class_of.items() if engine.terms.classes[c].passes}
    read = snapshot.license_nodes
    if len(read) > _MOST_READ:
        read.clear()
    nodes: dict[int, Node] = {}
    ahead = [root]
    while ahead:
        at = ahead.pop()
        if at not in nodes:
            found = read.get(at) or read.setdefault(at, _node(snapshot, at, relations))
            nodes[at] = found
            ahead += [parent for parent, _ in found.parents] + list(found.members)
            ahead += () if found.said.claims else found.families
    return nodes


def _node(snapshot: Snapshot, at: int, relations: Collection[str]) -> Node:
    lineage, (first, end) = snapshot.lineage, snapshot.kind_range("family")
    known = at < len(snapshot.lines)
    said = said_of(snapshot.entity_at(at)) if known else Said((), "held", "", frozenset())
    parents = tuple((e.parent, e.relation) for e in lineage.parents(at, relations))
    families = tuple(e.parent for e in lineage.parents(at, {IN_FAMILY}))
    members = lineage.children(at, {IN_FAMILY}) if first <= at < end else ()
    return Node(said, parents, families, tuple(e.child for e in members), known)
