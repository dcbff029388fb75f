"""Servers that nodes share, for tests: a real one of Valkey or Redis on this machine, and such as go wrong."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import valkey

from tests.waiting import free_port, wait_until

PROGRAM = shutil.which("valkey-server") or shutil.which("redis-server")
needs_server = pytest.mark.skipif(
    not PROGRAM, reason="no valkey-server or redis-server is installed"
)
SECRET = "not so secret as it should be, as it stands in a test"
PATIENT = 10.0  # seconds: on a machine that is busy with other work nothing is to be taken for away


@contextlib.contextmanager
def server(folder: Path, port: int = 0, *options: str) -> Iterator[str]:
    """A real server; its address.

    Args:
        folder: where it may write.
        port: where it listens; 0 = anywhere.
        options: more of them, as on its command line.
    """
    assert PROGRAM
    port = port or free_port()
    command = [PROGRAM, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    process = subprocess.Popen(
        [*command, "--save", "", "--appendonly", "no", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with contextlib.closing(valkey.Valkey(port=port)) as client:
            wait_until(lambda: listens(client))
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


def listens(client: valkey.Valkey) -> bool:
    try:
        return bool(client.ping())
    except valkey.AuthenticationError:
        return True
    except valkey.ConnectionError:
        return False


Behavior = Callable[[socket.socket, threading.Event], None]


def says_nothing(client: socket.socket, over: threading.Event) -> None:
    over.wait()


def drips(client: socket.socket, over: threading.Event) -> None:
    """A long answer, a byte now and then: no single wait is long, and it never ends."""
    client.sendall(b"$900000\r\n")
    while not over.wait(0.02):
        client.sendall(b"x")


def talks_nonsense(client: socket.socket, over: threading.Event) -> None:
    while client.recv(4096):
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n<h1>no</h1>\r\n")


def nests(client: socket.socket, over: threading.Event) -> None:
    """An answer that holds an answer that holds an answer …"""
    while client.recv(4096):
        client.sendall(b"*1\r\n" * 50_000)


def floods(client: socket.socket, over: threading.Event) -> None:
    client.sendall(b"$100000000000\r\n")
    while not over.is_set():
        client.sendall(b"x" * 65_536)


def hangs_up(client: socket.socket, over: threading.Event) -> None:
    client.recv(1)


def refuses(client: socket.socket, over: threading.Event) -> None:
    while client.recv(4096):
        client.sendall(b"-ERR no, and \x1b[31m\x07\r\n")


BAD: tuple[Behavior, ...] = (says_nothing, drips, talks_nonsense, nests, floods, hangs_up, refuses)


@contextlib.contextmanager
def bad_server(behavior: Behavior) -> Iterator[str]:
    """A server on this machine that does something else to everybody; its address."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            behavior(client, over)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=serve, args=(client,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
