"""Releases in lanes, mixes over time, benchmarks side by side."""

from __future__ import annotations

import pytest

from kg.answers.boards.benchmarks import (
    BenchmarksRequest,
    answer_benchmarks,
    comparable,
    read_scores,
    scores_of_models,
)
from kg.answers.boards.mixes import find_data_mix, find_whole_mix
from kg.answers.boards.releases import (
    NOBODY,
    OTHERS,
    ReleasesRequest,
    answer_releases,
    count_countries,
    find_lanes,
    find_lines,
    find_maker,
    find_makers,
    find_originals,
    find_releases,
)
from kg.columns.table import read_table
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

DATA = """
org/oak:
  label: {en: Oak, ko: 참나무}
  claims:
    country: [{value: KR, from: gyebo}]
org/elm:
  label: {en: Elm}
  claims:
    country: [{value: FR, from: gyebo}]
org/hf/ash:
  label: {en: ash}
family/oak:
  label: {en: Oak family}
  claims:
    developer: [{value: org/oak, from: gyebo}]
model/oak-1:
  label: {en: Oak 1}
  claims:
    inFamily: [{value: family/oak, from: gyebo}]
    releaseDate: [{value: 2023-03-01, from: gyebo}]
    access: [{value: open-weights, from: gyebo}]
model/oak-2:
  label: {en: Oak 2}
  claims:
    developer: [{value: org/oak, from: gyebo}, {value: org/elm, from: gyebo}]
    fineTunedFrom: [{value: model/oak-1, from: gyebo}]
    releaseDate: [{value: 2024-05, from: gyebo}]
    trainedOn: [{value: dataset/plain, from: gyebo}]
model/oak-2-gguf:
  label: {en: Oak 2 GGUF}
  claims:
    publisher: [{value: org/hf/ash, from: gyebo}]
    quantizedFrom: [{value: model/oak-2, from: gyebo}]
    releaseDate: [{value: 2024-06-01, from: gyebo}]
model/elm-1:
  label: {en: Elm 1}
  claims:
    developer: [{value: org/elm, from: gyebo}]
    fineTunedFrom: [{value: model/elsewhere, from: gyebo}]
    releaseDate: [{value: 2024-01-01, from: gyebo}]
    trainedOn: [{value: dataset/chats-cut, from: gyebo}]
model/ash-1:
  label: {en: Ash 1}
  claims:
    publisher: [{value: org/hf/ash, from: gyebo}]
model/elsewhere:
  label: {en: Elsewhere}
  claims:
    releaseDate: [{value: 2022-01-01, from: gyebo}]
dataset/plain:
  label: {en: Plain}
dataset/chats:
  label: {en: Chats}
  claims:
    generatedWith: [{value: model/elsewhere, from: gyebo}]
dataset/chats-cut:
  label: {en: Chats cut}
  claims:
    dataDerivedFrom: [{value: dataset/chats, from: gyebo}]
"""


@pytest.fixture
def built(corner: Corner) -> Snapshot:
    corner.write(DATA)
    return corner.build()


def ids(snapshot: Snapshot, asked: ReleasesRequest) -> list[str]:
    return [row.id for row in answer_releases(snapshot, asked).rows]


def test_copies_are_no_releases_and_the_newest_come_first(built: Snapshot) -> None:
    assert ids(built, ReleasesRequest()) == [
        *("model/oak-2", "model/elm-1", "model/oak-1", "model/elsewhere", "model/ash-1")
    ]


def test_a_maker_is_who_developed_else_who_put_it_online(built: Snapshot) -> None:
    rows = {row.id: row for row in answer_releases(built, ReleasesRequest()).rows}
    assert [m.id for m in rows["model/ash-1"].makers] == ["org/hf/ash"]
    assert [m.id for m in rows["model/oak-1"].makers] == ["org/oak"]  # its family's
    assert rows["model/oak-1"].countries == ["KR"] and rows["model/ash-1"].countries == []
    assert rows["model/elsewhere"].makers == [] and rows["model/elsewhere"].lane == NOBODY


def test_conditions_narrow(built: Snapshot) -> None:
    assert ids(built, ReleasesRequest(countries=("KR",))) == ["model/oak-2", "model/oak-1"]
    assert ids(built, ReleasesRequest(orgs=("org/elm",))) == ["model/oak-2", "model/elm-1"]
    assert ids(built, ReleasesRequest(open_weights=True)) == ["model/oak-1"]
    within = ReleasesRequest(start=20240101, end=20240531)
    assert ids(built, within) == ["model/oak-2", "model/elm-1"]  # what has no date is in no range


