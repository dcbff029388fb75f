"""Writing an index: documents are put in terms in parts, which other processes may do, and written in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import msgspec

from kg.search._about import About, load_engine
from kg.search._spelling import Counted
from kg.search.analyzer import Analyzer, SearchDoc
from kg.search.clauses import Indexed
from kg.search.query_words import NO_WORDS, QueryWords

PART = 1024  # documents of a part


class IndexPart(msgspec.Struct, frozen=True):
    """Some documents in terms."""

    docs: Sequence[Indexed]
    words: Mapping[str, int]  # of their names, how often each stands there
    lines: int = 0  # of the release that they come from

    def __reduce__(self) -> tuple[Callable[[bytes], IndexPart], tuple[bytes]]:
        """From one process to another as bytes, which are read in a quarter of the time that pickle takes."""
        return _unpack, (msgspec.msgpack.encode(self),)


def _unpack(packed: bytes) -> IndexPart:
    return msgspec.msgpack.decode(packed, type=IndexPart)


class PartAnalyzer:
    """Puts documents in terms, part by part.

    Args:
        glossary: words that mean the same.
    """

    def __init__(self, glossary: Mapping[str, str]) -> None:
        self._counted = Counted()
        self._analyze = Analyzer(glossary, self._counted)

    def __call__(self, docs: Iterable[SearchDoc], lines: int = 0) -> IndexPart:
        """Some documents as a part."""
        return IndexPart([*map(self._analyze, docs)], self._counted.take(), lines)


def cut_parts(docs: Iterable[SearchDoc], glossary: Mapping[str, str]) -> Iterator[IndexPart]:
    """Documents in parts, for who has them at hand."""
    analyze, rest = PartAnalyzer(glossary), iter(docs)
    while (part := analyze(islice(rest, PART))).docs:
        yield part


def build_index(
    parts: Iterable[IndexPart],
    folder: Path,
    glossary: Mapping[str, str],
    engine: str,
    filters: Iterable[str] = (),
    copies: Iterable[str] = (),
    words: QueryWords = NO_WORDS,
) -> int:
    """Write an index and return how many documents it holds.

    Args:
        parts: what is searched, with the same glossary.
        folder: where the index is made.
        glossary: words that mean the same; the index keeps them for its queries.
        engine: whoosh or tantivy.
        filters: those that mean something even where no document passes.
        copies: those by a relation that makes copies.
        words: those of queries that mean filters; the index keeps them as well.
    """
    folder.mkdir(parents=True)
    counted = Counted()
    write, _ = load_engine(engine)
    count = write(_documents(parts, counted), folder)
    counted.write(folder / "words.json", glossary)
    about = About(engine, dict(glossary), set(filters), set(copies), words)
    (folder / "about.json").write_bytes(  # a set's order differs by process
        msgspec.json.encode(about, order="deterministic")
    )
    return count


def _documents(parts: Iterable[IndexPart], counted: Counted) -> Iterator[Indexed]:
    for part in parts:
        counted.merge(part.words)
        yield from part.docs
