"""The tool `license`: the verdict with the clause that decides, every condition, every doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from kg.agents._asked import LicenseAsked, PlannedModel
from kg.agents._desk import ToolCall
from kg.agents._told import Rest, ToolAnswer, tell
from kg.agents.contract import SourceCited
from kg.answers.advice.decisive import doubts_of, path_line
from kg.answers.advice.proposal import Proposal
from kg.answers.advice.what_if import what_if
from kg.answers.contract import Citation, DutyAnswer, FindingAnswer, LicenseAnswer, Ref
from kg.answers.license import license_answer
from kg.answers.license_items import tell_declared, tell_texts
from kg.errors import InputError
from kg.licenses.profile import NOBODY, checked
from kg.licenses.wording import MARKS, words_in
from kg.messages.message import Message

_CLAUSES = 5  # further ones that bear on the use, in a short answer
_CHANGES = 6
_IDS = 3  # of each thing that is not known


def run_license(call: ToolCall, asked: LicenseAsked) -> ToolAnswer:
    """What may be done with a model, or with one that is planned."""
    if (asked.id is None) == (asked.planned is None):
        raise InputError(
            Message(
                "give either id, or planned with what a model that does not exist yet is made from"
            )
        )
    profile = checked(asked.profile) if asked.profile else NOBODY
    if asked.id is not None:
        found = license_answer(call.snapshot, asked.id, asked.use, profile, call.lang)
    else:
        assert asked.planned
        found = what_if(call.snapshot, _proposal(asked.planned), asked.use, profile, call.lang)
    full = asked.detail == "full"
    answer = found if full else _brief(found)
    omitted = {} if full else _omitted(found, answer)
    rest = Rest(
        citations=list(_cited(answer, found.checklist, quoted=full)),
        doubts=_doubts(answer, call.lang),
        omitted=omitted,
        more={} if full else {"detail": "full"},
    )
    return tell(call, answer, _lines(answer, call.lang), rest)


def _proposal(planned: PlannedModel) -> Proposal:
    return Proposal(
        bases=tuple(planned.bases),
        relation=planned.relation,
        data=tuple(planned.data),
        outputs_of=tuple(planned.outputs_of),
        license=planned.license,
        card=planned.card,
    )


def _brief(found: LicenseAnswer) -> LicenseAnswer:
    """Without what needs many words: findings that the decisive clause, the checklist and the gaps tell already."""
    bearing = [
        f for f in found.findings if f.effect != "allowed" and f.weighs and f.group != "unknown"
    ]
    return msgspec.structs.replace(
        found,
        findings=[
            msgspec.structs.replace(f, paths=[], lines=[], notes_citations=[])
            for f in bearing[:_CLAUSES]
        ],
        checklist=[
            msgspec.structs.replace(duty, lines=[], citations=[]) for duty in found.checklist
        ],
        gaps=[msgspec.structs.replace(gap, ids=gap.ids[:_IDS]) for gap in found.gaps],
        changes=found.changes[:_CHANGES],
    )


def _omitted(found: LicenseAnswer, answer: LicenseAnswer) -> dict[str, int]:
    return {
        "clauses": len(found.findings) - len(answer.findings),
        "lines": sum(len(duty.lines) for duty in found.checklist),
        "changes": len(found.changes) - len(answer.changes),
        "ids": sum(max(0, len(gap.ids) - _IDS) for gap in found.gaps),
    }


def _cited(
    answer: LicenseAnswer, checklist: Sequence[DutyAnswer], *, quoted: bool
) -> Iterator[SourceCited]:
    """The clauses that the answer names, each once, with address and words; of duties the words only if asked."""
    told: dict[tuple[str, str, str], SourceCited] = {}
    for license, clause, citation, words in _clauses(answer, checklist, quoted):
        key = license, citation.section, words
        if not (citation.url or words):
            continue
        known = told.get(key) or SourceCited(
            source=license,
            url=citation.url or "",
            date=citation.date or "",
            section=citation.section,
            quote=words,
        )
        supports = list(dict.fromkeys([*known.supports, clause]))
        told[key] = msgspec.structs.replace(known, supports=supports)
    yield from told.values()


def _clauses(
    answer: LicenseAnswer, checklist: Sequence[DutyAnswer], quoted: bool
) -> Iterator[tuple[str, str, Citation, str]]:
    """License, clause, citation and its words, of all that the answer names."""
    made = answer.decisive
    if made and made.citation:
        license = ", ".join(ref.id for ref in made.licenses)
        yield license, made.clause, made.citation, made.citation.quote or ""
    for finding in answer.findings:
        yield finding.license or "", finding.clause, finding.citation, finding.citation.quote or ""
    for duty in checklist:
        for ref, citation in zip(duty.licenses, duty.citations, strict=False):
            yield ref.id, duty.duty, citation, (citation.quote or "") if quoted else ""


def _doubts(answer: LicenseAnswer, lang: str) -> Iterator[str]:
    words = words_in(lang)
    if answer.lookalike:
        yield answer.lookalike
    if answer.decisive:
        unsure = doubts_of(answer.decisive, lang)
        if unsure and (answer.decisive.tier != 1 or len(unsure) > 1):
            yield Message("the clause that decides: %(doubts)s", doubts="; ".join(unsure)).text(
                lang
            )
    for finding in answer.findings:
        if finding.disputed or finding.doubtful:
            kind = "; ".join(
                words[word]
                for word, holds in (("disputed", finding.disputed), ("guessed", finding.doubtful))
                if holds
            )
            yield f"{finding.label} ({finding.license_label or finding.path[-1]}): {kind}"
    for one in answer.claim_sets:
        value = one.value or words["without-guess" if one.doubtful else "without"]
        told = words["overruled" if one.overruled else "sets"]
        yield f"{told}: {one.subject} {one.property} {value}: {words[one.verdict]}"


def _lines(answer: LicenseAnswer, lang: str) -> Iterator[str]:
    words = words_in(lang)
    yield f"{MARKS[answer.verdict]} {answer.sentence}"
    parts = [f"{words[part]}: {words[verdict]}" for part, verdict in answer.parts.items()]
    if answer.file_alone:
        parts.append(f"{words['file']}: {words[answer.file_alone]}")
    yield f"{answer.id} · " + " · ".join(parts)
    if answer.decisive and len(answer.decisive.path) > 1:
        yield path_line(answer.decisive.path, answer.decisive.edges)
    decisive = answer.decisive.clause if answer.decisive else ""
    for finding in answer.findings:
        if finding.clause != decisive:
            yield f"{MARKS[finding.effect]} {_finding(finding)}"
    for clash in answer.conflicts:
        yield f"{MARKS[clash.effect]} {words['clash']}: {clash.label}: {', '.join(clash.licenses)}. {clash.why}"
    if answer.checklist:
        yield words["duties-if" if answer.verdict == "prohibited" else "duties"]
        yield from (_duty(duty) for duty in answer.checklist)
    if answer.changes:
        yield f"{words['change']}: {'; '.join(answer.changes)}"
    if gaps := [*(_gap(gap.text, gap.weighs, lang) for gap in answer.gaps), *answer.unknowns]:
        yield words["unknown-things"]
        yield from (f"  {gap}" for gap in gaps)
    declared = f"{', '.join(answer.declared)}: " if answer.declared else ""
    texts = f" · {words['texts']}: {tell_texts(answer.texts, lang)}" if answer.texts else ""
    yield f"{words['declared']}: {declared}{tell_declared(answer, lang)}{texts}"
    yield words["advice"]


def _finding(finding: FindingAnswer) -> str:
    items = [item.label if isinstance(item, Ref) else str(item) for item in finding.items]
    where = finding.license_label or finding.label
    return " ".join(filter(None, [finding.why, ", ".join(items), f"[{where}]"]))


def _duty(duty: DutyAnswer) -> str:
    asked = f" ({', '.join(ref.label for ref in duty.licenses)})" if duty.licenses else ""
    return f"  [{' ' if duty.sure else '?'}] {duty.text}{asked}"


def _gap(text: str, weighs: bool, lang: str) -> str:
    return text if weighs else f"{text} ({words_in(lang)['uncounted']})"
