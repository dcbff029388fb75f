"""Leaves out words or filters where nothing has all of them: words that name nothing first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import msgspec

from kg.search.query import Called, Meant, Query

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


def settle(read: Query, finds: Callable[[Query], bool], names: Callable[[str], bool]) -> Query:
    """A query of whose filters something passes, those that were left out marked.

    Args:
        read: a query whose words were read.
        finds: whether anything answers a query.
        names: whether a text names a model; what does not, gives way to the filters.
    """
    named = bool(read.text) and names(read.text)
    if not read.meant or finds(_naming(read) if named else read):
        return read
    if read.text and not named:
        alone = msgspec.structs.replace(
            read,
            text="",
            soft=f"{read.soft} {read.text}".strip(),
            left_out=(*read.left_out, *read.text.split()),
        )
        if finds(alone):
            return alone
    for left in _fewer(read.meant):
        tried = msgspec.structs.replace(read, meant=left)
        if finds(_naming(tried) if named else tried):
            return tried
    return read


def _naming(read: Query) -> Query:
    """A query that nothing answers but what is called so: who names a model wants that one."""
    return msgspec.structs.replace(read, filters=(*read.filters, Called((read.text,))))


def _fewer(meant: Sequence[Meant]) -> Iterator[tuple[Meant, ...]]:
    """The same filters with one left out, two, and so on; the least telling first."""
    order = sorted(range(len(meant)), key=lambda i: _ORDER.index(meant[i].field))
    for size in range(1, len(meant) + 1):
        for gone in combinations(order, size):
            yield tuple(
                msgspec.structs.replace(m, applied=False) if i in gone else m
                for i, m in enumerate(meant)
            )
