"""A snapshot: one immutable directory, complete or absent, and `current`, which names one.

    home/current -> snapshots/0007         switched with os.replace
    home/build.lock                        held by the one build that may run
    home/runs/<name>/                      claim runs that `gyebo ingest` stored
    home/pulled.json                       what was taken from a storage last (kg/travel/pull.py)
    home/arriving/                         what is being taken from there; may be deleted
    home/cache/                            what builds worked out before (kg/build/passes/_pieces.py); may be deleted
    home/snapshots/0007/
        lease                              readers hold a shared lock on it while they are open
        withdrawn                          only if `gyebo rollback` took it back; the next build deletes it
        release/entities.jsonl.zst         facts with their claims, one entity a line, sorted by id; line by
                                           line in zstd (kg/snapshot/records.py), by the dictionary entities.dict
        release/exports/gyebo.nq.gz        the same as N-Quads (kg/snapshot/graph_file.py)
        release/issues.jsonl               what the build found wrong
        release/redirects.json             ids that go by another id
        release/statistics.json            what the N-Quads hold, counted
        release/trends.json                sizes and context lengths over time, for the charts
        release/terms.json                 what data/licenses says
        release/verdicts.npy               what may be done with each entity, by its line (kg/licenses/verdicts.py)
        release/doubts.npy                 what is not sure about them (kg/licenses/doubts.py)
        release/consistency.npy            how each license stands to what was inherited (likewise)
        release/exports/                   the standard formats
        changes/                           what is otherwise than in the release before (kg/snapshot/releases/history.py)
        briefs.jsonl.zst                   what users of each model rely on, in a few words (kg/snapshot/releases/briefs.py)
        columns/                           what models are chosen by, as arrays (kg/columns/table.py)
        store/ search/ lineage/ citations/ disputes/ offsets.npy   caches, made from the release
        seal                               size and checksum of every file (kg/snapshot/seal.py)
        manifest.json                      written last: without it the directory is not a snapshot
    home/past/0007/                        what stays of a release when its snapshot is deleted: manifest.json,
                                           briefs.jsonl.zst and changes/, of the latest hundred (kg/snapshot/releases/past.py)

The release is a pure function of the data: same input, same bytes. A directory has its final name
from the start and is never moved: RocksDB opens files late, and a reader whose files went away
loops without an error. So the collector deletes only what no reader holds a lease on.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TypeVar

import msgspec

from kg.errors import BuildError, NoSnapshot, SnapshotError, WrongFormat
from kg.files.durable import keep_folder
from kg.messages.message import Message, environment_language, reason_of
from kg.snapshot.releases._keeping import keep_release
from kg.version import __version__

STATISTICS, TRENDS = "statistics.json", "trends.json"
ENTITIES, DICTIONARY, OFFSETS = "entities.jsonl.zst", "entities.dict", "offsets.npy"
GRAPH = "exports/gyebo.nq.gz"
BRIEFS = "briefs.jsonl.zst"
# What a release holds only compressed, and where
HELD = {"entities.jsonl": ENTITIES, "graph.nq": GRAPH}
FORMAT = 8  # raise it when a reader of the last version could not read what is written now
REMEMBERED = 65_536  # ids and labels that were looked up
WITHDRAWN = "withdrawn"  # a file in a snapshot that was taken back
KEEP = 2  # snapshots the collector leaves: the current one and the one before

_K = TypeVar("_K")
_V = TypeVar("_V")


class ReleaseFile(msgspec.Struct, frozen=True):
    """One file of the release; of one that is held compressed, as it is when it is unpacked."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a snapshot is: written last, with the checksum of each release file."""

    format: int
    gyebo: str  # version of the program
    base: str
    counts: dict[str, int]
    files: dict[str, ReleaseFile]
    as_of: str = ""  # the last day on which a source of it was read, ISO; "" if none says so

    @property
    def version(self) -> str:
        """A short name for the content: the start of the checksum of its N-Quads."""
        return self.files["graph.nq"].sha256[:12]


