"""The release in standard formats: whole, or narrowed to some entities.

RDF is written by Oxigraph's serializers and as JSON-LD by kg/export/jsonld.py, graphs for network tools by
kg/export/graphs.py, tables by kg/export/tables.py; all read the release's own files in their order, so the same
release gives the same bytes, and all but GraphML and GEXF write it as it streams by. What a format is
called and who writes it stands in FORMATS alone.
"""

from __future__ import annotations

import gzip
import itertools
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from typing import IO, NamedTuple, cast

import pyoxigraph as ox

from kg.errors import UnknownFormat
from kg.export.graphs import GRAPH_FORMATS, Network, write_graph
from kg.export.jsonld import Context, kg_context, write_jsonld
from kg.export.tables import HAS_PARQUET, TABLES, Tables, write_csv, write_parquet
from kg.export.vocabularies import MAPPED, OURS, Translation
from kg.files.lines import line_file
from kg.model.claim import Entity
from kg.model.vocabulary import Vocabulary


class Format(NamedTuple):
    """An export format; `rdf` is Oxigraph's name of it, if it writes it."""

    name: str
    suffix: str
    media_type: str
    write: Callable[[Exporter, Format, IO[bytes], str], None]
    graphs: bool = False  # all graphs, or the default graph only
    rdf: ox.RdfFormat | None = None
    tables: bool = False  # one table of several


class Exporter:
    """Writes entities in any format.

    Args:
        entities: gives the entities to export, in order, each time it is called.
        lines: gives their N-Quads, likewise, as a file.
        vocabulary: kinds and properties.
        context: prefixes and keys of what is in `lines`; default those of our own vocabulary.
    """

    def __init__(
        self,
        entities: Callable[[], Iterable[Entity]],
        lines: Callable[[], IO[bytes]],
        vocabulary: Vocabulary,
        context: Context | None = None,
    ) -> None:
        self._entities, self._lines = entities, lines
        self._context = context or kg_context(vocabulary)
        self.tables = Tables(entities, vocabulary)
        self._vocabulary = vocabulary

    def translated(self, name: str, base: str, known: Callable[[str], bool]) -> Exporter:
        """The same entities in another vocabulary.

        Args:
            name: one of VOCABULARIES.
            base: start of every entity IRI.
            known: whether an id is among the entities; links to others are left out.

        Raises:
            UnknownFormat: no such vocabulary; carries the known ones.
        """
        if name == OURS:
            return self
        words = Translation(name, base, self._vocabulary, known)
        return Exporter(
            self._entities,
            lambda: line_file(words.lines(self._entities())),
            self._vocabulary,
            words.context,
        )

    def write(self, format: str, out: IO[bytes], table: str = "edges") -> None:
        """Write one format.

        Args:
            format: a name in FORMATS.
            out: where to write.
            table: for csv and parquet: edges, models, claims or nodes.

        Raises:
            UnknownFormat: no such format or table; carries the known ones.
            TooLargeToHold: the graph is too large for a format that is made in memory.
            NotInstalled: an optional part of the program is missing.
        """
        if format not in FORMATS:
            raise UnknownFormat(format, sorted(FORMATS))
        known = FORMATS[format]
        known.write(self, known, out, table)

    def rdf(self, format: Format, out: IO[bytes], table: str) -> None:
        """Write the quads."""
        with self._lines() as lines:
            if format.name == "nquads":  # what the release holds already
                shutil.copyfileobj(lines, out, 1 << 20)
                return
            write_rdf(ox.parse(lines, ox.RdfFormat.N_QUADS), format.name, out, self._context)

    def network(self, format: Format, out: IO[bytes], table: str) -> None:
        """Write models, families and derivations as a graph: an edge goes from the parent to what derives from it."""
        names = [name for name, _ in self.tables.nodes().columns]
        nodes = (
            (row[0], {k: v for k, v in zip(names[1:], row[1:], strict=True) if v != ""})
            for row in self.tables.nodes().rows
        )
        write_graph(Network(nodes, self._links()), format.name, out)

    def _links(self) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        """The edges, with all relations of a pair in one; those of a child stand together."""
        for child, rows in itertools.groupby(self.tables.edges().rows, itemgetter(0)):
            relations: dict[str, list[str]] = {}
            for _, parent, relation, _ in rows:
                relations.setdefault(parent, []).append(relation)
            for parent, names in relations.items():
                yield parent, child, {"relation": " ".join(names)}

    def table(self, format: Format, out: IO[bytes], table: str) -> None:
        """Write a table."""
        write = write_csv if format.name == "csv" else write_parquet
        write(self.tables.table(table), out)


