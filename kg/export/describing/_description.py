"""What descriptions in RDF share: IRIs of what is described, texts in both languages, typed values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeAlias
from urllib.parse import quote

import pyoxigraph as ox

from kg.model.media import EngineFormat
from kg.model.vocabulary import PREFIXES, RDF, XSD

VOID = "http://rdfs.org/ns/void#"
VOID_EXT = "http://ldf.fi/void-ext#"
FORMAT = "http://www.w3.org/ns/formats/"
Object: TypeAlias = ox.NamedNode | ox.Literal


class DescriptionNames:
    """The IRIs of a description."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.dataset = self.part("dataset")
        self.default = self.part("default-graph")
        self.publisher = self.part("publisher")
        self.service = ox.NamedNode(base + "sparql")
        self.prefixes = self.part("prefixes")

    def part(self, name: str) -> ox.NamedNode:
        """A node of the description."""
        return ox.NamedNode(f"{self.base}data#{quote(name, safe='/~@!$&()*+,;=:')}")

    def graph(self, id: str) -> ox.NamedNode:
        """The node that describes a source's graph."""
        return self.part(f"graph/{id}")


def describe_in_both(subject: ox.NamedNode, *said: tuple[str, object]) -> Iterator[ox.Triple]:
    """Triples of one subject; a mapping is a text in several languages.

    >>> node = ox.NamedNode("http://example.org/")
    >>> [str(t.object) for t in describe_in_both(node, ("urn:label", {"en": "a", "ko": "가"}))]
    ['"a"@en', '"가"@ko']
    """
    for predicate, value in said:
        for term in _terms(value):
            yield ox.Triple(subject, ox.NamedNode(predicate), term)


def _terms(value: object) -> list[Object]:
    match value:
        case ox.NamedNode() | ox.Literal():
            return [value]
        case Mapping():
            return [ox.Literal(str(text), language=str(lang)) for lang, text in value.items()]
        case list():
            return [term for part in value for term in _terms(part)]
        case datetime():
            stamp = value.isoformat(timespec="seconds").replace("+00:00", "Z")
            return [ox.Literal(stamp, datatype=ox.NamedNode(XSD + "dateTime"))]
        case int():
            return [ox.Literal(value)]
    return [ox.Literal(str(value))]


def typed(*types: str) -> tuple[str, object]:
    """The types of a subject."""
    return RDF + "type", [ox.NamedNode(t) for t in types]


def w3c_names(formats: Iterable[EngineFormat]) -> list[ox.NamedNode]:
    """W3C's names of formats (http://www.w3.org/ns/formats/); those that have none are left out."""
    return [ox.NamedNode(FORMAT + format.w3c) for format in formats if format.w3c]


def values_of(
    names: DescriptionNames, part: ox.NamedNode, path: str, term: str, triples: int, is_class: bool
) -> Iterator[ox.Triple]:
    inner = names.part(f"{path}/{local_name(term)}")
    if is_class:
        link, what = VOID + "classPartition", VOID + "class"
    else:
        link, what = VOID_EXT + "datatypePartition", VOID_EXT + "datatype"
    yield from describe_in_both(part, (link, inner))
    yield from describe_in_both(inner, (what, ox.NamedNode(term)), (VOID + "triples", triples))


def local_name(term: str) -> str:
    """A short name for a term: its prefix, if it is not ours, and its local name."""
    for prefix, start in PREFIXES.items():
        if term.startswith(start):
            local = term.removeprefix(start)
            return local if prefix == "kg" else f"{prefix}:{local}"
    return term
