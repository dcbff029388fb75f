"""Types of the list of licenses that say less than their ancestry: what is asked, and a row with what is missing."""

from __future__ import annotations

import msgspec

from kg.answers.contract import Citation, Ref
from kg.licenses.terms import Group
from kg.licenses.verdicts import Gap

# What is listed unless asked otherwise.
SUBSTANCE: tuple[Gap, ...] = ("drops-substance", "unsatisfiable")


class MissingClause(msgspec.Struct, frozen=True, kw_only=True):
    """A clause that came down to a model and that its stated license does not carry."""

    clause: str  # kind of data/licenses/kinds.yaml
    label: str
    license: str
    license_label: str
    group: Group
    why: str
    citation: Citation
    path: list[str]  # ids, from the model to where the license is stated
    edges: list[str]  # relations along the path
    assumed: bool  # comes along a guessed or a disputed edge


class LicenseGapAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One model whose stated license says less than its ancestry."""

    id: str
    label: str
    stated: list[Ref]  # its license; that of its family if it has none
    gap: Gap
    assumed: bool  # only if a guessed or disputed parent is right
    governs: list[Ref]  # the licenses that the missing clauses are of
    missing: list[MissingClause]  # more than paperwork first
    conflicts: list[str]  # why no license satisfies all, where none does


class AuditRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which models are listed."""

    ids: tuple[str, ...] = ()  # only these, as typed
    family: str = ""  # only its members and what comes from them, as typed
    maker: str = ""  # only what this organization or person made, as typed
    license: str = ""  # only where the tag, or a license that governs besides, is this, as typed
    gaps: tuple[Gap, ...] = SUBSTANCE
    # With those that have a gap only if a guessed or disputed parent is right
    assumed: bool = False


class AuditAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Models whose stated license says less than their ancestry, some at a time."""

    total: int  # rows that were asked for
    counts: dict[Gap, int]  # rows of each kind, whichever were asked for
    examined: int  # models and data sets that inherit anything
    rows: list[LicenseGapAnswer]
