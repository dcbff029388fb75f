"""What the box says first: what decides, what must be done, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.answers.contract import DutyAnswer, FindingAnswer, LicenseAnswer
from kg.licenses.terms import Verdict
from web.app.i18n import gettext
from web.license._findings import CitedSentence, FindingGroup, Hop, way_of
from web.license._values import ValueItem
from web.ui.relations import write_ways

_MOST_REASONS = 3


@dataclass(frozen=True, kw_only=True)
class VerdictReason:
    """What one license says against a use, and the path it came by."""

    whys: tuple[str, ...]
    license: ValueItem | None
    doubts: tuple[str, ...]  # what makes it contested
    chain: tuple[Hop, ...]
    cited: CitedSentence  # of the first of them
    ways: str  # as written for the script that lights them


class DutyLine(NamedTuple):
    """One line of the checklist."""

    text: str
    licenses: tuple[ValueItem, ...]
    lines: tuple[str, ...]  # to paste
    broken: bool  # what is said of who asks does not keep it
    ways: str  # of the terms that ask for it, as written for the script that lights them


class UnknownThing(NamedTuple):
    """What is not known, of all things alike."""

    text: str
    counted: bool  # in the verdict


def list_reasons(made: Sequence[FindingGroup]) -> list[VerdictReason]:
    """The terms that make a verdict, by license and path; only the first few licenses."""
    groups: dict[tuple[ValueItem | None, tuple[str, ...], tuple[Hop, ...]], list[FindingGroup]] = {}
    for told in made:
        unsettled = (told.tier,) if told.finding.tier == 3 and told.tier else ()
        key = told.license, (*unsettled, *told.doubts), told.chains[0]
        groups.setdefault(key, []).append(told)
    reasons = [
        VerdictReason(
            whys=tuple(dict.fromkeys(one.why for one in all)),
            license=license,
            doubts=doubts,
            chain=chain,
            cited=all[0].cited,
            ways=write_ways(all[0].ways[:1]),
        )
        for (license, doubts, chain), all in groups.items()
    ]
    return reasons[:_MOST_REASONS]


def short_reason(findings: Iterable[FindingAnswer], verdict: Verdict) -> str:
    """The clause that makes the verdict on a part, in few words."""
    for finding in findings:
        if finding.effect == verdict != "allowed":
            license = f" · {finding.license_label}" if finding.license_label else ""
            return finding.label + license
    return gettext("none is recorded") if verdict == "unknown" else ""


def list_duties(answer: LicenseAnswer, sure: bool) -> list[DutyLine]:
    """The lines of the checklist that bind for certain, or those of which it is not settled."""
    return [duty_line(duty, answer.findings) for duty in answer.checklist if duty.sure == sure]


def duty_line(duty: DutyAnswer, findings: Iterable[FindingAnswer] = ()) -> DutyLine:
    """A line of a checklist; with the findings of its answer, the ways that it came."""
    licenses = tuple(ValueItem(ref.label, id=ref.id) for ref in duty.licenses)
    lines = () if duty.duty == "badge" else tuple(duty.lines)
    asking = {(duty.duty, ref.id) for ref in duty.licenses}
    ways = dict.fromkeys(way_of(f) for f in findings if (f.clause, f.license) in asking)
    return DutyLine(duty.text, licenses, lines, duty.broken, write_ways(ways))


def list_missing(answer: LicenseAnswer) -> list[UnknownThing]:
    """What is not known: what counts first, then what does not."""
    return sorted(_missing(answer), key=lambda one: not one.counted)


def _missing(answer: LicenseAnswer) -> Iterator[UnknownThing]:
    yield from (UnknownThing(gap.text, gap.weighs) for gap in answer.gaps)
    yield from (UnknownThing(text, False) for text in answer.unknowns)
