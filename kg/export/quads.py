"""Entities as RDF: resolved facts in the default graph, who says what in one named graph a source.

The shape and its reasons: ontology/README.md. Lines are written as text, because building quad
objects halves the speed (shared evidence: 59k against 105k a second).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from kg.model.claim import EDITORS, INFERRED, Entity, Fact, Said, Value, kind_of
from kg.model.iri import decimal, iri
from kg.model.vocabulary import DCT, DISPUTED, KG, RDF, RDFS, SKOS, XSD, Property, Vocabulary

_LITERAL = str.maketrans(
    {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    | {chr(c): f"\\u{c:04X}" for c in (*range(0x20), 0x7F) if chr(c) not in "\n\r\t"}
)
_IN_WORDS = ("string", "text")  # types of properties whose values may be in a language
_DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}  # by length; Oxigraph keeps all three as given


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
        self._predicates = {
            prop.name: [f"<{KG}{name}> " for name in (prop.name, *prop.supers)]
            for prop in vocabulary.properties.values()
        }

    def lines(self, entity: Entity) -> Iterator[str]:
        """Every quad of an entity, each once."""
        subject = f"<{iri(self._base, entity.id)}>"
        yield from self.resolved(entity)
        yield from dict.fromkeys(self._said(subject, entity))
        graph = f" <{iri(self._base, INFERRED)}> .\n"
        for fact in entity.inferred:
            yield from [f"{subject} {told}{graph}" for told in self._fact(fact)]

    def resolved(self, entity: Entity) -> Iterable[str]:
        """The triples of an entity in the default graph, each once."""
        subject = f"<{iri(self._base, entity.id)}>"
        kind = self._vocabulary.kinds[kind_of(entity.id)]
        found = [f"<{RDF}type> <{kind.term.iri}>"]
        for lang, labels in entity.labels.items():
            for i, label in enumerate(labels):
                predicate = f"{SKOS}altLabel" if i else f"{RDFS}label"
                found.append(f"<{predicate}> {literal(label, lang)}")
        sources: dict[str, None] = {}
        for fact in entity.facts:
            found += self._fact(fact)
            if fact.disputed:
                found.append(f"<{KG}{DISPUTED}> <{KG}{fact.property}>")
            for said in fact.claims:
                sources[said.source] = None
        sources.update((name.source, None) for name in entity.names if name.source != EDITORS)
        for source in sources or (EDITORS,):  # of some things only the name is known
            found.append(f"<{DCT}source> <{iri(self._base, source)}>")
        return [f"{subject} {told} .\n" for told in dict.fromkeys(found)]

    def _fact(self, fact: Fact) -> list[str]:
        """Predicate and object of each resolved value, under the property and those above it."""
        prop = self._vocabulary.properties[fact.property]
        predicates = self._predicates[fact.property]
        found = []
        for value in fact.values:
            lang = _language(fact, value) if prop.type in _IN_WORDS else ""
            term = self.term(prop, value, lang)
            found += [predicate + term for predicate in predicates]
        return found

    def _said(self, subject: str, entity: Entity) -> Iterator[str]:
        for name in entity.names:
            if name.source != EDITORS:
                term = literal(str(name.value), name.lang)
                yield f"{subject} <{SKOS}altLabel> {term} <{iri(self._base, name.source)}> .\n"
        for fact in entity.facts:
            if len(fact.claims) == 1 and fact.claims[0].source in self._bulk:
                continue  # most facts
            prop = self._vocabulary.properties[fact.property]
            alone = len({s.source for s in fact.claims}) == 1
            for said in fact.claims:
                if said.value is not None and not (alone and said.source in self._bulk):
                    yield self._claim(subject, prop, said)

    def _claim(self, subject: str, prop: Property, said: Said) -> str:
        term = self.term(prop, said.value, said.lang)
        return f"{subject} <{KG}{prop.name}> {term} <{iri(self._base, said.source)}> .\n"

    def term(self, prop: Property, value: Value, lang: str = "") -> str:
        """A value of a property as an N-Quads term."""
        match prop.type:
            case "entity":
                return f"<{iri(self._base, str(value))}>"
            case "integer":
                return f'"{value}"^^<{XSD}integer>'
            case "decimal" if isinstance(value, int | float):
                return f'"{decimal(float(value))}"^^<{XSD}decimal>'
            case "double" if isinstance(value, int | float):
                return f'"{float(value)!r}"^^<{XSD}double>'
            case "boolean":
                return f'"{str(value).lower()}"^^<{XSD}boolean>'
            case "date":
                return f'"{value}"^^<{XSD}{_DATES[len(str(value))]}>'
            case "url":
                return f'"{_escaped(str(value))}"^^<{XSD}anyURI>'
        return literal(str(value), lang)
