"""What models are chosen by: words, values, ranges, who asks, and the order of the rows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

import msgspec

from kg.errors import InputError
from kg.language.numerals import read_count
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.terms import Use
from kg.messages.message import Message, mark
from kg.search.query import measured

Column = Literal[
    "name",
    "org",
    "released",
    "params",
    "active",
    "context",
    "lang",
    "access",
    "license",
    "verdict",
    "score",
    "descendants",
    "downloads",
]
Filter = Literal["org", "license", "lang", "access", "verdict"]
Ranged = Literal["released", "params", "active", "context", "score", "descendants", "downloads"]
Order = Literal["relevance"] | Column
COLUMNS: tuple[Column, ...] = get_args(Column)
FILTERS: tuple[Filter, ...] = get_args(Filter)
RANGED: tuple[Ranged, ...] = get_args(Ranged)
ORDERS: tuple[Order, ...] = ("relevance", *COLUMNS)
# ModelColumns whose first order is the greatest first.
FALLING: frozenset[Order] = frozenset({*RANGED, "lang"})
_KILO = 1024  # tokens that a context of so many k may hold
_WORDS: Mapping[Ranged, str] = {
    "released": mark("Released"),
    "params": mark("Size"),
    "active": mark("Active size"),
    "context": mark("Context"),
    "score": mark("Best Korean score"),
    "descendants": mark("Descendants"),
    "downloads": mark("Downloads a month"),
}
_EXAMPLES: Mapping[str, str] = {"released": "2024-03", "context": "8k", "score": "55.5"}


class Between(NamedTuple):
    """A range; both ends belong to it."""

    low: float
    high: float


class ModelsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of the table of models."""

    text: str = ""
    # Words that are searched as words, though they may mean a filter
    as_words: tuple[str, ...] = ()
    chosen: Mapping[Filter, tuple[str, ...]] = MappingProxyType({})  # a row has one of the values
    ranges: Mapping[Ranged, Between] = MappingProxyType({})
    benchmark: str = ""  # whose scores are shown; "" = the best on any in Korean
    order: Order = "relevance"
    falling: bool = True  # the greatest first
    copies: bool = False  # also copies of what the words find
    use: Use = "commercial"
    profile: Profile = NOBODY


def read_range(field: Ranged, low: str, high: str) -> Between:
    """A range as people type its ends, either of which may be empty.

    Args:
        field: the column.
        low: the lower end: 7b, 70억, 8k, 2024-03 or a number.
        high: the upper end; a context of 8k goes up to 8,192.

    Raises:
        InputError: an end is no such number, or the range is empty.
    """
    low, high = low.strip(), high.strip()
    ends, word = _ends(field, low, high), Message(_WORDS[field])
    if ends is None:
        raise InputError(
            Message(
                "%(field)s takes a value such as %(example)s, not %(value)r",
                field=word,
                example=_EXAMPLES.get(field, "7b"),
                value=(low if low and _ends(field, low, "") is None else high)[:40],
            )
        )
    if ends.low > ends.high:
        raise InputError(
            Message("%(field)s: %(low)r is above %(high)r", field=word, low=low, high=high)
        )
    return ends


def _ends(field: Ranged, low: str, high: str) -> Between | None:
    if field == "released":
        found = measured(field, low, high)
        return Between(found.low, found.high) if found else None
    first, last = _number(low or "0"), _number(high or "inf")
    if first is None or last is None:
        return None
    if field == "context" and high.lower().endswith("k"):
        last = last / 1000 * _KILO
    return Between(first, last)


def _number(text: str) -> float | None:
    """A number that is not negative.

    >>> _number("7b"), _number("8,192"), _number("55.5"), _number("-1"), _number("nan")
    (7000000000.0, 8192.0, 55.5, None, None)
    """
    if text == "inf":
        return float("inf")
    if (count := read_count(text)) is not None:
        return float(count)
    plain = text.replace(",", "")
    whole, _, part = plain.partition(".")
    fits = whole.isascii() and whole.isdigit() and (not part or (part.isascii() and part.isdigit()))
    return float(plain) if fits and len(plain) <= 24 else None
