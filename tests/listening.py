"""The site on a port of this machine, with the connections and threads that it has in production."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress import wasyncore

from web.server.worker import open_servers


@contextmanager
def serving_sockets(sockets: dict[int, Any]) -> Iterator[None]:
    """Let a thread look after the sockets of a server of waitress's; they are closed at the end."""
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            wasyncore.loop(0.1, use_poll=True, map=sockets, count=1)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        wasyncore.close_all(sockets)  # also what clients keep open


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """Answer requests from threads of this process, as a process of the server does; gives the address."""
    app.extensions["gyebo"].readiness.wait()
    sockets: dict[int, Any] = {}
    servers, lanes = open_servers(app, sockets, host="127.0.0.1", port=0)
    with serving_sockets(sockets):
        try:
            yield f"http://127.0.0.1:{servers[0].effective_port}"
        finally:
            lanes.shutdown()
