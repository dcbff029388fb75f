"""The server of tools on standard input and output, or over HTTP.

Over HTTP it is stateless and reads only. A request must name a host that was allowed and, if it comes from a page,
an origin that was: a page of somebody else could otherwise have a browser ask a server on this machine (DNS
rebinding). No header lets other origins read an answer.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import NamedTuple

import anyio
import uvicorn
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette

from kg.agents.server import AgentServer
from kg.config import Config
from kg.errors import InputError
from kg.messages.message import Message

PATH = "/mcp"
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_AT_ONCE = 64  # connections


class Listening(NamedTuple):
    """Where the server listens."""

    host: str
    port: int

    @property
    def address(self) -> str:
        """The host as it stands in an address."""
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def is_anywhere(self) -> bool:
        """Whether it listens on every address of this machine."""
        return self.host in ("0.0.0.0", "::")


def read_listening(text: str) -> Listening:
    """HOST:PORT, or a port alone, which is one of this machine.

    Raises:
        InputError: it is neither.

    >>> read_listening("8765"), read_listening("[::1]:8765").address
    (Listening(host='127.0.0.1', port=8765), '[::1]')
    """
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]") or "127.0.0.1"
    if not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 65535):
        raise InputError(
            Message("%(text)r is no HOST:PORT, such as 127.0.0.1:8765", text=text[:80])
        )
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            raise InputError(
                Message("%(text)r is no HOST:PORT, such as 127.0.0.1:8765", text=text[:80])
            ) from None
    return Listening(host, int(port))


def serve_stdio(config: Config, lang: str) -> None:
    """Answer on standard output what comes on standard input, until it ends.

    Raises:
        SnapshotError: there is no snapshot that this program can read.
    """
    with closing(AgentServer(config, lang)) as server:
        anyio.run(_serve_stdio, server)


async def _serve_stdio(server: AgentServer) -> None:
    async with stdio_server() as (incoming, outgoing):
        options = server.protocol.create_initialization_options()
        await server.protocol.run(incoming, outgoing, options)


def serve_http(
    config: Config,
    lang: str,
    at: Listening,
    names: Sequence[str] = (),
    listening: Callable[[], object] = bool,
) -> None:
    """Answer over HTTP until a signal ends it.

    Args:
        config: where the snapshots are.
        lang: language of answers that ask for none.
        at: where to listen.
        names: further names by which clients call this machine.
        listening: called once clients can connect.

    Raises:
        InputError: it is to listen everywhere, and no name is given.
        OSError: the port is taken, or the host is none of this machine.
        SnapshotError: there is no snapshot that this program can read.
    """
    allowed = allowed_names(at, names)
    with closing(AgentServer(config, lang, shared=True)) as server:
        settings = uvicorn.Config(
            http_app(server, allowed),
            log_level="warning",
            access_log=False,
            limit_concurrency=_AT_ONCE,
            timeout_keep_alive=5,
            server_header=False,
        )
        family = socket.AF_INET6 if ":" in at.host else socket.AF_INET
        with socket.create_server((at.host, at.port), family=family) as listener:
            listening()
            uvicorn.Server(settings).run(sockets=[listener])


def allowed_names(at: Listening, names: Sequence[str]) -> Sequence[str]:
    """The hosts that a request may name.

    Raises:
        InputError: the server is to listen everywhere, and no name is given.
    """
    if at.is_anywhere and not names:
        raise InputError(
            Message(
                "%(host)s is every address of this machine: give --allow-host NAME, by which clients reach it",
                host=at.host,
            )
        )
    own = () if at.is_anywhere else (at.address,)
    return tuple(dict.fromkeys((*_LOOPBACK, *own, *names)))


def http_app(server: AgentServer, names: Sequence[str]) -> Starlette:
    """The server as an application of HTTP, for requests that name one of some hosts."""
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[form for name in names for form in (name, f"{name}:*")],
        allowed_origins=[
            form
            for name in names
            for scheme in ("http", "https")
            for form in (f"{scheme}://{name}", f"{scheme}://{name}:*")
        ],
    )
    return server.protocol.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        transport_security=security,
    )
