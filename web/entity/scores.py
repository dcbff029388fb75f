"""Benchmark scores: of one model or family as one table, on one benchmark as rankings.

Scores rank beside each other only where setting, metric and unit are the same; where setting or
metric is not stated, only those of one published table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from kg.answers.boards.benchmarks import comparable, is_lowest_first, scores_of_models
from kg.answers.contract import ClaimAnswer, Ref, Shown
from kg.answers.show import Labels, claim_answer, show_value
from kg.language.writing import language_of
from kg.model.claim import Entity, Fact
from kg.model.vocabulary import KG
from web.app.context import lang, snapshot
from web.app.graph import ids
from web.app.i18n import gettext, mark
from web.entity._score_rows import badge, score_cells, score_row
from web.ui.facts import FactTable, Shape, shape
from web.ui.features import Feature
from web.ui.format import score
from web.ui.sections import Context, Draft, Section, Subject

MOST = 500  # scores on one page

# Kind of the page -> property by which an evaluation points at it.
POINTERS: Mapping[str, str] = {
    "model": "evaluatedModel",
    "family": "evaluatedModel",
    "benchmark": "onBenchmark",
}
_QUERY = """SELECT ?evaluation ?model ?benchmark ?setting ?metric ?score ?unit WHERE {{
  ?evaluation kg:{pointer} <{node}> ;
    kg:evaluatedModel ?model ; kg:onBenchmark ?benchmark .
  OPTIONAL {{ ?evaluation kg:setting ?setting }}
  OPTIONAL {{ ?evaluation kg:metric ?metric }}
  OPTIONAL {{ ?evaluation kg:score ?score ; kg:scoreUnit ?unit }}
}}
"""


# What the tables show of a score beside it.
_SHOWN = ("evaluatedModel", "onBenchmark", "setting", "metric", "publishedTable")


class Mark(NamedTuple):
    """A property of a score on which sources disagree."""

    property: str
    label: str
    corrected: bool  # a person has preferred one claim


class Other(NamedTuple):
    """A score that is claimed and does not hold."""

    text: Shape
    rejected: bool
    reason: str
    source: int


class BenchmarkScore(msgspec.Struct, frozen=True, kw_only=True):
    """One score."""

    id: str  # of the evaluation
    fields: Mapping[str, Shape]  # of _SHOWN -> value to print; what is not stated is absent
    plain: Mapping[str, str]  # property -> the value itself
    value: float | None
    text: Shape  # the score with its unit
    notes: tuple[str, ...]
    places: tuple[tuple[int, str], ...]  # source number and place in it
    marks: tuple[Mark, ...]
    others: tuple[Other, ...]  # what other claims say of the score itself


class Ranking(NamedTuple):
    """Scores that can be compared, best first; rank 0 = not reported."""

    caption: tuple[Shape, ...]
    marks: tuple[Mark, ...]  # of every row; the rows have only what else there is
    rows: list[tuple[int, BenchmarkScore]]


class Scores(NamedTuple):
    """The scores of a page; one of both lists is empty."""

    total: int
    table: list[BenchmarkScore]
    rankings: list[Ranking]
    more: str  # a query for all, if there are more
    of_several: bool = False  # the table is of several models


def scores(subject: Subject, page: FactTable) -> Scores:
    """The scores of a model or family, or on a benchmark.

    Args:
        subject: an entity of one of the kinds in POINTERS.
        page: its facts, where the sources of the scores are cited.
    """
    pointer, node = POINTERS[subject.kind.name], subject.iri
    if subject.kind.name == "family":
        found = _of_members(subject)
    else:
        found = ids(f"SELECT ?s {{ ?s <{KG}{pointer}> <{node}> }} ORDER BY ?s LIMIT {MOST + 1}")
    labels = Labels(subject.snapshot, subject.lang)
    known = subject.snapshot.those(found[:MOST])
    rows = [_score(one, labels, page) for one in known]
    reached = f"{pointer}/kg:inFamily*" if subject.kind.name == "family" else pointer
    more = _QUERY.format(pointer=reached, node=node) if len(found) > MOST else ""
    if subject.kind.name == "benchmark":
        return Scores(len(rows), [], rankings(rows), more)
    return Scores(
        len(rows), sorted(rows, key=_place), [], more, len({_model(row) for row in rows}) > 1
    )


def _of_members(subject: Subject) -> list[str]:
    """The evaluations of a family and of the models that stand in it."""
    held, known = subject.snapshot, scores_of_models(subject.snapshot)
    members = sorted(map(held.id_at, held.families.members(subject.number)))
    models = dict.fromkeys((subject.id, *members))
    return [id for model in models for id in known.get(model, ())][: MOST + 1]


def _score(evaluation: Entity, labels: Labels, page: FactTable) -> BenchmarkScore:
    """A score as it is shown: of all facts their values, of what sources say only what they say of the score."""
    facts = (*evaluation.facts, *evaluation.inferred)
    properties = snapshot().vocabulary.properties
    stated = {
        f.property: show_value(f.values[0], properties[f.property].type == "entity", labels)
        for f in facts
        if len(f.values) == 1 and f.values[0] is not None
    }
    value = stated.get("score")
    claims = [
        claim_answer(said, False, labels)
        for f in facts
        if f.property == "score"
        for said in f.claims
    ]
    said = [c for c in claims if c.value == value and c.rank != "rejected"]
    number = float(value) if isinstance(value, int | float) else None
    return BenchmarkScore(
        id=evaluation.id,
        fields={name: shape(stated[name], properties[name]) for name in _SHOWN if name in stated},
        plain={name: v.id if isinstance(v, Ref) else str(v) for name, v in stated.items()},
        value=number,
        text=_text(number, str(stated.get("scoreUnit", "")), str(stated.get("metric", ""))),
        notes=tuple(dict.fromkeys(c.note for c in said if c.note)),
        places=tuple(dict.fromkeys((page.cite(c), c.locator) for c in said)),
        marks=tuple(_mark_of(f) for f in facts if f.disputed),
        others=tuple(_others(claims, stated, page)),
    )


def _others(
    claims: Iterable[ClaimAnswer], stated: Mapping[str, Shown], page: FactTable
) -> Iterator[Other]:
    """The scores that other claims give, each beside who gives it."""
    unit, metric = str(stated.get("scoreUnit", "")), str(stated.get("metric", ""))
    for claim in claims:
        if claim.value != stated.get("score") and isinstance(claim.value, int | float):
            text = _text(float(claim.value), unit, metric)
            yield Other(text, claim.rank == "rejected", claim.reason or "", page.cite(claim))


def _mark_of(fact: Fact) -> Mark:
    """That sources disagree on a property of a score."""
    known = snapshot().vocabulary.properties[fact.property]
    corrected = any(said.rank != "normal" for said in fact.claims)
    return Mark(fact.property, known.term.labels[lang()], corrected)


def _text(value: float | None, unit: str, metric: str) -> Shape:
    shown = "" if unit in (metric, "fraction") else unit  # of F1 the metric says it already
    text = gettext("not reported") if value is None else score(value, shown)
    return Shape(text, lang=language_of(text))


def _place(row: BenchmarkScore) -> tuple[object, ...]:
    """Where a score stands on the page of its model."""
    names = [
        _natural(row.fields[p].text.casefold()) if p in row.fields else []
        for p in ("onBenchmark", "setting", "metric", "evaluatedModel")
    ]
    return (*names, row.value is None, row.id)


def rankings(rows: Iterable[BenchmarkScore]) -> list[Ranking]:
    """Scores as rankings of those that can be compared, the largest first."""
    groups: dict[tuple[str, ...], list[BenchmarkScore]] = {}
    for row in rows:
        groups.setdefault(_comparable(row), []).append(row)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), *map(_natural, item[0])))
    return [_ranking(group) for _, group in ordered]


def _ranking(group: list[BenchmarkScore]) -> Ranking:
    alike = set(group[0].marks).intersection(*(row.marks for row in group)) if group[1:] else set()
    rows = [
        msgspec.structs.replace(row, marks=tuple(m for m in row.marks if m not in alike))
        for row in group
    ]
    shared = tuple(m for m in group[0].marks if m in alike)
    return Ranking(_caption(group[0]), shared, _ranked(rows))


def _comparable(row: BenchmarkScore) -> tuple[str, ...]:
    """What scores must share to stand in one ranking."""
    names = ("setting", "metric", "scoreUnit", "publishedTable")
    return comparable("", *(row.plain.get(name, "") for name in names))


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts numbers in a text by size.

    >>> sorted(["10-shot", "5-shot", "zero"], key=_natural)
    ['5-shot', '10-shot', 'zero']
    """
    return [
        (int(digits or 10**9), word) for digits, word in re.findall(r"([0-9]{1,9})|(\D+)", text)
    ]