def write_rdf(quads: Iterable[ox.Quad], format: str, out: IO[bytes], context: Context) -> None:
    """Write quads in a format of RDF; those without named graphs write the default graph only.

    Args:
        quads: what to write, those of a subject together.
        format: a name in RDF_FORMATS.
        out: where to write.
        context: prefixes, and keys of JSON-LD.
    """
    known, default = RDF_FORMATS[format], ox.DefaultGraph()
    if known.rdf is None:
        write_jsonld(quads, out, context)
        return
    if not known.graphs:
        quads = (quad for quad in quads if quad.graph_name == default)
    prefixes = None if format in ("ntriples", "nquads") else context.prefixes
    ox.serialize(quads, out, known.rdf, prefixes=prefixes)


def _rdf(
    name: str, suffix: str, media_type: str, rdf: ox.RdfFormat | None, graphs: bool = False
) -> Format:
    return Format(name, suffix, media_type, Exporter.rdf, graphs, rdf)


RDF_FORMATS: Mapping[str, Format] = {
    format.name: format
    for format in (
        _rdf("turtle", "ttl", "text/turtle", ox.RdfFormat.TURTLE),
        _rdf("ntriples", "nt", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        _rdf("nquads", "nq", "application/n-quads", ox.RdfFormat.N_QUADS, True),
        _rdf("trig", "trig", "application/trig", ox.RdfFormat.TRIG, True),
        _rdf("jsonld", "jsonld", "application/ld+json", None, True),
        _rdf("rdfxml", "rdf", "application/rdf+xml", ox.RdfFormat.RDF_XML),
    )
}
FORMATS: Mapping[str, Format] = {
    **RDF_FORMATS,
    **{
        name: Format(name, suffix, media_type, Exporter.network)
        for name, (suffix, media_type) in GRAPH_FORMATS.items()
    },
    "csv": Format("csv", "csv", "text/csv", Exporter.table, tables=True),
    "parquet": Format(
        "parquet", "parquet", "application/vnd.apache.parquet", Exporter.table, tables=True
    ),
}
CHEAP = ("nquads", "csv")  # what a build of many entities writes
_BUILT = (*RDF_FORMATS, "graphml", "cytoscape", "nodelink", "csv")


def write_exports(
    release: Path, exporter: Exporter, base: str, known: Callable[[str], bool], all_formats: bool
) -> None:
    """Write the exports of a release, one file a format, compressed without times in them.

    Args:
        release: its folder.
        exporter: writes all of it.
        base: start of every entity IRI.
        known: whether an id is described.
        all_formats: the other vocabularies too, and Parquet where it is installed; else only CHEAP.
    """
    folder = release / "exports"
    folder.mkdir()
    for name in _BUILT if all_formats else CHEAP:
        _pack(folder / f"gyebo.{FORMATS[name].suffix}.gz", exporter, name)
    for vocabulary in MAPPED if all_formats else ():
        _pack(
            folder / f"gyebo-{vocabulary}.ttl.gz",
            exporter.translated(vocabulary, base, known),
            "turtle",
        )
    for table in TABLES if all_formats and HAS_PARQUET else ():
        with (folder / f"{table}.parquet").open("wb") as out:
            exporter.write("parquet", out, table)


def _pack(path: Path, exporter: Exporter, format: str) -> None:
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as out:
        exporter.write(format, cast(IO[bytes], out))
