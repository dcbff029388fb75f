"""Real SPARQL servers on this machine: Oxigraph's (make bench, or PATH) and Virtuoso (Debian: virtuoso-opensource)."""

from __future__ import annotations

import contextlib
import http.server
import shutil
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.bench.measure import NotInstalled
from tests.bench.servers import serving
from tests.bench.sparql import PEERS
from tests.bench.virtuoso import Virtuoso, started


def oxigraph_program() -> str:
    """The program; the test is skipped without it."""
    program = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(PEERS))
    if not program:
        pytest.skip("Oxigraph's server is not installed: make bench installs it")
    return program


@contextlib.contextmanager
def oxigraph() -> Iterator[str]:
    """An empty Oxigraph; gives its address."""
    with tempfile.TemporaryDirectory(prefix="gyebo-oxigraph-") as folder:
        command = [oxigraph_program(), "serve", "--location", folder]
        command += ["--bind", "127.0.0.1:{port}"]
        with serving(command, "/query?query=ASK%7B%7D") as server:
            yield f"http://{server.address}"


@contextlib.contextmanager
def virtuoso_of(data: Path) -> Iterator[Virtuoso]:
    """An empty Virtuoso that may load files of a folder; the test is skipped without it."""
    with (
        tempfile.TemporaryDirectory(prefix="gyebo-virtuoso-") as folder,
        contextlib.ExitStack() as stack,
    ):
        try:
            yield stack.enter_context(started(Path(folder), data))
        except NotInstalled as missing:
            pytest.skip(str(missing))


@contextlib.contextmanager
def virtuoso() -> Iterator[str]:
    """An empty Virtuoso; gives its address, with its user."""
    with tempfile.TemporaryDirectory() as none, virtuoso_of(Path(none)) as running:
        yield f"http://dba:dba@{running.server.address}"


SERVERS: dict[str, Callable[[], AbstractContextManager[str]]] = {
    "Oxigraph": oxigraph,
    "Virtuoso": virtuoso,
}

Reply = Callable[[http.server.BaseHTTPRequestHandler, bytes], None]


@contextlib.contextmanager
def stranger(reply: Reply, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server of HTTP that answers each POST as a function does; gives its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            reply(self, self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            scheme = "https" if tls else "http"
            yield f"{scheme}://127.0.0.1:{server.server_address[1]}/sparql"
        finally:
            server.shutdown()
            thread.join()


def answer(
    to: http.server.BaseHTTPRequestHandler,
    body: bytes,
    type: str,
    status: int = 200,
    **headers: str,
) -> None:
    """Send an answer."""
    to.send_response(status)
    to.send_header("Content-Type", type)
    to.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        to.send_header(name.replace("_", "-"), value)
    to.end_headers()
    to.wfile.write(body)
