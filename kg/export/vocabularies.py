"""Resolved facts in the words of another vocabulary: schema.org, FAIR4ML, MLDCAT-AP, DCAT.

ontology/kg.ttl says which terms of others ours narrow; ontology/mappings/NAME.yaml says which of those
vocabularies NAME takes them from, and what holds there besides. Knowledge is there, none of it here.
Entities are written as they stream by; what has no class in the vocabulary is left out, and so is
every link to it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from string import Formatter
from urllib.parse import quote

import msgspec
import pyoxigraph as ox

from kg.export.jsonld import Context
from kg.export.mappings import SAFE, Rule, read_spec
from kg.export.quads import Writer, literal
from kg.model.claim import Entity, Fact, Value, kind_of
from kg.model.iri import iri
from kg.model.vocabulary import RDF, Property, Vocabulary
from kg.paths import ONTOLOGY
from kg.snapshot.layout import remember

_RECENT = 1 << 14  # terms that are remembered: several vocabularies are written side by side


class _Way(msgspec.Struct, frozen=True, kw_only=True):
    """A rule for a property of ours, ready to write: its terms stand in angle brackets."""

    rule: Rule
    property: Property
    to: str
    type: str
    name: str
    datatype: str
    linked: bool  # its values are entities
    plain: bool  # and are written as such
    alone: bool  # a pattern names no other property

    def filled(self, entity: Entity, value: Value) -> str:
        """The pattern with values of the entity in it; what is missing is left out."""
        values: dict[str, str] = defaultdict(str)
        if not self.alone:
            values.update((f.property, str(f.values[0])) for f in entity.facts if f.values)
        values[self.rule.property] = str(value)
        return (self.rule.iri or self.rule.text).format_map(values).strip()


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
        self._terms: dict[str, str] = {}  # short names written out
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
        self._ready = {
            (kind, name): [self._way(rule, vocabulary.properties[name]) for rule in ways]
            for (kind, name), ways in self.ways.items()
        }
        self._written: dict[str, bool] = {}  # ids: whether they are
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
        """Triples of a head and of each entity as N-Triples, those of an entity at once."""
        yield from self._head
        for entity in entities:
            kind = kind_of(entity.id)
            if self.classes.get(kind):
                yield "".join(dict.fromkeys(self._entity(entity, kind)))

    def _iri(self, name: str) -> str:
        """A short name written out, in angle brackets."""
        written = self._terms.get(name)
        if written is None:
            prefix, _, local = name.partition(":")
            written = self._terms[name] = f"<{self._prefixes[prefix]}{local}>"
        return written

    def _way(self, rule: Rule, prop: Property) -> _Way:
        fields = {name for _, name, _, _ in Formatter().parse(rule.iri or rule.text)}
        linked = prop.type == "entity"
        return _Way(
            rule=rule,
            property=prop,
            to=rule.to if rule.to.startswith("<") else self._iri(rule.to),
            type=rule.type and self._iri(rule.type),
            name=rule.name and self._iri(rule.name),
            datatype=rule.datatype and self._iri(rule.datatype),
            linked=linked,
            plain=linked and not (rule.iri or rule.text or rule.datatype),
            alone=fields <= {rule.property, None},
        )

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

    def _entity(self, entity: Entity, kind: str) -> list[str]:
        spec = self._spec
        subject = _bracketed(self._base, entity.id)
        lines = [f"{subject} <{RDF}type> {cls} .\n" for cls in self.classes[kind]]
        lines += self._labels(subject, entity, kind)
        if spec.identifier:
            lines.append(f"{subject} {self._iri(spec.identifier)} {_literal(entity.id)} .\n")
        for fact in entity.facts:
            for way in self._ready[kind, fact.property]:
                self._fact(lines, subject, entity, fact, way)
        if unstated := self._unstated.get(kind):
            said = {line.split(" ", 2)[1] for line in lines if line.startswith(subject)}
            lines += (f"{subject} {p} {term} .\n" for p, term in unstated if p not in said)
        if kind in spec.catalog:
            lines.append(
                f"<{self._base}data#catalog> {self._iri(spec.catalog[kind])} {subject} .\n"
            )
        return lines

    def _labels(self, subject: str, entity: Entity, kind: str) -> Iterator[str]:
        main = self._iri(self._spec.names.get(kind, self._spec.names["*"]))
        for lang, labels in entity.labels.items():
            yield f"{subject} {main} {_literal(labels[0], lang)} .\n"
        if self._spec.alias:
            alias = self._iri(self._spec.alias)
            for lang, labels in entity.labels.items():
                for other in labels[1:]:
                    yield f"{subject} {alias} {_literal(other, lang)} .\n"

    def _fact(self, lines: list[str], subject: str, entity: Entity, fact: Fact, way: _Way) -> None:
        """Add what one way says of a fact."""
        rule, to, linked, values = way.rule, way.to, way.linked, fact.values
        if linked:
            values = tuple(v for v in values if self._fits(str(v), rule))
        if rule.one and len(values) != 1:
            return
        for value in values:
            if linked and way.plain:
                term = _bracketed(self._base, str(value))
            else:
                term = self._term(entity, fact, value, way)
            lines.append(
                f"{term} {to} {subject} .\n" if rule.inverse else f"{subject} {to} {term} .\n"
            )
            if way.type:
                lines.append(f"{term} <{RDF}type> {way.type} .\n")
            if way.name:
                lines.append(f"{term} {way.name} {_literal(str(value))} .\n")

    def _fits(self, id: str, rule: Rule) -> bool:
        """Whether an entity that is named is among what is written, and of a kind that the rule is for."""
        if rule.objects and kind_of(id) not in rule.objects:
            return False
        fits = self._written.get(id)
        if fits is None:
            fits = bool(self.classes.get(kind_of(id))) and self._known(id)
            remember(self._written, id, fits)
        return fits

    def _term(self, entity: Entity, fact: Fact, value: Value, way: _Way) -> str:
        rule = way.rule
        if rule.iri:
            return f"<{_quoted(way.filled(entity, value))}>"
        if rule.text:
            return _literal(way.filled(entity, value))
        if rule.datatype:
            return f"{_literal(str(value))}^^{way.datatype}"
        lang = next((s.lang for s in fact.claims if s.value == value), "")
        return self._writer.term(way.property, value, lang)

    def _defaults(self, node: str) -> list[tuple[str, str]]:
        """Properties and values of a node of the head, other than its class."""
        start = f"<{self._base}{node}> "
        about = [
            line.removesuffix(" .\n").split(" ", 2) for line in self._head if line.startswith(start)
        ]
        return [(predicate, term) for _, predicate, term in about if predicate != f"<{RDF}type>"]


@lru_cache(_RECENT)
def _bracketed(base: str, id: str) -> str:
    """An entity as a term."""
    return f"<{iri(base, id)}>"


@lru_cache(_RECENT)
def _literal(text: str, lang: str = "") -> str:
    return literal(text, lang)


@lru_cache(_RECENT)
def _quoted(iri: str) -> str:
    """An IRI without characters that none may hold."""
    return quote(iri, safe=SAFE)


def _head(file: str, base: str) -> Iterator[str]:
    path = str(ONTOLOGY / "mappings" / file)
    for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=base):
        yield f"{quad.triple} .\n"
