"""What the endpoint costs beside the engine alone; one run, CPU seconds of whole process trees, ratios.

    python -m tests.bench.bench_sparql [HOME]      default: a synthetic Hub of 10,000 models

The server runs as `gyebo serve` does, with one process; its CPU is that of all its processes. Alone
means pyoxigraph in a process of its own, serializing into memory. Rounds take turns; the least counts.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import rdflib

from kg.snapshot.records import Records
from tests.bench.synth import write_run
from tests.shared_build import build_home
from tests.web.server.test_serve import free_port

ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 100000"
POINT = "SELECT ?p ?o { <http://127.0.0.1:8000/%s> ?p ?o } LIMIT 5"
_PREFIXES = (
    "PREFIX kg: <https://w3id.org/gyebo/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)
COMPARED = {
    "children by parent": _PREFIXES
    + """SELECT ?p (COUNT(?m) AS ?n) { ?m kg:derivedFrom ?p }
        GROUP BY ?p ORDER BY DESC(?n) LIMIT 20""",
    "parents of another license": _PREFIXES
    + """SELECT ?m ?p ?a ?b { ?m kg:derivedFrom ?p ;
        kg:license ?a . ?p kg:license ?b FILTER(?a != ?b) }""",
    "ancestors": _PREFIXES + """SELECT ?m ?a { ?m kg:derivedFrom+ ?a }""",
}
ROUNDS, POINTS = 5, 1_000

_CONSTANT = """
from flask import Flask
app = Flask(__name__)
@app.get("/sparql")
def constant():
    return app.response_class(b'{"head":{"vars":["p","o"]},"results":{"bindings":[]}}',
                              content_type="application/sparql-results+json")
"""


def cpu_of(session: int) -> float:
    """CPU seconds of all processes of a session, and of the children they have waited for."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(command: list[str], folder: Path, **environ: str) -> Iterator[tuple[str, int]]:
    """A server: its address and session."""
    port = free_port()
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}"],
        cwd=folder,
        env=os.environ | environ,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError, http.client.HTTPException):
                fetch(f"127.0.0.1:{port}", "/sparql?format=json&query=ASK%7B%7D")
                break
            time.sleep(0.1)
        yield f"127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


def fetch(address: str, path: str, times: int = 1) -> int:
    """Get an address so often over one connection; the bytes of the last answer."""
    connection = http.client.HTTPConnection(address, timeout=120)
    for _ in range(times):
        connection.request("GET", path, headers={"Accept": "application/sparql-results+json"})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body[:300])
    connection.close()
    return len(body)


def spent(clock: Callable[[], float], work: Callable[[], object]) -> float:
    """What a clock advances while work is done."""
    before = clock()
    work()
    return clock() - before


def rows(address: str, session: int, store: ox.Store) -> None:
    """100,000 rows in JSON and CSV."""
    for name in ("json", "csv"):
        format = ox.QueryResultsFormat.JSON if name == "json" else ox.QueryResultsFormat.CSV
        path = "/sparql?" + urlencode({"query": ROWS, "format": name})
        alone, served = [], []
        for _ in range(ROUNDS):
            alone.append(
                spent(time.process_time, lambda f=format: store.query(ROWS).serialize(format=f))
            )  # type: ignore[misc]
            served.append(spent(lambda: cpu_of(session), lambda p=path: fetch(address, p)))  # type: ignore[misc]
        size = fetch(address, path) / 1e6
        print(
            f"100,000 rows of {name} ({size:.1f} MB): alone {min(alone):.2f} s, served "
            f"{min(served):.2f} s CPU = {min(served) / min(alone):.2f} × (target 1.15)"
        )


def point(address: str, session: int, constant: tuple[str, int], store: ox.Store, id: str) -> None:
    """A query of one subject."""
    query = POINT % id
    path = "/sparql?" + urlencode({"query": query, "format": "json"})
    raw, served, flat = [], [], []

    def ask() -> None:
        for _ in range(POINTS):
            store.query(query).serialize(format=ox.QueryResultsFormat.JSON)

    for _ in range(ROUNDS):
        raw.append(spent(time.process_time, ask))
        served.append(spent(lambda: cpu_of(session), lambda: fetch(address, path, POINTS)))
        flat.append(spent(lambda: cpu_of(constant[1]), lambda: fetch(constant[0], path, POINTS)))
    one = [min(times) / POINTS * 1e3 for times in (raw, flat, served)]
    print(
        f"point query: raw {one[0]:.3f} ms, constant route {one[1]:.3f} ms, served {one[2]:.3f} ms "
        f"CPU = {one[2] / (one[0] + one[1]):.2f} × their sum (target 1.5)"
    )


def plain_rdflib(store: ox.Store) -> None:
    """The same data and queries, each to JSON, in rdflib's own store and engine."""
    graph = rdflib.Graph()
    resolved = store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    graph.parse(data=resolved, format="nt")
    for name, query in COMPARED.items():
        ours = min(
            spent(
                time.process_time,
                lambda q=query: store.query(q).serialize(format=ox.QueryResultsFormat.JSON),
            )  # type: ignore[misc]
            for _ in range(3)
        )
        theirs = spent(time.process_time, lambda q=query: graph.query(q).serialize(format="json"))  # type: ignore[misc]
        print(
            f"{name} over {len(graph):,} triples: pyoxigraph {ours:.3f} s, rdflib {theirs:.2f} s "
            f"CPU = {theirs / ours:.0f} × (target 20)"
        )


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(sys.argv[1] if len(sys.argv) > 1 else folder).absolute()
        if len(sys.argv) < 2:
            write_run(home / "runs" / "synth", 10_000)
            build_home(home)
        snapshot = (home / "current").resolve()
        store = ox.Store.read_only(str(snapshot / "store"))
        entities = Records(snapshot)
        id = entities.id(entities.bisect("model/"))
        (Path(folder) / "constant.py").write_text(_CONSTANT)
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            "--workers",
            "1",
            "--threads",
            "13",
            "--no-control-socket",
            "--worker-class",
        ]
        with (
            running(
                [*command, "web.server.worker.Worker", "web:create_app()"],
                Path.cwd(),
                GYEBO_HOME=str(home),
                GYEBO_SPARQL_CLIENT_SECONDS="0",
                GYEBO_PAGE_CACHE_MB="0",  # else equal queries would be answered without the engine
            ) as served,
            running([*command, "gthread", "constant:app"], Path(folder)) as constant,
        ):
            rows(*served, store)
            point(*served, constant, store, id)
        plain_rdflib(store)


if __name__ == "__main__":
    main()
