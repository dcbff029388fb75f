"""What the search index of a build costs, step by step, beside raw tantivy on the same texts; prints ratios.

    python -m tests.bench.bench_index [MODELS …]      default 3000; made-up models beside the data of the tests

All figures are CPU time of this process with the threads of the engine, so that a shared machine says the same.
Raw tantivy is given the texts as they are, for its own tokenizer, and the same filters, facets and numbers. The
steps are those of a build in one process; the last line is the whole stage with worker processes, whose CPU
seconds count as well.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

import tantivy

from kg.build._documents import Documents
from kg.build._survey import UNSEARCHED, named_entities, survey
from kg.build.build import write_index
from kg.claims.accounts import read_accounts
from kg.model.claim import kind_of
from kg.paths import DATA
from kg.search.analyzer import SearchDoc
from kg.search.clauses import COUNTED, NUMBERS, TEXT
from kg.search.engines import _tantivy
from kg.search.glossary import read_glossary
from kg.search.indexing import PartAnalyzer
from kg.search.lexicon import lexicon
from kg.snapshot.snapshot import Snapshot
from tests.bench.synth import write_run
from tests.shared_build import build_home

PROCESSES = 2
_T = TypeVar("_T")


class Step(NamedTuple):
    """One step, and CPU microseconds of a document."""

    name: str
    cost: float


def timed(call: Callable[[], _T]) -> tuple[_T, float]:
    """What a call gives, and its CPU seconds."""
    start = time.process_time()
    return call(), time.process_time() - start


def spent() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def write_raw(docs: list[SearchDoc], folder: Path) -> None:
    """The same texts, filters, facets and numbers, as tantivy's documentation shows it."""
    made = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
    for field in TEXT:
        made.add_text_field(field)
    for field in ("filter", *(f"facet_{name}" for name in COUNTED)):
        made.add_text_field(field, tokenizer_name="raw", index_option="basic", fast=True)
    for field in NUMBERS:
        made.add_float_field(field, indexed=True, fast=True)
    folder.mkdir()
    writer = tantivy.Index(made.build(), path=str(folder)).writer(_tantivy.HEAP, 1)
    for doc in docs:
        writer.add_document(_raw(doc))
    writer.commit()
    writer.wait_merging_threads()


def _raw(doc: SearchDoc) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("id", doc.id)
    many = [*doc.text.items(), *((f"facet_{name}", v) for name, v in doc.facets.items())]
    many += [
        (
            "filter",
            [f"{name}={value}" for value in (*values, *(v for c in values.values() for v in c))],
        )
        for name, values in doc.filters.items()
    ]
    for field, texts in many:
        for text in texts:
            made.add_text(field, text)
    for field, number in doc.numbers.items():
        made.add_float(field, number)
    return made


def measure(snapshot: Snapshot, folder: Path) -> list[Step]:
    """Every step over all documents of a snapshot, and raw tantivy; the last is the whole stage."""
    named = named_entities(snapshot)
    words = lexicon(named, read_glossary(DATA / "glossary.yaml"))
    accounts = read_accounts(DATA)
    around, looked = timed(lambda: survey(snapshot, named, accounts))
    made = Documents(snapshot, around)
    lines = range(len(snapshot.lines))
    numbers = [n for n in lines if kind_of(snapshot.lines.id(n)) not in UNSEARCHED]
    docs, documents = timed(lambda: [made.document(number) for number in numbers])
    part, analysis = timed(lambda: PartAnalyzer(words)(docs))
    _, added = timed(lambda: _tantivy.write(part.docs, folder / "ours"))
    _, raw = timed(lambda: write_raw(docs, folder / "raw"))
    start = spent()
    glossary = read_glossary(DATA / "glossary.yaml")
    write_index(snapshot, folder / "whole", glossary, "tantivy", accounts, processes=1)
    whole = spent() - start
    start = spent()
    sys.modules[write_index.__module__].MANY_LINES = 0  # type: ignore[attr-defined]
    write_index(snapshot, folder / "shared", glossary, "tantivy", accounts, processes=PROCESSES)
    shared = spent() - start
    costs = {
        "look at all": looked,
        "documents": documents,
        "analysis": analysis,
        "add, commit": added,
        "raw tantivy": raw,
        "whole stage": whole,
        f"whole, {PROCESSES} processes": shared,
    }
    return [Step(name, seconds / len(numbers) * 1e6) for name, seconds in costs.items()]


def report(models: int) -> None:
    """Build once, and print a line for each step."""
    with tempfile.TemporaryDirectory(prefix="gyebo-bench-") as folder:
        home = Path(folder) / "home"
        write_run(home / "runs" / "synth", models)
        build_home(home)
        with closing(Snapshot.current(home)) as snapshot:
            steps = measure(snapshot, Path(folder))
            count = len(snapshot.lines)
    raw = next(step.cost for step in steps if step.name == "raw tantivy")
    print(f"\n{models:,} made-up models, {count:,} entities: CPU microseconds of a document")
    for step in steps:
        print(f"  {step.name:<22}{step.cost:8.0f}{step.cost / raw:8.2f} × raw")


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or ["3000"]):
        report(size)
