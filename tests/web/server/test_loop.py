"""What waits for connections: it wakes for what they wait for, from any thread, and for nothing that is closed."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from waitress.adjustments import Adjustments

from web.server._connections import Connection
from web.server._lanes import Lanes
from web.server._loop import Loop

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class Served:
    """A loop with connections whose requests are taken, and answered when a test says so."""

    def __init__(self, has_epoll: bool) -> None:
        self.asked: list[Connection] = []
        self.woken = 0
        self.sockets: dict[int, Connection] = {}
        self.loop = Loop(self.sockets, lambda: None, has_epoll)
        self.clients: list[socket.socket] = []
        self.server = SimpleNamespace(
            active_channels={},
            adj=Adjustments(ident=None),
            application=self._answer,
            add_task=self.asked.append,
            pull_trigger=self._wake,
            server_name="a",
            effective_host="a",
            effective_port="80",
        )

    def _wake(self) -> None:
        self.woken += 1

    @staticmethod
    def _answer(environ: object, start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    def connect(self) -> tuple[Connection, socket.socket]:
        ours, client = socket.socketpair()
        ours.setblocking(False)
        client.settimeout(5)
        self.clients.append(client)
        made = Connection(
            self.server, ours, ("", 0), self.server.adj, map=self.sockets, loop=self.loop
        )
        return made, client

    def turn(self, seconds: float = 0.05) -> float:
        began = time.monotonic()
        self.loop.turn(seconds)
        return time.monotonic() - began

    def close(self) -> None:
        for one in [*self.sockets.values()]:
            one.cut()
        for client in self.clients:
            client.close()
        self.loop.close()


@pytest.fixture(params=["epoll", "poll"])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    if request.param == "epoll" and not hasattr(select, "epoll"):
        pytest.skip("this system has no epoll")
    made = Served(request.param == "epoll")
    yield made
    made.close()


def test_a_request_is_read_and_answered_again_and_again(served: Served) -> None:
    connection, client = served.connect()
    for _ in range(3):
        client.sendall(HEAD)
        served.turn()
        assert served.asked == [connection]
        client.sendall(HEAD[:5])  # more comes before the answer: that is left where it is
        served.turn()
        assert served.asked == [connection]
        thread = threading.Thread(target=connection.service)
        thread.start()
        thread.join()
        assert client.recv(1000).endswith(b"ok")
        served.turn()  # now it is read
        client.sendall(HEAD[5:])
        served.turn()
        assert served.asked == [connection] * 2
        connection.service()
        assert client.recv(1000).endswith(b"ok")
        served.asked.clear()


def test_what_cannot_be_sent_at_once_is_sent_when_it_can(served: Served) -> None:
    connection, client = served.connect()
    body = b"x" * 3_000_000
    connection.requests.append(SimpleNamespace(close=lambda: None))  # it is being answered
    threading.Thread(target=connection.write_soon, args=(body,)).start()
    received = 0
    until = time.monotonic() + 20
    while received < len(body) and time.monotonic() < until:
        served.turn()
        received += len(client.recv(1 << 20)) if select.select([client], [], [], 0)[0] else 0
    assert received == len(body)
    assert served.turn(0.2) >= 0.15, "nothing is left to be sent, so it waits"


def test_a_client_that_hangs_up_is_forgotten_and_its_descriptor_is_the_next_ones(
    served: Served,
) -> None:
    connection, client = served.connect()
    descriptor = connection._fileno
    client.close()
    for _ in range(3):
        served.turn()
    assert not connection.connected and not served.sockets
    other, client = served.connect()
    assert other._fileno == descriptor
    connection._fileno = descriptor  # a thread that looked before it was closed
    connection.will_close = True
    served.loop.changed(connection)
    client.sendall(HEAD)
    served.turn()
    assert served.asked == [other]


def test_who_hangs_up_while_it_is_answered_is_not_told_of_for_ever(served: Served) -> None:
    connection, client = served.connect()
    client.sendall(HEAD)
    served.turn()
    client.close()
    assert served.turn(0.2) >= 0.15 and connection.connected
    connection.service()
    for _ in range(3):
        served.turn()
    assert not served.sockets


def test_the_thread_that_worked_last_works_next_and_none_is_lost() -> None:
    """Handed over by the thread that reads; others give at once."""
    worked: list[int] = []
    done = threading.Semaphore(0)

    def task(path: str = "/about") -> SimpleNamespace:
        def service() -> None:
            worked.append(threading.get_ident())
            done.release()

        request = SimpleNamespace(error=None, path=path)
        return SimpleNamespace(service=service, requests=[request], cancel=lambda: None)

    lanes = Lanes(3)
    try:
        for _ in range(20):
            lanes.add_task(task())
            assert not done.acquire(timeout=0)
            lanes.hand_over()
            assert done.acquire(timeout=5)
            time.sleep(0.01)  # until the thread rests
        assert len(set(worked)) <= 2
        for _ in range(200):
            lanes.add_task(task("/sparql"))
        threading.Thread(target=lanes.add_task, args=(task("/sparql"),)).start()
        assert done.acquire(timeout=5)
        lanes.hand_over()
        for _ in range(200):
            assert done.acquire(timeout=5)
        lanes.add_task(closed := task())
        closed.requests.clear()
        lanes.hand_over()
        assert not done.acquire(timeout=0.1), "it was closed before it was handed over"
    finally:
        lanes.shutdown()
