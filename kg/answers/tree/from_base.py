"""What is said of the base of a model and is shown on its page as the base's, where nothing is said of the model.

Only along the derivations that kg.ttl names by kg:keptAlong for a property, and only where a model derives from one
thing alone. Such a fact is never the model's own: it stands in no entity and no file, and nothing is found or judged
by it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from kg.answers.tree.neighbors import Graph
from kg.model.claim import Entity, Fact
from kg.snapshot.snapshot import Snapshot

_STEPS = 12  # bases above each other that are looked at


class BaseFact(NamedTuple):
    """A fact of a base that is shown on the page of what derives from it."""

    fact: Fact
    base: str  # id of what it is said of


def facts_of_base(
    snapshot: Snapshot, number: int, wanted: Collection[str]
) -> Mapping[str, BaseFact]:
    """What the nearest base above a model says of some properties, by property.

    The first that says anything decides; where that is in doubt, nothing is shown.

    Args:
        snapshot: an open snapshot.
        number: of the model.
        wanted: properties of which nothing is said of the model, nor of its families.
    """
    graph, found = Graph(snapshot), dict[str, BaseFact]()
    open_, seen = set(wanted), {number}
    while open_ and len(seen) <= _STEPS:
        edges = graph.derivations(number)
        if len(edges) != 1 or edges[0].parent in seen:
            break
        number = edges[0].parent
        seen.add(number)
        properties = snapshot.vocabulary.properties
        open_ = {name for name in open_ if edges[0].relation in properties[name].kept}
        said = _said(snapshot, snapshot.entity_at(number), open_)
        open_ -= said.keys()
        found |= {name: one for name, one in said.items() if one}
    return found


def _said(
    snapshot: Snapshot, entity: Entity, wanted: Collection[str]
) -> dict[str, BaseFact | None]:
    """What is said of a base itself, or reaches it from its families; None where that is in doubt."""
    own = {fact.property: BaseFact(fact, entity.id) for fact in entity.facts}
    reached = {
        one.fact.property: BaseFact(one.fact, one.family) for one in snapshot.inheritance.of(entity)
    }
    said = {name: own.get(name) or reached.get(name) for name in wanted}
    return {name: one if _is_certain(one.fact) else None for name, one in said.items() if one}


def _is_certain(fact: Fact) -> bool:
    known = bool(fact.values) and None not in fact.values
    return known and not (fact.disputed or fact.doubtful)
