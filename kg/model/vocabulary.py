"""The vocabulary, read from ontology/kg.ttl: which kinds and properties there are and how they behave.

Code asks this table instead of naming properties; what is true of a property stands in kg.ttl.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyoxigraph as ox

from kg.model._turtle import Index, by_lang, instances, objects, one, read_turtle
from kg.paths import ONTOLOGY

KG = "https://w3id.org/gyebo/ns#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
DCT = "http://purl.org/dc/terms/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SCHEMA = "https://schema.org/"
SH = "http://www.w3.org/ns/shacl#"
PROV = "http://www.w3.org/ns/prov#"

PREFIXES = {
    "kg": KG,
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "xsd": XSD,
    "skos": SKOS,
    "dct": DCT,
    "schema": SCHEMA,
    "prov": PROV,
}

# The value types of properties, by rdfs:range; an object property has the type "entity".
_PLAIN = ("integer", "decimal", "double", "boolean", "date", "string")
_TYPES = {XSD + name: name for name in _PLAIN} | {XSD + "anyURI": "url", RDF + "langString": "text"}

# Terms of kg.ttl that code itself must name; tests/model/test_vocab.py checks that each is defined.
DERIVED_FROM = "derivedFrom"
MERGED_FROM = "mergedFrom"
UNRESOLVED_PARENT = "unresolvedParent"
RESEMBLES = "resembles"
IN_FAMILY = "inFamily"
DISPUTED = "disputed"
DESCENDANT_COUNT = "descendantCount"
HUB_ID = "hubId"
MODELSCOPE_ID = "modelScopeId"
API_NAME = "apiName"
DESCRIPTION = "description"
DOWNLOADS = "downloads"
DEVELOPER = "developer"
PUBLISHER = "publisher"
COUNTRY = "country"
RELEASE_DATE = "releaseDate"
REPOSITORY_CREATED = "repositoryCreated"
REVISION_DATE = "revisionDate"
SOURCE_TYPE = "sourceType"
PUBLICATION_DATE = "publicationDate"
RETRIEVED = "retrieved"
URL = "url"
LICENSE = "license"
LANGUAGE = "language"
PARAMETER_COUNT = "parameterCount"
ACTIVE_COUNT = "activeParameterCount"
CONTEXT_LENGTH = "contextLength"
ACCESS = "access"
CLAUSE_OF = "clauseOf"
CLAUSE_KIND = "clauseKind"
CLAUSE_VALUE = "clauseValue"
CLAUSE_TIER = "clauseTier"
QUOTE = "quote"
SPDX_ID = "spdxId"
EFFECTIVE_TERM = "effectiveTerm"
COMMERCIAL_VERDICT = "commercialVerdict"
LICENSE_CONSISTENCY = "licenseConsistency"
MISSING_TERM = "missingTerm"


class VocabularyTerm(NamedTuple):
    """A class or property as people read it."""

    iri: str
    labels: Mapping[str, str]
    comments: Mapping[str, str]
    maps: tuple[str, ...] = ()  # broader terms of other vocabularies, as IRIs


class EntityKind(NamedTuple):
    """A kind of entity: its class in the ontology."""

    name: str
    term: VocabularyTerm
    called: tuple[str, ...] = ()  # other words for it, in any language


class Property(msgspec.Struct, frozen=True, kw_only=True):
    """A property and how it behaves."""

    name: str
    term: VocabularyTerm
    type: str  # entity, integer, decimal, double, boolean, date, url, string or text
    single: bool  # owl:FunctionalProperty: one value holds, more are a dispute
    unit: str
    edge: str  # kg:edgeKind: weights, distillation, data or ""
    order: int  # where a page shows it
    domain: frozenset[str]  # kinds; empty = any
    range: frozenset[str]  # kinds, of an entity property; empty = any
    supers: tuple[str, ...]  # kg: properties it is a sub-property of, transitively
    words: Mapping[str, str]  # by language, what its subject is called beside its object
    phrase: Mapping[str, str]  # by language, what its subject is, with {object}
    step: Mapping[str, str]  # by language, what happened from its object to its subject
    hub_word: str  # what cards of the Hub call it
    copy_word: Mapping[str, str]  # by language, what its subjects are called where they are counted
    positive: bool = False  # a number above 0, as shapes.ttl beside the vocabulary says
    rounded: bool = False  # kg:rounded: sources write its numbers more or less precisely
    codes: Mapping[str, VocabularyTerm] = {}  # the only values it takes, if there are any
    broader: Mapping[str, str] = {}  # code -> the code that says the same less exactly
    reaches: str = ""  # kg:reachesMembers, of what is said of a family: members, all or ""
    # kg:keptAlong: derivations along which a parent's value is shown
    kept: frozenset[str] = frozenset()

    def code_word(self, value: object, lang: str) -> str:
        """What a value is called if it is one of its codes, else "".

        >>> load_vocabulary().properties["access"].code_word("open-weights", "ko")
        '가중치 공개'
        """
        term = self.codes.get(value) if isinstance(value, str) else None
        return term.labels.get(lang, term.labels["en"]) if term else ""

    def subject_word(self, lang: str) -> str:
        """What its subject is called beside its object.

        >>> load_vocabulary().properties["adapterOf"].subject_word("ko")
        '어댑터'
        """
        return self.words.get(lang, self.name)

    def subject_phrase(self, object: str, lang: str) -> str:
        """What its subject is, with the name of its object.

        >>> load_vocabulary().properties["derivedFrom"].subject_phrase("LLaMA", "ko")
        'LLaMA에서 파생'
        """
        return self.phrase.get(lang, "{object}").replace("{object}", object)

    def step_word(self, lang: str) -> str:
        """What happened on the way from its object to its subject.

        >>> load_vocabulary().properties["trainedOn"].step_word("en")
        'used as training data'
        """
        return self.step.get(lang) or self.subject_word(lang)


class Vocabulary(NamedTuple):
    """All kinds and properties, by name."""

    kinds: Mapping[str, EntityKind]
    properties: Mapping[str, Property]
    others: tuple[VocabularyTerm, ...] = ()  # terms that are neither, such as annotation properties
    prefixes: Mapping[str, str] = {}  # of the file, with those of other vocabularies
    version: str = ""

    def maps(self, property: str) -> tuple[str, ...]:
        """The terms of other vocabularies that a property or one above it narrows."""
        known = self.properties[property]
        terms = (known.term, *(self.properties[name].term for name in known.supers))
        return tuple(dict.fromkeys(iri for term in terms for iri in term.maps))

    def edges(self, *edge_kinds: str) -> frozenset[str]:
        """Names of the properties whose edge kind is one of those given."""
        return frozenset(p.name for p in self.properties.values() if p.edge in edge_kinds)

    @property
    def copies(self) -> tuple[str, ...]:
        """In order, the properties whose subject is its object in another form or place.

        >>> load_vocabulary().copies
        ('quantizedFrom', 'convertedFrom', 'mirrorOf')
        """
        found = (p for p in self.properties.values() if p.copy_word)
        return tuple(p.name for p in sorted(found, key=lambda p: p.order))

    @property
    def tree_relations(self) -> tuple[str, ...]:
        """The properties a family tree is drawn by: in order, those that others narrow at the end."""
        found = [p for p in self.properties.values() if p.edge in ("weights", "distillation")]
        narrowed = {name for p in found for name in p.supers}
        return tuple(p.name for p in sorted(found, key=lambda p: (p.name in narrowed, p.order)))


@cache
def load_vocabulary(path: Path = ONTOLOGY / "kg.ttl") -> Vocabulary:
    """Read the vocabulary from a Turtle file.

    Raises:
        DataError: the file is missing or is not Turtle.
    """
    index, prefixes = read_turtle(path)
    kinds = {k.name: k for iri in instances(index, OWL + "Class") if (k := _kind(index, iri)).name}
    by_class = {k.term.iri: k.name for k in kinds.values()}
    names = [
        iri
        for iri in (
            *instances(index, OWL + "ObjectProperty"),
            *instances(index, OWL + "DatatypeProperty"),
        )
        if iri.startswith(KG)
    ]
    above, codes = _positive(path.with_name("shapes.ttl")), _codes(index)
    properties = [
        msgspec.structs.replace(
            _property(index, iri, by_class),
            positive=iri in above,
            codes=(of_it := codes.get(iri, {})),
            broader=_broader(index, of_it),
        )
        for iri in sorted(set(names))
    ]
    known = {*by_class, *names}
    others = tuple(_term(index, iri) for iri in index if iri.startswith(KG) and iri not in known)
    return Vocabulary(
        kinds,
        {p.name: p for p in sorted(properties, key=lambda p: p.order)},
        others,
        prefixes,
        one(index, KG.removesuffix("#"), OWL + "versionInfo"),
    )


@cache
def hub_relations() -> Mapping[str, str]:
    """Properties by what cards of the Hub call them (huggingface.co/docs/hub/model-cards).

    >>> hub_relations()["finetune"]
    'fineTunedFrom'
    """
    properties = [*load_vocabulary().properties.values()]
    return {p.hub_word: p.name for p in reversed(properties) if p.hub_word}


def _positive(shapes: Path) -> frozenset[str]:
    """The properties whose shape says `sh:minExclusive 0`; none without the file."""
    if not shapes.exists():
        return frozenset()
    index, _ = read_turtle(shapes)
    above = (iri for iri in index if "0" in objects(index, iri, SH + "minExclusive"))
    return frozenset(path for iri in above for path in objects(index, iri, SH + "path"))


def _codes(index: Index) -> dict[str, dict[str, VocabularyTerm]]:
    """The codes of each property that has some, in the order of the file."""
    found: dict[str, dict[str, VocabularyTerm]] = {}
    for iri in list(index):
        for property in objects(index, iri, KG + "codeOf"):
            codes = found.setdefault(property, {})
            codes[one(index, iri, SKOS + "notation")] = _term(index, iri)
    return found


def _broader(index: Index, codes: Mapping[str, VocabularyTerm]) -> dict[str, str]:
    by_iri = {term.iri: code for code, term in codes.items()}
    wider = {code: one(index, term.iri, SKOS + "broader") for code, term in codes.items()}
    return {code: by_iri[iri] for code, iri in wider.items() if iri in by_iri}


def _term(index: Index, iri: str) -> VocabularyTerm:
    labels = by_lang(index, iri, RDFS + "label")
    broader = objects(index, iri, RDFS + "subClassOf") + objects(index, iri, RDFS + "subPropertyOf")
    maps = tuple(sorted(term for term in broader if not term.startswith(KG)))
    return VocabularyTerm(iri, labels, by_lang(index, iri, RDFS + "comment"), maps)


def _kind(index: Index, iri: str) -> EntityKind:
    others = tuple(objects(index, iri, SKOS + "altLabel"))
    return EntityKind(one(index, iri, KG + "kind"), _term(index, iri), others)


def _property(index: Index, iri: str, by_class: Mapping[str, str]) -> Property:
    is_object = ox.NamedNode(OWL + "ObjectProperty") in index[iri][RDF + "type"]
    ranges = objects(index, iri, RDFS + "range") + objects(index, iri, SCHEMA + "rangeIncludes")
    domains = objects(index, iri, RDFS + "domain") + objects(index, iri, SCHEMA + "domainIncludes")
    return Property(
        name=iri.removeprefix(KG),
        term=_term(index, iri),
        type="entity" if is_object else _TYPES.get(next(iter(ranges), ""), "string"),
        single=ox.NamedNode(OWL + "FunctionalProperty") in index[iri][RDF + "type"],
        unit=one(index, iri, KG + "unit"),
        edge=one(index, iri, KG + "edgeKind"),
        order=int(one(index, iri, KG + "order", "9999")),
        domain=frozenset(by_class[d] for d in domains if d in by_class),
        range=frozenset(by_class[r] for r in ranges if r in by_class),
        supers=tuple(_supers(index, iri)),
        words=by_lang(index, iri, KG + "subjectWord"),
        phrase=by_lang(index, iri, KG + "subjectPhrase"),
        step=by_lang(index, iri, KG + "stepWord"),
        hub_word=one(index, iri, KG + "hubWord"),
        copy_word=by_lang(index, iri, KG + "copyWord"),
        rounded=one(index, iri, KG + "rounded") == "true",
        reaches=one(index, iri, KG + "reachesMembers"),
        kept=frozenset(o.removeprefix(KG) for o in objects(index, iri, KG + "keptAlong")),
    )


def _supers(index: Index, iri: str) -> list[str]:
    found: list[str] = []
    stack = objects(index, iri, RDFS + "subPropertyOf")
    while stack:
        parent = stack.pop()
        name = parent.removeprefix(KG)
        if parent.startswith(KG) and name not in found:
            found.append(name)
            stack += objects(index, parent, RDFS + "subPropertyOf")
    return found
