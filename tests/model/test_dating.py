"""What stands in for a release date is never set against one."""

from __future__ import annotations

import pytest

from kg.model.claim import Entity, Fact
from kg.model.dating import known_date
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

FAMILY = """
family/oak:
  label: {en: Oak}
  claims:
    releaseDate: [{value: 2024-05, from: gyebo}]
model/oak-1:
  label: {en: Oak 1}
  claims:
    inFamily: [{value: family/oak, from: gyebo}]
    repositoryCreated: [{value: 2024-06-02, from: gyebo}, {value: 2024-07-01, from: gyebo}]
model/oak-2:
  label: {en: Oak 2}
  claims:
    inFamily: [{value: family/oak, from: gyebo}]
    releaseDate: [{value: 2024-08-09, from: gyebo}]
    repositoryCreated: [{value: 2024-08-01, from: gyebo}]
"""


@pytest.mark.parametrize(
    ("facts", "date"),
    [
        ({"releaseDate": ("2025-01-20",), "repositoryCreated": ("2025-01-18",)}, "2025-01-20"),
        ({"releaseDate": (), "repositoryCreated": ("2025-02-01", "2025-01-18")}, "2025-01-18"),
        ({"revisionDate": ("2025-02-01",), "repositoryCreated": ("2025-03",)}, "2025-03"),
        ({"revisionDate": ("2025-02-01",)}, "2025-02-01"),
        ({}, ""),
    ],
)
def test_what_dates_a_thing(facts: dict[str, tuple[str, ...]], date: str) -> None:
    entity = Entity("model/a", {}, tuple(Fact(name, v, ()) for name, v in facts.items()))
    assert known_date(entity) == date


def test_a_repository_is_no_rival_and_comes_before_the_family(corner: Corner) -> None:
    corner.write(FAMILY)
    snapshot = corner.build()
    first, second = (snapshot.entity(f"model/oak-{n}") for n in (1, 2))
    assert not any(fact.disputed for fact in (*first.facts, *second.facts))
    assert snapshot.inheritance.of(first) == ()
    days = [int(snapshot.lineage.dates[snapshot.lines.find(e.id) or 0]) for e in (first, second)]
    assert days == [20240602, 20240809]


def test_deepseek_r1_is_dated_by_its_release(snapshot: Snapshot) -> None:
    fact = snapshot.entity("model/deepseek-r1").fact("releaseDate")
    assert fact and fact.values == ("2025-01-20",)
