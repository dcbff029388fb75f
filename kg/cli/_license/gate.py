"""`gyebo license` without the terminal: which models are asked about, by whom, and the report on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.answers.advice.listed import listed_answer
from kg.answers.advice.proposal import Proposal
from kg.answers.advice.versus import versus_answer
from kg.answers.contract import to_json
from kg.answers.license import license_answer
from kg.cli._license.markdown import license_markdown, license_memo
from kg.cli._license.report import ListedAnswer, junit, read_models, sarif
from kg.cli._license.text import license_table, license_text
from kg.errors import InputError
from kg.licenses.profile import Profile
from kg.licenses.terms import Use, Verdict
from kg.messages.message import Message
from kg.snapshot.snapshot import Snapshot

REPORTS = ("table", "markdown", "memo", "json", "sarif", "junit")


class Asked(NamedTuple):
    """What a user asks about: one model, a list, a file of them, or a planned one."""

    ids: tuple[str, ...]
    file: Path | None
    proposal: Proposal | None

    @property
    def is_list(self) -> bool:
        """Whether the answer is a list, were it of one."""
        return self.file is not None or len(self.ids) > 1


class ReportStyle(NamedTuple):
    """How the answers are told."""

    format: str  # of REPORTS
    fail_on: str
    lang: str
    all: bool = False


def check_asked(asked: Asked, who: Mapping[str, Profile]) -> None:
    """Refuse a question that contradicts itself.

    Raises:
        InputError: nothing or several things are asked about, or a list by several who ask.
    """
    if sum((bool(asked.ids), asked.file is not None, asked.proposal is not None)) != 1:
        raise InputError(
            Message(
                "give ids of models, or --file with one id a line, or what a planned model is made from (--base, --card …)"
            )
        )
    if len(who) > 1 and (asked.is_list or asked.proposal):
        raise InputError(Message("several who ask are compared for one model: give one id"))


def ask(
    snapshot: Snapshot, asked: Asked, use: Use, profile: Profile, lang: str
) -> list[ListedAnswer]:
    """Ask about one model, a planned one, or every one of a list; of a list, what is not known is a finding.

    Raises:
        InputError: a file cannot be read, or what is asked about alone is no model or cannot be understood.
    """
    if asked.proposal:
        from kg.answers.advice.what_if import what_if  # loads what no other answer needs

        return [ListedAnswer(1, what_if(snapshot, asked.proposal, use, profile, lang))]
    if not asked.is_list:
        (id,) = asked.ids
        return [ListedAnswer(1, license_answer(snapshot, id, use, profile, lang))]
    lines = read_models(asked.file) if asked.file else list(enumerate(asked.ids, 1))
    return [
        ListedAnswer(line, listed_answer(snapshot, text, use, profile, lang))
        for line, text in lines
    ]


def report(
    snapshot: Snapshot, asked: Asked, found: Sequence[ListedAnswer], style: ReportStyle
) -> str:
    """The answers in a format of REPORTS; one model as text or one JSON object, many as a list."""
    answers, lang = [one.answer for one in found], style.lang
    match style.format:
        case "json" if not asked.is_list:
            return to_json(answers[0]).decode().rstrip()
        case "json":
            return msgspec.json.format(msgspec.json.encode(answers), indent=2).decode()
        case "sarif":
            return sarif(found, (asked.file or Path("models")).as_posix())
        case "junit":
            return junit(found, style.fail_on, lang)
        case "markdown":
            return "\n\n".join(license_markdown(one, lang) for one in answers)
        case "memo":
            return license_memo(answers, snapshot.manifest, lang)
    if asked.is_list:
        return license_table(answers, lang)
    return license_text(answers[0], lang, all=style.all)


def compare(
    snapshot: Snapshot, id: str, who: Mapping[str, Profile], use: Use, style: ReportStyle
) -> tuple[str, Sequence[Verdict]]:
    """One model for several who ask, side by side, and the verdicts on a use.

    Raises:
        InputError: a format that is of one answer, or the id is of no model.
    """
    from kg.cli._versus_text import versus_markdown, versus_text  # likewise

    if style.format not in ("table", "markdown", "json"):
        raise InputError(
            Message(
                "%(format)s tells one answer; side by side: table, markdown or json",
                format=style.format,
            )
        )
    found = versus_answer(snapshot, id, who, style.lang)
    verdicts = next(one.verdicts for one in found.uses if one.use == use)
    if style.format == "json":
        return to_json(found).decode().rstrip(), verdicts
    tell = versus_markdown if style.format == "markdown" else versus_text
    return tell(found, style.lang), verdicts
