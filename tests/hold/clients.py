"""Bad clients, and what others meanwhile get: for trials on a server of one's own, on this machine alone.

    python -m tests.hold.clients URL [NUMBER] [SECONDS]

All is bounded: so many sockets, so many seconds, and it ends by itself.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import itertools
import json
import select
import socket
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlsplit

PAGES = ("/", "/about", "/search?q=llama", "/changes", "/-/ready")
SLOW = "SELECT (COUNT(*) AS ?n) {?a ?b ?c . ?d ?e ?f . ?g ?h ?i}"
_LARGE = b"GET /data/graph.nq HTTP/1.1\r\nHost: a\r\n\r\n"
_HEAD = b"GET /about HTTP/1.1\r\nHost: a\r\nX-Slow: "
_BODY = (
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
    b"Content-Length: 50000\r\n\r\n#"
)
_CHUNKED = (
    b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)
# what a bad client sends first, and then every half second; whether it reads a little then
KINDS: dict[str, tuple[bytes, bytes, bool]] = {
    "silent": (b"", b"", False),
    "head drop by drop": (_HEAD, b"a", False),
    "body drop by drop": (_BODY, b"#", False),
    "chunks drop by drop": (_CHUNKED, b"1\r\n#\r\n", False),
    "half a request": (_HEAD, b"", False),
    "not reading": (_LARGE, b"", False),
    "reading a little": (_LARGE, b"", True),
}


class Figures(NamedTuple):
    """What others got."""

    asked: int
    failed: int
    p50: float  # seconds
    p99: float
    most: float


def connect(url: str) -> socket.socket:
    """A connection that takes little at a time.

    Raises:
        ValueError: the server is not on this machine.
    """
    there = urlsplit(url)
    host = there.hostname or ""
    if not ipaddress.ip_address(host).is_loopback:
        raise ValueError("only a server on this machine is tried so")
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    sock.settimeout(5)
    sock.connect((host, there.port or 80))
    return sock


@contextlib.contextmanager
def bad_clients(
    url: str, number: int, kinds: Sequence[str] = tuple(KINDS)
) -> Iterator[Counter[str]]:
    """So many bad clients, of each kind as many; who is cut off comes again. How often that was, by kind."""
    cut: Counter[str] = Counter()
    stop = threading.Event()
    chosen = list(itertools.islice(itertools.cycle(kinds), number))
    sockets: list[socket.socket | None] = [None] * number

    def begin(place: int) -> None:
        with contextlib.suppress(OSError):
            sock = connect(url)
            sockets[place] = sock
            sock.sendall(KINDS[chosen[place]][0])
            sock.setblocking(False)

    def go_on(place: int) -> None:
        sock, (_, more, reads) = sockets[place], KINDS[chosen[place]]
        if sock is None:
            begin(place)
            return
        try:
            if more:
                sock.send(more)
            if (reads or chosen[place] != "not reading") and not sock.recv(64):
                raise ConnectionResetError
        except BlockingIOError:
            return
        except OSError:
            cut[chosen[place]] += 1
            sock.close()
            sockets[place] = None

    def work() -> None:
        while not stop.wait(0.5):
            for place in range(number):
                go_on(place)

    for place in range(number):
        begin(place)
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield cut
    finally:
        stop.set()
        thread.join()
        for sock in sockets:
            if sock:
                sock.close()


@contextlib.contextmanager
def slow_queries(url: str, threads: int) -> Iterator[Counter[int]]:
    """One address that asks slow queries without end, so many at once; the statuses it gets."""
    got: Counter[int] = Counter()
    stop = threading.Event()
    path = "/sparql?format=json&query=" + quote(SLOW)

    def work() -> None:
        while not stop.is_set():
            got[fetch(url, path, "127.0.0.2", 60, stop)] += 1
            stop.wait(0.05)

    working = [threading.Thread(target=work) for _ in range(threads)]
    for thread in working:
        thread.start()
    try:
        time.sleep(2)
        yield got
    finally:
        stop.set()
        for thread in working:
            thread.join()


def fetch(
    url: str, path: str, source: str, patience: float, stop: threading.Event | None = None
) -> int:
    """Ask for a page from an address of this machine; its status, 0 if there is no answer.

    Args:
        url, path: what is asked.
        source: from where.
        patience: seconds.
        stop: hangs up when it is set.
    """
    there = urlsplit(url)
    client = http.client.HTTPConnection(
        there.hostname or "", there.port, timeout=patience, source_address=(source, 0)
    )
    try:
        client.request("GET", path, headers={"Accept": "text/html, */*;q=0.1"})
        while stop and client.sock and not select.select([client.sock], [], [], 0.1)[0]:
            if stop.is_set():
                return 0
        answer = client.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        client.close()


def ask_pages(
    url: str, seconds: float, pages: Sequence[str] = PAGES, patience: float = 30
) -> Figures:
    """Ask for pages in turn, as another client, for so many seconds; what it got."""
    taken, failed = [], 0
    until = time.monotonic() + seconds
    for page in itertools.cycle(pages):
        if time.monotonic() >= until and len(taken) >= len(pages):
            break
        began = time.perf_counter()
        failed += fetch(url, page, "127.0.0.3", patience) != 200
        taken.append(time.perf_counter() - began)
    ranked = sorted(taken)
    p99 = ranked[min(len(ranked) - 1, int(len(ranked) * 0.99))]
    return Figures(len(taken), failed, statistics.median(taken), p99, ranked[-1])


def table(title: str, found: Figures, **more: object) -> str:
    """A line of figures."""
    parts = [f"{found.asked} asked", f"{found.failed} failed"]
    parts += [
        f"{name} {value * 1000:.0f} ms"
        for name, value in zip(("p50", "p99", "max"), found[2:], strict=True)
    ]
    return " | ".join([title, *parts, *(f"{name}: {value}" for name, value in more.items())])


def main(url: str, number: str = "500", seconds: str = "30") -> None:
    """Try a server that runs."""
    print(table("before", ask_pages(url, 5)))
    with bad_clients(url, int(number)) as cut:
        print(
            table(f"{number} bad clients", ask_pages(url, float(seconds), patience=5)), flush=True
        )
    print(json.dumps(cut))
    with slow_queries(url, 8) as got:
        for name, pages in (("ready", ("/-/ready",)), ("query", ("/sparql?query=ASK%7B%7D",))):
            print(
                table(f"8 threads of slow queries: {name}", ask_pages(url, 10, pages)), flush=True
            )
        models = [
            f"/model/{name}" for name in ("alpaca-7b", "llama-7b", "vicuna-7b-v1.5", "qwen2-7b")
        ]
        found = ask_pages(url, float(seconds), [*PAGES, *models])
        print(table("8 threads of slow queries: pages", found), flush=True)
    print(json.dumps(got))


if __name__ == "__main__":
    main(*sys.argv[1:])
