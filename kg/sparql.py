"""SPARQL in processes of its own: a query can be stopped, and what it breaks is only its worker.

pyoxigraph can neither cancel a query nor survive some texts (2,200 nested braces crash the parser),
so the caller never parses a user's query. A worker opens the store read-only, answers one query at
a time through pipes, and is killed at the deadline; the next query gets a new one (about 60 ms).
SERVICE is refused before anything runs: no query makes this machine call another.
"""

from __future__ import annotations

import json
import queue
import re
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, NamedTuple

from kg.errors import QueryAborted, QueryError, QueryTimeout, ResultTooLarge, UnknownFormat

RESULTS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
GRAPHS = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}
MAX_QUERY = 1_000_000  # characters


class Limits(NamedTuple):
    """What one query may take."""

    seconds: float = 30.0
    memory_mb: int = 2500
    bytes: int = 256_000_000


class Dataset(NamedTuple):
    """What a query runs on."""

    store: Path  # directory of the store
    base: str = ""  # what relative IRIs, such as <family/llama>, start with


class Result(NamedTuple):
    """A serialized answer."""

    kind: str  # select, ask or graph
    format: str  # a key of RESULTS or GRAPHS
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type of the body."""
        return (GRAPHS if self.kind == "graph" else RESULTS)[self.format]


_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n\r]|\\.)*"|\'(?:[^\'\\\n\r]|\\.)*\''
    r"|<[^<>\"{}|^`\\\x00-\x20]*>|#[^\n\r]*|[?$]\w+|@[a-zA-Z-]+"
    r"|[\w.\-]*:[\w.\-%\\:]*|\w+|.",
    re.DOTALL,
)


def screen(query: str) -> None:
    """Refuse a query that would call another service, without parsing it.

    Raises:
        QueryError: it holds the keyword SERVICE, or is too long.

    >>> screen("SELECT * { ?service ?p 'SERVICE' } # SERVICE")
    >>> screen("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    Traceback (most recent call last):
    ...
    kg.errors.QueryError: SERVICE is not allowed here: queries never call another machine
    """
    if len(query) > MAX_QUERY:
        raise QueryError(f"the query is longer than {MAX_QUERY:,} characters")
    for token in _TOKEN.finditer(query):
        if token.group().upper() == "SERVICE":
            line = query.count("\n", 0, token.start()) + 1
            column = token.start() - (query.rfind("\n", 0, token.start()) + 1) + 1
            message = "SERVICE is not allowed here: queries never call another machine"
            raise QueryError(message, line, column)


class _Worker:
    """One query process."""

    def __init__(self, limits: Limits) -> None:
        command = [sys.executable, "-m", "kg.worker", str(limits.memory_mb)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: dict[str, object], seconds: float) -> tuple[dict[str, object], bytes]:
        """Send a request and wait for the answer; kill the process at the deadline."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin and stdout
        late = threading.Event()

        def stop() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            send(stdin, json.dumps(request).encode())
            head = json.loads(receive(stdout))
            return head, receive(stdout)
        except (EOFError, OSError) as error:
            self.kill()
            if late.is_set():
                raise QueryTimeout(seconds) from error
            raise QueryAborted("its process ran out of memory or crashed") from error
        finally:
            timer.cancel()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


def send(pipe: IO[bytes], data: bytes) -> None:
    """Write one message: its length, then its bytes."""
    pipe.write(struct.pack("<Q", len(data)) + data)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """Read one message.

    Raises:
        EOFError: the other side is gone.
    """
    head = pipe.read(8)
    if len(head) < 8:
        raise EOFError
    size: int = struct.unpack("<Q", head)[0]
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


class Pool:
    """Query processes, started when first needed; safe to use from several threads.

    Args:
        size: processes that may run at once; further queries wait.
        limits: what one query may take.
    """

    def __init__(self, size: int = 1, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(size):
            self._idle.put(None)

    def query(
        self, dataset: Dataset, text: str, results: str = "json", graph: str = "turtle"
    ) -> Result:
        """Run a query.

        Args:
            dataset: what to ask.
            text: any text; it is hostile until proved a query.
            results: format of SELECT and ASK answers, a key of RESULTS.
            graph: format of CONSTRUCT and DESCRIBE answers, a key of GRAPHS.

        Raises:
            QueryError: not a query; with line and column.
            QueryTimeout, ResultTooLarge, QueryAborted: it did not finish.
            UnknownFormat: no such format.
        """
        for format, known in ((results, RESULTS), (graph, GRAPHS)):
            if format not in known:
                raise UnknownFormat(format, sorted(known))
        screen(text)
        worker = self._idle.get()
        try:
            if worker is None or not worker.alive:
                worker = _Worker(self._limits)
            request = {"store": str(dataset.store), "base": dataset.base, "query": text,
                       "results": results, "graph": graph, "bytes": self._limits.bytes}  # fmt: skip
            head, body = worker.ask(request, self._limits.seconds)
        finally:
            self._idle.put(worker)
        return _result(head, body)

    def close(self) -> None:
        """Stop all idle processes."""
        while not self._idle.empty():
            if worker := self._idle.get():
                worker.kill()


def _result(head: dict[str, object], body: bytes) -> Result:
    match head:
        case {"error": "syntax", "message": str(message)}:
            raise _syntax_error(message)
        case {"error": "large", "limit": int(limit), "unit": str(unit)}:
            raise ResultTooLarge(limit, unit)
        case {"error": _, "message": str(message)}:
            raise QueryAborted(message)
        case {"kind": str(kind), "format": str(format)}:
            return Result(kind, format, body)
    raise QueryAborted("its process gave no sensible answer")


def _syntax_error(message: str) -> QueryError:
    """Oxigraph's message with its place, shortened: it lists every character it could have taken."""
    found = re.search(r"error at (?:line )?(\d+)(?::| between columns | column )(\d+)", message)
    if not found:
        return QueryError(message[:300])
    line, column = int(found[1]), int(found[2])
    detail = message[found.end() :].lstrip(": ").splitlines()[0]
    if len(detail) > 120:
        detail = detail[:120].rsplit(",", 1)[0] + " …"
    return QueryError(f"line {line}, column {column}: {detail}", line, column)
