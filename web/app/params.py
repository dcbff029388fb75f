"""Parameters of addresses and forms."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl

from flask import request
from werkzeug.datastructures import MultiDict

from kg.errors import InputError
from kg.messages.message import Message
from web.app.context import lang

MAX_FIELDS = 1_000


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


def unknown_field(name: str, near: Iterable[str], known: Iterable[str]) -> InputError:
    """What to raise for a parameter that nothing reads.

    Args:
        name: of it.
        near: those that may be meant.
        known: all that exist there.
    """
    meant = list(near)
    if meant:
        return InputError(
            Message(
                "there is no parameter %(name)r here; did you mean %(near)s? Known are: %(known)s",
                name=name,
                near=meant,
                known=known,
            )
        )
    return InputError(
        Message("there is no parameter %(name)r here; known are: %(known)s", name=name, known=known)
    )


def pairs(data: bytes) -> MultiDict[str, str]:
    """The parameters of a query string or form; werkzeug would put up with text that is no UTF-8.

    Raises:
        InputError: it is no UTF-8, or holds too many.
    """
    try:
        return MultiDict(
            parse_qsl(
                utf8(data), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
            )
        )
    except UnicodeDecodeError as error:
        raise InputError(
            Message("a parameter is not UTF-8 text: %(reason)s", reason=error.reason)
        ) from error
    except ValueError as error:
        raise InputError(Message("send %(most)s parameters at most", most=MAX_FIELDS)) from error


def utf8(data: bytes) -> str:
    """A text.

    Raises:
        InputError: it is no UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            Message("the request is not UTF-8 text: %(reason)s", reason=error.reason)
        ) from error
