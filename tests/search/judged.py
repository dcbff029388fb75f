"""The first judged set of searches: judged.yaml, whose head says how it was judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from kg.files.yaml import read_yaml


class Query(NamedTuple):
    """A judged query."""

    id: str
    kind: str
    text: str
    relevant: dict[str, int]
    held: bool


def judged() -> list[Query]:
    """The judged queries."""
    rows: list[dict[str, Any]] = read_yaml(Path(__file__).parent / "judged.yaml").data
    return [
        Query(r["id"], r["kind"], str(r["text"]), r["relevant"], r.get("held", False)) for r in rows
    ]
