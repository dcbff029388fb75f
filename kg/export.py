"""The release in standard formats: whole, or narrowed to some entities.

RDF is written by Oxigraph's serializers, graphs for network tools by networkx; both read the
release's own files in their order, so the same release gives the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple, cast

import networkx as nx
import pyoxigraph as ox

from kg.errors import UnknownFormat
from kg.graphfiles import GRAPH_FORMATS, write_graph
from kg.model import Entity, kind_of, main_label
from kg.vocab import PREFIXES, RELEASE_DATE, Vocabulary


class Format(NamedTuple):
    """An export format."""

    name: str
    suffix: str
    media_type: str
    graphs: bool = False  # all graphs, or the default graph only


RDF_FORMATS = {
    "turtle": (Format("turtle", "ttl", "text/turtle"), ox.RdfFormat.TURTLE),
    "ntriples": (Format("ntriples", "nt", "application/n-triples"), ox.RdfFormat.N_TRIPLES),
    "nquads": (Format("nquads", "nq", "application/n-quads", True), ox.RdfFormat.N_QUADS),
    "trig": (Format("trig", "trig", "application/trig", True), ox.RdfFormat.TRIG),
    "jsonld": (Format("jsonld", "jsonld", "application/ld+json", True),
               ox.RdfFormat.STREAMING_JSON_LD),
    "rdfxml": (Format("rdfxml", "rdf", "application/rdf+xml"), ox.RdfFormat.RDF_XML),
}  # fmt: skip
GRAPHML = Format("graphml", "graphml", "application/graphml+xml")
CSV = Format("csv", "csv", "text/csv")
FORMATS = {**{name: f for name, (f, _) in RDF_FORMATS.items()}, "graphml": GRAPHML, "csv": CSV}
TABLES = ("edges", "models", "claims")


class Exporter:
    """Writes entities in any format.

    Args:
        entities: gives the entities to export, in order, each time it is called.
        lines: gives their N-Quads, likewise, as a file.
        vocabulary: kinds and properties.
    """

    def __init__(
        self,
        entities: Callable[[], Iterable[Entity]],
        lines: Callable[[], IO[bytes]],
        vocabulary: Vocabulary,
    ) -> None:
        self._entities, self._lines, self._vocabulary = entities, lines, vocabulary
        self._edges = vocabulary.edges("weights", "distillation")

    def write(self, format: str, out: IO[bytes], table: str = "edges") -> None:
        """Write one format.

        Args:
            format: a name in FORMATS.
            out: where to write.
            table: for csv: edges, models or claims.

        Raises:
            UnknownFormat: no such format or table; carries the known ones.
        """
        if format in RDF_FORMATS:
            self._rdf(*RDF_FORMATS[format], out)
        elif format in GRAPH_FORMATS:
            write_graph(self.graph(), format, out)
        elif format == "csv":
            self._csv(table, out)
        else:
            raise UnknownFormat(format, sorted({*FORMATS, *GRAPH_FORMATS}))

    def _rdf(self, about: Format, rdf: ox.RdfFormat, out: IO[bytes]) -> None:
        with self._lines() as lines:
            if about.name == "nquads":  # what the release holds already
                shutil.copyfileobj(lines, out, 1 << 20)
                return
            quads = ox.parse(lines, ox.RdfFormat.N_QUADS)
            prefixes = None if about.name == "ntriples" else PREFIXES
            if about.graphs:
                ox.serialize(quads, out, rdf, prefixes=prefixes)
            else:
                default = ox.DefaultGraph()
                triples = (q.triple for q in quads if q.graph_name == default)
                ox.serialize(triples, out, rdf, prefixes=prefixes)

    def graph(self) -> nx.DiGraph:
        """Derivations as a networkx graph: an edge goes from the parent to what derives from it."""
        graph = nx.DiGraph()
        for entity in self._entities():
            if kind_of(entity.id) in ("model", "family"):
                date = next(iter(entity.values(RELEASE_DATE)), None)
                about = {"label": main_label(entity), "kind": kind_of(entity.id)}
                graph.add_node(entity.id, **about, **({"releaseDate": date} if date else {}))
        for child, parent, relation, _ in self._edge_rows():
            if graph.has_edge(parent, child):
                relation = f"{graph[parent][child]['relation']} {relation}"
            graph.add_edge(parent, child, relation=relation)
        return graph

    def _edge_rows(self) -> Iterator[tuple[str, str, str, str]]:
        for entity in self._entities():
            for fact in entity.facts:
                if fact.property in self._edges:
                    for value in fact.values:
                        sources = {s.source: 0 for s in fact.claims if s.value == value}
                        yield entity.id, str(value), fact.property, " ".join(sources)

    def _csv(self, table: str, out: IO[bytes]) -> None:
        rows = {"edges": self._edge_table, "models": self._model_table, "claims": self._claim_table}
        if table not in rows:
            raise UnknownFormat(table, TABLES)
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        csv.writer(text, lineterminator="\n").writerows(rows[table]())
        text.detach()

    def _edge_table(self) -> Iterator[Iterable[object]]:
        yield "child", "parent", "relation", "source"
        yield from self._edge_rows()

    def _model_table(self) -> Iterator[Iterable[object]]:
        shown = [p.name for p in self._vocabulary.properties.values()
                 if p.single and p.type != "text" and (not p.domain or "model" in p.domain)]  # fmt: skip
        yield "id", "label", "label_ko", *shown
        for entity in self._entities():
            if kind_of(entity.id) == "model":
                korean = entity.labels.get("ko", ("",))[0]
                values = (next(iter(entity.values(name)), "") for name in shown)
                yield entity.id, main_label(entity), korean, *values

    def _claim_table(self) -> Iterator[Iterable[object]]:
        yield ("subject", "property", "value", "rank", "reason", "source", "locator", "lang",
               "inferred", "note", "origin")  # fmt: skip
        for entity in self._entities():
            for fact in entity.facts:
                for s in fact.claims:
                    yield (entity.id, fact.property, s.value, s.rank, s.reason, s.source,
                           s.locator, s.lang, s.inferred, s.note, s.origin)  # fmt: skip


def line_file(lines: Iterable[str]) -> IO[bytes]:
    """Lines of text as a file: of a part of the graph, which fits in memory."""
    return io.BytesIO("".join(lines).encode())


def write_exports(release: Path, exporter: Exporter, formats: Iterable[str]) -> None:
    """Write the compressed exports of a release, one file a format, without times in them."""
    folder = release / "exports"
    folder.mkdir()
    for name in formats:
        path = folder / f"gyebo.{FORMATS[name].suffix}.gz"
        with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as out:
            exporter.write(name, cast(IO[bytes], out))
