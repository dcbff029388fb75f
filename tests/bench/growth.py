"""How answers grow with the number of models: the same questions in process at each size, in CPU."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from kg.answers.genealogy import lineage_graph
from kg.answers.license import license_answer
from kg.answers.show import show
from kg.search.query import parse
from kg.snapshot.snapshot import Snapshot
from tests.bench.ground import Ground
from tests.bench.lineage import NEAREST, base_of
from tests.bench.measure import at, cpu_ms
from tests.bench.report import Measured

TIMES = 100


def growth_rows(ground: Ground) -> Iterator[Measured]:
    """Every question at every size, and the largest beside the smallest."""
    found = {size: dict(_asked(ground, size)) for size in ground.sizes}
    least, most = ground.sizes[0], ground.sizes[-1]
    for name in found[most]:
        for size in ground.sizes:
            yield Measured(f"{name}: CPU p50", found[size][name], "ms", size)
        if least < most:
            ratio = found[most][name] / found[least][name]
            yield Measured(f"{name}: against {least:,} models", ratio, "×", most)


def _asked(ground: Ground, size: int) -> Iterator[tuple[str, float]]:
    with closing(Snapshot.current(ground.home(size))) as snapshot:
        start, end = snapshot.kind_range("model")
        ids = [snapshot.id_at(n) for n in range(start, end, max(1, (end - start) // TIMES))]
        base, _ = base_of(snapshot)
        turn = iter(ids * 9)
        index, word = snapshot.index, parse("llama")
        questions = {
            "show one": lambda: show(snapshot, next(turn)),
            "license answer": lambda: license_answer(snapshot, next(turn)),
            "family, nearest 300 and totals": lambda: lineage_graph(
                snapshot, base, NEAREST, "down"
            ),
            "search, ten hits": lambda: index.search(word, 10, facets=()),
            "search with facets": lambda: index.search(word, 10),
            "nearest ids of an unknown one": lambda: snapshot.near(f"{next(turn)}zz"),
        }
        for name, ask in questions.items():
            yield name, at(cpu_ms(ask, TIMES), 0.5)
