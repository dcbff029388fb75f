"""A query sent over a connection that was handed to this process, and the answer read as it comes.

The process may open no connection of its own (kg/sparql/_sandbox.py): it has this one, to the server that the
configuration names, and is killed at the deadline with it. No redirect is followed. What is not the whole answer
is an error: a body that ends early, rows that the server left out.
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import IO, Any, cast

import pyoxigraph as ox

from kg.errors import QueryError
from kg.messages.message import Message, reason_of
from kg.sparql.elsewhere.endpoint import FORM, Endpoint

_RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
}
_GRAPHS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
}
_ACCEPT = {
    "graph": "application/n-triples, text/turtle;q=0.5",
    "rows": "application/sparql-results+json, application/sparql-results+xml;q=0.5",
}
# Virtuoso 7.2.5 calls a blank node nodeID://b10001, which is no label; quotes in a string would be escaped here.
_BLANK = re.compile(rb'("bnode", *"value": *")nodeID://')
_WHOLE = re.compile(r"[0-9]{1,9}")
_REACH = 60  # bytes that two pieces may share
_TOLD = 300  # characters of what a server says of an error
_BUSY = (429, 502, 503, 504)
_WAIT = 10  # seconds, where a server does not say how long
_MOST_WAIT = 300


# Virtuoso repeats each graph of the dataset in a header of its own; more than 100 are an error to this library.
http.client._MAXHEADERS = 10_000  # type: ignore[attr-defined]


class ServerFailed(Exception):
    """The server did not answer the query: why, and in how many seconds to ask again; 0 = that would not help."""

    def __init__(self, why: Message, wait: int = _WAIT) -> None:
        super().__init__(why)
        self.why, self.wait = why, wait


class ServerLink:
    """The connection; use it for one query.

    Args:
        handed: the connection, as it came with the request.
        server: what it leads to.
    """

    def __init__(self, handed: IO[bytes], server: Endpoint) -> None:
        self._socket = socket.socket(fileno=os.dup(handed.fileno()))
        self._server = server
        self.most = 0  # rows or triples that the server gives at most, as far as it says so

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def ask(self, body: bytes, kind: str) -> Any:
        """What the server answers, as Oxigraph gives what it answers itself; read as it is used.

        Args:
            body: the query with its dataset, as a form.
            kind: what the query answers: select, ask or graph.

        Raises:
            ServerFailed: nothing that could be used.
            QueryError: the server refuses the query.
        """
        try:
            response = self._send(body, kind)
        except (OSError, http.client.HTTPException) as error:
            raise ServerFailed(Message("it broke off: %(why)s", why=_said(error))) from error
        if response.status != 200:
            raise _refusal(response)
        media_type = response.headers.get_content_type()
        known: Mapping[str, Any] = _GRAPHS if kind == "graph" else _RESULTS
        if media_type not in known:
            raise ServerFailed(Message("it answers in %(type)s", type=media_type[:80]))
        self._read_caps(response.headers)
        body_read = _Body(response)
        if kind == "graph":
            if response.length is None and not response.chunked:
                raise ServerFailed(Message("its answer does not say where it ends"))
            return _triples(body_read, known[media_type])
        try:
            found = ox.parse_query_results(cast(IO[bytes], body_read), known[media_type])
            if kind == "ask" and isinstance(found, ox.QuerySolutions):
                return _yes_or_no(found)
        except SyntaxError as error:
            raise no_results(error) from error
        return found

    def _read_caps(self, headers: http.client.HTTPMessage) -> None:
        """Virtuoso answers with what it has when its time is up, and with as many rows as it gives at most."""
        if headers.get("X-SQL-State"):
            raise ServerFailed(Message("its time was up with a part of the answer"), 0)
        most = headers.get("X-SPARQL-MaxRows", "").strip()
        self.most = int(most) if _WHOLE.fullmatch(most) else 0

    def _send(self, body: bytes, kind: str) -> http.client.HTTPResponse:
        server = self._server
        if server.scheme == "https":
            context = ssl.create_default_context()
            self._socket = context.wrap_socket(self._socket, server_hostname=server.host)
        connection = http.client.HTTPConnection(server.host, server.port)
        connection.sock = self._socket
        accept = _ACCEPT["graph" if kind == "graph" else "rows"]
        headers = {"Content-Type": FORM, "Accept": accept, "Connection": "close"}
        connection.request("POST", server.path, body, headers | server.headers)
        return connection.getresponse()


class _Body:
    """The body of a response, which must come to its end."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response
        self._waiting = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes; none at the end."""
        while data := self._read(size):
            self._waiting = _BLANK.sub(rb"\1", self._waiting + data)
            ready, self._waiting = self._waiting[:-_REACH], self._waiting[-_REACH:]
            if ready:
                return ready
        rest, self._waiting = self._waiting, b""
        return rest

    def _read(self, size: int) -> bytes:
        try:
            data = self._response.read(size if size >= 0 else None)
        except (OSError, http.client.HTTPException) as error:
            raise ServerFailed(Message("it broke off: %(why)s", why=_said(error))) from error
        if not data and size and self._response.length:
            raise ServerFailed(Message("it broke off: %(why)s", why=Message("its answer is cut")))
        return data


def _yes_or_no(found: ox.QuerySolutions) -> Any:
    """Virtuoso 7.2.5 says yes by a row, no by none."""
    said = "true" if next(iter(found), None) else "false"
    return ox.parse_query_results(
        f'{{"head": {{}}, "boolean": {said}}}', ox.QueryResultsFormat.JSON
    )


def _said(error: Exception) -> Message:
    return reason_of(error) if isinstance(error, OSError) else Message("%(error)s", error=error)


def no_results(error: SyntaxError) -> ServerFailed:
    """What it means that an answer is no results of SPARQL."""
    return ServerFailed(
        Message("its answer cannot be read: %(error)s", error=str(error.msg or error)[:_TOLD])
    )


def _triples(body: _Body, format: ox.RdfFormat) -> Iterator[ox.Triple]:
    for quad in ox.parse(cast(IO[bytes], body), format):  # Oxigraph only reads
        yield quad.triple


def _refusal(response: http.client.HTTPResponse) -> Exception:
    """What a status other than 200 means."""
    told = _first_line(response)
    if response.status == 400:
        return QueryError(
            Message("the SPARQL server does not take this query: %(error)s", error=told)
        )
    if response.status in _BUSY:
        wait = response.headers.get("Retry-After", "")
        seconds = min(int(wait), _MOST_WAIT) if _WHOLE.fullmatch(wait) else _WAIT
        return ServerFailed(_status(response), max(1, seconds))
    if response.status == 500:
        return ServerFailed(Message("it failed: %(error)s", error=told), 0)
    return ServerFailed(_status(response))


def _status(response: http.client.HTTPResponse) -> Message:
    return Message(
        "the answer was %(status)d %(reason)s",
        status=response.status,
        reason=response.reason[:80],
    )


def _first_line(response: http.client.HTTPResponse) -> str:
    """What the server says of an error, where that is plain text."""
    if response.headers.get_content_type() == "text/html":
        return response.reason[:_TOLD]
    try:
        text = response.read(4_000).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        text = ""
    lines = (line.strip() for line in text.splitlines())
    return next((line[:_TOLD] for line in lines if line), response.reason[:_TOLD])
