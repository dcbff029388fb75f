"""The conditions of a choice, each as the rows that keep it, so that a row which misses one alone can be told why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.answers.choosing._words import FoundByWords, VerdictTest, find_by_words
from kg.answers.choosing.request import Between, Filter, ModelsRequest, Ranged
from kg.columns.judging import judge_models
from kg.columns.table import Group, Mask, ModelTable, read_table
from kg.language.tokens import key
from kg.licenses.rules import SEVERITY
from kg.licenses.verdicts import Verdicts
from kg.model.claim import slug_of
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

KOREAN = "language/korean"
_KIND_OF: dict[Group, str] = {
    "org": "org",
    "license": "license",
    "lang": "language",
    "publisher": "org",
}


class Condition(NamedTuple):
    """One condition, and the rows that keep it."""

    field: Ranged | Filter | Literal["words", "meant"]
    text: str  # the value or words that ask for it, "" for all words
    kept: Mask


class BestScores(NamedTuple):
    """The best score of each model on some benchmarks."""

    percent: NDArray[np.float64]  # not a number = none
    place: NDArray[np.int32]  # in `ModelTable.scores`


class ModelColumns(NamedTuple):
    """The columns of a snapshot with those that depend on what is asked."""

    table: ModelTable
    verdicts: Verdicts
    scores: BestScores

    def ranged(self, field: Ranged) -> NDArray[np.float64]:
        """A column of numbers; what is not known is not a number."""
        if field == "score":
            return self.scores.percent
        if field == "released":
            days = self.table.earliest()
            return np.where(days > 0, days, np.nan)
        return self.table.numbers(field)


def read_columns(snapshot: Snapshot, asked: ModelsRequest) -> ModelColumns:
    """The columns for what is asked."""
    verdicts = judge_models(snapshot, asked.use, asked.profile)
    return ModelColumns(read_table(snapshot), verdicts, best_scores(snapshot, asked.benchmark))


@memo(most=16)
def best_scores(snapshot: Snapshot, benchmark: str = "") -> BestScores:
    """The best score of each model.

    Args:
        snapshot: an open snapshot.
        benchmark: on this one; "" = on any in Korean.
    """
    table = read_table(snapshot)
    wanted = {benchmark} if benchmark else set(table.in_language(KOREAN))
    percent = np.full(len(table), np.nan)
    place = np.full(len(table), -1, np.int32)
    for number, score in enumerate(table.scores):
        if score.benchmark in wanted and not percent[score.row] >= score.percent:
            percent[score.row], place[score.row] = score.percent, number
    return BestScores(percent, place)


def conditions(
    snapshot: Snapshot, asked: ModelsRequest, columns: ModelColumns, found: FoundByWords | None
) -> list[Condition]:
    """The conditions of a choice.

    Args:
        snapshot: an open snapshot.
        asked: the choice.
        columns: for it.
        found: what its words find; None without words.
    """
    all_of = [*_chosen(snapshot, asked, columns), *_ranged(asked, columns)]
    if found:
        all_of += [_tested(test, columns) for test in found.tests]
        all_of += [_within(said.field, said.words, said.range, columns) for said in found.ranges]
        all_of.append(Condition("words", "", _mask(columns.table, found.rows)))
    return all_of


def _mask(table: ModelTable, rows: NDArray[np.int32]) -> Mask:
    kept = np.zeros(len(table), bool)
    kept[rows] = True
    return kept


def _chosen(snapshot: Snapshot, asked: ModelsRequest, columns: ModelColumns) -> Iterator[Condition]:
    for field, values in asked.chosen.items():
        text = ", ".join(values)
        if field == "verdict":
            yield Condition(field, text, _judged(frozenset(values), columns.verdicts))
        else:
            wanted = frozenset(name_value(snapshot, field, value) for value in values)
            yield Condition(field, text, columns.table.having(field, partial(_meet, wanted)))


def _meet(wanted: frozenset[str], held: Iterable[str]) -> bool:
    return not wanted.isdisjoint(held)


def _ranged(asked: ModelsRequest, columns: ModelColumns) -> Iterator[Condition]:
    for field, between in asked.ranges.items():
        yield _within(field, "", between, columns)


def _within(field: Ranged, words: str, between: Between, columns: ModelColumns) -> Condition:
    column = columns.ranged(field)
    return Condition(field, words, (column >= between.low) & (column <= between.high))


def _tested(test: VerdictTest, columns: ModelColumns) -> Condition:
    kept = _judged(test.verdicts, columns.verdicts)
    return Condition("verdict", test.words, kept != test.negated)


def _judged(wanted: frozenset[str], verdicts: Verdicts) -> Mask:
    codes = [code for code, verdict in enumerate(SEVERITY, 1) if verdict in wanted]
    return np.isin(verdicts, codes)


def without_meant(
    snapshot: Snapshot, asked: ModelsRequest, found: FoundByWords, lang: str
) -> Iterator[Condition]:
    """For each filter that words mean, what the others find: only rows outside it are of interest.

    The conditions are reversed: they are kept by what the words would find without the filter.
    """
    table = read_table(snapshot)
    for meant in found.meant:
        if meant.applied and meant.field != "verdict":
            wider = find_by_words(
                snapshot, asked.text, asked.as_words, asked.copies, meant.words, lang
            )
            yield Condition("meant", meant.words, _mask(table, wider.rows))


@memo()
def name_value(snapshot: Snapshot, field: Group, typed: str) -> str:
    """The value of a column that goes by a name: meta is org/meta, korean is language/korean.

    What is no such value is left as it was typed; no row has it.
    """
    held = {value for values in read_table(snapshot).groups(field) for value in values}
    if field == "access":
        return next((code for code in held if key(code) == key(typed)), typed)
    id = snapshot.redirects.get(typed, typed)
    full = id if "/" in id and id in held else f"{_KIND_OF[field]}/{id}"
    if full in held:
        return full
    wanted = key(typed)
    return next((one for one in _by_names(snapshot, field).get(wanted, ())), typed)


@memo(most=4)
def _by_names(snapshot: Snapshot, field: Group) -> dict[str, Sequence[str]]:
    """The values of a column by each of their names."""
    named: dict[str, list[str]] = {}
    held = {value for values in read_table(snapshot).groups(field) for value in values}
    for id in sorted(held):
        number = snapshot.lines.find(id)
        labels = snapshot.named(number).labels if number is not None else {}
        for name in (slug_of(id), *(n for group in labels.values() for n in group)):
            named.setdefault(key(name), []).append(id)
    return {name: tuple(ids) for name, ids in named.items()}
