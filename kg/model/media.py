"""Formats: what each is called, its suffix, media types and label, each format once.

Here stand the formats of RDF, of SPARQL results and of pictures. Those that are written by code of ours
stand beside it, as the same record with their writer: graphs in kg/export/graphs.py, tables in
kg/export/table_files.py, files of a family tree in kg/export/trees.py, files of one model in kg/export/bom/formats.py. Every
other table of formats is made from these: command line, HTTP, pages, descriptions, documentation.

This module imports nothing that takes long, as each query process reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

import msgspec

from kg.messages.message import mark

Write = TypeVar("Write", bound=Callable[..., object])
Known = TypeVar("Known", bound="MediaFormat")
_SCRIPTS = ("application/javascript", "application/ecmascript")


def with_charset(media_type: str) -> str:
    """A media type with its charset, where its text may be in several.

    Without one, text is read as ISO-8859-1 by some, and XML by others. JSON, N-Triples, N-Quads and TriG
    are UTF-8 by definition, and their types know no charset.
    """
    has_charsets = media_type.startswith("text/") or media_type.endswith(("/xml", "+xml"))
    has_charsets = has_charsets or media_type in _SCRIPTS
    return f"{media_type}; charset=utf-8" if has_charsets else media_type


class MediaFormat(msgspec.Struct, frozen=True, kw_only=True):
    """A format, by all it goes by."""

    name: str
    suffix: str  # of files, without a dot
    media_type: str  # without a charset
    label: str  # for people, in English
    other_types: tuple[str, ...] = ()  # media types that clients use for it as well
    other_names: tuple[str, ...] = ()  # what clients call it as well
    file_title: str = ""  # what its file in a release holds, a message; "" = a release has none
    in_memory: bool = False  # made in memory as a whole, not as it streams by
    translated: bool = False  # written in the language that is asked for, not always in English

    @property
    def content_type(self) -> str:
        """The media type with its charset, as HTTP sends it.

        >>> CSV.content_type, SVG.content_type, PNG.content_type
        ('text/csv; charset=utf-8', 'image/svg+xml; charset=utf-8', 'image/png')
        """
        return with_charset(self.media_type)

    def written_by(self, write: Write) -> WrittenFormat[Write]:
        """The same format with its writer."""
        told = {name: getattr(self, name) for name in MediaFormat.__struct_fields__}
        return WrittenFormat(**told, write=write)


class EngineFormat(MediaFormat, frozen=True, kw_only=True):
    """A format that Oxigraph writes."""

    engine: str  # its name among those of ox.RdfFormat or ox.QueryResultsFormat
    w3c: str = ""  # its name below http://www.w3.org/ns/formats/; "" = it has none
    named_graphs: bool = False  # holds all graphs, not only the default graph
    prefixes: bool = False  # begins with prefixes, where Oxigraph writes it
    beside_pages: int = 0  # each page is given in it too: 1 = the first choice; 0 = none is


class WrittenFormat(MediaFormat, Generic[Write], frozen=True, kw_only=True):
    """A format with what writes it."""

    write: Write


def by_name(*formats: Known) -> Mapping[str, Known]:
    """Formats by their names, in their order."""
    return {format.name: format for format in formats}


CSV = EngineFormat(
    name="csv",
    suffix="csv",
    media_type="text/csv",
    label="CSV",
    engine="CSV",
    w3c="SPARQL_Results_CSV",
    file_title=mark("Derivations and memberships as a table of child, parent, relation and source"),
)
JSON = MediaFormat(name="json", suffix="json", media_type="application/json", label="JSON")
SVG = MediaFormat(name="svg", suffix="svg", media_type="image/svg+xml", label="SVG")
PNG = MediaFormat(name="png", suffix="png", media_type="image/png", label="PNG")

RESULT_FORMATS = by_name(
    EngineFormat(
        name="json",
        suffix="srj",
        media_type="application/sparql-results+json",
        label="JSON",
        other_types=("application/json",),
        engine="JSON",
        w3c="SPARQL_Results_JSON",
    ),
    EngineFormat(
        name="xml",
        suffix="srx",
        media_type="application/sparql-results+xml",
        label="XML",
        other_types=("application/xml", "text/xml"),
        engine="XML",
        w3c="SPARQL_Results_XML",
    ),
    CSV,
    EngineFormat(
        name="tsv",
        suffix="tsv",
        media_type="text/tab-separated-values",
        label="TSV",
        engine="TSV",
        w3c="SPARQL_Results_TSV",
    ),
)
RDF_FORMATS = by_name(
    EngineFormat(
        name="turtle",
        suffix="ttl",
        media_type="text/turtle",
        label="Turtle",
        other_types=("application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3"),
        other_names=("ttl", "n3"),
        engine="TURTLE",
        w3c="Turtle",
        prefixes=True,
        beside_pages=1,
        file_title=mark("Resolved facts in Turtle"),
    ),
    EngineFormat(
        name="ntriples",
        suffix="nt",
        media_type="application/n-triples",
        label="N-Triples",
        other_types=("text/plain",),
        other_names=("nt", "n-triples"),
        engine="N_TRIPLES",
        w3c="N-Triples",
        beside_pages=4,
        file_title=mark("Resolved facts in N-Triples"),
    ),
    EngineFormat(
        name="nquads",
        suffix="nq",
        media_type="application/n-quads",
        label="N-Quads",
        other_types=("text/x-nquads", "text/n-quads", "text/nquads"),
        other_names=("nq",),
        engine="N_QUADS",
        w3c="N-Quads",
        named_graphs=True,
        file_title=mark("All graphs, with who says what, in N-Quads"),
    ),
    EngineFormat(
        name="trig",
        suffix="trig",
        media_type="application/trig",
        label="TriG",
        other_types=("application/x-trig", "text/trig"),
        engine="TRIG",
        w3c="TriG",
        named_graphs=True,
        prefixes=True,
        file_title=mark("All graphs, with who says what, in TriG"),
    ),
    EngineFormat(
        name="jsonld",
        suffix="jsonld",
        media_type="application/ld+json",
        label="JSON-LD",
        other_types=("application/json",),
        other_names=("json-ld", "json"),
        engine="JSON_LD",
        w3c="JSON-LD",
        named_graphs=True,
        beside_pages=2,
        file_title=mark("All graphs, with who says what, in JSON-LD"),
    ),
    EngineFormat(
        name="rdfxml",
        suffix="rdf",
        media_type="application/rdf+xml",
        label="RDF/XML",
        other_types=("application/xml", "text/xml"),
        other_names=("rdf", "rdf+xml", "xml"),
        engine="RDF_XML",
        w3c="RDF_XML",
        prefixes=True,
        beside_pages=3,
        file_title=mark("Resolved facts in RDF/XML"),
    ),
)
PICTURE_FORMATS = by_name(SVG, PNG)


def formats_of(kind: str) -> Mapping[str, EngineFormat]:
    """The formats of a query's answer.

    Args:
        kind: of the answer: select, ask or graph.
    """
    return RDF_FORMATS if kind == "graph" else RESULT_FORMATS
