"""The ancestors of an entity along edges that carry license terms, read from a snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

from kg.errors import InputError
from kg.licenses.ancestry import AncestryNode
from kg.licenses.states import LICENSED, LicenseClaims, read_license_claims
from kg.lineage.reach import walk_up
from kg.messages.message import Message
from kg.model.claim import Entity, kind_of
from kg.model.vocabulary import IN_FAMILY
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

_NOTHING = LicenseClaims(claims=(), way="held", maker="")  # of a parent that no entity describes
_MOST_READ = 20_000  # entities of a snapshot kept in memory between answers


class LicenseAncestry(NamedTuple):
    """An entity with all the ancestors that may bring it license terms."""

    entity: Entity
    root: int
    nodes: Mapping[int, AncestryNode]  # by number, itself among them
    names: Mapping[int, str] = {}  # ids of those that the snapshot does not hold
    unnamed: bool = False  # a model that is not called anything yet


def read_ancestors(snapshot: Snapshot, root: int) -> dict[int, AncestryNode]:
    """Read an entity and its ancestors along edges that carry terms.

    This is not `Families.ancestors`, because terms also come from a family of which only some members
    carry them, and from the families of an entity without a license; weights do neither.
    """
    return {node: _read_node(snapshot, node) for node in walk_up([root], partial(_needs, snapshot))}


def _needs(snapshot: Snapshot, number: int) -> Iterator[int]:
    """The nodes whose terms may become those of a node."""
    node = _read_node(snapshot, number)
    yield from (parent for parent, _ in node.parents)
    yield from node.members
    if not node.said.claims:
        yield from node.families


@memo(most=_MOST_READ)
def _read_node(snapshot: Snapshot, at: int) -> AncestryNode:
    lineage, (first, end) = snapshot.lineage, snapshot.kind_range("family")
    known = at < len(snapshot.lines)
    said = read_license_claims(snapshot.entity_at(at)) if known else _NOTHING
    parents = tuple(
        (e.parent, e.relation) for e in lineage.parents(at, snapshot.states.engine.carriers)
    )
    families = tuple(e.parent for e in lineage.parents(at, {IN_FAMILY}))
    members = lineage.children(at, {IN_FAMILY}) if first <= at < end else ()
    return AncestryNode(said, parents, families, tuple(e.child for e in members), known)


def read_ancestry(snapshot: Snapshot, id: str) -> LicenseAncestry:
    """The ancestry of an entity of the snapshot.

    Args:
        snapshot: an open snapshot.
        id: as a user names it.

    Raises:
        UnknownId: there is no such entity.
        InputError: licenses make no sense for its kind.
    """
    id = snapshot.find(id)
    if kind_of(id) not in LICENSED:
        raise InputError(
            Message("%(id)s: a license question is about a %(names)s", id=id, names=LICENSED)
        )
    root = snapshot.number(id)
    return LicenseAncestry(snapshot.entity_at(root), root, read_ancestors(snapshot, root))
