"""The query process: `python -m kg.worker MEMORY_MB`, one query after another from stdin to stdout.

It imports little, so that a new one is ready quickly. Standard output carries only messages.
"""

from __future__ import annotations

import contextlib
import io
import json
import resource
import sys
from typing import IO, Any

import pyoxigraph as ox

from kg.sparql import receive, send
from kg.vocab import PREFIXES

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


class _TooLarge(Exception):
    """A cap is passed: its size and unit."""


class _Capped(io.BytesIO):
    """Bytes up to a cap; going past it aborts the query that writes."""

    def __init__(self, cap: int) -> None:
        super().__init__()
        self._cap = cap

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._cap:
            raise _TooLarge(self._cap, "bytes")
        return super().write(data)


def answer(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Run one query and serialize what it gives."""
    try:
        base = request["base"] or None
        found = store.query(request["query"], prefixes=PREFIXES, base_iri=base)
        return _serialize(found, request)
    except SyntaxError as error:
        return {"error": "syntax", "message": str(error.msg or error)}, b""
    except _TooLarge as error:
        return {"error": "large", "limit": error.args[0], "unit": error.args[1]}, b""
    except (OSError, ValueError, RuntimeError) as error:
        return {"error": "failed", "message": str(error)}, b""


def _serialize(found: Any, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    out = _Capped(request["bytes"])
    if isinstance(found, ox.QueryTriples):
        found.serialize(out, _GRAPHS[request["graph"]])
        return {"kind": "graph", "format": request["graph"]}, out.getvalue()
    kind = "ask" if isinstance(found, ox.QueryBoolean) else "select"
    found.serialize(out, _RESULTS[request["results"]])
    return {"kind": kind, "format": request["results"]}, out.getvalue()


def main(memory_mb: int, requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer until the other side hangs up."""
    limit = memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    stores: dict[str, ox.Store] = {}
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            request = json.loads(receive(requests))
            path = request["store"]
            if path not in stores:
                stores = {path: ox.Store.read_only(path)}
            head, body = answer(stores[path], request)
            send(answers, json.dumps(head).encode())
            send(answers, body)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
