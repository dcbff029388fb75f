"""How good the search is: judged queries, ours beside stock engines on the same texts.

    python -m tests.search.evaluate [--kinds] [--whole]     P@1, MRR and nDCG@10, open and held-apart queries

The queries were judged on the curated data; with it stands the cut of the catalog that the tests have, with
--whole all of it.

Relevant for P@1 and MRR is what a judge graded 2 or 3; where nothing is, 1. nDCG uses all grades.

The second set is of what people ask for in words (asked_open.yaml, asked_held.yaml), judged by facts: MRR of the first
20 hits, and the share of queries that nothing right is among them.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import tantivy
from whoosh import fields, index, qparser

from kg.build.build import build, write_index
from kg.build.documents._survey import UNSEARCHED
from kg.claims.accounts import read_accounts
from kg.config import load_config
from kg.model.claim import Entity, kind_of
from kg.paths import DATA
from kg.search.glossary import read_glossary
from kg.search.index import SearchIndex
from kg.search.query import parse
from kg.search.query_words import read_query_words
from kg.snapshot.snapshot import Snapshot
from tests.search.asking import FILES, judge
from tests.search.judged import Query, judged
from tests.shared_build import build_home

Engine = Callable[[str], Sequence[str]]  # a query to ids, best first
HITS = 10  # of the first set
DEEP = 20  # of the second
TODAY = dt.date(2026, 11, 29)  # when the queries were written; last year is the one before


class Score(NamedTuple):
    """The means over some queries."""

    first: float  # P@1
    mrr: float
    ndcg: float


def measure(engine: Engine, queries: Iterable[Query]) -> Score:
    """Mean scores of an engine."""
    scores = [score(q, engine(q.text)[:HITS]) for q in queries]
    n = max(1, len(scores))
    return Score(*(sum(values) / n for values in zip(*scores, strict=True)))


def score(query: Query, ids: Sequence[str]) -> Score:
    """P@1, reciprocal rank and nDCG@10 of one answer.

    >>> score(Query("q", "name", "a", {"model/a": 3}, False), ["model/b", "model/a"])
    Score(first=0.0, mrr=0.5, ndcg=0.6309297535714575)
    """
    first = rank(query, ids)
    gains = [2 ** query.relevant.get(id, 0) - 1 for id in ids]
    ideal = sorted((2**grade - 1 for grade in query.relevant.values()), reverse=True)[:HITS]
    return Score(float(first == 1), 1 / first if first else 0.0, _dcg(gains) / (_dcg(ideal) or 1))


def rank(query: Query, ids: Sequence[str]) -> int:
    """The place of the first good answer, 0 if there is none."""
    good = {id for id, grade in query.relevant.items() if grade >= 2} or set(query.relevant)
    return next((i for i, id in enumerate(ids, 1) if id in good), 0)


def _dcg(gains: Iterable[int]) -> float:
    return sum(gain / math.log2(i + 1) for i, gain in enumerate(gains, 1))


def ours(index: SearchIndex) -> Engine:
    """Our search."""

    def ask(text: str) -> Sequence[str]:
        asked = index.settle(parse(text), today=TODAY)
        return [hit.id for hit in index.search(asked, DEEP, group=True).hits]

    return ask


def on_engine(name: str, snapshot: Snapshot, folder: Path) -> SearchIndex:
    """The documents of a snapshot in one of the engines."""
    glossary = read_glossary(DATA / "glossary.yaml")
    words = read_query_words(DATA / "query-words.yaml")
    write_index(snapshot, folder / name, glossary, name, read_accounts(DATA), said=words)
    return SearchIndex(folder / name)


def texts(snapshot: Snapshot) -> list[tuple[str, str]]:
    """What every engine is given: the id and all words of an entity."""
    wanted = (e for e in snapshot.entities() if kind_of(e.id) not in UNSEARCHED)
    return [(entity.id, _text(snapshot, entity)) for entity in wanted]


def _text(snapshot: Snapshot, entity: Entity) -> str:
    known = snapshot.vocabulary.properties
    parts = [name for names in entity.labels.values() for name in names]
    for fact in entity.facts:
        if known[fact.property].type in ("text", "string"):
            parts += map(str, fact.values)
    parts += [
        snapshot.label(str(v)) for name in ("developer", "inFamily") for v in entity.values(name)
    ]
    return " \n ".join(parts)


def fts5(documents: Sequence[tuple[str, str]]) -> Engine:
    """SQLite FTS5 with its own tokenizer and bm25."""
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, body)")
    base.executemany("INSERT INTO t VALUES (?, ?)", documents)

    def ask(text: str) -> Sequence[str]:
        words = [f'"{w}"' for w in re.findall(r"\w+", text)]
        for joiner in (" ", " OR "):
            sql = f"SELECT id FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT {DEEP}"
            rows = base.execute(sql, [joiner.join(words)]).fetchall() if words else []
            if rows:
                return [row[0] for row in rows]
        return []

    return ask


def stock_whoosh(documents: Sequence[tuple[str, str]], folder: Path) -> Engine:
    """Whoosh with its standard analyzer and parser."""
    schema = fields.Schema(id=fields.ID(stored=True), body=fields.TEXT)
    made = index.create_in(str(folder), schema)
    writer = made.writer()
    for id, body in documents:
        writer.add_document(id=id, body=body)
    writer.commit()

    def ask(text: str) -> Sequence[str]:
        with made.searcher() as searcher:
            for group in (qparser.AndGroup, qparser.OrGroup):
                parser = qparser.QueryParser("body", schema, group=group)
                if found := [h["id"] for h in searcher.search(parser.parse(text), limit=DEEP)]:
                    return found
        return []

    return ask


def stock_tantivy(documents: Sequence[tuple[str, str]]) -> Engine:
    """Tantivy with its default tokenizer and lenient parser."""
    schema = (
        tantivy.SchemaBuilder().add_text_field("id", stored=True).add_text_field("body").build()
    )
    made = tantivy.Index(schema)
    writer = made.writer(50_000_000, 1)
    for id, body in documents:
        writer.add_document(tantivy.Document(id=[id], body=[body]))
    writer.commit()
    made.reload()
    searcher = made.searcher()

    def ask(text: str) -> Sequence[str]:
        for every in (True, False):
            parsed, _ = made.parse_query_lenient(text, ["body"], conjunction_by_default=every)
            if hits := searcher.search(parsed, DEEP).hits:
                return [str(searcher.doc(at).get_first("id")) for _, at in hits]
        return []

    return ask


def report(engines: dict[str, Engine], queries: Sequence[Query]) -> None:
    """Print a table: engines by open and held-apart queries."""
    print(f"{'engine':<24}{'queries':<20}{'P@1':>7}{'MRR':>7}{'nDCG@10':>9}")
    kinds = sorted({q.kind for q in queries}) if "--kinds" in sys.argv else []
    parts = {
        "open": [q for q in queries if not q.held],
        "held apart": [q for q in queries if q.held],
    }
    parts |= {f"open, {k}": [q for q in queries if q.kind == k and not q.held] for k in kinds}
    for name, engine in engines.items():
        for part, some in parts.items():
            s = measure(engine, some)
            print(f"{name:<24}{f'{part} ({len(some)})':<20}{s.first:7.3f}{s.mrr:7.3f}{s.ndcg:9.3f}")


class AskedScore(NamedTuple):
    """The means over some queries of the second set."""

    first: float  # P@1
    mrr: float  # of 20 hits
    missing: float  # share of queries that nothing right is among 20 hits


def measure_asked(engine: Engine, queries: Sequence[Query]) -> AskedScore:
    """Mean scores of an engine on the second set."""
    ranks = [rank(query, engine(query.text)[:DEEP]) for query in queries]
    n = max(1, len(ranks))
    found = [1 / at for at in ranks if at]
    return AskedScore(ranks.count(1) / n, sum(found) / n, ranks.count(0) / n)


def report_asked(engines: dict[str, Engine], parts: dict[str, Sequence[Query]]) -> None:
    """Print a table of the second set."""
    print(f"{'engine':<24}{'what is asked for':<20}{'P@1':>7}{'MRR@20':>8}{'missing':>9}")
    for name, engine in engines.items():
        for part, some in parts.items():
            s = measure_asked(engine, some)
            print(
                f"{name:<24}{f'{part} ({len(some)})':<20}{s.first:7.3f}{s.mrr:8.3f}{s.missing:9.1%}"
            )


def main() -> None:
    """Build the data and evaluate every engine on it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        if "--whole" in sys.argv:
            build(load_config(home=home))
        else:
            build_home(home)
        snapshot = Snapshot.current(home)
        documents = texts(snapshot)
        (Path(folder) / "stock").mkdir()
        engines = {
            "Gyebo on Whoosh": ours(on_engine("whoosh", snapshot, Path(folder))),
            "Gyebo on tantivy": ours(on_engine("tantivy", snapshot, Path(folder))),
            "SQLite FTS5, stock": fts5(documents),
            "tantivy, stock": stock_tantivy(documents),
            "Whoosh, stock": stock_whoosh(documents, Path(folder) / "stock"),
        }
        report(engines, judged())
        report_asked(engines, {part: judge(snapshot, part) for part in FILES})
        snapshot.close()


if __name__ == "__main__":
    main()
