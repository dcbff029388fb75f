"""Why one value holds and not another, and what would follow: on data in which each rule decides once."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from kg.answers.disputes.answer import DisputeAnswer, SideAnswer, find_dispute
from kg.answers.disputes.listing import DisputesRequest, list_disputes
from kg.errors import InputError, UnknownId
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner
from tests.watch.releases import licensed

DATA = """
source/report:
  label: {en: Report}
  claims: {sourceType: [{value: paper, from: gyebo}], publicationDate: [{value: 2024-02-01, from: gyebo}]}
source/table:
  label: {en: Table}
  claims: {sourceType: [{value: database, from: gyebo}], retrieved: [{value: 2024-06-01, from: gyebo}]}
source/older:
  label: {en: Older}
  claims: {sourceType: [{value: database, from: gyebo}], retrieved: [{value: 2023-06-01, from: gyebo}]}
model/oak:
  label: {en: Oak}
  claims:
    license: [{value: license/apache-2.0, from: report}, {value: license/cc-by-nc-4.0, from: table}]
    layerCount: [{value: 32, from: table}, {value: 40, from: older}]
    releaseDate: [{value: 2024-02-01, from: report}, {value: 2024-02-11, from: table}, {value: 2024-02, from: older}]
    contextLength:
      - {value: 4096, from: report}
      - {value: 8192, from: table, rank: preferred, reason: counted}
    likes: [{value: 5, from: table, rank: rejected, reason: of another}, {value: 7, from: older}]
license/apache-2.0: {label: {en: Apache 2.0}}
license/cc-by-nc-4.0: {label: {en: CC BY-NC 4.0}}
"""


@pytest.fixture
def oak(corner: Corner) -> Snapshot:
    corner.write(DATA)
    return corner.build()


def side(found: DisputeAnswer, value: object) -> SideAnswer:
    return next(one for one in found.sides if value in (one.value, getattr(one.value, "id", None)))


@pytest.mark.parametrize(
    ("property", "holds", "other", "why", "words"),
    [
        ("license", "license/apache-2.0", "license/cc-by-nc-4.0", "trust", "(level 1)"),
        ("layerCount", 32, 40, "newer", "2023-06-01"),
        ("releaseDate", "2024-02-01", "2024-02-11", "trust", "Table"),
        ("releaseDate", "2024-02-01", "2024-02", "less-exact", "less exactly"),
        ("contextLength", 8192, 4096, "preferred", "counted"),
        ("likes", 7, 5, "rejected", "of another"),
    ],
)
def test_which_value_holds_and_by_which_rule(
    oak: Snapshot, property: str, holds: object, other: object, why: str, words: str
) -> None:
    found = find_dispute(oak, "model/oak", property)
    assert (found.disputed, side(found, holds).holds) == (True, True)
    beaten = side(found, other)
    assert (beaten.holds, beaten.why) == (False, why)
    assert words in beaten.sentence
    assert found.sides[0].holds


def test_since_when_and_how_far_apart(oak: Snapshot) -> None:
    found = find_dispute(oak, "model/oak", "releaseDate")
    assert (side(found, "2024-02-01").since, side(found, "2024-02-11").seen) == (
        "2024-02-01",
        "2024-06-01",
    )
    assert side(found, "2024-02-11").distance == "10 days apart"
    assert side(found, "2024-02").distance == ""


def test_a_verdict_that_rests_on_a_disputed_license(tmp_path: Path) -> None:
    corner = licensed(tmp_path)
    text = DATA.partition("license/apache-2.0: {label")[0].replace("apache-2.0", "mit")
    corner.write(text.replace("license/mit, from: report", "license/mit, from: older"))
    with closing(corner.build()) as oak:
        found = find_dispute(oak, "model/oak", "license")
        assert found.weight == "verdict"
        assert len({one.verdict for one in found.sides}) == 2
        assert "If it held, commercial use would be" in found.sides[1].would
        assert list_disputes(oak).disputes[0].property == "license"


def test_what_another_license_would_change(snapshot: Snapshot) -> None:
    rows = list_disputes(snapshot, DisputesRequest("license")).disputes
    told = [find_dispute(snapshot, row.id, "license") for row in rows if row.kind == "model"]
    assert told
    for found in told:
        for one in found.sides:
            if one.holds:
                assert "As things stand" in one.would
            elif one.verdict and one.verdict != found.verdict:
                assert "If it held, commercial use would be" in one.would
            else:
                assert "commercial use" not in one.would
    assert all(
        "No license verdict" in one.would
        for one in find_dispute(snapshot, "model/deepseek-r1", "releaseDate").sides
    )


def test_the_list_is_every_disputed_fact_and_the_licenses_come_first(snapshot: Snapshot) -> None:
    found = list_disputes(snapshot)
    assert found.total == snapshot.manifest.counts["disputed"] == len(found.disputes)
    order = ["verdict", "license", "fact"]
    places = [order.index(row.weight) for row in found.disputes]
    assert places == sorted(places) and {1, 2} <= set(places)
    for weight in order:
        reach = [row.reach for row in found.disputes if row.weight == weight]
        assert reach == sorted(reach, reverse=True)
    for row in found.disputes[::20]:
        fact = snapshot.entity(row.id).fact(row.property)
        assert fact and fact.disputed


def test_filters_and_pages(snapshot: Snapshot) -> None:
    whole = list_disputes(snapshot, DisputesRequest(kind="model", property="license"))
    assert whole.total == whole.kinds["model"] and whole.properties["license"] == whole.total
    part = list_disputes(
        snapshot, DisputesRequest(kind="model", property="license"), first=1, most=1
    )
    assert part.disputes == whole.disputes[1:2] and part.total == whole.total


def test_what_cannot_be_asked(snapshot: Snapshot) -> None:
    with pytest.raises(InputError, match="weight cannot be"):
        list_disputes(snapshot, DisputesRequest(weight="heavy"))
    with pytest.raises(InputError, match="there is no property"):
        find_dispute(snapshot, "model/alpaca-7b", "color")
    with pytest.raises(InputError, match="no source says anything"):
        find_dispute(snapshot, "model/alpaca-7b", "retirementDate")
    with pytest.raises(UnknownId):
        find_dispute(snapshot, "model/no-such-thing", "license")
