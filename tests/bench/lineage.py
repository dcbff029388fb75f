"""What a family costs beside networkx and SPARQL, and the arrays of many models alone.

The question: the nearest 300 descendants with labels, and exact totals, by relation too. networkx
has the whole graph with its labels in memory; SPARQL, which is asked for less (all descendants with
labels, no totals), the store of the snapshot.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import networkx as nx
import numpy as np
import pyoxigraph as ox

from kg.answers.genealogy import find_genealogy, lineage_graph
from kg.lineage.graph import Collector, build_lineage
from kg.model.claim import main_label
from kg.model.iri import iri
from kg.model.vocabulary import DEVELOPER, IN_FAMILY, KG, RDFS, load_vocabulary
from kg.snapshot.snapshot import Snapshot
from tests.bench.ground import Ground
from tests.bench.measure import ROOT, at, cpu_ms, environment, megabytes
from tests.bench.report import Measured
from tests.bench.synth import edges

NEAREST = 300
WANTED = 10_000  # descendants of the base that is asked for
READERS = 3


def lineage_rows(ground: Ground) -> Iterator[Measured]:
    """Ask all three the same in turn."""
    size = ground.size
    with closing(Snapshot.current(ground.home())) as snapshot:
        base, count = base_of(snapshot)
        yield Measured("descendants of the base that is asked for", count, "", size)
        graph = whole_graph(snapshot)
        store = ox.Store.read_only(str(snapshot.folder / "store"))
        address = iri(snapshot.manifest.base, base)
        rank = {p.name: p.order for p in snapshot.vocabulary.properties.values()}
        _compare(snapshot, base, count, graph, rank)
        assert ask_sparql(store, address) <= count  # dangling nodes have no label
        gc.collect()
        gc.freeze()  # the graph that networkx needs is not walked by the collector for ours
        ours = cpu_ms(lambda: lineage_graph(snapshot, base, NEAREST, "down"), 300)
        totals = cpu_ms(lambda: find_genealogy(snapshot, base, "down"), 300)
        theirs = cpu_ms(lambda: ask_networkx(graph, base, rank), 30)
        queried = cpu_ms(lambda: ask_sparql(store, address), 10)
        gc.unfreeze()
    yield Measured("nearest 300 and totals: CPU p50", at(ours, 0.5), "ms", size)
    yield Measured("nearest 300 and totals: CPU p99", at(ours, 0.99), "ms", size)
    yield Measured("totals alone: CPU p50", at(totals, 0.5), "ms", size)
    yield Measured("networkx, the same: CPU p50", at(theirs, 0.5), "ms", size)
    yield Measured("SPARQL, all with labels: CPU p50", at(queried, 0.5), "ms", size)
    yield Measured("networkx against ours", at(theirs, 0.5) / at(ours, 0.5), "×", size)
    yield Measured("SPARQL against ours", at(queried, 0.5) / at(ours, 0.5), "×", size)


def base_of(snapshot: Snapshot) -> tuple[str, int]:
    """The model whose number of descendants is nearest to WANTED."""
    start, end = snapshot.kind_range("model")
    counts = np.array([snapshot.lineage.descendant_count(n) for n in range(start, end)])
    place = int(np.argmin(np.abs(counts - WANTED)))
    return snapshot.id_at(start + place), int(counts[place])


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


def _compare(
    snapshot: Snapshot, base: str, count: int, graph: nx.DiGraph, rank: Mapping[str, int]
) -> None:
    """Both say the same."""
    mine = lineage_graph(snapshot, base, NEAREST, "down")
    counts, theirs = ask_networkx(graph, base, rank)
    assert mine.graph["total"] == counts.total() == count, "networkx counts otherwise"
    assert mine.graph["counts"] == counts
    assert len(mine) == len(theirs) == min(NEAREST, count) + 1


def ask_sparql(store: ox.Store, base: str) -> int:
    """All descendants with their labels."""
    rows = store.query(
        f"SELECT DISTINCT ?d ?label {{ ?d <{KG}derivedFrom>+ <{base}> ; <{RDFS}label> ?label }}"
    )
    return len({row["d"].value for row in rows if row["d"].value != base})  # type: ignore[union-attr]


_READER = """
import json, sys, time
from pathlib import Path
from kg.lineage.graph import Lineage
import numpy as np
from tests.bench.measure import memory
def own():
    return memory("self", "Private_Dirty")
before = own()
start = time.process_time()
lineage = Lineage(Path(sys.argv[1]))
opened = time.process_time() - start
def walk(seed, calls):
    for node in np.random.default_rng(seed).integers(0, lineage.size, calls).tolist():
        len(lineage.ancestors(node)), len(lineage.descendants(node)), list(lineage.parents(node, lineage.weights))
for part in (*lineage.up, *lineage.down, *lineage._ancestors, *lineage._descendants, lineage.dates):
    int(part.sum())  # touch every page
for seed in range(10): walk(seed, 1000)
print(json.dumps([opened * 1e3, own() - before, memory("self", "Pss")]), flush=True)
sys.stdin.read()
"""


def array_rows(ground: Ground) -> Iterator[Measured]:
    """The arrays of a graph without anything else: made, and open in several processes at once."""
    size, folder = ground.size, ground.scratch("arrays")
    vocabulary = load_vocabulary()
    models = edges(size)
    relations = vocabulary.edges("weights", "distillation", "data") | {IN_FAMILY, DEVELOPER}
    gc.collect()
    gc.freeze()
    start = time.process_time()
    collector = Collector(relations, loose={DEVELOPER})
    for id, date, parents in models:
        node = collector.entity(id, date)
        for relation, parent in parents:
            collector.edge(node, parent, relation)
    lineage = build_lineage(collector, vocabulary.edges("weights"), folder)
    built = time.process_time() - start
    gc.unfreeze()
    yield Measured("nodes", lineage.size, "", size)
    yield Measured("collect, arrays and closure: CPU", built, "s", size)
    yield Measured("arrays on disk", megabytes(folder), "MB", size)
    del models, collector
    opened, own, shared = zip(*_readers(folder), strict=True)
    yield Measured("open the arrays: CPU", max(opened), "ms", size)
    yield Measured("own memory of a reader after 10,000 walks", max(own), "MB", size)
    yield Measured("its share of all memory", max(shared), "MB", size, f"{READERS} readers")


def _readers(folder: Path) -> list[tuple[float, float, float]]:
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", _READER, str(folder)],
            cwd=ROOT,
            env=environment(),
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(READERS)
    ]
    found = [json.loads(reader.stdout.readline()) for reader in readers if reader.stdout]
    for reader in readers:
        reader.communicate()
    return found
