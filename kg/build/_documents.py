"""Entities as search documents: their words, those of their neighbors, and what to filter by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import get_args

from babel import Locale

from kg.build._copies import Copies, hub_names
from kg.build._neighbors import Neighbors
from kg.build._survey import Surroundings, count_said
from kg.language.tokens import key
from kg.licenses.terms import Verdict
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
    IN_FAMILY,
    LANGUAGE,
    LICENSE,
    PARAMETER_COUNT,
    Vocabulary,
)
from kg.search.analyzer import Apart, SearchDoc, filter_term
from kg.search.clauses import COPIES, COPY_OF, IS_COPY, OWN, copies_value
from kg.snapshot.snapshot import Snapshot

_CODES = {name: code for code, name in Locale("en").languages.items()}  # Korean: ko, as CLDR has it
_COUNTED_BY = {"org": DEVELOPER, "license": LICENSE, "lang": LANGUAGE}
_BY_ENTITY = {**_COUNTED_BY, "family": IN_FAMILY}
MOST_KIN = 40  # names of neighbors; a maker of thousands is not called by each of them
# Size bands as people speak of them, by the parameters below which each ends.
BANDS = [
    (1e9, "..1b"),
    (4e9, "1b..4b"),
    (9e9, "4b..9b"),
    (16e9, "9b..16b"),
    (40e9, "16b..40b"),
    (1e11, "40b..100b"),
]
OVER = "100b.."
Facts = Mapping[str, Sequence[Value]]  # the values of each property


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
        self._copying = frozenset(vocabulary.copies)
        self._derives = vocabulary.edges("weights", "distillation")
        entity_valued = {name for name, p in properties.items() if p.type == "entity"}
        self._related = entity_valued - {IN_FAMILY, DEVELOPER}
        self._worded = {name for name, p in properties.items() if p.type in ("text", "string")}

    def document(self, number: int) -> SearchDoc:
        """What is searched of the entity on a line of the release."""
        entity = self._snapshot.read_entity(number)
        kind = kind_of(entity.id)
        own = {fact.property: fact.values for fact in entity.facts}
        reaching = self._snapshot.inheritance.of(entity)
        found = own | {reached.fact.property: reached.fact.values for reached in reaching}
        numbers = self._numbers(entity, number, found)
        relations, hub_ids = self._relations(own), hub_names(entity)
        at = self._copies.original(number) if kind == "model" else None
        original = None if at is None else self._neighbors.shared(at)
        standing = self._standings.standing(entity, hub_ids)
        named_kind = self._snapshot.vocabulary.kinds[kind]
        is_own = standing in ("curated", "own") and not original
        return SearchDoc(
            id=entity.id,
            kind=kind,
            text={
                "name": [names[0] for names in entity.labels.values() if names],
                "alias": _aliases(entity, hub_ids),
                "family": self._neighbors.names(own.get(IN_FAMILY, ())),
                "org": self._neighbors.names(own.get(DEVELOPER, ())),
                "kin": self._kin(entity, number, own, relations),
                "kind": [*named_kind.term.labels.values(), *named_kind.called],
                "about": list(self._about(own)),
            },
            filters={
                **self._filters(entity, number, found, numbers),
                COPY_OF: self._neighbors.values([original[0]] if original else []),
                IS_COPY: {"yes" if original else "no": ()},
                OWN: {"yes": ()} if is_own else {},
            },
            facets=self._facets(entity, found, numbers, original[0] if original else ""),
            numbers=numbers,
            said=count_said(entity) if entity.names else 0,
            place=self._places.get(entity.id, 0),
            called=identifiers(entity, self._snapshot.former(entity.id)),
            standing=standing,
            apart=self._apart(entity, hub_ids, relations, original[1] if original else None)
            if original or standing == "again"
            else None,
        )

    def _apart(
        self,
        entity: Entity,
        hub_ids: Sequence[str],
        relations: Sequence[str],
        shared: Sequence[str] | None,
    ) -> Apart:
        """What tells a copy from what it is a copy of; of one whose original is unknown its account."""
        owners = self._standings.strangers(hub_ids)
        if shared is None:
            return Apart(owners=owners)
        known = self._snapshot.vocabulary.properties
        words = [
            word
            for name in relations
            if name in self._copying
            for word in (*known[name].copy_word.values(), *known[name].words.values())
        ]
        names = [name for labels in entity.labels.values() for name in labels]
        return Apart(owners=owners, names=[*names, *words], shared=shared)

    def _kin(self, entity: Entity, number: int, said: Facts, relations: Sequence[str]) -> list[str]:
        """What it derives from and by which relation, and the names of all it has to do with."""
        properties = self._snapshot.vocabulary.properties
        above = self._above(entity, number)
        derives = [*relations, DERIVED_FROM] if relations or above else []
        words = [label for name in derives for label in properties[name].term.labels.values()]
        related = (_texts(values) for name, values in said.items() if name in self._related)
        ids = [*chain(*related), *above, *self._pointing.get(entity.id, ())]
        return [*words, *self._neighbors.names(list(dict.fromkeys(ids))[:MOST_KIN])]

    def _about(self, said: Facts) -> Iterator[str]:
        """Its texts; a code by what it is called in any language."""
        for property, values in said.items():
            if property in self._worded:
                for value in values:
                    yield from self._words(property, value) or [str(value)]

    def _words(self, property: str, value: Value) -> list[str]:
        """What a value is called if it is a code."""
        code = self._snapshot.vocabulary.properties[property].codes.get(str(value))
        return [*code.labels.values()] if code else []

    def _above(self, entity: Entity, number: int) -> list[str]:
        """The families a family derives from, through its members."""
        if kind_of(entity.id) != "family":
            return []
        reach = self._snapshot.families.ancestors(number)
        return [self._snapshot.id_at(number) for number in reach.families]

    def _filters(
        self, entity: Entity, number: int, said: Facts, numbers: Mapping[str, float]
    ) -> dict[str, Mapping[str, Sequence[str]]]:
        """The values to filter by, each with the names it goes by."""
        kind = kind_of(entity.id)
        filters: dict[str, Mapping[str, Sequence[str]]] = {
            field: self._neighbors.values(said.get(name, ())) for field, name in _BY_ENTITY.items()
        }
        filters["lang"] = {
            id: (*names, *(_CODES[name] for name in names if name in _CODES))
            for id, names in filters["lang"].items()
        }
        filters["access"] = {v: self._words(ACCESS, v) for v in _texts(said.get(ACCESS, ()))}
        filters["kind"] = {kind: list(self._snapshot.vocabulary.kinds[kind].term.labels.values())}
        filters["verdict"] = dict.fromkeys(_verdict(entity), ())
        filters["relation"] = {name: _short(name) for name in self._relations(said)}
        filters |= {name: {value: ()} for name, value in _bands(numbers).items()}
        if kind in ("model", "family"):
            reach = self._snapshot.families.ancestors(number)
            above = (*reach.models, *reach.families)
            filters["descendants-of"] = dict(map(self._neighbors.above, above))
        return filters

    def _facets(
        self, entity: Entity, said: Facts, numbers: Mapping[str, float], original: str
    ) -> dict[str, list[str]]:
        relations = self._relations(said)
        facets = {f: [str(v) for v in said.get(name, ()) if v] for f, name in _COUNTED_BY.items()}
        facets |= {"kind": [kind_of(entity.id)], "relation": relations}
        facets["access"] = _texts(said.get(ACCESS, ()))
        facets["verdict"] = _verdict(entity)
        if original:
            own = {fact.property for fact in entity.facts}
            copying = [name for name in relations if name in self._copying and name in own]
            facets[COPIES] = [copies_value(name, original) for name in copying]
        return facets | {name: [value] for name, value in _bands(numbers).items()}

    def _relations(self, said: Facts) -> list[str]:
        return [name for name, values in said.items() if name in self._derives and values]

    def _numbers(self, entity: Entity, number: int, said: Facts) -> dict[str, float]:
        size = next(iter(said.get(PARAMETER_COUNT, ())), None)
        date = best_date(said.get)
        numbers = {"descendants": float(self._descendants(entity, number))}
        downloads = next(iter(said.get(DOWNLOADS, ())), None)
        if isinstance(downloads, int):
            numbers["downloads"] = float(downloads)
        if isinstance(size, int):
            numbers["params"] = float(size)
        if date:
            numbers["released"] = float((date.replace("-", "") + "0101")[:8])
        return numbers

    def _descendants(self, entity: Entity, number: int) -> int:
        if kind_of(entity.id) == "family":
            return len(self._snapshot.families.descendants(number).models)
        return next(
            (int(f.values[0] or 0) for f in entity.inferred if f.property == DESCENDANT_COUNT), 0
        )


def meaningful_filters(vocabulary: Vocabulary) -> Iterator[str]:
    """Filters that mean something, whether any document passes them or not."""
    for relation in vocabulary.edges("weights", "distillation"):
        yield from (filter_term("relation", name) for name in (relation, *_short(relation)))
    yield from (filter_term("kind", kind) for kind in vocabulary.kinds)
    yield from (filter_term("verdict", verdict) for verdict in get_args(Verdict))
    for code, term in vocabulary.properties[ACCESS].codes.items():
        yield from (filter_term("access", name) for name in (code, *term.labels.values()))


def copy_filters(vocabulary: Vocabulary) -> Iterator[str]:
    """Filters by a relation that makes copies."""
    for relation in vocabulary.copies:
        yield from (filter_term("relation", name) for name in (relation, *_short(relation)))


def _texts(values: Iterable[Value]) -> list[str]:
    return [str(value) for value in values if value is not None]


def _aliases(entity: Entity, hub_ids: Iterable[str]) -> list[str]:
    """Its other names, with those of its repositories."""
    names = [name for labels in entity.labels.values() for name in labels]
    aliases = [alias for labels in entity.labels.values() for alias in labels[1:]]
    known = set(map(key, names))
    tails = {key(tail): tail for name in hub_ids for tail in [name.rpartition("/")[2]]}
    return [*aliases, *(tail for tail_key, tail in tails.items() if tail_key not in known)]


def _verdict(entity: Entity) -> list[str]:
    """Whether its terms allow commercial use."""
    return [str(v) for f in entity.inferred if f.property == COMMERCIAL_VERDICT for v in f.values]


def _short(relation: str) -> list[str]:
    """The short words for a relation: adapterOf is adapter, quantizedFrom quantized and quantize.

    >>> _short("fineTunedFrom")
    ['fineTuned', 'fineTune']
    """
    word = relation.removesuffix("From").removesuffix("Of")
    return list(dict.fromkeys((word, word.removesuffix("d"))))


def _bands(numbers: Mapping[str, float]) -> dict[str, str]:
    bands = {}
    if "params" in numbers:
        bands["size"] = next((name for end, name in BANDS if numbers["params"] < end), OVER)
    if "released" in numbers:
        bands["year"] = str(int(numbers["released"] // 10_000))
    return bands
