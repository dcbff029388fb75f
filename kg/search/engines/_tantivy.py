"""The tantivy engine: for more documents than Whoosh can answer for quickly.

Terms come from us, between spaces and line breaks, and the engine cuts there; only where several stand at one
place, in a field whose places count, are they handed over one by one. The writer is opened for one build and
never kept, since tantivy leaves files behind when two writers hold an index.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy
from tantivy import PreTokenizedString, Query, SchemaBuilder, Token

from kg.errors import SnapshotError
from kg.messages.message import Message
from kg.search.clauses import (
    BETWEEN,
    COMPLETE,
    COUNTED,
    FILTER,
    KEYS,
    NUMBERS,
    PLAIN,
    SORTED_BY,
    TEXT,
    Counts,
    Found,
    Hits,
    Indexed,
    Order,
    SearchPlan,
)
from kg.search.engines._bands import BAND, band_of
from kg.search.engines._peaks import CommonWords
from kg.search.engines._tantivy_queries import QueryMaker
from kg.search.engines._top import MANY, PRIOR, SCALE, TopHits

# Bytes of one writer thread, at most; more threads would mix the order of documents. Some 400,000 documents fill it and
# become a segment: eight segments of a size are merged, which costs a third of what it costs to write them.
HEAP = 1_000_000_000
STANDING = "standing"
_TERMS = 50_000  # whose number of documents is remembered
_TEXTS = 20_000  # that are remembered as they are handed over: many documents say the same


def _schema() -> tantivy.Schema:
    made = SchemaBuilder().add_text_field(
        "id", stored=True, tokenizer_name="raw", index_option="basic"
    )
    for field in TEXT:
        option: Any = "freq" if field in PLAIN else "position"
        made.add_text_field(field, tokenizer_name="whitespace", index_option=option)
    for field in (KEYS, COMPLETE, FILTER):
        made.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    for field in COUNTED:
        made.add_text_field(_facet(field), tokenizer_name="raw", index_option="basic", fast=True)
    for field in NUMBERS:
        made.add_float_field(field, indexed=True, fast=True)
    made.add_float_field(PRIOR, fast=True).add_float_field(STANDING, fast=True)
    return made.add_unsigned_field(BAND, indexed=True).build()


def _facet(field: str) -> str:
    return f"facet_{field}"


_FACET = {field: _facet(field) for field in COUNTED}


def write(docs: Iterable[Indexed], folder: Path) -> int:
    """Write an index and return how many documents it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = tantivy.Index(_schema(), path=str(folder)).writer(HEAP, 1)
    count, common = 0, CommonWords()
    for doc in docs:
        writer.add_document(_document(doc))
        common.add(doc)
        count += 1
    writer.commit()
    writer.wait_merging_threads()
    if count > MANY:
        common.write(folder, TantivyEngine(folder)._top.peak)
    return count


def _document(doc: Indexed) -> tantivy.Document:
    made = tantivy.Document()
    add = made.add_text
    add("id", doc.id)
    for field, texts in doc.text.items():
        if field in PLAIN:
            add(field, texts)
            continue
        for text in texts.split(BETWEEN):  # the engine counts places itself, and texts stand apart
            if " " not in text:
                add(field, text)
            elif "\n" in text:
                made.add_pre_tokenized_text(field, _placed(text))
            else:  # one place, so that no phrase begins or goes on in it
                for term in text.split(" "):
                    add(field, term)
    add(KEYS, doc.exact)
    add(COMPLETE, doc.complete)
    add(FILTER, doc.filters)
    for name, values in doc.facets.items():
        for value in values.split("\n") if values else ():
            add(_FACET[name], value)
    for field, number in doc.numbers.items():
        made.add_float(field, number)
    for field, factor in ((PRIOR, doc.prior), (STANDING, doc.standing)):
        made.add_float(field, 2 ** (SCALE * factor) - 2)  # tantivy multiplies by log2(2 + this)
    made.add_unsigned(BAND, band_of(doc.prior))
    return made


