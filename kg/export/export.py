"""An export: which part of the graph, in which vocabulary and format.

EXPORTS says who writes each format; one that needs more than entities, such as a bill of materials of
one model, is a further entry there.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple

import msgspec
import pyoxigraph as ox

from kg.answers.lineage import lineage
from kg.answers.sparql import query
from kg.errors import InputError, UnknownFormat
from kg.export.bom.formats import MODEL_FORMATS, write_model
from kg.export.formats import FORMATS, Exporter
from kg.export.mappings import OURS
from kg.export.quads import Writer
from kg.files.lines import line_file
from kg.files.output import write_file
from kg.files.progress import Stage, counted_items, counted_lines, silent
from kg.messages.message import Message
from kg.model.claim import Entity, kind_of
from kg.model.iri import id_of
from kg.model.media import CSV, RDF_FORMATS
from kg.snapshot.graph_file import open_graph
from kg.snapshot.judged import JudgedEntities
from kg.snapshot.layout import GRAPH
from kg.snapshot.seal import check_file
from kg.snapshot.snapshot import Snapshot
from kg.sparql.request import Limits


class ExportRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What to export."""

    snapshot: Snapshot
    format: str
    root: str = ""  # a model or family, as typed
    query: str = ""  # SPARQL
    table: str = "edges"
    vocabulary: str = OURS
    lang: str = "en"
    bom: bool = False  # before a table in CSV
    limits: Limits = Limits()  # of the query
    stage: Stage = silent  # told how far it is


Write = Callable[[ExportRequest, IO[bytes]], object]


class GraphPart(NamedTuple):
    """A part of the graph: entities by id, and the triples themselves if a query gave them."""

    ids: list[str]
    triples: bytes | None = None


def _write_graph(wanted: ExportRequest, out: IO[bytes]) -> None:
    if wanted.bom:
        out.write(codecs.BOM_UTF8)
    _exporter(wanted).write(wanted.format, out, wanted.table)


def _write_model(wanted: ExportRequest, out: IO[bytes]) -> None:
    write_model(wanted.snapshot, wanted.format, wanted.root or None, out, wanted.lang)


EXPORTS: Mapping[str, Write] = {
    **dict.fromkeys(FORMATS, _write_graph),
    **dict.fromkeys(MODEL_FORMATS, _write_model),
}


def export(
    snapshot: Snapshot,
    format: str,
    path: Path | str,
    *,
    root: str = "",
    query: str = "",
    table: str = "edges",
    vocabulary: str = OURS,
    lang: str = "en",
    bom: bool = False,
    limits: Limits = Limits(),  # noqa: B008
    stage: Stage = silent,
) -> None:
    """Write the graph, or part of it, as a file in a standard format.

    Args:
        snapshot: an open snapshot.
        format: turtle, ntriples, nquads, trig, jsonld, rdfxml; graphml, gexf, dot, cytoscape, nodelink; csv or
            parquet; and of one model cyclonedx, spdx, card or badge.
        path: the file, which appears whole or not at all; `-` is standard output.
        root: only this model or family with its ancestors and descendants.
        query: only what this SPARQL query finds: the entities a SELECT names, the graph a CONSTRUCT makes.
        table: for csv and parquet: edges, models, claims, nodes, gaps, verdicts, scores or identities.
        vocabulary: for RDF: our own terms, or those of schema.org, FAIR4ML, MLDCAT-AP or DCAT.
        lang: en or ko, for cards and badges.
        bom: for csv: begin with a byte order mark, by which Excel knows UTF-8.
        limits: what the query may take.
        stage: told how much of the whole graph is read, from the beginning in each pass.

    Raises:
        UnknownFormat: no such format or vocabulary; carries the known ones.
        UnknownId: nothing goes by the name of the root.
        InputError: these do not go together, or the file cannot be written.
        QueryError, QueryFailed: the query cannot be run, or did not finish.
    """
    if root and query:
        raise InputError(Message("a root and a query each say what to export: give one of them"))
    if format not in EXPORTS:
        raise UnknownFormat(format, sorted(EXPORTS))
    if vocabulary != OURS and format not in RDF_FORMATS:
        raise InputError(
            Message(
                "the vocabulary %(vocabulary)s is for RDF: %(names)s; %(format)s is not",
                vocabulary=vocabulary,
                names=RDF_FORMATS,
                format=format,
            )
        )
    if format in MODEL_FORMATS and query:
        raise InputError(
            Message(
                "%(format)s is of one model with its ancestry: name it as the root", format=format
            )
        )
    if bom and format != CSV.name:
        raise InputError(
            Message("a byte order mark is for csv; %(format)s has none", format=format)
        )
    wanted = ExportRequest(
        snapshot=snapshot,
        format=format,
        root=root,
        query=query,
        table=table,
        vocabulary=vocabulary,
        lang=lang,
        bom=bom,
        limits=limits,
        stage=stage,
    )
    write_file(Path(path), lambda out: EXPORTS[format](wanted, out))


