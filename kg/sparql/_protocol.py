"""What passes between a caller and a query process: a request, then an answer, over one socket.

A message is the lengths of its head and body, the head in JSON, the body. A long body stands in a
file without a name, whose descriptor travels with the head: it is never copied between processes.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
from typing import IO, Any, NamedTuple

import msgspec

_LENGTHS = struct.Struct("<IQ")
_CHUNK = 1 << 14  # bytes of one look; a larger buffer would be given back to the system each time
_INT = struct.calcsize("i")
_DESCRIPTOR = socket.CMSG_LEN(_INT)


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
    data, told, _, _ = source.recvmsg(_CHUNK, _DESCRIPTOR)
    file = os.fdopen(_descriptor(told), "rb") if told else None
    try:
        if len(data) < _LENGTHS.size or len(data) < _end(data):  # else it came at once, as most do
            received = bytearray(data)
            _fill(source, received, _LENGTHS.size)
            _fill(source, received, _end(received))
            data = bytes(received)
        start = _LENGTHS.size + _LENGTHS.unpack_from(data)[0]
        head = msgspec.json.decode(memoryview(data)[_LENGTHS.size : start])
        return WireMessage(head, data[start:], file)
    except BaseException:
        if file:
            file.close()
        raise


def _end(data: bytes | bytearray) -> int:
    """Where a message ends, by its lengths."""
    head, body = _LENGTHS.unpack_from(data)
    return int(_LENGTHS.size + head + body)


def _descriptor(told: list[tuple[int, int, bytes]]) -> int:
    """The descriptor that came with a message."""
    return int.from_bytes(told[0][2][:_INT], sys.byteorder)


def _fill(source: socket.socket, received: bytearray, size: int) -> None:
    while len(received) < size:
        data = source.recv(min(max(size - len(received), 1), 1 << 20))
        if not data:
            raise EOFError
        received += data
