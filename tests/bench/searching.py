"""Our search beside raw tantivy, stock Whoosh and SQLite FTS5 on the same documents; CPU of this process.

Raw tantivy is asked twice: for the query tree, prior, page and facet counts that our search asks for, so that the
ratio is what understanding a query costs; and for ten hits of the words as they stand, with nothing else. Stock Whoosh
and FTS5 hold the same words; they are asked up to STOCK_LIMIT documents.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import tantivy
from whoosh import fields, index, qparser, sorting

from kg.search._facets import MOST_VALUES
from kg.search.clauses import FACETS, TEXT, Order
from kg.search.engines._tantivy import TantivyEngine
from kg.search.index import SearchIndex
from kg.search.indexing import build_index, cut_parts
from kg.search.query import parse
from kg.snapshot.snapshot import Snapshot
from tests.bench.documents import Texts, documents, read_texts, words_of
from tests.bench.ground import Ground
from tests.bench.measure import at, cpu_ms
from tests.bench.report import Measured

STOCK_LIMIT = 150_000  # documents
TIMES = 100  # so that the 99th of a hundred is not the slowest
STOCK_TIMES = 15
PAGE = 10
WHOLE, HITS = "with facets", "ten hits"
Ask = Callable[[], object]


class Case(NamedTuple):
    """A query in each engine's own language, "" where it has none."""

    name: str
    ours: str
    raw: str = ""
    whoosh: str = ""
    fts: str = ""
    order: Order = "relevance"


CASES = [
    Case("common word", "llama", "llama", "llama", "llama"),
    Case("rarer word", "hermes", "hermes", "hermes", "hermes"),
    Case("two words", "llama math", "+llama +math", "llama math", "llama math"),
    Case(
        "Korean, three words", "라마 한국어 수학", "+llama +korean", "llama korean", "llama korean"
    ),
    Case("Korean particles", "한국어로 미세조정한"),
    Case("phrase", '"llama chat"', '"llama chat"', '"llama chat"', '"llama chat"'),
    Case("name", "llama-chat-syn77", "syn77", "syn77", "syn77"),
    Case(
        "filters",
        "llama params:7b..13b license:mit",
        "",
        "llama params:[6900000000 TO 13000000000] license:mit",
    ),
    Case("all of a kind", "chat kind:model", "", "chat"),
    Case("every model", "kind:model"),
    Case("newest first", "llama", "llama", "llama", order="date"),
    Case("slip", "lllama"),
]


def search_rows(ground: Ground) -> Iterator[Measured]:
    """Every kind of query, ours with and without facets, and the others."""
    size = ground.size
    folder = tantivy_index(ground)
    raw = tantivy.Index.open(str(ground.raw_index()))
    many = raw.searcher().num_docs
    stock = {"Whoosh": stock_whoosh(ground), "FTS5": fts5(ground)} if many <= STOCK_LIMIT else {}
    slowest: dict[str, float] = {}
    ratios = []
    with closing(SearchIndex(folder)) as found:
        for case in CASES:
            half: dict[str, float] = {}
            for name, taken in _ours(found, case).items():
                half[name], most = at(taken, 0.5), at(taken, 0.99)
                slowest[name] = max(slowest.get(name, 0.0), most)
                yield Measured(f"{case.name}: {name}, CPU p50", half[name], "ms", size)
                yield Measured(f"{case.name}: {name}, CPU p99", most, "ms", size)
            ratios.append(half[WHOLE] / at(cpu_ms(raw_tree(found, case), TIMES), 0.5))
            yield Measured(f"{case.name}: against raw tantivy's same tree", ratios[-1], "×", size)
            if case.raw:
                ten = at(cpu_ms(raw_hits(raw, case), TIMES), 0.5)
                yield Measured(f"{case.name}: raw tantivy's ten hits, CPU p50", ten, "ms", size)
                ratio = half[HITS] / ten
                yield Measured(f"{case.name}: ten hits against raw tantivy's", ratio, "×", size)
            for name, make in stock.items():
                if ask := make(case):
                    ratio = at(cpu_ms(ask, STOCK_TIMES), 0.5) / half[WHOLE]
                    yield Measured(f"{case.name}: {name} against ours", ratio, "×", size)
        yield from _completion(found, stock.get("Whoosh"), size)
    for name, most in slowest.items():
        yield Measured(f"slowest kind of query, {name}: CPU p99", most, "ms", size)
    yield Measured("every kind: most against raw tantivy's same tree", max(ratios), "×", size)
    if not stock:
        note = f"not asked: more than {STOCK_LIMIT:,} documents"
        yield Measured("stock Whoosh, FTS5", None, "", size, note)


def tantivy_index(ground: Ground) -> Path:
    """The index of the home; where that is so small that it is Whoosh's, the same documents in tantivy."""
    with closing(Snapshot.current(ground.home())) as snapshot:
        if isinstance(snapshot.index.engine, TantivyEngine):
            return snapshot.folder / "search"
        folder = ground.folder / "scratch" / "tantivy"
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(exist_ok=True)
        words, filters = words_of(snapshot)
        build_index(cut_parts(documents(snapshot), words), folder, words, "tantivy", filters)
    return folder


