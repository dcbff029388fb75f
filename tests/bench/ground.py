"""What the benches of one run measure: homes, each built once, from the Hub's rows to what is published.

FOLDER/rows-SIZE.parquet      made-up rows of the Hub (tests/bench/hub_rows.py)
FOLDER/size-SIZE              the home built from them and the data of the tests
FOLDER/size-SIZE/costs.json   what that cost, so that a folder that is kept is not built again
FOLDER/shipped                the home of the data that Gyebo ships
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kg.snapshot.graph_file import open_graph
from kg.snapshot.layout import Layout, read_manifest
from tests.bench import hub_rows
from tests.bench.measure import Stage, megabytes, staged
from tests.shared_build import write_data

WHOLE_HUB = 2_500_000  # models


class Costs(NamedTuple):
    """What a home cost."""

    stages: list[Stage]  # those of ingest first, named "ingest"
    counts: dict[str, int]
    snapshot: float  # MB
    runs: float  # MB
    parts: dict[str, float]  # MB of the snapshot by folder or file

    def cpu(self, *without: str) -> float:
        """CPU seconds of all stages but those named."""
        return sum(stage.cpu for stage in self.stages if stage.name not in without)


class Ground:
    """The homes of a run.

    Args:
        folder: where they are made.
        sizes: made-up models of each, in order.
        data: the data folder that stands in each beside them; by default the tests' cut of what is shipped.
    """

    def __init__(self, folder: Path, sizes: Sequence[int], data: Path | None = None) -> None:
        self.folder, self.sizes = folder, sorted(sizes)
        self._data = data
        self._costs: dict[str, Costs] = {}

    @property
    def size(self) -> int:
        """The largest size, that of most benches."""
        return self.sizes[-1]

    @property
    def data(self) -> Path:
        """The data folder beside the made-up models."""
        if self._data is None:
            written = self.folder / "data"
            self._data = written if written.exists() else write_data(self.folder)
        return self._data

    def home(self, size: int | None = None) -> Path:
        """A home with made-up models; by default as many as most benches want."""
        size = self.size if size is None else size
        home = self.folder / f"size-{size}"
        if f"{size}" not in self._costs:
            self._costs[f"{size}"] = self._kept(home) or self._build(home, size)
        return home

    def costs(self, size: int) -> Costs:
        """What the home of a size cost."""
        self.home(size)
        return self._costs[f"{size}"]

    def shipped(self) -> Path:
        """A home of the data that Gyebo ships, as `make run` builds it."""
        home = self.folder / "shipped"
        if "shipped" not in self._costs:
            self._costs["shipped"] = self._kept(home) or self._measure(home, "shipped", [])
        return home

    def shipped_costs(self) -> Costs:
        """What that cost."""
        self.shipped()
        return self._costs["shipped"]

    def rows(self, size: int, kind: str = "parquet") -> Path:
        """A file of the Hub's rows."""
        path = self.folder / f"rows-{size}.{kind}"
        if not path.exists():
            hub_rows.write(path, size)
        return path

    def quads(self, size: int | None = None) -> Path:
        """The N-Quads of a home, as one file."""
        home = self.home(size)
        path = home / "graph.nq"
        if not path.exists():
            with open_graph(Layout(home).current_folder()) as lines, path.open("wb") as out:
                shutil.copyfileobj(lines, out)
        return path

    def texts(self, size: int | None = None) -> Path:
        """The search documents of a home, as one file."""
        home = self.home(size)
        path = home / "texts.jsonl"
        if not path.exists():
            self.step("texts", str(home), str(path), watched=home)
        return path

    def raw_index(self, size: int | None = None) -> Path:
        """A tantivy index of the same documents, as its documentation shows it; what it costs is in `raw_costs`."""
        self.raw_costs(size)
        return self.home(size) / "raw-index"

    def raw_costs(self, size: int | None = None) -> dict[str, Stage]:
        """What pyoxigraph alone needs to load the quads of a home, and tantivy to index its documents."""
        home = self.home(size)
        file = home / "raw.json"
        if not file.exists():
            quads, texts = self.quads(size), self.texts(size)
            for name in ("raw-store", "raw-index"):
                shutil.rmtree(home / name, ignore_errors=True)
            stages = [
                *self.step("load", str(quads), str(home / "raw-store"), watched=home / "raw-store"),
                *self.step(
                    "index", str(texts), str(home / "raw-index"), watched=home / "raw-index"
                ),
            ]
            file.write_text(json.dumps({stage.name: stage for stage in stages}))
        return {name: Stage(*stage) for name, stage in json.loads(file.read_text()).items()}

    def scratch(self, name: str) -> Path:
        """A folder that is empty."""
        path = self.folder / "scratch" / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def _kept(self, home: Path) -> Costs | None:
        file = home / "costs.json"
        if not file.exists():
            return None
        stages, *rest = json.loads(file.read_text())
        return Costs([Stage(*stage) for stage in stages], *rest)

    def _build(self, home: Path, size: int) -> Costs:
        print(f"  {size:,} models: ingest and build", file=sys.stderr, flush=True)
        shutil.rmtree(home, ignore_errors=True)
        rows = self.rows(size)
        home.mkdir()
        ingested = self.step("ingest", str(home), str(rows), watched=home)
        return self._measure(home, str(self.data), [self._sum("ingest", ingested)])

    def _measure(self, home: Path, data: str, before: list[Stage]) -> Costs:
        if data == "shipped":
            print("  the data that Gyebo ships: build", file=sys.stderr, flush=True)
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
        stages = [*before, *self.step("build", str(home), data, watched=home)]
        snapshot = Layout(home).current_folder().resolve()
        parts = {path.name: megabytes(path) for path in sorted(snapshot.iterdir())}
        counts = dict(read_manifest(snapshot).counts)
        costs = Costs(stages, counts, megabytes(snapshot), megabytes(home / "runs"), parts)
        (home / "costs.json").write_text(json.dumps(costs))
        return costs

    @staticmethod
    def step(*arguments: str, watched: Path) -> list[Stage]:
        """Run a program of tests/bench/steps.py."""
        return staged([sys.executable, "-m", "tests.bench.steps", *arguments], watched)

    @staticmethod
    def _sum(name: str, stages: Sequence[Stage]) -> Stage:
        return Stage(
            name,
            sum(stage.cpu for stage in stages),
            sum(stage.wall for stage in stages),
            max(stage.peak for stage in stages),
            stages[-1].disk,
            max(stage.own for stage in stages),
        )
