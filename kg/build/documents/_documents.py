"""Entities as search documents: their words, those of their neighbors, and what to filter by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from kg.build.documents._copies import Copies, hub_names
from kg.build.documents._filters import CommonFilters, bands
from kg.build.documents._neighbors import Neighbors
from kg.build.documents._survey import Surroundings, count_said
from kg.language.tokens import key
from kg.model.claim import Entity, Value, kind_of
from kg.model.dating import best_date
from kg.model.identifiers import identifiers
from kg.model.vocabulary import (
    ACCESS,
    COMMERCIAL_VERDICT,
    DERIVED_FROM,
    DESCENDANT_COUNT,
    DEVELOPER,
    DOWNLOADS,
    HUB_ID,
    IN_FAMILY,
    LANGUAGE,
    LICENSE,
    PARAMETER_COUNT,
)
from kg.search.analyzer import Apart, SearchDoc, Texts
from kg.search.clauses import COPIES, COPY_OF, copies_value
from kg.snapshot.snapshot import Snapshot

_DERIVED = ("model", "family")  # kinds that are found by what they derive from
MOST_KIN = 40  # names of neighbors; a maker of thousands is not called by each of them
_SETS = 20_000  # of properties whose meaning is remembered; most models have one of a few
Facts = Mapping[str, Sequence[Value]]  # the values of each property


class _Asked(NamedTuple):
    """Which of some properties a document takes, in their order."""

    derives: Sequence[str]  # say what an entity derives from
    related: Sequence[str]  # name what else it has to do with
    worded: Sequence[tuple[str, Mapping[str, tuple[str, ...]]]]  # texts, with what codes are called


class _Seen(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An entity, and what most of its document rests on."""

    entity: Entity
    number: int  # its line in the release
    kind: str
    parents: tuple[Sequence[int], Sequence[int]]  # in the lineage, and the codes of the relations
    own: Facts
    asked: _Asked  # of its own
    found: Facts  # its own, and what reaches it from families
    relations: Sequence[str]  # by which it says itself that it derives from something
    hub_ids: Sequence[str]
    original: tuple[str, Sequence[str]] | None  # of a copy: its id, and what it is called


