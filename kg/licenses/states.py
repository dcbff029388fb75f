"""States of entities: what is said of their licenses, and each set of terms with a number."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kg.licenses.propagation import NOTHING, State, Step
from kg.licenses.rules import Engine
from kg.model.claim import Entity, Fact, kind_of, slug_of
from kg.model.vocabulary import DEVELOPER, HUB_ID, LICENSE

WEIGHTS = frozenset({"copy", "quantize", "tune", "adapter", "merge"})  # edge classes
LICENSED = ("model", "family", "dataset", "product")  # kinds the question makes sense for
_WAYS = {"dataset": "material", "family": "family"}  # every other kind: held
_MAKERS = (DEVELOPER, "publisher", "collectedBy")


class Said(NamedTuple):
    """What is said of one entity, as far as licenses are concerned."""

    claims: tuple[str, ...]  # license ids, the resolved one first
    way: str
    maker: str
    disputed: frozenset[str]  # relations on which sources disagree


def said_of(entity: Entity) -> Said:
    """What the facts of an entity say of its license, maker and disputed derivations."""
    way = _WAYS.get(kind_of(entity.id), "held")
    maker = next((str(v) for name in _MAKERS for v in entity.values(name)), "")
    disputed = frozenset(f.property for f in entity.facts if f.disputed and _rivals(f))
    return Said(_claims(entity.fact(LICENSE)), way, maker, disputed)


def _claims(fact: Fact | None) -> tuple[str, ...]:
    if fact is None:
        return ()
    rivals = (str(s.value) for s in fact.claims if s.rank != "rejected" and s.value is not None)
    return tuple(dict.fromkeys([*map(str, fact.values), *rivals]))


def _rivals(fact: Fact) -> bool:
    """Whether some source names a parent that does not stand, and nobody rejected the claim."""
    said = {s.value for s in fact.claims if s.rank != "rejected" and s.value is not None}
    return bool(said - set(fact.values))


def names_of(entity: Entity) -> tuple[str, ...]:
    """What a model goes by: labels, the end of its id and of its Hub ids."""
    hub = (str(value).rpartition("/")[2] for value in entity.values(HUB_ID))
    labels = (names[0] for names in entity.labels.values() if names)
    tail = slug_of(entity.id).rpartition("/")[2]
    return tuple(dict.fromkeys([*labels, tail, *hub]))


class Register:
    """Takes what is said of each entity, in the order of entities, in a few bytes each."""

    def __init__(self) -> None:
        self._codes: dict[tuple[tuple[str, ...], str], int] = {}
        self._makers: dict[str, int] = {"": 0}
        self.own, self.makers = array("i"), array("i")
        self.disputed: dict[int, frozenset[str]] = {}

    def add(self, entity: Entity) -> None:
        """Take the next entity."""
        said = said_of(entity)
        if said.disputed:
            self.disputed[len(self.own)] = said.disputed
        key = said.claims, said.way
        self.own.append(self._codes.setdefault(key, len(self._codes)))
        self.makers.append(self._makers.setdefault(said.maker, len(self._makers)))

    @property
    def kinds(self) -> list[tuple[tuple[str, ...], str]]:
        """Claims and way of each code."""
        return list(self._codes)


class States:
    """Numbered states, and unions and crossings of them, each worked out once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.all: list[State] = [NOTHING]
        self._numbers: dict[State, int] = {NOTHING: 0}
        self._owns: dict[tuple[tuple[str, ...], str], int] = {}
        self._unions: dict[tuple[int, int], int] = {}
        self._crossed: dict[tuple[int, Step], int] = {}

    def number(self, state: State) -> int:
        """The number of a state."""
        found = self._numbers.setdefault(state, len(self.all))
        if found == len(self.all):
            self.all.append(state)
        return found

    def own(self, claims: tuple[str, ...], way: str) -> int:
        """The number of what an entity comes under by what is said of its license."""
        key = claims, way
        if key not in self._owns:
            self._owns[key] = self.number(self.engine.own(claims, way))
        return self._owns[key]

    def union(self, one: int, other: int) -> int:
        """The number of the union of two states."""
        if one == other or not other:
            return one
        key = (one, other) if one < other else (other, one)
        if key not in self._unions:
            self._unions[key] = self.number(self.all[one] | self.all[other])
        return self._unions[key]

    def crossed(self, state: int, step: Step) -> int:
        """The number of what crosses an edge."""
        key = state, step
        if key not in self._crossed:
            self._crossed[key] = self.number(self.engine.cross_all(self.all[state], step))
        return self._crossed[key]

    def gathered(self, own: int, parents: Sequence[tuple[int, Step]]) -> int:
        """The number of own terms and all that crosses from parents."""
        for state, step in parents:
            own = self.union(own, self.crossed(state, step))
        return own

    def merged(self, parents: Sequence[tuple[int, Step]]) -> int:
        """The number of what follows for a merge of parents that may not improve each other."""
        weights = [
            self.all[self.crossed(state, step)] for state, step in parents if step.edge in WEIGHTS
        ]
        return self.number(self.engine.outsiders(weights)) if len(weights) > 1 else 0

    def shared(self, own: int, stated: bool, members: Iterable[tuple[int, int]]) -> int:
        """The state of a family.

        Args:
            own: its own terms.
            stated: whether it has a license of its own.
            members: state and own terms of each member.
        """
        groups = [
            self.all[state] - self.all[mine] if stated else self.all[state]
            for state, mine in members
        ]
        if not groups:
            return own
        common = frozenset.intersection(*groups)
        if stated or not common:
            return self.union(own, self.number(common))
        rest = self.all[own] if any(group - common for group in groups) else NOTHING
        return self.number(common | rest)
