"""Disputed facts are noted in parts, and come back with the standings they were ranked by."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.claims.resolve import Standing
from kg.errors import SnapshotError
from kg.model.claim import Entity, Fact
from kg.model.vocabulary import DESCENDANT_COUNT
from kg.snapshot.disputes import DisputeCount, DisputedFacts

STANDINGS = {"source/a": Standing(level=2, date="2024", bulk=True)}


def entity(*disputed: str, reach: int = 0) -> Entity:
    facts = tuple(Fact(name, (1,), (), disputed=True) for name in disputed)
    inferred = (Fact(DESCENDANT_COUNT, (reach,), ()),) if reach else ()
    return Entity("model/a", {}, (*facts, Fact("url", ("https://a/",), ())), inferred=inferred)


def test_parts_are_joined_in_order(tmp_path: Path) -> None:
    first, second, whole = DisputeCount(), DisputeCount(), DisputeCount()
    first.add(0, entity("license", "likes", reach=7))
    first.add(1, entity())
    second.add(3, entity("license"))
    whole.merge(0, first.part())
    whole.merge(10, second.part())
    whole.save(tmp_path, STANDINGS)
    found = DisputedFacts(tmp_path)
    rows = zip(found.nodes, found.properties, found.reach, strict=True)
    assert [(int(n), found.names[p], int(r)) for n, p, r in rows] == [
        (0, "license", 7),
        (0, "likes", 7),
        (13, "license", 0),
    ]
    assert found.rows_of("license").tolist() == [0, 2]
    assert found.rows_of("url").tolist() == []
    assert found.standings == STANDINGS


def test_a_release_without_disputes_has_none(tmp_path: Path) -> None:
    DisputeCount().save(tmp_path, {})
    assert (len(DisputedFacts(tmp_path)), DisputedFacts(tmp_path).standings) == (0, {})


def test_an_older_snapshot_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="gyebo build"):
        DisputedFacts(tmp_path)
