"""What a request works with: the configuration, its snapshot, the query processes."""

from __future__ import annotations

import hashlib
import threading
from contextvars import ContextVar
from typing import cast

from flask import Flask, current_app, g

from kg.answers.sparql import limits_of
from kg.config import Config
from kg.paths import KG
from kg.snapshot.snapshot import Snapshot
from kg.sparql.pool import Pool
from web.app._page_cache import PageCache
from web.app._snapshots import Holder
from web.paths import WEB

_lang: ContextVar[str] = ContextVar(
    "lang", default="en"
)  # g takes ten times as long, a thousand times a page
_PARTS = (".py", ".html", ".xml", ".po", ".css", ".js", ".svg")


class Site:
    """What one process serves.

    Args:
        config: where the snapshots are, and the limits of queries.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.holder = Holder(config.home)
        self.tag = _digest()  # changes with the program; part of every ETag
        self._lock = threading.Lock()
        self._pool: Pool | None = None
        most = config.page_cache_mb * 10**6
        self.pages, self.results = PageCache(most - most // 4), PageCache(most // 4)

    @property
    def pool(self) -> Pool:
        """The query processes of this process; made at first use, so after a server has forked."""
        with self._lock:
            if self._pool is None:
                self._pool = Pool(self.config.sparql_workers, limits_of(self.config))
            return self._pool

    def close(self) -> None:
        """Give up the snapshot and stop the query processes."""
        self.holder.close()
        if self._pool:
            self._pool.close()


def _digest() -> str:
    files = sorted(p for top in (KG, WEB) for p in top.rglob("*") if p.suffix in _PARTS)
    return hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()[:12]


def attach(app: Flask, config: Config) -> None:
    """Give an application its site."""
    app.extensions["gyebo"] = Site(config)
    app.teardown_request(_let_go)


def site() -> Site:
    """The site of the running application."""
    return cast(Site, current_app.extensions["gyebo"])


def snapshot() -> Snapshot:
    """The snapshot of this request; the same one until it ends.

    Raises:
        SnapshotError: there is none to serve.
    """
    if "snapshot" not in g:
        g.snapshot = site().holder.acquire()
    return cast(Snapshot, g.snapshot)


def lang() -> str:
    """The language of this request: en or ko."""
    return _lang.get()


def speak(code: str) -> None:
    """Answer this request in a language."""
    _lang.set(code)


def _let_go(error: BaseException | None) -> None:
    _lang.set("en")
    held = g.pop("snapshot", None)
    if held is not None:
        site().holder.release(held)
