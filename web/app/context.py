"""What a request works with: the configuration, its snapshot, the query processes."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import cast

from flask import Flask, current_app, g, request
from msgspec.structs import replace

from kg.answers.search import search
from kg.answers.sparql import limits_of, open_pool
from kg.config import Config
from kg.paths import KG
from kg.snapshot.current import Holder
from kg.snapshot.memo import memo
from kg.snapshot.seal import seal_sum
from kg.snapshot.snapshot import Snapshot
from kg.sparql.pool import Pool
from web.app._page_cache import PageCache
from web.app.readiness import Readiness
from web.paths import WEB
from web.shared.sharing import open_sharing

# `g` takes ten times as long, a thousand times a page
_lang: ContextVar[str] = ContextVar("lang", default="en")
_root: ContextVar[str | None] = ContextVar("root", default=None)  # likewise
_PUBLIC = 15  # how far queries of the public stand back for pages where the processors are busy
_OWN_SECONDS, _OWN_QUEUE = 10.0, 100  # of the short queries of pages
_ANY = "kind:license"  # a search without words, for which nothing is read of what words mean
# In environ, from the server: a function that says whether the client has hung up
GONE = "gyebo.gone"
_PARTS = (".py", ".html", ".xml", ".po", ".css", ".js", ".svg")


class Site:
    """What one process serves.

    Args:
        config: where the snapshots are, and the limits of queries.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.holder = Holder(config.home, search_url=config.search_url)
        self.tag = _digest()  # changes with the program; part of every ETag
        self._lock = threading.Lock()
        self._pool: Pool | None = None
        self._own: Pool | None = None
        self.readiness = Readiness(self._check)
        self.sharing = open_sharing(config, self.tag)
        most, values = config.page_cache_mb * 10**6, self.sharing.values
        self.pages = PageCache(most - most // 4, "page", values)
        self.results = PageCache(most // 4, "result", values)

    @property
    def pool(self) -> Pool:
        """The query processes of the public, in this process; made at first use, so after a server has forked.

        A SPARQL server elsewhere may answer them (`sparql_url`).
        """
        with self._lock:
            if self._pool is None:
                limits = replace(limits_of(self.config), nice=_PUBLIC)
                self._pool = open_pool(self.config, limits, self.sharing.ledger)
            return self._pool

    @property
    def own_pool(self) -> Pool:
        """The query process of the pages themselves, which no query of the public keeps waiting."""
        with self._lock:
            if self._own is None:
                limits = replace(
                    limits_of(self.config), nice=0, seconds=_OWN_SECONDS, share=0, queue=_OWN_QUEUE
                )
                self._own = Pool(1, limits, spare=False)
            return self._own

    def _check(self) -> None:
        """Ask the search index and the query process of the pages; raise what is wrong with them."""
        held = self.holder.acquire()
        try:
            search(held, _ANY, 1)
            taken = self.own_pool.query(held.dataset, "ASK {}")
            if taken.file:
                taken.file.close()
        finally:
            self.holder.release(held)

    @property
    def pools(self) -> Mapping[str, Pool]:
        """The pools that were needed so far."""
        made = {"public": self._pool, "pages": self._own}
        return {name: pool for name, pool in made.items() if pool}

    def close(self) -> None:
        """Give up the snapshot and stop the query processes."""
        self.holder.close()
        for pool in self.pools.values():
            pool.close()
        self.sharing.close()


@memo(most=1)
def identity_of(snapshot: Snapshot) -> str:
    """What names a snapshot by all of its bytes, on whatever machine it lies."""
    return seal_sum(snapshot.folder)


def _digest() -> str:
    digest = hashlib.sha256()
    for top in (KG, WEB):
        for folder, below, names in os.walk(top):
            below.sort()
            for name in sorted(names):
                if name.endswith(_PARTS):
                    digest.update(Path(folder, name).read_bytes())
    return digest.hexdigest()[:12]


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
    _root.set(request.root_path)


def root() -> str:
    """The prefix under which this request found the site."""
    found = _root.get()
    return request.root_path if found is None else found


def _let_go(error: BaseException | None) -> None:
    _lang.set("en")
    _root.set(None)
    held = g.pop("snapshot", None)
    if held is not None:
        site().holder.release(held)
