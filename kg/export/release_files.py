"""A release in standard formats as files: beside it, and as the tables of a dump.

Formats that read the same share a pass over it (kg/files/sharing.py): quads are parsed once for all formats of RDF, an entity
is decoded once for all tables and all other vocabularies, and the graph is gathered once for all network tools.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, cast

import msgspec
import pyoxigraph as ox

from kg.export.columns import TABLES
from kg.export.formats import FORMATS, Exporter, default_graph, graph_edges, graph_nodes, write_rdf
from kg.export.graphs import GRAPH_FORMATS, GraphStream, write_graph
from kg.export.mappings import MAPPED
from kg.export.table_files import HAS_PARQUET, write_csv, write_parquet
from kg.export.tables import Row, StreamedTable, Tables, table_of
from kg.export.vocabularies import Translation
from kg.files.lines import line_file
from kg.files.sharing import Reader, share_pass
from kg.model.claim import Entity
from kg.model.media import CSV, RDF_FORMATS, MediaFormat
from kg.model.vocabulary import load_vocabulary
from kg.snapshot.graph_file import open_graph
from kg.snapshot.inheritance import Inheritance
from kg.snapshot.judged import JudgedEntities
from kg.snapshot.layout import GRAPH
from kg.snapshot.records import Records
from kg.snapshot.snapshot import Snapshot

_FOLDER = "exports"  # the folder of a release that holds them
_BUFFER = 1 << 16  # bytes compressed at once
_LEVEL = 5  # of gzip: 5 % longer than at level 6, in two thirds of the time

_decoder = msgspec.json.Decoder(Entity)


def export_release(folder: Path, base: str) -> None:
    """Write the exports of a release that is whole, as `write_exports` does.

    Args:
        folder: of the snapshot that is being built.
        base: start of every entity IRI.
    """
    written, vocabulary = Records(folder), load_vocabulary()
    exporter = Exporter(
        lambda: map(_decoder.decode, written),
        lambda: open_graph(folder),
        vocabulary,
        inheritance=Inheritance(written, vocabulary),
        judged=JudgedEntities(folder, written),
    )

    def known(id: str) -> bool:
        return written.find(id) is not None

    write_exports(folder / "release", exporter, base, known)


def write_exports(
    release: Path, exporter: Exporter, base: str, known: Callable[[str], bool]
) -> None:
    """Write the exports of a release beside its N-Quads: every format and vocabulary, one file each.

    They are compressed without times in them. Parquet is written where it is installed. The graph of models is held in
    memory.

    Args:
        release: its folder.
        exporter: writes all of it.
        base: start of every entity IRI.
        known: whether an id is described.
    """
    (release / _FOLDER).mkdir(exist_ok=True)
    formats = [f for f in FORMATS.values() if f.file_title and file_of(f) != GRAPH]
    files = {format.name: release / file_of(format) for format in formats}
    _write_quads(exporter, {name: path for name, path in files.items() if name in RDF_FORMATS})
    _write_entities(release, exporter, base, known, files)


def write_edges(snapshot: Snapshot, entities: Iterable[Entity]) -> None:
    """Write the edges of a release as CSV, the only format beside the N-Quads of one that is large.

    Args:
        snapshot: it is being built.
        entities: all of it, in order.
    """
    release = snapshot.folder / "release"
    (release / _FOLDER).mkdir(exist_ok=True)
    tables = Tables(snapshot.entities, snapshot.vocabulary)
    with _packed(release / file_of(CSV)) as out:
        write_csv(tables.table("edges", entities), out)


def write_tables(exporter: Exporter, path: Callable[[str], Path]) -> None:
    """Write all tables as Parquet, as the entities stream by.

    Args:
        exporter: writes all of a release.
        path: the file of a table.

    Raises:
        NotInstalled: pyarrow is missing.
        InputError: a number is too large for its column.
    """
    # Edges tell the nodes
    for together in (["edges"], [name for name in TABLES if name != "edges"]):
        readers = [partial(_write_table, exporter, name, path(name)) for name in together]
        share_pass(exporter.entities(), readers)


def file_of(format: MediaFormat) -> str:
    """Where the whole graph in a format stands in a release that holds it."""
    return f"{_FOLDER}/gyebo.{format.suffix}.gz"


def file_of_table(table: str) -> str:
    """Where a table stands in a release that holds it."""
    return f"{_FOLDER}/{table}.parquet"


def file_in(vocabulary: str) -> str:
    """Where the facts in another vocabulary stand in a release that holds them."""
    return f"{_FOLDER}/gyebo-{vocabulary}.ttl.gz"


def _write_quads(exporter: Exporter, files: Mapping[str, Path]) -> None:
    """Write formats of RDF."""

    def write(format: str, quads: Iterable[ox.Quad]) -> None:
        with _packed(files[format]) as out:
            write_rdf(quads, format, out, exporter.context, all_fit=True)

    def readers(graphs: bool) -> list[Reader[ox.Quad]]:
        return [partial(write, f) for f in files if RDF_FORMATS[f].named_graphs == graphs]

    with exporter.lines() as lines:
        # Not checked, which takes as long as to read them: the store, which is loaded of them too, checks them all.
        quads = ox.parse(lines, ox.RdfFormat.N_QUADS, lenient=True)
        plain = readers(False)
        share_pass(quads, [*readers(True), lambda all: share_pass(default_graph(all), plain)])


def _write_entities(
    release: Path,
    exporter: Exporter,
    base: str,
    known: Callable[[str], bool],
    files: Mapping[str, Path],
) -> None:
    """Write the other vocabularies, all tables, and the graph for network tools."""
    edges = _held(exporter.tables.edges())  # first, because they tell the nodes
    rows: list[Row] = []
    readers: list[Reader[Entity]] = [
        lambda entities: rows.extend(exporter.tables.table("nodes", entities).rows)
    ]
    for name in MAPPED:
        words = Translation(name, base, exporter.vocabulary, known)
        readers.append(partial(_write_words, words, release / file_in(name)))
    parquet = {name: release / file_of_table(name) for name in TABLES if HAS_PARQUET}
    others = [name for name in parquet if name not in ("edges", "nodes")]
    readers += [partial(_write_table, exporter, name, parquet[name]) for name in others]
    share_pass(exporter.entities(), readers)
    nodes = table_of("nodes", exporter.vocabulary, rows)
    with _packed(files[CSV.name]) as out:
        write_csv(edges, out)
    for name, table in {"edges": edges, "nodes": nodes}.items():
        if name in parquet:
            _write_parquet(table, parquet[name])
    graph = GraphStream(list(graph_nodes(nodes)), list(graph_edges(edges)))
    for name in files.keys() & GRAPH_FORMATS.keys():
        with _packed(files[name]) as out:
            write_graph(graph, name, out)


def _write_words(words: Translation, path: Path, entities: Iterable[Entity]) -> None:
    with _packed(path) as out, line_file(words.lines(entities)) as lines:
        write_rdf(ox.parse(lines, ox.RdfFormat.N_QUADS), "turtle", out, words.context, all_fit=True)


def _write_table(exporter: Exporter, name: str, path: Path, entities: Iterable[Entity]) -> None:
    _write_parquet(exporter.tables.table(name, entities), path)


def _write_parquet(table: StreamedTable, path: Path) -> None:
    with path.open("wb") as out:
        write_parquet(table, out)


def _held(table: StreamedTable) -> StreamedTable:
    return table._replace(rows=list(table.rows))


@contextmanager
def _packed(path: Path) -> Iterator[IO[bytes]]:
    """A file that is compressed as it is written."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as packed,
        io.BufferedWriter(cast(io.RawIOBase, packed), _BUFFER) as out,
    ):
        yield out
