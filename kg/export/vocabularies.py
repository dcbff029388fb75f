"""Resolved facts in the words of another vocabulary: schema.org, FAIR4ML, MLDCAT-AP, DCAT.

ontology/kg.ttl says which terms of others ours narrow; ontology/mappings/NAME.yaml says which of those
vocabularies NAME takes them from, and what holds there besides. Knowledge is there, none of it here.
Entities are written as they stream by; what has no class in the vocabulary is left out, and so is
every link to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

import msgspec
import pyoxigraph as ox

from kg.errors import DataError, UnknownFormat
from kg.export.jsonld import Context
from kg.export.quads import Writer, literal
from kg.files.yaml import read_yaml
from kg.messages.message import Message
from kg.model.claim import Entity, Fact, Value, kind_of
from kg.model.iri import iri
from kg.model.vocabulary import RDF, Property, Vocabulary
from kg.paths import ONTOLOGY

OURS = "kg"
MAPPED = ("schema", "fair4ml", "mldcat", "dcat")
VOCABULARIES = (OURS, *MAPPED)
_SAFE = "/:#?&=%~@!$'()*+,;[]"  # left as they are in an IRI


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a property of ours is said; a rule takes the place of what kg.ttl says of its property."""

    property: str
    to: str = ""  # empty: it is not said
    kinds: tuple[str, ...] = ()  # of the subject; none = any
    objects: tuple[str, ...] = ()  # kinds of the object, likewise
    inverse: bool = False  # the object is what it is said of
    one: bool = False  # said only where there is one value
    iri: str = ""  # the value as an IRI: a text with {property} in it
    text: str = ""  # the value as a text, likewise
    datatype: str = ""  # instead of our own
    type: str = ""  # class of an IRI made so
    name: str = ""  # property that gives such an IRI our value as its name


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file of ontology/mappings."""

    title: str
    specification: str
    prefixes: dict[str, str]
    terms: tuple[str, ...]  # prefixes in kg.ttl whose terms hold here
    names: dict[str, str]  # property of the main label, by kind; "*" of any other kind
    alias: str = ""  # property of further labels
    identifier: str = ""  # property of our id
    renamed: dict[str, str] = {}  # namespaces that are spelled otherwise here
    kinds: dict[str, tuple[str, ...]] = {}  # classes, instead of those in kg.ttl
    catalog: dict[str, str] = {}  # property that leads from data#catalog to an entity, by kind
    head: tuple[str, ...] = ()  # Turtle files that stand at the head of an export
    unstated: dict[
        str, str
    ] = {}  # node of the head whose properties stand for missing ones, by kind
    rules: tuple[Rule, ...] = ()


@cache
def read_spec(name: str, folder: Path = ONTOLOGY / "mappings") -> Spec:
    """Read a mapping.

    Raises:
        UnknownFormat: there is none of this name; carries those there are.
        DataError: the file is not what it should be.
    """
    if name not in MAPPED:
        raise UnknownFormat(name, VOCABULARIES)
    file = read_yaml(folder / f"{name}.yaml")
    try:
        return msgspec.convert(file.data, Spec)
    except msgspec.ValidationError as error:
        raise DataError(Message("no mapping: %(error)s", error=error), file.name) from error


@cache
def _pages() -> dict[tuple[str, str], str]:
    """The addresses that schema.org's mapping makes of identifiers, by property and kind; "" is any kind."""
    found = (rule for rule in read_spec("schema").rules if rule.to == "schema:sameAs" and rule.iri)
    return {(rule.property, kind): rule.iri for rule in found for kind in rule.kinds or ("",)}


def page_address(kind: str, property: str, value: str) -> str:
    """Where an identifier leads on the web, as a model's id on the Hub does; "" if it leads nowhere.

    >>> page_address("dataset", "hubId", "allenai/c4"), page_address("model", "title", "x")
    ('https://huggingface.co/datasets/allenai/c4', '')
    """
    pages = _pages()
    iri = pages.get((property, kind)) or pages.get((property, ""), "")
    return quote(iri.replace(f"{{{property}}}", value), safe=_SAFE)


