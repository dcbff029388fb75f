"""The site on a port of this machine, with the connections and threads that it has in production."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from waitress import wasyncore

from web.server.worker import open_servers


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    """Answer requests from threads of this process, as a process of the server does; gives the address."""
    app.extensions["gyebo"].readiness.known()
    sockets: dict[int, object] = {}
    servers, lanes = open_servers(app, sockets, host="127.0.0.1", port=0)
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            wasyncore.loop(0.1, use_poll=True, map=sockets, count=1)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{servers[0].effective_port}"
    finally:
        stop.set()
        thread.join()
        lanes.shutdown()
        wasyncore.close_all(sockets)  # also what clients keep open