def _caption(row: BenchmarkScore) -> tuple[Shape, ...]:
    stated = row.fields.keys() >= {"setting", "metric"}
    table = None if stated else row.fields.get("publishedTable")
    parts = (
        row.fields.get("setting") or Shape(gettext("setting not stated")),
        row.fields.get("metric") or Shape(gettext("metric not stated")),
        table,
    )
    return tuple(filter(None, parts))


def _ranked(group: list[BenchmarkScore]) -> list[tuple[int, BenchmarkScore]]:
    """Best first with its rank, equal scores with the same one; not reported last."""
    first = group[0].plain
    lowest = is_lowest_first(first.get("scoreUnit", ""), first.get("metric", ""))
    worth = {
        row.id: (-row.value if lowest else row.value) for row in group if row.value is not None
    }
    ordered = sorted(group, key=lambda r: (r.id not in worth, -worth.get(r.id, 0), _model(r)))
    return [(_rank(row, ordered, worth), row) for row in ordered]


def _rank(row: BenchmarkScore, group: list[BenchmarkScore], worth: Mapping[str, float]) -> int:
    """One more than the models that did better; 0 if the score is not reported."""
    if row.id not in worth:
        return 0
    return 1 + len({_model(o) for o in group if o.id in worth and worth[o.id] > worth[row.id]})


def _model(row: BenchmarkScore) -> str:
    return row.plain.get("evaluatedModel", "")


# ---- sections of the pages of entities ----


def scores_of(draft: Draft) -> Scores:
    """The scores of the page that is being built; to be shared by its sections."""
    return scores(draft.subject, draft.table)


def _build_scores(draft: Draft) -> Context | None:
    found = draft.share(scores_of)
    if not found.total:
        return None
    return {"scores": found, "score_cells": score_cells, "score_row": score_row, "badge": badge}


def _build_unscored(draft: Draft) -> Context | None:
    return None if draft.share(scores_of).total else {}


FEATURE = Feature(
    sections=(
        Section(  # what people come to a benchmark for
            name="ranking",
            place="above",
            template="entity/_ranking.html",
            kinds=("benchmark",),
            build=_build_scores,
            anchor="scores",
            heading=mark("Ranking"),
            long=True,
        ),
        Section(
            name="scores",
            place="below",
            template="entity/_scores.html",
            kinds=("model", "family"),
            build=_build_scores,
            anchor="scores",
            heading=mark("Benchmark scores"),
            long=True,
        ),
        Section(
            name="unscored",
            place="below",
            template="entity/_unscored.html",
            kinds=("benchmark",),
            build=_build_unscored,
        ),
    ),
)
