"""Numbers and dates are written as Babel writes them, whose data is that of Unicode."""

from __future__ import annotations

import datetime as dt

import pytest
from babel.dates import format_skeleton
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from kg.language.dates import date
from kg.language.numbers import number

NUMBERS = st.one_of(
    st.integers(-(10**15), 10**15), st.floats(-1e14, 1e14, allow_nan=False, allow_infinity=False)
)


@pytest.mark.parametrize("lang", ["en", "ko"])
@given(value=NUMBERS)
def test_numbers(lang: str, value: float) -> None:
    value = round(value, 9) + 0  # Babel rounds at 28 digits, and writes -0
    assert number(value, lang) == format_decimal(value, locale=lang, decimal_quantization=False)


@pytest.mark.parametrize("lang", ["en", "ko"])
@given(day=st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)))
def test_dates(lang: str, day: dt.date) -> None:
    for length, skeleton in ((4, "y"), (7, "yMMM"), (10, "yMMMd")):
        known = day.replace(month=day.month if length > 4 else 1, day=day.day if length > 7 else 1)
        told = date(day.isoformat()[:length], lang)
        assert told == format_skeleton(skeleton, known, locale=lang)
