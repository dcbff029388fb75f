"""Fair shares: how many seconds of computing a client may still use.

A share fills by `per_minute` / 60 every second up to a minute's worth, and a query takes from it
what it has used; so a client waits only for what it has taken. Where processes of several machines share a ledger,
the account that is deeper in debt decides; where the ledger cannot be read, the one of this process.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from kg.errors import OverShare
from kg.messages.message import Message
from kg.sparql.request import Ledger

CLIENTS = 10_000  # remembered, the latest ones
_FULL = 60  # seconds in which an empty share fills


class Quota:
    """The account of each client; safe to use from several threads.

    Args:
        per_minute: seconds of computing a minute; 0 = without limit.
        clock: seconds, for tests.
        ledger: accounts that others charge as well.

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

    def __init__(
        self,
        per_minute: float,
        clock: Callable[[], float] = time.monotonic,
        ledger: Ledger | None = None,
    ) -> None:
        self._per_minute, self._clock, self._ledger = per_minute, clock, ledger
        self._full_at: OrderedDict[str, float] = OrderedDict()  # when a share is full again
        self._lock = threading.Lock()

    def admit(self, client: str) -> None:
        """Let a client ask.

        Raises:
            OverShare: it has no share left; carries the seconds until it has.
        """
        if not self._per_minute:
            return
        with self._lock:
            debt = self._full_at.get(client, 0.0) - self._clock()
        if debt <= _FULL and self._ledger:
            debt = max(debt, self._ledger.debt(client) or 0.0)
        if debt > _FULL:
            told = Message(
                "your queries have used their %(share)g seconds a minute", share=self._per_minute
            )
            raise OverShare(told, math.ceil(debt - _FULL))

    def charge(self, client: str, seconds: float) -> None:
        """Take from a client's share what a query has used."""
        if not self._per_minute:
            return
        longer = seconds * _FULL / self._per_minute
        with self._lock:
            full = max(self._full_at.pop(client, 0.0), self._clock())
            self._full_at[client] = full + longer
            if len(self._full_at) > CLIENTS:
                self._full_at.popitem(last=False)
        if self._ledger:
            self._ledger.charge(client, longer)
