"""Records as the JSON that an agent is given: what says nothing is left out, as tokens cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


def plain(value: Any) -> Any:
    """A value of a record as JSON has it, without the fields that hold their default.

    >>> from kg.answers.contract import HitAnswer
    >>> plain([HitAnswer(id="model/a", kind="model", label="A", score=0.5, snippet="")])
    [{'id': 'model/a', 'kind': 'model', 'label': 'A', 'score': 0.5, 'snippet': ''}]
    """
    if isinstance(value, msgspec.Struct):
        named = ((field, getattr(value, field.name)) for field in msgspec.structs.fields(value))
        return {
            field.encode_name: plain(held)
            for field, held in named
            if not _says_nothing(field, held)
        }
    if isinstance(value, Mapping):
        return {key: plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [plain(held) for held in value]
    return value


def _says_nothing(field: msgspec.structs.FieldInfo, held: Any) -> bool:
    if field.default_factory is not msgspec.NODEFAULT:
        return bool(held == field.default_factory())
    return field.default is not msgspec.NODEFAULT and bool(held == field.default)
