"""Our search beside raw tantivy, stock Whoosh and SQLite FTS5 on the same made-up texts; prints ratios.

    python -m tests.bench.bench_search [MODELS …]      default 100000; 1000000 takes some ten minutes

Raw tantivy is given the query tree, the prior, the page and the facet counts that our search asks for,
so the ratio is what understanding the query costs. Stock Whoosh and FTS5 are asked up to 100,000 models.
"""

from __future__ import annotations

import itertools
import re
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

from whoosh import fields, index, qparser, sorting

from kg.build._documents import BANDS, OVER
from kg.search.analyzer import SearchDoc
from kg.search.clauses import FACETS, Order
from kg.search.engines._tantivy import TantivyEngine
from kg.search.index import MOST_VALUES, SearchIndex
from kg.search.indexing import build_index, cut_parts
from kg.search.query import parse
from tests.bench.synth import claims

GLOSSARY = {
    "미세조정": "finetuning",
    "fine-tuned": "finetuning",
    "라마": "llama",
    "알파카": "alpaca",
}
STOCK_LIMIT = 100_000
REPEATS = 15
PAGE = 10


class Case(NamedTuple):
    """A query of each engine's own language, "" where it has none."""

    name: str
    ours: str
    whoosh: str = ""
    fts: str = ""
    order: Order = "relevance"


CASES = [
    Case("common keyword", "llama", "llama", "llama"),
    Case("rarer keyword", "hermes", "hermes", "hermes"),
    Case("two words", "llama math", "llama math", "llama math"),
    Case("Korean, three words", "한국어 라마 번역", "한국어 llama 번역", "한국어 llama 번역"),
    Case("particles", "데이터셋으로 미세조정한", "데이터셋", "데이터셋"),
    Case("phrase", '"instruction chat"', '"instruction chat"', '"instruction chat"'),
    Case("name", "llama-chat-syn77"),
    Case(
        "filter",
        "llama params:7b..13b license:mit",
        "llama params:[6900000000 TO 13000000000] license:mit",
    ),
    Case("facets", "chat kind:model", "chat"),
    Case("newest first", "llama", "llama", order="date"),
    Case("slip", "lllama"),
]


def documents(size: int) -> Iterator[SearchDoc]:
    """The models of the generator as search documents."""
    for id, group in itertools.groupby(claims(size), key=lambda c: c.subject):
        said: dict[str, list[Any]] = defaultdict(list)
        for claim in group:
            said[claim.property].append(claim.said.value)
        if "developer" in said:  # not what is said of a model a second time, to close a cycle
            yield _document(id, said)


def _document(id: str, said: Mapping[str, list[Any]]) -> SearchDoc:
    relations = [p for p in said if p.endswith(("From", "Of"))]
    parents = [str(v).removeprefix("model/hf/") for p in relations for v in said[p]]
    org, license, lang = said["developer"][0], said["license"][0], said["language"][0]
    size, date = float(said["parameterCount"][0]), str(said["releaseDate"][0])
    band = next((name for end, name in BANDS if size < end), OVER)
    facets = {
        "kind": ["model"],
        "org": [org],
        "license": [license],
        "lang": [lang],
        "relation": relations,
        "size": [band],
        "year": [date[:4]],
    }
    return SearchDoc(
        id=id,
        kind="model",
        text={
            "name": said["label"],
            "org": [org.removeprefix("org/hf/")],
            "kin": parents,
            "kind": ["Model", "모델"],
            "about": [*said["description"], *said["feature"]],
        },
        filters={
            field: {value: [value.partition("/")[2]] for value in values}
            for field, values in facets.items()
        },
        facets=facets,
        numbers={
            "params": size,
            "released": float(date.replace("-", "")),
            "descendants": float(len(id) % 7),
        },
    )


def words(doc: SearchDoc) -> str:
    """All words of a document, as the stock engines are given them."""
    return " \n ".join(text for texts in doc.text.values() for text in texts)


Ask = Callable[[], object]


def timed(ask: Ask) -> list[float]:
    """Milliseconds of processor time of each of some runs."""
    ask()
    runs = []
    for _ in range(REPEATS):
        start = time.process_time()
        ask()
        runs.append((time.process_time() - start) * 1000)
    return runs


def raw(found: SearchIndex, case: Case) -> Ask:
    """The same tree, prior, page and counts, made before the clock starts."""
    engine = found.engine
    assert isinstance(engine, TantivyEngine)
    plans = list(found.understanding.understand(parse(case.ours), []).plans)
    plan = next((t.plan for t in plans if engine.find(t.plan, 1).total >= t.most), plans[-1].plan)
    query = engine._query(plan)
    counts = {f: {"terms": {"field": f"facet_{f}", "size": MOST_VALUES}} for f in FACETS}
    by = {"order_by_field": "released"} if case.order == "date" else {"weight_by_field": "prior"}

    def ask() -> object:
        hits = engine._searcher.search(query, PAGE, count=True, **by).hits  # type: ignore[arg-type]
        return [engine._id(at) for _, at in hits], engine._searcher.aggregate(query, counts)

    return ask


