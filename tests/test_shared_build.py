"""The build that test processes share is made once for its inputs, told from others, and only read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.snapshot.layout import Layout
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner
from tests.shared_build import KEEP, shared_home


def manifest(home: Path) -> Path:
    return Layout(home).current_folder() / "manifest.json"


def test_the_same_data_is_built_once(corner: Corner, tmp_path: Path) -> None:
    shutil.copytree(corner.data, tmp_path / "copy")
    with shared_home(tmp_path, corner.data) as first, shared_home(tmp_path, corner.data) as second:
        assert first == second
        built = manifest(first).stat().st_mtime_ns
        Snapshot.current(first).close()
    with shared_home(tmp_path, tmp_path / "copy") as elsewhere:
        assert (elsewhere, manifest(elsewhere).stat().st_mtime_ns) == (first, built)
    corner.write("model/a: {label: {en: A}}")
    with shared_home(tmp_path, corner.data) as another:
        assert another != first


def test_who_writes_into_it_is_caught_and_it_is_built_anew(corner: Corner, tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match=r"wrote into the shared build: .*'runs/x/claims"),
        shared_home(tmp_path, corner.data) as home,
    ):
        (home / "runs" / "x").mkdir(parents=True)
        (home / "runs" / "x" / "claims.jsonl").touch()
    with shared_home(tmp_path, corner.data) as home:
        assert manifest(home).exists() and not (home / "runs").exists()


def test_old_builds_that_nobody_reads_are_deleted(corner: Corner, tmp_path: Path) -> None:
    with shared_home(tmp_path, corner.data) as read:
        homes = []
        for n in range(KEEP + 2):
            corner.write(f"model/a: {{label: {{en: A{n}}}}}")
            with shared_home(tmp_path, corner.data) as home:
                homes.append(home)
        assert [home.exists() for home in homes] == [False] * 2 + [True] * KEEP
        assert read.exists()
