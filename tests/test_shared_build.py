"""The build that test processes share is made once for its inputs, told from others, and only read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kg.snapshot.layout import Layout
from kg.snapshot.snapshot import Snapshot
from tests import shared_build
from tests.conftest import Corner
from tests.shared_build import CATALOG, HERE, KEEP, shared_home, write_data


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


def test_the_data_of_the_tests_is_the_data_with_a_cut_of_its_catalog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether or not there is a catalog: its folder is replaced as a whole, nothing else is touched."""
    data, cut = tmp_path / "real" / "data", tmp_path / "cut"
    for folder, name in ((data / "curated", "a.yaml"), (data / CATALOG, "whole.jsonl")):
        folder.mkdir(parents=True)
        (folder / name).touch()
    (data / "curated" / CATALOG).mkdir()  # a folder that only has the name
    cut.mkdir()
    (cut / "cut.jsonl").touch()
    monkeypatch.setattr(shared_build, "DATA", data)
    monkeypatch.setattr(shared_build, "CUT", cut)
    assert files(write_data(tmp_path / "one")) == {
        "curated/a.yaml",
        "curated/catalog",
        "catalog/cut.jsonl",
        "catalog",
    }
    monkeypatch.setattr(shared_build, "CUT", tmp_path / "none")
    assert files(write_data(tmp_path / "two")) == {"curated/a.yaml", "curated/catalog"}


def files(folder: Path) -> set[str]:
    found = {str(path.relative_to(folder)) for path in folder.rglob("*")}
    return found - {"curated"}


def test_no_test_builds_all_of_the_data_but_one() -> None:
    """Who writes `build(config)` or `gyebo build` without a data folder builds the whole catalog."""
    told = re.compile(
        r"\bbuild\(\s*load_config\([^()]*(?:\([^()]*\)[^()]*)*\)\s*\)"
        r"|(?:(?<![\w\]])\[|,\s*)\"(?:build|check)\"\]"
    )
    found = {
        str(path.relative_to(HERE))
        for path in HERE.rglob("*.py")
        if path != Path(__file__) and told.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "picture.py",
        "search/evaluate.py",
        "names/evaluate.py",
        "names/test_names.py",
    }
