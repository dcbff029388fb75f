"""Which thread works on a request: each sort of requests has threads of its own, so that none waits for another.

Queries wait for query processes, downloads may have to wait for their client, pages take a processor, and
a probe must be answered whatever the others do.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Mapping

from waitress.channel import HTTPChannel

_PAGES, _FILES = 4, 2  # threads
_log = logging.getLogger(__name__)
PROBES = ("/-/ready", "/-/health", "/-/metrics")


class Lanes:
    """The threads of a process.

    What the thread that reads all requests has read it hands over last before it waits: a thread that it woke
    before would at once have to wait until Python runs no other.

    Args:
        queries: threads for queries: as many as may run or wait, and one that refuses.
    """

    def __init__(self, queries: int) -> None:
        self._reader = threading.get_ident()
        self._read: list[HTTPChannel] = []
        self._lanes: Mapping[str, _Threads] = {
            name: _Threads(count)
            for name, count in (
                ("probes", 1),
                ("queries", queries),
                ("files", _FILES),
                ("pages", _PAGES),
            )
        }

    def add_task(self, connection: HTTPChannel) -> None:
        """Let a thread answer the first request of a connection."""
        if threading.get_ident() == self._reader:
            self._read.append(connection)
        else:
            self._give(connection)

    def hand_over(self) -> None:
        """Let threads answer what was read; asked by the thread that reads."""
        while self._read:
            self._give(self._read.pop(0))

    def _give(self, connection: HTTPChannel) -> None:
        if not connection.requests:  # closed since
            return
        request = connection.requests[0]
        name = "probes" if request.error else lane_of(request.path)
        self._lanes[name].add_task(connection)

    def shutdown(self) -> None:
        """Stop the threads that do nothing; the others end with the process."""
        for lane in self._lanes.values():
            lane.shutdown()


class _Threads:
    """Some threads, of which the one that worked last works next: what it needs is still in the caches.

    waitress would give each request to the thread that has rested longest.
    """

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[HTTPChannel] = deque()
        self._idle: list[_Seat] = []
        self._over = False
        for _ in range(count):
            threading.Thread(target=self._work, args=(_Seat(),), daemon=True).start()

    def add_task(self, connection: HTTPChannel) -> None:
        """Let a thread answer, the next that is free if none is."""
        with self._lock:
            if not self._idle:
                self._waiting.append(connection)
                return
            seat = self._idle.pop()
            seat.connection = connection
        seat.gate.release()

    def shutdown(self) -> None:
        """Stop the threads that do nothing, and give up what waits."""
        with self._lock:
            self._over = True
            waiting, idle = [*self._waiting], [*self._idle]
            self._waiting.clear()
            self._idle.clear()
        for seat in idle:
            seat.gate.release()
        for connection in waiting:
            connection.cancel()

    def _work(self, seat: _Seat) -> None:
        while connection := self._next(seat):
            try:
                connection.service()
            except BaseException:
                _log.exception("a request could not be answered")

    def _next(self, seat: _Seat) -> HTTPChannel | None:
        """What a thread does next; None if it is to stop."""
        with self._lock:
            if self._over:
                return None
            if self._waiting:
                return self._waiting.popleft()
            self._idle.append(seat)
        seat.gate.acquire()
        connection, seat.connection = seat.connection, None
        return connection


class _Seat:
    """Where a thread waits."""

    def __init__(self) -> None:
        self.gate = threading.Lock()
        self.gate.acquire()
        self.connection: HTTPChannel | None = None


def lane_of(path: str) -> str:
    """The sort of a request, by its path; the prefix of the site may stand before it.

    >>> lane_of("/-/ready"), lane_of("/gyebo/sparql"), lane_of("/data/graph.nq"), lane_of("/model/a")
    ('probes', 'queries', 'files', 'pages')
    """
    if path.endswith(PROBES):
        return "probes"
    if path.endswith("/sparql"):
        return "queries"
    if "/data/" in path or "/static/" in path:
        return "files"
    return "pages"
