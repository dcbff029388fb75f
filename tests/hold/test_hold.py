"""Builds and ingests that are killed, disks that are full, programs that write at the same time: nothing is lost.

Each trial prints its figures; `make test-slow` runs them in slices.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from kg.claims.judgements import read_judgements
from tests.conftest import Corner

pytestmark = pytest.mark.slow

_SLICES = 6
_KILLS = 51  # of each slice


def figures(*arguments: object) -> dict[str, int]:
    """Run the trials in a process of their own, which forks."""
    command = [sys.executable, "-m", "tests.hold.kills", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    print(found)
    return found


@pytest.mark.parametrize("slice", range(1, _SLICES + 1))
def test_a_killed_build_leaves_a_whole_snapshot(corner: Corner, slice: int) -> None:
    found = figures("builds", corner.config.home, corner.data, slice, _SLICES, _KILLS)
    assert found["whole"] == _KILLS
    assert found["killed at an event"] >= _KILLS // 2
    assert found["built after it"] == _KILLS // 10
    assert found.get("litter", 0) == 0


def test_a_killed_ingest_leaves_the_run_before(tmp_path: Path) -> None:
    cards = tmp_path / "cards" / "model"
    cards.mkdir(parents=True)
    (cards / "README.md").write_text("---\nlicense: mit\nbase_model: org/base\n---\n# A model\n")
    (cards / "config.json").write_text('{"model_type": "llama"}')
    found = figures("ingests", tmp_path / "home", cards.parent, 1, 1, 60)
    assert found["whole"] == 60
    assert found["killed at an event"] >= 15
    assert (found.get("lost", 0), found["litter"]) == (0, 0)


def at_once(commands: Sequence[Sequence[object]]) -> list[str]:
    """Run commands of gyebo at the same time; what they say on standard error, none of it a traceback."""
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "kg.cli", *map(str, command)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for command in commands
    ]
    said = [one.communicate()[1] for one in running]
    assert not [text for text in said if "Traceback" in text]
    assert {one.returncode for one in running} <= {0, 1}
    return said


def test_judgements_of_eight_programs_are_all_kept(corner: Corner) -> None:
    pairs = [(f"model/a{n}", f"model/b{n}") for n in range(16)]
    models = [f"{id}: {{label: {{en: {id}}}}}" for pair in pairs for id in pair]
    corner.write("\n".join(models))
    corner.build()
    home = ["--home", corner.config.home]
    told = ["--data", corner.data, "--author", "me", "--different", "--reason", "two"]
    for some in (pairs[:8], pairs[8:]):
        at_once([[*home, "judge", left, right, *told] for left, right in some])
    written = {(j.left, j.right) for j in read_judgements(corner.data / "judgements.yaml")}
    assert written == set(pairs)


def test_builds_and_ingests_at_once_lose_nothing(corner: Corner, tmp_path: Path) -> None:
    home = ["--home", corner.config.home]
    folders = []
    for n in range(8):
        folder = tmp_path / f"card{n}"
        folder.mkdir()
        (folder / "README.md").write_text(
            f"---\nlicense: mit\nbase_model: org/base{n}\n---\n# Model {n}\n"
        )
        folders.append(folder)
    build = [*home, "build", "--data", corner.data]
    ingests = [[*home, "ingest", "folder", folder, "--name", folder.name] for folder in folders]
    said = at_once([one for ingest in ingests for one in (ingest, build)])
    assert not [text for text in said if "gyebo:" in text and "waiting" not in text]
    at_once([build])
    runs = sorted(
        p.name for p in (corner.config.home / "runs").iterdir() if not p.name.startswith(".")
    )
    assert runs == [folder.name for folder in folders]


_FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from kg.cli.main import main
sys.argv = ["gyebo", *sys.argv[2:]]
main()
"""


@pytest.mark.parametrize("room", [100, 500, 2_000, 8_000])
def test_a_full_disk_leaves_the_run_before_and_nothing_else(tmp_path: Path, room: int) -> None:
    """Files cannot grow past a limit: what a full disk does."""
    cards = tmp_path / "cards"
    for n in range(30):
        (cards / f"m{n}").mkdir(parents=True)
        text = f"---\nlicense: mit\nbase_model: org/base{n}\nlanguage: [ko, en]\n---\n# Model {n}\n"
        (cards / f"m{n}" / "README.md").write_text(text)
    home = tmp_path / "home"
    ingest = ["--home", str(home), "ingest", "folder", str(cards), "--name", "cards"]
    whole = subprocess.run([sys.executable, "-c", _FULL, "100000000", *ingest], capture_output=True)
    assert whole.returncode == 0
    before = {p.name: p.read_bytes() for p in (home / "runs" / "cards").iterdir()}
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(room), *ingest], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert {p.name: p.read_bytes() for p in (home / "runs" / "cards").iterdir()} == before
    left = [p.name for p in (home / "runs").iterdir() if p.name not in ("cards", ".cards.lock")]
    assert left == []
