"""Our endpoint beside the engine alone and beside other servers of the same data; CPU of whole process trees.

Alone means pyoxigraph in this process, serializing into memory. No query is asked twice in the same words, as
answers are kept; rounds take turns, and the least counts. Servers that load the data themselves are asked up to
PEER_LIMIT quads.
"""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import rdflib

from kg.model.vocabulary import KG
from kg.snapshot.snapshot import Snapshot
from tests.bench import virtuoso
from tests.bench.ground import Ground
from tests.bench.lineage import base_of
from tests.bench.measure import NotInstalled, cpu_of, python
from tests.bench.report import Measured
from tests.bench.servers import JSON_RESULTS, Server, ask, constant, gyebo, serving

PEER_LIMIT = 1_500_000  # quads
ROUNDS, POINTS = 3, 200
MOST = 400  # queries of a round
_SLOW = 1_000.0  # ms
_ENOUGH = 0.3  # CPU seconds of a round, against which a tick of 10 ms is little
_BATCH, _TICK = 4, 0.01
_RDFLIB_SECONDS = 600.0  # of wall, for all that it is asked
PEERS = Path(sys.prefix) / "bench" / "bin"  # made by `make bench`
_PREFIXES = f"PREFIX kg: <{KG}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
# VAR is another name each time.
QUERIES = {
    "path down": "SELECT DISTINCT ?VAR { ?VAR kg:derivedFrom+ <BASE> }",
    "group": "SELECT ?p (COUNT(?VAR) AS ?n) { ?VAR kg:derivedFrom ?p } GROUP BY ?p ORDER BY DESC(?n) LIMIT 20",
    "10,000 rows": "SELECT ?VAR ?p ?o { ?VAR ?p ?o } LIMIT 10000",
}
COMPARED = {
    "children by parent": """SELECT ?p (COUNT(?m) AS ?n) { ?m kg:derivedFrom ?p }
        GROUP BY ?p ORDER BY DESC(?n) LIMIT 20""",
    "parents of another license": """SELECT ?m ?p ?a ?b { ?m kg:derivedFrom ?p ;
        kg:license ?a . ?p kg:license ?b FILTER(?a != ?b) }""",
    "ancestors": "SELECT ?m ?a { ?m kg:derivedFrom+ ?a }",
}
ROWS = "SELECT ?VAR ?p ?o { ?VAR ?p ?o } LIMIT 100000"
POINT = "SELECT ?p ?VAR { <ONE> ?p ?VAR } LIMIT 5"


class Asker:
    """Writes queries that nobody has asked before.

    Args:
        ids: IRIs of models, for queries of one.
        base: the IRI of one that many derive from.
    """

    def __init__(self, ids: list[str], base: str) -> None:
        self._ids, self._base, self._number = ids, base, 0

    def query(self, text: str) -> str:
        """The query, in words of its own."""
        self._number += 1
        one = self._ids[self._number % len(self._ids)]
        text = text.replace("VAR", f"v{self._number}").replace("BASE", self._base)
        return _PREFIXES + text.replace("ONE", one)

    def path(self, text: str, route: str, format: str = "json") -> str:
        """Its address at a server."""
        return f"{route}?{urlencode({'query': self.query(text), 'format': format})}"


def sparql_rows(ground: Ground) -> Iterator[Measured]:
    """Served beside the engine alone, the constant route and others."""
    size = ground.size
    with closing(Snapshot.current(ground.home())) as snapshot:
        folder = snapshot.folder
        base = snapshot.manifest.base
        start, end = snapshot.kind_range("model")
        step = max(1, (end - start) // 1500)
        ids = [base + snapshot.id_at(n) for n in range(start, end, step)]
        asker = Asker(ids, base + base_of(snapshot)[0])
    store = ox.Store.read_only(str(folder / "store"))
    with gyebo(ground.home(), 1) as ours:
        yield from _alone(ours, store, asker, size)
        with constant(1) as flat:
            yield from _point(ours, flat, store, asker, size)
        mine = {name: _cost(ours, "/sparql", text, asker) for name, text in _asked().items()}
        for name, spent in mine.items():
            yield Measured(f"{name}: ours, CPU", spent, "ms", size)
        for peer, start_peer, route, copies in _peers(ground, folder):
            try:
                with ExitStack() as stack:
                    server = stack.enter_context(start_peer())
                    yield Measured(f"{peer}: ready, wall", server.ready, "s", size, copies)
                    for name, text in _asked().items():
                        spent = _cost(server, route, text, asker)
                        yield Measured(f"{name}: {peer}, CPU", spent, "ms", size)
                        yield Measured(
                            f"{name}: ours against {peer}", mine[name] / spent, "×", size
                        )
            except NotInstalled as missing:
                yield Measured(peer, None, "", size, str(missing))
            except (RuntimeError, OSError, AssertionError, http.client.HTTPException) as error:
                yield Measured(
                    peer, None, "", size, f"failed: {' '.join(str(error).split())[-160:]}"
                )
    yield from _rdflib(ground, store, size)


def _asked() -> dict[str, str]:
    return {"point": POINT, **QUERIES}


def _peers(ground: Ground, folder: Path) -> Iterator[tuple[str, Callable[[], object], str, str]]:
    """Name, what starts it, path of its endpoint, what it serves."""

    def oxigraph() -> object:
        program = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(PEERS))
        if not program:
            raise NotInstalled("oxigraph is not installed: make bench installs it")
        command = [program, "serve-read-only", "--location", str(folder / "store")]
        return serving([*command, "--bind", "127.0.0.1:{port}"], "/query?query=ASK%7B%7D")

    def endpoint() -> object:
        program = shutil.which("rdflib-endpoint", path=str(PEERS))
        if not program:
            raise NotInstalled("rdflib-endpoint is not installed: make bench installs it")
        triples = _small(ground)
        command = [program, "serve", "--host", "127.0.0.1", "--port", "{port}", str(triples)]
        return serving(command, "/?query=ASK%7B%7D")

    def other() -> object:
        return virtuoso.running(_small(ground), ground.scratch("virtuoso"))

    yield "Oxigraph's server", oxigraph, "/query", "on our store"
    yield "rdflib-endpoint", endpoint, "/", "the default graph, loaded by it"
    yield "Virtuoso", other, "/sparql", "the default graph, loaded by it"


