"""Fields of parsed JSON that may hold anything: what is of the wrong type counts as missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = Mapping[str, Any]


def object_at(thing: Json, field: str) -> Json:
    """The object in a field, an empty one if there is none."""
    found = thing.get(field)
    return found if isinstance(found, dict) else {}


def list_at(thing: Json, field: str) -> list[Any]:
    """The list in a field, an empty one if there is none."""
    found = thing.get(field)
    return found if isinstance(found, list) else []


def objects_at(thing: Json, field: str) -> list[Json]:
    """The objects in the list of a field."""
    return [one for one in list_at(thing, field) if isinstance(one, dict)]


def text_at(thing: Json, field: str) -> str:
    """The text in a field, "" if there is none."""
    found = thing.get(field)
    return found if isinstance(found, str) else ""
