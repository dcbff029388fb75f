"""Who may ask now: as many at once as there are workers, each client in its turn.

One client never has all workers where there are several, so that its slow queries delay its own alone; and
those who wait are served client by client, not query by query: who sends twenty waits twenty times.
"""

from __future__ import annotations

import math
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from kg.errors import Busy, QueryAborted, TooManyWaiting
from kg.messages.message import Message

_LOOK = 1.0  # seconds between two looks whether who waits is still there
_SERVED = 1_000  # clients of which it is remembered when they were served last


class PoolLoad(NamedTuple):
    """What a pool does at the moment."""

    running: int
    waiting: int
    size: int  # how many may run at once


class Turns:
    """The turns of the clients of a pool; safe to use from several threads.

    Args:
        size: how many may ask at once; one client half as many, or one.
        queue: how many may wait; one client may fill half of it. Who has no name may have it all.
    """

    def __init__(self, size: int, queue: int) -> None:
        self._size, self._queue = size, queue
        self._running: Counter[str] = Counter()
        self._lines: dict[str, deque[object]] = {}
        self._served: dict[str, int] = {}  # the number of the turn that a client had last
        self._turn = 0
        self._changed = threading.Condition()

    @property
    def load(self) -> PoolLoad:
        """How many run and wait."""
        with self._changed:
            return PoolLoad(self._running.total(), self._waiting(), self._size)

    @contextmanager
    def turn(
        self, client: str, seconds: float, gone: Callable[[], bool] | None = None
    ) -> Iterator[None]:
        """Wait for a turn, at most so many seconds.

        Args:
            client: whose turn it is.
            seconds: how long at most.
            gone: says whether who asks has left; nobody then waits on.

        Raises:
            QueryAborted: who asks has left.
            TooManyWaiting: as many queries of this client wait as may.
            Busy: as many queries wait as may, or the turn did not come in time.
        """
        with self._changed:
            if (self._lines and self._next()) or not self._may_run(client):
                self._stand(client, seconds, gone)
            self._running[client] += 1
            self._remember(client)
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._running[client] -= 1
                if not self._running[client]:
                    del self._running[client]
                self._changed.notify_all()

    def _stand(self, client: str, seconds: float, gone: Callable[[], bool] | None) -> None:
        wait = math.ceil(min(seconds, 10))
        line = self._lines.get(client, deque())
        if client and len(line) >= max(1, self._queue // 2):
            raise TooManyWaiting(Message("too many of your queries are waiting"), wait)
        if self._waiting() >= self._queue:
            raise Busy(Message("too many queries are waiting"), wait)
        ticket = object()
        line.append(ticket)
        self._lines[client] = line
        try:
            until = time.monotonic() + seconds
            while self._next() is not ticket:
                if (left := until - time.monotonic()) <= 0:
                    raise Busy(Message("too many queries are waiting"), wait)
                self._changed.wait(min(left, _LOOK))
                if gone and gone():
                    raise QueryAborted(Message("the one who asked has left"))
        finally:
            line.remove(ticket)
            if not line:
                del self._lines[client]
            self._changed.notify_all()

    def _waiting(self) -> int:
        return sum(map(len, self._lines.values()))

    def _may_run(self, client: str) -> bool:
        return self._running.total() < self._size and (
            not client or self._running[client] < max(1, self._size // 2)
        )

    def _next(self) -> object | None:
        """Whose turn it is: the first of the client that runs least, and was served longest ago."""
        able = [client for client in self._lines if self._may_run(client)]
        if not able:
            return None
        first = min(able, key=lambda c: (self._running[c], self._served.get(c, 0)))
        return self._lines[first][0]

    def _remember(self, client: str) -> None:
        self._turn += 1
        self._served.pop(client, None)
        self._served[client] = self._turn
        if len(self._served) > _SERVED:
            del self._served[next(iter(self._served))]
