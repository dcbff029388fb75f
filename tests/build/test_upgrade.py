"""What the last released version wrote: its runs are read, its snapshot is refused in one line and made anew.

written_by_0.2.0/ was written by the program of that version (commit 6b7fd1b), of two invented records of the Hub.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.claims.runs import read_runs
from kg.cli.main import main
from kg.errors import WrongFormat
from kg.ingest.origin import is_handed_in
from kg.ingest.update import plan_update
from kg.snapshot.layout import FORMAT, Layout
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

OLD = Path(__file__).parent / "written_by_0.2.0"


@pytest.fixture
def old(corner: Corner) -> Corner:
    """A home of the last version, with a run and a snapshot."""
    corner.config.home.mkdir()
    for name in ("runs", "snapshots"):
        shutil.copytree(OLD / name, corner.config.home / name)
    Layout(corner.config.home).current.symlink_to("snapshots/0001")
    corner.write((OLD / "curated.yaml").read_text())
    return corner


def test_its_snapshot_is_refused_in_one_line(old: Corner) -> None:
    with pytest.raises(WrongFormat, match=rf"gyebo 0\.2\.0 \(format 4\).*\(format {FORMAT}\)"):
        Snapshot.current(old.config.home)
    done = CliRunner().invoke(main, ["--home", str(old.config.home), "show", "model/oak"])
    assert done.exit_code == 1 and len(done.output.splitlines()) == 1


def test_its_runs_are_read_and_the_snapshot_is_made_anew(old: Corner) -> None:
    (run,) = read_runs(old.config.home / "runs")
    assert (run.name, run.origin, run.counts["claims"]) == ("hub", None, 15)
    assert is_handed_in(run)  # that version did not say whether it was a file
    assert [task.run for task in plan_update(old.config.home, ["hub"])] == ["hub"]
    built = old.build(force=False)
    chat = built.entity("model/hf/acorn/Oak-7B-Chat")
    assert chat and chat.values("derivedFrom") == ("model/oak",)
    assert chat.values("downloads") == (7,) and chat.values("license")
    told = built.entity("model/oak")
    fact = told and told.fact("downloads")
    assert fact and [s.value for s in fact.claims] == [12]  # told, as any file's
    assert Layout(old.config.home).current_folder().name == "0002"
