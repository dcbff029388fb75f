"""A snapshot: one immutable directory, complete or absent, and `current`, which names one.

    home/current -> snapshots/0007         switched with os.replace
    home/build.lock                        held by the one build that may run
    home/runs/<name>/                      claim runs that `gyebo ingest` stored
    home/snapshots/0007/
        lease                              readers hold a shared lock on it while they are open
        withdrawn                          only if `gyebo rollback` took it back; the next build deletes it
        release/entities.jsonl             facts with their claims, one entity a line, sorted by id
        release/graph.nq                   the same as N-Quads
        release/issues.jsonl               what the build found wrong
        release/redirects.json             ids that go by another id
        release/statistics.json            what graph.nq holds, counted
        release/trends.json                sizes and context lengths over time, for the charts
        release/terms.json                 what data/licenses says
        release/verdicts.npy               what may be done with each entity, by its line (kg/licenses/verdicts.py)
        release/consistency.npy            how each license stands to what was inherited (likewise)
        release/exports/                   the standard formats
        changes/                           what is otherwise than in the release before (kg/snapshot/history.py)
        store/ search/ lineage/ citations/ offsets.npy   caches, made from the release
        seal                               size and checksum of every file (kg/snapshot/seal.py)
        manifest.json                      written last: without it the directory is not a snapshot

The release is a pure function of the data: same input, same bytes. A directory has its final name
from the start and is never moved: RocksDB opens files late, and a reader whose files went away
loops without an error. So the collector deletes only what no reader holds a lease on.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
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
from kg.version import __version__

STATISTICS, TRENDS = "statistics.json", "trends.json"
FORMAT = 7  # raise it when a reader of the last version could not read what is written now
REMEMBERED = 65_536  # ids and labels that were looked up
WITHDRAWN = "withdrawn"  # a file in a snapshot that was taken back
KEEP = 2  # snapshots the collector leaves: the current one and the one before

_K = TypeVar("_K")
_V = TypeVar("_V")


class ReleaseFile(msgspec.Struct, frozen=True):
    """One file of the release."""

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
        """A short name for the content: the start of the graph file's checksum."""
        return self.files["graph.nq"].sha256[:12]


class Layout:
    """Where everything stands below a home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.current = home / "current"
        self.snapshots = home / "snapshots"
        self.runs = home / "runs"
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

    def new_folder(self) -> Path:
        """Make the folder of the next snapshot, under its final name."""
        numbers = [int(p.name) for p in self.snapshots.glob("*") if p.name.isdigit()]
        folder = self.snapshots / f"{max(numbers, default=0) + 1:04d}"
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

    def complete(self) -> list[Path]:
        """The folders of complete snapshots that were not withdrawn, the oldest first."""
        return [p for p in self._folders() if is_complete(p) and not (p / WITHDRAWN).exists()]

    def sweep(self) -> None:
        """Delete what builds that were killed left behind; call it only with the build lock held."""
        for folder in self._folders():
            if not is_complete(folder):
                _delete_unless_read(folder)

    def collect(self) -> None:
        """Delete snapshots beyond the newest KEEP that nobody reads, and what builds left behind.

        Call it only with the build lock held.
        """
        current = [self.current_folder()] if self.current.is_symlink() else []
        keep = {*self.complete()[-KEEP:], *current}
        for folder in self._folders():
            if folder not in keep:
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


def _read_offsets(path: Path) -> memoryview[int]:
    """The numbers of an array that NumPy saved, which takes much longer to load than to do without.

    Raises:
        SnapshotError: it is no array of 64-bit numbers.
    """
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = 10 + int.from_bytes(data[8:10], "little")  # of version 1 of the format
    if data[:7] != b"\x93NUMPY\x01" or b"'descr': '<u8'" not in data[10:start]:
        raise SnapshotError(Message("%(path)s cannot be read; run `gyebo build`", path=path))
    return memoryview(data)[start:].cast("Q")


class Lines:
    """The entities file, by line number and by id, without reading it whole."""

    def __init__(self, path: Path, offsets: Path) -> None:
        self._offsets = _read_offsets(offsets)
        with path.open("rb") as file:
            empty = os.fstat(file.fileno()).st_size == 0
            self._data = b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._found: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, number: int) -> bytes:
        return bytes(self._data[self._offsets[number] : self._offsets[number + 1]])

    def id(self, number: int) -> str:
        """The id on a line; every line begins {"id":"…"."""
        start = self._offsets[number] + len('{"id":"')
        end = self._data.find(b'"', start)
        return bytes(self._data[start:end]).decode()

    def find(self, id: str) -> int | None:
        """The line of an id, by binary search; the latest that were found are remembered."""
        number = self._found.get(id)
        if number is None:
            number = self.bisect(id)
            if number >= len(self) or self.id(number) != id:
                return None  # not remembered: anyone can ask for ids that are none
            remember(self._found, id, number)
        return number

    def bisect(self, id: str) -> int:
        """The first line whose id is not before this one."""
        key = id.encode() + b'"'
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.id(middle).encode() + b'"' < key:
                low = middle + 1
            else:
                high = middle
        return low
