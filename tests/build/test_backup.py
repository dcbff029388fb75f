"""A backup holds all that a user made, and a restore believes nothing before its checksum."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.build.backup import BackupManifest, restore_backup, write_backup
from kg.build.build import build
from kg.claims.judgements import append, read_judgements
from kg.claims.run_writing import RunWriter
from kg.claims.runs import RunOrigin, read_runs
from kg.config import load_config
from kg.errors import DataError, InputError
from kg.model.claim import Claim, Judgement, Said
from kg.model.vocabulary import load_vocabulary
from kg.snapshot.layout import Layout
from kg.snapshot.releases.past import past_releases
from tests.conftest import Corner

SOURCE = "source/hub"
JUDGED = Judgement(
    left="model/a", right="model/hf/o/b", same=True, author="me", date="2026-11-29", reason="one"
)


def write_run(corner: Corner) -> None:
    writer = RunWriter(corner.config.home / "runs", "mine", load_vocabulary())
    writer.add(Claim("model/hf/o/b", "label", Said(value="B", source=SOURCE, lang="en")))
    writer.add(Claim("model/hf/o/b", "downloads", Said(value=7, source=SOURCE)))
    about = Claim(SOURCE, "label", Said(value="Hub", source="source/gyebo", lang="en"))
    writer.finish([about], SOURCE, "x.json", "2026-11-29", RunOrigin(path="/x.json"))


@pytest.fixture
def made(corner: Corner, tmp_path: Path) -> tuple[Corner, Path]:
    """A home of two releases, with a run, a judgement and settings, and its backup."""
    corner.write("model/a: {label: {en: A}}\n")
    corner.build()
    write_run(corner)
    append(corner.data / "judgements.yaml", [JUDGED])
    corner.build()
    (tmp_path / "gyebo.toml").write_text("workers = 3\n")
    write_backup(tmp_path / "b.tar.gz", corner.config.home, corner.data, tmp_path / "gyebo.toml")
    return corner, tmp_path / "b.tar.gz"


def restore(archive: Path, folder: Path, *, force: bool = False) -> BackupManifest:
    return restore_backup(
        archive, folder / "home", folder / "data", folder / "gyebo.toml", force=force
    )


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_restore_into_an_empty_home_builds_the_same_release(
    made: tuple[Corner, Path], tmp_path: Path
) -> None:
    corner, archive = made
    there = tmp_path / "elsewhere"
    restore(archive, there)
    assert files(there / "data") == files(corner.data)
    assert read_judgements(there / "data" / "judgements.yaml")[0].right == JUDGED.right
    assert load_config(there / "gyebo.toml").workers == 3
    assert read_runs(there / "home" / "runs") == read_runs(corner.config.home / "runs")
    config = load_config(home=there / "home")
    new, old = (Layout(home).current_folder() for home in (config.home, corner.config.home))
    assert files(new / "changes") == files(old / "changes")  # what /changes tells
    # It is up to date
    assert build(config, there / "data").folder == Layout(config.home).current_folder()
    again = build(config, there / "data", force=True)
    assert again.manifest.files == corner.opened[-1].manifest.files


def test_nothing_is_replaced_without_force(made: tuple[Corner, Path], tmp_path: Path) -> None:
    _, archive = made
    there = tmp_path / "elsewhere"
    (there / "data").mkdir(parents=True)
    (there / "data" / "judgements.yaml").write_text("# mine\n")
    with pytest.raises(InputError, match=r"judgements\.yaml is there already"):
        restore(archive, there)
    assert files(there / "data") == {"judgements.yaml": b"# mine\n"}
    assert not list((there / "home").glob("*/"))
    restore(archive, there, force=True)
    assert len(read_judgements(there / "data" / "judgements.yaml")) == 1
    with pytest.raises(InputError, match="current is there already"):
        restore(archive, there)


def rewritten(
    archive: Path, change: Callable[[tarfile.TarInfo, bytes], list[tuple[object, bytes]]]
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(archive) as old, tarfile.open(fileobj=out, mode="w:gz") as new:
        for member in old:
            for info, content in change(member, old.extractfile(member).read()):  # type: ignore[union-attr]
                info.size = len(content)  # type: ignore[attr-defined]
                new.addfile(info, io.BytesIO(content))  # type: ignore[arg-type]
    return out.getvalue()


def flipped(member: tarfile.TarInfo, content: bytes) -> list[tuple[object, bytes]]:
    ours = member.name.endswith("claims.jsonl")
    return [(member, content.replace(b"7", b"9") if ours else content)]


def named(name: str) -> Callable[[tarfile.TarInfo, bytes], list[tuple[object, bytes]]]:
    """Its manifest and its run have another name."""

    def change(member: tarfile.TarInfo, content: bytes) -> list[tuple[object, bytes]]:
        old = "home/runs/mine/claims.jsonl"
        if member.name == "manifest.json":
            content = content.replace(json.dumps(old).encode(), json.dumps(name).encode())
        elif member.name == old:
            member.name = name
        return [(member, content)]

    return change


def linked(member: tarfile.TarInfo, content: bytes) -> list[tuple[object, bytes]]:
    if member.name.endswith("claims.jsonl"):
        member.type, member.linkname, content = tarfile.SYMTYPE, "/etc/passwd", b""
    return [(member, content)]


def added(member: tarfile.TarInfo, content: bytes) -> list[tuple[object, bytes]]:
    return [(member, content), (tarfile.TarInfo(f"{member.name}.more"), b"x")]


def without(member: tarfile.TarInfo, content: bytes) -> list[tuple[object, bytes]]:
    return [] if member.name.endswith("claims.jsonl") else [(member, content)]


def of_format(member: tarfile.TarInfo, content: bytes) -> list[tuple[object, bytes]]:
    if member.name == "manifest.json":
        content = content.replace(b'"format":1', b'"format":2')
    return [(member, content)]


CHANGES = {
    "flipped": flipped,
    "linked": linked,
    "added": added,
    "without": without,
    "of another format": of_format,
    "up": named("../claims.jsonl"),
    "up inside": named("home/runs/../../../claims.jsonl"),
    "from the root": named("/tmp/claims.jsonl"),
    "elsewhere in the home": named("home/current"),
    "beside": named("data/./claims.jsonl"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_not_as_its_manifest_says_is_not_restored(
    made: tuple[Corner, Path], tmp_path: Path, change: str
) -> None:
    bad = tmp_path / "bad.tar.gz"
    bad.write_bytes(rewritten(made[1], CHANGES[change]))
    with pytest.raises(DataError):
        restore(bad, tmp_path / "elsewhere")
    assert [name for name in files(tmp_path / "elsewhere") if not name.endswith(".lock")] == []


@pytest.mark.parametrize("content", [b"", b"no archive", gzip.compress(b"no tar"), None])
def test_what_is_no_backup_is_told(
    made: tuple[Corner, Path], tmp_path: Path, content: bytes | None
) -> None:
    bad = tmp_path / "bad.tar.gz"
    bad.write_bytes(made[1].read_bytes()[:-3000] if content is None else content)
    with pytest.raises(DataError, match="not a backup"):
        restore(bad, tmp_path / "elsewhere")
    with pytest.raises(InputError, match="there is no file"):
        restore(tmp_path / "none", tmp_path / "elsewhere")


def test_what_stays_of_earlier_releases_comes_back(
    made: tuple[Corner, Path], tmp_path: Path
) -> None:
    """The release before is held as briefs and changes, not whole, and is known where it is put back."""
    corner, archive = made
    before = past_releases(Layout(corner.config.home))
    assert [one.is_whole for one in before] == [True, True]
    there = tmp_path / "there"
    there.mkdir()
    restore(archive, there)
    known = past_releases(Layout(there / "home"))
    assert [one.version for one in known] == [one.version for one in before]
    assert [one.is_whole for one in known] == [False, True]
    assert len(known[0].briefs()) == len(before[0].briefs()) > 0
