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

import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import IO

import msgspec

from kg.build._backup_file import (
    BACKUP_FORMAT,
    DATA_FILES,
    MANIFEST,
    PAST,
    RUNS,
    SNAPSHOT,
    BackedFile,
    describe,
    unpack,
)
from kg.build._backup_file import (
    BackupManifest as BackupManifest,
)
from kg.claims.runs import run_folders
from kg.config import CONFIG_FILE
from kg.errors import InputError, NoSnapshot
from kg.files.durable import keep_files, keep_folder
from kg.files.output import write_file
from kg.files.progress import Watch, unwatched
from kg.messages.message import Message
from kg.paths import DATA
from kg.snapshot.layout import Layout, build_lock
from kg.snapshot.releases.past import kept_files, past_folders
from kg.snapshot.seal import check_bytes
from kg.version import __version__

_PASSED_OVER = {"lease", "__pycache__"}


def write_backup(
    target: Path,
    home: Path,
    data: Path = DATA,
    config: Path = CONFIG_FILE,
    *,
    watch: Watch = unwatched,
) -> BackupManifest:
    """Write all that a user made into one file.

    Args:
        target: the file.
        home: holds runs and snapshots.
        data: the data folder.
        config: the file of settings; may be missing.
        watch: given a stage and the number of its bytes, what is told how many are done.

    Raises:
        InputError: it cannot be written, or a file changed while it was read.
        SnapshotDamaged: the current snapshot is not whole.
    """
    layout = Layout(home)
    with build_lock(layout.lock):
        found = dict(_found(layout, data, config))
        size = sum(path.stat().st_size for path in found.values())
        told, files = watch("read", size), dict[str, BackedFile]()
        for name, path in sorted(found.items()):
            files[name] = describe(path)
            told(files[name].size)
        manifest = BackupManifest(format=BACKUP_FORMAT, gyebo=__version__, files=files)
        write_file(target, lambda out: _pack(out, manifest, found, watch("write", size)))
    return manifest


def _found(layout: Layout, data: Path, config: Path) -> Iterator[tuple[str, Path]]:
    for folder in run_folders(layout.runs):
        name = folder.name.removeprefix(".").removesuffix(".old")
        yield from _below(folder, f"{RUNS}/{name}")
    try:
        snapshot = layout.current_folder()
        check_bytes(snapshot)
        yield from _below(snapshot, SNAPSHOT)
        for folder in past_folders(layout):
            if folder != snapshot:
                yield from (
                    (f"{PAST}/{folder.name}/{name}", path) for name, path in kept_files(folder)
                )
    except NoSnapshot:
        pass
    yield from _below(data, DATA_FILES)
    if config.is_file():
        yield CONFIG_FILE.name, config


def _below(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and _PASSED_OVER.isdisjoint(parts):
            yield "/".join((name, *parts)), path


def _pack(
    out: IO[bytes], manifest: BackupManifest, found: Mapping[str, Path], told: Callable[[int], None]
) -> None:
    head = msgspec.json.encode(manifest)
    with tarfile.open(fileobj=out, mode="w|gz", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(_entry(MANIFEST, len(head)), BytesIO(head))
        for name, file in manifest.files.items():
            with found[name].open("rb") as content:
                archive.addfile(_entry(name, file.size), content)
            if describe(found[name]) != file:
                raise InputError(
                    Message("%(path)s changed while it was read; try again", path=found[name])
                )
            told(file.size)


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
    watch: Watch = unwatched,
) -> BackupManifest:
    """Put back what a backup holds, when all of it has proved whole.

    Args:
        source: the backup.
        home: where runs and the snapshot go.
        data: where the data folder goes.
        config: where the settings go.
        force: replace what stands there otherwise; else nothing is written if anything does.
        watch: given a stage and the number of its bytes, what is told how many are done.

    Raises:
        InputError: something stands there that is otherwise, or it cannot be written.
        DataError: it is no backup, is damaged, or holds what a backup never holds.
    """
    layout = Layout(home)
    with build_lock(layout.lock), ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix=".restore-", dir=home))
        staged = Path(folder)
        manifest = unpack(source, staged, watch)
        goals = {name: _goal(name, layout, data, config) for name in manifest.files}
        if not force:
            _refuse_loss(manifest, goals, layout)
        _put_whole(staged / RUNS, layout.runs)
        for name, goal in goals.items():
            if not name.startswith("home/"):
                _put(staged / name, goal)
        _put_whole(staged / PAST, layout.past)
        _put_snapshot(staged / SNAPSHOT, layout)
    return manifest


def _goal(name: str, layout: Layout, data: Path, config: Path) -> Path:
    if name.startswith(f"{DATA_FILES}/"):
        return data / name.removeprefix(f"{DATA_FILES}/")
    return config if name == CONFIG_FILE.name else layout.home / name.removeprefix("home/")


def _refuse_loss(manifest: BackupManifest, goals: Mapping[str, Path], layout: Layout) -> None:
    """Refuse to replace anything by what is not the same."""
    there = [path for path in (layout.current,) if path.is_symlink()]
    there += [
        goal
        for name, goal in goals.items()
        if goal.exists() and describe(goal).sha256 != manifest.files[name].sha256
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
    for part in sorted(staged.iterdir(), key=lambda path: (path.name == MANIFEST, path.name)):
        part.rename(folder / part.name)
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        keep_files(inner)
    layout.publish(folder)