class Translation:
    """Writes entities in another vocabulary.

    Args:
        name: one of MAPPED.
        base: start of every entity IRI.
        vocabulary: our own.
        known: whether an id is among what is written; links to others are left out.

    `classes` holds the classes of each kind, `ways` how each property of each kind is said.
    """

    def __init__(
        self, name: str, base: str, vocabulary: Vocabulary, known: Callable[[str], bool]
    ) -> None:
        self._spec = read_spec(name)
        self._base, self._vocabulary, self._known = base, vocabulary, known
        self._prefixes = {**vocabulary.prefixes, **self._spec.prefixes}
        self._writer = Writer(base, vocabulary)
        self._taken = tuple(vocabulary.prefixes[prefix] for prefix in self._spec.terms)
        self.classes = {kind: tuple(self._kind(kind)) for kind in vocabulary.kinds}
        self._rules: dict[str, list[Rule]] = defaultdict(list)
        for rule in self._spec.rules:
            self._rules[rule.property].append(rule)
        self.ways = {
            (kind, name): self._ways(kind, known)
            for kind in vocabulary.kinds
            for name, known in vocabulary.properties.items()
        }
        self._head = [line for file in self._spec.head for line in _head(file, base)]
        self._unstated = {kind: self._defaults(node) for kind, node in self._spec.unstated.items()}

    @property
    def context(self) -> Context:
        """Prefixes for the formats that have them; JSON-LD needs no keys besides."""
        return Context([], self._spec.prefixes | {"xsd": self._prefixes["xsd"]})

    def short(self, term: str) -> str:
        """A term of the vocabulary with its prefix."""
        return self.context.short(term.strip("<>"))

    def lines(self, entities: Iterable[Entity]) -> Iterator[str]:
        """Triples of a head and of each entity, as N-Triples, those of a subject mostly together."""
        yield from self._head
        for entity in entities:
            if self.classes.get(kind_of(entity.id)):
                yield from dict.fromkeys(self._entity(entity))

    def _iri(self, name: str) -> str:
        """A short name written out, in angle brackets."""
        prefix, _, local = name.partition(":")
        return f"<{self._prefixes[prefix]}{local}>"

    def _kind(self, kind: str) -> Iterator[str]:
        if kind in self._spec.kinds:
            yield from map(self._iri, self._spec.kinds[kind])
        else:
            yield from self._theirs(self._vocabulary.kinds[kind].term.maps)

    def _theirs(self, terms: Iterable[str]) -> Iterator[str]:
        """The terms that hold here, as they are spelled here."""
        for term in terms:
            if term.startswith(self._taken):
                for start, instead in self._spec.renamed.items():
                    term = instead + term.removeprefix(start) if term.startswith(start) else term
                yield f"<{term}>"

    def _ways(self, kind: str, prop: Property) -> list[Rule]:
        """How a property of a kind is said: by its rules, else as kg.ttl has it; those above it too."""
        ways: dict[Rule, None] = {}
        for name in (prop.name, *prop.supers):
            rules = [r for r in self._rules[name] if not r.kinds or kind in r.kinds]
            if not rules:
                terms = self._theirs(self._vocabulary.properties[name].term.maps)
                rules = [Rule(property=name, to=to) for to in terms]
            ways |= dict.fromkeys(rule for rule in rules if rule.to)
        return list(ways)

    def _entity(self, entity: Entity) -> Iterator[str]:
        spec, kind = self._spec, kind_of(entity.id)
        subject = f"<{iri(self._base, entity.id)}>"
        lines = [*(f"{subject} <{RDF}type> {cls} .\n" for cls in self.classes[kind])]
        lines += self._labels(subject, entity, kind)
        if spec.identifier:
            lines.append(f"{subject} {self._iri(spec.identifier)} {literal(entity.id)} .\n")
        for fact in entity.facts:
            for rule in self.ways[kind, fact.property]:
                lines += self._fact(subject, entity, fact, rule)
        yield from lines
        said = {line.split(" ", 2)[1] for line in lines if line.startswith(subject)}
        for predicate, term in self._unstated.get(kind, ()):
            if predicate not in said:
                yield f"{subject} {predicate} {term} .\n"
        if kind in spec.catalog:
            yield f"<{self._base}data#catalog> {self._iri(spec.catalog[kind])} {subject} .\n"

    def _labels(self, subject: str, entity: Entity, kind: str) -> Iterator[str]:
        main = self._iri(self._spec.names.get(kind, self._spec.names["*"]))
        for lang, labels in entity.labels.items():
            yield f"{subject} {main} {literal(labels[0], lang)} .\n"
        for lang, labels in entity.labels.items():
            for other in labels[1:] if self._spec.alias else ():
                yield f"{subject} {self._iri(self._spec.alias)} {literal(other, lang)} .\n"

    def _fact(self, subject: str, entity: Entity, fact: Fact, rule: Rule) -> Iterator[str]:
        values = [v for v in fact.values if self._fits(fact.property, v, rule)]
        if rule.one and len(values) != 1:
            return
        to = rule.to if rule.to.startswith("<") else self._iri(rule.to)
        for value in values:
            term = self._term(entity, fact, value, rule)
            yield f"{term} {to} {subject} .\n" if rule.inverse else f"{subject} {to} {term} .\n"
            if rule.type:
                yield f"{term} <{RDF}type> {self._iri(rule.type)} .\n"
            if rule.name:
                yield f"{term} {self._iri(rule.name)} {literal(str(value))} .\n"

    def _fits(self, property: str, value: Value, rule: Rule) -> bool:
        if self._vocabulary.properties[property].type != "entity":
            return True
        kind = kind_of(str(value))
        wanted = not rule.objects or kind in rule.objects
        return wanted and bool(self.classes.get(kind)) and self._known(str(value))

    def _term(self, entity: Entity, fact: Fact, value: Value, rule: Rule) -> str:
        if rule.iri:
            filled = _filled(rule.iri, entity, rule.property, value)
            return f"<{quote(filled, safe=_SAFE)}>"
        if rule.text:
            return literal(_filled(rule.text, entity, rule.property, value))
        if rule.datatype:
            return f"{literal(str(value))}^^{self._iri(rule.datatype)}"
        lang = next((s.lang for s in fact.claims if s.value == value), "")
        return self._writer.term(self._vocabulary.properties[fact.property], value, lang)

    def _defaults(self, node: str) -> list[tuple[str, str]]:
        """Properties and values of a node of the head, other than its class."""
        start = f"<{self._base}{node}> "
        about = [
            line.removesuffix(" .\n").split(" ", 2) for line in self._head if line.startswith(start)
        ]
        return [(predicate, term) for _, predicate, term in about if predicate != f"<{RDF}type>"]


def _filled(pattern: str, entity: Entity, property: str, value: Value) -> str:
    """A pattern with values of the entity in it; what is missing is left out."""
    values = defaultdict(str, {f.property: str(f.values[0]) for f in entity.facts if f.values})
    values[property] = str(value)
    return pattern.format_map(values).strip()


def _head(file: str, base: str) -> Iterator[str]:
    path = str(ONTOLOGY / "mappings" / file)
    for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=base):
        yield f"{quad.triple} .\n"
