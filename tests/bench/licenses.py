"""What license terms cost over a whole made-up graph, in a process of its own, and for one answer.

Facts of the made-up Hub (tests/bench/synth.py) go straight into the collector and the register, without claims and a
store: those are what building.py measures. One answer with all its paths is timed on the data that Gyebo ships.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from kg.answers.license import license_answer
from kg.ingest.curated.licenses import read_terms
from kg.licenses.rules import USES, Facts, LicenseRules
from kg.licenses.states import Register
from kg.licenses.whole_graph import propagate_terms
from kg.lineage.graph import Collector, Lineage, build_lineage
from kg.model.claim import Entity, Fact, Said
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from kg.sparql._memory import peak_memory
from tests.bench import synth
from tests.bench.ground import Ground
from tests.bench.measure import at, python
from tests.bench.report import Measured

ASKED = 400  # models and families of the shipped data, spread evenly


def license_rows(ground: Ground) -> Iterator[Measured]:
    """The whole graph, then one answer."""
    size = ground.size
    terms, verdicts, peak = json.loads(python("-m", "tests.bench.licenses", str(size)))
    yield Measured("whole graph, terms: CPU", terms, "s", size)
    yield Measured("whole graph, verdicts: CPU", verdicts, "s", size)
    yield Measured("whole graph: CPU a model", (terms + verdicts) / size * 1e6, "µs", size)
    yield Measured("whole graph: peak memory", peak, "MB", size)
    taken = _answers(ground.shipped())
    for name, share in (("p50", 0.5), ("p95", 0.95), ("most", 1.0)):
        yield Measured(f"one answer with all paths: CPU {name}", at(taken, share), "ms", 0)


def graph(models: int, folder: Path) -> tuple[Lineage, Register]:
    """The made-up Hub as the build hands it to the license pass."""
    weights = load_vocabulary().edges("weights")
    collector, register = Collector(weights), Register()
    for entity, relation, parents in _entities(models):
        node = collector.entity(entity.id)
        register.add(entity)
        for parent in parents:
            collector.edge(node, parent, relation)
    return build_lineage(collector, weights, folder, budget=0), register


def _entities(models: int) -> Iterator[tuple[Entity, str, list[str]]]:
    rng = random.Random(7)
    shapes = list(synth.shapes(models))
    for _, name, relation, parents in sorted(shapes, key=lambda shape: shape[1]):
        license = f"license/{rng.choice(synth.LICENSES)}"
        fact = Fact("license", (license,), (Said(value=license, source=synth.SOURCE),))
        told = [f"model/hf/{parent}" for parent in parents]
        yield Entity(f"model/hf/{name}", {}, (fact,)), relation, told


def _once(models: int) -> tuple[float, float, float]:
    """CPU seconds of terms and of verdicts, and the peak in MB, of this process."""
    with tempfile.TemporaryDirectory() as folder:
        lineage, register = graph(models, Path(folder))
        engine = LicenseRules(read_terms(DATA))
        start = time.process_time()
        _, states = propagate_terms(lineage, register, engine)
        passed = time.process_time()
        for state in states.all:
            for use in USES:
                engine.verdict(state, use, Facts(("a model",)))
        judged = time.process_time()
    return passed - start, judged - passed, peak_memory()


def _answers(home: Path) -> list[float]:
    """Milliseconds of one answer with all its paths; the first round warms up."""
    with closing(Snapshot.current(home)) as snapshot:
        every = [
            snapshot.id_at(n)
            for kind in ("model", "family")
            for n in range(*snapshot.kind_range(kind))
        ]
        ids = every[:: max(1, len(every) // ASKED)]
        taken = []
        for id in [*ids, *ids]:
            start = time.process_time()
            license_answer(snapshot, id)
            taken.append((time.process_time() - start) * 1e3)
    return sorted(taken[len(ids) :])


if __name__ == "__main__":
    print(json.dumps(_once(int(sys.argv[1]))))