def _exporter(wanted: ExportRequest) -> Exporter:
    """The exporter of what is wanted."""
    if not wanted.root and not wanted.query:
        return _whole(wanted.snapshot, wanted.vocabulary, wanted.stage)
    part = _queried(wanted) if wanted.query else GraphPart(relatives(wanted.snapshot, wanted.root))
    ours = wanted.vocabulary == OURS
    if part.triples is not None and ours and wanted.format in RDF_FORMATS:
        lines = sorted(set(part.triples.decode().splitlines(keepends=True)))
        return Exporter(list, lambda: line_file(lines), wanted.snapshot.vocabulary)
    if not part.ids:
        raise InputError(Message("the query names no entity of this graph"))
    return narrowed(wanted.snapshot, part.ids, wanted.vocabulary)


def export_part(snapshot: Snapshot, root: str = "", stage: Stage = silent) -> Exporter:
    """An exporter of everything, or of a model or family with its relatives.

    Args:
        snapshot: an open snapshot.
        root: a model or family, as typed; "" = everything.
        stage: told how much of everything is read, from the beginning in each pass.

    Raises:
        UnknownId: nothing goes by the name of the root.
        InputError: it is neither a model nor a family.
    """
    return (
        narrowed(snapshot, relatives(snapshot, root), OURS)
        if root
        else _whole(snapshot, OURS, stage)
    )


def _whole(snapshot: Snapshot, vocabulary: str, stage: Stage) -> Exporter:
    def graph() -> IO[bytes]:
        check_file(snapshot.folder, f"release/{GRAPH}")
        return counted_lines(open_graph(snapshot.folder), stage, "export", quads)

    def entities() -> Iterator[Entity]:
        return counted_items(snapshot.entities(), stage, "export", len(snapshot.lines))

    quads = snapshot.manifest.counts["quads"]
    exporter = Exporter(
        entities,
        graph,
        snapshot.vocabulary,
        inheritance=snapshot.inheritance,
        judged=JudgedEntities(snapshot.folder, snapshot.lines),
    )
    return exporter.translated(vocabulary, snapshot.manifest.base, partial(_is_described, snapshot))


def narrowed(snapshot: Snapshot, ids: list[str], vocabulary: str) -> Exporter:
    """Some entities; in another vocabulary with what they name, which its readers want described."""
    base = snapshot.manifest.base
    kept = ids if vocabulary == OURS else sorted({*ids, *_named(snapshot, ids)})
    writer = Writer(base, snapshot.vocabulary)
    exporter = Exporter(
        lambda: snapshot.those(kept),
        lambda: line_file(line for e in snapshot.those(kept) for line in writer.lines(e)),
        snapshot.vocabulary,
        inheritance=snapshot.inheritance,
        judged=JudgedEntities(snapshot.folder, snapshot.lines),
    )
    return exporter.translated(vocabulary, base, frozenset(kept).__contains__)


def _named(snapshot: Snapshot, ids: Iterable[str]) -> set[str]:
    """The entities that some entities name in their facts."""
    properties = snapshot.vocabulary.properties
    named = {
        str(value)
        for entity in snapshot.those(ids)
        for fact in entity.facts
        if properties[fact.property].type == "entity"
        for value in fact.values
    }
    return {id for id in named if _is_described(snapshot, id)}


def relatives(snapshot: Snapshot, root: str) -> list[str]:
    """A model or family with all it comes from and all that comes from it, data included."""
    id = snapshot.find(root)
    if kind_of(id) not in ("model", "family"):
        raise InputError(Message("%(id)s is neither a model nor a family", id=id))
    return sorted(node.id for node in lineage(snapshot, id, edges="all").nodes)


def _queried(wanted: ExportRequest) -> GraphPart:
    """What a query finds.

    Raises:
        QueryError: it cannot be run.
        InputError: it is an ASK query.
    """
    snapshot, base = wanted.snapshot, wanted.snapshot.manifest.base
    result = query(snapshot, wanted.query, "json", "ntriples", wanted.limits)
    if result.kind == "ask":
        raise InputError(
            Message("an ASK query names nothing to export: use SELECT, CONSTRUCT or DESCRIBE")
        )
    if result.kind == "graph":
        quads = ox.parse(result.body, ox.RdfFormat.N_TRIPLES)
        iris = {q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)}
        return GraphPart(_ids(snapshot, base, iris), result.body)
    rows = msgspec.json.decode(result.body)["results"]["bindings"]
    iris = {term["value"] for row in rows for term in row.values() if term["type"] == "uri"}
    return GraphPart(_ids(snapshot, base, iris))


def _ids(snapshot: Snapshot, base: str, iris: Iterable[str]) -> list[str]:
    """The entities that some IRIs stand for."""
    ids = {id for iri in iris if (id := id_of(base, iri)) is not None}
    return sorted(id for id in ids if _is_described(snapshot, id))


def _is_described(snapshot: Snapshot, id: str) -> bool:
    return snapshot.lines.find(id) is not None
