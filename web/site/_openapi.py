"""The JSON API as OpenAPI 3.1; schemas come from the types that answer.

An operation stands beside its route (web/ui/operations.py). `/openapi.json` is made from all of them
here, and so is the page `/about/api`; a test asks for every example in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from web.app.errors import Problem
from web.app.negotiate import PROBLEM
from web.ui.features import registry
from web.ui.operations import Operation, Parameter

_SCHEMAS = "#/components/schemas/{name}"


def sorted_operations() -> Sequence[Operation]:
    """All operations: those on an entity, those with an address of their own, those on the service."""

    def place(one: Operation) -> tuple[bool, bool, str]:
        first = one.path.replace("{", " ")  # any kind before a certain one
        return one.path.startswith("/-/"), "{slug}" not in one.path, first

    return sorted(registry().operations, key=place)


def _description(operations: Sequence[Operation]) -> Mapping[str, Any]:
    """The whole description, but for the address of the server."""
    types = [op.answer for op in operations if isinstance(op.answer, type)]
    _, schemas = msgspec.json.schema_components([*types, Problem], ref_template=_SCHEMAS)
    return {
        "paths": {op.path: _path(op) for op in operations},
        "components": {
            "schemas": schemas,
            "responses": {
                "problem": {
                    "description": "What is wrong, and what to do (RFC 9457).",
                    "content": {PROBLEM: {"schema": {"$ref": _SCHEMAS.format(name="Problem")}}},
                }
            },
        },
    }


def document(version: str, server: str) -> dict[str, Any]:
    """The description as it is served.

    Args:
        version: of the program.
        server: address the paths stand under.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gyebo",
            "version": version,
            "summary": "The genealogy of language models.",
            "license": {"name": "CC0-1.0 (data)", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": server}],
        "externalDocs": {"url": f"{server}/about/api"},
        **_description(sorted_operations()),
    }


def _path(op: Operation) -> dict[str, Any]:
    get = {
        "operationId": op.name,
        "summary": op.about,
        "parameters": [_parameter(p) for p in op.parameters],
        "responses": {**dict(_answers(op)), "4XX": _PROBLEM, "5XX": _PROBLEM},
        "x-example": op.example,
    }
    return {"get": get} | ({"post": _posted(op, get)} if op.bodies else {})


_PROBLEM = {"$ref": "#/components/responses/problem"}


def _parameter(p: Parameter) -> dict[str, Any]:
    return {"name": p.name, "in": p.place, "description": p.about, "schema": dict(p.schema)} | (
        {"required": True} if p.required else {}
    )


def _answers(op: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    if not op.leads:
        schema = op.answer
        if isinstance(schema, type):
            schema = {"$ref": _SCHEMAS.format(name=schema.__name__)}
        content = {
            media: {
                "schema": schema
                if media == op.media[0] or isinstance(op.answer, dict)
                else {"type": "array"}
            }
            for media in op.media
        }
        yield "200", {"description": "The answer.", "content": content}
    if op.leads or "{slug}" in op.path:
        to = {"Location": {"schema": {"type": "string"}}}
        yield "302" if op.leads else "308", {"description": "It stands there.", "headers": to}


def _posted(op: Operation, get: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter as the body, with or without the form around it; of the latter the others stay in the address."""
    fields = {p.name: dict(p.schema) for p in op.parameters}
    needed = [p.name for p in op.parameters if p.required]
    form = {"type": "object", "properties": fields, "required": needed}
    bodies = {
        "application/x-www-form-urlencoded": {"schema": form},
        **{media: {"schema": fields[name]} for media, name in op.bodies.items()},
    }
    return {
        **get,
        "operationId": f"{op.name}Posted",
        "parameters": [],
        "requestBody": {"required": True, "content": bodies},
    }