def test_each_model_stands_in_one_lane(built: Snapshot) -> None:
    for by in ("org", "country"):
        asked = ReleasesRequest(by=by)  # type: ignore[arg-type]
        found = find_lanes(built, asked, 12)
        rows = [row for one in found for row in (*one.rows.tolist(), *one.undated.tolist())]
        assert sorted(rows) == find_releases(built, asked).tolist()
    keys = [one.key for one in find_lanes(built, ReleasesRequest(by="country"), 12)]
    assert keys == ["FR", "KR", NOBODY]  # makers by their ids: Elm is before Oak
    asked = ReleasesRequest(orgs=("org/elm",))
    assert [one.key for one in find_lanes(built, asked, 12)] == ["org/elm"]


def test_lanes_beyond_the_most_stand_together(snapshot: Snapshot) -> None:
    found = find_lanes(snapshot, ReleasesRequest(), 3)
    assert [one.key for one in found[3:]] == [OTHERS, NOBODY] and len(found) == 5
    total = sum(len(one.rows) + len(one.undated) for one in found)
    assert total == int(find_originals(snapshot).sum())


def test_lines_are_of_weights_and_bases_from_elsewhere_are_told(built: Snapshot) -> None:
    rows = find_releases(built, ReleasesRequest(orgs=("org/oak", "org/elm")))
    first = read_table(built).first
    lines, outside = find_lines(built, rows)
    named = [(built.id_at(first + a), built.id_at(first + b)) for a, b in lines]
    assert named == [("model/oak-1", "model/oak-2")]
    assert {built.id_at(first + row): built.id_at(node) for row, node in outside.items()} == {
        "model/elm-1": "model/elsewhere"
    }


def test_makers_and_countries_go_by_their_names(built: Snapshot) -> None:
    assert find_maker(built, "참나무") == find_maker(built, "oak") == "org/oak"
    assert find_maker(built, "ash") == "org/hf/ash" and find_maker(built, "birch") == ""
    assert count_countries(built) == {"KR": 2, "FR": 2}


def test_data_is_told_apart_by_who_wrote_it(built: Snapshot) -> None:
    found = {period.year: period.counts for period in find_data_mix(built)}
    assert found[2024] == {"outputs": 1, "named": 1, "none": 0}
    assert found[2022] == {"outputs": 0, "named": 0, "none": 1}


def test_mixes_count_all_dated_models_that_are_no_copies(snapshot: Snapshot) -> None:
    dated = int((find_originals(snapshot) & (read_table(snapshot).released > 0)).sum())
    assert sum(p.total for p in find_data_mix(snapshot)) == dated
    assert sum(p.total for p in find_whole_mix(snapshot)) == dated


def test_places_of_makers_are_those_of_their_groups(snapshot: Snapshot) -> None:
    table = read_table(snapshot)
    groups, places = find_makers(snapshot)
    for row in range(0, len(table), 7):
        own, other = table.values("org", row), table.values("publisher", row)
        assert groups[places[row]] == (own or other)


# ---- benchmarks


def test_scores_of_different_settings_are_never_set_beside_each_other(snapshot: Snapshot) -> None:
    by_id = {score.id: score for score in read_scores(snapshot)}
    found = answer_benchmarks(snapshot, BenchmarksRequest(), 1000)
    for place, column in enumerate(found.columns):
        scores = [by_id[one.id] for row in found.rows for one in row.scores[place]]
        said = {comparable(s.benchmark, s.setting, s.metric, s.unit, s.table) for s in scores}
        assert len(said) == 1
        assert {s.benchmark for s in scores} == {column.benchmark.id}
    assert sum(len(one) for row in found.rows for one in row.scores) == len(by_id)


def test_the_best_of_a_column_stands_highest(snapshot: Snapshot) -> None:
    found = answer_benchmarks(snapshot, BenchmarksRequest(), 1000)
    for place, column in enumerate(found.columns):
        scores = [one for row in found.rows for one in row.scores[place]]
        values = {one.value for one in scores}
        if column.models > 1 and len(values) > 1:
            best = min(values) if column.lowest_first else max(values)
            assert {one.value for one in scores if one.standing == 1.0} == {best}
        if column.models == 1:
            assert {one.standing for one in scores} == {None}


def test_each_score_names_its_source(snapshot: Snapshot) -> None:
    found = answer_benchmarks(snapshot, BenchmarksRequest(), 1000)
    every = [one for row in found.rows for scores in row.scores for one in scores]
    assert every and all(one.source.id.startswith("source/") for one in every)


def test_benchmarks_are_narrowed_to_a_family_and_its_members(snapshot: Snapshot) -> None:
    asked = BenchmarksRequest(families=("family/claude-3",))
    shown = {row.model.id for row in answer_benchmarks(snapshot, asked, 1000).rows}
    members = set(
        map(snapshot.id_at, snapshot.families.members(snapshot.number("family/claude-3")))
    )
    scored = {score.model for score in read_scores(snapshot)}
    assert shown == (members | {"family/claude-3"}) & scored != set()


def test_scores_of_models_have_them_all(snapshot: Snapshot) -> None:
    found = scores_of_models(snapshot)
    assert {score.id for score in read_scores(snapshot)} <= {
        id for several in found.values() for id in several
    }
