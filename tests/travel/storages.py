"""Storages for tests: real servers on this machine, one of which lies as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from waitress.server import create_server
from wsgidav.wsgidav_app import WsgiDAVApp

from kg.errors import TransferFailed
from kg.messages.message import Message
from kg.travel._seam import Storage, Stored
from tests.listening import serving_sockets

USER, PASSWORD = "reader", "Secret-of-reader"


class Static:
    """A server of plain files that counts what it is asked, and breaks some answers.

    Args:
        folder: what it sends.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.break_answer: Callable[[Any], bool] = lambda handler: False  # True: it has answered
        self.break_head: Callable[[Any], bool] = lambda handler: False
        self.listing: bytes | None = None  # what it says of every folder

    @contextmanager
    def running(self) -> Iterator[str]:
        static = self

        class Handler(SimpleHTTPRequestHandler):
            def __init__(self, *args: Any) -> None:
                super().__init__(*args, directory=str(static.folder))

            def do_GET(self) -> None:
                static.asked.append(self.path)
                static.headers.append({k.lower(): v for k, v in self.headers.items()})
                if not static.break_answer(self):
                    super().do_GET()

            def do_HEAD(self) -> None:
                if not static.break_head(self):
                    super().do_HEAD()

            def do_PROPFIND(self) -> None:
                # What was not read would reset the connection while the answer is on its way.
                self.rfile.read(int(self.headers["Content-Length"] or 0))
                if static.listing is None:
                    self.send_error(501)
                    return
                self.send_response(207)
                self.send_header("Content-Length", str(len(static.listing)))
                self.end_headers()
                self.wfile.write(static.listing)

            def log_message(self, format: str, *args: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.05,))
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}"
            finally:
                server.shutdown()
                thread.join()


@contextmanager
def webdav(folder: Path) -> Iterator[str]:
    """WsgiDAV with a user and a password; its address without them."""
    folder.mkdir(exist_ok=True)
    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": str(folder)},
            "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
            "http_authenticator": {"accept_digest": False, "default_to_digest": False},
            "verbose": 0,
            "logging": {"enable": False},
        }
    )
    sockets: dict[int, Any] = {}
    server = create_server(app, host="127.0.0.1", port=0, map=sockets, threads=4)
    with serving_sockets(sockets):
        try:
            yield f"http://127.0.0.1:{server.effective_port}"
        finally:
            server.task_dispatcher.shutdown()


class Counting:
    """A storage that counts what it is asked, and fails after so many reads or writes.

    Args:
        storage: the real one.
        most: reads and writes of objects that succeed; None = all.
    """

    def __init__(self, storage: Storage, most: int | None = None) -> None:
        self.storage, self.most = storage, most
        self.read_names: list[str] = []
        self.written: list[str] = []

    @property
    def place(self) -> str:
        return self.storage.place

    def _count(self, names: list[str], name: str) -> None:
        if not name.startswith("objects/"):
            return
        if self.most is not None and len(names) >= self.most:
            raise TransferFailed(self.place, Message("it broke off"))
        names.append(name)

    def read(self, name: str, most: int) -> bytes | None:
        self._count(self.read_names, name)
        return self.storage.read(name, most)

    def write(self, name: str, data: bytes) -> None:
        self._count(self.written, name)
        self.storage.write(name, data)

    def size(self, name: str) -> int | None:
        return self.storage.size(name)

    def listing(self, folder: str) -> Mapping[str, Stored]:
        return self.storage.listing(folder)

    def delete(self, name: str) -> None:
        self.storage.delete(name)
