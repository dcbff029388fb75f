"""What was pasted and judged, as the page shows it: a row for each thing, and what unfolds below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
from flask import url_for

from kg.answers.advice.decisive import cite_place
from kg.answers.contract import DecisiveAnswer, Ref
from kg.model.claim import kind_of
from kg.pasted.check import CheckAnswer, CheckCell, CheckColumn, CheckedThing
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang
from web.app.i18n import gettext
from web.license._advice import DutyLine, duty_line
from web.license._findings import CitedSentence, cited
from web.license._planned import MOST_CARD
from web.license._values import ValueItem
from web.license.question import BOXED, LicenseQuestion, use_word
from web.ui.verdicts import LOOKS, VerdictLook


class CheckedCell(NamedTuple):
    """A cell of the table."""

    column: str
    look: VerdictLook


class CheckedReason(msgspec.Struct, frozen=True, kw_only=True):
    """What decides in some columns."""

    columns: tuple[str, ...]  # () = all
    look: VerdictLook
    why: str
    license: ValueItem | None = None
    cited: CitedSentence | None = None
    doubts: tuple[str, ...] = ()


class CheckedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that was pasted."""

    anchor: str
    label: str
    id: str  # "" of what has no page
    what: str  # as written, where that is another name
    makers: list[ValueItem]
    families: list[ValueItem]
    made_from: list[ValueItem]
    declared: list[ValueItem]
    cells: list[CheckedCell]
    reasons: list[CheckedReason]
    duties: list[DutyLine]
    maybe: list[DutyLine]
    unknown: list[str]
    changes: list[str]
    near: list[ValueItem]
    note: str  # whose word it rests on, where it is not the data's
    page: str  # addresses, "" where there is none
    memo: str
    what_if: str


class CheckPage(NamedTuple):
    """What the page shows of an answer."""

    answer: CheckAnswer
    heading: str
    columns: tuple[str, ...]
    rows: Sequence[CheckedRow]


def check_page(held: Snapshot, answer: CheckAnswer, asked: LicenseQuestion, text: str) -> CheckPage:
    """An answer as the page shows it.

    Args:
        held: where it is from.
        answer: what was found.
        asked: the question, for addresses of answers on one thing.
        text: what was pasted.
    """
    columns = tuple(_column(answer, one) for one in answer.columns)
    rows = [
        _row(held, f"t{number}", thing, answer, asked, text)
        for number, thing in enumerate(answer.things, 1)
    ]
    return CheckPage(answer, _heading(answer), columns, rows)


def _column(answer: CheckAnswer, one: CheckColumn) -> str:
    """What a column is called: by its country, by its use, or by both."""
    if not one.who:
        return use_word(one.use)
    several = len({column.use for column in answer.columns}) > 1
    return f"{one.who} · {use_word(one.use)}" if several else one.who


def _columns(answer: CheckAnswer, places: Sequence[int]) -> tuple[str, ...]:
    """What several columns are called together: by their uses or countries, where all others of these are among them."""
    chosen = [answer.columns[place] for place in places]
    uses = dict.fromkeys(column.use for column in chosen)
    people = dict.fromkeys(column.who for column in chosen)
    whole = len(uses) * len(people) == len(chosen)
    all_uses = len({column.use for column in answer.columns})
    all_people = len({column.who for column in answer.columns})
    if whole and len(people) == all_people and all_uses > 1:
        return tuple(map(use_word, uses))
    if whole and len(uses) == all_uses:
        return tuple(people)
    return tuple(_column(answer, column) for column in chosen)


def _heading(answer: CheckAnswer) -> str:
    """How many things have which verdict."""
    if not answer.things:
        return gettext("No model or data set is named.")
    return ", ".join(
        gettext("%(number)s %(verdict)s")
        % {"number": number, "verdict": gettext(LOOKS[verdict].word)}
        for verdict, number in answer.counts.items()
    )


