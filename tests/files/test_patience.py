"""Answers that drip take no longer than somebody waits."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import pytest
import urllib3

from kg.files.patience import PatientPool, read_within

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n"


@contextmanager
def dripping(begin: bytes) -> Iterator[str]:
    """A server that sends the beginning of an answer, and the rest in drops."""

    def answer() -> None:
        with suppress(OSError), closing(server.accept()[0]) as connection:
            connection.recv(9999)
            connection.sendall(begin)
            for _ in range(400):
                connection.sendall(b"x")
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            thread.join()


def fetch(url: str, most: int, seconds: float) -> bytes:
    timeout = urllib3.Timeout(connect=60, read=seconds)
    with PatientPool(retries=False) as pool:
        answer = pool.request("GET", url, timeout=timeout, preload_content=False)
        with closing(answer):
            return read_within(answer, most, seconds)


@pytest.mark.parametrize("begin", [b"", HEAD[:20], HEAD], ids=["nothing", "half a head", "a head"])
def test_whatever_drips_is_given_up(begin: bytes) -> None:
    with (
        dripping(begin) as url,
        pytest.raises((TimeoutError, urllib3.exceptions.ReadTimeoutError)),
    ):
        fetch(url, 1000, 0.5)


def test_no_more_is_read_than_is_wanted_and_one_byte() -> None:
    with dripping(HEAD + b"y" * 100) as url:
        assert fetch(url, 50, 60) == b"y" * 51
