"""A memo on one use of a thing for those who ask from several places: verdicts, the clauses they rest on, what to do.

It is to be printed on one or two pages and filed, so that of each list only the first are in it, and how many are left
out. What decides a verdict, and what is otherwise between two who ask, comes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from kg.answers.contract import Citation, DutyAnswer, FindingAnswer, LicenseAnswer, Ref
from kg.answers.license import answer_ancestry
from kg.answers.license_parents import read_ancestry
from kg.answers.show import Labels
from kg.licenses.profile import Profile
from kg.licenses.terms import Use, Verdict
from kg.model.vocabulary import DEVELOPER
from kg.snapshot.snapshot import Snapshot

MOST_CLAUSES, MOST_DUTIES, MOST_WORDS = 7, 9, 5  # of clauses, duties and other lines
MOST_ASKED = 4  # who ask


class MemoVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict for one who asks."""

    who: str  # a country, "" where none is said
    profile: Profile
    verdict: Verdict
    sentence: str


class MemoClause(msgspec.Struct, frozen=True, kw_only=True):
    """A clause, and what it does for each who asks, in their order."""

    label: str
    why: str
    license: Ref | None
    citation: Citation
    effects: list[Verdict]


class MemoAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a memo says."""

    id: str
    label: str
    makers: list[Ref]
    declared: list[Ref]
    use: Use
    verdicts: list[MemoVerdict]
    clauses: list[MemoClause]
    duties: list[DutyAnswer]  # that bind for certain, for any of those who may
    unknown: list[str]
    changes: list[str]  # what would change a verdict
    lines: list[str]  # of notices, ready to paste
    left_out: dict[str, int]  # how many more there are of the lists above
    release: str
    as_of: str  # the last day on which a source was read


def memo_answer(
    snapshot: Snapshot,
    id: str,
    use: Use,
    who: Mapping[str, Profile],
    lang: str = "en",
) -> MemoAnswer:
    """The memo on an entity.

    Args:
        snapshot: an open snapshot.
        id: as a user names it.
        use: what it is to be used for.
        who: profiles by what to call them, at most MOST_ASKED.
        lang: language of the sentences.

    Raises:
        UnknownId: there is no such entity.
        InputError: licenses make no sense for its kind.
    """
    ancestry, labels = read_ancestry(snapshot, id), Labels(snapshot, lang)
    found = {
        name: answer_ancestry(snapshot, ancestry, use, profile, lang)
        for name, profile in who.items()
    }
    answers = list(found.values())
    clauses, duties = _clauses(answers, labels), _duties(answers)
    unknown = _texts([[gap.text for gap in a.gaps] + a.unknowns for a in answers])
    changes = _texts([a.changes for a in answers])
    notices = _texts([[ln for d in duties if d.duty == "notice" for ln in d.lines]])
    left = {
        "clauses": len(clauses) - MOST_CLAUSES,
        "duties": len(duties) - MOST_DUTIES,
        "unknown": len(unknown) - MOST_WORDS,
        "changes": len(changes) - MOST_WORDS,
        "lines": len(notices) - MOST_WORDS,
    }
    makers = ancestry.entity.values(DEVELOPER)
    return MemoAnswer(
        id=ancestry.entity.id,
        label=answers[0].label,
        makers=[labels.ref(str(maker)) for maker in makers if maker],
        declared=[labels.ref(license) for license in answers[0].declared],
        use=use,
        verdicts=[
            MemoVerdict(who=name, profile=a.profile, verdict=a.verdict, sentence=a.sentence)
            for name, a in found.items()
        ],
        clauses=clauses[:MOST_CLAUSES],
        duties=duties[:MOST_DUTIES],
        unknown=unknown[:MOST_WORDS],
        changes=changes[:MOST_WORDS],
        lines=notices[:MOST_WORDS],
        left_out={name: number for name, number in left.items() if number > 0},
        release=snapshot.manifest.version,
        as_of=snapshot.manifest.as_of,
    )


def _clauses(answers: Sequence[LicenseAnswer], labels: Labels) -> list[MemoClause]:
    """The clauses that weigh on the use for anybody who asks: those first that decide, then those that differ."""
    groups: dict[tuple[object, ...], list[FindingAnswer | None]] = {}
    for place, answer in enumerate(answers):
        for finding in answer.findings:
            cited = finding.citation
            key = finding.clause, finding.license, finding.why, cited.section, cited.quote
            group = groups.setdefault(key, [None] * len(answers))
            group[place] = group[place] or finding
    told = [_clause(group, labels) for group in groups.values() if any(map(_weighs, group))]
    decisive = {
        (made.why, made.citation.section if made.citation else "")
        for answer in answers
        if (made := answer.decisive)
    }
    return sorted(
        told,
        key=lambda one: (
            (one.why, one.citation.section) not in decisive,
            len(set(one.effects)) == 1,
            one.citation.quote is None,
        ),
    )


def _weighs(finding: FindingAnswer | None) -> bool:
    return finding is not None and finding.weighs and finding.effect != "allowed"


def _clause(group: Sequence[FindingAnswer | None], labels: Labels) -> MemoClause:
    first = next(finding for finding in group if finding)
    return MemoClause(
        label=first.label,
        why=first.why,
        license=labels.ref(first.license) if first.license else None,
        citation=first.citation,
        effects=[finding.effect if finding else "allowed" for finding in group],
    )


def _duties(answers: Sequence[LicenseAnswer]) -> list[DutyAnswer]:
    """The duties of those who may use it at all; of all who ask, where nobody may."""
    may = [a for a in answers if a.verdict != "prohibited"] or answers
    found: dict[tuple[str, str], DutyAnswer] = {}
    for answer in may:
        for duty in answer.checklist:
            if duty.sure:
                found.setdefault((duty.duty, duty.text), duty)
    return list(found.values())


def _texts(lists: Sequence[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(text for texts in lists for text in texts))
