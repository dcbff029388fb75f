"""JSON Schemas of arguments and answers, made from their records."""

from __future__ import annotations

from typing import Any

import msgspec


def input_schema(asked: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema of arguments, without references: some clients follow none."""
    schema = msgspec.json.schema(asked)
    known = schema.pop("$defs", {})
    found: dict[str, Any] = _inlined(schema, known)
    return found


def output_schema(answer: Any) -> dict[str, Any]:
    """The schema of an answer; an object at the root, as the protocol demands."""
    schema = msgspec.json.schema(answer)
    known = schema.pop("$defs", {})
    root = known.pop(str(schema["$ref"]).rpartition("/")[2])
    return {**root, "$defs": known} if known else dict(root)


def _inlined(part: Any, known: dict[str, Any]) -> Any:
    if isinstance(part, dict):
        if "$ref" in part:
            named = known[str(part["$ref"]).rpartition("/")[2]]
            beside = {key: value for key, value in part.items() if key != "$ref"}
            return _inlined({**named, **beside}, known)
        return {key: _inlined(value, known) for key, value in part.items() if key != "title"}
    if isinstance(part, list):
        return [_inlined(one, known) for one in part]
    return part
