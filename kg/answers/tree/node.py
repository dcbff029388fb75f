"""The nodes of a family tree that is shown, and what each carries."""

from __future__ import annotations

from typing import NamedTuple

import msgspec


class FurtherParent(NamedTuple):
    """A further parent of a node."""

    id: str
    label: str
    relation: str
    shown: bool  # whether it stands in the tree as well


class Hidden(NamedTuple):
    """Children of a node that the limit hides, of one relation."""

    relation: str
    children: int
    models: int  # the same with all models below them


class Datum(NamedTuple):
    """Data that a node was made with."""

    id: str
    label: str
    relation: str
    word: str  # for the relation, in the language of the tree
    writers: tuple[FurtherParent, ...]  # what its text was generated with


class TreeNode(msgspec.Struct, frozen=True, kw_only=True):
    """One shown node of a family tree."""

    id: str
    label: str
    lang: str  # of the label
    org: str | None  # first developer; of a base model, else its family's
    org_id: str | None = None
    date: str | None  # YYYY, YYYY-MM or YYYY-MM-DD
    kind: str  # base, family, or the relation by which a model derives
    relation: str | None  # to the primary parent
    parent: str | None
    others: tuple[FurtherParent, ...]
    children: tuple[str, ...]  # members first, then by date and label
    depth: int
    here: bool  # the page is about it
    member: bool  # the page is about a family that is not shown, and this is in it
    hidden: tuple[Hidden, ...]
    data: tuple[Datum, ...] = ()
    hit: bool = False  # it was searched for
    verdict: str | None = None  # what its license allows, if that is known
    # Name of the rule that inferred the relation; None where a source states it
    rule: str | None = None
