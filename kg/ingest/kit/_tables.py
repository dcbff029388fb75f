"""Tables of one source that overlap: what they say alike is said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from kg.ingest.kit.kit import Found
from kg.model.claim import Claim

# Digits of numbers that went through binary fractions: 4.2e24 and 4.1999999999999997e24 are one
_DIGITS = ".9g"


def table_of(place: str) -> str:
    """The table of a place such as `models.csv:7`."""
    return place.rpartition(":")[0]


def agreeing(found: Iterable[Found]) -> Iterator[Found]:
    """Each thing that is said once, in the order of its first place, with one place in each table that says it.

    Args:
        found: whose places are `table:line`; all of it is held in memory.
    """
    first: dict[tuple[object, ...], Found] = {}
    places: dict[tuple[object, ...], dict[str, str]] = {}
    for one in found:
        key, at = _key(one), _place(one)
        first.setdefault(key, one)
        places.setdefault(key, {}).setdefault(table_of(at), at)
    for key, one in first.items():
        yield _placed(one, "; ".join(places[key].values()))


def _key(one: Found) -> tuple[object, ...]:
    if not isinstance(one, Claim):
        return (one.rule, one.subject, one.property, one.value, one.message)
    value, said = one.said.value, one.said
    value = format(value, _DIGITS) if isinstance(value, float) else value
    return (one.subject, one.property, type(value), value, said.lang, said.note, said.url)


def _place(one: Found) -> str:
    return one.said.locator if isinstance(one, Claim) else one.origin


def _placed(one: Found, place: str) -> Found:
    if isinstance(one, Claim):
        return Claim(one.subject, one.property, msgspec.structs.replace(one.said, locator=place))
    return msgspec.structs.replace(one, origin=place)
