"""License answers as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.answers.contract import Citation, FindingAnswer, LicenseAnswer, Ref
from kg.licenses.rules import SEVERITY

MARKS = {"allowed": "✓", "conditional": "~", "unknown": "?", "contested": "!", "prohibited": "✗"}
_MOST = 12  # findings told in full; --json has all

_WORDS = {
    "en": {
        "commercial": "commercial use",
        "redistribute": "redistribution",
        "train-on-outputs": "training on its outputs",
        "relicense": "relicensing",
        "allowed": "allowed",
        "conditional": "allowed with conditions",
        "unknown": "not known",
        "contested": "contested",
        "prohibited": "prohibited",
        "weights": "weights",
        "data": "data",
        "file": "adapter file alone",
        "1": "the text says so",
        "2": "conservative reading",
        "3": "unsettled law",
        "consistent": "carries all that was inherited",
        "adds": "adds restrictions",
        "drops-paperwork": "drops paperwork",
        "drops-substance": "drops terms of substance",
        "unsatisfiable": "no license can satisfy all parents",
        "undeclared": "none is declared",
        "cannot-tell": "cannot be compared",
        "declared": "declared license",
        "drops": "not carried",
        "satisfy": "would satisfy",
        "change": "what would change the answer",
        "paperwork": "paperwork",
        "sets": "if one claim held",
        "unknowns": "not known, and not counted",
        "clash": "cannot all be kept",
        "more": "more; see --json",
        "disputed": "rests on a claim that others contradict",
        "without": "without",
        "uncounted": "not counted",
        "advice": "This is not legal advice.",
    },
    "ko": {
        "commercial": "상업적 이용",
        "redistribute": "재배포",
        "train-on-outputs": "출력으로 학습",
        "relicense": "다른 라이선스로 배포",
        "allowed": "허용",
        "conditional": "조건부 허용",
        "unknown": "알 수 없음",
        "contested": "다툼 있음",
        "prohibited": "금지",
        "weights": "가중치",
        "data": "데이터",
        "file": "어댑터 파일만",
        "1": "본문에 있음",
        "2": "보수적 해석",
        "3": "정해진 바 없음",
        "consistent": "물려받은 조건을 모두 담고 있음",
        "adds": "제한을 더함",
        "drops-paperwork": "서류 요건이 빠짐",
        "drops-substance": "실질 조건이 빠짐",
        "unsatisfiable": "모든 상위 모델을 만족하는 라이선스가 없음",
        "undeclared": "밝힌 라이선스 없음",
        "cannot-tell": "비교할 수 없음",
        "declared": "밝힌 라이선스",
        "drops": "빠진 조건",
        "satisfy": "만족하는 라이선스",
        "change": "답을 바꾸려면",
        "paperwork": "서류 요건",
        "sets": "한쪽 주장이 맞다면",
        "unknowns": "알 수 없어 판정에 넣지 않은 것",
        "clash": "함께 지킬 수 없는 조건",
        "more": "개 더 있음(--json 참고)",
        "disputed": "엇갈리는 주장에 기댐",
        "without": "없다면",
        "uncounted": "판정에 넣지 않음",
        "advice": "법률 자문이 아닙니다.",
    },
}


def word(name: str, lang: str = "en") -> str:
    """A verdict or a use in words.

    >>> word("prohibited"), word("prohibited", "ko")
    ('prohibited', '금지')
    """
    return _WORDS[lang][name]


def license_text(answer: LicenseAnswer, lang: str = "en") -> str:
    """One answer, for people."""
    return "\n".join([*_lines(answer, _WORDS[lang]), "", _WORDS[lang]["advice"]])


def license_line(answer: LicenseAnswer, lang: str = "en") -> str:
    """One answer on one line: mark, use, verdict, and the clause that decides."""
    words = _WORDS[lang]
    decided = decides(answer)
    told = f"{MARKS[answer.verdict]} {words[answer.use]}: {words[answer.verdict]}"
    return f"{told}  {decided}" if decided else told


def license_table(answers: Sequence[LicenseAnswer], lang: str = "en") -> str:
    """Many answers, one a line: mark, verdict, id, and the clause that decides."""
    words = _WORDS[lang]
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


def _lines(answer: LicenseAnswer, words: dict[str, str]) -> Iterator[str]:
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
        yield from _finding(finding, words)
    if len(told) > _MOST:
        yield f"\n  … {len(told) - _MOST} {words['more']}"
    for clash in answer.conflicts:
        yield f"\n{MARKS[clash.effect]} {words['clash']}: {clash.label}: {', '.join(clash.licenses)}"
        yield f"    {clash.why}"
    yield ""
    yield from _foot(answer, words)


def _finding(finding: FindingAnswer, words: dict[str, str]) -> Iterator[str]:
    yield f"{MARKS[finding.effect]} {finding.why}"
    doubt = f"; {words['disputed']}" if finding.disputed else ""
    doubt += "" if finding.weighs else f"; {words['uncounted']}"
    sure = words[str(finding.tier)] if finding.license else finding.label
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


def _foot(answer: LicenseAnswer, words: dict[str, str]) -> Iterator[str]:
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
    for one in answer.claim_sets:
        value = one.value or words["without"]
        yield f"{words['sets']}: {one.subject} {one.property} {value}: {words[one.verdict]}"
    if answer.unknowns:
        yield f"{words['unknowns']}: {' '.join(answer.unknowns)}"
