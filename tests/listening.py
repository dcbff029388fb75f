"""An application that listens on a port of this machine, with the connections that the site has in production.

The server of werkzeug, for development, forgets to close a file when a browser goes away while it is sent.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from waitress import wasyncore
from waitress.server import create_server


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """Answer requests with a WSGI application from threads of this process; gives its address."""
    sockets: dict[int, Any] = {}
    server = create_server(app, host="127.0.0.1", port=0, map=sockets, threads=4)
    server.task_dispatcher.queue_logger.disabled = True  # that requests wait is no news
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            wasyncore.loop(0.1, use_poll=True, map=sockets, count=1)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        stop.set()
        thread.join()
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets)  # also what clients keep open
