"""What an index says of itself, and the engine that reads and writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from kg.search.clauses import Indexed, SearchEngine
from kg.search.query_words import NO_WORDS, QueryWords


class About(msgspec.Struct):
    """What an index says of itself."""

    engine: str
    glossary: dict[str, str]
    filters: set[str]  # that have a meaning, whether any document passes them or not
    copies: set[str]  # filters by a relation that makes copies
    words: QueryWords = NO_WORDS  # that mean filters


_Write = Callable[[Iterable[Indexed], Path], int]
_Open = Callable[[Path], SearchEngine]


def load_engine(name: str) -> tuple[_Write, _Open]:
    """What writes and what opens the indexes of an engine; the other engine is not loaded."""
    if name == "tantivy":
        from kg.search.engines import _tantivy as tantivy

        return tantivy.write, tantivy.TantivyEngine
    from kg.search.engines import _whoosh as whoosh

    return whoosh.write, whoosh.WhooshEngine
