"""What all tools work with: the newest snapshot, the query processes, the settings."""

from __future__ import annotations

import threading
from typing import NamedTuple

import msgspec

from kg.answers.sparql import limits_of
from kg.config import Config
from kg.snapshot.current import Holder
from kg.snapshot.snapshot import Snapshot
from kg.sparql.pool import Pool

MOST_BYTES = 16_000_000  # of a result of a query; nobody hands more of it to a model


class AgentDesk:
    """What all tools work with; safe to use from several threads.

    Args:
        config: where the snapshots are, and what a query may take.
        lang: language of answers that ask for none.
        shared: whether several clients ask, each of whom has a share of the query processes.
    """

    def __init__(self, config: Config, lang: str = "en", *, shared: bool = False) -> None:
        self.config, self.lang = config, lang
        self.holder = Holder(config.home)
        self._shared = shared
        self._lock = threading.Lock()
        self._pool: Pool | None = None

    @property
    def pool(self) -> Pool:
        """The query processes; none is started before the first query."""
        with self._lock:
            if self._pool is None:
                limits = limits_of(self.config)
                size = self.config.sparql_workers if self._shared else 1
                bounded = msgspec.structs.replace(
                    limits,
                    bytes=min(limits.bytes, MOST_BYTES),
                    share=limits.share if self._shared else 0.0,
                )
                self._pool = Pool(size, bounded, spare=False)
            return self._pool

    def close(self) -> None:
        """Stop the query processes and give up the snapshot."""
        with self._lock:
            if self._pool:
                self._pool.close()
        self.holder.close()


class ToolCall(NamedTuple):
    """One call of a tool."""

    desk: AgentDesk
    snapshot: Snapshot
    lang: str
    client: str = ""  # whose share of the query processes a query takes from
