"""What a family of some 10,000 costs beside networkx and SPARQL, in one run; prints ratios.

    python -m tests.bench.bench_lineage                   50,000 models, built first
    python -m tests.bench.bench_lineage --home HOME       a home that is built already
    python -m tests.bench.bench_lineage --arrays 2500000  the arrays alone: time, memory, sharing

The question: the nearest 300 descendants with labels, and exact totals, by relation too. networkx
has the whole graph with its labels in memory; SPARQL, which is asked for less (all descendants with
labels, no totals), the store of the snapshot.
"""

from __future__ import annotations

import argparse
import gc
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import networkx as nx
import numpy as np
import pyoxigraph as ox

from kg.answers.genealogy import find_genealogy, lineage_graph
from kg.lineage.graph import Collector, Lineage, build_lineage
from kg.model.claim import main_label
from kg.model.iri import iri
from kg.model.vocabulary import DEVELOPER, IN_FAMILY, KG, RDFS, load_vocabulary
from kg.snapshot.snapshot import Snapshot
from tests.bench.synth import edges, write_run
from tests.shared_build import build_home

NEAREST = 300
WANTED = 10_000  # descendants of the base that is asked for
_TARGETS = {"networkx": 10, "SPARQL": 20}


def milliseconds(
    ask: Callable[[], object], times: int, clock: Callable[[], float] | None = None
) -> list[float]:
    """How long each of some calls takes, in order of length; after one to warm up.

    Args:
        ask: what to call.
        times: calls.
        clock: by default the CPU time of this process, which says more on a machine that is shared.
    """
    now = clock or time.process_time
    ask()
    taken = []
    for _ in range(times):
        start = now()
        ask()
        taken.append((now() - start) * 1e3)
    return sorted(taken)