@lru_cache(_TEXTS)
def _placed(text: str) -> PreTokenizedString:
    """A text with several terms at one place."""
    places = enumerate(text.split("\n"))
    return PreTokenizedString("", [Token(t, i, 0, 0) for i, at in places for t in at.split()])


@contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """A folder in which an index can be opened: tantivy writes a lock even to read.

    Where nothing can be written, as in a container with a read-only root, it is one of links to the
    files. Nothing of it is needed once they are open; a lock that tantivy's own threads put there meanwhile may stay.
    """
    if os.access(folder, os.W_OK):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="gyebo-search-", ignore_cleanup_errors=True) as links:
        for file in folder.iterdir():
            if file.suffix != ".lock":
                Path(links, file.name).symlink_to(file.absolute())
        yield Path(links)


class TantivyEngine:
    """A read-only tantivy index."""

    def __init__(self, folder: Path) -> None:
        with _lockable(folder) as path:
            if not tantivy.Index.is_compatible(str(path)):
                raise SnapshotError(
                    Message(
                        "the search index is of another version of tantivy; run `gyebo build --force`"
                    )
                )
            index = tantivy.Index.open(str(path))
            self._schema, self._searcher = index.schema, index.searcher()
        self.size: int = self._searcher.num_docs
        self._often = lru_cache(_TERMS)(self._searcher.doc_freq)
        self._queries = QueryMaker(self._schema, self._often)
        self._top = TopHits(self._searcher, self._schema, self._queries, self._often, folder)

    def find(
        self, plan: SearchPlan, limit: int, offset: int = 0, order: Order = "relevance"
    ) -> Hits:
        """See `Engine`."""
        query = self._queries.plan(plan)
        if order == "relevance" and self._top.may_find(plan, offset + limit):
            best = self._top.find(plan, query, offset + limit)
            if best is not None:
                return Hits(self._count(plan), self._found(best[offset:]))
        by: dict[str, Any] = (
            {"weight_by_field": PRIOR}
            if order == "relevance"
            else {"order_by_field": SORTED_BY[order]}
        )
        found: Any = self._searcher.search(query, max(limit, 1), True, offset=offset, **by)
        scale = SCALE if order == "relevance" else 1.0
        return Hits(found.count, self._found(found.hits[:limit], scale))

    def _count(self, plan: SearchPlan) -> int:
        # Counted by a number that each document has; a search for none would read it, and keep the greatest.
        found = self._searcher.aggregate(
            self._queries.documents(plan), {"all": {"value_count": {"field": PRIOR}}}
        )
        return int(found["all"]["value"])

    def _found(self, hits: Sequence[Any], scale: float = SCALE) -> list[Found]:
        return [Found(self._id(at), round((s or 0.0) / scale, 4)) for s, at in hits]

    def _id(self, at: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(at).get_first("id"))

    def count(self, plan: SearchPlan) -> int:
        """See `Engine`."""
        return self._count(plan)

    def counts(self, plan: SearchPlan, facets: Sequence[str], most: int) -> Counts:
        """See `Engine`."""
        asked = {f: {"terms": {"field": _facet(f), "size": most}} for f in facets}
        found = self._searcher.aggregate(self._queries.documents(plan), asked)
        return {f: {b["key"]: b["doc_count"] for b in found[f]["buckets"]} for f in facets}

    def frequency(self, field: str, term: str) -> int:
        """See `Engine`."""
        return self._often(field, term)

    def complete(self, start: str, limit: int) -> list[str]:
        """See `Engine`."""
        begins = Query.regex_query(self._schema, COMPLETE, re.escape(start) + ".*")
        hits = self._searcher.search(begins, limit, count=False, weight_by_field=STANDING).hits
        return [self._id(at) for _, at in hits]

    def close(self) -> None:
        """See `Engine`."""
