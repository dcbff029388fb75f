"""Sizes over time, as a build gathers them."""

from __future__ import annotations

import pytest

import kg.snapshot.trends
from kg.model.claim import Entity, Fact
from kg.model.dating import known_date
from kg.model.vocabulary import CONTEXT_LENGTH, DESCENDANT_COUNT, PARAMETER_COUNT, RELEASE_DATE
from kg.snapshot.snapshot import Snapshot
from kg.snapshot.trends import POINTS, Trends


def model(id: str, size: object, date: str = "2023-05-01", below: int = 0) -> Entity:
    facts = (Fact(PARAMETER_COUNT, (size,), ()), Fact(RELEASE_DATE, (date,), ()))  # type: ignore[arg-type]
    return Entity(id, {}, facts, inferred=(Fact(DESCENDANT_COUNT, (below,), ()),))


def test_only_what_has_a_date_and_a_number_counts() -> None:
    trends = Trends()
    for entity in (
        model("model/a", 7),
        model("model/b", 0),
        model("model/c", "many"),
        model("model/d", 7, ""),
        model("model/e", True),
        model("family/f", 7),
    ):
        trends.add(entity)
    found = trends.found()
    assert [p.id for p in found[PARAMETER_COUNT].points] == ["model/a"]
    assert found[CONTEXT_LENGTH].total == 0


def test_past_the_limit_the_least_important_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kg.snapshot.trends, "POINTS", 2)
    trends = Trends()
    for i in range(5):
        trends.add(model(f"model/{i}", 1024, below=i % 4))
    found = trends.found()[PARAMETER_COUNT]
    assert [p.id for p in found.points] == ["model/2", "model/3"] and found.total == 5
    assert [(c.year, c.quarter, c.halves, c.count) for c in found.crowds] == [(2023, 2, 20, 3)]


def descendants(entity: Entity) -> int:
    known = (fact.values[0] for fact in entity.inferred if fact.property == DESCENDANT_COUNT)
    return int(str(next(known, None) or 0))


def test_a_snapshot_holds_what_its_entities_say(snapshot: Snapshot) -> None:
    trend = snapshot.trends[PARAMETER_COUNT]
    told = [
        e
        for e in map(snapshot.inheritance.widened, snapshot.entities("model"))
        if next(iter(e.values(PARAMETER_COUNT)), None) and known_date(e)
    ]
    assert trend.total == len(told) == len(trend.points) + sum(c.count for c in trend.crowds)
    assert len(trend.points) == min(len(told), POINTS)
    by_id = {e.id: e for e in told}
    for point in trend.points:
        assert point.value == by_id[point.id].values(PARAMETER_COUNT)[0]
        assert point.date == known_date(by_id[point.id])
    least = min(point.descendants for point in trend.points)
    left_out = by_id.keys() - {point.id for point in trend.points}
    assert all(descendants(by_id[id]) <= least for id in left_out)
