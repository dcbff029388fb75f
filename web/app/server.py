"""What gunicorn runs requests with: its threads, longer addresses, and our own words where it refuses.

gunicorn caps the first line of a request at 8,190 bytes, too few for a query in the address, and
answers a longer one with a page of its own.
"""

from __future__ import annotations

import contextlib
import socket
from typing import Any

import msgspec
from gunicorn.http import message
from gunicorn.http.errors import LimitRequestLine

from kg.messages.message import Message
from web.app._slow_clients import PatientWorker
from web.app.caching import SECURITY
from web.app.cors import CORS, MAX_ADDRESS
from web.app.errors import problem_of
from web.app.i18n import Refusal
from web.app.negotiate import PROBLEM

MAX_LINE = MAX_ADDRESS + 1_500  # method, path and version; what is longer by less, the site refuses
_DRAINED = 1 << 20

message.MAX_REQUEST_LINE = MAX_LINE


class Worker(PatientWorker):
    """The worker of the site."""

    def init_process(self) -> None:
        """Raise the cap, which gunicorn checks for each request."""
        self.cfg.set("limit_request_line", MAX_LINE)
        super().init_process()

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer a request that could not be read."""
        if not isinstance(exc, LimitRequestLine):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Invalid request from ip=%s: the address is too long", (addr or [""])[0])
        with contextlib.suppress(OSError):
            _drain(client)
            client.sendall(_too_long())


def _drain(client: socket.socket) -> None:
    """Read what is still coming: closing over unread bytes would lose the answer."""
    client.settimeout(0.2)
    left = _DRAINED
    with contextlib.suppress(TimeoutError):
        while left > 0 and (data := client.recv(1 << 16)):
            left -= len(data)


def _too_long() -> bytes:
    problem = problem_of(
        Refusal(
            414, Message("the address is longer than %(most)s bytes; use POST", most=MAX_ADDRESS)
        )
    )
    body = msgspec.json.format(msgspec.json.encode(problem)) + b"\n"
    headers = {
        **SECURITY,
        **CORS,
        "Content-Type": PROBLEM,
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Connection": "close",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 414 URI Too Long\r\n{head}\r\n".encode() + body
