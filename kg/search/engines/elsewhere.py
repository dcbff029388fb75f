"""Searches answered by an OpenSearch cluster (GYEBO_SEARCH_URL), and by the index here wherever that cannot.

Both hold the same terms of the same release, so that both find the same. What a query means is worked out with the
index here, which tells how often a word stands; the cluster is asked for hits and counts, which are most of the work.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from kg.errors import LoadFailed
from kg.messages.message import Message
from kg.search.clauses import Counts, Hits, Indexed, Order, SearchEngine, SearchPlan
from kg.search.engines._opensearch import (
    DEEPEST,
    OpenSearchEngine,
    index_settings,
    write_documents,
)
from kg.search.engines._opensearch_client import Json, SearchServer

log = logging.getLogger(__name__)
_REST = 5.0  # seconds a server that did not answer is left alone
_PATIENCE = 2.0  # seconds that a reader waits for it
_STRANGE = (LookupError, TypeError, ValueError, AttributeError)  # not as OpenSearch answers
_TOLD = 300  # characters of an error in the log
_HELD = "documents"  # of the index, told by its mapping when all are in it
_T = TypeVar("_T")


class LoadedIndex(msgspec.Struct, frozen=True, kw_only=True):
    """An index that a server holds now."""

    version: str
    index: str
    documents: int


def index_name(folder: Path, version: str) -> str:
    """What an index is called on a server: the same release, analyzed the same way.

    Args:
        folder: of the index here, whose about.json says how words are understood.
        version: of the release.
    """
    told = (folder / "about.json").read_bytes()
    return f"gyebo-{version}-{sha256(told).hexdigest()[:12]}"


def load_index(
    docs: Iterable[Indexed], url: str, name: str, *, shards: int = 1, copies: int = 0
) -> int:
    """Put documents into a new index of a server; it counts as whole only when the last one is in it.

    Args:
        docs: all of a release.
        url: of the server.
        name: of the index; what is left of an attempt before is taken away.
        shards: parts that machines share.
        copies: of each part, besides the first.

    Returns:
        How many documents it holds; those of an index that was whole already are not sent again.

    Raises:
        LoadFailed: the server did not take them.
        ConfigError: the address is none.
    """
    server = SearchServer(url)
    try:
        known = server.ask("GET", f"/{name}*/_mapping")
        if (held := _held(known, name)) is not None:
            return held
        if name in known:
            server.ask("DELETE", f"/{name}")
        server.ask("PUT", f"/{name}", index_settings(shards, copies))
        count = write_documents(docs, server, name)
        server.ask("POST", f"/{name}/_refresh")
        found = server.ask("POST", f"/{name}/_count", {"query": {"match_all": {}}})["count"]
        if found != count:
            raise ConnectionError(f"it holds {found} documents of {count}")
        server.ask("PUT", f"/{name}/_mapping", {"_meta": {_HELD: count}})
    except ConnectionError as error:
        raise LoadFailed(server.shown, Message("%(error)s", error=error)) from error
    except _STRANGE as error:
        raise LoadFailed(server.shown, Message("it does not answer as OpenSearch does")) from error
    finally:
        server.close()
    return count


def _held(mappings: Json, name: str) -> int | None:
    """How many documents an index holds; None if it is not there, or not whole."""
    told = mappings.get(name, {}).get("mappings", {}).get("_meta", {}).get(_HELD)
    return told if isinstance(told, int) else None


class ElsewhereEngine:
    """A server's index where it answers, and the one here where it does not.

    Args:
        here: the index of this machine.
        url: of the server.
        name: of its index.
        clock: seconds, for tests.

    Raises:
        ConfigError: the address is none.
    """

    def __init__(
        self,
        here: SearchEngine,
        url: str,
        name: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._here, self._name, self._clock = here, name, clock
        self._server = SearchServer(url, _PATIENCE)
        self._lock = threading.Lock()
        self._there: OpenSearchEngine | None = None
        self._up, self._try_at = False, 0.0  # whether it answered last; if not, when it is tried
        self.size = here.size

    def find(
        self, plan: SearchPlan, limit: int, offset: int = 0, order: Order = "relevance"
    ) -> Hits:
        """See `SearchEngine`; what lies deeper than the server looks is found here."""
        if offset + limit > DEEPEST:
            return self._here.find(plan, limit, offset, order)
        return self._asked(lambda engine: engine.find(plan, limit, offset, order))

    def count(self, plan: SearchPlan) -> int:
        """See `SearchEngine`."""
        return self._asked(lambda engine: engine.count(plan))

    def counts(self, plan: SearchPlan, facets: Sequence[str], most: int) -> Counts:
        """See `SearchEngine`."""
        return self._asked(lambda engine: engine.counts(plan, facets, most))

    def frequency(self, field: str, term: str) -> int:
        """See `SearchEngine`; both know it, and here it is near."""
        return self._here.frequency(field, term)

    def complete(self, start: str, limit: int) -> list[str]:
        """See `SearchEngine`; as `frequency`."""
        return self._here.complete(start, limit)

    def close(self) -> None:
        """See `SearchEngine`."""
        self._server.close()
        self._here.close()

    def _asked(self, ask: Callable[[SearchEngine], _T]) -> _T:
        if self._may_ask():
            try:
                found = ask(self._opened())
            except (ConnectionError, *_STRANGE) as error:
                told = repr(error)[:_TOLD]
                log.warning("%s: %s; searches are answered here", self._server.shown, told)
                self._up, self._try_at = False, self._clock() + _REST
            else:
                self._up = True
                return found
        return ask(self._here)

    def _may_ask(self) -> bool:
        """Whether the server is asked: by all where it answered last, else by one, so that one reader waits."""
        with self._lock:
            if self._up or self._clock() < self._try_at:
                return self._up
            self._try_at = self._clock() + _REST
            return True

    def _opened(self) -> OpenSearchEngine:
        """The server's index.

        Raises:
            ConnectionError: it does not hold all of this release.
        """
        if self._there is None:
            held = _held(self._server.ask("GET", f"/{self._name}*/_mapping"), self._name)
            if held != self.size:
                raise ConnectionError(f"it holds {held} documents of {self.size} of this release")
            self._there = OpenSearchEngine(self._server, self._name, self.size)
        return self._there
