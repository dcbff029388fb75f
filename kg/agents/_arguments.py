"""The arguments of a call, which anybody may have written: read strictly, refused in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec

from kg.errors import InputError
from kg.messages.message import LANGUAGES, Message

_Asked = TypeVar("_Asked", bound=msgspec.Struct)
_LONG = {"query", "card", "text"}  # may hold lines
_CONTROLS = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_IN_LINES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DEEPEST = 8
_TOLD = 160  # characters of what msgspec says, which may hold what was sent


def read_arguments(given: Mapping[str, Any], asked: type[_Asked]) -> _Asked:
    """The arguments of a call as a record.

    Args:
        given: as they were sent.
        asked: the record of the tool.

    Raises:
        InputError: one is missing, unknown, of a wrong type, too long, or holds signs that no text does.
    """
    known = [field.encode_name for field in msgspec.structs.fields(asked)]
    if unknown := next((name for name in given if name not in known), None):
        near = get_close_matches(unknown[:60], known, 1)
        raise InputError(
            Message(
                "there is no argument %(name)r; did you mean %(near)s?",
                name=unknown[:60],
                near=near or known,
            )
        )
    for where, text in _texts(given, ""):
        name = where.rpartition(".")[2].partition("[")[0]
        if (_IN_LINES if name in _LONG else _CONTROLS).search(text):
            raise InputError(Message("%(where)s holds control characters", where=where))
    try:
        return msgspec.convert(given, asked)
    except msgspec.ValidationError as error:
        why, _, where = str(error).partition(" - at `$.")
        told = why if len(why) <= _TOLD else f"{why[:_TOLD]}…"
        if not where:
            raise InputError(Message("the arguments are not right: %(why)s", why=told)) from None
        raise InputError(
            Message(
                "the argument %(where)s is not right: %(why)s", where=where.rstrip("`"), why=told
            )
        ) from None


def language_of(given: Mapping[str, Any], default: str) -> str:
    """The language in which a call is answered, also where the rest of it cannot be read."""
    lang = given.get("lang")
    return lang if isinstance(lang, str) and lang in LANGUAGES else default


def _texts(given: object, where: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Every text in arguments with its place.

    Raises:
        InputError: they nest deeper than any argument does.
    """
    if depth > _DEEPEST:
        raise InputError(Message("the arguments nest too deeply"))
    if isinstance(given, str):
        yield where, given
    elif isinstance(given, Mapping):
        for name, value in given.items():
            yield from _texts(value, f"{where}.{str(name)[:60]}".lstrip("."), depth + 1)
    elif isinstance(given, list):
        for place, value in enumerate(given):
            yield from _texts(value, f"{where}[{place}]", depth + 1)
