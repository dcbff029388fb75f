"""Every byte of a snapshot is vouched for: what is changed is found, and is not served, offered or kept."""

import os
import random
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from kg.build.build import build
from kg.cli.main import main
from kg.errors import SnapshotDamaged, SnapshotError
from kg.snapshot.layout import ENTITIES, GRAPH, OFFSETS, Layout
from kg.snapshot.rollback import roll_back
from kg.snapshot.seal import SEAL, check_sizes, damages
from kg.snapshot.snapshot import Snapshot
from kg.snapshot.verify import verify_snapshot
from tests.conftest import Corner, serving


def files(folder: Path) -> list[Path]:
    """What a seal vouches for, and the seal."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "lease")


def flip(path: Path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 0x20]))


def found(folder: Path) -> list[str]:
    try:
        return [damage.path for damage in damages(folder)]
    except SnapshotDamaged as error:
        return [error.file]


def test_every_file_is_sealed(corner: Corner) -> None:
    folder = corner.build().folder
    assert found(folder) == []
    sealed = {line.split(" ", 2)[2] for line in (folder / SEAL).read_text().splitlines()[:-1]}
    assert sealed == {str(p.relative_to(folder)) for p in files(folder)} - {SEAL}


def test_a_flipped_byte_is_found_in_every_file(corner: Corner) -> None:
    folder = corner.build().folder
    draw = random.Random(20)
    tried = 0
    for path in files(folder):
        size = path.stat().st_size
        for place in {draw.randrange(size) for _ in range(6)} if size else ():
            flip(path, place)
            assert found(folder) == [str(path.relative_to(folder))], place
            flip(path, place)
            tried += 1
    assert tried >= 200
    assert found(folder) == []


def test_a_cut_or_missing_file_is_found_when_it_is_opened(corner: Corner) -> None:
    folder = corner.build().folder
    for path in files(folder):
        data = path.read_bytes()
        if not data:
            continue
        path.write_bytes(data[: len(data) // 2])
        with pytest.raises(SnapshotError):
            Snapshot(folder)
        path.unlink()
        with pytest.raises(SnapshotError):
            Snapshot(folder)
        path.write_bytes(data)
    check_sizes(folder)
    Snapshot(folder).close()


def gyebo(corner: Corner, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--home", str(corner.config.home), *arguments])
    return done.exit_code, done.output


def test_verify_names_the_file_and_build_heals(corner: Corner) -> None:
    folder = corner.build().folder
    code, told = gyebo(corner, "verify")
    assert (code, told.count("\n")) == (0, 1)
    assert "all as they were written" in told
    flip(folder / "release" / ENTITIES, 40)
    assert gyebo(corner, "verify", "--quick")[0] == 0
    code, told = gyebo(corner, "verify")
    assert code == 1
    assert f"release/{ENTITIES}: its bytes are not those that were written" in told
    assert "gyebo build" in told
    assert verify_snapshot(corner.config.home).damaged[0].file == f"release/{ENTITIES}"
    healed = build(corner.config, corner.data)
    assert healed.seconds
    assert f"release/{ENTITIES}" in str(healed.damage)
    assert found(healed.folder) == []
    assert build(corner.config, corner.data).seconds == {}  # and now there is nothing to do


def test_a_changed_record_is_an_error_of_the_server_and_not_unknown(corner: Corner) -> None:
    """503 tells a crawler to come again, 404 to forget the page."""
    snapshot = corner.build()
    path = snapshot.folder / "release" / ENTITIES
    end = int(np.load(snapshot.folder / OFFSETS)[snapshot.number("source/gyebo") + 1])
    flip(path, end - 20)
    with serving(corner.config) as app:
        client = app.test_client()
        assert client.get("/source/gyebo.json").status_code == 503
        assert client.get("/data/entities.jsonl").status_code == 503
        whole = client.get("/data/graph.nq", buffered=True)
        assert whole.status_code == 200


def test_rollback_stays_until_the_next_build(corner: Corner) -> None:
    first = corner.build().folder
    with pytest.raises(SnapshotError, match="there is no snapshot before"):
        roll_back(Layout(corner.config.home))
    second = build(corner.config, corner.data, force=True).folder
    code, told = gyebo(corner, "rollback")
    assert (code, first.name in told) == (0, True)
    layout = Layout(corner.config.home)
    assert layout.current_folder() == first
    assert second.exists()
    third = build(corner.config, corner.data, force=True).folder
    assert layout.current_folder() == third
    assert (first.exists(), second.exists()) == (True, False)


def test_rollback_goes_past_what_is_damaged(corner: Corner) -> None:
    first = corner.build().folder
    second = corner.build().folder
    corner.build()
    flip(second / "release" / GRAPH, 5)
    assert roll_back(Layout(corner.config.home)) == first
    flip(first / "release" / GRAPH, 5)


def test_the_disk_holds_all_before_current_names_it(
    corner: Corner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a power cut `current` names what is whole: the order of the calls is what makes it so."""
    calls: list[tuple[str, str]] = []
    sync, replace = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        calls.append(("sync", os.readlink(f"/proc/self/fd/{descriptor}")))
        sync(descriptor)

    def replaced(source: str, target: str) -> None:
        calls.append(("replace", str(target)))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replaced)
    folder = corner.build().folder
    home = corner.config.home
    switched = calls.index(("replace", str(home / "current")))
    before = [path for what, path in calls[:switched] if what == "sync"]
    for path in files(folder):
        assert str(path) in before, path
        assert str(path.parent) in before, path
    assert before.index(str(folder / SEAL)) < before.index(str(folder / "manifest.json"))
    assert str(folder.parent) in before
    assert ("sync", str(home)) in calls[switched:]


def test_litter_is_swept_before_a_build_needs_the_room(corner: Corner) -> None:
    left = Layout(corner.config.home).new_folder()
    (left / "release").mkdir()
    corner.write("this: is wrong\n")
    assert gyebo(corner, "build", "--data", str(corner.data))[0] == 2
    assert not left.exists()


def test_a_home_that_cannot_be_written_is_one_line(corner: Corner, tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("")
    for arguments in (
        ["build", "--data", str(corner.data)],
        ["ingest", "card", str(tmp_path)],
    ):
        done = CliRunner().invoke(main, ["--home", str(home), *arguments])
        assert done.exit_code in (1, 2)
        assert "nothing can be written in" in done.output.splitlines()[-1]
        assert done.exception is None or isinstance(done.exception, SystemExit)
