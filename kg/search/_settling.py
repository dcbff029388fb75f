"""Leaves out filters that words were read as, where nothing passes them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import msgspec

from kg.search.query import Meant, Query

# What is left out first; what may be done with a thing is the last to be given up.
_ORDER = (
    "kind",
    "released",
    "params",
    "relation",
    "access",
    "name",
    "org",
    "lang",
    "license",
    "verdict",
)


def settle(read: Query, finds: Callable[[Query], bool]) -> Query:
    """A query of whose filters something passes, those that were left out marked.

    Args:
        read: a query whose words were read.
        finds: whether anything answers a query.
    """
    if not read.meant or finds(read):
        return read
    for left in _fewer(read.meant):
        tried = msgspec.structs.replace(read, meant=left)
        if finds(tried):
            return tried
    return read


def _fewer(meant: Sequence[Meant]) -> Iterator[tuple[Meant, ...]]:
    """The same filters with one left out, two, and so on; the least telling first."""
    order = sorted(range(len(meant)), key=lambda i: _ORDER.index(meant[i].field))
    for size in range(1, len(meant) + 1):
        for gone in combinations(order, size):
            yield tuple(
                msgspec.structs.replace(m, applied=False) if i in gone else m
                for i, m in enumerate(meant)
            )
