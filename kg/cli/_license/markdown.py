"""License answers in Markdown: short, as for a ticket, and as a memo that stands by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from kg.answers.advice.decisive import cite_place, doubts_of, path_line
from kg.answers.contract import Citation, DutyAnswer, FindingAnswer, LicenseAnswer, Ref
from kg.answers.license_items import tell_declared, tell_texts
from kg.cli._reports.markdown import plain
from kg.licenses.wording import MARKS, sure_words, words_in
from kg.messages.message import Message
from kg.snapshot.layout import Manifest
from kg.version import __version__


def license_markdown(answer: LicenseAnswer, lang: str = "en") -> str:
    """One answer: the verdict, what to do, what would change it, what is not known."""
    return "\n".join([*_brief(answer, lang), "", words_in(lang)["advice"]])


def license_memo(
    answers: Sequence[LicenseAnswer],
    manifest: Manifest,
    lang: str = "en",
    today: dt.date | None = None,
) -> str:
    """A memo to print or to file: the answers with every clause, its path and its citation.

    Args:
        answers: one or several.
        manifest: of the snapshot that was asked.
        lang: language of the memo.
        today: its date; by default that of today.
    """
    lines = [
        "# " + Message("License memo").text(lang),
        "",
        Message(
            "Date %(date)s; Gyebo %(version)s, release %(release)s, sources read by %(as_of)s.",
            date=(today or dt.date.today()).isoformat(),
            version=__version__,
            release=manifest.version,
            as_of=manifest.as_of or "?",
        ).text(lang),
    ]
    for answer in answers:
        lines += ["", *_brief(answer, lang), *_profile(answer, lang), *_proof(answer, lang)]
    return "\n".join([*lines, "", words_in(lang)["advice"]])


def _brief(answer: LicenseAnswer, lang: str) -> Iterator[str]:
    words = words_in(lang)
    yield f"## {plain(answer.label)} (`{answer.id}`)"
    yield ""
    yield f"{MARKS[answer.verdict]} **{plain(answer.sentence)}**"
    if made := answer.decisive:
        if made.citation:
            yield ""
            yield "> " + _cited(made.citation, doubts_of(made, lang), lang)
        if len(made.path) > 1:
            yield ""
            yield f"`{path_line(made.path, made.edges)}`"
    yield ""
    parts = [f"{words[part]}: {words[verdict]}" for part, verdict in answer.parts.items()]
    yield " · ".join([*parts, _declared(answer, lang)])
    if answer.texts:
        yield ""
        yield f"{words['texts']}: {plain(tell_texts(answer.texts, lang))}"
    if answer.checklist:
        yield from _head(words["duties-if" if answer.verdict == "prohibited" else "duties"])
        yield from (_duty(duty, lang) for duty in answer.checklist)
    if answer.changes:
        yield from _head(words["change"])
        yield from (f"- {plain(text)}" for text in answer.changes)
    gaps = [gap.text if gap.weighs else f"{gap.text} ({words['uncounted']})" for gap in answer.gaps]
    if gaps or answer.unknowns:
        yield from _head(words["unknown-things"])
        yield from (f"- {plain(text)}" for text in [*gaps, *answer.unknowns])


def _head(text: str) -> Iterator[str]:
    yield ""
    yield f"### {text[:1].upper()}{text[1:].removesuffix(':')}"
    yield ""


def _declared(answer: LicenseAnswer, lang: str) -> str:
    words = words_in(lang)
    declared = f"{', '.join(answer.declared)}: " if answer.declared else ""
    return f"{words['declared']}: {declared}{plain(tell_declared(answer, lang))}"


def _duty(duty: DutyAnswer, lang: str) -> str:
    asked = f" ({', '.join(plain(ref.label) for ref in duty.licenses)})" if duty.licenses else ""
    doubt = Message("not settled that it binds").text(lang)
    unsure = "" if duty.sure else f" *{doubt}*"
    lines = "".join(f"\n      {line}" for line in duty.lines)
    return f"- [ ] {plain(duty.text)}{asked}{unsure}" + (f"\n{lines}" if lines else "")


# ---- the rest of a memo


def _profile(answer: LicenseAnswer, lang: str) -> Iterator[str]:
    """What was asked, of whom."""
    words, who = words_in(lang), answer.profile
    given = {
        "mau": who.mau,
        "revenue": who.revenue,
        "country": who.country,
        "competitor-of": None if who.competitor_of is None else ", ".join(who.competitor_of) or "-",
        "name": who.name,
    }
    yield from _head(Message("The question").text(lang))
    yield f"- {words[answer.use]}"
    yield from (f"- {field}: {value}" for field, value in given.items() if value is not None)


def _proof(answer: LicenseAnswer, lang: str) -> Iterator[str]:
    yield from _head(Message("The clauses that reach it").text(lang))
    for number, finding in enumerate(answer.findings, 1):
        yield from _finding(number, finding, lang)
    for clash in answer.conflicts:
        yield f"- {MARKS[clash.effect]} {plain(clash.label)}: {', '.join(clash.licenses)}. {plain(clash.why)}"
    if texts := _texts(answer):
        yield from _head(Message("The texts").text(lang))
        yield from (f"- {plain(label)}: {url}" for label, url in texts.items())


def _finding(number: int, finding: FindingAnswer, lang: str) -> Iterator[str]:
    words = words_in(lang)
    license = f" ({plain(finding.license_label)})" if finding.license_label else ""
    doubts = [sure_words(finding.tier, finding.read, lang)] if finding.license else []
    doubts += [words["disputed"]] * finding.disputed + [words["guessed"]] * finding.doubtful
    doubts += [] if finding.weighs else [words["uncounted"]]
    yield f"{number}. {MARKS[finding.effect]} {words[finding.effect]}: {plain(finding.why)}{license}"
    if finding.items:
        items = [one.label if isinstance(one, Ref) else str(one) for one in finding.items]
        yield f"   - {plain(', '.join(items))}"
    yield f"   - {_cited(finding.citation, doubts, lang)}"
    yield from (f"   - `{' ← '.join(path)}`" for path in finding.paths or [finding.path])
    yield from (f"   - {plain(note)}" for note in finding.notes)


def _cited(citation: Citation, doubts: Sequence[str], lang: str) -> str:
    quote = f"“{plain(citation.quote)}”" if citation.quote else ""
    sure = f"({'; '.join(doubts)})" if doubts else ""
    return " ".join(filter(None, [quote, *cite_place(citation, lang), citation.url or "", sure]))


def _texts(answer: LicenseAnswer) -> dict[str, str]:
    """The address of each license's text, by its name."""
    return {
        finding.license_label: finding.citation.url
        for finding in answer.findings
        if finding.license_label and finding.citation.url
    }
