"""The table of models as its page shows it: heads with the orders they lead to, chips, choices, reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from kg.answers.choosing.answer import Choice, NearMiss
from kg.answers.choosing.conditions import KOREAN, name_value
from kg.answers.choosing.request import COLUMNS, FALLING, RANGED, Column, Filter, Order, Ranged
from kg.answers.choosing.rows import ModelRowAnswer, RowMaker
from kg.columns.table import Group, read_table
from kg.model.claim import is_id
from kg.search.query import Meant
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang, snapshot
from web.app.i18n import gettext, mark
from web.license.question import FIELDS, spoken
from web.site._models_cells import access_word, cell_text, first_languages
from web.site._models_request import ENDS, NAMES, ModelsPage, address, without
from web.ui.addresses import State
from web.ui.verdicts import USE_WORDS, WORDS

HEADS: Mapping[Column, str] = {
    "name": mark("Model"),
    "org": mark("Developer"),
    "released": mark("Released"),
    "params": mark("Size"),
    "active": mark("Active size"),
    "context": mark("Context"),
    "lang": mark("Languages"),
    "access": mark("Access"),
    "license": mark("License"),
    "verdict": mark("Commercial use"),
    "score": mark("Best Korean score"),
    "descendants": mark("Descendants"),
    "downloads": mark("Downloads a month"),
}
ABOUT: Mapping[Column, str] = {
    "active": mark("parameters used for one token, of a mixture of experts"),
    "context": mark("in tokens"),
    "verdict": mark("by all terms in force, the model’s own and inherited ones"),
    "score": mark("in percent; scores on different benchmarks say nothing of each other"),
    "descendants": mark("models made from it"),
    "downloads": mark("in 30 days"),
}
_OFFERED = 60  # values that a field suggests
_PLACEHOLDERS: Mapping[Ranged, tuple[str, str]] = {
    "released": ("2024-01", "2026"),
    "params": ("7b", "13b"),
    "active": ("3b", "30b"),
    "context": ("8k", "128k"),
    "score": ("50", "90"),
    "descendants": ("10", "1000"),
    "downloads": ("1000", "1000000"),
}


class ModelHead(NamedTuple):
    """A head of the table, and the order it leads to."""

    column: Column
    label: str
    about: str
    url: str
    sorted: str  # ascending, descending or ""


class ModelChip(NamedTuple):
    """A condition, and the page without it."""

    title: str
    label: str
    url: str


class RangeField(NamedTuple):
    """The two ends of a range in the form."""

    label: str
    low: str  # names of the parameters
    high: str
    examples: tuple[str, str]


class Missed(NamedTuple):
    """A model that misses one condition, and what it has instead."""

    row: ModelRowAnswer
    why: str


class Competitor(NamedTuple):
    """An organization that one may compete with."""

    id: str
    text: str


def column_word(column: Column, page: ModelsPage) -> str:
    """What stands over a column, for what is asked."""
    if column == "verdict":
        return gettext(USE_WORDS[page.asked.use])
    if column == "score" and page.asked.benchmark:
        return snapshot().label(page.asked.benchmark, lang())
    return gettext(HEADS[column])


def heads(page: ModelsPage) -> list[ModelHead]:
    """The heads of the columns that are shown."""
    return [_head(page, column) for column in page.columns]


def _head(page: ModelsPage, column: Column) -> ModelHead:
    asked = page.asked
    current = column == _sorting(page)
    falls = not asked.falling if current else column in FALLING
    turned = () if falls == (column in FALLING) else ("desc" if falls else "asc",)
    about = gettext(ABOUT[column]) if column in ABOUT else ""
    return ModelHead(
        column,
        column_word(column, page),
        about,
        address(page.state, sort=(column,), order=turned, page=()),
        ("descending" if asked.falling else "ascending") if current else "",
    )


def order_word(page: ModelsPage) -> str:
    """What the rows are sorted by."""
    order = _sorting(page)
    return gettext("Relevance") if order == "relevance" else column_word(order, page)


def _sorting(page: ModelsPage) -> Order:
    """What the rows are sorted by; without words, to which one could be more relevant than another, it is a column."""
    order = page.asked.order
    return "descendants" if order == "relevance" and not page.asked.text else order


# ---- chips


def chips(page: ModelsPage, choice: Choice | None) -> list[ModelChip]:
    """Every condition of a page as a chip that takes it away."""
    return [*_words(page, choice), *_chosen(page), *_ranges(page), *_profile(page)]


def _words(page: ModelsPage, choice: Choice | None) -> Iterator[ModelChip]:
    found = choice.found if choice else None
    for meant in found.meant if found else ():
        if meant.applied or meant.field == "verdict":
            yield ModelChip(_meaning(meant, page), meant.words, _fewer(page.state, meant.words))
    for said in found.ranges if found else ():
        yield ModelChip(column_word(said.field, page), said.words, _fewer(page.state, said.words))
    for words in page.asked.as_words:
        yield ModelChip(gettext("as words"), words, address(without(page.state, "word", words)))


def _meaning(meant: Meant, page: ModelsPage) -> str:
    """What words were understood as: the column they narrow."""
    word = (
        column_word(_COLUMN_OF[meant.field], page)
        if meant.field in _COLUMN_OF
        else gettext("Derivation")
    )
    return f"{gettext('except for')} {word}" if meant.negated else word


_COLUMN_OF: Mapping[str, Column] = {name: name for name in COLUMNS}


def _fewer(state: State, words: str) -> str:
    """The page without some words of its text; where they stand otherwise in it, with them as words."""
    text = next(iter(state.get("q", ())), "")
    at = text.casefold().find(words.casefold())
    if at < 0:
        return address(state, word=(*state.get("word", ()), words), page=())
    rest = f"{text[:at].rstrip(' ,')} {text[at + len(words) :].lstrip(' ,')}".strip()
    return address(state, q=(rest,) if rest else (), page=())


def _chosen(page: ModelsPage) -> Iterator[ModelChip]:
    for field, values in page.asked.chosen.items():
        for value in values:
            url = address(without(page.state, NAMES[field], value))
            yield ModelChip(column_word(field, page), value_word(field, value), url)


def value_word(field: Filter, value: str) -> str:
    """A value as people call it."""
    held = snapshot()
    if field == "verdict":
        return gettext(WORDS.get(value, value))
    id = name_value(held, field, value)
    if field == "access":
        return access_word(id) or value
    return held.label(id, lang()) if is_id(id) else value


def _ranges(page: ModelsPage) -> Iterator[ModelChip]:
    for field in page.asked.ranges:
        low, high = (next(iter(page.state.get(end, ())), "") for end in ENDS[field])
        text = _between(low, high)
        bare = {**page.state, ENDS[field][0]: (), ENDS[field][1]: (), "page": ()}
        yield ModelChip(column_word(field, page), text, address(bare))


def _between(low: str, high: str) -> str:
    if low and high:
        return f"{low}–{high}"
    return f"≥ {low}" if low else f"≤ {high}"


def _profile(page: ModelsPage) -> Iterator[ModelChip]:
    told = dict(spoken(snapshot(), page.question.profile))
    for field, word in FIELDS.items():
        if field in page.question.given and gettext(word) in told:
            url = address(without(page.state, field))
            yield ModelChip(gettext(word), told[gettext(word)], url)


# ---- what the form offers


def range_fields(page: ModelsPage) -> list[RangeField]:
    """The ranges of the form."""
    return [
        RangeField(column_word(name, page), *ENDS[name], _PLACEHOLDERS[name]) for name in RANGED
    ]


@memo(most=12)
def offered(held: Snapshot, field: Group, code: str) -> Sequence[tuple[str, str]]:
    """The values that most models have, with their labels, for a field that suggests them."""
    table = read_table(held)
    counts: dict[str, int] = {}
    for values, total in zip(
        table.groups(field), np.bincount(table.places_of(field)).tolist(), strict=False
    ):
        for value in values:
            counts[value] = counts.get(value, 0) + total
    first = sorted(counts, key=lambda value: (-counts[value], value))[:_OFFERED]
    return [(value, held.label(value, code)) for value in first]


def benchmarks(page: ModelsPage) -> list[tuple[str, str, bool]]:
    """The benchmarks that can be shown, those in Korean first: id, label, whether it is chosen."""
    table = read_table(snapshot())
    korean = table.in_language(KOREAN)
    rest = [id for id in table.benchmarks() if id not in korean]
    return [
        (id, snapshot().label(id, lang()), id == page.asked.benchmark) for id in (*korean, *rest)
    ]


# ---- just missed


def missed(page: ModelsPage, choice: Choice, near: Sequence[NearMiss]) -> list[Missed]:
    """Models that miss one condition, each with what it has instead."""
    maker = RowMaker(snapshot(), choice.columns, lang())
    fields = {one.words: one.field for one in (choice.found.meant if choice.found else ())}
    told = []
    for one in near:
        row, asked = maker.row(one.row), one.missed.text
        field = fields[asked] if one.missed.field == "meant" else one.missed.field
        if field in _COLUMN_OF and field != "name":
            told.append(Missed(row, _instead(page, row, _COLUMN_OF[field])))
        else:
            told.append(Missed(row, gettext("not “%(words)s”") % {"words": asked}))
    return told


def _instead(page: ModelsPage, row: ModelRowAnswer, column: Column) -> str:
    """What a row has in the column of the condition that it misses."""
    has = cell_text(row, column)
    if column == "lang" and row.languages:
        names, more = first_languages(row, 4)
        has = ", ".join(names) + (f" +{more}" if more else "")
    return f"{column_word(column, page)}: {has}"
