"""The data that a model and the models it comes from learned from, with licenses, and what wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from kg.documents._facts import ModelFacts
from kg.documents.contract import DraftStatement, Way
from kg.documents.form import Filling
from kg.messages.message import Message
from kg.model.claim import Entity, Fact
from kg.model.vocabulary import IN_FAMILY

_TRAINED_ON, _GENERATED_WITH = "trainedOn", "generatedWith"


class Learned(NamedTuple):
    """That a model learned from something, as a fact of itself or of its family says."""

    fact: Fact
    about: str  # id of what it is said of
    way: Way
    doubts: tuple[Message, ...]


class DataFacts:
    """Reads what a model learned from.

    Args:
        facts: of the model.
    """

    def __init__(self, facts: ModelFacts) -> None:
        self._facts = facts
        self._snapshot = facts.snapshot

    def datasets(self, fill: Filling) -> Iterator[DraftStatement]:
        """The data sets that a line asks for, each with its license and what it is.

        Args:
            fill: says whose, and what such a data set has or lacks.
        """
        for learned in self._learned(fill, {_TRAINED_ON}):
            for value in learned.fact.values:
                known = next(iter(self._snapshot.those([str(value)])), Entity(str(value), {}))
                if _fits(known, fill):
                    yield self._dataset(known, learned, fill)

    def generators(self, fill: Filling) -> Iterator[DraftStatement]:
        """The models whose outputs were learned from: directly, and those that wrote data sets.

        Args:
            fill: says whose.
        """
        distilled = self._snapshot.vocabulary.edges("distillation")
        for learned in self._learned(fill, distilled):
            yield from self._facts.told(
                learned.fact, learned.about, learned.way, labeled=True, doubts=learned.doubts
            )
        for learned in self._learned(fill, {_TRAINED_ON}):
            for known in self._snapshot.those(map(str, learned.fact.values)):
                if wrote := known.fact(_GENERATED_WITH):
                    yield from self._facts.told(
                        wrote, known.id, learned.way, labeled=True, doubts=learned.doubts
                    )

    def _learned(self, fill: Filling, relations: frozenset[str] | set[str]) -> Iterator[Learned]:
        if fill.of == "own":
            yield from self._said_of(self._facts.entity, relations, "data", ())
            return
        for one in self._facts.ancestors:
            for known in self._snapshot.those([one.id]):
                yield from self._said_of(known, relations, "base", one.doubts)

    def _said_of(
        self,
        entity: Entity,
        relations: frozenset[str] | set[str],
        way: Way,
        doubts: tuple[Message, ...],
    ) -> Iterator[Learned]:
        """What is said of an entity, else of its families."""
        own = [fact for fact in entity.facts if fact.property in relations]
        yield from (Learned(fact, entity.id, way, doubts) for fact in own)
        for family in () if own else self._snapshot.those(map(str, entity.values(IN_FAMILY))):
            for fact in family.facts:
                if fact.property in relations:
                    yield Learned(fact, family.id, "base" if way == "base" else "family", doubts)

    def _dataset(self, known: Entity, learned: Learned, fill: Filling) -> DraftStatement:
        facts = self._facts
        stated = _only(learned.fact, known.id)
        edge = next(facts.told(stated, learned.about, learned.way, doubts=learned.doubts))
        told = (fact for name in fill.details if (fact := known.fact(name)) and fact.values)
        return msgspec.structs.replace(
            edge, details=[facts.license_of(known.id), *map(facts.detail, told)]
        )


def _fits(known: Entity, fill: Filling) -> bool:
    has = not fill.has or any(known.values(name) for name in fill.has)
    return has and not any(known.values(name) for name in fill.lacks)


def _only(fact: Fact, value: str) -> Fact:
    """A fact with one of its values."""
    return Fact(
        fact.property,
        (value,),
        tuple(said for said in fact.claims if said.value == value),
        fact.disputed,
        fact.doubtful,
    )
