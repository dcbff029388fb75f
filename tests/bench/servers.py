"""Servers under measure: ours as `gyebo serve` starts it, a constant route, others; and who asks them.

wrk asks where it is installed (Debian: wrk); else a small client of our own, which every row of its figures says.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from tests.bench.measure import ROOT, at, cpu_of, environment
from tests.waiting import free_port

JSON_RESULTS = {"Accept": "application/sparql-results+json"}
HTML = {"Accept": "text/html", "Accept-Encoding": "gzip"}
CONNECTIONS = 4
_READY_SECONDS = 300.0  # other stores load their data first
_CONSTANT = """
from flask import Flask
app = Flask(__name__)
@app.get("/<path:any>")
def constant(any):
    return app.response_class(b"x" * 7000, content_type="application/json")
"""
_LUA = """
local number = 0
request = function()
  number = number + 1
  return wrk.format("GET", (string.gsub("%s", "NUMBER", tostring(number))))
end
"""


class Server(NamedTuple):
    """A server that runs."""

    address: str
    session: int
    ready: float  # seconds from the start of its process to its first answer


class Load(NamedTuple):
    """What many requests at once came to."""

    rate: float  # a second
    p50: float  # ms
    p99: float
    cpu: float  # ms of the server for each
    client: str


@contextlib.contextmanager
def serving(
    command: Sequence[str], probe: str, cwd: Path = ROOT, **environ: str
) -> Iterator[Server]:
    """Run a server until it is no longer needed.

    Args:
        command: with {port} where the port goes.
        probe: a path that answers 200 when the server is ready.
        cwd: where it runs.
        environ: settings.

    Raises:
        RuntimeError: it ended, or never answered.
    """
    port = free_port()
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            [part.replace("{port}", str(port)) for part in command],
            cwd=cwd,
            env=environment(**environ),
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )
        try:
            address = f"127.0.0.1:{port}"
            while not _answers(address, probe):
                if process.poll() is not None or time.perf_counter() - start > _READY_SECONDS:
                    said.seek(0)
                    raise RuntimeError(
                        f"{command[0]}: {said.read()[-1000:].decode(errors='replace')}"
                    )
                time.sleep(0.01)
            yield Server(address, process.pid, time.perf_counter() - start)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _answers(address: str, probe: str) -> bool:
    try:
        connection = http.client.HTTPConnection(address, timeout=20)
        return ask(connection, probe) == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def gyebo(home: Path, workers: int, **settings: str) -> contextlib.AbstractContextManager[Server]:
    """Our server, as people start it."""
    command = [sys.executable, "-m", "kg.cli", "--home", str(home), "serve", "--port", "{port}"]
    return serving(
        [*command, "--workers", str(workers)],
        "/-/ready",
        GYEBO_SPARQL_CLIENT_SECONDS="0",
        **settings,
    )


@contextlib.contextmanager
def constant(workers: int) -> Iterator[Server]:
    """A Flask application that says a constant of 7,000 bytes, under gunicorn's own threads."""
    with tempfile.TemporaryDirectory(prefix="gyebo-bench-") as folder:
        (Path(folder) / "constant.py").write_text(_CONSTANT)
        command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:{port}"]
        command += ["--workers", str(workers), "--threads", "13", "--worker-class", "gthread"]
        command += ["--no-control-socket", "constant:app"]
        with serving(command, "/x", Path(folder)) as server:
            yield server


def ask(
    connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str] | None = None
) -> int:
    """Ask once; the status."""
    connection.request("GET", path, headers=dict(headers or {}))
    answer = connection.getresponse()
    answer.read()
    return answer.status


def cost(
    server: Server, paths: Sequence[str], headers: Mapping[str, str], status: int = 200
) -> float:
    """CPU milliseconds of a server for one of some answers, asked one after another."""
    connection = http.client.HTTPConnection(server.address, timeout=300)
    before = cpu_of(server.session)
    for path in paths:
        got = ask(connection, path, headers)
        assert got == status, (got, path)
    connection.close()
    return (cpu_of(server.session) - before) / len(paths) * 1e3


def load(
    server: Server,
    path: str,
    headers: Mapping[str, str],
    status: int,
    seconds: float,
    connections: int = CONNECTIONS,
) -> Load:
    """Ask over several connections at once; NUMBER in the path is another one each time."""
    drive = _wrk if shutil.which("wrk") else _own
    before = cpu_of(server.session)
    asked, rate, p50, p99 = drive(server.address, path, headers, status, seconds, connections)
    spent = (cpu_of(server.session) - before) / asked * 1e3
    return Load(rate, p50, p99, spent, "wrk" if drive is _wrk else "a client of our own, not wrk")


Driven = tuple[int, float, float, float]  # requests, a second, p50 and p99 in ms
_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


def _wrk(
    address: str,
    path: str,
    headers: Mapping[str, str],
    status: int,
    seconds: float,
    connections: int,
) -> Driven:
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds:.0f}s",
        "--latency",
        "--timeout",
        "60s",
    ]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        if "NUMBER" in path:
            script.write(_LUA % path.replace("%", "%%").replace('"', "%22"))
            script.flush()
            command += ["-s", script.name]
            path = "/"
        done = subprocess.run(
            [*command, f"http://{address}{path}"], capture_output=True, text=True, check=True
        )
    text = done.stdout
    requests = re.search(r"(\d+) requests in ([\d.]+)(us|ms|s|m)", text)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    assert requests and rate, text
    other = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    wrong = int(other[1]) if other else 0
    assert wrong == (0 if status == 200 else int(requests[1])), text
    assert "Socket errors" not in text, text
    slow = {share: _milliseconds(text, share) for share in ("50%", "99%")}
    return int(requests[1]), float(rate[1]), slow["50%"], slow["99%"]


def _milliseconds(text: str, share: str) -> float:
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s|m)", text)
    assert found, text
    return float(found[1]) * _UNITS[found[2]]


def _own(
    address: str,
    path: str,
    headers: Mapping[str, str],
    status: int,
    seconds: float,
    connections: int,
) -> Driven:
    taken: list[float] = []
    wrong: list[int] = []
    end = time.perf_counter() + seconds

    def work(place: int) -> None:
        connection = http.client.HTTPConnection(address, timeout=60)
        number = place
        while (start := time.perf_counter()) < end:
            got = ask(connection, path.replace("NUMBER", str(number)), headers)
            taken.append((time.perf_counter() - start) * 1e3)
            number += connections
            if got != status:
                wrong.append(got)
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken and not wrong, wrong[:5]
    taken.sort()
    return len(taken), len(taken) / (time.perf_counter() - began), at(taken, 0.5), at(taken, 0.99)


def address_of(id: str) -> str:
    """The path of an entity."""
    return f"/{quote(id)}"
