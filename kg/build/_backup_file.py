"""The file of a backup: what stands in it, and unpacking it, which believes nothing before its checksum."""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath

import msgspec

from kg.config import CONFIG_FILE
from kg.errors import DataError, InputError
from kg.files.intake import BROKEN
from kg.files.progress import Watch, counted_bytes
from kg.messages.message import Message

BACKUP_FORMAT = 1
MANIFEST, RUNS, SNAPSHOT, DATA_FILES = "manifest.json", "home/runs", "home/snapshot", "data"
PAST = "home/past"
_LARGEST_MANIFEST = 256 << 20


class BackedFile(msgspec.Struct, frozen=True):
    """A file of a backup."""

    size: int
    sha256: str
    modified: int  # nanoseconds since 1970, by which a build tells whether a run is another


class BackupManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds."""

    format: int
    gyebo: str  # version of the program
    files: dict[str, BackedFile]


def describe(path: Path) -> BackedFile:
    """A file as a backup tells of it."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        stat = os.fstat(file.fileno())
    return BackedFile(stat.st_size, digest, stat.st_mtime_ns)


def unpack(source: Path, staged: Path, watch: Watch) -> BackupManifest:
    """Write the files of a backup below a folder; each is what the manifest says, or nothing is believed.

    Args:
        source: the backup.
        staged: the folder.
        watch: given the number of its bytes, what is told how many are read.

    Raises:
        InputError: there is no such file.
        DataError: it is no backup, is damaged, or holds what a backup never holds.
    """
    if not source.is_file():
        raise InputError(Message("there is no file %(path)s", path=source))
    try:
        with (
            counted_bytes(source.open("rb"), watch("read", source.stat().st_size)) as packed,
            tarfile.open(fileobj=packed, mode="r|gz") as archive,
        ):
            manifest = _manifest(archive, source)
            left = dict(manifest.files)
            while member := archive.next():
                file = left.pop(member.name, None)
                if (
                    file is None
                    or not member.isreg()
                    or member.size != file.size
                    or member.issparse()
                ):
                    raise DataError(_not_whole(member.name), str(source))
                _write(archive, member, staged / member.name, file, source)
    except BROKEN as error:
        if isinstance(error, OSError) and error.errno:  # the system's: no space, no permission
            raise
        raise DataError(_no_backup(), str(source)) from error
    if left:
        raise DataError(_not_whole(min(left)), str(source))
    return manifest


def _manifest(archive: tarfile.TarFile, source: Path) -> BackupManifest:
    first = archive.next()
    if first is None or first.name != MANIFEST or first.size > _LARGEST_MANIFEST:
        raise DataError(_no_backup(), str(source))
    content = archive.extractfile(first)
    try:
        manifest = msgspec.json.decode(content.read() if content else b"", type=BackupManifest)
    except msgspec.MsgspecError as error:
        raise DataError(_no_backup(), str(source)) from error
    if manifest.format != BACKUP_FORMAT:
        raise DataError(
            Message(
                "a backup of format %(found)s; this program reads %(known)s",
                found=manifest.format,
                known=BACKUP_FORMAT,
            ),
            str(source),
        )
    for name in manifest.files:
        if not _is_ours(name):
            raise DataError(_not_whole(name), str(source))
    return manifest


def _no_backup() -> Message:
    return Message("not a backup that `gyebo backup` wrote, or cut short")


def _not_whole(name: str) -> Message:
    return Message(
        "%(name)r is not as its manifest says, or stands where a backup has nothing: nothing was restored",
        name=name[:200],
    )


def _is_ours(name: str) -> bool:
    """Whether a path is one that a backup has, below the place where its files are unpacked."""
    parts = PurePosixPath(name).parts
    if "/".join(parts) != name or {"..", ".", "/"} & set(parts) or "\\" in name or "\0" in name:
        return False
    if name == CONFIG_FILE.name:
        return True
    return any(
        name.startswith(f"{top}/") and len(parts) > deep
        for top, deep in ((RUNS, 3), (PAST, 3), (SNAPSHOT, 2), (DATA_FILES, 1))
    )


def _write(
    archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path, file: BackedFile, source: Path
) -> None:
    content = archive.extractfile(member)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as out:
        if content:
            shutil.copyfileobj(content, out)
    if describe(path).sha256 != file.sha256:
        raise DataError(_not_whole(member.name), str(source))
    os.utime(path, ns=(file.modified, file.modified))
