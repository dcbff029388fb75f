"""Who is cut off, and when."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from waitress.adjustments import Adjustments

from web.server._connections import Connection
from web.server._patience import BODY_SECONDS, HEAD_SECONDS, WINDOW_SECONDS, Patience


class Told:
    """Takes the lines of a log."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def warning(self, text: str, *values: object) -> None:
        self.lines.append(text % values)


class Line:
    """A real connection, and the other end of it."""

    def __init__(self) -> None:
        ours, self.client = socket.socketpair()
        server = SimpleNamespace(
            active_channels={}, add_task=lambda _: None, pull_trigger=lambda: None
        )
        self.connection = Connection(server, ours, ("", 0), Adjustments(), map={})
        self.log = Told()
        self.patience = Patience(self.log, 100)

    def open_after(self, seconds: float) -> bool:
        self.connection.last_activity = time.time() - seconds
        self.patience.look([self.connection], time.monotonic() + seconds)
        return bool(self.connection.connected)


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.client.close()
    made.connection.cut()


def test_who_says_nothing_is_cut_off(line: Line) -> None:
    assert line.open_after(HEAD_SECONDS - 1)
    assert not line.open_after(HEAD_SECONDS + 1)


def test_who_sends_a_head_drop_by_drop_is_cut_off(line: Line) -> None:
    line.connection.received(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
    assert line.open_after(HEAD_SECONDS - 1)
    line.connection.received(b"a")
    assert not line.open_after(HEAD_SECONDS + 1)


def test_who_sends_a_body_drop_by_drop_is_cut_off(line: Line) -> None:
    line.connection.received(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\na")
    assert line.open_after(HEAD_SECONDS + 1)
    assert not line.open_after(BODY_SECONDS + 1)


def test_who_waits_for_an_answer_is_not(line: Line) -> None:
    line.connection.received(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert line.open_after(1_000)


def test_who_does_not_read_is_cut_off_and_told_of_once_a_minute(line: Line) -> None:
    line.connection.write_soon(b"x" * 5_000_000)
    assert line.connection.total_outbufs_len > 0
    assert line.open_after(0) and line.open_after(WINDOW_SECONDS - 1)
    assert not line.open_after(WINDOW_SECONDS + 1)
    line.patience.look([], time.monotonic() + 30)
    assert line.log.lines == []
    line.patience.look([], time.monotonic() + 61)
    assert line.log.lines == ["cut off since the last such line: 1 clients: 1 not reading"]
    line.patience.look([], time.monotonic() + 200)
    assert len(line.log.lines) == 1


def test_who_reads_slowly_but_reads_is_not(line: Line) -> None:
    line.connection.write_soon(b"x" * 5_000_000)
    assert line.open_after(0)
    read = 0
    while read < 1_000_000:
        read += len(line.client.recv(1 << 16))
        line.connection.handle_write()
    assert line.open_after(WINDOW_SECONDS + 1)


def test_patience_is_shorter_where_there_is_little_room(line: Line) -> None:
    crowd = [line.connection] * 80
    line.connection.last_activity = time.time() - HEAD_SECONDS / 2
    line.patience.look(crowd[:50], time.monotonic())
    assert line.connection.connected
    line.patience.look(crowd, time.monotonic())
    assert not line.connection.connected
