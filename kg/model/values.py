"""Whether a value fits its property: the same rule for curated and bulk data."""

from __future__ import annotations

import datetime as dt
import re

from kg.model.claim import Value, is_id, kind_of
from kg.model.vocabulary import Property

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_URL = re.compile(r"(https?|ftp)://[^\s<>\"{}|\\^`]+")


def mistake(prop: Property, value: Value) -> str:
    """What is wrong with a value of a property; "" if nothing is.

    Args:
        prop: the property, whose type and range the value must fit.
        value: not None: "unknown" is always allowed.
    """
    match prop.type:
        case "entity":
            return _entity_mistake(prop, value)
        case "integer":
            return _number_mistake(prop, value, whole=True)
        case "decimal":
            return _number_mistake(prop, value, whole=False)
        case "double":
            return _number_mistake(prop, value, whole=False, most=1e100)
        case "boolean":
            return "" if isinstance(value, bool) else f"{value!r} is neither true nor false"
        case "date":
            return (
                "" if is_date(value) else f"{value!r} is not a date such as 2023-03-13 or 2023-03"
            )
        case "url":
            good = isinstance(value, str) and _URL.fullmatch(value)
            return "" if good else f"{value!r} is not an address such as https://example.org/"
    good_text = isinstance(value, str) and value.strip()
    return "" if good_text else f"{value!r} is not text; put quotes around it"


def is_date(value: Value) -> bool:
    """Whether a value is a real date at year, month or day precision.

    >>> is_date("2023-03"), is_date("2023-02-30"), is_date(2023)
    (True, False, False)
    """
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        dt.date.fromisoformat((value + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _entity_mistake(prop: Property, value: Value) -> str:
    if not isinstance(value, str) or not is_id(value):
        return f"{value!r} is not an id such as model/alpaca-7b"
    if prop.range and kind_of(value) not in prop.range:
        return f"{value} should be of kind {' or '.join(sorted(prop.range))}"
    return ""


def _number_mistake(prop: Property, value: Value, whole: bool, most: float = 1e18) -> str:
    good = isinstance(value, int) or (isinstance(value, float) and not whole)
    if not good or isinstance(value, bool | str) or value is None:
        return f"{value!r} is not a {'whole ' if whole else ''}number"
    if prop.positive and value == 0:
        return "0 is not above 0"
    return "" if 0 <= value < most else f"{value!r} is out of range"
