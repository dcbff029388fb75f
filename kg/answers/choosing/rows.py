"""The answer of a choice: models as rows, with what each column says of them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from kg.answers.choosing.conditions import ModelColumns
from kg.answers.contract import MissingAnswer, Ref, UnderstoodAnswer
from kg.columns.table import GROUPS, NUMBERS, Group, Number
from kg.licenses.profile import Profile
from kg.licenses.terms import Use, Verdict
from kg.licenses.verdicts import verdict_of
from kg.snapshot.snapshot import Snapshot


class BestScoreAnswer(msgspec.Struct, frozen=True):
    """The best score of a model on a benchmark."""

    benchmark: Ref
    percent: float  # of the greatest possible
    measured: str  # metric and setting, "" if the source states none


class ModelRowAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A model as a row; null = not known."""

    id: str
    label: str
    makers: list[Ref]
    released: str | None  # ISO, as precise as it is known
    parameters: int | None
    active_parameters: int | None  # used for one token, of a mixture of experts
    context: int | None  # tokens
    languages: list[Ref]
    access: str | None
    licenses: list[Ref]  # as stated
    verdict: Verdict | None  # on the use, for the profile; by all terms in force
    score: BestScoreAnswer | None
    descendants: int | None
    downloads: int | None  # in 30 days
    from_family: list[str]  # columns whose value is said of its family


class MissedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A model that misses one condition of a choice."""

    id: str
    label: str
    field: str  # the column, or `words` for what words mean
    asked: str  # the value or words it misses, "" for a range
    row: ModelRowAnswer


class ModelsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The models that were chosen, in order; `total` is the number of all of them."""

    total: int
    use: Use
    profile: Profile
    rows: list[ModelRowAnswer]
    nearly: list[MissedAnswer]  # models that miss one condition, where few keep all
    understood: list[UnderstoodAnswer]
    left_out: list[str]
    suggestion: str | None
    notes: list[str]
    missing: MissingAnswer | None
    hidden: int  # copies that stand behind their originals, not listed


class RowMaker:
    """Makes rows in one language.

    Args:
        snapshot: an open snapshot.
        columns: what is known of its models.
        lang: language of labels.
    """

    def __init__(self, snapshot: Snapshot, columns: ModelColumns, lang: str) -> None:
        self._snapshot, self._columns, self._lang = snapshot, columns, lang
        self._table = columns.table
        self._refs: dict[tuple[str, ...], list[Ref]] = {}

    def row(self, row: int) -> ModelRowAnswer:
        """One model."""
        table = self._table
        numbers = {name: self._number(name, row) for name in NUMBERS}
        access = table.values("access", row)
        return ModelRowAnswer(
            id=self._snapshot.id_at(table.first + row),
            label=table.label(row, self._lang),
            makers=self._named("org", row),
            released=iso_day(int(table.released[row])),
            parameters=numbers["params"],
            active_parameters=numbers["active"],
            context=numbers["context"],
            languages=self._named("lang", row),
            access=access[0] if access else None,
            licenses=self._named("license", row),
            verdict=verdict_of(int(self._columns.verdicts[row])),
            score=self._score(row),
            descendants=numbers["descendants"],
            downloads=numbers["downloads"],
            from_family=[
                name for name in ("released", *NUMBERS, *GROUPS) if table.is_inherited(name, row)
            ],
        )

    def rows(self, rows: Sequence[int]) -> list[ModelRowAnswer]:
        """Several models."""
        return [self.row(row) for row in rows]

    def _number(self, name: Number, row: int) -> int | None:
        value = self._table.numbers(name)[row]
        return None if np.isnan(value) else int(value)

    def _named(self, name: Group, row: int) -> list[Ref]:
        ids = self._table.values(name, row)
        if ids not in self._refs:
            self._refs[ids] = [Ref(id, self._snapshot.label(id, self._lang)) for id in ids]
        return self._refs[ids]

    def _score(self, row: int) -> BestScoreAnswer | None:
        place = int(self._columns.scores.place[row])
        if place < 0:
            return None
        score = self._table.scores[place]
        label = self._snapshot.label(score.benchmark, self._lang)
        return BestScoreAnswer(Ref(score.benchmark, label), score.percent, score.measured)


def iso_day(day: int) -> str | None:
    """A date as it stands in the column, as ISO writes it.

    >>> iso_day(20240723), iso_day(20240700), iso_day(20240000), iso_day(0)
    ('2024-07-23', '2024-07', '2024', None)
    """
    if not day:
        return None
    year, month, date = day // 10_000, day // 100 % 100, day % 100
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{date:02}" if date else "")