class Layout:
    """Where everything stands below a home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.current = home / "current"
        self.snapshots = home / "snapshots"
        self.past = home / "past"
        self.runs = home / "runs"
        self.cache = home / "cache"
        self.pulled = home / "pulled.json"
        self.arriving = home / "arriving"
        self.lock = home / "build.lock"

    def current_folder(self) -> Path:
        """The folder that `current` names.

        Raises:
            NoSnapshot: nothing has been built.
        """
        try:
            return self.home / os.readlink(self.current)
        except OSError as error:
            raise NoSnapshot(str(self.home)) from error

    def next_name(self) -> str:
        """The name of the next snapshot: the number after all that are there or were kept."""
        there = (*self.snapshots.glob("*"), *self.past.glob("*"))
        numbers = [int(p.name) for p in there if p.name.isdigit()]
        return f"{max(numbers, default=0) + 1:04d}"

    def new_folder(self) -> Path:
        """Make the folder of the next snapshot, under its final name."""
        folder = self.snapshots / self.next_name()
        folder.mkdir(parents=True)
        (folder / "lease").touch()
        return folder

    def publish(self, folder: Path) -> None:
        """Let `current` name a complete snapshot, in one step that the disk holds when it is done."""
        waiting = self.home / "current.new"
        waiting.unlink(missing_ok=True)
        os.symlink(folder.relative_to(self.home), waiting)
        keep_folder(self.snapshots)
        os.replace(waiting, self.current)
        keep_folder(self.home)

    def whole(self) -> list[Path]:
        """The folders of complete snapshots, also of those that were withdrawn, the oldest first."""
        return [p for p in self._folders() if is_complete(p)]

    def complete(self) -> list[Path]:
        """The folders of complete snapshots that were not withdrawn, the oldest first."""
        return [p for p in self.whole() if not (p / WITHDRAWN).exists()]

    def sweep(self) -> None:
        """Delete what builds that were killed left behind; call it only with the build lock held."""
        for folder in self._folders():
            if not is_complete(folder):
                _delete_unless_read(folder)

    def collect(self) -> None:
        """Delete snapshots beyond the newest KEEP that nobody reads, and what builds left behind.

        Of the release of each something stays in `past`. Call it only with the build lock held.
        """
        current = [self.current_folder()] if self.current.is_symlink() else []
        complete = self.complete()
        keep = {*complete[-KEEP:], *current}
        for folder in self._folders():
            if folder not in keep:
                if folder in complete:
                    keep_release(folder, self.past)
                _delete_unless_read(folder)

    def _folders(self) -> list[Path]:
        return sorted(p for p in self.snapshots.glob("*") if p.name.isdigit())


def is_complete(folder: Path) -> bool:
    """Whether a build of this snapshot came to its end."""
    return (folder / "manifest.json").exists()


def _delete_unless_read(folder: Path) -> None:
    try:
        with (folder / "lease").open("r+b") as lease:
            fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
    except BlockingIOError:
        return  # a reader holds it; a later build deletes it
    except FileNotFoundError:
        shutil.rmtree(folder, ignore_errors=True)


def _lock_file(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a+")
    except OSError as error:
        raise BuildError(
            Message(
                "nothing can be written in %(folder)s: %(why)s; give another folder with --home",
                folder=path.parent,
                why=reason_of(error),
            )
        ) from error


@contextlib.contextmanager
def build_lock(path: Path, wait: bool = True) -> Iterator[None]:
    """Hold the lock that one build at a time may hold.

    Args:
        path: the lock file; it names the process that holds it.
        wait: wait for another build, saying so on stderr; otherwise fail.

    Raises:
        BuildError: another build holds the lock and `wait` is false, or the folder cannot be written.
    """
    with _lock_file(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            process = file.read().strip() or Message("unknown")
            holder = Message(
                "process %(process)s is building in %(folder)s", process=process, folder=path.parent
            )
            if not wait:
                raise BuildError(
                    Message("%(holder)s; try again when it is done", holder=holder)
                ) from None
            waiting = Message("%(holder)s; waiting for it", holder=holder)
            print(waiting.text(environment_language()), file=sys.stderr, flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def program_name(version: object, format: object = FORMAT) -> Message:
    """A version of the program and the format it writes, as people are told.

    >>> str(program_name("0.1.0", 3))
    'gyebo 0.1.0 (format 3)'
    """
    return Message("gyebo %(version)s (format %(format)s)", version=version, format=format)


def check_program(manifest: Manifest) -> None:
    """Refuse a snapshot of another version of the program: what that wrote may mean something else.

    Raises:
        WrongFormat: it was built by another version.
    """
    this = __version__
    if manifest.gyebo != this:
        raise WrongFormat(program_name(manifest.gyebo, manifest.format), program_name(this))


def read_manifest(folder: Path) -> Manifest:
    """Read a snapshot's manifest.

    Raises:
        WrongFormat: it has another format than this program reads.
        SnapshotError: it is missing or damaged.
    """
    try:
        raw = msgspec.json.decode((folder / "manifest.json").read_bytes())
        raw = raw if isinstance(raw, dict) else {}
        if raw.get("format") != FORMAT:
            found = program_name(raw.get("gyebo"), raw.get("format"))
            raise WrongFormat(found, program_name(__version__))
        return msgspec.convert(raw, Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise SnapshotError(
            Message(
                "%(folder)s is not a snapshot (%(error)s); run `gyebo build`",
                folder=folder,
                error=error,
            )
        ) from error


def remember(known: dict[_K, _V], key: _K, value: _V, most: int = REMEMBERED) -> None:
    """Keep what was found out; all of it is forgotten when there is too much."""
    if len(known) >= most:
        known.clear()
    known[key] = value