class Documents:
    """Makes the search documents of a snapshot.

    Args:
        snapshot: the entities.
        around: what was found out about all of them.
    """

    def __init__(self, snapshot: Snapshot, around: Surroundings) -> None:
        self._snapshot, self._neighbors = snapshot, Neighbors(snapshot)
        self._copies, self._standings = Copies(snapshot), around.standings
        self._pointing, self._places = around.pointing, around.places
        vocabulary = snapshot.vocabulary
        properties = vocabulary.properties
        self._copying = {
            name: (*properties[name].copy_word.values(), *properties[name].words.values())
            for name in vocabulary.copies
        }
        self._derives = vocabulary.edges("weights", "distillation")
        entity_valued = {name for name, p in properties.items() if p.type == "entity"}
        self._related = entity_valued - {IN_FAMILY, DEVELOPER}
        self._worded = {
            name: {code: tuple(term.labels.values()) for code, term in p.codes.items()}
            for name, p in properties.items()
            if p.type in ("text", "string")
        }
        kinds = vocabulary.kinds.items()
        self._kinds = {name: [(*kind.term.labels.values(), *kind.called)] for name, kind in kinds}
        self._common = CommonFilters(vocabulary, self._neighbors).find
        self._labels = {name: tuple(p.term.labels.values()) for name, p in properties.items()}
        self._asked = lru_cache(_SETS)(self._choose)

    def document(self, number: int) -> SearchDoc:
        """What is searched of the entity on a line of the release."""
        seen = self._look_at(self._snapshot.read_entity(number), number)
        entity, is_copy = seen.entity, seen.original is not None
        standing = self._standings.standing(entity, seen.hub_ids, seen.relations)
        relations = seen.relations
        if seen.found is not seen.own:
            relations = self._relations(self._asked(tuple(seen.found)), seen.found)
        numbers = self._numbers(seen)
        common = self._common(
            seen.kind,
            seen.found.get(LICENSE, ()),
            seen.found.get(LANGUAGE, ()),
            seen.found.get(ACCESS, ()),
            _verdict(entity),
            tuple(relations),
            tuple(bands(numbers)),
            is_copy,
            standing in ("curated", "own") and not is_copy,
        )
        return SearchDoc(
            id=entity.id,
            kind=seen.kind,
            text=self._text(seen),
            filters=self._filters(seen),
            facets=self._facets(seen, relations),
            common=common,
            numbers=numbers,
            said=count_said(entity) if entity.names else 0,
            place=self._places.get(entity.id, 0),
            called=identifiers(entity.id, seen.own.get, self._snapshot.former(entity.id)),
            standing=standing,
            apart=self._apart(seen) if is_copy or standing == "again" else None,
        )

    def _look_at(self, entity: Entity, number: int) -> _Seen:
        own: Facts = {fact.property: fact.values for fact in entity.facts}
        found, kind = own, kind_of(entity.id)
        if IN_FAMILY in own and (reaching := self._snapshot.inheritance.of(entity)):
            found = {**own, **{reached.fact.property: reached.fact.values for reached in reaching}}
        asked = self._asked(tuple(own))
        parents = self._snapshot.lineage.up.of(number)
        self._neighbors.meet(parents[0])
        at = self._copies.original(number) if kind == "model" else None
        return _Seen(
            entity=entity,
            number=number,
            kind=kind,
            parents=parents,
            own=own,
            asked=asked,
            found=found,
            relations=self._relations(asked, own),
            hub_ids=hub_names(entity.id, own.get(HUB_ID, ())),
            original=None if at is None else self._neighbors.shared(at),
        )

    def _text(self, seen: _Seen) -> dict[str, Texts]:
        """Its words, those of its neighbors, and those of its texts."""
        neighbors, labels = self._neighbors, seen.entity.labels.values()
        return {
            "name": [tuple([names[0] for names in labels if names])],
            "alias": [(alias,) for alias in _aliases(seen.entity, seen.hub_ids)],
            "family": neighbors.groups(seen.own.get(IN_FAMILY, ())),
            "org": neighbors.groups(seen.own.get(DEVELOPER, ())),
            "kin": self._kin(seen),
            "kind": self._kinds[seen.kind],
            "about": [*self._about(seen)],
        }

    def _filters(self, seen: _Seen) -> dict[str, Texts]:
        """What it is filtered by that few others share."""
        filters: dict[str, Texts] = {}
        if makers := seen.found.get(DEVELOPER):
            filters["org"] = self._neighbors.values(makers)
        if families := seen.found.get(IN_FAMILY):
            filters["family"] = self._neighbors.values(families)
        if seen.kind in _DERIVED:
            filters["descendants-of"] = self._neighbors.ancestors(seen.number, *seen.parents)
        if seen.original:
            filters[COPY_OF] = [self._neighbors.value(seen.original[0])]
        return filters

    def _facets(self, seen: _Seen, relations: Iterable[str]) -> dict[str, list[str]]:
        """What it is counted by that few others share."""
        facets: dict[str, list[str]] = {}
        if makers := seen.found.get(DEVELOPER):
            facets["org"] = [str(maker) for maker in makers if maker]
        if seen.original:
            copying = [name for name in relations if name in self._copying and name in seen.own]
            facets[COPIES] = [copies_value(name, seen.original[0]) for name in copying]
        return facets

    def _apart(self, seen: _Seen) -> Apart:
        """What tells a copy from what it is a copy of; of one whose original is unknown its account."""
        owners = self._standings.strangers(seen.hub_ids)
        if seen.original is None:
            return Apart(owners=owners)
        words = [word for name in seen.relations for word in self._copying.get(name, ())]
        names = [name for labels in seen.entity.labels.values() for name in labels]
        return Apart(owners=owners, names=[*names, *words], shared=seen.original[1])

    def _kin(self, seen: _Seen) -> list[tuple[str, ...]]:
        """What it derives from and by which relation, and the names of all it has to do with."""
        above = self._above(seen)
        derives = [*seen.relations, DERIVED_FROM] if seen.relations or above else []
        ids = [
            str(value)
            for name in seen.asked.related
            for value in seen.own[name]
            if value is not None
        ]
        ids += (*above, *self._pointing.get(seen.entity.id, ()))
        near = self._neighbors.groups([*dict.fromkeys(ids)][:MOST_KIN])
        return [*[self._labels[name] for name in derives], *near]

    def _about(self, seen: _Seen) -> Iterator[tuple[str, ...]]:
        """Its texts; a code by what it is called in any language."""
        for property, codes in seen.asked.worded:
            for value in seen.own[property]:
                text = str(value)
                yield codes.get(text) or (text,)

    def _above(self, seen: _Seen) -> list[str]:
        """The families a family derives from, through its members."""
        if seen.kind != "family":
            return []
        reach = self._snapshot.families.ancestors(seen.number)
        return [self._snapshot.id_at(number) for number in reach.families]

    def _choose(self, names: Sequence[str]) -> _Asked:
        return _Asked(
            [name for name in names if name in self._derives],
            [name for name in names if name in self._related],
            [(name, self._worded[name]) for name in names if name in self._worded],
        )

    def _relations(self, asked: _Asked, said: Facts) -> list[str]:
        return [name for name in asked.derives if said[name]]

    def _numbers(self, seen: _Seen) -> dict[str, float]:
        numbers = {"descendants": float(self._descendants(seen))}
        for name, property in (("downloads", DOWNLOADS), ("params", PARAMETER_COUNT)):
            if (values := seen.found.get(property)) and isinstance(values[0], int):
                numbers[name] = float(values[0])
        if date := best_date(seen.found.get):
            numbers["released"] = float((date.replace("-", "") + "0101")[:8])
        return numbers

    def _descendants(self, seen: _Seen) -> int:
        if seen.kind == "family":
            return len(self._snapshot.families.descendants(seen.number).models)
        for fact in seen.entity.inferred:
            if fact.property == DESCENDANT_COUNT:
                return int(fact.values[0] or 0)
        return 0


def _aliases(entity: Entity, hub_ids: Iterable[str]) -> list[str]:
    """Its other names, with those of its repositories."""
    names = [name for labels in entity.labels.values() for name in labels]
    aliases = [alias for labels in entity.labels.values() for alias in labels[1:]]
    tails = [name.rpartition("/")[2] for name in hub_ids]
    if not set(tails).difference(names):  # as of most: it is called as its repository
        return aliases
    known = set(map(key, names))
    by_key = {key(tail): tail for tail in tails}
    return [*aliases, *(tail for tail_key, tail in by_key.items() if tail_key not in known)]


def _verdict(entity: Entity) -> tuple[str, ...]:
    """Whether its terms allow commercial use."""
    for fact in entity.inferred:
        if fact.property == COMMERCIAL_VERDICT:
            return tuple(map(str, fact.values))
    return ()
