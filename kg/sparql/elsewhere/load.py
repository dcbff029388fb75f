"""A release loaded into a server elsewhere, graph by graph, and marked when the server holds all of it.

First the default graph is replaced, and with it the mark of what was there; the mark of this release comes last,
after every graph was counted on the server. Whoever asks meanwhile is told that there is no release yet.
"""

from __future__ import annotations

import gzip
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, cast

import msgspec

from kg.errors import LoadFailed
from kg.files.output import write_file
from kg.messages.message import Message
from kg.sparql.elsewhere._client import ServerClient
from kg.sparql.elsewhere._graph_store import FoundServer, GraphStore, find_server
from kg.sparql.elsewhere._mark import ReleaseMark
from kg.sparql.elsewhere.endpoint import Endpoint, ServerDataset

PIECE = 8 << 20  # bytes of one graph that are sent at once
_WAITING = 64 << 20  # bytes of all graphs that wait to be sent
_LINE = re.compile(
    rb"(<[^>]*> <[^>]*> (?:<[^>]*>|"
    rb'"[^"\\]*(?:\\.[^"\\]*)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?)) (?:<([^>]*)> )?\.\n'
)
_VALUE = re.compile(
    rb'^(<[^>]*> <[^>]*>) "[^"]*"\^\^<http://www\.w3\.org/2001/XMLSchema#'
    rb"(?:double|decimal|integer|date|gYear|gYearMonth)> \.$",
    re.MULTILINE,
)
_LEVEL = 6  # of gzip
DEFAULT_GRAPH_PATH = "graph/default"  # below the base: the default graph where a server has none

Watch = Callable[[int], None]


class LoadedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a server holds now."""

    server: str  # its name
    sparql_url: str  # what GYEBO_SPARQL_URL has to be; without user and password
    version: str
    quads: int
    graphs: int  # besides the default graph
    removed: int  # graphs of the release before that this one does not have


class BulkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A file for the loader of a server."""

    path: str
    version: str
    quads: int  # of the release; the file has one more, the mark


class ReleaseFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is loaded."""

    base: str
    version: str


def new_mark(version: str) -> ReleaseMark:
    """The mark of a new load of a release."""
    return ReleaseMark(version, secrets.token_hex(8))


def write_bulk(nquads: IO[bytes], told: ReleaseFacts, path: Path) -> BulkAnswer:
    """Write a release and its mark as N-Quads, for a server's own loader; the file appears whole.

    Args:
        nquads: its lines.
        told: what they are.
        path: where to; compressed by gzip if it ends in .gz.

    Raises:
        InputError: it cannot be written there.
    """
    quads = 0

    def write(out: IO[bytes]) -> None:
        nonlocal quads
        while lines := nquads.readlines(PIECE):
            quads += len(lines)
            out.writelines(lines)
        out.write(new_mark(told.version).line(told.base).encode())

    def zipped(out: IO[bytes]) -> None:
        with gzip.GzipFile("", "wb", _LEVEL, out, 0) as file:
            write(cast(IO[bytes], file))

    write_file(path, zipped if path.suffix == ".gz" else write)
    return BulkAnswer(path=str(path), version=told.version, quads=quads)


def load_release(
    nquads: IO[bytes], told: ReleaseFacts, address: Endpoint, watch: Watch
) -> LoadedAnswer:
    """Load a release.

    Args:
        nquads: its lines.
        told: what they are.
        address: of the server, as of `find_server`.
        watch: called with the number of bytes that were read since.

    Raises:
        LoadFailed: the server did not take it, or holds something else.
    """
    found = find_server(address, told.base + DEFAULT_GRAPH_PATH)
    client = ServerClient(found.server)
    try:
        return _Load(found, client, told).run(nquads, watch)
    except OSError as error:
        raise LoadFailed(found.server.shown, Message("%(error)s", error=error)) from error
    finally:
        client.close()


class _GraphCount:
    """How many triples a server must hold of a graph.

    A server may keep numbers and dates by less than a release says, and two values of one subject may then be one:
    Virtuoso 7.2.5 has 15 digits of xsd:double, and 2026-08 and 2026-08-01 as one day. As many may be missing as stand
    beside each other, as the lines of a subject do.
    """

    def __init__(self) -> None:
        self.triples = self._mergeable = 0
        self._last = b""

    def add(self, lines: bytes) -> None:
        """Count some of its lines."""
        self.triples += lines.count(b"\n")
        for found in _VALUE.finditer(lines):
            self._mergeable += found[1] == self._last
            self._last = found[1]

    def fits(self, held: int) -> bool:
        """Whether what a server holds can be all of it."""
        return self.triples - self._mergeable <= held <= self.triples


class _Load:
    """A load into one server."""

    def __init__(self, found: FoundServer, client: ServerClient, told: ReleaseFacts) -> None:
        self._server, self._client, self._told = found.server, client, told
        self._name = found.layout.name
        self._store = GraphStore(found.graphs, found.layout)
        own = found.layout.default_graph
        self._default = "" if own else told.base + DEFAULT_GRAPH_PATH

    def run(self, nquads: IO[bytes], watch: Watch) -> LoadedAnswer:
        """Load it, and mark it."""
        there = self._graphs_there()
        self._refuse_strangers(there)
        counts: dict[str, _GraphCount] = {}
        for graph, lines, first in _pieces(nquads, watch):
            self._store.put(graph or self._default, lines, first)
            counts.setdefault(graph, _GraphCount()).add(lines)
        old = sorted(there.keys() - counts.keys())
        for graph in old:
            self._store.remove(graph)
        self._check_counts(counts)
        self._set_mark()
        return LoadedAnswer(
            server=self._name,
            sparql_url=self._server.shown,
            version=self._told.version,
            quads=sum(count.triples for count in counts.values()),
            graphs=len(counts) - 1,
            removed=len(old),
        )

    def _graphs_there(self) -> dict[str, int]:
        """How many triples each named graph of the server has.

        Where it has no default graph of its own, that is one of them and left out, with the graphs of the server itself.
        Counted by group: for DISTINCT Virtuoso 7.2.5 was seen to take minutes.
        """
        query = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
        rows = self._client.rows(query, 2, ServerDataset())
        found = {graph: _number(count) for graph, count in rows}
        if self._default:
            return {g: n for g, n in found.items() if self._ours(g) and g != self._default}
        return found

    def _refuse_strangers(self, there: Iterable[str]) -> None:
        """Let nobody's data be replaced, and no release stand beside what is not of it."""
        rows = self._client.rows("SELECT ?s { ?s ?p ?o } LIMIT 5", 1)
        strange = [s for s in (*sorted(there), *(row[0] for row in rows)) if not self._ours(s)]
        if strange:
            raise self._not(
                Message(
                    "the server holds data of others, as %(name)s; a release needs a store of its own",
                    name=strange[0],
                )
            )

    def _ours(self, iri: str) -> bool:
        return iri.startswith(self._told.base)

    def _check_counts(self, counts: Mapping[str, _GraphCount]) -> None:
        """Compare what the server holds of each graph with what it was sent."""
        rows = self._client.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", 1)
        held = {"": _number(rows[0][0] if rows else "")} | self._graphs_there()
        for graph, count in counts.items():
            if not count.fits(held.get(graph, 0)):
                raise self._not(
                    Message(
                        "it holds %(held)s triples of the graph %(graph)s, which has %(count)s",
                        held=str(held.get(graph, 0)),
                        graph=graph or Message("by default"),
                        count=str(count.triples),
                    )
                )
        if held.keys() - counts.keys():
            raise self._not(
                Message("it also holds the graph %(name)s", name=min(held.keys() - counts.keys()))
            )

    def _set_mark(self) -> None:
        mark = new_mark(self._told.version)
        self._store.put(self._default, mark.line(self._told.base).encode(), first=False)
        if self._client.read_mark(self._told.base) != mark:
            raise self._not(Message("the mark of the release cannot be read back"))

    def _not(self, why: Message) -> LoadFailed:
        return LoadFailed(self._server.shown, why)


