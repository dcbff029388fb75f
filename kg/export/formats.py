"""The release in standard formats: whole, or narrowed to some entities.

RDF is written by Oxigraph's serializers and as JSON-LD by kg/export/jsonld.py, graphs for network tools by
kg/export/graphs.py, tables by kg/export/tables.py; all read the release's own files in their order, so the same
release gives the same bytes, and all but GraphML and GEXF write it as it streams by. What a format is
called and who writes it stands in kg/model/media.py, kg/export/graphs.py and kg/export/table_files.py; FORMATS is all of them.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import IO, Any, TypeAlias

import pyoxigraph as ox

from kg.errors import UnknownFormat
from kg.export.graphs import GRAPH_FORMATS, GraphStream, write_graph
from kg.export.jsonld import Context, kg_context, write_jsonld
from kg.export.mappings import OURS
from kg.export.table_files import TABLE_FORMATS
from kg.export.tables import StreamedTable, Tables
from kg.export.vocabularies import Translation
from kg.files.lines import line_file
from kg.model.claim import Entity
from kg.model.media import RDF_FORMATS, MediaFormat, WrittenFormat
from kg.model.vocabulary import Vocabulary
from kg.snapshot.inheritance import Inheritance
from kg.snapshot.judged import JudgedEntities


class Exporter:
    """Writes entities in any format.

    Args:
        entities: gives the entities to export, in order, each time it is called.
        lines: gives their N-Quads, likewise, as a file.
        vocabulary: kinds and properties.
        context: prefixes and keys of what is in `lines`; default those of our own vocabulary.
        inheritance: what reaches the members of families, for the table of models; default nothing.
        judged: the verdicts, for their table; default none.
    """

    def __init__(
        self,
        entities: Callable[[], Iterable[Entity]],
        lines: Callable[[], IO[bytes]],
        vocabulary: Vocabulary,
        context: Context | None = None,
        inheritance: Inheritance | None = None,
        judged: JudgedEntities | None = None,
    ) -> None:
        self.entities, self.lines, self.vocabulary = entities, lines, vocabulary
        self.context = context or kg_context(vocabulary)
        self.tables = Tables(entities, vocabulary, inheritance, judged)

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
        words = Translation(name, base, self.vocabulary, known)
        return Exporter(
            self.entities,
            lambda: line_file(words.lines(self.entities())),
            self.vocabulary,
            words.context,
        )

    def write(self, format: str, out: IO[bytes], table: str = "edges") -> None:
        """Write one format.

        Args:
            format: a name in FORMATS.
            out: where to write.
            table: for csv and parquet: one of TABLES.

        Raises:
            UnknownFormat: no such format or table; carries the known ones.
            TooLargeToHold: the graph is too large for a format that is made in memory.
            NotInstalled: an optional part of the program is missing.
        """
        if format not in FORMATS:
            raise UnknownFormat(format, sorted(FORMATS))
        FORMATS[format].write(self, format, out, table)

    def rdf(self, format: str, out: IO[bytes], table: str) -> None:
        """Write the quads."""
        with self.lines() as lines:
            if format == "nquads":  # what the release holds already
                shutil.copyfileobj(lines, out, 1 << 20)
                return
            write_rdf(ox.parse(lines, ox.RdfFormat.N_QUADS), format, out, self.context)

    def network(self, format: str, out: IO[bytes], table: str) -> None:
        """Write models and families as a graph: an edge goes from the parent to what derives from it, from a family to its members."""
        nodes = graph_nodes(self.tables.nodes())
        write_graph(GraphStream(nodes, graph_edges(self.tables.edges())), format, out)

    def table(self, format: str, out: IO[bytes], table: str) -> None:
        """Write a table."""
        TABLE_FORMATS[format].write(self.tables.table(table), out)


def graph_nodes(table: StreamedTable) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Rows of the table of nodes, with what they have."""
    names = [name for name, _ in table.columns[1:]]
    for id, *row in table.rows:
        yield id, {k: v for k, v in zip(names, row, strict=True) if v not in ("", None)}


def graph_edges(table: StreamedTable) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """The edges, with all relations of a pair in one; those of a child stand together."""
    for child, rows in itertools.groupby(table.rows, itemgetter(0)):
        relations: dict[str, list[str]] = {}
        for _, parent, relation, *_ in rows:
            relations.setdefault(parent, []).append(relation)
        for parent, names in relations.items():
            yield parent, child, {"relation": " ".join(names)}


def write_rdf(
    quads: Iterable[ox.Quad],
    format: str,
    out: IO[bytes],
    context: Context,
    *,
    all_fit: bool = False,
) -> None:
    """Write quads in a format of RDF; those without named graphs write the default graph only.

    Args:
        quads: what to write, those of a subject together.
        format: a name in RDF_FORMATS.
        out: where to write.
        context: prefixes, and keys of JSON-LD.
        all_fit: none of them stands in a named graph, or the format has those.
    """
    if format == "jsonld":  # Oxigraph's writer knows no context
        write_jsonld(quads, out, context)
        return
    known = RDF_FORMATS[format]
    if not known.named_graphs and not all_fit:
        quads = default_graph(quads)
    engine: ox.RdfFormat = getattr(ox.RdfFormat, known.engine)
    ox.serialize(quads, out, engine, prefixes=context.prefixes if known.prefixes else None)


def default_graph(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """Those that stand in no named graph."""
    default = ox.DefaultGraph()
    return (quad for quad in quads if quad.graph_name == default)


Write: TypeAlias = Callable[[Exporter, str, IO[bytes], str], None]
_WRITERS: tuple[tuple[Mapping[str, MediaFormat], Write], ...] = (
    (RDF_FORMATS, Exporter.rdf),
    (GRAPH_FORMATS, Exporter.network),
    (TABLE_FORMATS, Exporter.table),
)
FORMATS: Mapping[str, WrittenFormat[Write]] = {
    name: format.written_by(write)
    for formats, write in _WRITERS
    for name, format in formats.items()
}
