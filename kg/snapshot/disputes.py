"""The facts on which sources disagree, and how far each source was trusted: a cache made from the release.

    disputes/nodes.npy           lines of entities.jsonl, ascending: a row is a disputed fact
    disputes/properties.npy      beside each, its property by its place among the names
    disputes/names.npy .txt      of the properties
    disputes/reach.npy           beside each, how many models descend from the entity
    disputes/standings.json      by id, the standing of each source by which the claims were ranked

So a list of them reads only the entities that it shows, and what is said of why a claim holds is what the build went by.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from kg.claims.resolve import Standing
from kg.errors import SnapshotError
from kg.lineage.adjacency import Ints, map_array
from kg.lineage.texts import Texts
from kg.messages.message import Message
from kg.model.claim import Entity
from kg.model.vocabulary import DESCENDANT_COUNT
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

FOLDER = "disputes"
STANDINGS = "standings.json"


class DisputedPart(NamedTuple):
    """The disputed facts of a part of a release; a row each."""

    nodes: list[int]
    properties: list[str]
    reach: list[int]


class DisputeCount:
    """Notes the disputed facts while a release is written."""

    def __init__(self) -> None:
        self._nodes, self._reach = array("I"), array("I")
        self._properties: list[str] = []

    def add(self, node: int, entity: Entity) -> None:
        """Note those of an entity; call it in the order of the lines."""
        disputed = [fact.property for fact in entity.facts if fact.disputed]
        if not disputed:
            return
        known = (f.values[0] for f in entity.inferred if f.property == DESCENDANT_COUNT)
        reach = int(next(known, 0) or 0)
        for name in disputed:
            self._nodes.append(node)
            self._properties.append(name)
            self._reach.append(reach)

    def part(self) -> DisputedPart:
        """What was noted, to be added to what was noted before."""
        return DisputedPart(self._nodes.tolist(), list(self._properties), self._reach.tolist())

    def merge(self, first: int, part: DisputedPart) -> None:
        """Add what was noted of the entities that come next.

        Args:
            first: the line of the first of them, which was noted as line 0.
            part: what was noted.
        """
        self._nodes.extend(first + node for node in part.nodes)
        self._properties += part.properties
        self._reach.extend(part.reach)

    def save(self, folder: Path, standings: Mapping[str, Standing]) -> None:
        """Write what was noted below the folder of a snapshot.

        Args:
            folder: of the snapshot.
            standings: by which the claims were ranked.
        """
        target = folder / FOLDER
        target.mkdir()
        names = sorted(set(self._properties))
        places = {name: place for place, name in enumerate(names)}
        Texts.save(target, "names", names)
        columns = {"nodes": self._nodes, "reach": self._reach}
        for name, column in columns.items():
            np.save(target / f"{name}.npy", np.array(column, np.uint32))
        numbers = [places[name] for name in self._properties]
        np.save(target / "properties.npy", np.array(numbers, np.uint16))
        known = {id: standings[id] for id in sorted(standings)}
        (target / STANDINGS).write_bytes(msgspec.json.encode(known) + b"\n")


class DisputedFacts:
    """The disputed facts of a release.

    Args:
        folder: of a snapshot.

    Raises:
        SnapshotError: the snapshot was built before they were noted.
    """

    def __init__(self, folder: Path) -> None:
        self._target = folder / FOLDER
        try:
            self.names: list[str] = list(Texts(self._target, "names"))
            self.nodes, self.properties, self.reach = (
                map_array(self._target / f"{name}.npy") for name in ("nodes", "properties", "reach")
            )
        except OSError as error:
            raise SnapshotError(
                Message(
                    "the release in %(folder)s was built before disagreements were listed; run `gyebo build`",
                    folder=folder,
                )
            ) from error

    def __len__(self) -> int:
        return len(self.nodes)

    def rows_of(self, property: str) -> Ints:
        """The rows of a property."""
        if property not in self.names:
            return np.zeros(0, np.int64)
        return np.flatnonzero(np.asarray(self.properties) == self.names.index(property))

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """How far each source was trusted, by its id."""
        read = (self._target / STANDINGS).read_bytes()
        return msgspec.json.decode(read, type=dict[str, Standing])


@memo(most=1)
def disputed_facts(snapshot: Snapshot) -> DisputedFacts:
    """The disputed facts of an open snapshot.

    Raises:
        SnapshotError: it was built before they were noted.
    """
    return DisputedFacts(snapshot.folder)
