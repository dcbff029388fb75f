"""From the Hub's rows to what is published, stage by stage, beside what the engines alone need for the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tests.bench.ground import WHOLE_HUB, Costs, Ground
from tests.bench.measure import Stage, megabytes
from tests.bench.report import Measured


def build_rows(ground: Ground) -> Iterator[Measured]:
    """Each size, what the engines alone need, and what a model more costs."""
    for size in ground.sizes:
        yield from _of_size(ground, size)
    for less, more in pairwise(ground.sizes):
        yield from _marginal(ground, less, more)
    yield from _curve(ground)
    if ground.size >= WHOLE_HUB:
        yield from _whole_hub(ground, ground.costs(ground.size))
    elif len(ground.sizes) > 1:
        yield from _on_a_line(ground)
    else:
        for name in _OF_TWO:
            yield Measured(name, None, "", ground.size, "it needs two sizes: SIZES=1000,10000")


_OF_TWO = (
    "a model more: build against raw",
    "whole Hub: ingest and build, wall",
    "whole Hub: peak memory",
    "whole Hub: snapshot on disk",
)


def shipped_rows(ground: Ground) -> Iterator[Measured]:
    """The data that Gyebo ships, as `make run` builds it."""
    costs = ground.shipped_costs()
    for stage in costs.stages:
        if stage.name != "imports":
            yield Measured(f"stage {stage.name}: CPU", stage.cpu, "s", 0)
    yield Measured("build: CPU", costs.cpu(), "s", 0)
    yield Measured("build: wall", sum(s.wall for s in costs.stages), "s", 0)
    yield Measured("build: peak memory", max(s.peak for s in costs.stages), "MB", 0)
    yield Measured("entities", costs.counts["entities"], "", 0)
    yield Measured("snapshot on disk", costs.snapshot, "MB", 0)


def _of_size(ground: Ground, size: int) -> Iterator[Measured]:
    costs, raw = ground.costs(size), ground.raw_costs(size)
    for stage in costs.stages:
        yield Measured(f"stage {stage.name}: CPU", stage.cpu, "s", size)
        yield Measured(f"stage {stage.name}: peak memory", stage.peak, "MB", size)
        yield Measured(f"stage {stage.name}: peak memory without files", stage.own, "MB", size)
        yield Measured(f"stage {stage.name}: disk after", stage.disk, "MB", size)
    yield Measured("ingest to published: CPU", costs.cpu(), "s", size)
    yield Measured("ingest to published: wall", sum(s.wall for s in costs.stages), "s", size)
    yield Measured("ingest to published: peak memory", _peak(costs), "MB", size)
    yield Measured("ingest to published: peak memory without files", _own(costs), "MB", size)
    yield Measured("entities", costs.counts["entities"], "", size)
    yield Measured("quads", costs.counts["quads"], "", size)
    yield Measured("snapshot on disk", costs.snapshot, "MB", size)
    yield Measured("claim runs on disk", costs.runs, "MB", size)
    for name, part in costs.parts.items():
        if part > costs.snapshot / 100:
            yield Measured(f"snapshot on disk: {name}", part, "MB", size)
    home = ground.home(size)
    yield Measured("raw pyoxigraph, load and optimize: CPU", raw["load"].cpu, "s", size)
    yield Measured("raw pyoxigraph: disk", megabytes(home / "raw-store"), "MB", size)
    yield Measured("raw tantivy, index: CPU", _raw_index(ground, size), "s", size)
    yield Measured("raw tantivy: disk", megabytes(home / "raw-index"), "MB", size)
    ratio = costs.cpu("ingest") / _raw(ground, size)
    yield Measured("build with index against raw load and raw index", ratio, "×", size)


def _marginal(ground: Ground, less: int, more: int) -> Iterator[Measured]:
    """What a model more costs: checks of the ontology and imports, which cost the same at any size, fall out."""
    models = more - less
    before, after = ground.costs(less), ground.costs(more)
    start = f"from {less:,} models"
    built = after.cpu("ingest") - before.cpu("ingest")
    raw = _raw(ground, more) - _raw(ground, less)
    yield Measured(
        f"a model more, {start}: ingest and build, CPU",
        (after.cpu() - before.cpu()) / models * 1e3,
        "ms",
        more,
    )
    earlier = {stage.name: stage.cpu for stage in before.stages}
    for stage in after.stages:
        cost = (stage.cpu - earlier.get(stage.name, 0.0)) / models * 1e3
        yield Measured(f"a model more, {start}: {stage.name}, CPU", cost, "ms", more)
    yield Measured(f"a model more, {start}: raw, CPU", raw / models * 1e3, "ms", more)
    yield Measured("a model more: build against raw", built / raw, "×", more, start)


def _curve(ground: Ground) -> Iterator[Measured]:
    """Whether a model more costs the same at every size."""
    name = "a model more: most against least"
    if len(ground.sizes) < 3:
        yield Measured(
            name, None, "×", ground.size, "a curve needs three sizes: SIZES=10000,100000,1000000"
        )
        return
    steps = [
        (ground.costs(more).cpu() - ground.costs(less).cpu()) / (more - less)
        for less, more in pairwise(ground.sizes)
    ]
    yield Measured(name, max(steps) / min(steps), "×", ground.size)


def _whole_hub(ground: Ground, costs: Costs, note: str = "") -> Iterator[Measured]:
    """What the whole Hub costs, in the units of its targets."""
    wall = sum(stage.wall for stage in costs.stages)
    figures = {
        "ingest and build, CPU": (costs.cpu() / 60, "min"),
        "ingest and build, wall": (wall / 60, "min"),
        "peak memory": (_peak(costs) / 1000, "GB"),
        "peak memory without files": (_own(costs) / 1000, "GB"),
        "snapshot on disk": (costs.snapshot / 1000, "GB"),
        "claim runs on disk": (costs.runs / 1000, "GB"),
    }
    for name, (value, unit) in figures.items():
        yield Measured(f"whole Hub: {name}", value, unit, ground.size, note)


def _on_a_line(ground: Ground) -> Iterator[Measured]:
    """The whole Hub, on a straight line through the two largest sizes: no measurement."""
    less, more = ground.sizes[-2:]
    before, after = ground.costs(less), ground.costs(more)

    def line(first: float, second: float) -> float:
        return second + (second - first) / (more - less) * (WHOLE_HUB - more)

    earlier = {stage.name: stage for stage in before.stages}
    stages = [
        Stage(
            stage.name,
            line(earlier[stage.name].cpu, stage.cpu),
            line(earlier[stage.name].wall, stage.wall),
            line(earlier[stage.name].peak, stage.peak),
            line(earlier[stage.name].disk, stage.disk),
            line(earlier[stage.name].own, stage.own),
        )
        for stage in after.stages
        if stage.name in earlier
    ]
    disk = line(before.snapshot, after.snapshot)
    runs = line(before.runs, after.runs)
    costs = Costs(stages, after.counts, disk, runs, after.parts)
    yield from _whole_hub(ground, costs, f"extrapolated from {less:,} and {more:,}")


def ingest_rows(ground: Ground) -> Iterator[Measured]:
    """The Hub's rows read in both formats, beside bare reading of the same file."""
    for kind in ("parquet", "jsonl"):
        rows = ground.rows(ground.size, kind)
        home = ground.scratch(f"ingest-{kind}")
        bare = ground.step("bare", str(rows), watched=home)[-1]
        stages = ground.step("ingest", str(home), str(rows), watched=home)
        spent = sum(stage.cpu for stage in stages)
        peak = max(stage.peak for stage in stages)
        yield Measured(f"{kind}: file", megabytes(rows), "MB", ground.size)
        yield Measured(f"{kind}: rows a second of CPU", ground.size / spent, "/s", ground.size)
        yield Measured(f"{kind}: against bare reading", spent / bare.cpu, "×", ground.size)
        yield Measured(f"{kind}: peak memory", peak, "MB", ground.size)


def _peak(costs: Costs) -> float:
    return max(stage.peak for stage in costs.stages)


def _own(costs: Costs) -> float:
    return max(stage.own for stage in costs.stages)


def _raw_index(ground: Ground, size: int) -> float:
    raw = ground.raw_costs(size)
    return raw["index"].cpu - raw["decode"].cpu


def _raw(ground: Ground, size: int) -> float:
    return ground.raw_costs(size)["load"].cpu + _raw_index(ground, size)
