"""What is said of a family and reaches its members: facts of which the members say nothing themselves.

Only properties that kg.ttl marks with kg:reachesMembers do so. The nearest family that says anything decides;
where it is in doubt (disputed, guessed, unknown, or several families that differ), nothing reaches the member. Such a
fact is never the member's own: it stands in no entity, no RDF and no bill of materials, and license terms
have a rule of their own (kg/licenses/states.py). Search, comparison, charts, tables and pages take it here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from kg.model.claim import Entity, Fact, kind_of
from kg.model.dating import DATED_BY
from kg.model.vocabulary import IN_FAMILY, Vocabulary
from kg.snapshot.layout import remember
from kg.snapshot.records import Lines

_entity = msgspec.json.Decoder(Entity)
_MOST = 10_000  # families that are remembered


class FamilyFact(NamedTuple):
    """A fact of a family that reaches a member."""

    fact: Fact
    family: str  # id


class _Family(NamedTuple):
    """What a family passes on, and the families it stands in itself."""

    facts: Mapping[str, Fact]  # by property
    outer: Sequence[str]


class Inheritance:
    """Finds what reaches the members of families.

    Args:
        lines: the entities of a release.
        vocabulary: says which properties reach members.
    """

    def __init__(self, lines: Lines, vocabulary: Vocabulary) -> None:
        self._lines = lines
        self._reaching = {name: p for name, p in vocabulary.properties.items() if p.reaches}
        self._far = {name for name, known in self._reaching.items() if known.reaches == "all"}
        self._families: dict[str, _Family] = {}

    def of(self, entity: Entity) -> tuple[FamilyFact, ...]:
        """The facts that reach an entity from its families, in the order of pages."""
        level = _families_of(entity)
        if not level:
            return ()
        kind, own = kind_of(entity.id), {fact.property for fact in entity.facts}
        if not own.isdisjoint(DATED_BY):  # a day of its own says more than that of the family
            own.update(DATED_BY)
        wanted = {
            name
            for name, known in self._reaching.items()
            if name not in own and (not known.domain or kind in known.domain)
        }
        if kind == "family":  # it stands for models that are farther from the outer family
            wanted &= self._far
        found: dict[str, FamilyFact] = {}
        seen = {entity.id}
        while level and wanted:
            seen.update(level)
            for name, stated in self._stated(level, wanted).items():
                wanted.discard(name)
                if agreed := _agreed(stated):
                    found[name] = agreed
            wanted &= self._far
            level = [f for id in level for f in self._family(id).outer if f not in seen]
        return tuple(found[name] for name in self._reaching if name in found)

    def widened(self, entity: Entity) -> Entity:
        """An entity with what reaches it among its facts: for what counts and finds, never to be published."""
        reached = tuple(found.fact for found in self.of(entity))
        return msgspec.structs.replace(entity, facts=entity.facts + reached) if reached else entity

    def _stated(self, level: Sequence[str], wanted: Iterable[str]) -> dict[str, list[FamilyFact]]:
        """What some families say of the properties that are wanted."""
        stated: dict[str, list[FamilyFact]] = defaultdict(list)
        for id in dict.fromkeys(level):
            facts = self._family(id).facts
            for name in wanted:
                if name in facts:
                    stated[name].append(FamilyFact(facts[name], id))
        return stated

    def _family(self, id: str) -> _Family:
        family = self._families.get(id)
        if family is None:
            number = self._lines.find(id)
            known = Entity(id, {}) if number is None else _entity.decode(self._lines[number])
            facts = {f.property: f for f in known.facts if f.property in self._reaching}
            family = _Family(facts, _families_of(known))
            remember(self._families, id, family, _MOST)
        return family


def _families_of(entity: Entity) -> list[str]:
    return [str(family) for family in entity.values(IN_FAMILY) if family is not None]


def _agreed(stated: Sequence[FamilyFact]) -> FamilyFact | None:
    """What families that are equally near say alike and without doubt."""
    first = stated[0]
    certain = all(s.fact.values and not (s.fact.disputed or s.fact.doubtful) for s in stated)
    alike = all({*s.fact.values} == {*first.fact.values} for s in stated)
    return first if certain and alike else None
