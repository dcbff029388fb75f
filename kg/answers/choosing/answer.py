"""Which models fit: the rows that keep every condition, in order, and those that miss one alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.answers.choosing._words import FoundByWords, find_by_words
from kg.answers.choosing.conditions import (
    Condition,
    ModelColumns,
    conditions,
    read_columns,
    without_meant,
)
from kg.answers.choosing.request import FILTERS, Between, ModelsRequest, Order
from kg.answers.choosing.rows import MissedAnswer, ModelsAnswer, RowMaker
from kg.answers.contract import UnderstoodAnswer
from kg.columns.table import Group, Mask, read_table
from kg.messages.message import Message
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

FEW = 12  # rows, up to which those that nearly fit are told
MOST_MISSED = 8


class NearMiss(NamedTuple):
    """A row that misses one condition."""

    row: int
    missed: Condition


class Choice(NamedTuple):
    """What was chosen."""

    rows: NDArray[np.int32]  # in order
    columns: ModelColumns
    found: FoundByWords | None  # by words
    conditions: Sequence[Condition]


def choose(snapshot: Snapshot, asked: ModelsRequest, lang: str = "en") -> Choice:
    """Choose models.

    Args:
        snapshot: an open snapshot.
        asked: what they must be, and their order.
        lang: language of the labels they may be ordered by.

    Raises:
        SnapshotError: the snapshot was built before columns were kept.
    """
    columns = read_columns(snapshot, asked)
    found = None
    if asked.text:
        found = find_by_words(snapshot, asked.text, asked.as_words, asked.copies, "", lang)
    kept = conditions(snapshot, asked, columns, found)
    rows = np.flatnonzero(_all(columns, [one.kept for one in kept])).astype(np.int32)
    if asked.order == "relevance" and found:
        by_words = np.isin(found.rows, rows)
        return Choice(found.rows[by_words], columns, found, kept)
    return Choice(_ordered(snapshot, asked, columns, rows, lang), columns, found, kept)


def _all(columns: ModelColumns, masks: Sequence[Mask]) -> Mask:
    kept = np.ones(len(columns.table), bool)
    for mask in masks:
        kept &= mask
    return kept


# ---- order


def _ordered(
    snapshot: Snapshot,
    asked: ModelsRequest,
    columns: ModelColumns,
    rows: NDArray[np.int32],
    lang: str,
) -> NDArray[np.int32]:
    """Rows in order; what is not known comes last, equals by descendants."""
    descendants = np.nan_to_num(columns.table.numbers("descendants")[rows])
    keys = _keys(snapshot, asked.order, columns, lang)[rows]
    placed = np.where(np.isnan(keys), np.inf, -keys if asked.falling else keys)
    return rows[np.lexsort((-descendants, placed))]  # stable, and rows ascend


def _keys(
    snapshot: Snapshot, order: Order, columns: ModelColumns, lang: str
) -> NDArray[np.float64]:
    """What rows are ordered by."""
    table = columns.table
    match order:
        case "name":
            return table.places(lang).astype(float)
        case "org" | "license" | "access":
            return _alphabet(snapshot, order, lang)
        case "lang":
            return _counts(snapshot)
        case "verdict":
            return np.where(columns.verdicts > 0, columns.verdicts.astype(float), np.nan)
        case "relevance":  # without words to be relevant to
            return columns.ranged("descendants")
    return columns.ranged(order)


@memo(most=8)
def _alphabet(snapshot: Snapshot, name: Group, lang: str) -> NDArray[np.float64]:
    """The place of each row's first value in the alphabet; not a number where it has none."""
    table = read_table(snapshot)
    first = {values[0] for values in table.groups(name) if values}
    told = {id: (id if name == "access" else snapshot.label(id, lang)).casefold() for id in first}
    place = {id: float(at) for at, id in enumerate(sorted(first, key=lambda id: (told[id], id)))}
    return _of_groups(snapshot, name, [place[g[0]] if g else np.nan for g in table.groups(name)])


@memo(most=1)
def _counts(snapshot: Snapshot) -> NDArray[np.float64]:
    """How many languages each row has; not a number where none is known."""
    groups = read_table(snapshot).groups("lang")
    return _of_groups(snapshot, "lang", [len(group) or np.nan for group in groups])