def _small(ground: Ground) -> Path:
    """The default graph as N-Triples, for servers that load data themselves.

    Raises:
        NotInstalled: there is too much of it.
    """
    quads = ground.costs(ground.size).counts["quads"]
    if quads > PEER_LIMIT:
        raise NotInstalled(f"not asked: more than {PEER_LIMIT:,} quads")
    path = ground.home() / "default.nt"
    if not path.exists():
        with closing(Snapshot.current(ground.home())) as snapshot:
            store = ox.Store.read_only(str(snapshot.folder / "store"))
            store.dump(str(path), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    return path


def _cost(server: Server, route: str, text: str, asker: Asker) -> float:
    """CPU milliseconds of the server for one query: the least of some rounds."""
    with closing(http.client.HTTPConnection(server.address, timeout=600)) as connection:

        def spend(times: int) -> float:
            before, done = cpu_of(server.session), 0
            while not done or (done < times and cpu_of(server.session) - before < _ENOUGH):
                for _ in range(min(times, _BATCH)):
                    path = asker.path(text, route)
                    got = ask(connection, path, JSON_RESULTS)
                    assert got == 200, (got, path)
                done += min(times, _BATCH)
            return max(cpu_of(server.session) - before, _TICK) / done * 1e3

        first = spend(1)
        if first > _SLOW:  # it is not asked again and again
            return first
        return min(spend(MOST) for _ in range(ROUNDS))


def _alone(ours: Server, store: ox.Store, asker: Asker, size: int) -> Iterator[Measured]:
    """100,000 rows, in JSON and CSV."""
    formats = {"json": ox.QueryResultsFormat.JSON, "csv": ox.QueryResultsFormat.CSV}
    with closing(http.client.HTTPConnection(ours.address, timeout=300)) as connection:
        for name, format in formats.items():
            alone, served = [], []
            for _ in range(ROUNDS):
                text = asker.query(ROWS)
                start = time.process_time()
                store.query(text).serialize(format=format)  # type: ignore[union-attr]
                alone.append(time.process_time() - start)
                before = cpu_of(ours.session)
                assert ask(connection, asker.path(ROWS, "/sparql", name)) == 200
                served.append(cpu_of(ours.session) - before)
            yield Measured(f"100,000 rows of {name}: CPU", min(served), "s", size)
            ratio = min(served) / min(alone)
            yield Measured(f"100,000 rows of {name}: against pyoxigraph alone", ratio, "×", size)


def _point(
    ours: Server, flat: Server, store: ox.Store, asker: Asker, size: int
) -> Iterator[Measured]:
    """A query of one subject, beside a constant route in the same rounds."""
    served, bare, raw = [], [], []
    for _ in range(ROUNDS):
        served.append(_cost(ours, "/sparql", POINT, asker))
        bare.append(_cost(flat, "/x", POINT, asker))
        texts = [asker.query(POINT) for _ in range(POINTS)]
        start = time.process_time()
        for text in texts:
            store.query(text).serialize(format=ox.QueryResultsFormat.JSON)  # type: ignore[union-attr]
        raw.append((time.process_time() - start) / POINTS * 1e3)
    yield Measured("point: pyoxigraph alone, CPU", min(raw), "ms", size)
    yield Measured("point: constant route, CPU", min(bare), "ms", size)
    yield Measured(
        "point, new each time: against a constant route", min(served) / min(bare), "×", size
    )


def _rdflib(ground: Ground, store: ox.Store, size: int) -> Iterator[Measured]:
    """The same data and queries, each to JSON, in rdflib's own store and engine."""
    try:
        path = _small(ground)
    except NotInstalled as missing:
        yield Measured("rdflib", None, "", size, str(missing))
        return
    try:
        said = python("-m", "tests.bench.sparql", str(path), timeout=_RDFLIB_SECONDS)
    except subprocess.TimeoutExpired as stopped:
        output = stopped.stdout or b""
        said = output.decode() if isinstance(output, bytes) else output
    theirs: dict[str, float] = dict(json.loads(line) for line in said.splitlines())
    for name, text in COMPARED.items():
        if name not in theirs:
            note = f"stopped after {_RDFLIB_SECONDS:.0f} s"
            yield Measured(f"{name}: rdflib against pyoxigraph", None, "×", size, note)
            continue
        ours = []
        for _ in range(ROUNDS):
            start = time.process_time()
            store.query(_PREFIXES + text).serialize(format=ox.QueryResultsFormat.JSON)  # type: ignore[union-attr]
            ours.append(time.process_time() - start)
        yield Measured(f"{name}: rdflib, CPU", theirs[name], "s", size)
        ratio = theirs[name] / min(ours)
        yield Measured(f"{name}: rdflib against pyoxigraph", ratio, "×", size)


def _ask_rdflib(path: str) -> None:
    """Print what each query costs in rdflib, with its answer as JSON."""
    graph = rdflib.Graph()
    graph.parse(path, format="nt")
    for name, text in COMPARED.items():
        start = time.process_time()
        graph.query(_PREFIXES + text).serialize(format="json")
        print(json.dumps([name, time.process_time() - start]), flush=True)


if __name__ == "__main__":
    _ask_rdflib(sys.argv[1])
