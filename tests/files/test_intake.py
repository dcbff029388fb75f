"""Files, folders and archives of strangers: read in place, bounded, refused with a clear error."""

from __future__ import annotations

import gzip
import io
import os
import re
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from kg.errors import DataError, InputError
from kg.files import intake
from kg.files.intake import files
from kg.files.parsing import text

BOMB = bytes(80 << 20)  # more than intake.FREE; packs to a thousandth


def names(path: Path, pattern: str = "*") -> list[str]:
    return [file.name for file in files(path, pattern)]


def tar_of(path: Path, mode: str, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, mode) as archive:
        for name, body in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(body)
            archive.addfile(entry, io.BytesIO(body))
    return path


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


MEMBERS = {
    "b/two.yml": b"2",
    "a/one.yml": b"1",
    "a/three.md": b"3",
    "z.yml.gz": gzip.compress(b"4"),
}


@pytest.mark.parametrize("kind", ["folder", "x.zip", "x.tar", "x.tar.gz", "x.tgz"])
def test_all_kinds_are_read_alike(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "folder":
        for name, body in MEMBERS.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(body)
    elif kind == "x.zip":
        zip_of(path, MEMBERS)
    else:
        tar_of(path, "w:gz" if "gz" in kind else "w", MEMBERS)
    found = {file.name: text(file) for file in files(path, "*.yml")}
    assert found == {"a/one.yml": "1", "b/two.yml": "2", "z.yml": "4"}
    assert names(path, "a/*.yml") == ["a/one.yml"]


def test_names_of_members_lead_nowhere(tmp_path: Path) -> None:
    evil = {"../../outside.json": b"1", "/etc/passwd.json": b"2", "C:\\x.json": b"3"}
    for path in (zip_of(tmp_path / "x.zip", evil), tar_of(tmp_path / "x.tar", "w", evil)):
        before = sorted(tmp_path.parent.iterdir())
        assert sorted(text(file) for file in files(path, "*.json")) == ["1", "2", "3"]
        assert sorted(tmp_path.parent.iterdir()) == before


def test_links_out_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("1")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "in.json").write_text("2")
    (folder / "out.json").symlink_to(tmp_path / "secret.json")
    (folder / "up").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder)
    (folder / "broken.json").symlink_to("nowhere")
    (folder / ".hidden.json").write_text("3")
    os.mkfifo(folder / "pipe.json")
    assert names(folder) == ["in.json"]


def test_a_link_in_an_archive_is_no_file(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        entry = tarfile.TarInfo("passwd.json")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)
    assert names(tmp_path / "x.tar") == []


@pytest.mark.parametrize("kind", ["x.zip", "x.json.gz", "x.tar.gz", "nested.zip", "nested.tar"])
def test_bombs_are_refused(tmp_path: Path, kind: str) -> None:
    path, packed = tmp_path / kind, gzip.compress(BOMB)
    if kind == "x.json.gz":
        path.write_bytes(packed)
    elif kind == "x.tar.gz":
        tar_of(path, "w:gz", {"a.json": BOMB})
    elif kind == "nested.tar":
        tar_of(path, "w", {"a.json.gz": packed})
    else:
        zip_of(path, {"a.json": BOMB} if kind == "x.zip" else {"a.json.gz": packed})
    with pytest.raises(DataError, match="200 times its size: refused"):
        for file in files(path):
            with file.open() as stream:
                while stream.read(1 << 20):
                    pass


def test_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MEMBERS", 3)
    many = {f"{n}.json": b"" for n in range(5)}
    for path in (zip_of(tmp_path / "x.zip", many), tar_of(tmp_path / "x.tar", "w", many)):
        with pytest.raises(DataError, match="more than 3 files"):
            names(path)


@pytest.mark.parametrize("kind", ["x.zip", "x.tar", "x.tar.gz", "x.json.gz"])
@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_cut_short(tmp_path: Path, kind: str, keep: float) -> None:
    path, body = tmp_path / kind, os.urandom(200_000)
    if kind == "x.zip":
        zip_of(path, {"a.json": body})
    elif kind == "x.json.gz":
        path.write_bytes(gzip.compress(body))
    else:
        tar_of(path, "w:gz" if "gz" in kind else "w", {"a.json": body})
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(DataError):
        for file in files(path):
            text(file)


def test_damaged_or_locked_members(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "x.zip", {"a.json": b"x" * 10})
    data = bytearray(path.read_bytes())
    damaged = data.copy()
    damaged[data.index(b"a.json") + 7] ^= 0xFF
    locked = data.copy()
    locked[data.index(b"PK\x01\x02") + 8] |= 1
    for body in (damaged, locked):
        path.write_bytes(body)
        with pytest.raises(DataError):
            for file in files(path):
                text(file)


def test_nothing_there() -> None:
    with pytest.raises(InputError, match="there is no file or folder"):
        names(Path("/no/such"))


