"""The site over HTTP: eight routes beside a constant one, readiness, memory, the first page of a process.

"Again" is one address asked by many at once: requests a second and latencies are of this machine as busy as it is, the
CPU of the server decides. "Anew" are addresses that were not asked before, one after another.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import NamedTuple
from urllib.parse import urlencode

from kg.snapshot.snapshot import Snapshot
from tests.bench.ground import Ground
from tests.bench.measure import cpu_of, members, memory
from tests.bench.report import Measured
from tests.bench.servers import (
    HTML,
    JSON_RESULTS,
    Server,
    address_of,
    ask,
    constant,
    cost,
    gyebo,
    load,
)

WORKERS = 2
SECONDS = 4.0  # of each load
ANEW = 100  # addresses
STARTS = 3  # of which the best counts
POINT = "SELECT ?p ?o { <%s%s> ?p ?o } LIMIT 5"


class Route(NamedTuple):
    """One kind of answer."""

    again: str  # an address; NUMBER in it is another each time
    anew: list[str]
    headers: Mapping[str, str]
    status: int = 200


def routes(ground: Ground) -> dict[str, Route]:
    """What is asked of our server."""
    with closing(Snapshot.current(ground.home())) as snapshot:
        start, end = snapshot.kind_range("model")
        step = max(1, (end - start) // (ANEW * 7))
        ids = [snapshot.id_at(n) for n in range(start, end, step)]
        base = snapshot.manifest.base
    share = len(ids) // 7
    parts = [[address_of(id) for id in ids[n * share : (n + 1) * share][:ANEW]] for n in range(7)]
    model = address_of(ids[-1])

    def point(id: str) -> str:
        query = POINT % (base, id.removeprefix("/"))
        return f"/sparql?{urlencode({'query': query, 'format': 'json'})}"

    return {
        "model JSON": Route(f"{model}.json", [f"{p}.json" for p in parts[0]], {}),
        "model page": Route(model, parts[1], HTML),
        "search page": Route("/search?q=llama", [f"/search?q={p[-9:]}" for p in parts[2]], HTML),
        "lineage JSON": Route(f"{model}/lineage.json", [f"{p}/lineage.json" for p in parts[3]], {}),
        "lineage page": Route(f"{model}/lineage", [f"{p}/lineage" for p in parts[6]], HTML),
        "license JSON": Route(f"{model}/license.json", [f"{p}/license.json" for p in parts[4]], {}),
        "SPARQL point": Route(point(model), [point(p) for p in parts[5]], JSON_RESULTS),
        "unknown id (404)": Route(
            f"{model}zzNUMBER", [f"{p}zz{n}" for n, p in enumerate(parts[0])], HTML, 404
        ),
    }


def http_rows(ground: Ground) -> Iterator[Measured]:
    """Each route beside the constant one."""
    size = ground.size
    asked = routes(ground)
    with gyebo(ground.home(), WORKERS) as served, constant(WORKERS) as flat:
        bare = load(flat, "/x", {}, 200, SECONDS)
        one = min(cost(flat, ["/x"] * ANEW * 3, {}) for _ in range(3))
        yield Measured("constant route: requests a second", bare.rate, "/s", size, bare.client)
        yield Measured("constant route: CPU", bare.cpu, "ms", size)
        for name, route in asked.items():
            anew = cost(served, route.anew, route.headers, route.status)
            ask_once(served, route)
            got = load(served, route.again, route.headers, route.status, SECONDS)
            bare = load(flat, "/x", {}, 200, 2.0)
            yield Measured(f"{name}: requests a second", got.rate, "/s", size, got.client)
            yield Measured(f"{name}: p50", got.p50, "ms", size)
            yield Measured(f"{name}: p99", got.p99, "ms", size)
            yield Measured(f"{name}: CPU again", got.cpu, "ms", size)
            yield Measured(f"{name}: CPU anew", anew, "ms", size)
            yield Measured(f"{name}: again against the constant", got.cpu / bare.cpu, "×", size)
            yield Measured(f"{name}: anew against the constant", anew / one, "×", size)


def ask_once(server: Server, route: Route, times: int = 4 * WORKERS) -> None:
    """So that what follows is again."""
    with closing(http.client.HTTPConnection(server.address, timeout=60)) as connection:
        for _ in range(times):
            ask(connection, route.again.replace("NUMBER", "x"), route.headers)


def start_rows(ground: Ground) -> Iterator[Measured]:
    """From the start of the process to the first answer, the first page, and memory after mixed requests."""
    size = ground.size
    model = routes(ground)["model page"]
    ready, first, spent = [], [], []
    for _ in range(STARTS):
        with gyebo(ground.home(), WORKERS) as served:
            spent.append(cpu_of(served.session))
            ready.append(served.ready)
            start = time.perf_counter()
            ask_once(served, model, 1)
            first.append((time.perf_counter() - start) * 1e3)
    yield Measured("ready: wall from the start of the process", min(ready), "s", size)
    yield Measured("ready: CPU of all processes", min(spent), "s", size)
    yield Measured("first model page of a server that is ready: wall", min(first), "ms", size)


def memory_rows(ground: Ground) -> Iterator[Measured]:
    """What processes have to themselves after all routes were asked."""
    size = ground.size
    with gyebo(ground.home(), WORKERS) as served:
        for route in routes(ground).values():
            # On connections of their own, so that each worker gets some
            for _ in range(WORKERS * 2):
                cost(served, route.anew, route.headers, route.status)
        found = {pid: int(fields[1]) for pid, fields in members(served.session)}
        workers = [pid for pid, parent in found.items() if parent == served.session]
        queries = [pid for pid in found if pid != served.session and pid not in workers]
        own = [memory(pid, "Private_Dirty") for pid in workers]
        asked = [memory(pid, "Private_Dirty") for pid in queries]
        every = sum(memory(pid, "Pss") for pid in found)
    yield Measured(
        "a worker's own memory, the largest", max(own), "MB", size, f"{len(own)} workers"
    )
    yield Measured(
        "a query process's own memory, the largest",
        max(asked, default=0.0),
        "MB",
        size,
        f"{len(asked)} there",
    )
    yield Measured("all processes, shared memory once", every, "MB", size)
