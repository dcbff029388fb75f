"""The verdict on each model and data set that a project uses; what the graph does not know is unknown, never allowed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.answers.advice.listed import listed_answer, unknown_answer
from kg.answers.contract import DecisiveAnswer, LicenseAnswer
from kg.answers.show import tell_missing
from kg.errors import InputError, UnknownId
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.rules import SEVERITY, worst
from kg.licenses.terms import Use, Verdict
from kg.messages.message import Message
from kg.scan._weights import judge_weights
from kg.scan.finding import FindingKind, Host, Scan, ScanFinding, ScanPlace, readable
from kg.scan.identity import identify_finding
from kg.scan.ignores import Ignore
from kg.snapshot.snapshot import Snapshot


class ScanRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked about the findings."""

    use: Use = "commercial"
    profile: Profile = NOBODY
    lang: str = "en"
    ignores: Sequence[Ignore] = ()
    today: datetime.date | None = None  # default: the day on which it is asked


class ScannedModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model or data set that a project uses, what may be done with it, and where it is named."""

    what: str  # as written
    kind: FindingKind
    host: Host
    id: str | None  # of the graph; None if no entity has it
    label: str
    verdict: Verdict
    sentence: str
    decisive: DecisiveAnswer | None
    changes: list[str]  # what would change the verdict
    places: list[ScanFinding]


class IgnoredFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that the project leaves out, or left out until a day that is past."""

    finding: ScanFinding
    reason: str
    until: str | None = None  # the last day on which it is left out


class ScanReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a project uses, with a verdict on each; the worst first."""

    root: str
    use: Use
    profile: Profile
    verdict: Verdict | None  # the worst; None if nothing is named
    models: list[ScannedModel]
    ignored: list[IgnoredFinding]
    expired: list[IgnoredFinding]  # they count again
    files: int
    skipped: dict[str, int]
    unread: list[str]
    dynamic: list[ScanPlace]
    unreasoned: list[ScanPlace]


class _Sorted(NamedTuple):
    counted: list[ScanFinding]
    ignored: list[IgnoredFinding]
    expired: list[IgnoredFinding]


def judge_scan(snapshot: Snapshot, scan: Scan, request: ScanRequest = ScanRequest()) -> ScanReport:  # noqa: B008
    """The verdict on each model and data set of a scan.

    Args:
        snapshot: an open snapshot.
        scan: what `scan_project` found.
        request: the use, who asks, and what is left out.
    """
    today = request.today or datetime.datetime.now(tz=datetime.UTC).date()
    found = _left_out(scan.findings, request.ignores, today)
    groups: dict[tuple[str, FindingKind, Host], list[ScanFinding]] = {}
    for one in found.counted:
        groups.setdefault((one.what, one.kind, library_of(one.host)), []).append(one)
    models = [_judged(snapshot, scan.root, places, request) for places in groups.values()]
    models.sort(
        key=lambda m: (-SEVERITY.index(m.verdict), m.what.casefold(), m.what, m.kind, m.host)
    )
    return ScanReport(
        root=readable(scan.root),
        use=request.use,
        profile=request.profile,
        verdict=worst(m.verdict for m in models) if models else None,
        models=models,
        ignored=found.ignored,
        expired=found.expired,
        files=scan.files,
        skipped=scan.skipped,
        unread=scan.unread,
        dynamic=scan.dynamic,
        unreasoned=scan.unreasoned,
    )


def _left_out(
    findings: Iterable[ScanFinding], ignores: Sequence[Ignore], today: datetime.date
) -> _Sorted:
    """The findings that count, those that are left out, and those that count again."""
    sorted_ = _Sorted([], [], [])
    for one in findings:
        if one.ignored:
            sorted_.ignored.append(IgnoredFinding(finding=one, reason=one.ignored))
            continue
        covering = [entry for entry in ignores if entry.covers(one)]
        live = next((entry for entry in covering if not entry.is_over(today)), None)
        if live:
            sorted_.ignored.append(_told(one, live))
            continue
        sorted_.expired.extend(_told(one, entry) for entry in covering[:1])
        sorted_.counted.append(one)
    return sorted_


def library_of(host: Host) -> Host:
    """Where a name is another than elsewhere; hubs and APIs take each other's."""
    return "any" if host in ("hub", "api", "modelscope") else host


def _told(finding: ScanFinding, entry: Ignore) -> IgnoredFinding:
    until = entry.until.isoformat() if entry.until else None
    return IgnoredFinding(finding=finding, reason=entry.reason, until=until)


def _judged(
    snapshot: Snapshot, root: str, places: list[ScanFinding], request: ScanRequest
) -> ScannedModel:
    one = places[0]
    id, answer = _answer(snapshot, root, one, request)
    return ScannedModel(
        what=one.what,
        kind=one.kind,
        host=one.host,
        id=id,
        label=answer.label,
        verdict=answer.verdict,
        sentence=answer.sentence,
        decisive=answer.decisive,
        changes=answer.changes,
        places=places,
    )


def _answer(
    snapshot: Snapshot, root: str, one: ScanFinding, request: ScanRequest
) -> tuple[str | None, LicenseAnswer]:
    """The answer on a finding; one that nothing goes by, or several things, is unknown."""
    use, profile, lang = request.use, request.profile, request.lang
    why: Message
    try:
        id = identify_finding(snapshot, one.what, one.kind, one.host)
    except InputError as error:
        return None, unknown_answer(snapshot, one.what, use, profile, lang, error.message)
    if id:
        return id, listed_answer(snapshot, id, use, profile, lang)
    if one.host == "file":
        above = Path(root) if Path(root).is_dir() else Path(root).parent
        if one.sure == "file" and (
            answer := judge_weights(snapshot, above / one.file, use, profile, lang)
        ):
            return None, answer
        why = Message("a file of weights that does not say which model it is")
    elif one.kind == "dataset":
        why = Message("no data set goes by %(name)s", name=one.what)
    else:
        why = tell_missing(snapshot, UnknownId(one.what), lang).message
    return None, unknown_answer(snapshot, one.what, use, profile, lang, why)
