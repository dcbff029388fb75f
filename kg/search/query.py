"""The query language of the search box: words, "phrases", -not, a OR b, field:value.

    llama org:meta license:apache-2.0 access:open-weights params:7b..13b released:2023-03.. -kind:source
    descendants-of:llama -relation:quantized

Nothing a person can type is an error: what is not understood is searched as words, with a note.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from kg.language.forms import readable
from kg.language.numerals import read_count, with_sizes
from kg.messages.message import Message
from kg.model.purl import with_hub_paths

EXACT_FIELDS = (
    "kind",
    "org",
    "license",
    "access",
    "lang",
    "relation",
    "family",
    "descendants-of",
    "copy-of",
    "verdict",
)
NUMBER_FIELDS = ("params", "released", "descendants", "downloads")
ALIASES = {"size": "params", "year": "released"}
FIELDS = (*EXACT_FIELDS, *NUMBER_FIELDS, *ALIASES)

ITEM = re.compile(r'(-?)(?:([A-Za-z-]+):)?("[^"]*"|\S+)')
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TAG = re.compile(r"v?\d|latest")  # mistral:7b is a name, as Ollama writes it
_BETWEEN = re.compile(r"\.{2,}|[~〜∼]")  # the ends of a range
NEAR = 0.05  # a single size means what is called so: 7b finds 6.7 and 7.2 billion


class Range(NamedTuple):
    """A filter on a number; both ends belong to it."""

    field: str
    low: float
    high: float
    negated: bool = False


class Is(NamedTuple):
    """A filter on a value."""

    field: str
    value: str
    negated: bool = False


class OneOf(NamedTuple):
    """A filter on several values, of which a hit has one."""

    field: str
    values: tuple[str, ...]
    negated: bool = False


class Called(NamedTuple):
    """A filter on names: what is called by one of them, and what comes from what is."""

    names: tuple[str, ...]
    negated: bool = False


Filter = Is | Range | OneOf | Called


class Meant(msgspec.Struct, frozen=True, kw_only=True):
    """Words of a query that were understood as a filter."""

    words: str  # as they were typed, sizes as names have them
    field: str  # of the filter, `name` for what is called so
    value: str  # as the search box takes it
    negated: bool = False
    filters: tuple[Filter, ...] = ()  # what it does
    applied: bool = True  # False: nothing passes, so it was left out

    @property
    def typed(self) -> str:
        """The same as a filter of the search box, "" where it has none for it."""
        if self.field == "name" or "," in self.value:
            return ""
        return f"{'-' * self.negated}{self.field}:{self.value}"


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for."""

    typed: str = ""
    text: str = ""  # the plain words
    phrases: tuple[tuple[str, ...], ...] = ()  # "phrases" and alternatives, each place with its own
    without: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    notes: tuple[Message, ...] = ()  # what was not understood
    meant: tuple[Meant, ...] = ()  # words that were understood as filters
    soft: str = ""  # the words of these, which make a hit better and are not required
    left_out: tuple[str, ...] = ()  # words that say nothing of what is meant
    settled: bool = False  # whether its words were read for filters


def parse(text: str) -> Query:
    """Read a query.

    >>> parse('llama -quantized org:meta params:7b..13b').filters[0]
    Is(field='org', value='meta', negated=False)
    >>> found = parse('"instruction data" 알파카 OR 비쿠나 모델')
    >>> found.text, found.phrases
    ('모델', (('"instruction data"',), ('알파카', '비쿠나')))
    >>> parse("70억 알파카").text, parse("params:70억..1,800억").filters[0].high
    ('7b 알파카', 180000000000.0)
    >>> print(*parse('colour:red').notes)
    there is no field 'colour'; fields are: kind, org, license, access, lang, relation, family, descendants-of, copy-of, verdict, params, released, descendants, downloads, size, year
    """
    places: list[tuple[str, ...]] = []
    text = with_hub_paths(readable(text))
    without: list[str] = []
    filters: list[Is | Range] = []
    notes: list[Message] = []
    joined = False
    for minus, field, value in _items(text):
        if value == "OR" and not field and not minus and places:
            joined = True
            continue
        found = _filter(field.lower(), value.strip('"'), bool(minus)) if field else None
        if isinstance(found, Message) and (field in NUMBER_FIELDS or not _TAG.match(value)):
            notes.append(found)
        elif found and not isinstance(found, Message):
            filters.append(found)
            continue
        word = f"{field}:{value}".replace(":", " ").strip() if field else value
        if minus and not field and value.strip('"-'):
            without.append(value)
        elif joined:
            places[-1] = (*places[-1], word)
        else:
            places.append((word,))
        joined = False
    plain = with_sizes(" ".join(p[0] for p in places if len(p) == 1 and not p[0].startswith('"')))
    phrases = tuple(p for p in places if len(p) > 1 or p[0].startswith('"'))
    return Query(
        typed=text,
        text=plain,
        phrases=phrases,
        without=tuple(without),
        filters=tuple(filters),
        notes=tuple(notes),
    )


def measured(field: str, low: str, high: str) -> Range | None:
    """A filter on a number between two ends, each as it is typed or empty; None if they are no numbers.

    >>> measured("released", "2024", "")
    Range(field='released', low=20240101.0, high=99991231.0, negated=False)
    """
    ends = _ends(field, low, high)
    return Range(field, *ends) if ends else None


def _items(text: str) -> Iterator[tuple[str, str, str]]:
    for match in ITEM.finditer(text):
        minus, field, value = match.groups()
        yield minus, field or "", value


def _filter(field: str, value: str, negated: bool) -> Is | Range | Message:
    """A filter, or why there is none."""
    field = ALIASES.get(field, field)
    if field in EXACT_FIELDS:
        return Is(field, value, negated)
    if field not in NUMBER_FIELDS:
        return Message(
            "there is no field %(field)r; fields are: %(fields)s", field=field, fields=FIELDS
        )
    low, *dots = _BETWEEN.split(value, maxsplit=1)
    high = dots[0] if dots else ""
    ends = _ends(field, low, high if dots else low)
    if ends is None:
        example = "2023-03..2023-06" if field == "released" else "7b..13b"
        return Message(
            "%(field)s takes a value or a range such as %(example)s, not %(value)r",
            field=field,
            example=example,
            value=value,
        )
    if not dots and field != "released":
        ends = (ends[0] * (1 - NEAR), ends[1] * (1 + NEAR))
    return Range(field, min(ends), max(ends), negated)


def _ends(field: str, low: str, high: str) -> tuple[float, float] | None:
    if not low and not high:
        return None
    if field == "released":
        first, last = _day(low or "0001", False), _day(high or "9999", True)
    else:
        first, last = _number(low or "0"), _number(high or "999999t")
    return None if first is None or last is None else (first, last)


def _number(text: str) -> float | None:
    """A number, in digits or words: 13b, 1,800억."""
    count = read_count(text)
    if count is not None:
        return float(count)
    plain = text.replace(",", "")
    return float(plain) if _NUMBER.fullmatch(plain) else None


def _day(text: str, end: bool) -> float | None:
    """A date as the number yyyymmdd; of a month or year the first or last day."""
    filled = (text + ("-12-31" if end else "-01-01")[len(text) - 4 :]) if len(text) < 10 else text
    if end and len(text) == 7:
        filled = f"{text}-28"
    try:
        day = dt.date.fromisoformat(filled)
    except ValueError:
        return None
    return day.year * 1e4 + day.month * 100 + (31 if end and len(text) == 7 else day.day)