def show(name: str, taken: list[float]) -> float:
    """Print median and 99th percentile; return the median."""
    median, last = taken[len(taken) // 2], taken[min(len(taken) - 1, int(len(taken) * 0.99))]
    print(f"  {name:<44} {median:9.2f} ms   p99 {last:9.2f} ms   ({len(taken)} calls)")
    return median


def base_of(snapshot: Snapshot) -> tuple[str, int]:
    """The model whose number of descendants is nearest to WANTED."""
    counts = np.array(
        [snapshot.lineage.descendant_count(n) for n in range(*snapshot.kind_range("model"))]
    )
    place = int(np.argmin(np.abs(counts - WANTED)))
    return snapshot.id_at(snapshot.kind_range("model")[0] + place), int(counts[place])


def whole_graph(snapshot: Snapshot) -> nx.DiGraph:
    """All derivations and labels in networkx, from parent to child."""
    graph = nx.DiGraph()
    for node in range(*snapshot.kind_range("model")):
        known = snapshot.named(node)
        graph.add_node(known.id, label=main_label(known))
        for edge in snapshot.lineage.parents(node, snapshot.lineage.weights):
            graph.add_edge(snapshot.id_at(edge.parent), known.id, relation=edge.relation)
    return graph


def ask_networkx(
    graph: nx.DiGraph, base: str, rank: Mapping[str, int]
) -> tuple[Counter[str], nx.DiGraph]:
    """The nearest descendants, and how many there are by relation, as one would write it."""
    depths = nx.single_source_shortest_path_length(graph, base)
    nearest = sorted(depths, key=lambda id: (depths[id], id))[: NEAREST + 1]
    counts = Counter(
        min(
            (
                about["relation"]
                for parent, about in graph.pred[id].items()
                if parent in depths and parent != id
            ),
            key=rank.__getitem__,
        )
        for id in depths
        if id != base
    )
    return counts, graph.subgraph(nearest).copy()


def ask_sparql(store: ox.Store, base: str) -> int:
    """All descendants with their labels."""
    rows = store.query(
        f"SELECT DISTINCT ?d ?label {{ ?d <{KG}derivedFrom>+ <{base}> ; <{RDFS}label> ?label }}"
    )
    return len({row["d"].value for row in rows if row["d"].value != base})  # type: ignore[union-attr]


def compare(home: Path) -> None:
    """Ask all three the same in turn."""
    snapshot = Snapshot.current(home)
    base, count = base_of(snapshot)
    print(f"\n{snapshot.manifest.counts['model']:,} models; {base} has {count:,} descendants")
    graph = whole_graph(snapshot)
    store = ox.Store.read_only(str(snapshot.folder / "store"))
    address = iri(snapshot.manifest.base, base)
    mine = lineage_graph(snapshot, base, NEAREST, "down")
    rank = {p.name: p.order for p in snapshot.vocabulary.properties.values()}
    counts, theirs = ask_networkx(graph, base, rank)
    total = counts.total()
    assert mine.graph["total"] == total == count, "networkx counts otherwise"
    assert mine.graph["counts"] == counts
    assert len(mine) == len(theirs) == NEAREST + 1
    assert ask_sparql(store, address) <= total  # dangling nodes have no label
    gc.collect()
    gc.freeze()  # the graph that networkx needs is not walked by the collector for ours
    ours = show(
        "gyebo: nearest 300 + totals, as networkx",
        milliseconds(lambda: lineage_graph(snapshot, base, NEAREST, "down"), 300),
    )
    show(
        "gyebo: totals and counts alone",
        milliseconds(lambda: find_genealogy(snapshot, base, "down"), 300),
    )
    others = {
        "networkx": show(
            "networkx: the same", milliseconds(lambda: ask_networkx(graph, base, rank), 30)
        ),
        "SPARQL": show(
            "SPARQL: all with labels", milliseconds(lambda: ask_sparql(store, address), 10)
        ),
    }
    for name, taken in others.items():
        print(f"  {taken / ours:6.1f} × faster than {name} (target {_TARGETS[name]})")
    snapshot.close()
    over_http(home, base)


@contextmanager
def served(home: Path) -> Iterator[int]:
    """A server on a free port, with one process."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "1",
        "--threads",
        "4",
        "--worker-class",
        "gthread",
        "--no-control-socket",
        "--log-level",
        "error",
        "web:create_app()",
    ]
    server = subprocess.Popen(command, env=os.environ | {"GYEBO_HOME": str(home)})
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


def over_http(home: Path, base: str) -> None:
    """The same question, and the pages around it, over one connection."""
    path = "/" + quote(base)
    addresses = {
        f"HTTP {path[:16]}…/lineage.json?limit={NEAREST}&direction=down": f"{path}/lineage.json?limit={NEAREST}&direction=down",
        "HTTP page of the model, with its family tree": path,
    }
    with served(home) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

        def get(address: str) -> None:
            connection.request("GET", address, headers={"Accept": "text/html, application/json"})
            response = connection.getresponse()
            body = response.read()
            assert response.status == 200 and body, (response.status, body[:200])

        for name, address in addresses.items():
            show(name[:44], milliseconds(lambda a=address: get(a), 100, time.perf_counter))  # type: ignore[misc]


_READER = """
import json, sys, time
from pathlib import Path
def kilobytes():
    rows = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    return {r.split(":")[0]: int(r.split()[1]) for r in rows}
from kg.lineage.graph import Lineage
import numpy as np
before = kilobytes()
start = time.process_time()
lineage = Lineage(Path(sys.argv[1]))
opened = time.process_time() - start
def own():
    return kilobytes()["Private_Dirty"]
def walk(seed, calls):
    for node in np.random.default_rng(seed).integers(0, lineage.size, calls).tolist():
        len(lineage.ancestors(node)), len(lineage.descendants(node)), list(lineage.parents(node, lineage.weights))
for part in (*lineage.up, *lineage.down, *lineage._ancestors, *lineage._descendants, lineage.dates):
    int(part.sum())  # touch every page
for seed in range(10): walk(seed, 1000)
first = own()
for seed in range(200): walk(seed, 1000)
print(json.dumps({"opened": opened, "before": before["Private_Dirty"], "first": first, "last": own(),
                  "pss": kilobytes()["Pss"]}), flush=True)
sys.stdin.read()
"""


def arrays(size: int, folder: Path) -> None:
    """Build the arrays of a graph without anything else, and open them in several processes."""
    vocabulary = load_vocabulary()
    models = edges(size)
    gc.collect()
    gc.freeze()
    relations = vocabulary.edges("weights", "distillation", "data") | {IN_FAMILY, DEVELOPER}
    start = time.process_time()
    collector = Collector(relations, loose={DEVELOPER})
    for id, date, parents in models:
        node = collector.entity(id, date)
        for relation, parent in parents:
            collector.edge(node, parent, relation)
    collected = time.process_time() - start
    lineage = build_lineage(collector, vocabulary.edges("weights"), folder)
    built = time.process_time() - start
    _describe(lineage, folder)
    print(
        f"  built in {built:.1f} s of CPU: {collected:.1f} collecting, "
        f"{built - collected:.1f} arrays and closure (target 15 for 2,500,000)"
    )
    del models, collector
    _shared(folder)


def _describe(lineage: Lineage, folder: Path) -> None:
    count = max(map(lineage.descendant_count, range(lineage.size)))
    disk = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    print(
        f"\n{lineage.size:,} nodes · {len(lineage.up.nodes):,} edges · {len(lineage.dangling):,} "
        f"dangling · {len(lineage.cycles)} on cycles · largest family {count:,} · {disk:.0f} MB"
    )


def _shared(folder: Path, many: int = 3) -> None:
    """Open the arrays in several processes at once, and tell what is each one's own."""
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", _READER, str(folder)],
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(many)
    ]
    found = [json.loads(reader.stdout.readline()) for reader in readers if reader.stdout]
    for reader in readers:
        reader.communicate()
    opened = [f"{one['opened'] * 1e3:.1f}" for one in found]
    print(f"  opened in {', '.join(opened)} ms of CPU (target 10)")
    for one in found:
        print(
            f"  own memory: {one['before'] / 1024:.1f} MB before opening, {one['first'] / 1024:.1f}"
            f" after every page and 10,000 walks, {one['last'] / 1024:.1f} after 200,000 more; "
            f"share of all {one['pss'] / 1024:.1f} MB"
        )


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--models", type=int, default=50_000)
    parser.add_argument("--arrays", type=int)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gyebo-bench-") as name:
        folder = Path(name)
        if chosen.arrays:
            arrays(chosen.arrays, folder)
        elif chosen.home:
            compare(chosen.home)
        else:
            write_run(folder / "home" / "runs" / "synth", chosen.models)
            build_home(folder / "home")
            compare(folder / "home")
            (folder / "arrays").mkdir()
            arrays(chosen.models, folder / "arrays")


if __name__ == "__main__":
    main()
