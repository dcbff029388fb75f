"""How requests come in: a worker of gunicorn's whose connections are waitress's.

gunicorn starts the processes, replaces one that dies and stops them in peace. In each, one thread reads
requests and sends answers for all connections, so that a client that is slow, or does not read at all, costs
memory and no thread; threads meet whole requests only, and hand over whole answers. Not for TLS, which a
proxy ends. Why it is so: docs/decisions/0040-slow-clients.md.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterable

from flask import Flask
from gunicorn.workers.base import Worker as GunicornWorker
from waitress import create_server, wasyncore
from waitress.server import BaseWSGIServer

from kg.config import Config
from web.server._connections import MAX_HEAD, Connection
from web.server._lanes import Lanes
from web.server._patience import Patience

_MOST_BODY = 8 << 20  # bytes; a view that takes less says so itself
_HELD = 1 << 20  # bytes of an answer in memory; what is longer waits in a file
_AHEAD = 64 << 20  # bytes of an answer that a thread may be ahead of its client
_CONNECTIONS = 4_000
_OTHER_FILES = 200  # open files that are no connections
_TURN = 0.5  # seconds between two looks at the clock
_FIRST_WORDS = 5.0  # seconds that who was let in before the end has for a request


class Worker(GunicornWorker):  # type: ignore[misc]
    """The worker of the site."""

    def run(self) -> None:
        """Serve until told to stop, then until those who are being served have their answers."""
        sockets: dict[int, object] = {}
        self.wsgi.extensions["gyebo"].readiness.known()  # so that who asks first need not wait
        servers, lanes = open_servers(
            self.wsgi, sockets, sockets=[listener.sock for listener in self.sockets]
        )
        patience = Patience(self.log, _room())
        self._serve(sockets, servers, patience)
        self._finish(sockets, servers, patience)
        lanes.shutdown()

    def _serve(
        self, sockets: dict[int, object], servers: Iterable[BaseWSGIServer], patience: Patience
    ) -> None:
        looked = 0.0
        while self.alive and self.ppid == os.getppid():
            wasyncore.loop(_TURN, use_poll=True, map=sockets, count=1)
            if (now := time.monotonic()) >= looked + _TURN:
                looked = now
                self.notify()
                patience.look(_connections(servers), now)

    def _finish(
        self, sockets: dict[int, object], servers: Iterable[BaseWSGIServer], patience: Patience
    ) -> None:
        """Take nobody new, and answer all that was asked, and who was let in and has not asked yet."""
        began = time.monotonic()
        until = began + max(0.0, self.cfg.graceful_timeout - 2)
        for one in servers:
            one.accepting = False
        while (now := time.monotonic()) < until:
            self.notify()
            open_ones = _connections(servers)
            for connection in open_ones:
                connection.last = True
                if connection.idle and (connection.served or now > began + _FIRST_WORDS):
                    connection.will_close = True
            if not open_ones:
                return
            wasyncore.loop(0.1, use_poll=True, map=sockets, count=1)
            patience.look(open_ones, time.monotonic())


def open_servers(
    app: Flask, opened: dict[int, object], **where: object
) -> tuple[list[BaseWSGIServer], Lanes]:
    """Let waitress answer for the site, with our connections and the threads that answer.

    Args:
        app: the site.
        opened: gets what is open, by file descriptor, for the loop that reads and sends.
        where: what waitress listens on: `sockets`, or `host` and `port`.
    """
    create_server(
        app,
        map=opened,
        threads=1,
        ident=None,
        clear_untrusted_proxy_headers=False,  # web/app/proxy.py knows which to believe
        max_request_header_size=MAX_HEAD,
        max_request_body_size=_MOST_BODY,
        outbuf_overflow=_HELD,
        outbuf_high_watermark=_AHEAD,
        connection_limit=_room(),
        channel_timeout=24 * 3600,  # ours are finer
        log_socket_errors=False,
        **where,
    )
    servers = [one for one in opened.values() if isinstance(one, BaseWSGIServer)]
    config: Config = app.extensions["gyebo"].config
    lanes = Lanes(config.sparql_workers + config.sparql_queue + 1)
    for one in servers:
        one.task_dispatcher.shutdown()
        one.task_dispatcher, one.channel_class = lanes, Connection
    return servers, lanes


def _connections(servers: Iterable[BaseWSGIServer]) -> list[Connection]:
    return [connection for one in servers for connection in one.active_channels.values()]


def _room() -> int:
    """How many connections may be open; as many files may be opened as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + _OTHER_FILES
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(100, min(_CONNECTIONS, soft - _OTHER_FILES))
