"""What passes between a caller and a query process arrives whole, whatever its length, or is missed."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from kg.sparql._protocol import _LENGTHS, WireMessage, receive, send


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        yield one, other


@pytest.mark.parametrize("size", [0, 1, 1 << 14, 300_000, (1 << 20) + 5])
def test_a_body_arrives_as_it_was_sent(
    ends: tuple[socket.socket, socket.socket], size: int
) -> None:
    one, other = ends
    sent = WireMessage({"words": "라마"}, bytes(n % 251 for n in range(size)))
    sender = threading.Thread(target=send, args=(one, sent))
    sender.start()
    assert receive(other) == sent
    sender.join()


def test_a_head_that_comes_byte_by_byte(ends: tuple[socket.socket, socket.socket]) -> None:
    one, other = ends
    there, here = socket.socketpair()
    with there, here:
        send(there, WireMessage({"a": 1}, b"body"))
        data = here.recv(1 << 12)
    got: list[WireMessage] = []
    receiver = threading.Thread(target=lambda: got.append(receive(other)))
    receiver.start()
    for place in range(len(data)):
        one.sendall(data[place : place + 1])
    receiver.join()
    assert got == [WireMessage({"a": 1}, b"body")]


@pytest.mark.parametrize("part", [0, 5, 13, 50_000])
def test_a_sender_that_ends_is_missed(ends: tuple[socket.socket, socket.socket], part: int) -> None:
    one, other = ends
    one.sendall((_LENGTHS.pack(2, 200_000) + b"{}" + b"x" * 200_000)[:part])
    one.close()
    with pytest.raises(EOFError):
        receive(other)
