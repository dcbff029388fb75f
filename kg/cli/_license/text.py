"""License answers as text for a terminal: first what people need, in at most 20 lines, the rest on request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.answers.advice.decisive import decides, doubts_of, path_line
from kg.answers.contract import Citation, DutyAnswer, FindingAnswer, LicenseAnswer, Ref
from kg.answers.license_items import tell_declared, tell_texts
from kg.licenses.rules import SEVERITY
from kg.licenses.wording import MARKS, sure_words, words_in
from kg.messages.message import Message, counted

_MOST_DUTIES = 6
_MOST_CHANGES = 4
_MOST_GAPS = 3


def license_text(answer: LicenseAnswer, lang: str = "en", *, all: bool = False) -> str:
    """One answer, for people.

    Args:
        answer: what to tell.
        lang: language of the words around it.
        all: with every finding, its sentence and its path, and what else is known.
    """
    lines = list(_brief(answer, lang, all))
    if all:
        lines += _rest(answer, lang)
    return "\n".join([*lines, words_in(lang)["advice"]])


def license_line(answer: LicenseAnswer, lang: str = "en") -> str:
    """One answer on one line: mark, use, verdict, and the clause that decides."""
    words = words_in(lang)
    decided = decides(answer, lang)
    told = f"{MARKS[answer.verdict]} {words[answer.use]}: {words[answer.verdict]}"
    return f"{told}  {decided}" if decided else told


def license_table(answers: Sequence[LicenseAnswer], lang: str = "en") -> str:
    """Many answers, one a line: mark, verdict, id, and the clause that decides."""
    words = words_in(lang)
    rows = [(MARKS[a.verdict], words[a.verdict], a.id, decides(a, lang)) for a in answers]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    lines = [
        f"{mark} {verdict:<{widths[1]}}  {id:<{widths[2]}}  {why}".rstrip()
        for mark, verdict, id, why in rows
    ]
    counts = {v: sum(a.verdict == v for a in answers) for v in reversed(SEVERITY)}
    total = " · ".join(f"{words[v]} {n}" for v, n in counts.items() if n)
    return "\n".join([*lines, total, words["advice"]])


def _brief(answer: LicenseAnswer, lang: str, all: bool) -> Iterator[str]:
    """The verdict and what decides it, what to do, what would change it, what is not known."""
    words = words_in(lang)
    yield f"{MARKS[answer.verdict]} {answer.sentence}"
    if answer.lookalike:
        yield f"    ⚠ {answer.lookalike}"
    yield from _decisive(answer, lang)
    parts = [f"{words[part]}: {words[verdict]}" for part, verdict in answer.parts.items()]
    if answer.file_alone:
        parts.append(f"{words['file']}: {words[answer.file_alone]}")
    yield f"    {answer.id} · " + " · ".join(parts)
    yield from _duties(answer, lang, all)
    if answer.changes:
        shown = answer.changes if all else answer.changes[:_MOST_CHANGES]
        yield f"{words['change']}: {'; '.join(shown)}"
    yield from _gaps(answer, lang, all)
    declared = f"{', '.join(answer.declared)}: " if answer.declared else ""
    texts = f" · {words['texts']}: {tell_texts(answer.texts, lang)}" if answer.texts else ""
    yield f"{words['declared']}: {declared}{tell_declared(answer, lang)}{texts}"
    if not all:
        told = sum(f.effect != "allowed" for f in answer.findings)
        yield counted(
            "--all shows the %(num)s clause that bears on it, with its sentence and path",
            "--all shows the %(num)s clauses that bear on it, with sentences and paths",
            told,
        ).text(lang)


def _decisive(answer: LicenseAnswer, lang: str) -> Iterator[str]:
    made = answer.decisive
    if made is None:
        return
    doubts = "; ".join(doubts_of(made, lang))
    if len(made.path) > 1:
        yield f"    {path_line(made.path, made.edges)}"
    if made.citation and (made.citation.quote or made.citation.url):
        quote = f"“{made.citation.quote}”" if made.citation.quote else ""
        told = [quote, made.citation.url or "", f"({doubts})" if doubts else ""]
        yield "    " + " ".join(filter(None, told))
    elif doubts:
        yield f"    ({doubts})"


def _duties(answer: LicenseAnswer, lang: str, all: bool) -> Iterator[str]:
    words = words_in(lang)
    sure = [duty for duty in answer.checklist if duty.sure]
    if not answer.checklist:
        return
    yield words["duties-if" if answer.verdict == "prohibited" else "duties"]
    for duty in sure if all else sure[:_MOST_DUTIES]:
        yield f"  [ ] {duty_line(duty)}"
    unsure = len(answer.checklist) - len(sure)
    left = 0 if all else max(0, len(sure) - _MOST_DUTIES)
    if all:
        yield from (f"  [?] {duty_line(duty)}" for duty in answer.checklist if not duty.sure)
    elif left or unsure:
        yield "  " + Message(
            "… %(num)s more; of %(unsure)s it is not settled that they bind",
            num=left + unsure,
            unsure=unsure,
        ).text(lang)


def duty_line(duty: DutyAnswer) -> str:
    """One line of the checklist: what to do, who asks for it, and the words to paste."""
    asked = f" ({', '.join(ref.label for ref in duty.licenses)})" if duty.licenses else ""
    quoted = (line if "://" in line[:8] else f"“{line}”" for line in duty.lines)
    lines = "" if duty.duty == "badge" else " ".join(quoted)
    return f"{duty.text}{asked}" + (f": {lines}" if lines else "")


def _gaps(answer: LicenseAnswer, lang: str, all: bool) -> Iterator[str]:
    words = words_in(lang)
    counted = [gap.text for gap in answer.gaps if gap.weighs]
    others = [f"{gap.text} ({words['uncounted']})" for gap in answer.gaps if not gap.weighs]
    if found := [*counted, *others, *answer.unknowns]:
        yield words["unknown-things"]
        yield from (f"  {text}" for text in (found if all else found[:_MOST_GAPS]))


def _rest(answer: LicenseAnswer, lang: str) -> Iterator[str]:
    """Every finding that bears on the use, every conflict, and what is known of the declared license."""
    words = words_in(lang)
    for finding in answer.findings:
        if finding.effect != "allowed":
            yield ""
            yield from _finding(finding, lang)
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
    yield f"    {path_line(finding.path, finding.edges)}"
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


def _foot(answer: LicenseAnswer, lang: str) -> Iterator[str]:
    words = words_in(lang)
    if answer.dropped:
        yield f"{words['drops']}: {', '.join(answer.dropped)}"
    if answer.would_satisfy:
        yield f"{words['satisfy']}: {', '.join(answer.would_satisfy[:8])}"
    paper = dict.fromkeys(
        f"{f.label} ({f.license_label})"
        for f in answer.findings
        if f.group == "paperwork" and f.weighs
    )
    if paper:
        yield f"{words['paperwork']}: {', '.join(paper)}"
    for one in answer.claim_sets:
        value = one.value or words["without-guess" if one.doubtful else "without"]
        told = words["overruled" if one.overruled else "sets"]
        yield f"{told}: {one.subject} {one.property} {value}: {words[one.verdict]}"
