"""What stays of a release when its snapshot is deleted."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from kg.files.durable import keep_files, keep_folder

KEPT = ("manifest.json", "briefs.jsonl.zst")  # files, and the folder `changes`
MOST = 100  # releases; those before them are forgotten


def keep_release(folder: Path, past: Path) -> None:
    """Give what is to stay of a snapshot a second name, so that it is there whole before the snapshot goes.

    Published files never change, so links to them do, which need no room on a full disk. Of a snapshot that was
    built before releases were kept nothing stays.

    Args:
        folder: a complete snapshot.
        past: where releases are kept.
    """
    goal = past / folder.name
    if goal.exists() or not all((folder / name).is_file() for name in KEPT):
        return
    waiting = past / f"{folder.name}.new"
    shutil.rmtree(waiting, ignore_errors=True)
    shutil.copytree(folder / "changes", waiting / "changes", copy_function=_link)
    for name in KEPT:
        _link(folder / name, waiting / name)
    for written in (waiting / "changes", waiting):
        keep_files(written)
    waiting.rename(goal)
    keep_folder(past)
    for old in kept_folders(past)[:-MOST]:
        shutil.rmtree(old)


def _link(source: str | Path, goal: str | Path) -> None:
    try:
        os.link(source, goal)
    except OSError:  # a file system without links
        shutil.copy2(source, goal)


def kept_folders(past: Path) -> list[Path]:
    """The folders of releases that were kept, the oldest first."""
    return sorted(p for p in past.glob("*") if p.name.isdigit())
