"""What stays of a release when its snapshot is deleted, and how much of all that."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from kg.snapshot.layout import BRIEFS, Layout
from kg.snapshot.releases import _keeping
from kg.snapshot.releases._keeping import KEPT, keep_release, kept_folders
from tests.conftest import Corner


def snapshot_folder(home: Path, name: str) -> Path:
    folder = home / "snapshots" / name
    (folder / "changes").mkdir(parents=True)
    for file in (*KEPT, "changes/summary.json", "lease"):
        (folder / file).write_text(f"{name} {file}")
    return folder


def files(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): p.read_text() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("links", [True, False])
def test_what_stays_is_whole_with_and_without_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no links here")

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    folder = snapshot_folder(tmp_path, "0007")
    (tmp_path / "past" / "0007.new" / "changes").mkdir(parents=True)  # of a build that was killed
    keep_release(folder, tmp_path / "past")
    keep_release(folder, tmp_path / "past")
    expected = {name: f"0007 {name}" for name in (*KEPT, "changes/summary.json")}
    assert files(tmp_path / "past" / "0007") == expected
    assert BRIEFS in expected
    assert [p.name for p in (tmp_path / "past").iterdir()] == ["0007"]


def test_of_a_snapshot_without_briefs_nothing_stays(tmp_path: Path) -> None:
    folder = snapshot_folder(tmp_path, "0001")
    (folder / BRIEFS).unlink()
    keep_release(folder, tmp_path / "past")
    assert kept_folders(tmp_path / "past") == []


def test_the_oldest_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_keeping, "MOST", 3)
    for number in range(1, 6):
        keep_release(snapshot_folder(tmp_path, f"{number:04d}"), tmp_path / "past")
    assert [p.name for p in kept_folders(tmp_path / "past")] == ["0003", "0004", "0005"]


def test_a_number_is_not_given_twice(corner: Corner) -> None:
    """A home whose snapshots were deleted by hand goes on counting after what was kept."""
    layout = Layout(corner.config.home)
    (layout.past / "0041").mkdir(parents=True)
    assert layout.new_folder().name == "0042"
