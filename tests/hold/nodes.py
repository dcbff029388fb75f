"""Nodes of the site behind Debian's nginx, set up as deploy/nginx says, and readers who ask without end: for trials.

Everything listens on this machine alone, and ends with the `with` in which it was begun.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.snapshot.layout import Layout
from tests.gendocs import ROOT
from tests.waiting import free_port, wait_until

DEPLOY = ROOT / "deploy"
_MAIN = """daemon off; pid {0}/pid; error_log {0}/errors; worker_processes 1;
events {{ worker_connections 512; }}
http {{ access_log off; client_body_temp_path {0}/body; proxy_temp_path {0}/proxy;
fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;
include {0}/nodes.conf; include {0}/gyebo.conf; }}
"""


class Node:
    """A server of its own, with a home of its own.

    Args:
        folder: what it may write into.
        settings: of its environment.
        source: a storage whose releases it follows.
    """

    def __init__(
        self, folder: Path, settings: Mapping[str, str] | None = None, source: str = ""
    ) -> None:
        self.home, self.port = folder / "home", free_port()
        self._settings = settings or {}
        self._source = ["--from", source] if source else []
        self._log = folder / "log"
        folder.mkdir(parents=True, exist_ok=True)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def take(self, snapshot: Path) -> float:
        """Take up a release that was built elsewhere: copied, then pointed at; when that was done."""
        layout = Layout(self.home)
        copied = layout.snapshots / snapshot.name
        shutil.copytree(snapshot, copied)
        for path in copied.rglob("*"):
            os.utime(path)  # as when it was fetched, each node at another time
        layout.publish(copied)
        return time.monotonic()

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        command = [sys.executable, "-m", "kg.cli", "--home", str(self.home)]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "serve", "--port", str(self.port), "--workers", "1", *self._source],
                cwd=ROOT,
                stderr=log,
                start_new_session=True,
                env=os.environ | {"GYEBO_PROXIES": "1", **self._settings},
            )
        process = self.process
        wait_until(lambda: process.poll() is not None or status(self.address, "/-/ready") == 200)
        if process.poll() is not None:
            raise RuntimeError(self._log.read_text("utf-8")[-2000:])

    def kill(self) -> None:
        """As when its machine loses power."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As when it is told to stop; it answers first what it was asked."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, how)
            process.wait(timeout=60)


@contextlib.contextmanager
def nodes_on(
    folder: Path, release: Path | str, number: int = 3, settings: Mapping[str, str] | None = None
) -> Iterator[list[Node]]:
    """So many nodes that serve a release.

    Args:
        folder: what they may write into.
        release: the folder of a snapshot, or the address of a storage that they follow.
        number: of nodes.
        settings: of their environment.
    """
    source = release if isinstance(release, str) else ""
    made = [Node(folder / str(place), settings, source) for place in range(number)]
    try:
        for node in made:
            if isinstance(release, Path):
                node.take(release)
            node.start()
        yield made
    finally:
        for node in made:
            node.stop()


@contextlib.contextmanager
def balancer(folder: Path, nodes: Sequence[Node]) -> Iterator[str]:
    """nginx before nodes, by the files of deploy/nginx but for ports; its address."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    write_balancer(folder, [node.address for node in nodes], str(port))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-p", folder, "-c", folder / "nginx.conf"])
    try:
        address = f"127.0.0.1:{port}"
        wait_until(lambda: status(address, "/-/ready") == 200)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def write_balancer(folder: Path, nodes: Sequence[str], port: str) -> None:
    """Write what nginx reads: nginx.conf, which takes in the files of deploy/nginx with these nodes and this port."""
    (folder / "nodes.conf").write_text(upstream(nodes))
    server = (DEPLOY / "nginx" / "gyebo.conf").read_text("utf-8")
    assert "listen 80;" in server
    (folder / "gyebo.conf").write_text(server.replace("listen 80;", f"listen 127.0.0.1:{port};"))
    (folder / "nginx.conf").write_text(_MAIN.format(folder))


def upstream(addresses: Sequence[str]) -> str:
    """deploy/nginx/nodes.conf with other nodes."""
    text = (DEPLOY / "nginx" / "nodes.conf").read_text("utf-8")
    line = re.compile(r"( *server )\S+( .*\n)")
    first = line.search(text)
    assert first
    lines = "".join(f"{first[1]}{address}{first[2]}" for address in addresses)
    return text[: first.start()] + lines + line.sub("", text[first.start() :])


def status(address: str, path: str) -> int:
    """The status of an answer; 0 if there is none."""
    try:
        with contextlib.closing(http.client.HTTPConnection(address, timeout=10)) as client:
            client.request("GET", path)
            answer = client.getresponse()
            answer.read()
            return answer.status
    except (OSError, http.client.HTTPException):
        return 0


class Asked(NamedTuple):
    """A request and what came of it."""

    path: str
    began: float
    status: int  # 0 = none
    release: str  # where the answer names it
    why: str = ""


class Readers:
    """Threads that ask an address without end, each over a connection that it keeps.

    Args:
        address: of the balancer.
        requests: method, path and body, in turn.
        threads: how many.
    """

    def __init__(
        self, address: str, requests: Sequence[tuple[str, str, str]], threads: int = 4
    ) -> None:
        self._address, self._requests = address, requests
        self.asked: list[Asked] = []
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, args=(place,)) for place in range(threads)
        ]

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def failed(self) -> list[Asked]:
        return [one for one in self.asked if one.status != 200]

    def _work(self, place: int) -> None:
        with contextlib.closing(http.client.HTTPConnection(self._address, timeout=60)) as client:
            for method, path, body in itertools.islice(
                itertools.cycle(self._requests), place, None
            ):
                if self._stop.is_set():
                    return
                self.asked.append(_ask(client, method, path, body))


def _ask(client: http.client.HTTPConnection, method: str, path: str, body: str) -> Asked:
    began = time.monotonic()
    headers = {"Content-Type": "application/sparql-query"} if body else {}
    try:
        client.request(method, path, body=body or None, headers=headers)
        answer = client.getresponse()
        text = answer.read()
        release = json.loads(text)["version"] if path == "/-/health" else ""
        return Asked(path, began, answer.status, release)
    except (OSError, http.client.HTTPException, ValueError) as error:
        client.close()
        return Asked(path, began, 0, "", repr(error))
