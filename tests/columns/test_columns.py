"""The columns of models hold what the entities hold, and judge as the license page does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kg.answers.license import license_verdict
from kg.columns.judging import judge_models
from kg.columns.labels import labels_of
from kg.columns.table import NUMBERS, PROPERTY, ModelTable, read_table
from kg.errors import SnapshotError
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.rules import USES
from kg.licenses.terms import Use
from kg.licenses.verdicts import verdict_of
from kg.model.claim import main_label
from kg.model.vocabulary import DESCENDANT_COUNT, RELEASE_DATE
from kg.snapshot.snapshot import Snapshot

PROFILES = (
    NOBODY,
    Profile(mau=1_000_000_000),
    Profile(mau=1000, dau=10, revenue=0.0, country="KR", competitor_of=()),
    Profile(country="DE", revenue=1e12),
    Profile(name="MyBot"),
    Profile(name="Llama-3-MyBot", competitor_of=("org/naver",)),
)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_verdict_is_that_of_the_license_page(corners: Snapshot, profile: Profile) -> None:
    """On every model, whatever is known of who asks."""
    for use in USES if profile == PROFILES[1] else USES[:1]:
        found = judge_models(corners, use, profile)
        assert len(found) > 500
        assert _differing(corners, use, profile, found) == []


def _differing(
    snapshot: Snapshot,
    use: Use,
    profile: Profile,
    found: np.ndarray[tuple[int], np.dtype[np.uint8]],
) -> list[str]:
    first, end = snapshot.kind_range("model")
    ids = map(snapshot.id_at, range(first, end))
    return [
        id
        for id, code in zip(ids, found.tolist(), strict=True)
        if license_verdict(snapshot, id, use, profile) != verdict_of(code)
    ]


def test_a_profile_changes_verdicts_and_is_no_permission(corners: Snapshot) -> None:
    nobody, large = (judge_models(corners, "commercial", p) for p in PROFILES[:2])
    row = corners.number("model/case-llama-2") - corners.kind_range("model")[0]
    assert (verdict_of(int(nobody[row])), verdict_of(int(large[row]))) == (
        "conditional",
        "prohibited",
    )
    bare = corners.number("model/case-bare") - corners.kind_range("model")[0]
    assert verdict_of(int(large[bare])) != "allowed"


def test_numbers_are_those_of_the_entities(corners: Snapshot) -> None:
    """Of the model itself, else of its family, which is marked."""
    table = read_table(corners)
    inherited = 0
    for row, (told, entity) in enumerate(_widened(corners)):
        for name in NUMBERS:
            value = table.numbers(name)[row]
            if name == "descendants":
                known = [f.values for f in entity.inferred if f.property == DESCENDANT_COUNT]
            else:
                known = [f.values for f in told.facts if f.property == PROPERTY[name] and f.values]
                own = any(f.property == PROPERTY[name] for f in entity.facts)
                assert not (own and table.is_inherited(name, row))
                inherited += table.is_inherited(name, row)
            assert (known[0][0] if known else None) == (None if np.isnan(value) else value)
    assert inherited > 10


def _widened(snapshot: Snapshot) -> Iterator[tuple[object, object]]:
    for entity in snapshot.entities("model"):
        yield snapshot.inheritance.widened(entity), entity


def test_a_date_counts_from_the_first_day_it_may_mean(snapshot: Snapshot) -> None:
    table = read_table(snapshot)
    days = table.earliest()
    for row, entity in enumerate(snapshot.entities("model")):
        stated = next((str(v) for v in entity.values(RELEASE_DATE) if v), "")
        if stated and not table.is_inherited("released", row):
            whole = f"{stated}-01-01"[:10] if len(stated) < 10 else stated
            assert f"{days[row]}" == whole.replace("-", "")
    assert (days[table.released == 0] == 0).all()


def test_labels_and_their_alphabet(snapshot: Snapshot) -> None:
    table = read_table(snapshot)
    for lang in ("en", "ko"):
        told = [table.label(row, lang) for row in np.argsort(table.places(lang)).tolist()]
        assert told == sorted(told, key=str.casefold)
    row = snapshot.number("model/koalpaca-polyglot-12.8b") - table.first
    assert (table.label(row, "ko"), table.label(row, "en")) == (
        snapshot.label("model/koalpaca-polyglot-12.8b", "ko"),
        snapshot.label("model/koalpaca-polyglot-12.8b", "en"),
    )


def test_scores_are_shares_and_benchmarks_know_their_languages(snapshot: Snapshot) -> None:
    table = read_table(snapshot)
    assert all(0 <= score.percent <= 100 for score in table.scores)
    assert set(table.in_language("language/korean")) == {
        "benchmark/kobest-copa",
        "benchmark/nsmc",
    }
    row = snapshot.number("model/polyglot-ko-12.8b") - table.first
    best = max(s.percent for s in table.scores if s.row == row and "kobest" in s.benchmark)
    assert best == 83.68  # 50-shot, as data/evaluations states it


def test_a_snapshot_without_columns_says_what_to_do(snapshot: Snapshot, tmp_path: Path) -> None:
    shutil.copytree(snapshot.folder / "columns", tmp_path / "columns")
    assert len(ModelTable(tmp_path, 0)) == len(read_table(snapshot))
    (tmp_path / "columns" / "numbers.npy").unlink()
    with pytest.raises(SnapshotError, match="gyebo build"):
        ModelTable(tmp_path, 0)


@pytest.mark.parametrize("lang", ["en", "ko", "de"])
def test_labels_of_many_are_those_of_their_entities(snapshot: Snapshot, lang: str) -> None:
    """Of models and of others, in any order."""
    nodes = [*range(snapshot.lineage.size)][::-7]
    assert labels_of(snapshot, nodes, lang) == [
        main_label(snapshot.named(node), lang) for node in nodes
    ]
    assert labels_of(snapshot, [], lang) == []