def stock_whoosh(docs: Sequence[SearchDoc], folder: Path) -> Callable[[Case], Ask | None]:
    """Whoosh as its documentation shows it: parser, filter, facet, sort."""
    schema = fields.Schema(
        id=fields.ID(stored=True),
        body=fields.TEXT,
        license=fields.KEYWORD(sortable=True),
        params=fields.NUMERIC(int, bits=64),
        released=fields.NUMERIC(int, sortable=True),
    )
    made = index.create_in(str(folder), schema)
    writer = made.writer(limitmb=512)
    for doc in docs:
        writer.add_document(
            id=doc.id,
            body=words(doc),
            license=doc.facets["license"][0].partition("/")[2],
            params=int(doc.numbers["params"]),
            released=int(doc.numbers["released"]),
        )
    writer.commit(optimize=True)
    searcher = made.searcher()
    parser = qparser.QueryParser("body", schema)

    def ask(case: Case) -> Ask | None:
        query = parser.parse(case.whoosh)
        options: dict[str, Any] = {"limit": PAGE}
        if case.name == "facets":
            options["groupedby"] = sorting.FieldFacet("license")
        if case.order == "date":
            options["sortedby"] = sorting.FieldFacet("released", reverse=True)
        return (
            (lambda: [h["id"] for h in searcher.search(query, **options)]) if case.whoosh else None
        )

    return ask


def fts5(docs: Sequence[SearchDoc]) -> Callable[[Case], Ask | None]:
    """SQLite FTS5 ranked by bm25, with an exact count."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, body)")
    base.executemany("INSERT INTO t VALUES (?, ?)", ((d.id, words(d)) for d in docs))
    base.execute("INSERT INTO t(t) VALUES ('optimize')")
    best = f"SELECT id FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT {PAGE}"

    def ask(case: Case) -> Ask | None:
        text = (
            case.fts
            if case.fts.startswith('"')
            else " ".join(f'"{w}"' for w in re.findall(r"\w+", case.fts))
        )
        return (
            (
                lambda: (
                    base.execute(best, [text]).fetchall(),
                    base.execute("SELECT count(*) FROM t WHERE t MATCH ?", [text]).fetchone(),
                )
            )
            if text
            else None
        )

    return ask


def completion(found: SearchIndex, stock: Callable[[Case], Ask | None] | None) -> None:
    """Names that begin so, beside a prefix query of stock Whoosh."""
    for start in ("m", "mi", "mist", "org00001/l"):
        ours = timed(lambda start=start: found.complete(start, 8))  # type: ignore[misc]
        theirs = timed(ask) if stock and (ask := stock(Case("prefix", "", f"{start}*"))) else []
        against = f"{median(theirs):9.1f} {median(theirs) / median(ours):7.1f} ×" if theirs else ""
        print(f"complete {start:<17}{median(ours):9.2f}{'':22}{against}")


def report(size: int) -> None:
    """Build and measure at one size."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        start = time.perf_counter()
        build_index(cut_parts(documents(size), GLOSSARY), home / "ours", GLOSSARY, "tantivy")
        seconds = time.perf_counter() - start
        megabytes = sum(p.stat().st_size for p in (home / "ours").rglob("*") if p.is_file()) / 1e6
        print(f"\n{size:,} models: index {megabytes:.0f} MB, written in {seconds:.0f} s")
        found = SearchIndex(home / "ours")
        stock: list[Callable[[Case], Ask | None]] = []
        if size <= STOCK_LIMIT:
            docs = list(documents(size))
            (home / "whoosh").mkdir()
            stock = [stock_whoosh(docs, home / "whoosh"), fts5(docs)]
        table(found, stock)
        completion(found, stock[0] if stock else None)


def table(found: SearchIndex, stock: Sequence[Callable[[Case], Ask | None]]) -> None:
    """Every kind of query, in milliseconds, beside the others."""
    print(
        f"{'query':<26}{'ours':>9}{'p99':>8}{'raw':>8}{'ratio':>6}{'Whoosh':>10}{'':>9}{'FTS5':>9}"
    )
    for case in CASES:
        asked = parse(case.ours)
        ours = timed(lambda asked=asked, case=case: found.search(asked, PAGE, order=case.order))  # type: ignore[misc]
        beside = timed(raw(found, case))
        line = f"{case.name:<26}{median(ours):9.2f}{quantiles(ours, n=100)[-1]:8.2f}{median(beside):8.2f}"
        line += f"{median(ours) / median(beside):6.2f}"
        for make in stock:
            ask = make(case)
            other = median(timed(ask)) if ask else 0.0
            line += f"{other:10.1f}{other / median(ours):7.1f} ×" if ask else f"{'':19}"
        print(line, flush=True)


if __name__ == "__main__":
    for models in map(int, sys.argv[1:] or ["100000"]):
        report(models)
