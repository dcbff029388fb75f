"""Both search engines over one home: what the index costs, what queries cost; prints ratios.

    python -m tests.bench.bench_engines [--home HOME] [--times N] [--take DOCUMENTS]

The same documents go into both (with --take only so many of them, spread evenly), and both are asked the judged queries (tests/search/judged.yaml) and the
starts of the same names. All times are CPU time of this process with its threads, so that a shared machine
says the same; the two take turns, so that what slows one slows the other. "First" is a query to an
engine that was just opened, as the command line asks it; "again" is one asked before, as on the site.
kg/search/index.py:engine_for rests on these figures (docs/decisions/0036-the-engine-of-an-index.md).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from kg.build._documents import Documents
from kg.build.build import UNSEARCHED
from kg.config import load_config
from kg.model.claim import kind_of
from kg.paths import DATA
from kg.search.analyzer import SearchDoc
from kg.search.glossary import read_glossary
from kg.search.index import SearchIndex, build_index
from kg.search.lexicon import lexicon
from kg.search.query import parse
from kg.snapshot.snapshot import Snapshot
from tests.search.judged import judged

ENGINES = ("whoosh", "tantivy")
PAGE = 20
STARTS = (2, 4)  # letters after which names are completed


class Spent(NamedTuple):
    """CPU milliseconds of some calls."""

    half: float
    most: float  # of 95 in 100


class Cost(NamedTuple):
    """What one engine costs."""

    write: float  # CPU seconds
    megabytes: float
    open: float  # CPU milliseconds
    first: Spent
    again: Spent
    complete: Spent


def cpu(call: Callable[[], object]) -> float:
    """CPU milliseconds of a call."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


def spent(times: Sequence[float]) -> Spent:
    """The middle and the slow end of some times."""
    return Spent(median(times), quantiles(times, n=20)[-1])


def documents(snapshot: Snapshot, take: int) -> tuple[list[SearchDoc], dict[str, str], list[str]]:
    """What a build puts into the index: documents, words that mean the same, known filters."""
    searched = [e for e in snapshot.entities() if kind_of(e.id) not in UNSEARCHED]
    named = [entity for entity in searched if entity.names]
    made = Documents(snapshot, named)
    words = dict(lexicon(named, read_glossary(DATA / "glossary.yaml")))
    step = max(1, len(searched) // take) if take else 1
    return [made.document(entity) for entity in searched[::step]], words, [*made.meaningful()]


def queries() -> tuple[list[str], list[str]]:
    """What people ask, and what they have typed of a name when it is completed."""
    asked = [query.text for query in judged()]
    return asked, sorted({text[:length].strip() for text in asked for length in STARTS} - {""})


def measure(
    folder: Path, texts: Sequence[str], starts: Sequence[str], times: int
) -> dict[str, Cost]:
    """Ask both engines of indexes that stand in the folder."""
    first: dict[str, list[float]] = {name: [] for name in ENGINES}
    again: dict[str, list[float]] = {name: [] for name in ENGINES}
    complete: dict[str, list[float]] = {name: [] for name in ENGINES}
    opened: dict[str, list[float]] = {name: [] for name in ENGINES}
    for _ in range(times):
        for name in ENGINES:
            found: list[SearchIndex] = []
            opened[name].append(cpu(lambda f=found, n=name: f.append(SearchIndex(folder / n))))  # type: ignore[misc]
            with closing(found[0]) as index:
                for some in (first, again):
                    some[name] += [cpu(lambda t=t: index.search(parse(t), PAGE)) for t in texts]  # type: ignore[misc]
                complete[name] += [cpu(lambda s=s: index.complete(s)) for s in starts]  # type: ignore[misc]
    return {
        name: Cost(
            0,
            0,
            median(opened[name]),
            spent(first[name]),
            spent(again[name]),
            spent(complete[name]),
        )
        for name in ENGINES
    }


def report(home: Path, times: int, take: int) -> None:
    """Write both indexes, ask both, and print a line for each thing measured."""
    with closing(Snapshot.current(home)) as snapshot, tempfile.TemporaryDirectory() as scratch:
        docs, words, filters = documents(snapshot, take)
        folder = Path(scratch)
        written, sizes = {}, {}
        for name in ENGINES:
            written[name] = cpu(lambda n=name: build_index(docs, folder / n, words, n, filters))  # type: ignore[misc]
            sizes[name] = sum(p.stat().st_size for p in (folder / name).rglob("*") if p.is_file())
        texts, starts = queries()
        costs = measure(folder, texts, starts, times)
    print(
        f"{len(docs):,} documents, {len(texts)} queries, {len(starts)} starts of names, {times} ×"
    )
    print(f"{'':34}{'Whoosh':>10}{'tantivy':>10}{'Whoosh/tantivy':>16}")
    ours = [costs[name] for name in ENGINES]
    rows: dict[str, list[float]] = {
        "index, CPU s": [written[name] / 1000 for name in ENGINES],
        "index, MB": [sizes[name] / 1e6 for name in ENGINES],
        "open, CPU ms": [c.open for c in ours],
        "query first, CPU ms p50": [c.first.half for c in ours],
        "query first, CPU ms p95": [c.first.most for c in ours],
        "query again, CPU ms p50": [c.again.half for c in ours],
        "query again, CPU ms p95": [c.again.most for c in ours],
        "completion, CPU ms p50": [c.complete.half for c in ours],
        "completion, CPU ms p95": [c.complete.most for c in ours],
    }
    for what, (whoosh, tantivy) in rows.items():
        print(f"{what:34}{whoosh:10.2f}{tantivy:10.2f}{whoosh / tantivy:16.2f}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=load_config().home)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--take", type=int, default=0)
    asked = parser.parse_args()
    report(asked.home, asked.times, asked.take)


if __name__ == "__main__":
    main()
