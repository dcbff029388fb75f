"""Queries of one subject, answered in the process that is asked.

To hand a query over and its answer back costs several times what Oxigraph needs for “what is said of this model?”, which
is what programs ask most. Such a query can do no harm, by its form alone: one pattern of one subject, no function, filter,
path or nesting, so that each step of the engine is a row of the answer, of which there may be few. What has another
form, or a longer answer, or is wrong, goes to a query process, which says so.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox

from kg.model.vocabulary import PREFIXES
from kg.sparql._protocol import WireMessage
from kg.sparql._result import TooLarge
from kg.sparql._tokens import prologue_end
from kg.sparql._worker import serialize

MAX_ROWS, MAX_BYTES = 1_000, 1 << 20  # of an answer given here
_LONGEST = 2_000  # characters of a query
_IRI = r'<[^<>"{}|^`\\\x00-\x20]*>'
_NAME = r"[A-Za-z]\w*:[A-Za-z0-9_][\w-]*"
_LOOKUP = re.compile(
    rf"""(?:(?i:ASK)|(?i:SELECT)\s+(?P<columns>\*|(?:[?$]\w+\s*)+))\s*(?:(?i:WHERE)\s*)?
    \{{\s*(?:{_IRI}|{_NAME})
    \s+(?:[?$](?P<predicate>\w+)|{_IRI}|{_NAME}|a)
    \s+(?:[?$](?P<object>\w+)|{_IRI}|{_NAME})\s*\.?\s*\}}
    \s*(?:(?i:LIMIT)\s+[0-9]{{1,9}}\s*)?""",
    re.VERBOSE | re.ASCII,
)
_VARIABLE = re.compile(r"\w+", re.ASCII)
_PREFIX = re.compile(r"(\w+):", re.ASCII)


class Lookup(NamedTuple):
    """Such a query, as it is put to Oxigraph."""

    text: str  # with its columns named, as Oxigraph sorts those of SELECT * (kg/sparql/_rewrite.py)
    prefixes: dict[str, str]  # that it may need, as Oxigraph reads each that it is told


@lru_cache(64)  # it is asked of a query more than once
def read_lookup(query: str) -> Lookup | None:
    """A query that asks for what is said of one subject, and nothing else; None if it is any other.

    >>> read_lookup("PREFIX x: <http://x/> SELECT * { x:a ?p ?o } LIMIT 5")
    Lookup(text='PREFIX x: <http://x/> SELECT ?p ?o { x:a ?p ?o } LIMIT 5', prefixes={})
    >>> read_lookup("ASK { ?s ?p ?o }")
    """
    if len(query) > _LONGEST:
        return None
    found = _LOOKUP.fullmatch(query, prologue_end(query))
    if not found:
        return None
    columns = found["columns"] or ""
    variables = [name for name in found.group("predicate", "object") if name]
    # A variable that stands twice is a filter; a row of columns that nothing binds takes no room.
    if len({*variables}) < len(variables) or not {*variables}.issuperset(
        _VARIABLE.findall(columns)
    ):
        return None
    if columns == "*" and variables:
        start, end = found.span("columns")
        query = f"{query[:start]}{' '.join(f'?{name}' for name in variables)}{query[end:]}"
    named = {name: PREFIXES[name] for name in _PREFIX.findall(found[0]) if name in PREFIXES}
    return Lookup(query, named)


class Lookups:
    """Answers such queries from the store of the newest release asked for; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: tuple[Path, ox.Store] | None = None

    def answer(self, store: Path, request: dict[str, Any]) -> WireMessage | None:
        """The answer; None if a query process has to be asked.

        Args:
            store: of the release.
            request: as a query process gets it.
        """
        if request["default_graphs"] or request["named_graphs"] or not request["results"]:
            return None
        if not (asked := read_lookup(request["query"])):
            return None
        most = {
            "bytes": min(MAX_BYTES, request["bytes"]),
            "rows": min(MAX_ROWS, request["rows"]),
        }
        try:
            opened, base = self._opened(store), request["base"] or None
            found = opened.query(asked.text, prefixes=asked.prefixes, base_iri=base)
            return serialize(found, request | most)
        except (OSError, SyntaxError, ValueError, RuntimeError, TooLarge):
            return None  # a process says what is wrong

    def _opened(self, path: Path) -> ox.Store:
        with self._lock:
            if not self._open or self._open[0] != path:
                self._open = path, ox.Store.read_only(str(path))
            return self._open[1]

    def close(self) -> None:
        """Give up the store."""
        with self._lock:
            self._open = None
