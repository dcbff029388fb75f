"""Both of our search engines over the data that Gyebo ships: what the index costs, what queries cost.

The same documents go into both, and both are asked the judged queries (tests/search/judged.yaml) and the starts of
the same names; the two take turns, so that what slows one slows the other. "First" is a query to an engine that was
just opened, as the command line asks it; "again" is one asked before, as on the site. kg/search/index.py:engine_for
rests on these figures (docs/decisions/0036-the-engine-of-an-index.md). Then, on the largest home, what each step of
the index costs beside raw tantivy.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from kg.search.engines import _tantivy
from kg.search.index import SearchIndex
from kg.search.indexing import PartAnalyzer, build_index, cut_parts
from kg.search.query import parse
from kg.snapshot.snapshot import Snapshot
from tests.bench.documents import documents, texts_of, words_of, write_raw
from tests.bench.ground import Ground
from tests.bench.measure import at, megabytes
from tests.bench.report import Measured
from tests.search.judged import judged

ENGINES = ("whoosh", "tantivy")
TAKEN = 3_000  # documents
TIMES = 3
PAGE = 20
STARTS = (2, 4)  # letters after which names are completed
_T = TypeVar("_T")


def engine_rows(ground: Ground) -> Iterator[Measured]:
    """Index and queries of both engines."""
    folder = ground.scratch("engines")
    with closing(Snapshot.current(ground.shipped())) as snapshot:
        docs = list(documents(snapshot, TAKEN))
        words, filters = words_of(snapshot)
    note = f"{len(docs):,} documents"
    for name in ENGINES:
        _, seconds = cpu(
            lambda n=name: build_index(cut_parts(docs, words), folder / n, words, n, filters)  # type: ignore[misc]
        )
        yield Measured(f"{name}: index, CPU", seconds, "s", 0, note)
        yield Measured(f"{name}: index", megabytes(folder / name), "MB", 0, note)
    for what, times in _asked(folder).items():
        yield Measured(f"{what}, CPU p50", at(times, 0.5), "ms", 0, note)
        yield Measured(f"{what}, CPU p95", at(times, 0.95), "ms", 0, note)


def _asked(folder: Path) -> dict[str, list[float]]:
    texts = [query.text for query in judged()]
    starts = sorted({text[:length].strip() for text in texts for length in STARTS} - {""})
    taken: dict[str, list[float]] = {}

    def note(what: str, call: Callable[[], _T]) -> _T:
        result, seconds = cpu(call)
        taken.setdefault(what, []).append(seconds * 1e3)
        return result

    for _ in range(TIMES):
        for name in ENGINES:
            opened = note(f"{name}: open", lambda n=name: SearchIndex(folder / n))  # type: ignore[misc]
            with closing(opened) as index:
                for when in ("first", "again"):
                    for text in texts:
                        note(f"{name}: query {when}", lambda t=text: index.search(parse(t), PAGE))  # type: ignore[misc]
                for start in starts:
                    note(f"{name}: completion", lambda s=start: index.complete(s))  # type: ignore[misc]
    return {what: sorted(times) for what, times in taken.items()}


def index_rows(ground: Ground) -> Iterator[Measured]:
    """The steps of an index in one process, beside raw tantivy on the same documents."""
    folder = ground.scratch("index")
    with closing(Snapshot.current(ground.home())) as snapshot:
        words, _ = words_of(snapshot)
        made, looked = cpu(lambda: documents(snapshot, TAKEN))
        docs, spent = cpu(lambda: list(made))
    part, analysis = cpu(lambda: PartAnalyzer(words)(docs))
    _, added = cpu(lambda: _tantivy.write(part.docs, folder / "ours"))
    texts = list(map(texts_of, docs))
    _, raw = cpu(lambda: write_raw(texts, folder / "raw"))
    count = len(snapshot.lines)
    steps = {
        "look at all entities": looked / count,
        "make documents": spent / len(docs),
        "analyze": analysis / len(docs),
        "add, commit": added / len(docs),
        "raw tantivy, all in": raw / len(docs),
    }
    for name, seconds in steps.items():
        yield Measured(f"{name}: CPU a document", seconds * 1e6, "µs", ground.size)
    ratio = sum(list(steps.values())[:4]) / steps["raw tantivy, all in"]
    yield Measured("all steps against raw tantivy", ratio, "×", ground.size)


def cpu(call: Callable[[], _T]) -> tuple[_T, float]:
    """What a call gives, and its CPU seconds with those of the engine's threads."""
    start = time.process_time()
    return call(), time.process_time() - start
