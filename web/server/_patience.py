"""How long a client may take: to say what it wants, and to take what it asked for.

A thread is never lent to a client, so that patience costs memory alone. Who says nothing, sends its request
drop by drop or does not read its answer is cut off in the end; the number of these stands in the log, once a
minute. When there is little room left for others, patience is shorter.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from web.app.metrics import CONNECTIONS, CUT
from web.server._connections import Connection

# Seconds until a request is there but for a body, or begins on a connection that is kept
HEAD_SECONDS = 10.0
BODY_SECONDS = 20.0  # until its body is there too
WINDOW_SECONDS = 20.0  # in which a client that has something to read …
LEAST_BYTES = 20_000  # … must take so much of it
_DRAIN_SECONDS = 2.0
_MINUTE = 60.0
_CROWDED = 0.75  # of the room


class Patience:
    """Watches the connections of a process.

    Args:
        log: of gunicorn.
        room: how many connections may be open.
    """

    def __init__(self, log: Any, room: int) -> None:
        self._log, self._room = log, room
        self._cut: Counter[str] = Counter()
        self._told = time.monotonic()

    def look(self, connections: Sequence[Connection], now: float) -> None:
        """Cut off who took too long."""
        CONNECTIONS.set(len(connections))
        part = 0.25 if len(connections) > self._room * _CROWDED else 1.0
        for connection in list(connections):
            why = _too_long(connection, now, part)
            if why:
                connection.cut()
                if why != "kept":
                    self._cut[why] += 1
                    CUT.labels(why).inc()
        if self._cut.total() and now >= self._told + _MINUTE:
            self._told = now
            parts = ", ".join(f"{n} {why}" for why, n in sorted(self._cut.items()) if n)
            self._log.warning(
                "cut off since the last such line: %s clients: %s", self._cut.total(), parts
            )
            self._cut.clear()


def _too_long(connection: Connection, now: float, part: float) -> str:
    """Why a client is to be cut off; nothing if it is not."""
    if connection.draining:
        return "kept" if now - connection.begun > _DRAIN_SECONDS else ""
    if connection.total_outbufs_len:
        return _not_reading(connection, now, part)
    connection.seen = (0.0, 0)
    if connection.requests:
        return ""
    if connection.receiving:
        whole = connection.request.headers_finished
        most = BODY_SECONDS if whole else HEAD_SECONDS
        return "slow to send" if now - connection.begun > most * part else ""
    if time.time() - connection.last_activity > HEAD_SECONDS * part:
        return "kept" if connection.served else "silent"
    return ""


def _not_reading(connection: Connection, now: float, part: float) -> str:
    since, before = connection.seen
    if not since:
        connection.seen = (now, connection.sent)
    elif now - since > WINDOW_SECONDS * part:
        if connection.sent - before < LEAST_BYTES * part:
            return "not reading"
        connection.seen = (now, connection.sent)
    return ""
