"""Storages that lie, and disks that are full: one clear line, and what is served stays."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from kg.errors import InputError, NotInstalled, TransferFailed
from kg.snapshot.layout import Layout, ReleaseFile
from kg.snapshot.seal import MANIFEST, SEAL, checksum, damages, read_seal
from kg.travel._lists import (
    LONGEST_LIST,
    OBJECTS,
    POINTER,
    RELEASES,
    ListedFile,
    Pointer,
    ReleaseList,
    list_name,
)
from kg.travel.publish import publish_release
from kg.travel.pull import pull_release
from kg.travel.storage import Storage, open_storage
from tests.travel.storages import Counting

Change = Callable[[Path], object]
structs = msgspec.structs


class Lying:
    """A folder as a storage with the second release, and a home with the first of it."""

    def __init__(self, folder: Path, first: Path, second: Path) -> None:
        self.folder, self.home = folder / "storage", folder / "home"
        self.storage: Storage = open_storage(str(self.folder))
        self.second = second
        publish_release(first, self.storage)
        pull_release(self.home, self.storage)
        self.before = Layout(self.home).current_folder()
        self.old_pointer = (self.folder / POINTER).read_bytes()
        publish_release(second, self.storage, part=1000)

    def pointer(self) -> Pointer:
        return msgspec.json.decode((self.folder / POINTER).read_bytes(), type=Pointer)

    def listed(self) -> ReleaseList:
        path = self.folder / RELEASES / self.pointer().release
        return msgspec.json.decode(path.read_bytes(), type=ReleaseList)

    def offer(self, listed: ReleaseList) -> None:
        """Offer a list, with a checksum that holds."""
        data = msgspec.json.encode(listed)
        sum = sha256(data).hexdigest()
        name = list_name(listed.version, sum)
        (self.folder / RELEASES / name).write_bytes(data)
        pointer = structs.replace(self.pointer(), release=name, sha256=sum, bytes=len(data))
        (self.folder / POINTER).write_bytes(msgspec.json.encode(pointer))

    def object_of(self, name: str) -> Path:
        """An object of the second release that the first has not."""
        file = next(file for file in self.listed().files if file.name == name)
        return self.folder / OBJECTS / (file.parts or (file.sha256,))[-1]

    def refused(self, home: Path | None = None) -> str:
        """Why a pull is refused; what is served stays, whole."""
        with pytest.raises(TransferFailed) as refused:
            pull_release(home or self.home, self.storage)
        assert Layout(self.home).current_folder() == self.before
        assert list(damages(self.before)) == []
        told = str(refused.value)
        assert "\n" not in told and len(told) < 400
        return told


@pytest.fixture
def lying(tmp_path: Path, first: Path, second: Path) -> Lying:
    return Lying(tmp_path, first, second)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            lambda path: path.write_bytes(path.read_bytes().swapcase()),
            "its bytes are not those that were written",
        ),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), r"has \d+ bytes of \d+"),
        (lambda path: path.write_bytes(b""), r"has 0 bytes of \d+"),
        (lambda path: path.write_bytes(path.read_bytes() * 2), "is longer than it was"),
        (lambda path: path.unlink(), "is not there"),
    ],
    ids=["other bytes", "cut", "empty", "longer", "missing"],
)
def test_wrong_bytes(lying: Lying, change: Change, why: str) -> None:
    change(lying.object_of("release/entities.jsonl.zst"))
    told = lying.refused()
    assert re.search(why, told)
    assert "release/entities.jsonl.zst" in told and "gyebo publish --again" in told
    publish_release(lying.second, lying.storage, again=True, part=1000)
    assert pull_release(lying.home, lying.storage).switched


def test_a_pipe_where_an_object_stood(lying: Lying) -> None:
    path = lying.object_of("release/entities.jsonl.zst")
    path.unlink()
    os.mkfifo(path)
    assert "is no file" in lying.refused()


@pytest.mark.parametrize(
    "data", [b"", b"<html>It works!</html>", b'{"format": 1, "gyebo": "0.1'], ids=str
)
def test_half_a_pointer(lying: Lying, data: bytes) -> None:
    (lying.folder / POINTER).write_bytes(data)
    assert "no pointer to a release, or half of one" in lying.refused()
    publish_release(lying.second, lying.storage)  # writes it anew
    assert pull_release(lying.home, lying.storage).switched


def test_a_pointer_of_another_format_is_neither_read_nor_replaced(lying: Lying) -> None:
    (lying.folder / POINTER).write_bytes(b'{"format": 7, "gyebo": "9.1"}')
    assert "published by gyebo 9.1 in format 7; this program reads 1" in lying.refused()
    with pytest.raises(TransferFailed, match="format 7"):
        publish_release(lying.second, lying.storage)


def test_an_old_answer(lying: Lying, tmp_path: Path) -> None:
    pull_release(lying.home, lying.storage)
    lying.before = Layout(lying.home).current_folder()
    (lying.folder / POINTER).write_bytes(lying.old_pointer)
    assert "an old answer; nothing was switched" in lying.refused()
    assert pull_release(tmp_path / "another", lying.storage).switched  # which cannot know


def test_a_pointer_to_a_list_that_is_gone(lying: Lying) -> None:
    (lying.folder / RELEASES / lying.pointer().release).unlink()
    assert "is named there, and is not there" in lying.refused()


def test_a_list_that_was_changed(lying: Lying) -> None:
    path = lying.folder / RELEASES / lying.pointer().release
    path.write_bytes(path.read_bytes().replace(b"manifest.json", b"manifest.josn"))
    assert "is not the one that was published" in lying.refused()
    path.write_bytes(b" " * (LONGEST_LIST + 2))
    assert "is not the one that was published" in lying.refused()


def test_a_list_that_would_write_elsewhere(lying: Lying, tmp_path: Path) -> None:
    listed = lying.listed()
    file = structs.replace(listed.files[0], name="../../../escaped")
    lying.offer(structs.replace(listed, files=(*listed.files, file)))
    assert "a file called '../../../escaped'" in lying.refused()
    assert not list(tmp_path.rglob("escaped"))


def test_a_list_of_other_files_than_the_seal(lying: Lying) -> None:
    listed = lying.listed()
    for files in (
        listed.files[1:],
        (*listed.files, ListedFile(name="more", bytes=0, sha256=sha256().hexdigest())),
    ):
        lying.offer(structs.replace(listed, files=files))
        assert "speak of different files" in lying.refused()


def test_parts_that_do_not_make_the_file(lying: Lying) -> None:
    listed = lying.listed()
    at, file = next((n, one) for n, one in enumerate(listed.files) if len(one.parts) > 3)
    mixed = structs.replace(file, parts=(*reversed(file.parts[:2]), *file.parts[2:]))
    files = (*listed.files[:at], mixed, *listed.files[at + 1 :])
    lying.offer(structs.replace(listed, files=files))
    assert f"the parts of {file.name} are whole and do not make the file" in lying.refused()


def test_a_release_of_another_program(lying: Lying) -> None:
    lying.offer(structs.replace(lying.listed(), gyebo="9.9.9"))
    assert "was made by gyebo 9.9.9 (format" in lying.refused()
    lying.offer(structs.replace(lying.listed(), gyebo=lying.listed().gyebo, snapshot=99))
    assert "(format 99)" in lying.refused()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"gyebo": "9.9.9"}, "was made by gyebo 9.9.9 (format"),
        ({"format": 99}, "(format 99)"),
        ({"files": {}}, "speak of different releases"),
        ({"files": {"graph.nq": {"bytes": 1, "sha256": "f" * 64}}}, "speak of different releases"),
        (None, "speak of different releases"),
    ],
)
def test_a_list_that_says_what_its_snapshot_is_not(
    lying: Lying, changed: dict[str, object] | None, why: str
) -> None:
    """List, seal and parts agree, so that only the manifest tells."""
    folder = Layout(lying.second).current_folder()
    manifest = b"half of it"
    if changed is not None:
        told = msgspec.json.decode((folder / MANIFEST).read_bytes())
        manifest = msgspec.json.encode(told | changed)
    sealed = dict(read_seal(folder)) | {MANIFEST: ReleaseFile(len(manifest), digest(manifest))}
    lines = "".join(f"{f.sha256} {f.bytes} {name}\n" for name, f in sealed.items()).encode()
    mine = {MANIFEST: manifest, SEAL: lines + digest(lines).encode() + b"\n"}
    for data in mine.values():
        lying.storage.write(f"{OBJECTS}/{digest(data)}", data)
    listed = msgspec.structs.replace(lying.listed(), part=1 << 20)
    files = [structs.replace(file, parts=()) for file in listed.files if file.name not in mine]
    files += [ListedFile(name=n, bytes=len(d), sha256=digest(d)) for n, d in mine.items()]
    publish_release(lying.second, lying.storage, part=1 << 20)  # its parts of that size
    lying.offer(structs.replace(listed, files=tuple(files), past=()))
    assert why in lying.refused()


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def test_more_than_the_disk_has_room_for(lying: Lying) -> None:
    part, number = 64 << 20, 100_000  # 6.7 TB
    huge = ListedFile(
        name="release/huge", bytes=part * number, sha256="0" * 64, parts=("0" * 64,) * number
    )
    listed = lying.listed()
    files = tuple(structs.replace(file, parts=()) for file in listed.files)
    lying.offer(structs.replace(listed, part=part, files=(*files, huge), past=()))
    assert "MB are needed and" in lying.refused()
    arriving = Layout(lying.home).arriving
    assert sum(path.stat().st_blocks for path in arriving.rglob("*") if path.is_file()) == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 kB, in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ("-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder))
    done = subprocess.run(("mount", *options), capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(("umount", "-l", str(folder)), check=True)


def test_a_disk_that_fills_up(
    first: Path, tmp_path: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others write to it meanwhile, so that what was free is not."""
    storage = open_storage(str(tmp_path / "storage"))
    publish_release(first, storage)
    home = small_disk / "home"
    with pytest.raises(TransferFailed, match="MB are needed and"):
        pull_release(home, storage)
    plenty = shutil._ntuple_diskusage(1 << 40, 0, 1 << 40)  # type: ignore[attr-defined]
    monkeypatch.setattr(shutil, "disk_usage", lambda path: plenty)
    with pytest.raises(TransferFailed, match=r"No space left on device; nothing was switched"):
        pull_release(home, storage)
    assert not Layout(home).arriving.exists() and not Layout(home).current.exists()


