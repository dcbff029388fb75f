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
        data += _rest(source, _LENGTHS.size - len(data))
        data += _rest(source, _end(data) - len(data))  # nothing of most, which come at once
        start = _LENGTHS.size + _LENGTHS.unpack_from(data)[0]
        head = msgspec.json.decode(memoryview(data)[_LENGTHS.size : start])
        return WireMessage(head, data[start:], file)
    except BaseException:
        if file:
            file.close()
        raise


def _end(data: bytes) -> int:
    """Where a message ends, by its lengths."""
    head, body = _LENGTHS.unpack_from(data)
    return int(_LENGTHS.size + head + body)


def _descriptor(told: list[tuple[int, int, bytes]]) -> int:
    """The descriptor that came with a message."""
    return int.from_bytes(told[0][2][:_INT], sys.byteorder)


def _rest(source: socket.socket, size: int) -> bytes:
    """So many bytes, in as few pieces as may be: the memory of each is asked of the system and given back."""
    pieces = []
    while size > 0:
        pieces.append(source.recv(min(size, 1 << 20), socket.MSG_WAITALL))
        if not pieces[-1]:
            raise EOFError
        size -= len(pieces[-1])
    return b"".join(pieces)
