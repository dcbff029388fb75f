"""What is otherwise than in an earlier scan: what a project uses now, no longer, or under another verdict."""

from __future__ import annotations

from typing import Any

import msgspec

from kg.errors import InputError
from kg.licenses.terms import Verdict
from kg.messages.message import Message
from kg.scan.report import ScannedModel, ScanReport, library_of

Key = tuple[str, str, str]


class ChangedVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """A model or data set that is judged otherwise than before."""

    before: Verdict
    model: ScannedModel  # as it is judged now


class ScanChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What is otherwise; each list as the reports have it, the worst first."""

    new: list[ScannedModel]
    gone: list[ScannedModel]
    changed: list[ChangedVerdict]


class ComparedScan(ScanReport, frozen=True, kw_only=True):
    """A report, with what is otherwise than in an earlier one."""

    changes: ScanChanges


def read_report(text: str | bytes, name: str) -> ScanReport:
    """The report that `gyebo scan --json` printed.

    Args:
        text: what it printed.
        name: of the file, for the error.

    Raises:
        InputError: it is none.
    """
    try:
        return msgspec.json.decode(text, type=ScanReport)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InputError(
            Message(
                "%(name)s is not what `gyebo scan --json` prints: %(error)s", name=name, error=error
            )
        ) from error


def compare_scans(before: ScanReport, after: ScanReport) -> ComparedScan:
    """What is otherwise in the second report.

    Raises:
        InputError: the two asked about another use, or for somebody else, so that their verdicts cannot be compared.
    """
    if (before.use, before.profile) != (after.use, after.profile):
        raise InputError(
            Message(
                "the earlier scan was for another use or another profile: its verdicts cannot be compared"
            )
        )
    old = {key_of(model): model for model in before.models}
    new = {key_of(model): model for model in after.models}
    changes = ScanChanges(
        new=[model for key, model in new.items() if key not in old],
        gone=[model for key, model in old.items() if key not in new],
        changed=[
            ChangedVerdict(before=old[key].verdict, model=model)
            for key, model in new.items()
            if key in old and old[key].verdict != model.verdict
        ],
    )
    return ComparedScan(**_fields(after), changes=changes)


def key_of(model: ScannedModel) -> Key:
    """What tells a model of one report from the others, and again in another report."""
    return model.what, model.kind, library_of(model.host)


def _fields(report: ScanReport) -> dict[str, Any]:
    return {name: getattr(report, name) for name in ScanReport.__struct_fields__}
