"""SPARQL in processes of its own: a query can be stopped, and what it breaks is only its worker.

pyoxigraph can neither cancel a query nor survive some texts (2,200 nested braces crash the parser),
so the caller never parses a user's query, but for one of a form that can do no harm (kg/sparql/_lookup.py). A worker
(kg/sparql/_worker.py) opens the store read-only, answers one query at a time, and is killed at the deadline; one that
waits, already warm, takes its place.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import msgspec

from kg.errors import (
    KGError,
    QueryAborted,
    QueryError,
    ResultTooLarge,
    ServerAway,
    Unacceptable,
    UnknownFormat,
    UpdateRefused,
)
from kg.messages.message import Message, unpack_message
from kg.model.media import RDF_FORMATS, RESULT_FORMATS, formats_of
from kg.sparql._lookup import Lookups, read_lookup
from kg.sparql._processes import WorkerProcess
from kg.sparql._protocol import WireMessage
from kg.sparql._quota import Quota
from kg.sparql._turns import PoolLoad, Turns
from kg.sparql.request import Dataset, Ledger, Limits, Options


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """A serialized answer, in memory or in a file without a name, which the receiver closes."""

    kind: str  # select, ask or graph
    format: str  # a name in RESULT_FORMATS or RDF_FORMATS
    data: bytes
    file: IO[bytes] | None = None
    size: int = 0  # bytes of the body
    gzip: bool = False  # whether the body is compressed
    volatile: bool = False  # asked again it may answer otherwise

    @property
    def media_type(self) -> str:
        """The media type of the body, with its charset."""
        return formats_of(self.kind)[self.format].content_type

    @property
    def body(self) -> bytes:
        """The whole body in memory."""
        if not self.file:
            return self.data
        self.file.seek(0)
        return self.file.read()

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of a SELECT in JSON: the value of each variable that has one, as text."""
        found = json.loads(self.body)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in found]


