"""A worker that gives no thread to a client that is still writing its request.

gunicorn hands a connection to one of its few threads at the first byte, and the thread then waits for the
rest as long as it takes: some tens of clients that send a byte now and then would stop the site. Here the
one thread that watches all connections collects the head of a request, and a body that is short, and only
then lets a thread work on it. Who does not get done within a few seconds is cut off. What cannot be
collected so (a long body, or one that waits for leave to be sent) is read by its thread under a deadline.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from functools import partial

from gunicorn.http.errors import NoMoreData
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = (
    10.0  # from the first byte of a request, or the connection, to the last byte collected
)
BODY_SECONDS = 20.0  # for what a thread reads itself
MOST = 1 << 16  # bytes of a body that are collected; a longer one is read by its thread
_HEAD_MOST = 1 << 17  # a head without an end beyond this is for the parser to refuse
_PIECE = 1 << 16
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]{1,12})[ \t]*\r$", re.IGNORECASE | re.MULTILINE)
_WAITS = re.compile(rb"^expect:", re.IGNORECASE | re.MULTILINE)


class Collected:
    """What has come of a request so far.

    >>> coming = Collected()
    >>> coming.add(b"POST / HTTP/1.1\\r\\nContent-Length: 3\\r\\n\\r"), coming.add(b"\\nab"), coming.add(b"c")
    (False, False, True)
    """

    def __init__(self) -> None:
        self.data = bytearray()
        self._wanted = 0  # bytes; 0 while the head has no end

    def add(self, data: bytes) -> bool:
        """Add bytes; whether a thread can start: it has all of the request, or must fetch the rest itself."""
        start = max(0, len(self.data) - len(_END) + 1)
        self.data += data
        if not self._wanted:
            end = self.data.find(_END, start)
            if end < 0:
                return len(self.data) > _HEAD_MOST
            self._wanted = end + len(_END) + _length(bytes(self.data[:end]))
        return len(self.data) >= self._wanted


def _length(head: bytes) -> int:
    """How much of the body is to be collected."""
    found = _LENGTH.search(head + b"\r")
    length = int(found[1]) if found and not _WAITS.search(head) else 0
    return length if length <= MOST else 0


class _Unreader(SocketUnreader):  # type: ignore[misc]
    """Reads a socket until a deadline that begins with the first read of a request."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self.until: float | None = None

    def chunk(self, size_hint: int | None = None) -> bytes:
        """The next bytes.

        Raises:
            NoMoreData: the client took too long.
        """
        now = time.monotonic()
        self.until = self.until or now + BODY_SECONDS
        if self.until <= now:
            raise NoMoreData
        self.sock.settimeout(self.until - now)
        try:
            return bytes(super().chunk(size_hint))
        except TimeoutError as error:
            raise NoMoreData from error
        finally:
            self.sock.settimeout(None)


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, whose threads meet whole requests only; not for TLS, which a proxy ends."""

    def enqueue_req(self, conn: TConn) -> None:
        """Collect what a connection sends next; what of it has been read already counts."""
        conn.collected = Collected()
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + HEAD_SECONDS
        if conn.parser and conn.collected.add(conn.parser.unreader.take_buffered()):
            self._start(conn)
            return
        self.pending_conns.append(conn)  # in the order of their deadlines, as it is looked through
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._collect, conn))

    def _collect(self, conn: TConn, client: socket.socket) -> None:
        """Take what has come, and start on it when it is enough."""
        try:
            data = client.recv(_PIECE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data and not conn.collected.add(data):
            return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        if data:
            self._start(conn)
        else:  # the client is gone
            self.nr_conns -= 1
            conn.close()

    def _start(self, conn: TConn) -> None:
        """Let a thread answer the request."""
        conn.init()
        if not isinstance(conn.parser.unreader, _Unreader):
            conn.parser.unreader = _Unreader(conn.sock)
        conn.parser.unreader.until = None
        conn.parser.unreader.unread(bytes(conn.collected.data))
        conn.data_ready = True
        super().enqueue_req(conn)