def _ours(found: SearchIndex, case: Case) -> dict[str, list[float]]:
    asked = parse(case.ours)
    return {
        WHOLE: cpu_ms(lambda: found.search(asked, PAGE, order=case.order), TIMES),
        HITS: cpu_ms(lambda: found.search(asked, PAGE, order=case.order, facets=()), TIMES),
    }


def raw_tree(found: SearchIndex, case: Case) -> Ask:
    """The same tree, prior, page and counts, made before the clock starts."""
    engine = found.engine
    assert isinstance(engine, TantivyEngine)
    plans = list(found.understanding.understand(found.settle(parse(case.ours)), []).plans)
    plan = next((t.plan for t in plans if engine.count(t.plan) >= t.most), plans[-1].plan)
    query = engine._queries.plan(plan)
    counts = {f: {"terms": {"field": f"facet_{f}", "size": MOST_VALUES}} for f in FACETS}
    by = {"order_by_field": "released"} if case.order == "date" else {"weight_by_field": "prior"}

    def ask() -> object:
        hits = engine._searcher.search(query, PAGE, count=True, **by).hits  # type: ignore[arg-type]
        return [engine._id(at) for _, at in hits], engine._searcher.aggregate(query, counts)

    return ask


def raw_hits(made: tantivy.Index, case: Case) -> Ask:
    """Ten hits of the words in all fields, and their ids."""
    searcher = made.searcher()
    order = {"order_by_field": "released"} if case.order == "date" else {}

    def ask() -> object:
        query = made.parse_query(case.raw, list(TEXT))
        hits = searcher.search(query, PAGE, count=False, **order).hits
        return [searcher.doc(at).get_first("id") for _, at in hits]

    return ask


def stock_whoosh(ground: Ground) -> Callable[[Case], Ask | None]:
    """Whoosh as its documentation shows it: parser, filter, facet, sort."""
    schema = fields.Schema(
        id=fields.ID(stored=True),
        body=fields.TEXT,
        license=fields.KEYWORD(sortable=True),
        params=fields.NUMERIC(int, bits=64),
        released=fields.NUMERIC(int, sortable=True),
    )
    made = index.create_in(str(ground.scratch("whoosh")), schema)
    writer = made.writer(limitmb=512)
    for doc in read_texts(ground.texts()):
        writer.add_document(**_plain(doc))
    writer.commit(optimize=True)
    searcher = made.searcher()
    parser = qparser.QueryParser("body", schema)

    def ask(case: Case) -> Ask | None:
        query = parser.parse(case.whoosh)
        options: dict[str, Any] = {"limit": PAGE}
        if case.name == "all of a kind":
            options["groupedby"] = sorting.FieldFacet("license")
        if case.order == "date":
            options["sortedby"] = sorting.FieldFacet("released", reverse=True)
        found = lambda: [hit["id"] for hit in searcher.search(query, **options)]  # noqa: E731
        return found if case.whoosh else None

    return ask


def _plain(doc: Texts) -> dict[str, Any]:
    licenses = doc.exact.get("facet_license") or [""]
    return {
        "id": doc.id,
        "body": doc.words,
        "license": licenses[0].partition("/")[2],
        "params": int(doc.numbers.get("params", 0)),
        "released": int(doc.numbers.get("released", 0)),
    }


def fts5(ground: Ground) -> Callable[[Case], Ask | None]:
    """SQLite FTS5 ranked by bm25, with an exact count."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, body)")
    docs = ((doc.id, doc.words) for doc in read_texts(ground.texts()))
    base.executemany("INSERT INTO t VALUES (?, ?)", docs)
    base.execute("INSERT INTO t(t) VALUES ('optimize')")
    best = f"SELECT id FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT {PAGE}"
    count = "SELECT count(*) FROM t WHERE t MATCH ?"

    def ask(case: Case) -> Ask | None:
        words = " ".join(f'"{word}"' for word in re.findall(r"\w+", case.fts))
        text = case.fts if case.fts.startswith('"') else words
        if not text:
            return None
        return lambda: (
            base.execute(best, [text]).fetchall(),
            base.execute(count, [text]).fetchone(),
        )

    return ask


def _completion(
    found: SearchIndex, stock: Callable[[Case], Ask | None] | None, size: int
) -> Iterator[Measured]:
    """Names that begin so, beside a prefix query of stock Whoosh."""
    for start in ("m", "mi", "mist", "org00001/l"):
        ours = at(cpu_ms(lambda s=start: found.complete(s, 8), TIMES), 0.5)  # type: ignore[misc]
        yield Measured(f"complete {start}: CPU p50", ours, "ms", size)
        if stock and (ask := stock(Case("prefix", "", whoosh=f"{start}*"))):
            other = at(cpu_ms(ask, STOCK_TIMES), 0.5)
            yield Measured(f"complete {start}: Whoosh against ours", other / ours, "×", size)
