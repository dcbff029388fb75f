"""Answers of servers over HTTP that take no longer than somebody waits, however steadily they drip.

The time-outs of a socket hold for each read, so that a server that sends a byte a second is never too slow for them.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from http.client import HTTPException
from typing import Any

import urllib3
from urllib3 import connection

_AT_ONCE = 1 << 18  # bytes


class _Heads:
    """A connection whose answers must have begun, head and all, within the time-out for a read."""

    sock: socket.socket | None
    timeout: float | None

    def getresponse(self) -> Any:
        """The head of the answer.

        Raises:
            TimeoutError: it took longer.
        """
        late = threading.Event()
        timer = threading.Timer(self.timeout or 0.0, self._hang_up, (late,))
        timer.daemon = True
        timer.start()
        try:
            head = super().getresponse()  # type: ignore[misc]
        except (OSError, HTTPException) as error:
            if late.is_set():
                raise TimeoutError("timed out") from error
            raise
        finally:
            timer.cancel()
        if late.is_set():  # half a head was taken for all of it
            head.close()
            raise TimeoutError("timed out")
        return head

    def _hang_up(self, late: threading.Event) -> None:
        """Let whoever reads see the end; a connection is closed by who reads."""
        late.set()
        with suppress(OSError):
            if self.sock:
                self.sock.shutdown(socket.SHUT_RDWR)


# Called as those of urllib3, whose errors tell their names to people.
class HTTPConnection(_Heads, connection.HTTPConnection):
    """A connection by http."""


class HTTPSConnection(_Heads, connection.HTTPSConnection):
    """A connection by https."""


class HTTPConnectionPool(urllib3.HTTPConnectionPool):
    """Connections to one server by http."""

    ConnectionCls = HTTPConnection


class HTTPSConnectionPool(urllib3.HTTPSConnectionPool):
    """Connections to one server by https."""

    ConnectionCls = HTTPSConnection


class PatientPool(urllib3.PoolManager):
    """Connections to servers, of which no head of an answer takes longer than the time-out for a read.

    Args:
        options: as of `urllib3.PoolManager`; each request says its time-out.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.pool_classes_by_scheme = {"http": HTTPConnectionPool, "https": HTTPSConnectionPool}


def read_within(answer: urllib3.BaseHTTPResponse, most: int, seconds: float) -> bytes:
    """The body of an answer as it was sent, and not more of it than one byte above `most`.

    Args:
        answer: not read yet.
        most: bytes.
        seconds: that it may take.

    Raises:
        TimeoutError: it took longer.
        urllib3.exceptions.HTTPError: it broke off.
    """
    until, left = time.monotonic() + seconds, most + 1
    pieces: list[bytes] = []
    while left and (piece := answer.read1(min(_AT_ONCE, left), decode_content=False)):
        pieces.append(piece)
        left -= len(piece)
        if time.monotonic() > until:
            raise TimeoutError("it sends too slowly")
    return b"".join(pieces)