def _of_groups(snapshot: Snapshot, name: Group, values: Sequence[float]) -> NDArray[np.float64]:
    return np.array(values, float)[read_table(snapshot).places_of(name)]


# ---- nearly


def find_near(
    snapshot: Snapshot, asked: ModelsRequest, choice: Choice, lang: str = "en"
) -> list[NearMiss]:
    """The rows that miss one condition alone, those with most descendants first; none where many keep all."""
    if len(choice.rows) > FEW:
        return []
    columns = choice.columns
    missed: dict[int, Condition] = {}
    for condition, others in _each(snapshot, asked, choice, lang):
        near = _all(columns, others)
        near[choice.rows] = False
        for row in np.flatnonzero(near).tolist():
            missed.setdefault(row, condition)
    descendants = np.nan_to_num(columns.table.numbers("descendants"))
    order = sorted(missed, key=lambda row: (-descendants[row], row))
    return [NearMiss(row, missed[row]) for row in order[:MOST_MISSED]]


def _each(
    snapshot: Snapshot, asked: ModelsRequest, choice: Choice, lang: str
) -> Iterator[tuple[Condition, list[Mask]]]:
    """Each condition that can be missed alone, with what the others keep."""
    kept = choice.conditions
    for place, condition in enumerate(kept):
        if condition.field != "words" and len(kept) > 1:
            yield condition, [one.kept for at, one in enumerate(kept) if at != place]
    if choice.found:
        columns = [one.kept for one in kept if one.field != "words"]
        for wider in without_meant(snapshot, asked, choice.found, lang):
            yield wider, [wider.kept, *columns]


def find_notes(choice: Choice) -> list[Message]:
    """What of a choice nothing has, whatever else is asked."""
    return [
        Message("nothing has the %(field)s %(value)r", field=one.field, value=one.text[:80])
        for one in choice.conditions
        if one.field in FILTERS and one.text and not one.kept.any()
    ]


# ---- as an answer


def answer_models(
    snapshot: Snapshot,
    asked: ModelsRequest,
    limit: int | None = None,
    offset: int = 0,
    lang: str = "en",
) -> ModelsAnswer:
    """The models that fit, as rows.

    Args:
        snapshot: an open snapshot.
        asked: what they must be, and their order.
        limit: most rows; None = all.
        offset: rows to skip.
        lang: language of labels and sentences.

    Raises:
        SnapshotError: the snapshot was built before columns were kept.
    """
    choice = choose(snapshot, asked, lang)
    maker = RowMaker(snapshot, choice.columns, lang)
    end = None if limit is None else offset + limit
    found = choice.found
    return ModelsAnswer(
        total=len(choice.rows),
        use=asked.use,
        profile=asked.profile,
        rows=maker.rows(choice.rows[offset:end].tolist()),
        nearly=[_missed(near, maker) for near in find_near(snapshot, asked, choice, lang)],
        understood=_understood(found) if found else [],
        left_out=list(found.left_out) if found else [],
        suggestion=found.suggestion or None if found else None,
        notes=[note.text(lang) for note in (*(found.notes if found else ()), *find_notes(choice))],
        missing=found.missing if found else None,
        hidden=found.hidden if found else 0,
    )


def _missed(near: NearMiss, maker: RowMaker) -> MissedAnswer:
    row = maker.row(near.row)
    field = "words" if near.missed.field == "meant" else near.missed.field
    return MissedAnswer(id=row.id, label=row.label, field=field, asked=near.missed.text, row=row)


def _understood(found: FoundByWords) -> list[UnderstoodAnswer]:
    return [
        UnderstoodAnswer(
            words=meant.words,
            field=meant.field,
            value=meant.value,
            negated=meant.negated,
            filter=meant.typed,
            applied=meant.applied or meant.field == "verdict",
        )
        for meant in found.meant
    ] + [
        UnderstoodAnswer(
            words=said.words,
            field=said.field,
            value=_written(said.range),
            negated=False,
            filter="",
            applied=True,
        )
        for said in found.ranges
    ]


def _written(between: Between) -> str:
    """A range as text.

    >>> _written(Between(7e9, 13e9)), _written(Between(8000, float("inf")))
    ('7000000000..13000000000', '8000..')
    """
    return f"{between.low:.0f}.." + ("" if np.isinf(between.high) else f"{between.high:.0f}")
