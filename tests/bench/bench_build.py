"""What a build costs beside what Oxigraph alone needs for the same quads; prints ratios.

    python -m tests.bench.bench_build [MODELS …]      default 10000 100000

Each build runs in a process of its own, so that its peak memory is its own. The search index is
printed apart: its cost belongs to the search engine.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.snapshot.graph_file import open_graph
from kg.sparql._memory import peak_memory
from tests.bench.synth import write_run
from tests.shared_build import build_home

_BASELINE = """
import sys, time, pyoxigraph as ox
start = time.perf_counter()
store = ox.Store(sys.argv[2])
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_QUADS)
store.optimize()
print(time.perf_counter() - start)
"""

_OPEN = """
import sys, time
start = time.perf_counter()
from kg.config import load_config
from web import create_app
client = create_app(load_config(home=sys.argv[1])).test_client()
loaded = time.perf_counter()
assert client.get("/-/health").status_code == 200
assert client.get("/search?q=llama").status_code == 200
print(loaded - start, time.perf_counter() - loaded)
"""


def build_once(home: Path) -> dict[str, object]:
    """Build and measure this process: seconds by stage, peak megabytes before the search index."""
    peaks: dict[str, float] = {}

    def stage(name: str, done: int, total: int) -> None:
        if not done:
            peaks[name] = peak_memory()

    built = build_home(home, force=True, stage=stage)
    return {"seconds": built.seconds, "peak": peaks["search"], "counts": built.manifest.counts}


def _python(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def measure(models: int, folder: Path) -> dict[str, float]:
    """Generate, build, load the same quads alone, and open the server; all in one run."""
    home = folder / f"home-{models}"
    claims = write_run(home / "runs" / "synth", models)
    result = json.loads(_python("-m", "tests.bench.bench_build", "--once", str(home)))
    graph = folder / f"graph-{models}.nq"
    with open_graph(home / "current") as lines, graph.open("wb") as out:
        shutil.copyfileobj(lines, out)
    alone = float(_python("-c", _BASELINE, str(graph), str(folder / f"alone-{models}")))
    start, first = map(float, _python("-c", _OPEN, str(home)).split())
    seconds: dict[str, float] = result["seconds"]
    search = seconds.pop("search")
    total = sum(seconds.values())
    print(f"\n{models:,} models · {claims:,} claims · {result['counts']['quads']:,} quads")
    print("  " + " · ".join(f"{name} {s:.1f} s" for name, s in seconds.items()))
    print(f"  build {total:.1f} s = {total / alone:.1f} × Oxigraph alone ({alone:.1f} s; target 8)")
    print(f"  {total / models * 1e3:.2f} ms a model · peak {result['peak']:,.0f} MB (target 2,048)")
    print(
        f"  apart: search index {search:.1f} s · server opens in {start:.2f} s, "
        f"first search {first:.2f} s"
    )
    return {"per_model": total / models}


def main(sizes: list[int]) -> None:
    """Measure several sizes and compare the cost per model."""
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="gyebo-bench-") as folder:
        costs = [measure(size, Path(folder))["per_model"] for size in sizes]
    if len(costs) > 1:
        print(f"\ncost per model, largest to smallest size: {costs[-1] / costs[0]:.2f}")
    print(f"({time.perf_counter() - start:.0f} s in all)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        print(json.dumps(build_once(Path(sys.argv[2]))))
    else:
        main([int(a) for a in sys.argv[1:]] or [10_000, 100_000])
