"""What is made in one pass over all entities is what a build writes."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from kg.build._whole import write_from_all
from kg.claims.accounts import read_accounts
from kg.paths import DATA
from kg.snapshot.layout import BRIEFS
from kg.snapshot.snapshot import Snapshot

EDGES = Path("release", "exports", "gyebo.csv.gz")


def test_one_pass_writes_briefs_columns_and_edges(snapshot: Snapshot, tmp_path: Path) -> None:
    """A small release has every format, its edges among them, written another way."""
    folder = tmp_path / snapshot.folder.name
    shutil.copytree(snapshot.folder, folder, ignore=shutil.ignore_patterns("store", "search"))
    columns = [path.name for path in (folder / "columns").iterdir() if "state" not in path.name]
    made = [Path(BRIEFS), EDGES, *(Path("columns", name) for name in columns)]
    assert len(columns) == 10
    for path in made:
        (folder / path).unlink()
    with closing(Snapshot(folder, snapshot.manifest)) as copy:
        write_from_all(copy, read_accounts(DATA), edges=True)
    for path in made:
        assert (folder / path).read_bytes() == (snapshot.folder / path).read_bytes(), path
