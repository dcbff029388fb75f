"""Fair shares: how many seconds of computing a client may still use.

A share fills by `per_minute` / 60 every second up to a minute's worth, and a query takes from it
what it has used; so a client waits only for what it has taken.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from kg.errors import OverShare

CLIENTS = 10_000  # remembered, the latest ones


class Quota:
    """The account of each client; safe to use from several threads.

    Args:
        per_minute: seconds of computing a minute; 0 = without limit.
        clock: seconds, for tests.

    >>> now = [0.0]
    >>> shares = Quota(60, lambda: now[0])
    >>> shares.charge("a", 63)
    >>> shares.admit("a")
    Traceback (most recent call last):
    ...
    kg.errors.OverShare: your queries have used their 60 seconds a minute; try again in 3 seconds
    >>> now[0] = 4
    >>> shares.admit("a")
    """

    def __init__(self, per_minute: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._full_at: OrderedDict[str, float] = OrderedDict()  # when a share is full again
        self._lock = threading.Lock()

    def admit(self, client: str) -> None:
        """Let a client ask.

        Raises:
            OverShare: it has no share left; carries the seconds until it has.
        """
        with self._lock:
            wait = self._full_at.get(client, 0.0) - self._clock() - 60
        if self._per_minute and wait > 0:
            raise OverShare(self._per_minute, math.ceil(wait))

    def charge(self, client: str, seconds: float) -> None:
        """Take from a client's share what a query has used."""
        if not self._per_minute:
            return
        with self._lock:
            full = max(self._full_at.pop(client, 0.0), self._clock())
            self._full_at[client] = full + seconds * 60 / self._per_minute
            if len(self._full_at) > CLIENTS:
                self._full_at.popitem(last=False)
