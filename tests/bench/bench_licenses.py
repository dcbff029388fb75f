"""What license terms cost over a whole synthetic graph, and for one answer; prints ratios.

    python -m tests.bench.bench_licenses [MODELS …]      default 100000 2500000

Each size runs in a process of its own, so that its peak memory is its own. Facts of the synthetic Hub
(tests/bench/synth.py) go straight into the collector and the register, without claims and a store: that is
what bench_build measures. One answer with all its paths is timed on the repository's own data.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.answers.license import license_answer
from kg.ingest.curated.licenses import read_terms
from kg.licenses.rules import SEVERITY, USES, Facts, LicenseRules
from kg.licenses.states import Register, States
from kg.licenses.whole_graph import propagate_terms
from kg.lineage.graph import Collector, Lineage, build_lineage
from kg.model.claim import Entity, Fact, Said
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from kg.sparql._memory import peak_memory
from tests.bench import synth
from tests.shared_build import build_home


def graph(models: int, folder: Path) -> tuple[Lineage, Register]:
    """The synthetic Hub as the build hands it to the license pass."""
    weights = load_vocabulary().edges("weights")
    collector, register = Collector(weights), Register()
    for i, entity, edges in _entities(models):
        collector.entity(entity.id)
        register.add(entity)
        for parent, relation in edges:
            collector.edge(i, parent, relation)
    return build_lineage(collector, weights, folder, budget=0), register


def _entities(models: int):  # type: ignore[no-untyped-def]
    rng = random.Random(7)
    bases, derived = max(20, models // 200), []
    for i in range(models):
        parents = [] if i < bases else synth._parents(rng, i, bases, derived)
        if parents:
            derived.append(i)
        license = f"license/{rng.choice(synth._LICENSES)}"
        relation = "mergedFrom" if len(parents) > 1 else rng.choice(synth._RELATIONS)
        edges = [
            (f"model/hf/gone/{p}" if rng.random() < synth._DANGLING else f"model/hf/{p}", relation)
            for p in parents
        ]
        fact = Fact("license", (license,), (Said(value=license, source=synth.SOURCE),))
        yield i, Entity(f"model/hf/{i}", {}, (fact,)), edges


def once(models: int) -> dict[str, float]:
    """Measure this process."""
    with tempfile.TemporaryDirectory() as folder:
        lineage, register = graph(models, Path(folder))
        before = peak_memory()
        engine = LicenseRules(read_terms(DATA))
        start = time.perf_counter()
        numbers, states = propagate_terms(lineage, register, engine)
        seconds = time.perf_counter() - start
        start = time.perf_counter()
        verdicts = _verdicts(states, engine)
        judged = time.perf_counter() - start
    peak = peak_memory()
    commercial = [verdicts[n][0] for n in numbers.tolist()]
    return {
        "models": models,
        "seconds": seconds,
        "judged": judged,
        "before": before,
        "peak": peak,
        "states": len(states.all),
    } | {v: commercial.count(v) for v in SEVERITY}


def _verdicts(states: States, engine: LicenseRules) -> list[list[str]]:
    return [
        [engine.verdict(state, use, Facts(("a model",))) for use in USES] for state in states.all
    ]


def answers() -> list[float]:
    """Milliseconds of one answer with all its paths, for every model and family of the data."""
    with tempfile.TemporaryDirectory() as folder:
        build_home(Path(folder))
        snapshot = Snapshot.current(Path(folder))
        ids = [e.id for kind in ("model", "family") for e in snapshot.entities(kind)]
        taken = []
        for id in [*ids, *ids]:  # the first round warms up
            start = time.perf_counter()
            license_answer(snapshot, id)
            taken.append((time.perf_counter() - start) * 1e3)
        snapshot.close()
    return sorted(taken[len(ids) :])


def main(sizes: list[int]) -> None:
    """Measure several sizes and compare the cost per model."""
    costs = []
    for size in sizes:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.bench_licenses", "--once", str(size)],
            capture_output=True,
            text=True,
            check=True,
        )
        result = json.loads(done.stdout)
        total = result["seconds"] + result["judged"]
        costs.append(total / size)
        print(
            f"{size:,} models: terms {result['seconds']:.2f} s, verdicts {result['judged']:.2f} s, "
            f"{total / size * 1e6:.2f} µs a model, {result['states']:,} states, peak "
            f"{result['peak']:,.0f} MB ({result['before']:,.0f} MB before; target 2,048)"
        )
        print("  commercial use: " + " · ".join(f"{v} {result[v]:,}" for v in SEVERITY))
    if len(costs) > 1:
        print(f"cost per model, largest to smallest size: {costs[-1] / costs[0]:.2f}")
    taken = answers()
    print(
        f"one answer with all paths: median {statistics.median(taken):.2f} ms, "
        f"p95 {taken[int(len(taken) * 0.95)]:.2f} ms, most {taken[-1]:.2f} ms (target 5)"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        print(json.dumps(once(int(sys.argv[2]))))
    else:
        main([int(a) for a in sys.argv[1:]] or [100_000, 2_500_000])
