"""What an answer costs the server beside a route that says a constant; one run, CPU of whole process trees, ratios.

    python -m tests.bench.bench_http [HOME]      default: the repository's data, built first

The server runs as `gyebo serve` does, with one worker; the constant is a Flask application under gunicorn's own
worker, whose answer has seven thousand bytes. Rounds take turns; the least counts. "Anew" are addresses that
were not asked before, "again" is one that was.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from kg.snapshot.snapshot import Snapshot
from tests.bench.bench_sparql import POINT, cpu_of, running
from tests.shared_build import build_home

ROUNDS, TIMES = 4, 300
TARGETS = {"model JSON again": 1.3, "SPARQL point again": 1.5, "SPARQL point anew": 1.5}
PAGE = {"Accept": "text/html", "Accept-Encoding": "gzip"}
_CONSTANT = """
from flask import Flask
app = Flask(__name__)
@app.get("/<path:any>")
def constant(any):
    return app.response_class(b"x" * 7000, content_type="application/json")
"""
_COMMANDS = {
    "show": ("show", "llama-7b"),
    "license": ("license", "llama-7b", "--fail-on", "never"),
    "search": ("search", "llama"),
    "lineage": ("lineage", "llama-7b"),
    "ingest --list": ("ingest", "--list"),
}


def get(connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]) -> int:
    """Ask once; the status."""
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    answer.read()
    return answer.status


def cost(
    server: tuple[str, int], paths: Iterator[str], headers: Mapping[str, str], statuses: set[int]
) -> float:
    """CPU milliseconds of the server for one answer."""
    address, session = server
    connection = http.client.HTTPConnection(address, timeout=120)
    get(connection, next(paths), headers)
    before = cpu_of(session)
    asked = 0
    for asked, path in enumerate(itertools.islice(paths, TIMES), 1):  # noqa: B007
        assert get(connection, path, headers) in statuses, path
    connection.close()
    return (cpu_of(session) - before) / asked * 1000


def cases(home: Path, number: int) -> dict[str, tuple[Iterator[str], Mapping[str, str], set[int]]]:
    """What is asked in a round: addresses one after another, headers, and the statuses that are right."""
    with Snapshot.current(home) as snapshot:
        start, end = snapshot.kind_range("model")
        ids = [snapshot.lines.id(n) for n in range(start, end)]
    share = len(ids) // ROUNDS  # each round has its own, as answers are kept
    ids = ids[number * share : (number + 1) * share]
    model = f"/{quote(ids[-1])}"
    points = (f"/sparql?{urlencode({'query': POINT % quote(id), 'format': 'json'})}" for id in ids)
    point = next(points)
    ok = {200}
    return {
        "model JSON again": (itertools.repeat(f"{model}.json"), {}, ok),
        "model JSON anew": ((f"/{quote(id)}.json" for id in ids), {}, ok),
        "model page again": (itertools.repeat(model), PAGE, ok),
        "model page anew": ((f"/{quote(id)}" for id in ids), PAGE, ok),
        "search page again": (itertools.repeat("/search?q=llama"), PAGE, ok),
        "lineage JSON again": (itertools.repeat(f"{model}/lineage.json"), {}, ok),
        "unchanged (304)": (itertools.repeat(model), PAGE | {"If-None-Match": "?"}, {304}),
        "unknown (404)": ((f"/{quote(id)}zz{n}" for n, id in enumerate(ids)), PAGE, {404}),
        "SPARQL point again": (itertools.repeat(point), {}, ok),
        "SPARQL point anew": (points, {}, ok),
    }


def report(home: Path, served: tuple[str, int], constant: tuple[str, int]) -> None:
    """Print a line for each kind of answer."""
    flat: list[float] = []
    found: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        flat.append(cost(constant, itertools.repeat("/x"), {}, {200}))
        for name, (paths, headers, statuses) in cases(home, number).items():
            if "If-None-Match" in headers:
                connection = http.client.HTTPConnection(served[0], timeout=120)
                connection.request("GET", next(paths), headers=PAGE)
                answer = connection.getresponse()
                answer.read()
                headers = PAGE | {"If-None-Match": answer.headers["ETag"]}
            found.setdefault(name, []).append(cost(served, paths, headers, statuses))
    print(f"constant route: {min(flat):.2f} ms CPU")
    for name, times in found.items():
        target = f" (target {TARGETS[name]})" if name in TARGETS else ""
        ratio = min(times) / min(flat)
        print(f"{name}: {min(times):.2f} ms CPU = {ratio:.2f} × the constant{target}", flush=True)


def report_memory(session: int) -> None:
    """What the processes of a session have to themselves."""
    for status in sorted(Path("/proc").glob("[0-9]*/smaps_rollup")):
        with contextlib.suppress(OSError):
            fields = (status.parent / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                dirty = re.search(r"Private_Dirty: +([0-9]+)", status.read_text())
                what = (status.parent / "cmdline").read_text().split("\0")[2]
                assert dirty
                print(f"private memory of {what}: {int(dirty[1]) / 1000:.0f} MB")


def report_commands(home: Path) -> None:
    """What commands cost, with their start."""
    for name, arguments in _COMMANDS.items():
        spent = []
        for _ in range(3):
            before = os.times()
            subprocess.run(
                [sys.executable, "-m", "kg.cli", *arguments],
                env=os.environ | {"GYEBO_HOME": str(home)},
                stdout=subprocess.DEVNULL,
                check=True,
            )
            after = os.times()
            spent.append(after[2] + after[3] - before[2] - before[3])
        print(f"gyebo {name}: {min(spent) * 1000:.0f} ms CPU from its start")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[1] if len(sys.argv) > 1 else folder).absolute()
        if len(sys.argv) < 2:
            build_home(home)
        (Path(folder) / "constant.py").write_text(_CONSTANT)
        command = [sys.executable, "-m", "gunicorn", "--workers", "1", "--threads", "13"]
        command += ["--no-control-socket", "--worker-class"]
        ours = [
            "web.server.worker.Worker",
            "--config",
            "python:web.server.hooks",
            "web:create_app()",
        ]
        settings = {"GYEBO_HOME": str(home), "GYEBO_SPARQL_CLIENT_SECONDS": "0"}
        with (
            running([*command, *ours], Path.cwd(), **settings) as served,
            running([*command, "gthread", "constant:app"], Path(folder)) as constant,
        ):
            report(home, served, constant)
            report_memory(served[1])
        report_commands(home)


if __name__ == "__main__":
    main()
