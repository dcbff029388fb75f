"""What a query runs on, how it is asked, and what it may take."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one query, and one client, may take."""

    seconds: float = 30.0
    memory_mb: int = 2500
    bytes: int = 256_000_000
    rows: int = 1_000_000
    queue: int = 8  # queries that may wait, in one pool
    share: float = 0.0  # seconds of computing a minute and client; 0 = without limit
    nice: int = 5  # how far the process stands back for others, 0 to 19


class Dataset(NamedTuple):
    """What a query runs on."""

    store: Path  # directory of the store
    base: str = ""  # what relative IRIs, such as <family/llama>, start with
    version: str = ""  # of the release, by which a server elsewhere knows it


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How a query is asked."""

    default_graphs: tuple[str, ...] = ()  # the protocol's dataset, in place of the query's own
    named_graphs: tuple[str, ...] = ()
    seconds: float = math.inf  # a deadline of the asker's; only a shorter one counts
    gzip: bool = False
    client: str = ""  # whose share it takes from, and whose turn it is
    gone: Callable[[], bool] | None = None  # whether who asks has left: then the query is stopped


class Ledger(Protocol):
    """Accounts of clients that several processes charge, here or on other machines; nothing that it does raises."""

    def debt(self, client: str) -> float | None:
        """Seconds until the share of a client is full again; None if that cannot be known now."""

    def charge(self, client: str, seconds: float) -> None:
        """Let it take longer until the share of a client is full again."""


@lru_cache(4096)
def client_of(address: str) -> str:
    """Whose share a query from an address takes from: of IPv6 a whole /64, as one client has all of it.

    >>> client_of("2001:db8::1") == client_of("2001:db8::ffff:2"), client_of("::ffff:192.0.2.1")
    (True, '192.0.2.1')
    """
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, 64), strict=False))
