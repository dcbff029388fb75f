"""When something came out, as well as that is known.

The day on which its repository was created is no release date: a repository is often made days before its content can
be seen, and that of a copy long after. Nor is the day of one of its revisions. They stand in where nothing better is
known, to order and to find by, and are never set against a release date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg.model.claim import Entity, Value
from kg.model.vocabulary import RELEASE_DATE, REPOSITORY_CREATED, REVISION_DATE

DATED_BY = (RELEASE_DATE, REPOSITORY_CREATED, REVISION_DATE)  # the better first


def best_date(values_of: Callable[[str], Iterable[Value] | None]) -> str:
    """The best of the dates that something has, as exact as it is known; "" if there is none.

    Of several repositories or revisions the earliest counts.

    >>> told = {"releaseDate": ["2025-01"], "repositoryCreated": ["2025-02-01", "2024-12-30"]}
    >>> best_date(told.get)
    '2025-01'
    >>> best_date({"releaseDate": [], **dict([*told.items()][1:])}.get)
    '2024-12-30'

    Args:
        values_of: gives what holds of a property by its name; None or nothing where nothing does.
    """
    for name in DATED_BY:
        if known := [str(value) for value in values_of(name) or () if value]:
            return known[0] if name == RELEASE_DATE else min(known)
    return ""


def known_date(entity: Entity) -> str:
    """When an entity came out: the day, month or year that orders it among others; "" if none is known."""
    return best_date(entity.values)
