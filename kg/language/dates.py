"""Dates as people read them, as precise as they are known."""

from __future__ import annotations

import datetime
from functools import cache, lru_cache
from typing import cast

from babel import Locale
from babel.dates import DateTimePattern

_SKELETONS = {4: "y", 7: "yMMM", 10: "yMMMd"}  # by the length of an ISO date


@lru_cache(4096)
def date(text: str, lang: str) -> str:
    """An ISO date, as precise as it is.

    >>> date("2023-03", "en"), date("2023-03", "ko"), date("2023", "ko"), date("2023-03-13", "en")
    ('Mar 2023', '2023년 3월', '2023년', 'Mar 13, 2023')
    """
    skeleton = _SKELETONS.get(len(text))
    try:
        day = datetime.date.fromisoformat(
            text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text
        )
    except ValueError:
        return text
    return _pattern(skeleton, lang).apply(day, lang) if skeleton else text


@lru_cache(4096)  # of an axis: a few hundred months
def format_day(day: datetime.date, skeleton: str, lang: str) -> str:
    """A day as the words of an axis, what Babel's `format_skeleton` gives.

    Args:
        day: the day.
        skeleton: what of it is told: "y", "yMMM", "MMM".
        lang: en or ko.

    >>> format_day(datetime.date(2023, 3, 1), "yMMM", "en"), format_day(datetime.date(2023, 3, 1), "MMM", "ko")
    ('Mar 2023', '3월')
    """
    return str(_pattern(skeleton, lang).apply(day, lang))


@cache
def _pattern(skeleton: str, lang: str) -> DateTimePattern:
    """What Babel's `format_skeleton` looks up for each date."""
    return cast(DateTimePattern, Locale.parse(lang).datetime_skeletons[skeleton])
