"""What only a look at all entities of a snapshot tells of one of them, found out once for its search documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kg.build.documents._copies import Standings
from kg.claims.accounts import Accounts
from kg.model.claim import Entity, kind_of
from kg.model.vocabulary import DEVELOPER, IN_FAMILY
from kg.snapshot.snapshot import Snapshot

UNSEARCHED = frozenset({"evaluation", "clause"})  # found through their model, benchmark or license
_NAMES = b'"names":['  # in every line of a release that has names, and in few others


class Surroundings(NamedTuple):
    """What only a look at all entities tells of one; the same for every process that makes documents."""

    pointing: Mapping[str, Sequence[str]]  # who names an entity, among those that people curated
    places: Mapping[str, int]  # of a model among the members of its family
    standings: Standings


def named_entities(snapshot: Snapshot) -> list[Entity]:
    """What is searched by names of sources that are not bulk."""
    lines = snapshot.lines
    numbers = (number for number in range(len(lines)) if _NAMES in lines[number])
    return [
        entity
        for entity in map(snapshot.read_entity, numbers)
        if entity.names and kind_of(entity.id) not in UNSEARCHED
    ]


def survey(snapshot: Snapshot, named: Iterable[Entity], accounts: Accounts) -> Surroundings:
    """Note who points at whom among the entities that people curated; a bulk source's are too many.

    Args:
        snapshot: the entities.
        named: those whose names are of sources that are not bulk.
        accounts: whose accounts publish what they made.
    """
    backward = {DEVELOPER, IN_FAMILY} | snapshot.vocabulary.edges("data")
    pointing: dict[str, list[str]] = defaultdict(list)
    said: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for entity in named:
        for fact in entity.facts:
            known = (str(value) for value in fact.values if value is not None)
            for id in known if fact.property in backward else ():
                pointing[id].append(entity.id)
                if fact.property == IN_FAMILY and kind_of(entity.id) == "model":
                    said[id].append((-count_said(entity), entity.id))
    places: dict[str, int] = {}
    for members in said.values():
        for place, (_, id) in enumerate(sorted(members)):
            places[id] = min(place, places.get(id, place))
    return Surroundings(dict(pointing), places, Standings(snapshot, accounts))


def count_said(entity: Entity) -> int:
    """How many claims are made of an entity."""
    return sum(len(fact.claims) for fact in entity.facts)
