"""Scores of models on benchmarks, with what makes two of them comparable, as a table of models by settings.

Scores stand in one column only where benchmark, setting, metric and unit are the same; where setting or
metric is not stated, only within one published table.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from kg.answers.contract import Ref
from kg.model.claim import Entity, Fact
from kg.model.vocabulary import DEVELOPER, IN_FAMILY, LANGUAGE, PUBLICATION_DATE, RETRIEVED
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

_LOWEST_FIRST = frozenset({"rank", "place", "position", "step", "perplexity"})  # units and metrics
_TEXTS = ("evaluatedModel", "onBenchmark", "setting", "metric", "scoreUnit", "publishedTable")


class ScoreRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One score as it stands in the release."""

    id: str  # of the evaluation
    model: str  # id of a model or family
    benchmark: str
    setting: str  # "" = not stated, and so the others
    metric: str
    unit: str
    table: str
    value: float
    source: str  # id of the source that says so
    place: str  # in that source
    published: str  # when the source appeared, ISO; "" = not known
    retrieved: str  # when it was read
    disputed: bool


class ScoreAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One score with its source."""

    id: str
    value: float
    source: Ref
    place: str
    published: str | None  # when the source appeared, ISO; null = not known
    retrieved: str | None  # when it was read
    disputed: bool  # sources give different values
    standing: float | None  # 0 the lowest to 1 the best of its column; null where it is alone


class HeatColumn(msgspec.Struct, frozen=True, kw_only=True):
    """Scores that can be compared with each other."""

    benchmark: Ref
    setting: str | None  # null = not stated, and so the others
    metric: str | None
    unit: str | None
    table: str | None  # where setting or metric is not stated: the only table it holds for
    lowest_first: bool
    models: int


class HeatRow(msgspec.Struct, frozen=True, kw_only=True):
    """A model with its scores in each column; none where it has none."""

    model: Ref
    scores: list[list[ScoreAnswer]]


class BenchmarksAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Models by settings of benchmarks."""

    columns: list[HeatColumn]
    rows: list[HeatRow]
    left_out: int  # columns beyond those that are shown


class BenchmarksRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which scores are asked for."""

    benchmarks: tuple[str, ...] = ()  # ids; all by default
    families: tuple[str, ...] = ()  # ids: the models that stand in them
    orgs: tuple[str, ...] = ()  # ids: the models that they developed
    language: str = ""  # id: the benchmarks in it


def comparable(benchmark: str, setting: str, metric: str, unit: str, table: str) -> tuple[str, ...]:
    """What two scores must share to be compared; “0-shot, CoT” and “0-shot CoT” are one setting.

    >>> comparable("b", "0-shot, CoT", "F1", "", "Table 2") == comparable("b", "0-shot CoT", "f1", "", "")
    True
    >>> comparable("b", "", "F1", "", "Table 2") == comparable("b", "", "F1", "", "Table 3")
    False
    """
    said = [
        " ".join(re.findall(r"[\w@*]+", text.casefold())) for text in (setting, metric, unit, table)
    ]
    return benchmark, *said[:3], "" if said[0] and said[1] else said[3]


def is_lowest_first(unit: str, metric: str) -> bool:
    """Whether the lowest score is the best."""
    return not _LOWEST_FIRST.isdisjoint({unit, metric})


@memo(most=1)
def read_scores(snapshot: Snapshot) -> Sequence[ScoreRecord]:
    """All scores that have a value, by id."""
    dates: dict[str, tuple[str, str]] = {}
    found = (_score(snapshot, entity, dates) for entity in snapshot.entities("evaluation"))
    return [score for score in found if score]


def _score(
    snapshot: Snapshot, entity: Entity, dates: dict[str, tuple[str, str]]
) -> ScoreRecord | None:
    facts = {fact.property: fact for fact in entity.facts}
    score = facts.get("score")
    value = score.values[0] if score and score.values else None
    if score is None or isinstance(value, bool) or not isinstance(value, int | float):
        return None
    model, benchmark, setting, metric, unit, table = (_text(facts.get(name)) for name in _TEXTS)
    said = next(c for c in score.claims if c.value == value and c.rank != "rejected")
    if said.source not in dates:
        dates[said.source] = _dates(snapshot, said.source)
    published, retrieved = dates[said.source]
    return ScoreRecord(
        id=entity.id,
        model=model,
        benchmark=benchmark,
        setting=setting,
        metric=metric,
        unit=unit,
        table=table,
        value=float(value),
        source=said.source,
        place=said.locator,
        published=published,
        retrieved=said.retrieved or retrieved,
        disputed=score.disputed,
    )


def _text(fact: Fact | None) -> str:
    return str(fact.values[0]) if fact and fact.values and fact.values[0] is not None else ""


def _dates(snapshot: Snapshot, source: str) -> tuple[str, str]:
    """When a source appeared, and when it was read."""
    for entity in snapshot.those([source]):
        stated = (entity.values(PUBLICATION_DATE), entity.values(RETRIEVED))
        published, retrieved = (str(next(iter(values), "") or "") for values in stated)
        return published, retrieved
    return "", ""


@memo(most=1)
def scores_of_models(snapshot: Snapshot) -> Mapping[str, Sequence[str]]:
    """The ids of the evaluations of each model or family, also of those that report no value."""
    found: dict[str, list[str]] = defaultdict(list)
    for entity in snapshot.entities("evaluation"):
        for model in entity.values("evaluatedModel"):
            found[str(model)].append(entity.id)
    return found


class _Column(NamedTuple):
    """A column with its scores by model."""

    scores: Mapping[str, list[ScoreRecord]]

    @property
    def first(self) -> ScoreRecord:
        """One of them, which says what the others share."""
        return next(iter(self.scores.values()))[0]


def answer_benchmarks(
    snapshot: Snapshot, asked: BenchmarksRequest, most: int, lang: str = "en"
) -> BenchmarksAnswer:
    """The scores that are asked for as a table.

    Args:
        snapshot: an open snapshot.
        asked: the conditions.
        most: columns; those with most models.
        lang: language of labels.
    """
    groups: dict[tuple[str, ...], dict[str, list[ScoreRecord]]] = {}
    for score in _chosen(snapshot, asked):
        key = comparable(score.benchmark, score.setting, score.metric, score.unit, score.table)
        groups.setdefault(key, defaultdict(list))[score.model].append(score)
    ranked = sorted(groups, key=lambda key: (-len(groups[key]), key))
    shown = ranked[:most]
    by_benchmark = {key[0]: place for place, key in reversed([*enumerate(shown)])}
    shown.sort(key=lambda key: (by_benchmark[key[0]], ranked.index(key)))
    columns = [_Column(groups[key]) for key in shown]
    return BenchmarksAnswer(
        columns=[_head(snapshot, column, lang) for column in columns],
        rows=_rows(snapshot, columns, lang),
        left_out=len(ranked) - len(shown),
    )


def _chosen(snapshot: Snapshot, asked: BenchmarksRequest) -> Iterable[ScoreRecord]:
    found: Iterable[ScoreRecord] = read_scores(snapshot)
    if asked.benchmarks:
        found = [one for one in found if one.benchmark in asked.benchmarks]
    if asked.language:
        spoken = _in_language(snapshot, asked.language)
        found = [one for one in found if one.benchmark in spoken]
    if asked.families or asked.orgs:
        kept = _members(snapshot, asked)
        found = [one for one in found if one.model in kept]
    return found


def _in_language(snapshot: Snapshot, language: str) -> set[str]:
    return {e.id for e in snapshot.entities("benchmark") if language in e.values(LANGUAGE)}


def _members(snapshot: Snapshot, asked: BenchmarksRequest) -> set[str]:
    """The models of which there are scores that stand in a family, or that a maker developed."""
    kept = {*asked.families}
    within = {
        snapshot.id_at(node)
        for family in asked.families
        if (number := snapshot.lines.find(family)) is not None
        for node in snapshot.families.members(number)
    }
    for model in {score.model for score in read_scores(snapshot)}:
        for entity in snapshot.those([model]):
            makers = snapshot.inheritance.widened(entity).values(DEVELOPER)
            families = entity.values(IN_FAMILY)
            if model in within or not {*asked.families}.isdisjoint(families):
                kept.add(model)
            if not {*asked.orgs}.isdisjoint(makers):
                kept.add(model)
    return kept


def _head(snapshot: Snapshot, column: _Column, lang: str) -> HeatColumn:
    first = column.first
    stated = bool(first.setting and first.metric)
    return HeatColumn(
        benchmark=Ref(first.benchmark, snapshot.label(first.benchmark, lang)),
        setting=first.setting or None,
        metric=first.metric or None,
        unit=first.unit or None,
        table=None if stated else first.table or None,
        lowest_first=is_lowest_first(first.unit, first.metric),
        models=len(column.scores),
    )


def _rows(snapshot: Snapshot, columns: Sequence[_Column], lang: str) -> list[HeatRow]:
    models = {model for column in columns for model in column.scores}
    filled = {model: sum(model in column.scores for column in columns) for model in models}
    order = sorted(models, key=lambda m: (-filled[m], snapshot.label(m, lang).casefold(), m))
    standings = [_standings(column) for column in columns]
    return [
        HeatRow(
            model=Ref(model, snapshot.label(model, lang)),
            scores=[
                [_answer(snapshot, one, standing, lang) for one in column.scores.get(model, ())]
                for column, standing in zip(columns, standings, strict=True)
            ],
        )
        for model in order
    ]


def _standings(column: _Column) -> Mapping[float, float]:
    """How each value stands among those of its column."""
    values = sorted({one.value for several in column.scores.values() for one in several})
    if is_lowest_first(column.first.unit, column.first.metric):
        values.reverse()
    if len(values) < 2 or len(column.scores) < 2:
        return {}
    return {value: place / (len(values) - 1) for place, value in enumerate(values)}


def _answer(
    snapshot: Snapshot, score: ScoreRecord, standing: Mapping[float, float], lang: str
) -> ScoreAnswer:
    return ScoreAnswer(
        id=score.id,
        value=score.value,
        source=Ref(score.source, snapshot.label(score.source, lang)),
        place=score.place,
        published=score.published or None,
        retrieved=score.retrieved or None,
        disputed=score.disputed,
        standing=standing.get(score.value),
    )