def test_a_storage_that_cannot_be_reached_is_named_without_its_password() -> None:
    """An address of FTP is connected to as soon as it is opened."""
    with pytest.raises(TransferFailed, match=r"^ftp://127\.0\.0\.1:1/x: ") as caught:
        open_storage("ftp://me:secret@127.0.0.1:1/x")
    assert "secret" not in str(caught.value)


def test_an_address_that_is_none() -> None:
    slips = ("s3:/bucket/x", "https:host/x", "://x", "  ", "https://me:Sec/ret@host/x")
    for url in (
        *slips,
        *("", "file://elsewhere/x", "file://", "https://", "http://host:x/", "http://a b/"),
    ):
        with pytest.raises(InputError, match="is no address of a storage") as refused:
            open_storage(url)
        assert "ret@" not in str(refused.value) and "Sec" not in str(refused.value)
    assert open_storage("HTTP://Me:Secret@host/x").place == "http://host/x"
    assert open_storage("File:///x").place == "/x"
    with pytest.raises((InputError, NotInstalled)):
        open_storage("nosuchkind://user:Secret@x/y")


def test_nothing_was_published(tmp_path: Path) -> None:
    with pytest.raises(TransferFailed, match="no release has been published there"):
        pull_release(tmp_path / "home", open_storage(str(tmp_path / "nowhere")))


@pytest.mark.parametrize("lost", [POINTER, RELEASES])
def test_a_storage_that_takes_and_does_not_keep(
    first: Path, second: Path, tmp_path: Path, lost: str
) -> None:
    """Nobody is told that a release is offered which is not."""

    class Forgetful(Counting):
        def write(self, name: str, data: bytes) -> None:
            if not name.startswith(lost):
                super().write(name, data)

    storage = open_storage(str(tmp_path / "storage"))
    publish_release(first, storage)
    with pytest.raises(TransferFailed, match="does not stand there as it was sent"):
        publish_release(second, Forgetful(storage))
    home = tmp_path / "home"
    pull_release(home, storage)
    assert checksum(Layout(home).current_folder() / SEAL) == checksum(
        Layout(first).current_folder() / SEAL
    )


def test_a_package_with_errors_of_its_own_is_told_in_a_line() -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(TransferFailed, match=r"^dir://x: "):  # which needs more than an address
        open_storage("dir://x")


def test_a_storage_that_cannot_be_written(first: Path, tmp_path: Path) -> None:
    (tmp_path / "storage").write_text("a file")
    with pytest.raises(TransferFailed, match="storage: "):
        publish_release(first, open_storage(str(tmp_path / "storage")))
