"""The families of today: the largest of each half-year, each behind the one it comes from."""

from __future__ import annotations

from collections import Counter

from kg.answers.boards.today import families_today, newest_release, rank_families
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

_FAMILIES = """
org/a: {label: {en: A}}
family/old: {label: {en: Old}, claims: {releaseDate: [{value: 2019-01-01, from: gyebo}]}}
family/oak: {label: {en: Oak, ko: 참나무}, claims: {
  developer: [{value: org/a, from: gyebo}], releaseDate: [{value: 2024-02, from: gyebo}]}}
family/oak-2: {label: {en: Oak 2}, claims: {
  successorOf: [{value: family/oak, from: gyebo}], releaseDate: [{value: 2025-01-10, from: gyebo}]}}
family/acorn: {label: {en: Acorn}}
family/umbrella: {label: {en: All of A}}
model/oak: {label: {en: Oak 7B}, claims: {inFamily: [{value: family/oak, from: gyebo},
  {value: family/umbrella, from: gyebo}], releaseDate: [{value: 2024-02-03, from: gyebo}]}}
model/oak-2: {label: {en: Oak 2 7B}, claims: {inFamily: [{value: family/oak-2, from: gyebo},
  {value: family/umbrella, from: gyebo}], releaseDate: [{value: 2025-01-10, from: gyebo}]}}
model/acorn: {label: {en: Acorn 7B}, claims: {inFamily: [{value: family/acorn, from: gyebo}],
  fineTunedFrom: [{value: model/oak, from: gyebo}], releaseDate: [{value: 2025-06, from: gyebo}]}}
model/late: {label: {en: Late}, claims: {releaseDate: [{value: 2025-06-30, from: gyebo}]}}
"""


def test_each_stands_behind_the_one_it_comes_from(corner: Corner) -> None:
    corner.write(_FAMILIES)
    snapshot = corner.build()
    found = families_today(snapshot, "ko")
    # And not the one that only gathers others
    assert [(one.id, one.parent, one.tie) for one in found] == [
        ("family/old", "", None),
        ("family/oak", "", None),
        ("family/oak-2", "family/oak", "successor"),
        ("family/acorn", "family/oak", "weights"),
    ]
    oak, acorn = found[1], found[3]
    assert (oak.label, oak.models, oak.org_label, oak.date) == ("참나무", 2, "A", "2024-02")
    assert acorn.date == "2025-06"  # that of its first model
    assert newest_release(snapshot) == "2025-06-30"


def test_the_largest_of_each_half_year_are_shown(snapshot: Snapshot) -> None:
    found = families_today(snapshot)
    halves = Counter(one.date[:4] + ("b" if one.date[5:7] > "06" else "a") for one in found)
    assert max(halves.values()) <= 3 and len(halves) == 8
    assert {"family/llama", "family/qwen3"} <= {one.id for one in found}
    ids = [one.id for one in found]
    for place, one in enumerate(found):
        assert not one.parent or one.parent in ids[:place]
        assert all(other in ids for other in one.further)
    sizes = {snapshot.id_at(family.number): family.models for family in rank_families(snapshot)}
    assert all(sizes[one.id] == one.models for one in found)


def test_nothing_is_today_where_there_is_no_family(corner: Corner) -> None:
    corner.write("model/oak: {label: {en: Oak}}")
    snapshot = corner.build()
    assert families_today(snapshot) == () and newest_release(snapshot) == ""
