"""Parameters of addresses."""

from __future__ import annotations

from collections.abc import Iterable

from flask import request

from kg.errors import InputError
from kg.messages.message import Message
from web.app.context import lang


def whole_number(name: str, default: int | None, least: int, most: int) -> int | None:
    """A parameter that is a whole number, brought into its range.

    Raises:
        InputError: it is something else.
    """
    text = request.args.get(name)
    if not text:
        return default
    try:
        return max(least, min(most, int(text)))
    except ValueError:  # not a number, or one of thousands of digits
        raise InputError(
            Message("%(name)s must be a whole number, not %(text)r", name=name, text=text[:40])
        ) from None


def data_lang() -> str:
    """The language of labels in data: what the address says, and nothing else, so that it repeats."""
    return lang() if request.args.get("lang") else "en"


def unknown_choice(name: str, value: str, known: Iterable[str]) -> InputError:
    """What to raise for a parameter that is none of the words it can be."""
    return InputError(
        Message(
            "%(name)s cannot be %(value)r; known are: %(known)s",
            name=name,
            value=value[:40],
            known=known,
        )
    )
