"""The vocabulary, read from ontology/kg.ttl: which kinds and properties there are and how they behave.

Code asks this table instead of naming properties; what is true of a property stands in kg.ttl.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyoxigraph as ox

from kg.errors import DataError
from kg.messages.message import Message
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
_TYPES = {
    XSD + "integer": "integer",
    XSD + "decimal": "decimal",
    XSD + "double": "double",
    XSD + "boolean": "boolean",
    XSD + "date": "date",
    XSD + "anyURI": "url",
    XSD + "string": "string",
    RDF + "langString": "text",
}

# Terms of kg.ttl that code itself must name; tests/model/test_vocab.py checks that each is defined.
DERIVED_FROM = "derivedFrom"
IN_FAMILY = "inFamily"
DISPUTED = "disputed"
DESCENDANT_COUNT = "descendantCount"
HUB_ID = "hubId"
DESCRIPTION = "description"
DOWNLOADS = "downloads"
PUBLISHER = "publisher"
DEVELOPER = "developer"
RELEASE_DATE = "releaseDate"
SOURCE_TYPE = "sourceType"
PUBLICATION_DATE = "publicationDate"
RETRIEVED = "retrieved"
URL = "url"
LICENSE = "license"
LANGUAGE = "language"
PARAMETER_COUNT = "parameterCount"
CONTEXT_LENGTH = "contextLength"
CLAUSE_OF = "clauseOf"
CLAUSE_KIND = "clauseKind"
CLAUSE_VALUE = "clauseValue"
CLAUSE_TIER = "clauseTier"
QUOTE = "quote"
SPDX_ID = "spdxId"
EFFECTIVE_TERM = "effectiveTerm"
COMMERCIAL_VERDICT = "commercialVerdict"


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


_Index = dict[str, dict[str, list[ox.Literal | ox.NamedNode]]]


@cache
def load_vocabulary(path: Path = ONTOLOGY / "kg.ttl") -> Vocabulary:
    """Read the vocabulary from a Turtle file.

    Raises:
        DataError: the file is missing or is not Turtle.
    """
    index, prefixes = _index(path)
    kinds = {k.name: k for iri in _instances(index, OWL + "Class") if (k := _kind(index, iri)).name}
    by_class = {k.term.iri: k.name for k in kinds.values()}
    names = [
        iri
        for iri in (
            *_instances(index, OWL + "ObjectProperty"),
            *_instances(index, OWL + "DatatypeProperty"),
        )
        if iri.startswith(KG)
    ]
    above = _positive(path.with_name("shapes.ttl"))
    properties = [
        msgspec.structs.replace(_property(index, iri, by_class), positive=iri in above)
        for iri in sorted(set(names))
    ]
    known = {*by_class, *names}
    others = tuple(_term(index, iri) for iri in index if iri.startswith(KG) and iri not in known)
    return Vocabulary(
        kinds,
        {p.name: p for p in sorted(properties, key=lambda p: p.order)},
        others,
        prefixes,
        _one(index, KG.removesuffix("#"), OWL + "versionInfo"),
    )


@cache
def hub_relations() -> Mapping[str, str]:
    """Properties by what cards of the Hub call them (huggingface.co/docs/hub/model-cards).

    >>> hub_relations()["finetune"]
    'fineTunedFrom'
    """
    properties = [*load_vocabulary().properties.values()]
    return {p.hub_word: p.name for p in reversed(properties) if p.hub_word}


def _index(path: Path) -> tuple[_Index, dict[str, str]]:
    index: _Index = defaultdict(lambda: defaultdict(list))
    try:
        parser = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        for triple in parser:
            if isinstance(triple.subject, ox.NamedNode) and not isinstance(
                triple.object, ox.BlankNode | ox.Triple
            ):
                index[triple.subject.value][triple.predicate.value].append(triple.object)
    except (OSError, SyntaxError) as error:
        raise DataError(Message("not Turtle: %(error)s", error=error), str(path)) from error
    return index, dict(parser.prefixes)


def _positive(shapes: Path) -> frozenset[str]:
    """The properties whose shape says `sh:minExclusive 0`; none without the file."""
    if not shapes.exists():
        return frozenset()
    index, _ = _index(shapes)
    above = (iri for iri in index if "0" in _values(index, iri, SH + "minExclusive"))
    return frozenset(path for iri in above for path in _values(index, iri, SH + "path"))


def _instances(index: _Index, cls: str) -> list[str]:
    node = ox.NamedNode(cls)
    return [iri for iri, about in index.items() if node in about.get(RDF + "type", ())]


def _values(index: _Index, iri: str, predicate: str) -> list[str]:
    return [o.value for o in index[iri].get(predicate, ())]


def _one(index: _Index, iri: str, predicate: str, default: str = "") -> str:
    return next(iter(_values(index, iri, predicate)), default)


def _by_lang(index: _Index, iri: str, predicate: str) -> dict[str, str]:
    literals = index[iri].get(predicate, ())
    return {o.language or "en": o.value for o in literals if isinstance(o, ox.Literal)}


def _term(index: _Index, iri: str) -> VocabularyTerm:
    labels = _by_lang(index, iri, RDFS + "label")
    broader = _values(index, iri, RDFS + "subClassOf") + _values(index, iri, RDFS + "subPropertyOf")
    maps = tuple(sorted(term for term in broader if not term.startswith(KG)))
    return VocabularyTerm(iri, labels, _by_lang(index, iri, RDFS + "comment"), maps)


def _kind(index: _Index, iri: str) -> EntityKind:
    others = tuple(_values(index, iri, SKOS + "altLabel"))
    return EntityKind(_one(index, iri, KG + "kind"), _term(index, iri), others)


def _property(index: _Index, iri: str, by_class: Mapping[str, str]) -> Property:
    is_object = ox.NamedNode(OWL + "ObjectProperty") in index[iri][RDF + "type"]
    ranges = _values(index, iri, RDFS + "range") + _values(index, iri, SCHEMA + "rangeIncludes")
    domains = _values(index, iri, RDFS + "domain") + _values(index, iri, SCHEMA + "domainIncludes")
    return Property(
        name=iri.removeprefix(KG),
        term=_term(index, iri),
        type="entity" if is_object else _TYPES.get(next(iter(ranges), ""), "string"),
        single=ox.NamedNode(OWL + "FunctionalProperty") in index[iri][RDF + "type"],
        unit=_one(index, iri, KG + "unit"),
        edge=_one(index, iri, KG + "edgeKind"),
        order=int(_one(index, iri, KG + "order", "9999")),
        domain=frozenset(by_class[d] for d in domains if d in by_class),
        range=frozenset(by_class[r] for r in ranges if r in by_class),
        supers=tuple(_supers(index, iri)),
        words=_by_lang(index, iri, KG + "subjectWord"),
        phrase=_by_lang(index, iri, KG + "subjectPhrase"),
        step=_by_lang(index, iri, KG + "stepWord"),
        hub_word=_one(index, iri, KG + "hubWord"),
        copy_word=_by_lang(index, iri, KG + "copyWord"),
        rounded=_one(index, iri, KG + "rounded") == "true",
    )


def _supers(index: _Index, iri: str) -> list[str]:
    found: list[str] = []
    stack = _values(index, iri, RDFS + "subPropertyOf")
    while stack:
        parent = stack.pop()
        name = parent.removeprefix(KG)
        if parent.startswith(KG) and name not in found:
            found.append(name)
            stack += _values(index, parent, RDFS + "subPropertyOf")
    return found
