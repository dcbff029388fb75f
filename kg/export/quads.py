"""Entities as RDF: resolved facts in the default graph, who says what in one named graph a source.

The shape and its reasons: ontology/README.md. Lines are written as text, because building quad
objects halves the speed (shared evidence: 59k against 105k a second).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from kg.model.claim import EDITORS, INFERRED, Entity, Fact, Said, Value, kind_of
from kg.model.iri import decimal, iri
from kg.model.vocabulary import DCT, DISPUTED, KG, RDF, RDFS, SKOS, XSD, Property, Vocabulary
from kg.snapshot.statistics import STRING, TYPE, WORDS, QuadKind

_LITERAL = str.maketrans(
    {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    | {chr(c): f"\\u{c:04X}" for c in (*range(0x20), 0x7F) if chr(c) not in "\n\r\t"}
)
_IN_WORDS = ("string", "text")  # types of properties whose values may be in a language
# By length; Oxigraph keeps all three as given.
_DATES = {4: f"{XSD}gYear", 7: f"{XSD}gYearMonth", 10: f"{XSD}date"}
_DISPUTED, _SOURCE = QuadKind("", KG + DISPUTED), QuadKind("", f"{DCT}source", "source")
_INFERRED = QuadKind(INFERRED)


class EntityQuads(NamedTuple):
    """Every quad of an entity."""

    lines: list[str]
    kinds: tuple[QuadKind, ...]  # of each


def literal(text: str, lang: str = "") -> str:
    """A text, in a language if one is named, as an N-Quads term.

    >>> print(literal('a "b"', "en"))
    "a \\"b\\""@en
    """
    return f'"{_escaped(text)}"' + (f"@{lang}" if lang else "")


def _escaped(text: str) -> str:
    """A text without characters that N-Quads keep for themselves; few texts hold any, and to look is quicker."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return text.translate(_LITERAL)


def _language(fact: Fact, value: Value) -> str:
    """The language in which a value was first said."""
    for said in fact.claims:
        if said.value == value:
            return said.lang
    return ""


def _predicates(prop: Property, type: str) -> list[tuple[str, QuadKind]]:
    """A property and those above it as predicates, and what a triple with a value of a type is."""
    names = (prop.name, *prop.supers)
    return [(f"<{KG}{name}> ", QuadKind("", KG + name, type)) for name in names]


