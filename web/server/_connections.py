"""A connection and what is answered on it, as waitress lets it be shaped: deadlines, refusals, the log.

What waitress itself refuses, such as a request that cannot be read, is answered as everything else is: as
problem+json, with our headers, and so that the answer arrives although more is still being sent.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import time
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask
from werkzeug.exceptions import InternalServerError

from kg.messages.message import Message
from web.app import log
from web.app.context import GONE
from web.app.cors import MAX_ADDRESS
from web.app.encoding import JOINED
from web.app.guard import bare_problem, too_long
from web.app.i18n import Refusal

MAX_HEAD = MAX_ADDRESS + 34_000  # bytes of the first line and the headers
_DRAINED = 1 << 20
# Bytes offered to the system at once: of more it often takes but a part, and all was copied.
_PIECE = 1 << 16
_OUTSIDE_ASCII = re.compile(rb"[\x80-\xff]+")
_RESET = struct.pack("ii", 1, 0)


class SiteRequest(HTTPRequestParser):  # type: ignore[misc]
    """A request; an address may hold UTF-8 as it was typed, as curl sends it."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers."""
        first, newline, rest = header_plus.partition(b"\r\n")
        super().parse_header(_OUTSIDE_ASCII.sub(_percent, first) + newline + rest)


def _percent(found: re.Match[bytes]) -> bytes:
    return quote(found[0]).encode()


class SiteAnswer(WSGITask):  # type: ignore[misc]
    """The answer of the site to a request."""

    def service(self) -> None:
        """Make the answer, and log it if requests are logged."""
        began = time.perf_counter()
        if self.channel.last:  # so that the client asks no more on this connection
            super().set_close_on_finish()
        try:
            super().service()
        finally:
            if self.environ and log.is_written():
                taken = timedelta(seconds=time.perf_counter() - began)
                sent = self.content_bytes_written or (self.content_length or 0) * self.has_body
                log.write(log.line(self.environ, self.status, sent, taken))

    def write(self, data: bytes) -> None:
        """Send the head of the answer with its body, if the body is short: a packet, where waitress makes two."""
        channel = self.channel
        if self.wrote_header or not data or len(data) > JOINED:
            super().write(data)
            return
        channel.holding = True
        try:
            super().write(data)
        finally:
            channel.let_go()

    def get_environment(self) -> dict[str, Any]:
        """What WSGI says of a request, and how one may learn that its client is gone."""
        environ: dict[str, Any] = super().get_environment()
        environ[GONE] = self.channel.gone
        return environ

    def set_close_on_finish(self) -> None:
        """Close the connection afterwards, but not because an answer has no body, as waitress would."""
        if self.has_body or self.version != "1.1" or self.request.connection_close:
            super().set_close_on_finish()


class Refused(ErrorTask):  # type: ignore[misc]
    """The answer to a request that cannot be read."""

    def execute(self) -> None:
        """Say why, and close."""
        problem, headers, body = bare_problem(_refusal(self.request))
        self.status, self.response_headers = f"{problem.status} {problem.title}", headers
        self.content_length = len(body)
        self.set_close_on_finish()
        self.channel.lingers = True
        self.write(body)


def _refusal(request: Any) -> Exception:
    status: int = request.error.code
    match status:
        case 413:
            return Refusal(413, Message("the request is larger than this service reads"))
        case 431 if b"\n" not in request.header_plus:
            return too_long()
        case 431:
            return Refusal(
                431, Message("the headers are longer than %(most)s bytes", most=MAX_HEAD)
            )
        case 501:
            return Refusal(501, Message("only the transfer coding “chunked” is known here"))
        case 500:
            return InternalServerError()
    return Refusal(400, Message("this is no request of HTTP that can be read"))


class Connection(HTTPChannel):  # type: ignore[misc]
    """A connection with a client."""

    parser_class, task_class, error_task_class = SiteRequest, SiteAnswer, Refused
    # What still comes is to be read before it is closed, or the answer would be lost
    lingers = False
    begun = 0.0  # when the request that is coming began
    sent = 0  # bytes
    # When it was last looked at while something was to be sent, and what had been sent
    seen = (0.0, 0)
    served = False  # whether a request ever came
    holding = False  # whether what is written waits for what comes next
    last = False  # whether it ends with the next answer
    _draining = 0
    _head = b""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.sendbuf_len = _PIECE

    @property
    def idle(self) -> bool:
        """Whether nothing is asked, answered or sent, nor has come and is still to be read."""
        busy = self.requests or self.request or self.total_outbufs_len
        return not busy and not self._next_byte()

    @property
    def receiving(self) -> bool:
        """Whether a request has begun to come."""
        return self.request is not None and not self.requests

    def write_soon(self, data: Any) -> int:
        """Send bytes as soon as may be, or take them to be sent with the next ones."""
        if not self.holding:
            return int(super().write_soon(data))
        self._head += data
        return len(data)

    def let_go(self) -> None:
        """Send what was held."""
        self.holding, data, self._head = False, self._head, b""
        super().write_soon(data)

    def received(self, data: bytes) -> bool:
        """Take what has come."""
        if self.request is None:
            self.begun = time.monotonic()
        self.served = True
        return bool(super().received(data))

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send what the system takes at once."""
        number = int(super().send(data, do_close))
        self.sent += number
        return number

    def gone(self) -> bool:
        """Whether the client has hung up."""
        return self._next_byte() == b""

    def _next_byte(self) -> bytes | None:
        """What would be read next; nothing where the client has hung up, None where none has come."""
        try:
            flags = socket.MSG_PEEK | socket.MSG_DONTWAIT
            return self.socket.recv(1, flags) if self.connected else b""
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def cut(self) -> None:
        """Close at once, whatever was still to be sent."""
        if not self.connected:
            return
        with contextlib.suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.handle_close()

    def readable(self) -> bool:
        """Whether what comes is to be read."""
        return bool(self._draining or super().readable())

    def handle_read(self) -> None:
        """Read what has come."""
        if not self._draining:
            super().handle_read()
            return
        data = self.recv(self.adj.recv_bytes)
        self._draining -= len(data)
        if not data or self._draining <= 0:
            self.handle_close()

    def handle_write(self) -> None:
        """Send what is to be sent; having refused, listen for a while before closing."""
        if not (self.lingers and self.close_when_flushed):  # type: ignore[has-type]
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if not self.total_outbufs_len and not self.will_close:
            self.close_when_flushed = False
            self._draining, self.begun = _DRAINED, time.monotonic()
            self.socket.shutdown(socket.SHUT_WR)

    @property
    def draining(self) -> bool:
        """Whether it is refused, and only listened to."""
        return self._draining > 0
