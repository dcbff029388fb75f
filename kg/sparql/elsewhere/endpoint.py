"""Where a SPARQL server elsewhere takes queries: an address, with the dataset and who asks in it.

`http://user:secret@host:8890/sparql?default-graph-uri=http://…` is all that has to be known of a server. Its
parameters go with every query: a server that has no default graph of its own, as Virtuoso, or takes all graphs
for it, as QLever, is told which graph is meant, by SPARQL 1.1 Protocol, section 2.1.4.
"""

from __future__ import annotations

import base64
import socket
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import msgspec

from kg.errors import ConfigError
from kg.messages.message import Message

DEFAULT_GRAPH, NAMED_GRAPH = "default-graph-uri", "named-graph-uri"
FORM = "application/x-www-form-urlencoded"
_PORTS = {"http": 80, "https": 443}


class ServerDataset(NamedTuple):
    """The graphs that a query runs on, as SPARQL 1.1 Protocol has them; none of either = as the query says."""

    default: Sequence[str] = ()
    named: Sequence[str] = ()


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """The address of a SPARQL server."""

    scheme: str
    host: str
    port: int
    path: str
    parameters: tuple[tuple[str, str], ...] = ()  # that go with every query
    auth: str = ""  # user:password

    @property
    def address(self) -> str:
        """The address without parameters, user and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"

    @property
    def shown(self) -> str:
        """The address as it may be printed: without user and password, with the graphs."""
        graphs = [(n, v) for n, v in self.parameters if n in (DEFAULT_GRAPH, NAMED_GRAPH)]
        return self.address + (f"?{urlencode(graphs)}" if graphs else "")

    @property
    def headers(self) -> dict[str, str]:
        """What says who asks, if anybody has to be named."""
        told = base64.b64encode(self.auth.encode()).decode()
        return {"Authorization": f"Basic {told}"} if self.auth else {}

    @property
    def default_graphs(self) -> list[str]:
        """The graphs that are the default graph there; none where it has one of its own."""
        return [value for name, value in self.parameters if name == DEFAULT_GRAPH]

    @property
    def names_graphs(self) -> bool:
        """Whether the address names the named graphs as well."""
        return any(name == NAMED_GRAPH for name, _ in self.parameters)

    def form(self, query: str, dataset: ServerDataset | None = None) -> bytes:
        """The body of a request for a query.

        Args:
            query: SPARQL.
            dataset: the graphs it runs on; None = those that the address names.
        """
        fields = list(self.parameters)
        if dataset is not None:
            fields = [f for f in fields if f[0] not in (DEFAULT_GRAPH, NAMED_GRAPH)]
            fields += [(DEFAULT_GRAPH, graph) for graph in dataset.default]
            fields += [(NAMED_GRAPH, graph) for graph in dataset.named]
        return urlencode([*fields, ("query", query)]).encode()

    def connect(self, seconds: float) -> socket.socket:
        """Open a connection, which then waits as long as whoever holds it.

        Raises:
            OSError: the other side does not answer.
        """
        connection = socket.create_connection((self.host, self.port), timeout=seconds)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(None)
        return connection


def read_endpoint(url: str) -> Endpoint:
    """Read an address.

    Raises:
        ConfigError: it is none of http or https.

    >>> read_endpoint("http://me:secret@db.example:8890/sparql?default-graph-uri=urn:a").shown
    'http://db.example:8890/sparql?default-graph-uri=urn%3Aa'
    """
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
        parameters = tuple(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        scheme, host, port, parameters = "", None, None, ()
    if scheme not in _PORTS or not host or any(c.isspace() for c in url):
        raise ConfigError(Message("the address of a SPARQL server begins with http:// or https://"))
    return Endpoint(
        scheme=scheme,
        host=host,
        port=port or _PORTS[scheme],
        path=parts.path or "/",
        parameters=parameters,
        auth=unquote(parts.netloc.rpartition("@")[0]),
    )
