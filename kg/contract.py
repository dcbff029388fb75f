"""The JSON contract: what the command line, the pages and their twins answer, as plain types.

Fields may be added, never renamed; tests/test_cli.py holds the program to it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kg.model import Value

Direction = Literal["up", "down", "both"]
EdgeChoice = Literal["weights", "data", "all"]
Role = Literal["root", "member", "ancestor", "descendant"]


class Ref(msgspec.Struct, frozen=True):
    """An entity as a value."""

    id: str
    label: str


Shown = Value | Ref


class ClaimAnswer(msgspec.Struct, frozen=True):
    """What one source says."""

    value: Shown
    source: str
    locator: str
    rank: str
    reason: str | None
    url: str | None
    retrieved: str | None
    note: str | None
    inferred: bool
    origin: str | None  # file:line in data/ where it can be corrected
    lang: str | None = None  # of a text value


class FactAnswer(msgspec.Struct, frozen=True):
    """One property: the resolved value, and all that was said."""

    property: str
    value: Shown | list[Shown]
    disputed: bool
    claims: list[ClaimAnswer]
    inferred: bool = False  # derived by this program


class ShowAnswer(msgspec.Struct, frozen=True):
    """Everything known of an entity."""

    id: str
    kind: str
    labels: dict[str, list[str]]
    facts: list[FactAnswer]
    names: list[ClaimAnswer]  # who uses which name; "common usage" is the editors' word


class SaidAnswer(msgspec.Struct, frozen=True):
    """A claim with what it is about, as the page of its source lists it."""

    subject: Ref
    property: str
    holds: list[Shown]  # the resolved values
    disputed: bool
    claim: ClaimAnswer


class SourceAnswer(msgspec.Struct, frozen=True):
    """What a source says: by line where it has lines, else by entity."""

    id: str
    total: int  # claims
    entities: int
    rejected: int
    disputed: int  # claims on facts on which sources disagree
    complete: bool  # false if the source speaks of more entities than were read
    claims: list[SaidAnswer]


class HitAnswer(msgspec.Struct, frozen=True):
    """One search hit."""

    id: str
    kind: str
    label: str
    score: float
    snippet: str


class SearchAnswer(msgspec.Struct, frozen=True):
    """Search hits, best first; `total` counts all of them."""

    total: int
    hits: list[HitAnswer]
    facets: dict[str, dict[str, int]]
    suggestion: str | None
    notes: list[str] = []  # what of the query was not understood


class NodeAnswer(msgspec.Struct, frozen=True):
    """One node of a family tree."""

    id: str
    label: str
    kind: str
    depth: int
    role: Role


class EdgeAnswer(msgspec.Struct, frozen=True):
    """One edge of a family tree."""

    child: str
    parent: str
    relation: str


class LineageAnswer(msgspec.Struct, frozen=True):
    """A family tree; `total` counts all ancestor and descendant models, shown or not."""

    root: str
    total: int
    nodes: list[NodeAnswer]
    edges: list[EdgeAnswer]
    counts: dict[str, int] = {}  # all descendant models, by how they derive


class ComparedFact(msgspec.Struct, frozen=True):
    """One property of several models, in their order; None where nothing is said of it."""

    property: str
    result: Literal["same", "differs", "unknown"]  # unknown: fewer than two values are known
    facts: list[FactAnswer | None]


class CommonAnswer(msgspec.Struct, frozen=True):
    """An ancestor that some of the models share."""

    id: str
    label: str
    kind: str
    models: list[str]  # that share it
    steps: list[int]  # from each of these; 0 = it is the ancestor itself
    paths: list[list[list[EdgeAnswer]]]  # of each of these the ways up, the shortest first


class CompareAnswer(msgspec.Struct, frozen=True):
    """Models side by side."""

    models: list[Ref]
    facts: list[ComparedFact]
    common: list[CommonAnswer]  # the nearest by weights; of pairs, if all share none
    common_data: list[CommonAnswer]  # further ones, by training data and distillation as well


def to_json(answer: msgspec.Struct) -> bytes:
    """An answer as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2) + b"\n"
