"""Whether a value fits its property: the same rule for curated and bulk data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache, partial

from kg.messages.message import Message
from kg.model.claim import Value, is_id, kind_of
from kg.model.vocabulary import Property

Check = Callable[[Value], Message | None]

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_URL = re.compile(r"(https?|ftp)://[^\s<>\"{}|\\^`]+")


def mistake(prop: Property, value: Value) -> Message | None:
    """What is wrong with a value of a property; None if nothing is.

    Args:
        prop: the property, whose type and range the value must fit.
        value: not None: "unknown" is always allowed.
    """
    return find_check(prop)(value)


def find_check(prop: Property) -> Check:
    """What says of any value what is wrong with it as a value of a property."""
    match prop.type:
        case "entity":
            return partial(_entity_mistake, prop)
        case "integer":
            return partial(_number_mistake, prop, whole=True)
        case "decimal":
            return partial(_number_mistake, prop, whole=False)
        case "double":
            return partial(_number_mistake, prop, whole=False, most=1e100)
        case "boolean":
            return _truth_mistake
        case "date":
            return _date_mistake
        case "url":
            return _url_mistake
    return partial(_code_mistake, prop) if prop.codes else _text_mistake


def is_date(value: Value) -> bool:
    """Whether a value is a real date at year, month or day precision.

    >>> is_date("2023-03"), is_date("2023-02-30"), is_date(2023)
    (True, False, False)
    """
    return isinstance(value, str) and len(value) <= 10 and _is_date_text(value)


@lru_cache(8_192)
def _is_date_text(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _truth_mistake(value: Value) -> Message | None:
    if isinstance(value, bool):
        return None
    return Message("%(value)s is neither true nor false", value=repr(value))


def _date_mistake(value: Value) -> Message | None:
    if is_date(value):
        return None
    return Message("%(value)s is not a date such as 2023-03-13 or 2023-03", value=repr(value))


def _url_mistake(value: Value) -> Message | None:
    if isinstance(value, str) and _URL.fullmatch(value):
        return None
    return Message("%(value)s is not an address such as https://example.org/", value=repr(value))


def _text_mistake(value: Value) -> Message | None:
    if isinstance(value, str) and value.strip():
        return None
    return Message("%(value)s is not text; put quotes around it", value=repr(value))


def _entity_mistake(prop: Property, value: Value) -> Message | None:
    if not isinstance(value, str) or not is_id(value):
        return Message("%(value)s is not an id such as model/alpaca-7b", value=repr(value))
    if prop.range and kind_of(value) not in prop.range:
        return Message(
            "%(value)s should be of kind %(kinds)s",
            value=value,
            kinds=sorted(prop.range),
        )
    return None


def _code_mistake(prop: Property, value: Value) -> Message | None:
    if value in prop.codes:
        return None
    return Message("%(value)s is none of %(codes)s", value=repr(value), codes=[*prop.codes])


def _number_mistake(
    prop: Property, value: Value, whole: bool, most: float = 1e18
) -> Message | None:
    good = isinstance(value, int) or (isinstance(value, float) and not whole)
    if not good or isinstance(value, bool | str) or value is None:
        if whole:
            return Message("%(value)s is not a whole number", value=repr(value))
        return Message("%(value)s is not a number", value=repr(value))
    if prop.positive and value == 0:
        return Message("0 is not above 0")
    if 0 <= value < most:
        return None
    return Message("%(value)s is out of range", value=repr(value))