class Writer:
    """Turns entities into N-Quads lines for one base.

    Args:
        base: start of every entity IRI.
        vocabulary: kinds and properties.
        bulk: sources whose claims stand in their named graph only where another source speaks of
            the same subject and property.
        guesses: rules that infer from names; their claims always stand in their named graphs too, so that what
            nobody states can be told from what a source says.
    """

    def __init__(
        self,
        base: str,
        vocabulary: Vocabulary,
        bulk: Collection[str] = (),
        guesses: Collection[str] = (),
    ) -> None:
        self._base = base
        self._vocabulary = vocabulary
        self._bulk = frozenset(bulk) - frozenset(guesses)
        self._predicates: dict[str, dict[str, list[tuple[str, QuadKind]]]] = defaultdict(dict)

    def lines(self, entity: Entity) -> list[str]:
        """Every quad of an entity, each once."""
        return self.quads(entity).lines

    def resolved(self, entity: Entity) -> list[str]:
        """The triples of an entity in the default graph, each once."""
        subject = f"<{iri(self._base, entity.id)}>"
        return [f"{subject} {told} .\n" for told in self._resolved(entity)]

    def quads(self, entity: Entity) -> EntityQuads:
        """Every quad of an entity, each once, and what it is."""
        subject = f"<{iri(self._base, entity.id)}>"
        told = self._resolved(entity)
        said = self._said(subject, entity)
        inferred: dict[str, QuadKind] = {}
        for fact in entity.inferred:
            self._add(fact, inferred)
        graph = f" <{iri(self._base, INFERRED)}> .\n"
        return EntityQuads(
            [
                *[f"{subject} {one} .\n" for one in told],
                *said,
                *[f"{subject} {one}{graph}" for one in inferred],
            ],
            (*told.values(), *said.values(), *[_INFERRED] * len(inferred)),
        )

    def _resolved(self, entity: Entity) -> dict[str, QuadKind]:
        """Predicates and objects of an entity in the default graph."""
        kind = self._vocabulary.kinds[kind_of(entity.id)].term.iri
        found = {f"<{RDF}type> <{kind}>": QuadKind("", TYPE, kind)}
        for lang, labels in entity.labels.items():
            in_words = WORDS if lang else STRING
            for i, label in enumerate(labels):
                predicate = f"{SKOS}altLabel" if i else f"{RDFS}label"
                found[f"<{predicate}> {literal(label, lang)}"] = QuadKind("", predicate, in_words)
        sources: dict[str, None] = {}
        for fact in entity.facts:
            self._add(fact, found)
            if fact.disputed:
                found[f"<{KG}{DISPUTED}> <{KG}{fact.property}>"] = _DISPUTED
            for said in fact.claims:
                sources[said.source] = None
        sources.update((name.source, None) for name in entity.names if name.source != EDITORS)
        for source in sources or (EDITORS,):  # of some things only the name is known
            found[f"<{DCT}source> <{iri(self._base, source)}>"] = _SOURCE
        return found

    def _add(self, fact: Fact, found: dict[str, QuadKind]) -> None:
        """Add predicate and object of each resolved value, under the property and those above it."""
        prop, predicates = (
            self._vocabulary.properties[fact.property],
            self._predicates[fact.property],
        )
        in_words = prop.type in _IN_WORDS
        for value in fact.values:
            term, type = self._typed(prop, value, _language(fact, value) if in_words else "")
            if type not in predicates:
                predicates[type] = _predicates(prop, type)
            for predicate, kind in predicates[type]:
                found[predicate + term] = kind

    def _said(self, subject: str, entity: Entity) -> dict[str, QuadKind]:
        """The quads of who says what."""
        found: dict[str, QuadKind] = {}
        for name in entity.names:
            if name.source != EDITORS:
                term = literal(str(name.value), name.lang)
                line = f"{subject} <{SKOS}altLabel> {term} <{iri(self._base, name.source)}> .\n"
                found[line] = QuadKind(name.source)
        for fact in entity.facts:
            if len(fact.claims) == 1 and fact.claims[0].source in self._bulk:
                continue  # most facts
            prop = self._vocabulary.properties[fact.property]
            alone = len({s.source for s in fact.claims}) == 1
            for said in fact.claims:
                if said.value is not None and not (alone and said.source in self._bulk):
                    found[self._claim(subject, prop, said)] = QuadKind(said.source)
        return found

    def _claim(self, subject: str, prop: Property, said: Said) -> str:
        term = self.term(prop, said.value, said.lang)
        return f"{subject} <{KG}{prop.name}> {term} <{iri(self._base, said.source)}> .\n"

    def term(self, prop: Property, value: Value, lang: str = "") -> str:
        """A value of a property as an N-Quads term."""
        return self._typed(prop, value, lang)[0]

    def _typed(self, prop: Property, value: Value, lang: str) -> tuple[str, str]:
        """A value of a property as an N-Quads term, and its kind or its datatype."""
        match prop.type:
            case "entity":
                id = str(value)
                return f"<{iri(self._base, id)}>", kind_of(id)
            case "string" | "text":
                return literal(str(value), lang), WORDS if lang else STRING
            case "integer":
                type = f"{XSD}integer"
                return f'"{value}"^^<{type}>', type
            case "date":
                type = _DATES[len(str(value))]
                return f'"{value}"^^<{type}>', type
            case "decimal" if isinstance(value, int | float):
                type = f"{XSD}decimal"
                return f'"{decimal(float(value))}"^^<{type}>', type
            case "double" if isinstance(value, int | float):
                type = f"{XSD}double"
                return f'"{float(value)!r}"^^<{type}>', type
            case "boolean":
                type = f"{XSD}boolean"
                return f'"{str(value).lower()}"^^<{type}>', type
            case "url":
                type = f"{XSD}anyURI"
                return f'"{_escaped(str(value))}"^^<{type}>', type
        return literal(str(value), lang), WORDS if lang else STRING