STREAM = """
import resource, sys
from pathlib import Path
from kg.errors import DataError
from kg.files.intake import files
from kg.sparql._memory import peak_memory
from kg.files.parsing import csv_rows, json_document, lines
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
for read in (json_document, lambda f: list(lines(f)), lambda f: list(csv_rows(f))):
    for file in files(Path(sys.argv[1])):
        try:
            read(file)
            print("read")
        except DataError as error:
            print(error)
print(peak_memory())
"""


def test_a_line_of_2_gigabytes_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    with path.open("wb") as file:
        file.truncate(2 << 30)  # sparse: 2 GB of NUL in one line
    done = subprocess.run(
        [sys.executable, "-c", STREAM, str(path)], capture_output=True, text=True, check=True
    )
    whole, lines, table, peak = done.stdout.splitlines()
    assert "larger than 64 MB" in whole
    assert "more than 16 MB" in lines and "more than 16 MB" in table
    assert float(peak) < 500


POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"


@pytest.mark.parametrize("kind", ["folder", "x.zip", "x.tar", "x.tar.gz"])
@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
def test_a_git_lfs_pointer_is_told(tmp_path: Path, kind: str, name: str) -> None:
    path = tmp_path / kind
    members = {name: POINTER, "b.txt": b"version https://git-lfs.github.com is where it lies"}
    if kind == "folder":
        path.mkdir()
        for member, body in members.items():
            (path / member).write_bytes(body)
    elif kind == "x.zip":
        zip_of(path, members)
    else:
        tar_of(path, "w:gz" if kind.endswith("gz") else "w", members)
    for file in files(path):
        if file.name == "b.txt":
            assert text(file) == members["b.txt"].decode()
        else:
            with pytest.raises(
                DataError, match=rf"{re.escape(name)}: a Git LFS pointer.*git lfs pull"
            ):
                text(file)


# ---- what never ends ----


def huge_tar(path: Path, kind: bytes, gzipped: bool) -> None:
    member = tarfile.TarInfo("a/huge.json")
    member.size, member.type = 10**15, kind
    head = member.tobuf(tarfile.GNU_FORMAT) + b"\0" * 1024
    path.write_bytes(gzip.compress(head) if gzipped else head)


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, b"Z", tarfile.CONTTYPE])
@pytest.mark.parametrize("gzipped", [False, True])
def test_an_archive_that_says_it_is_endless_is_refused(
    tmp_path: Path, kind: bytes, gzipped: bool
) -> None:
    path = tmp_path / "x.tar"
    huge_tar(path, kind, gzipped)
    with pytest.raises(DataError, match="a broken tar archive"):
        list(files(path))


@pytest.mark.parametrize("name", ["pipe", "pipe.tar", "pipe.zip"])
def test_a_pipe_is_refused_at_once(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(InputError, match="is a pipe or a device"):
        list(files(tmp_path / name))
    assert list(files(tmp_path)) == []  # in a folder it is no file


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/null"])
def test_a_device_is_refused_at_once(device: str) -> None:
    with pytest.raises(InputError, match="is a pipe or a device"):
        list(files(Path(device)))


def header(name: str, length: int, type: bytes = tarfile.REGTYPE, **pax: str) -> bytes:
    """The head of an entry, whatever follows it."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.type, entry.pax_headers = length, type, dict(pax)
    return entry.tobuf(tarfile.PAX_FORMAT if pax else tarfile.GNU_FORMAT)


PETABYTE = 1 << 50
LYING = {
    "file": header("a.json", PETABYTE),
    "file below": header("ok.json", 0) + header("a.json", PETABYTE) + bytes(1024),
    "unknown type": header("a.json", PETABYTE, b"Z"),
    "long name": header("././@LongLink", PETABYTE, tarfile.GNUTYPE_LONGNAME) + bytes(512),
    "extended head": header("a", PETABYTE, tarfile.XHDTYPE) + bytes(1024),
    "size in an extended head": header("a.json", 3, size=str(PETABYTE)) + b"abc",
    "sparse file": header("a.json", 3, **{"GNU.sparse.major": "1", "GNU.sparse.minor": "0"})
    + b"abc",
    "sparse size": header(
        "a.json", 0, **{"GNU.sparse.size": str(PETABYTE), "GNU.sparse.numblocks": "0"}
    ),
}


@pytest.mark.parametrize("kind", LYING)
@pytest.mark.parametrize("ending", ["tar", "tar.gz"])
def test_a_tar_that_says_it_is_larger_than_it_is_ends_at_once(
    tmp_path: Path, kind: str, ending: str
) -> None:
    path = tmp_path / f"x.{ending}"
    path.write_bytes(gzip.compress(LYING[kind]) if ending == "tar.gz" else LYING[kind])
    started = time.process_time()
    with pytest.raises(DataError, match="a broken tar archive"):
        for file in files(path):
            file.open().read()
    assert time.process_time() - started < 2


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/null"])
def test_a_device_is_refused(device: str) -> None:
    with pytest.raises(InputError, match="a pipe or a device"):
        names(Path(device))


def test_a_pipe_is_refused_and_passed_over_in_a_folder(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    (tmp_path / "zero.json").symlink_to("/dev/zero")
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(InputError, match="a pipe or a device"):
        names(pipe)
    assert names(tmp_path) == ["a.json"]
