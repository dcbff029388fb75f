"""Graphs put into a server elsewhere by SPARQL 1.1 Graph Store HTTP Protocol, and the servers that are known.

`gyebo publish --sparql BASE` tries each of LAYOUTS below its address. Where graphs are taken and where queries are
answered are different addresses of a server, and no standard says how one is found from the other.
"""

from __future__ import annotations

import contextlib
import time
from typing import NamedTuple
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    Request,
    parse_http_list,
    parse_keqv_list,
)

import msgspec
import urllib3

from kg.errors import LoadFailed
from kg.messages.message import Message
from kg.sparql.elsewhere._client import ServerClient
from kg.sparql.elsewhere.endpoint import DEFAULT_GRAPH, Endpoint

_TYPE = "application/n-triples"
_SECONDS = 600.0  # that a server may take for one piece
_ATTEMPTS = 3
_PAUSE = 2.0  # seconds before the second attempt, twice as many before the third
_NOT_THERE = (0, 404, 405)


class ServerLayout(NamedTuple):
    """Where a server takes queries and graphs, below its address."""

    name: str
    query: str
    graphs: str
    default_graph: bool = True  # whether it has one of its own


LAYOUTS = (
    # oxigraph serve (README of oxigraph-cli)
    ServerLayout("Oxigraph", "query", "store"),
    # the address is that of a data set, as http://host:3030/ds (jena.apache.org, Fuseki data access protocols)
    ServerLayout("Fuseki", "query", "data"),
    # writing is for users, by HTTP Digest (vos.openlinksw.com, VirtGraphProtocolCURLExamples)
    ServerLayout("Virtuoso", "sparql", "sparql-graph-crud-auth", default_graph=False),
)


class FoundServer(NamedTuple):
    """A server that was found."""

    layout: ServerLayout
    server: Endpoint  # where it answers queries, of the graphs of the release
    graphs: Endpoint  # where it takes graphs


def find_server(address: Endpoint, default_graph: str) -> FoundServer:
    """Find out where a server takes queries and graphs.

    Args:
        address: what the paths of LAYOUTS stand below.
        default_graph: IRI of the default graph, for servers that have none of their own.

    Raises:
        LoadFailed: no known server answers there.
    """
    last: Exception | None = None
    for layout in LAYOUTS:
        graph = () if layout.default_graph else ((DEFAULT_GRAPH, default_graph),)
        server = _below(address, layout.query, graph)
        try:
            with contextlib.closing(ServerClient(server)) as client:
                client.check()
        except OSError as error:
            last = error
            continue
        store = _below(address, layout.graphs)
        if GraphStore(store, layout).status("HEAD", {"default": ""}) not in _NOT_THERE:
            return FoundServer(layout, server, store)
    known = [f"{layout.name}: {layout.query}, {layout.graphs}" for layout in LAYOUTS]
    raise LoadFailed(
        address.shown,
        Message(
            "no server that is known answers below this address (%(known)s; the last one tried said: %(error)s); "
            "`gyebo publish --bulk` writes a file for the loader of any other",
            known=known,
            error=last or "no Graph Store protocol",
        ),
    )


def _below(address: Endpoint, path: str, parameters: tuple[tuple[str, str], ...] = ()) -> Endpoint:
    whole = address.path.rstrip("/") + "/" + path
    return msgspec.structs.replace(
        address, path=whole, parameters=(*address.parameters, *parameters)
    )


class GraphStore:
    """The graphs of a server.

    Args:
        address: where it takes them.
        layout: of the server.
    """

    def __init__(self, address: Endpoint, layout: ServerLayout) -> None:
        self._address, self._layout = address, layout
        self._http = urllib3.PoolManager(retries=False, maxsize=1)
        user, _, password = address.auth.partition(":")
        keys = HTTPPasswordMgrWithDefaultRealm()
        keys.add_password(None, address.address, user, password)
        self._digest = HTTPDigestAuthHandler(keys)
        self._scheme = ""  # of what the server asks for; Virtuoso refuses a guess
        self._told = ""  # and what it says with that

    def put(self, graph: str, lines: bytes, first: bool) -> None:
        """Let a graph hold lines of N-Triples.

        Args:
            graph: its IRI; "" = the default graph.
            lines: what is put there; it holds no blank nodes, so that it may be sent again.
            first: whether they take the place of what it holds.

        Raises:
            LoadFailed: the server did not take them.
        """
        self._send("PUT" if first else "POST", graph, lines)

    def remove(self, graph: str) -> None:
        """Remove a graph.

        Raises:
            LoadFailed: the server refused.
        """
        self._send("DELETE", graph)

    def _send(self, method: str, graph: str, lines: bytes | None = None) -> None:
        where = {"graph": graph} if graph else {"default": ""}
        why: object = ""
        for attempt in range(_ATTEMPTS):
            if attempt:
                time.sleep(_PAUSE * attempt)
            try:
                response = self._request(method, where, lines)
            except urllib3.exceptions.HTTPError as error:
                why = error
                continue
            if response.status < 300 or (method == "DELETE" and response.status == 404):
                return
            why = Message(
                "the answer was %(status)d %(reason)s",
                status=response.status,
                reason=_said(response),
            )
            if response.status < 500:
                break
        raise LoadFailed(
            self._address.shown,
            Message(
                "%(method)s of the graph %(graph)s: %(why)s",
                method=method,
                graph=graph or Message("by default"),
                why=why,
            ),
        )

    def status(self, method: str, where: dict[str, str]) -> int:
        """The status of an answer; 0 if there is none."""
        try:
            return self._request(method, where).status
        except urllib3.exceptions.HTTPError:
            return 0

    def _request(
        self, method: str, where: dict[str, str], lines: bytes | None = None
    ) -> urllib3.BaseHTTPResponse:
        url = f"{self._address.address}?{_query(where)}"
        response = self._request_once(method, url, lines)
        if response.status == 401 and self._address.auth:
            scheme, _, told = response.headers.get("WWW-Authenticate", "").partition(" ")
            self._scheme = scheme.lower()
            self._told = told
            response = self._request_once(method, url, lines)
        return response

    def _request_once(self, method: str, url: str, lines: bytes | None) -> urllib3.BaseHTTPResponse:
        headers = {"Content-Type": _TYPE}
        if self._scheme == "basic":
            headers |= self._address.headers
        elif self._scheme == "digest":
            headers["Authorization"] = f"Digest {self._signed(url, method)}"
        # The first is that of sending, too
        timeout = urllib3.Timeout(connect=_SECONDS, read=_SECONDS)
        return self._http.request(
            method, url, body=lines, headers=headers, timeout=timeout, redirect=False
        )

    def _signed(self, url: str, method: str) -> str:
        """What a request says of who asks, by HTTP Digest.

        Raises:
            LoadFailed: what the server asks for is not known here.
        """
        try:
            challenge = parse_keqv_list([part for part in parse_http_list(self._told) if part])
            signed = self._digest.get_authorization(Request(url, method=method), challenge)
        except (ValueError, URLError):
            signed = None
        if not signed:
            raise LoadFailed(
                self._address.shown,
                Message("it asks for a name and password in a way that is not known here"),
            )
        return signed


def _query(where: dict[str, str]) -> str:
    """`default` stands alone, as the protocol has it."""
    return "default" if "default" in where else urlencode(where)


def _said(response: urllib3.BaseHTTPResponse) -> str:
    text = response.data[:2_000].decode("utf-8", "replace") if response.data else ""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return f"{response.reason}: {line[:200]}" if line and line[0] != "<" else str(response.reason)
