"""What a query runs on, how it is asked, and what it may take."""

from __future__ import annotations

import math
import socket
from pathlib import Path
from typing import NamedTuple

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one query, and one client, may take."""

    seconds: float = 30.0
    memory_mb: int = 2500
    bytes: int = 256_000_000
    rows: int = 1_000_000
    queue: int = 8  # queries that may wait, in one pool
    share: float = 0.0  # seconds of computing a minute and client; 0 = without limit


class Dataset(NamedTuple):
    """What a query runs on."""

    store: Path  # directory of the store
    base: str = ""  # what relative IRIs, such as <family/llama>, start with


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How a query is asked."""

    default_graphs: tuple[str, ...] = ()  # the protocol's dataset, in place of the query's own
    named_graphs: tuple[str, ...] = ()
    seconds: float = math.inf  # a deadline of the asker's; only a shorter one counts
    gzip: bool = False
    client: str = ""  # whose share it takes from
    own: bool = (
        False  # a short query of a page itself: before those of clients, from nobody's share
    )
    peer: socket.socket | None = None  # the query is stopped when the other side hangs up
