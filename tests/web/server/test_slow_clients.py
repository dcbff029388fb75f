"""A hundred clients that send a byte at a time keep nobody else from an answer."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.web.server.test_serve import get, served

SLOW = 100
HEAD = b"GET /about HTTP/1.1\r\nHost: a\r\nX-Slow: " + b"a" * 4_000
BODY = (
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 5000\r\n\r\n" + b"#" * 4_000
)


@pytest.fixture(scope="module")
def url(snapshot_home: Path) -> Iterator[str]:
    with served(snapshot_home) as address:
        yield address


def connect(url: str) -> socket.socket:
    there = urlsplit(url)
    return socket.create_connection((there.hostname or "", there.port or 0), timeout=20)


@contextlib.contextmanager
def slow(url: str, text: bytes) -> Iterator[list[int]]:
    """SLOW connections, each of which sends one byte after the other; how many bytes were sent."""
    sockets = [connect(url) for _ in range(SLOW)]
    begun, stop, sent = threading.Event(), threading.Event(), [0]

    def drip() -> None:
        head = text.find(b"\r\n\r\n") + 4  # all but the body at once
        for sock in sockets:
            sock.sendall(text[: max(head, 1)])
        for place in range(max(head, 1), len(text)):
            for sock in sockets:
                with contextlib.suppress(OSError):  # the server may have had enough
                    sent[0] += sock.send(text[place : place + 1])
            begun.set()
            if stop.wait(0.05):
                return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        assert begun.wait(30)
        yield sent
    finally:
        stop.set()
        thread.join()
        for sock in sockets:
            sock.close()


@pytest.mark.parametrize("text", [HEAD, BODY], ids=["head", "body"])
def test_slow_clients_do_not_stop_the_site(url: str, text: bytes) -> None:
    with slow(url, text) as sent:
        for _ in range(5):
            before = sent[0]
            assert b"Gyebo" in get(url + "/about")
            assert b"bindings" in get(url + "/sparql?format=json&query=SELECT%20*%20%7B%7D")
        assert sent[0] >= before > 0, "the slow ones were still at it"


def test_clients_that_do_not_read_do_not_stop_the_site(url: str) -> None:
    """Threads are fewer than these; before, each of these held one."""
    sockets = []
    try:
        for _ in range(SLOW):
            sock = socket.socket()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            there = urlsplit(url)
            sock.connect((there.hostname or "", there.port or 0))
            sock.sendall(b"GET /data/graph.nq HTTP/1.1\r\nHost: a\r\n\r\n" * 20)
            sockets.append(sock)
        for _ in range(3):
            assert b"Gyebo" in get(url + "/about")
            assert b"bindings" in get(url + "/sparql?format=json&query=SELECT%20*%20%7B%7D")
            assert b"ready" in get(url + "/-/ready")
    finally:
        for sock in sockets:
            sock.close()


def test_a_request_in_pieces_is_answered(url: str) -> None:
    with connect(url) as sock:
        for piece in (
            b"GET /-/hea",
            b"lth HTTP/1.1\r",
            b"\nHost: a\r\nConnection: close\r\n\r",
            b"\n",
        ):
            sock.sendall(piece)
        assert b" 200 OK" in sock.makefile("rb").read()


def test_connections_are_kept_and_requests_may_follow_at_once(url: str) -> None:
    there = urlsplit(url)
    kept = http.client.HTTPConnection(there.hostname or "", there.port, timeout=20)
    for _ in range(3):
        kept.request("GET", "/-/health")
        assert b'"ok"' in kept.getresponse().read()
    kept.close()
    with connect(url) as sock:
        sock.sendall(
            b"GET /-/health HTTP/1.1\r\nHost: a\r\n\r\n" * 2
            + b"GET /-/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        )
        assert sock.makefile("rb").read().count(b"HTTP/1.1 200 OK") == 3


def test_bodies_of_every_kind_arrive(url: str) -> None:
    there = urlsplit(url)
    query = "SELECT * {} #" + "x" * 100_000  # longer than what is collected
    kinds = {"Content-Type": "application/sparql-query", "Accept": "text/csv"}
    for body, chunked in ((query.encode(), False), (iter([b"SELECT * {", b"}"]), True)):
        client = http.client.HTTPConnection(there.hostname or "", there.port, timeout=20)
        client.request("POST", "/sparql", body, kinds, encode_chunked=chunked)
        assert client.getresponse().status == 200
        client.close()
    with connect(url) as sock:  # waits for leave to send
        sock.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 11\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        answer = sock.makefile("rb")
        assert b"100 Continue" in answer.readline()
        sock.sendall(b"SELECT * {}")
        assert b" 200 OK" in answer.read()


@pytest.mark.parametrize(
    "junk",
    [
        b"\x00" * 200_000,
        b"GET " + b"/" * 200_000,
        b"x\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 50_000 + b"\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 9999999999999\r\n\r\n",
    ],
)
def test_junk_is_refused_and_the_site_goes_on(url: str, junk: bytes) -> None:
    with connect(url) as sock, contextlib.suppress(OSError):
        sock.sendall(junk)
        sock.shutdown(socket.SHUT_WR)
        assert b" 200 OK" not in sock.makefile("rb").read()
    assert b"Gyebo" in get(url + "/about")
