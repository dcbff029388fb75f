"""What passes between a caller and a query process: a request, then an answer, over one socket.

A message is the lengths of its head and body, the head in JSON, the body. A long body stands in a
file without a name, whose descriptor travels with the head: it is never copied between processes.
"""

from __future__ import annotations

import os
import socket
import struct
from typing import IO, Any, NamedTuple

import msgspec

_LENGTHS = struct.Struct("<IQ")
_CHUNK = 1 << 16


class WireMessage(NamedTuple):
    """A head, and a body in memory or in a file."""

    head: dict[str, Any]
    data: bytes = b""
    file: IO[bytes] | None = None


def send(to: socket.socket, message: WireMessage) -> None:
    """Send one message."""
    head = msgspec.json.encode(message.head)
    data = _LENGTHS.pack(len(head), len(message.data)) + head + message.data
    if message.file:
        sent = socket.send_fds(to, [data], [message.file.fileno()])
        data = data[sent:]
    to.sendall(data)


def receive(source: socket.socket) -> WireMessage:
    """Wait for one message.

    Raises:
        EOFError: the other side is gone.
    """
    data, descriptors, _, _ = socket.recv_fds(source, _CHUNK, 1)
    file = os.fdopen(descriptors[0], "rb") if descriptors else None
    try:
        received = bytearray(data)
        _fill(source, received, _LENGTHS.size)
        head, body = _LENGTHS.unpack_from(received)
        start = _LENGTHS.size + head
        _fill(source, received, start + body)
        return WireMessage(
            msgspec.json.decode(bytes(received[_LENGTHS.size : start])),
            bytes(received[start:]),
            file,
        )
    except BaseException:
        if file:
            file.close()
        raise


def _fill(source: socket.socket, received: bytearray, size: int) -> None:
    while len(received) < size:
        data = source.recv(min(max(size - len(received), 1), 1 << 20))
        if not data:
            raise EOFError
        received += data