class Pool:
    """Query processes, started when first needed; safe to use from several threads.

    Args:
        size: processes that may run at once; further queries wait.
        limits: what one query may take.
        spare: keep one more ready to take the place of one that is killed.
        ledger: accounts of clients that other processes charge as well.
    """

    _module = "kg.sparql._worker"  # what a process runs

    def __init__(
        self,
        size: int = 1,
        limits: Limits | None = None,
        spare: bool = True,
        ledger: Ledger | None = None,
    ) -> None:
        self.limits, self._spare = limits or Limits(), spare
        self._turns = Turns(size, self.limits.queue)
        self._shares = Quota(self.limits.share, ledger=ledger)
        self._idle: list[WorkerProcess] = []
        self._lock = threading.Lock()
        self._lookups = Lookups()

    @property
    def load(self) -> PoolLoad:
        """How many queries run and wait."""
        return self._turns.load

    def query(
        self,
        dataset: Dataset,
        text: str,
        results: str | None = "json",
        graph: str | None = "turtle",
        options: Options = Options(),  # noqa: B008
    ) -> Result:
        """Run a query.

        Args:
            dataset: what to ask.
            text: any text; it is hostile until proved a query.
            results: format of SELECT and ASK answers, a name in RESULT_FORMATS; None if none will do.
            graph: format of CONSTRUCT and DESCRIBE answers, a name in RDF_FORMATS; None if none will do.
            options: how it is asked.

        Raises:
            QueryError: not a query; with line and column.
            UpdateRefused: it is an update.
            QueryTimeout, ResultTooLarge, QueryAborted: it did not finish.
            Busy, OverShare, TooManyWaiting: it was not started.
            UnknownFormat, Unacceptable: no such format, or none that suits the kind of answer.
        """
        for format, known in ((results, RESULT_FORMATS), (graph, RDF_FORMATS)):
            if format is not None and format not in known:
                raise UnknownFormat(format, sorted(known))
        seconds = max(0.0, min(options.seconds, self.limits.seconds))
        request = {
            "store": str(dataset.store),
            "base": dataset.base,
            "query": text,
            "results": results,
            "graph": graph,
            "gzip": options.gzip,
            "seconds": seconds,
            "default_graphs": options.default_graphs,
            "named_graphs": options.named_graphs,
            "bytes": self.limits.bytes,
            "rows": self.limits.rows,
        }
        self._shares.admit(options.client)
        started = time.monotonic()
        if found := self._look_up(request, dataset):
            self._shares.charge(options.client, time.monotonic() - started)
            return Result(data=found.data, file=found.file, **found.head)
        with self._turns.turn(options.client, self.limits.seconds, options.gone):
            started = time.monotonic()
            try:
                answer = self._ask(request, dataset, seconds, options.gone)
            finally:
                self._shares.charge(options.client, time.monotonic() - started)
        return _result(answer)

    def answers_here(self, text: str) -> bool:
        """Whether a query is of a form that is answered in this process: to keep its answer would cost as much."""
        return read_lookup(text) is not None

    def _look_up(self, request: dict[str, Any], dataset: Dataset) -> WireMessage | None:
        """The answer, if the query is of a form that is answered in this process."""
        return self._lookups.answer(dataset.store, request)

    def _ask(
        self,
        request: dict[str, Any],
        dataset: Dataset,
        seconds: float,
        gone: Callable[[], bool] | None,
    ) -> WireMessage:
        return self._ask_worker(request, dataset.store, seconds, gone)

    def _ask_worker(
        self,
        request: dict[str, Any],
        store: Path,
        seconds: float,
        gone: Callable[[], bool] | None,
        handed: IO[bytes] | None = None,
    ) -> WireMessage:
        worker = self._take(store)
        answer = worker.ask(request, seconds, gone, handed)
        if answer.head.get("last"):
            worker.kill()
        else:
            with self._lock:
                self._idle.append(worker)
        return answer

    def _take(self, store: Path) -> WorkerProcess:
        """A worker that lives, the latest used for its caches; another is left to stand by."""
        taken = None
        with self._lock:
            while self._idle and not taken:
                last = self._idle.pop()
                if last.alive:
                    taken = last
                else:
                    last.kill()
            taken = taken or WorkerProcess(self.limits, store, self._module)
            if self._spare and not self._idle:
                self._idle.append(WorkerProcess(self.limits, store, self._module))
        return taken

    def close(self) -> None:
        """Stop all idle processes, and give up the store."""
        self._lookups.close()
        with self._lock:
            while self._idle:
                self._idle.pop().kill()


def _result(answer: WireMessage) -> Result:
    match answer.head:
        case {
            "kind": str(kind),
            "format": str(format),
            "volatile": bool(volatile),
            "gzip": bool(gzip),
            "size": int(size),
        }:
            return Result(
                kind=kind,
                format=format,
                data=answer.data,
                file=answer.file,
                size=size,
                gzip=gzip,
                volatile=volatile,
            )
        case head:
            raise _error(head)


def _error(head: dict[str, Any]) -> KGError:
    match head:
        case {"error": "query", "message": dict(message), "line": int(line), "column": int(column)}:
            return QueryError(unpack_message(message), line, column)
        case {"error": "update", "keyword": str(word), "line": int(line), "column": int(column)}:
            return UpdateRefused(word, line, column)
        case {"error": "unacceptable", "kind": str(kind)}:
            return Unacceptable(kind, [known.content_type for known in formats_of(kind).values()])
        case {"error": "large", "limit": int(limit), "unit": "rows" | "triples" | "bytes" as unit}:
            return ResultTooLarge(limit, unit)
        case {"error": "server", "message": dict(message), "wait": int(wait)}:
            return ServerAway(unpack_message(message), wait)
        case {"error": _, "message": dict(message)}:
            return QueryAborted(unpack_message(message))
    return QueryAborted(Message("its process gave no sensible answer"))
