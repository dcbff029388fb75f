"""License answers as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.answers.contract import Citation, FindingAnswer, LicenseAnswer, Ref
from kg.answers.license_items import tell_texts
from kg.licenses.rules import SEVERITY
from kg.licenses.wording import MARKS, sure_words, words_in
from kg.messages.message import Message

_MOST = 12  # findings told in full; --json has all


def license_text(answer: LicenseAnswer, lang: str = "en") -> str:
    """One answer, for people."""
    return "\n".join([*_lines(answer, lang), "", words_in(lang)["advice"]])


def license_line(answer: LicenseAnswer, lang: str = "en") -> str:
    """One answer on one line: mark, use, verdict, and the clause that decides."""
    words = words_in(lang)
    decided = decides(answer)
    told = f"{MARKS[answer.verdict]} {words[answer.use]}: {words[answer.verdict]}"
    return f"{told}  {decided}" if decided else told


def license_table(answers: Sequence[LicenseAnswer], lang: str = "en") -> str:
    """Many answers, one a line: mark, verdict, id, and the clause that decides."""
    words = words_in(lang)
    rows = [(MARKS[a.verdict], words[a.verdict], a.id, decides(a)) for a in answers]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    lines = [
        f"{mark} {verdict:<{widths[1]}}  {id:<{widths[2]}}  {why}".rstrip()
        for mark, verdict, id, why in rows
    ]
    counts = {v: sum(a.verdict == v for a in answers) for v in reversed(SEVERITY)}
    total = " · ".join(f"{words[v]} {n}" for v, n in counts.items() if n)
    return "\n".join([*lines, total, words["advice"]])


def decides(answer: LicenseAnswer) -> str:
    """The finding that makes the verdict, in one line."""
    if answer.verdict == "allowed":
        return ""
    for finding in answer.findings:
        if finding.effect == answer.verdict and finding.weighs:
            return f"{finding.why} [{_where(finding)}] {_path(finding)}"
    return next((c.why for c in answer.conflicts if c.effect == answer.verdict), "")


def _lines(answer: LicenseAnswer, lang: str) -> Iterator[str]:
    words = words_in(lang)
    yield (
        f"{MARKS[answer.verdict]} {answer.label} ({answer.id}) · {words[answer.use]}: "
        f"{words[answer.verdict]}"
    )
    parts = [f"{words[part]}: {words[verdict]}" for part, verdict in answer.parts.items()]
    if answer.file_alone:
        parts.append(f"{words['file']}: {words[answer.file_alone]}")
    yield "  " + " · ".join(parts)
    told = [f for f in answer.findings if f.effect != "allowed"]
    for finding in told[:_MOST]:
        yield ""
        yield from _finding(finding, lang)
    if len(told) > _MOST:
        more = Message("… %(num)s more; see --json", num=len(told) - _MOST)
        yield f"\n  {more.text(lang)}"
    for clash in answer.conflicts:
        yield f"\n{MARKS[clash.effect]} {words['clash']}: {clash.label}: {', '.join(clash.licenses)}"
        yield f"    {clash.why}"
    yield ""
    yield from _foot(answer, lang)


def _finding(finding: FindingAnswer, lang: str) -> Iterator[str]:
    words = words_in(lang)
    yield f"{MARKS[finding.effect]} {finding.why}"
    doubt = f"; {words['disputed']}" if finding.disputed else ""
    doubt += f"; {words['guessed']}" if finding.doubtful else ""
    doubt += "" if finding.weighs else f"; {words['uncounted']}"
    sure = sure_words(finding.tier, finding.read, lang) if finding.license else finding.label
    if finding.items:
        yield f"    {', '.join(i.label if isinstance(i, Ref) else str(i) for i in finding.items)}"
    yield f"    {_where(finding)} ({sure}{doubt})"
    if finding.citation.quote:
        yield f"    “{finding.citation.quote}”"
    yield f"    {_path(finding)}"
    yield from (f"    {note}" for note in finding.notes)
    if finding.citation.url:
        yield f"    {finding.citation.url}"


def _where(finding: FindingAnswer) -> str:
    return ", ".join(
        filter(None, [finding.license_label or finding.label, *_place(finding.citation)])
    )


def _place(citation: Citation) -> Iterator[str]:
    if citation.section:
        yield f"§ {citation.section}" if citation.section[0].isdigit() else citation.section
    if citation.date:
        yield citation.date


def _path(finding: FindingAnswer) -> str:
    steps = [
        f" ─{relation}→ {id}" for relation, id in zip(finding.edges, finding.path[1:], strict=True)
    ]
    return finding.path[0] + "".join(steps)


def _foot(answer: LicenseAnswer, lang: str) -> Iterator[str]:
    words = words_in(lang)
    if answer.changes:
        yield f"{words['change']}: {'; '.join(answer.changes)}"
    declared = f"{', '.join(answer.declared)}: " if answer.declared else ""
    yield f"{words['declared']}: {declared}{words[answer.consistency]}"
    if answer.dropped:
        yield f"{words['drops']}: {', '.join(answer.dropped)}"
    if answer.would_satisfy:
        yield f"{words['satisfy']}: {', '.join(answer.would_satisfy[:8])}"
    paper = dict.fromkeys(
        f"{f.label} ({f.license_label})" for f in answer.findings if f.group == "paperwork"
    )
    if paper:
        yield f"{words['paperwork']}: {', '.join(paper)}"
    if answer.texts:
        yield f"{words['texts']}: {tell_texts(answer.texts, lang)}"
    for one in answer.claim_sets:
        value = one.value or words["without-guess" if one.doubtful else "without"]
        told = words["overruled" if one.overruled else "sets"]
        yield f"{told}: {one.subject} {one.property} {value}: {words[one.verdict]}"
    if answer.unknowns:
        yield f"{words['unknowns']}: {' '.join(answer.unknowns)}"
