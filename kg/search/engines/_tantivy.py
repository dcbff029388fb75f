"""The tantivy engine: for more documents than Whoosh can answer for quickly.

Terms come from us, between spaces and line breaks, and the engine cuts there; only where several stand at one
place, in a field whose places count, are they handed over one by one. The writer is opened for one build and
never kept, since tantivy leaves files behind when two writers hold an index.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import tantivy
from tantivy import FieldType, Occur, PreTokenizedString, Query, SchemaBuilder, Token

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
    TIE,
    Best,
    Clause,
    Counts,
    Every,
    Flat,
    Found,
    Hits,
    Indexed,
    Order,
    Phrase,
    SearchPlan,
    Some,
    TermClause,
    placed_terms,
)

HEAP = 256_000_000  # bytes of one writer thread; more threads would mix the order of documents
PRIOR, STANDING = "prior", "standing"
_TERMS = 50_000  # whose number of documents is remembered
_TEXTS = 20_000  # that are remembered as they are handed over: many documents say the same
SCALE = 4.0  # tantivy takes no factor below one, so priors are kept four times as great


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
    return made.add_float_field(PRIOR, fast=True).add_float_field(STANDING, fast=True).build()


def _facet(field: str) -> str:
    return f"facet_{field}"


def write(docs: Iterable[Indexed], folder: Path) -> int:
    """Write an index and return how many documents it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = tantivy.Index(_schema(), path=str(folder)).writer(HEAP, 1)
    count = 0
    for doc in docs:
        writer.add_document(_document(doc))
        count += 1
    writer.commit()
    writer.wait_merging_threads()
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
            if " " in text:
                made.add_pre_tokenized_text(field, _placed(text))
            else:
                add(field, text)
    add(KEYS, doc.exact)
    add(COMPLETE, doc.complete)
    add(FILTER, doc.filters)
    for name, values in doc.facets.items():
        for value in values:
            add(_facet(name), value)
    for field, number in doc.numbers.items():
        made.add_float(field, number)
    for field, factor in ((PRIOR, doc.prior), (STANDING, doc.standing)):
        made.add_float(field, 2 ** (SCALE * factor) - 2)  # tantivy multiplies by log2(2 + this)
    return made


@lru_cache(_TEXTS)
def _placed(text: str) -> PreTokenizedString:
    """A text with several terms at one place."""
    return PreTokenizedString("", [Token(t, place, 0, 0) for t, place in placed_terms(text)])


@contextmanager
def _lockable(folder: Path) -> Iterator[Path]:
    """A folder in which an index can be opened: tantivy writes a lock even to read.

    Where nothing can be written, as in a container with a read-only root, it is one of links to the
    files. Nothing of it is needed once they are open.
    """
    if os.access(folder, os.W_OK):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="gyebo-search-") as links:
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

    def find(
        self, plan: SearchPlan, limit: int, offset: int = 0, order: Order = "relevance"
    ) -> Hits:
        """See `Engine`."""
        by: dict[str, Any] = (
            {"weight_by_field": PRIOR}
            if order == "relevance"
            else {"order_by_field": SORTED_BY[order]}
        )
        found: Any = self._searcher.search(
            self._query(plan), max(limit, 1), count=True, offset=offset, **by
        )
        scale = SCALE if order == "relevance" else 1.0
        hits = [Found(self._id(at), round((s or 0.0) / scale, 4)) for s, at in found.hits[:limit]]
        return Hits(found.count, hits)

    def _id(self, at: tantivy.DocAddress) -> str:
        return str(self._searcher.doc(at).get_first("id"))

    def counts(self, plan: SearchPlan, facets: Sequence[str], most: int) -> Counts:
        """See `Engine`."""
        asked = {f: {"terms": {"field": _facet(f), "size": most}} for f in facets}
        found = self._searcher.aggregate(self._query(plan), asked)
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

    def _query(self, plan: SearchPlan) -> Query:
        keep = self._held(plan.keep)
        scored = self._clause(plan.match) if plan.match is not None else None
        if len(keep) < len(plan.keep) or (plan.match is not None and not scored):
            return Query.empty_query()
        if (
            not scored
        ):  # tantivy drops "every document", with its points, where something else is asked
            scored = Query.const_score_query(keep.pop(), 1.0) if keep else Query.all_query()
        others = [(Occur.Must, Query.const_score_query(query, 0.0)) for query in keep]
        others += [(Occur.MustNot, query) for query in self._held(plan.drop)]
        return Query.boolean_query([(Occur.Must, scored), *others]) if others else scored

    def _clause(self, clause: Clause) -> Query | None:
        """A clause as a query, None if no document has what it asks.

        What nothing holds is left out, and what is then alone stands for the whole: tantivy does something for each
        part of a query at every document that matches.
        """
        match clause:
            case TermClause(field, text, weight):
                option = "freq" if field in TEXT else "basic"
                known = self.frequency(field, text)
                made = Query.term_query(self._schema, field, text, option) if known else None
                return _weighed(made, weight)
            case Phrase(field, terms, weight):
                return _weighed(Query.phrase_query(self._schema, field, list(terms)), weight)
            case Every(parts, weight):
                held = self._held(parts)
                whole = _joined(held, _every) if len(held) == len(parts) else None
                return _weighed(whole, weight)
            case Some(parts):
                return _joined(self._held(parts), _some)
            case Best(parts):
                return _joined(self._held(parts), _best)
            case Flat(part, points):
                made = self._clause(part)
                return Query.const_score_query(made, points) if made else None
            case _:
                return Query.range_query(
                    self._schema, clause.field, FieldType.Float, clause.low, clause.high
                )

    def _held(self, parts: Sequence[Clause]) -> list[Query]:
        """The parts that some document may match."""
        return [query for query in map(self._clause, parts) if query]


def _joined(parts: list[Query], join: Callable[[list[Query]], Query]) -> Query | None:
    return join(parts) if len(parts) > 1 else next(iter(parts), None)


def _every(parts: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, part) for part in parts])


def _some(parts: list[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, part) for part in parts])


def _best(parts: list[Query]) -> Query:
    return Query.disjunction_max_query(parts, TIE)


def _weighed(query: Query | None, weight: float) -> Query | None:
    return Query.boost_query(query, weight) if query and weight != 1.0 else query