def _number(text: str) -> int:
    """A count as a server tells it.

    Raises:
        ConnectionError: it is none.
    """
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ConnectionError(f"{text[:40]!r} is no count of triples")
    return int(text)


def _pieces(nquads: IO[bytes], watch: Watch) -> Iterator[tuple[str, bytes, bool]]:
    """The lines of each graph as N-Triples, in pieces; and whether a piece is the first of its graph.

    The default graph comes first. No more waits in memory than _WAITING bytes and a piece.
    """
    waiting = _Waiting()
    read = 0
    for line in nquads:
        read += len(line)
        if graph := waiting.add(*split_line(line)):
            yield from waiting.take(graph[0])
            watch(read)
            read = 0
    for name in waiting.names():
        yield from waiting.take(name)
    watch(read)


class _Waiting:
    """Lines that wait to be sent."""

    def __init__(self) -> None:
        self._lines: dict[str, list[bytes]] = {"": []}
        self._sizes: dict[str, int] = {"": 0}
        self._begun: set[str] = set()
        self._total = 0

    def add(self, graph: str, triple: bytes) -> tuple[str] | None:
        """Take a line; gives the graph that is to be sent now, if one is."""
        self._lines.setdefault(graph, []).append(triple)
        size = self._sizes[graph] = self._sizes.get(graph, 0) + len(triple)
        self._total += len(triple)
        if size >= PIECE:
            return (graph,)
        return (max(self._sizes, key=self._sizes.__getitem__),) if self._total >= _WAITING else None

    def names(self) -> list[str]:
        """The graphs of which there is something left, or that were never begun."""
        return sorted(name for name in self._lines if self._lines[name] or name not in self._begun)

    def take(self, graph: str) -> Iterator[tuple[str, bytes, bool]]:
        """What waits of a graph; before it what waits of the default graph, if none of that was sent."""
        if graph and "" not in self._begun:
            yield from self.take("")
        lines, self._lines[graph] = self._lines[graph], []
        self._total -= self._sizes[graph]
        self._sizes[graph] = 0
        first = graph not in self._begun
        self._begun.add(graph)
        yield graph, b"".join(lines), first


def split_line(line: bytes) -> tuple[str, bytes]:
    """The graph of a line of a release's N-Quads, "" for the default graph, and the line without it.

    Raises:
        LoadFailed: it is no such line.

    >>> split_line(b'<urn:s> <urn:p> "a <b> ." <urn:g> .\\n')
    ('urn:g', b'<urn:s> <urn:p> "a <b> ." .\\n')
    >>> split_line(b'<urn:s> <urn:p> "a <b"^^<urn:o> .\\n')
    ('', b'<urn:s> <urn:p> "a <b"^^<urn:o> .\\n')
    """
    found = _LINE.fullmatch(line)
    if not found:
        raise LoadFailed("-", Message("no line of N-Quads: %(line)r", line=repr(line[:200])))
    triple, graph = found.groups()
    return ((graph or b"").decode(), triple + b" .\n")
