"""The NOTICE of a thing: which works it holds, under which texts, with the lines that these ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from kg.answers.contract import FindingAnswer, LicenseAnswer, Ref
from kg.answers.license import license_answer
from kg.answers.show import Labels
from kg.licenses.profile import Profile
from kg.licenses.rules import LicenseRules
from kg.licenses.terms import Verdict
from kg.messages.message import Message, mark, translate
from kg.snapshot.snapshot import Snapshot
from kg.version import __version__

_KEPT = ("notice", "badge", "state-changes")  # whose lines stand in a notice
_ALONG = mark("Training data and sources of outputs, whose licenses may not bind the model")
_MISSING = mark("Not known")


class NoticePart(msgspec.Struct, frozen=True, kw_only=True):
    """One license, the works of the ancestry that stand under it, and what it wants to be said."""

    license: Ref
    key: str  # SPDX id, else LicenseRef-scancode-…
    url: str | None  # of the text
    works: list[Ref]
    lines: list[str]  # notices, badges, statements of changes
    sure: bool  # false where its license may not bind what was asked about


class NoticeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a NOTICE file says."""

    id: str
    label: str
    verdict: Verdict  # on passing it on
    sentence: str
    parts: list[NoticePart]
    missing: list[str]  # what is not known, in sentences
    text: str  # the file


def notice_answer(snapshot: Snapshot, id: str, lang: str = "en", name: str = "") -> NoticeAnswer:
    """The NOTICE of a model, family or dataset, with the attributions of its whole ancestry.

    Args:
        snapshot: an open snapshot.
        id: as a user names it.
        lang: language of the words around the lines.
        name: of what is released, if it is another.

    Raises:
        UnknownId: there is no such entity.
        InputError: licenses make no sense for its kind.
    """
    profile = Profile(name=name or None)
    answer = license_answer(snapshot, id, "redistribute", profile, lang)
    parts = list(_parts(answer.findings, snapshot.states.engine, Labels(snapshot, lang)))
    missing = [gap.text for gap in answer.gaps]
    text = _text([name or answer.label], parts, missing, snapshot.manifest.as_of, lang)
    return NoticeAnswer(
        id=answer.id,
        label=name or answer.label,
        verdict=answer.verdict,
        sentence=answer.sentence,
        parts=parts,
        missing=missing,
        text=text,
    )


def write_notice(snapshot: Snapshot, answers: Iterable[LicenseAnswer], lang: str = "en") -> str:
    """One NOTICE of several things that are passed on together.

    Args:
        snapshot: the one that was asked.
        answers: on passing each of them on.
        lang: language of the words around the lines.
    """
    told = list(answers)
    findings = [finding for answer in told for finding in answer.findings]
    parts = list(_parts(findings, snapshot.states.engine, Labels(snapshot, lang)))
    missing = list(dict.fromkeys(gap.text for answer in told for gap in answer.gaps))
    labels = [answer.label for answer in told]
    return _text(labels, parts, missing, snapshot.manifest.as_of, lang)


def _parts(
    findings: Iterable[FindingAnswer], engine: LicenseRules, labels: Labels
) -> Iterator[NoticePart]:
    """By license and by whether it binds: what binds first, then in the order of findings."""
    groups: dict[tuple[bool, str], list[FindingAnswer]] = {}
    for finding in findings:
        flows = engine.terms.kinds[finding.clause].flows
        if finding.license and flows and finding.weighs:  # not what is licensed anew
            unsure = finding.way == "trained" or finding.tier == 3
            groups.setdefault((unsure, finding.license), []).append(finding)
    for (unsure, id), found in sorted(groups.items(), key=lambda group: group[0][0]):
        license = engine.license(id)
        yield NoticePart(
            license=labels.ref(id),
            key=license.key,
            url=license.url,
            works=[labels.ref(work) for work in dict.fromkeys(f.path[-1] for f in found)],
            lines=list(dict.fromkeys(_said(found))),
            sure=not unsure,
        )


def _said(found: Sequence[FindingAnswer]) -> Iterator[str]:
    for kind in _KEPT:
        yield from (line for finding in found if finding.clause == kind for line in finding.lines)


def _text(
    labels: Sequence[str],
    parts: Sequence[NoticePart],
    missing: Sequence[str],
    as_of: str,
    lang: str,
) -> str:
    return "\n".join(_lines(labels, parts, missing, as_of, lang)) + "\n"


def _lines(
    labels: Iterable[str],
    parts: Sequence[NoticePart],
    missing: Sequence[str],
    as_of: str,
    lang: str,
) -> Iterator[str]:
    yield "NOTICE"
    yield ""
    yield from labels
    yield Message(
        "Written by Gyebo %(version)s from what sources said by %(date)s.",
        version=__version__,
        date=as_of or "?",
    ).text(lang)
    yield from _section([part for part in parts if part.sure], lang)
    if unsure := [part for part in parts if not part.sure]:
        yield ""
        yield f"== {translate(_ALONG, lang=lang)} =="
        yield from _section(unsure, lang)
    if missing:
        yield ""
        yield f"== {translate(_MISSING, lang=lang)} =="
        yield ""
        yield from missing


def _section(parts: Iterable[NoticePart], lang: str) -> Iterator[str]:
    for part in parts:
        yield ""
        yield f"-- {part.license.label} ({part.key})"
        if part.url:
            yield f"   {part.url}"
        works = Message("covers: %(works)s", works=[f"{w.label} ({w.id})" for w in part.works])
        yield f"   {works.text(lang)}"
        yield from (f"   {line}" for line in part.lines)
