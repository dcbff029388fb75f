"""Entities as search documents: their words, those of their neighbors, and what to filter by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import get_args

from babel import Locale

from kg.build._copies import Copies, Standings, hub_names
from kg.claims.accounts import Accounts
from kg.language.tokens import key
from kg.licenses.terms import Verdict
from kg.model.claim import Entity, Value, kind_of, slug_of
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
    RELEASE_DATE,
)
from kg.search.analyzer import Apart, SearchDoc, filter_term
from kg.search.clauses import COPIES, COPY_OF, IS_COPY, OWN, copies_value
from kg.snapshot.snapshot import Snapshot

_CODES = {name: code for code, name in Locale("en").languages.items()}  # Korean: ko, as CLDR has it
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


class Documents:
    """Makes the search documents of a snapshot."""

    def __init__(self, snapshot: Snapshot, named: Iterable[Entity], accounts: Accounts) -> None:
        """Note who points at whom among the entities that people curated; a bulk source's are too many.

        Args:
            snapshot: the entities.
            named: those whose names are of sources that are not bulk.
            accounts: whose accounts publish what they made.
        """
        self._snapshot = snapshot
        self._copies, self._standings = Copies(snapshot), Standings(snapshot, accounts)
        self._pointing: dict[str, list[str]] = defaultdict(list)
        properties = snapshot.vocabulary.properties
        self._entity_valued = {name for name, p in properties.items() if p.type == "entity"}
        self._worded = {name for name, p in properties.items() if p.type in ("text", "string")}
        self._backward = {DEVELOPER, IN_FAMILY} | snapshot.vocabulary.edges("data")
        said: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for entity in named:
            for name, id in self._links(entity, self._backward):
                self._pointing[id].append(entity.id)
                if name == IN_FAMILY and kind_of(entity.id) == "model":
                    said[id].append((-_said(entity), entity.id))
        self._places: dict[str, int] = {}
        for members in said.values():
            for place, (_, id) in enumerate(sorted(members)):
                self._places[id] = min(place, self._places.get(id, place))

    def _links(self, entity: Entity, properties: Iterable[str]) -> Iterator[tuple[str, str]]:
        for fact in entity.facts:
            if fact.property in properties:
                yield from (
                    (fact.property, str(value)) for value in fact.values if value is not None
                )

    def document(self, entity: Entity) -> SearchDoc:
        """What is searched of an entity."""
        named = {
            property: self._names(entity.values(property)) for property in (IN_FAMILY, DEVELOPER)
        }
        found = self._snapshot.inheritance.widened(entity)  # what it is found and counted by
        numbers = self._numbers(found)
        kind = kind_of(entity.id)
        original = self._original(entity)
        standing = self._standings.standing(entity)
        named_kind = self._snapshot.vocabulary.kinds[kind]
        return SearchDoc(
            id=entity.id,
            kind=kind,
            text={
                "name": [names[0] for names in entity.labels.values() if names],
                "alias": _aliases(entity),
                "family": named[IN_FAMILY],
                "org": named[DEVELOPER],
                "kin": self._kin(entity),
                "kind": [*named_kind.term.labels.values(), *named_kind.called],
                "about": list(self._about(entity)),
            },
            filters={
                **self._filters(found, numbers),
                COPY_OF: self._values([original.id] if original else []),
                IS_COPY: {"yes" if original else "no": []},
                OWN: {"yes": []} if standing in ("curated", "own") and not original else {},
            },
            facets=self._facets(found, numbers, original),
            numbers=numbers,
            said=_said(entity) if entity.names else 0,
            place=self._places.get(entity.id, 0),
            called=identifiers(entity, self._snapshot.former(entity.id)),
            standing=standing,
            apart=self._apart(entity, original) if original or standing == "again" else None,
        )

    def _original(self, entity: Entity) -> Entity | None:
        if kind_of(entity.id) != "model":
            return None
        number = self._copies.original(self._snapshot.number(entity.id))
        return None if number is None else self._snapshot.entity_at(number)

    def _apart(self, entity: Entity, original: Entity | None) -> Apart:
        """What tells a copy from what it is a copy of; of one whose original is unknown its account."""
        owners = self._standings.strangers(entity)
        if original is None:
            return Apart(owners=owners)
        relations = self._snapshot.vocabulary.properties
        words = [
            word
            for name in self._copy_relations(entity)
            for word in (*relations[name].copy_word.values(), *relations[name].words.values())
        ]
        names = [name for labels in entity.labels.values() for name in labels]
        shared = [
            *self._names([original.id, *original.values(IN_FAMILY), *original.values(DEVELOPER)]),
            *hub_names(original),
        ]
        return Apart(owners=owners, names=[*names, *words], shared=shared)

    def _copy_relations(self, entity: Entity) -> list[str]:
        copies = self._snapshot.vocabulary.copies
        return [name for name in self._relations(entity) if name in copies]

    def _kin(self, entity: Entity) -> list[str]:
        """What it derives from and by which relation, and the names of all it has to do with."""
        properties = self._snapshot.vocabulary.properties
        above = self._above(entity)
        derives = self._relations(entity)
        derives = [*derives, DERIVED_FROM] if derives or above else []
        relations = [label for name in derives for label in properties[name].term.labels.values()]
        links = self._links(entity, self._entity_valued - {IN_FAMILY, DEVELOPER})
        ids = [*(id for _, id in links), *above, *self._pointing.get(entity.id, ())]
        return [*relations, *self._names(list(dict.fromkeys(ids))[:MOST_KIN])]

    def _about(self, entity: Entity) -> Iterator[str]:
        """Its texts; a code by what it is called in any language."""
        for fact in entity.facts:
            if fact.property in self._worded:
                for value in fact.values:
                    yield from self._words(fact.property, value) or [str(value)]

    def _words(self, property: str, value: Value) -> list[str]:
        """What a value is called if it is a code."""
        code = self._snapshot.vocabulary.properties[property].codes.get(str(value))
        return [*code.labels.values()] if code else []

    def _above(self, entity: Entity) -> list[str]:
        """The families a family derives from, through its members."""
        if kind_of(entity.id) != "family":
            return []
        reach = self._snapshot.families.ancestors(self._snapshot.number(entity.id))
        return [self._snapshot.id_at(number) for number in reach.families]

    def _filters(
        self, entity: Entity, numbers: dict[str, float]
    ) -> dict[str, dict[str, list[str]]]:
        """The values to filter by, each with the names it goes by."""
        kind = kind_of(entity.id)
        named = {"org": DEVELOPER, "license": LICENSE, "lang": LANGUAGE, "family": IN_FAMILY}
        filters = {field: self._values(entity.values(name)) for field, name in named.items()}
        for names in filters["lang"].values():
            names += [_CODES[name] for name in names if name in _CODES]
        filters["access"] = {v: self._words(ACCESS, v) for v in _texts(entity.values(ACCESS))}
        filters["kind"] = {kind: list(self._snapshot.vocabulary.kinds[kind].term.labels.values())}
        filters["verdict"] = {value: [] for value in _verdict(entity)}
        filters["relation"] = {name: _short(name) for name in self._relations(entity)}
        filters |= {name: {value: []} for name, value in _bands(numbers).items()}
        if kind in ("model", "family"):
            reach = self._snapshot.families.ancestors(self._snapshot.number(entity.id))
            above = [self._snapshot.id_at(n) for n in (*reach.models, *reach.families)]
            filters["descendants-of"] = self._values(above)
        return filters

    def _facets(
        self, entity: Entity, numbers: dict[str, float], original: Entity | None
    ) -> dict[str, list[str]]:
        named = {"org": DEVELOPER, "license": LICENSE, "lang": LANGUAGE}
        facets = {f: [str(v) for v in entity.values(name) if v] for f, name in named.items()}
        facets |= {"kind": [kind_of(entity.id)], "relation": self._relations(entity)}
        facets["access"] = _texts(entity.values(ACCESS))
        facets["verdict"] = _verdict(entity)
        if original:
            facets[COPIES] = [
                copies_value(name, original.id) for name in self._copy_relations(entity)
            ]
        return facets | {name: [value] for name, value in _bands(numbers).items()}

    def _relations(self, entity: Entity) -> list[str]:
        derives = self._snapshot.vocabulary.edges("weights", "distillation")
        return [fact.property for fact in entity.facts if fact.property in derives and fact.values]

    def _numbers(self, entity: Entity) -> dict[str, float]:
        size = next(iter(entity.values(PARAMETER_COUNT)), None)
        date = next(iter(entity.values(RELEASE_DATE)), None)
        numbers = {"descendants": float(self._descendants(entity))}
        downloads = next(iter(entity.values(DOWNLOADS)), None)
        if isinstance(downloads, int):
            numbers["downloads"] = float(downloads)
        if isinstance(size, int):
            numbers["params"] = float(size)
        if isinstance(date, str):
            numbers["released"] = float((date.replace("-", "") + "0101")[:8])
        return numbers

    def _descendants(self, entity: Entity) -> int:
        if kind_of(entity.id) == "family":
            return len(self._snapshot.families.descendants(self._snapshot.number(entity.id)).models)
        return next(
            (int(f.values[0] or 0) for f in entity.inferred if f.property == DESCENDANT_COUNT), 0
        )

    def meaningful(self) -> Iterator[str]:
        """Filters that mean something, whether any document passes them or not."""
        vocabulary = self._snapshot.vocabulary
        for relation in vocabulary.edges("weights", "distillation"):
            yield from (filter_term("relation", name) for name in (relation, *_short(relation)))
        yield from (filter_term("kind", kind) for kind in vocabulary.kinds)
        yield from (filter_term("verdict", verdict) for verdict in get_args(Verdict))
        for code, term in vocabulary.properties[ACCESS].codes.items():
            yield from (filter_term("access", name) for name in (code, *term.labels.values()))

    def copy_filters(self) -> Iterator[str]:
        """Filters by a relation that makes copies."""
        for relation in self._snapshot.vocabulary.copies:
            yield from (filter_term("relation", name) for name in (relation, *_short(relation)))

    def _values(self, ids: Iterable[Value]) -> dict[str, list[str]]:
        return {str(id): [slug_of(str(id)), *self._names([id])] for id in ids if id is not None}

    def _names(self, ids: Iterable[Value]) -> list[str]:
        """Every name of some entities."""
        groups = (e.labels.values() for e in self._snapshot.those(str(id) for id in ids if id))
        return [name for labels in groups for names in labels for name in names]


def _texts(values: Iterable[Value]) -> list[str]:
    return [str(value) for value in values if value is not None]


def _aliases(entity: Entity) -> list[str]:
    """Its other names, with those of its repositories."""
    names = [name for labels in entity.labels.values() for name in labels]
    aliases = [alias for labels in entity.labels.values() for alias in labels[1:]]
    known = set(map(key, names))
    tails = {key(tail): tail for name in hub_names(entity) for tail in [name.rpartition("/")[2]]}
    return [*aliases, *(tail for tail_key, tail in tails.items() if tail_key not in known)]


def _verdict(entity: Entity) -> list[str]:
    """Whether its terms allow commercial use."""
    return [str(v) for f in entity.inferred if f.property == COMMERCIAL_VERDICT for v in f.values]


def _said(entity: Entity) -> int:
    return sum(len(fact.claims) for fact in entity.facts)


def _short(relation: str) -> list[str]:
    """The short words for a relation: adapterOf is adapter, quantizedFrom quantized and quantize.

    >>> _short("fineTunedFrom")
    ['fineTuned', 'fineTune']
    """
    word = relation.removesuffix("From").removesuffix("Of")
    return list(dict.fromkeys((word, word.removesuffix("d"))))


def _bands(numbers: dict[str, float]) -> dict[str, str]:
    bands = {}
    if "params" in numbers:
        bands["size"] = next((name for end, name in BANDS if numbers["params"] < end), OVER)
    if "released" in numbers:
        bands["year"] = str(int(numbers["released"] // 10_000))
    return bands
