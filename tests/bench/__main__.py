"""Every bench in one run: a table for people, bench.json for programs.

    python -m tests.bench [--size 10000] [--sizes 10000,100000] [--only build,search] [--folder DIR] [--out bench.json]

All are taken on the same machine in the same run, CPU time where others use the machine too, so that ratios decide.
Sizes are made-up models of the Hub beside the tests' data; the largest is what most benches are run on, and a tenth of
it is built as well when only one is named, so that what a model more costs can be told. With a folder the homes are
kept, and a run goes on with what one before it has built there: the whole Hub in slices.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from tests.bench import (
    building,
    commands,
    engines,
    growth,
    licenses,
    lineage,
    nodes,
    pages,
    searching,
    serving,
    sparql,
)
from tests.bench.ground import Ground
from tests.bench.measure import ROOT, NotInstalled
from tests.bench.report import COULD_NOT_RUN, FAILED, Measured, Row, as_json, machine, table
from tests.bench.targets import verdicts

Bench = Callable[[Ground], Iterator[Measured]]
BENCHES: Mapping[str, Bench] = {
    "build": building.build_rows,
    "ingest": building.ingest_rows,
    "shipped": building.shipped_rows,
    "index": engines.index_rows,
    "search": searching.search_rows,
    "engines": engines.engine_rows,
    "lineage": lineage.lineage_rows,
    "arrays": lineage.array_rows,
    "licenses": licenses.license_rows,
    "sparql": sparql.sparql_rows,
    "http": serving.http_rows,
    "start": serving.start_rows,
    "memory": serving.memory_rows,
    "nodes": nodes.node_rows,
    "pages": pages.page_rows,
    "cli": commands.command_rows,
    "growth": growth.growth_rows,
}
LEAST = 10  # models


def run(
    ground: Ground, only: Collection[str] = (), benches: Mapping[str, Bench] = BENCHES
) -> Iterator[Row]:
    """Rows of the benches, one after another; one that fails says so in a row, and the next goes on.

    Args:
        ground: the homes.
        only: names of benches; none = all.
        benches: all there are.
    """
    for name, bench in benches.items():
        if only and name not in only:
            continue
        print(f"{name} …", file=sys.stderr, flush=True)
        start = time.monotonic()
        try:
            yield from (Row(name, figure) for figure in bench(ground))
        except NotInstalled as error:
            yield Row(name, Measured(COULD_NOT_RUN, None, "", ground.size, str(error)))
        except Exception as error:  # the other benches are still worth running
            said = " ".join(
                f"{type(error).__name__}: {error} {getattr(error, 'stderr', '') or ''}".split()
            )
            yield Row(name, Measured(FAILED, None, "", ground.size, said[-300:]))
        print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)


def sizes_of(size: int, sizes: str) -> list[int]:
    """The sizes that are built.

    >>> sizes_of(10_000, ""), sizes_of(10_000, "1000,100000")
    ([1000, 10000], [1000, 100000])
    """
    return (
        sorted({int(s) for s in sizes.split(",")})
        if sizes
        else sorted({max(LEAST, size // 10), size})
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write; 1 if a bench failed, 2 if a bench is unknown."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--size", type=int, default=10_000, help="made-up models (default 10000)")
    parser.add_argument("--sizes", default="", help="several, with commas; the largest is the size")
    parser.add_argument("--only", default="", help=f"with commas, of {', '.join(BENCHES)}")
    parser.add_argument(
        "--folder", type=Path, help="keep the homes here, and go on with those that are there"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "bench.json")
    asked = parser.parse_args(arguments)
    only = [name for name in asked.only.split(",") if name]
    if unknown := sorted(set(only) - set(BENCHES)):
        parser.error(f"no such bench: {', '.join(unknown)}; there are {', '.join(BENCHES)}")
    try:
        sizes = sizes_of(asked.size, asked.sizes)
    except ValueError:
        parser.error("--sizes wants numbers with commas between them")
    if min(sizes) < LEAST:
        parser.error(f"at least {LEAST} models")
    about, rows = machine(), list[Row]()
    with tempfile.TemporaryDirectory(prefix="gyebo-bench-") as scratch:
        folder = (asked.folder or Path(scratch)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        ground = Ground(folder, sizes)
        for name in only or BENCHES:
            rows += run(ground, [name])
            found = list(verdicts(rows, sizes[-1]))
            said = as_json(sizes[-1], about, rows, found)
            text = json.dumps(said, indent=1, ensure_ascii=False) + "\n"
            asked.out.write_text(text, encoding="utf-8")  # after each, as the whole takes long
    print(table(rows, found))
    print(f"\n{asked.out}", file=sys.stderr)
    return int(any(row.figure.name == FAILED for row in rows))


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers are ended
    sys.exit(main())
