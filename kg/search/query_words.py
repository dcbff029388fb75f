"""The words of a search that mean a filter, and those that mean nothing, from data/query-words.yaml.

filters    words that mean a filter of kg/search/query.py, as 상업용 does verdict:allowed
sizes      what stands before or behind a size, as 이하 and under do
dates      what stands before or behind a year; `years` says a year by how long ago it is
makers     what stands before or behind the name of an organization that made what is looked for
without    what stands before or behind what is left out
denials    words beside a use by which it is not meant to be allowed: forbidden, 안 되는
likes      what stands before or behind what something is only compared to
kinds      words for the kind of things that is looked for
questions  forms of a question
fillers    what a question says besides
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from kg.errors import DataError
from kg.messages.message import Message
from kg.search.query import EXACT_FIELDS

Measure = Literal["at-most", "below", "at-least", "above", "near", "between"]
Era = Literal["since", "until", "before", "in"]


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all records of the file have in common: no field is unknown."""


class FilterWords(_Record, frozen=True, kw_only=True):
    """Words that mean a filter."""

    field: str
    value: str
    words: list[str]
    kinds: list[str] = []  # what is looked for, where the words say it as well


class Beside(_Record, frozen=True, kw_only=True):
    """What stands behind or before something."""

    after: list[str] = []
    before: list[str] = []


class SizeWords(Beside, frozen=True, kw_only=True):
    """What stands beside a size."""

    means: Measure


class DateWords(Beside, frozen=True, kw_only=True):
    """What stands beside a year."""

    means: Era


class YearWords(_Record, frozen=True, kw_only=True):
    """Words that are a year."""

    ago: int
    words: list[str]


class KindWords(_Record, frozen=True, kw_only=True):
    """Words for what is looked for."""

    kinds: list[str]
    words: list[str]


class QueryWords(_Record, frozen=True, kw_only=True):
    """All of the file; an index keeps it for its queries."""

    filters: list[FilterWords] = []
    sizes: list[SizeWords] = []
    dates: list[DateWords] = []
    years: list[YearWords] = []
    makers: Beside = Beside()
    without: Beside = Beside()
    denials: list[str] = []
    likes: Beside = Beside()
    kinds: list[KindWords] = []
    documents: list[str] = []
    questions: list[str] = []
    fillers: list[str] = []


NAME = "name"  # the field whose value is what something is called, one of several set apart by |
NO_WORDS = QueryWords()


def read_query_words(path: Path) -> QueryWords:
    """Read the words.

    Args:
        path: data/query-words.yaml; may be missing.

    Raises:
        DataError: not what the file holds, or a field that is none of the search box; with the file.
    """
    if not path.exists():
        return NO_WORDS
    from kg.files.yaml import read_yaml  # a search needs the words, not the reader of their file

    file = read_yaml(path, f"{path.parent.name}/{path.name}")
    try:
        found = msgspec.convert(file.data or {}, QueryWords)
    except msgspec.ValidationError as error:
        raise DataError(
            Message("the words of searches cannot be read: %(why)s", why=str(error)), file.name
        ) from None
    for i, record in enumerate(found.filters):
        if record.field not in (*EXACT_FIELDS, NAME):
            raise DataError(
                Message("there is no filter %(field)r", field=record.field),
                file.name,
                file.line(("filters", i)),
            )
    return found