def _row(
    held: Snapshot,
    anchor: str,
    thing: CheckedThing,
    answer: CheckAnswer,
    asked: LicenseQuestion,
    text: str,
) -> CheckedRow:
    query = asked.query()
    page = url_for("entities.entity", name=thing.id) if thing.id else ""
    memo = f"{page}/memo" if thing.id and kind_of(thing.id) in BOXED else ""
    label = thing.label if thing.told_by != "card" else gettext("The model of the pasted card")
    return CheckedRow(
        anchor=anchor,
        label=label,
        id=thing.id or "",
        what=thing.what if thing.what not in (label, thing.id) else "",
        makers=_items(held, thing.makers),
        families=_items(held, thing.families),
        made_from=_items(held, thing.made_from),
        declared=_items(held, thing.declared),
        cells=[
            CheckedCell(_column(answer, column), LOOKS[cell.verdict])
            for column, cell in zip(answer.columns, thing.cells, strict=True)
        ],
        reasons=_reasons(held, thing.cells, answer),
        duties=[duty_line(duty) for duty in thing.checklist if duty.sure],
        maybe=[duty_line(duty) for duty in thing.checklist if not duty.sure],
        unknown=[gap.text for gap in thing.gaps],
        changes=thing.changes,
        near=_items(held, thing.near),
        note=_note(thing),
        page=page,
        memo=f"{memo}?{query}" if memo and query else memo,
        what_if=_what_if(thing, text),
    )


def _items(held: Snapshot, refs: Iterable[Ref]) -> list[ValueItem]:
    """Names, links where they lead somewhere."""
    return [
        ValueItem(ref.label, id=ref.id if held.lines.find(ref.id) is not None else "")
        for ref in refs
    ]


def _reasons(
    held: Snapshot, cells: Sequence[CheckCell], answer: CheckAnswer
) -> list[CheckedReason]:
    """What decides: once for all columns that it decides alike."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, cell in enumerate(cells):
        made = cell.decisive
        key = (cell.verdict, made.clause, made.why) if made else (cell.verdict,)
        groups.setdefault(key, []).append(place)
    return [
        _reason(held, cells[places[0]], _columns(answer, places) if len(groups) > 1 else ())
        for places in groups.values()
    ]


def _reason(held: Snapshot, cell: CheckCell, shown: tuple[str, ...]) -> CheckedReason:
    made, look = cell.decisive, LOOKS[cell.verdict]
    if made is None:
        allowed = cell.verdict == "allowed"
        why = gettext("No term that reaches it stands against this use.") if allowed else ""
        return CheckedReason(columns=shown, look=look, why=why or cell.sentence)
    licenses = _items(held, made.licenses)
    return CheckedReason(
        columns=shown,
        look=look,
        why=made.why,
        license=licenses[0] if licenses else None,
        cited=cited(made.citation) if made.citation else None,
        doubts=tuple(cell.doubts),
    )


def _note(thing: CheckedThing) -> str:
    match thing.told_by:
        case "card":
            return gettext("By what the card says; of its parents by what is known here.")
        case "bom":
            return gettext(
                "Nothing here goes by it: what the document says of it may forbid a use, and allows none."
            )
    return ""


def _what_if(thing: CheckedThing, text: str) -> str:
    """The address on which what it is made from can be changed."""
    if thing.told_by == "card":
        short = len(text) <= MOST_CARD
        return url_for("what_if.page", card=text) if short else ""
    if kind_of(thing.id or "") == "model":
        return url_for("what_if.page", of=thing.id)
    named = thing.id or thing.what
    return url_for("what_if.page", base=named) if thing.kind != "dataset" else ""


def markdown_table(answer: CheckAnswer) -> str:
    """The table as Markdown, to be copied."""
    columns = [_column(answer, one) for one in answer.columns]
    head = [gettext("Name"), *columns, gettext("What decides")]
    lines = [_line(head), _line(["---"] * len(head))]
    for thing in answer.things:
        words = [gettext(LOOKS[cell.verdict].word) for cell in thing.cells]
        why = dict.fromkeys(_said(cell.decisive) for cell in thing.cells if cell.decisive)
        lines.append(_line([thing.label, *words, " / ".join(why)]))
    return "\n".join(lines) + "\n"


def _said(made: DecisiveAnswer) -> str:
    where = [*(ref.label for ref in made.licenses), *cite_place(made.citation, lang())]
    return f"{made.why} [{' '.join(where)}]" if where else made.why


def _line(cells: Iterable[str]) -> str:
    plain = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(plain)} |"
