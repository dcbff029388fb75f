"""A backup: all that a user made, in one file, and its way back.

    manifest.json            format, version, and of each file its path, size, sha256 and time
    home/runs/<name>/…       claim runs
    home/snapshot/…          the current snapshot, with what changed since the release before
    home/past/<number>/…     what stays of the releases before it
    data/…                   the data folder, with judgements and edits
    gyebo.toml               the settings, if the file stands where the command is run

It is a tar.gz. Nothing of one is believed before its checksum: a restore unpacks beside its goal, and moves what is whole.
Downloads (`raw/`) are left out, as they are fetched again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import IO

import msgspec

from kg.claims.runs import run_folders
from kg.config import CONFIG_FILE
from kg.errors import DataError, InputError, NoSnapshot
from kg.files.durable import keep_files, keep_folder
from kg.files.intake import BROKEN
from kg.files.output import write_file
from kg.messages.message import Message
from kg.paths import DATA
from kg.snapshot.layout import Layout, build_lock
from kg.snapshot.releases.past import kept_files, past_folders
from kg.snapshot.seal import check_bytes
from kg.version import __version__

BACKUP_FORMAT = 1
_MANIFEST, _RUNS, _SNAPSHOT, _DATA = "manifest.json", "home/runs", "home/snapshot", "data"
_PAST = "home/past"
_LARGEST_MANIFEST = 256 << 20
_PASSED_OVER = {"lease", "__pycache__"}


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


def write_backup(
    target: Path, home: Path, data: Path = DATA, config: Path = CONFIG_FILE
) -> BackupManifest:
    """Write all that a user made into one file.

    Args:
        target: the file.
        home: holds runs and snapshots.
        data: the data folder.
        config: the file of settings; may be missing.

    Raises:
        InputError: it cannot be written, or a file changed while it was read.
        SnapshotDamaged: the current snapshot is not whole.
    """
    layout = Layout(home)
    with build_lock(layout.lock):
        found = dict(_found(layout, data, config))
        files = {name: _described(path) for name, path in sorted(found.items())}
        manifest = BackupManifest(format=BACKUP_FORMAT, gyebo=__version__, files=files)
        write_file(target, lambda out: _pack(out, manifest, found))
    return manifest


def _found(layout: Layout, data: Path, config: Path) -> Iterator[tuple[str, Path]]:
    for folder in run_folders(layout.runs):
        name = folder.name.removeprefix(".").removesuffix(".old")
        yield from _below(folder, f"{_RUNS}/{name}")
    try:
        snapshot = layout.current_folder()
        check_bytes(snapshot)
        yield from _below(snapshot, _SNAPSHOT)
        for folder in past_folders(layout):
            if folder != snapshot:
                yield from (
                    (f"{_PAST}/{folder.name}/{name}", path) for name, path in kept_files(folder)
                )
    except NoSnapshot:
        pass
    yield from _below(data, _DATA)
    if config.is_file():
        yield CONFIG_FILE.name, config


def _below(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and _PASSED_OVER.isdisjoint(parts):
            yield "/".join((name, *parts)), path


def _described(path: Path) -> BackedFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        stat = os.fstat(file.fileno())
    return BackedFile(stat.st_size, digest, stat.st_mtime_ns)


def _pack(out: IO[bytes], manifest: BackupManifest, found: Mapping[str, Path]) -> None:
    told = msgspec.json.encode(manifest)
    with tarfile.open(fileobj=out, mode="w|gz", format=tarfile.PAX_FORMAT) as archive:
        with tempfile.SpooledTemporaryFile() as head:
            head.write(told)
            head.seek(0)
            archive.addfile(_entry(_MANIFEST, len(told)), head)
        for name, file in manifest.files.items():
            with found[name].open("rb") as content:
                archive.addfile(_entry(name, file.size), content)
            if _described(found[name]) != file:
                raise InputError(
                    Message("%(path)s changed while it was read; try again", path=found[name])
                )


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    return entry


def restore_backup(
    source: Path,
    home: Path,
    data: Path = DATA,
    config: Path = CONFIG_FILE,
    *,
    force: bool = False,
) -> BackupManifest:
    """Put back what a backup holds, when all of it has proved whole.

    Args:
        source: the backup.
        home: where runs and the snapshot go.
        data: where the data folder goes.
        config: where the settings go.
        force: replace what stands there otherwise; else nothing is written if anything does.

    Raises:
        InputError: something stands there that is otherwise, or it cannot be written.
        DataError: it is no backup, is damaged, or holds what a backup never holds.
    """
    layout = Layout(home)
    with build_lock(layout.lock), ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=".restore-", dir=home))
        staged = Path(folder)
        manifest = _unpack(source, staged)
        goals = {name: _goal(name, layout, data, config) for name in manifest.files}
        if not force:
            _refuse_loss(manifest, goals, layout)
        _put_whole(staged / _RUNS, layout.runs)
        for name, goal in goals.items():
            if not name.startswith("home/"):
                _put(staged / name, goal)
        _put_whole(staged / _PAST, layout.past)
        _put_snapshot(staged / _SNAPSHOT, layout)
    return manifest


def _unpack(source: Path, staged: Path) -> BackupManifest:
    """Write the files of a backup below a folder; each is what the manifest says, or nothing is believed."""
    if not source.is_file():
        raise InputError(Message("there is no file %(path)s", path=source))
    try:
        with tarfile.open(source, "r|gz") as archive:
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
    if first is None or first.name != _MANIFEST or first.size > _LARGEST_MANIFEST:
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
        for top, deep in ((_RUNS, 3), (_PAST, 3), (_SNAPSHOT, 2), (_DATA, 1))
    )


def _write(
    archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path, file: BackedFile, source: Path
) -> None:
    content = archive.extractfile(member)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as out:
        if content:
            shutil.copyfileobj(content, out)
    if _described(path).sha256 != file.sha256:
        raise DataError(_not_whole(member.name), str(source))
    os.utime(path, ns=(file.modified, file.modified))


def _goal(name: str, layout: Layout, data: Path, config: Path) -> Path:
    if name.startswith(f"{_DATA}/"):
        return data / name.removeprefix(f"{_DATA}/")
    return config if name == CONFIG_FILE.name else layout.home / name.removeprefix("home/")


def _refuse_loss(manifest: BackupManifest, goals: Mapping[str, Path], layout: Layout) -> None:
    """Refuse to replace anything by what is not the same."""
    there = [path for path in (layout.current,) if path.is_symlink()]
    there += [
        goal
        for name, goal in goals.items()
        if goal.exists() and _described(goal).sha256 != manifest.files[name].sha256
    ]
    if there:
        raise InputError(
            Message(
                "%(path)s is there already, and otherwise (%(num)s in all): nothing was restored; "
                "--force replaces, --home and --data name other folders",
                path=there[0],
                num=len(there),
            )
        )


def _put_whole(staged: Path, target: Path) -> None:
    """Each folder as a whole, such as a run, in place of that of its name."""
    for folder in sorted(staged.glob("*")):
        goal = target / folder.name
        target.mkdir(exist_ok=True)
        for inner in (*(path for path in folder.rglob("*") if path.is_dir()), folder):
            keep_files(inner)
        if goal.exists():
            shutil.rmtree(goal)
        folder.rename(goal)
        keep_folder(target)


def _put(staged: Path, goal: Path) -> None:
    stat = staged.stat()
    goal.parent.mkdir(parents=True, exist_ok=True)
    with staged.open("rb") as content:
        write_file(goal, lambda out: shutil.copyfileobj(content, out))
    os.utime(goal, ns=(stat.st_mtime_ns, stat.st_mtime_ns))


def _put_snapshot(staged: Path, layout: Layout) -> None:
    """The snapshot, as the newest of the home; one that is served stays as long as somebody reads it."""
    if not staged.is_dir():
        return
    folder = layout.new_folder()
    for part in sorted(staged.iterdir(), key=lambda path: (path.name == _MANIFEST, path.name)):
        part.rename(folder / part.name)
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        keep_files(inner)
    layout.publish(folder)
