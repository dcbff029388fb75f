"""Bad clients and endless queries: others get their pages all the same. Figures are printed, times not judged."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hold.clients import PAGES, ask_pages, bad_clients, fetch, slow_queries, table
from tests.web.server.test_serve import served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def url(snapshot_home: Path) -> Iterator[str]:
    with served(snapshot_home) as address:
        ask_pages(address, 1)
        yield address


def test_five_hundred_bad_clients(url: str) -> None:
    with bad_clients(url, 500) as cut:
        found = ask_pages(url, 30)
    print(table("500 bad clients", found, cut=dict(cut)))
    assert found.failed == 0
    assert cut.total() > 0, "none was cut off"


@pytest.mark.parametrize("threads", [3, 8])
def test_slow_queries_of_one_client(url: str, threads: int) -> None:
    with slow_queries(url, threads) as got:
        pages = ask_pages(url, 15)
        ready = ask_pages(url, 5, ["/-/ready"])
        query = ask_pages(url, 5, ["/sparql?query=ASK%7B%7D"])
    for name, found in (("pages", pages), ("ready", ready), ("a query of another", query)):
        print(table(f"{threads} slow queries: {name}", found, statuses=dict(got)))
        assert found.failed == 0
    assert not got.keys() - {0, 429, 503, 504}


def test_a_process_killed_while_others_ask(url: str) -> None:
    """A request that the dead process had taken is lost with it; all that come after are answered."""
    port = url.rpartition(":")[2]
    listed = subprocess.run(["pgrep", "-f", f"serve --port {port}"], capture_output=True)
    _, *workers = sorted(map(int, listed.stdout.split()))  # the first is who starts them
    failed: list[float] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            if fetch(url, "/about", "127.0.0.4", 30) != 200:
                failed.append(time.monotonic())

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    killed = time.monotonic()
    os.kill(max(workers), signal.SIGKILL)
    time.sleep(5)
    stop.set()
    for thread in threads:
        thread.join()
    print(f"killed a process: {len(failed)} requests lost")
    assert len(failed) <= len(threads)
    assert all(moment < killed + 2 for moment in failed)
    assert ask_pages(url, 1, PAGES).failed == 0
