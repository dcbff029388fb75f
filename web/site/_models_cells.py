"""What a cell of the table of models says, as text."""

from __future__ import annotations

from kg.answers.choosing.conditions import KOREAN
from kg.answers.choosing.request import Column
from kg.answers.choosing.rows import ModelRowAnswer
from kg.language.dates import date
from kg.language.numbers import both_ways, brief, number
from kg.model.vocabulary import ACCESS
from web.app.context import lang, snapshot
from web.app.i18n import gettext
from web.license.question import LicenseQuestion
from web.ui.verdicts import LOOKS


def access_word(code: str | None) -> str:
    """A code of access in words."""
    return snapshot().vocabulary.properties[ACCESS].code_word(code, lang()) or ""


def cell_text(row: ModelRowAnswer, column: Column) -> str:
    """What a column says of a model, as text; “not stated” where no source says it."""
    return plain_text(row, column) or gettext("not stated")


def plain_text(row: ModelRowAnswer, column: Column) -> str:
    """The same; nothing where no source says it."""
    match column:
        case "name":
            return row.label
        case "org" | "lang" | "license":
            refs = {"org": row.makers, "lang": row.languages, "license": row.licenses}[column]
            return ", ".join(ref.label for ref in refs)
        case "released":
            return date(row.released, lang()) if row.released else ""
        case "access":
            return access_word(row.access)
        case "verdict":
            return gettext(LOOKS[row.verdict].word) if row.verdict else gettext("not known")
        case "score":
            return (
                f"{number(row.score.percent, lang())} ({row.score.benchmark.label})"
                if row.score
                else ""
            )
        case "params" | "active":
            size = row.parameters if column == "params" else row.active_parameters
            return both_ways(size, brief(size, lang()), lang()) if size is not None else ""
    count = {"context": row.context, "descendants": row.descendants, "downloads": row.downloads}
    held = count[column]
    return number(held, lang()) if held is not None else ""


def first_languages(row: ModelRowAnswer, most: int = 2) -> tuple[list[str], int]:
    """The languages a cell has room for, Korean first, and how many more there are."""
    told = sorted(row.languages, key=lambda ref: ref.id != KOREAN)
    return [ref.label for ref in told[:most]], max(0, len(told) - most)


def verdict_address(row: ModelRowAnswer, question: LicenseQuestion) -> str:
    """The part of the address of a model that asks the same of its license."""
    asked = question.query()
    return f"?{asked}" if asked else ""
