"""What is coming from a storage: written where it belongs part by part, compared on the way, taken up where it broke off."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kg.errors import SnapshotDamaged, TransferFailed
from kg.files.durable import keep_folder
from kg.messages.message import Message
from kg.snapshot.layout import Layout
from kg.snapshot.seal import Told, read_seal
from kg.travel._crew import work_on
from kg.travel._lists import FilePart, ListedFile, ReleaseList, pieces_of
from kg.travel._seam import Storage
from kg.travel._stored import read_piece

_BLOCK = 512  # bytes, in which the system tells what a file takes on the disk


class Brought(NamedTuple):
    """How much came, and how much was here."""

    fetched: int = 0  # parts
    fetched_bytes: int = 0
    kept_bytes: int = 0


class _Task(NamedTuple):
    """A part of a file, and where it may be besides the storage."""

    piece: FilePart
    goal: Path
    begun: bool  # whether an attempt before may have written it
    source: Path | None  # the same file of another snapshot


class _Arrived(NamedTuple):
    piece: FilePart
    data: bytes  # of a file of several parts, whose own checksum is still to be made
    fetched: bool


class Arriving:
    """Files on their way into a home folder.

    Args:
        layout: of the home folder.
        storage: where they come from.
        listed: what they are.
        sum: checksum of that list; an attempt of the same list is taken up, one of another is thrown away.
        watch: given the number of bytes to come, what is told how many came.
    """

    def __init__(
        self,
        layout: Layout,
        storage: Storage,
        listed: ReleaseList,
        sum: str,
        watch: Callable[[int], Told] | None,
    ) -> None:
        self._layout, self._storage, self._listed = layout, storage, listed
        self._watch = watch
        self._folder = layout.arriving / sum[:16]
        self.snapshot = self._folder / "snapshot"
        self.past: list[Path] = []

    def bring(self, whole: bool, known: set[str]) -> Brought:
        """Fetch what is missing; afterwards the disk holds it, in `snapshot` and in the folders `past`.

        Args:
            whole: whether the snapshot is wanted, or only what is kept of the releases before.
            known: versions of releases of which nothing is wanted.

        Raises:
            TransferFailed: something is missing or is not what it was, or there is no room for it.
            OSError: it cannot be written.
        """
        for other in self._layout.arriving.iterdir():
            if other != self._folder:
                shutil.rmtree(other)
        wanted = dict(self._wanted(whole, known))
        self._check_room(wanted)
        told = self._watch(sum(file.bytes for file in wanted.values())) if self._watch else None
        fetched = fetched_bytes = kept_bytes = 0
        digest = sha256()
        for arrived in self._arrive(wanted):
            piece = arrived.piece
            if piece.file.parts:
                digest = sha256() if not piece.start else digest
                digest.update(arrived.data)
                if piece.is_last and digest.hexdigest() != piece.file.sha256:
                    raise TransferFailed(
                        self._storage.place,
                        Message(
                            "the parts of %(name)s are whole and do not make the file",
                            name=piece.file.name,
                        ),
                    )
            fetched += arrived.fetched
            fetched_bytes += piece.bytes * arrived.fetched
            kept_bytes += piece.bytes * (not arrived.fetched)
            if told:
                told(piece.bytes)
        _keep(wanted)
        return Brought(fetched, fetched_bytes, kept_bytes)

    def clear(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._layout.arriving, ignore_errors=True)

    def _wanted(self, whole: bool, known: set[str]) -> Iterator[tuple[Path, ListedFile]]:
        """Where each file goes."""
        for file in self._listed.files if whole else ():
            yield self.snapshot / file.name, file
        for number, past in enumerate(self._listed.past):
            if past.version not in known:
                self.past.append(self._folder / "past" / f"{number:04d}")
                for file in past.files:
                    yield self.past[-1] / file.name, file

    def _check_room(self, wanted: Mapping[Path, ListedFile]) -> None:
        """See that the disk has room, before the first byte.

        Raises:
            TransferFailed: it has not.
        """
        here = sum(path.stat().st_blocks * _BLOCK for path in wanted if path.is_file())
        need = sum(file.bytes for file in wanted.values()) - here
        free = shutil.disk_usage(self._layout.home).free
        if need > free:
            raise TransferFailed(
                str(self._layout.home),
                Message(
                    "%(need)s MB are needed and %(free)s MB are free; nothing was switched",
                    need=-(-need // 1_000_000),
                    free=free // 1_000_000,
                ),
            )

    def _arrive(self, wanted: Mapping[Path, ListedFile]) -> Iterator[_Arrived]:
        """Each part of each file; of files that are the same one is fetched, and then the others copied from it."""
        one = {file.sha256: path for path, file in reversed([*wanted.items()])}
        fetched = {path: file for path, file in wanted.items() if one[file.sha256] == path}
        yield from work_on(self._tasks(fetched, self._here()), self._fetch)
        copied = {path: file for path, file in wanted.items() if path not in fetched}
        yield from work_on(self._tasks(copied, one), self._fetch)

    def _tasks(
        self, wanted: Mapping[Path, ListedFile], here: Mapping[str, Path]
    ) -> Iterator[_Task]:
        """The parts of files; a file is made in its size when its first part is asked for."""
        for path, file in wanted.items():
            begun = path.is_file()
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as made:
                made.truncate(file.bytes)
            for piece in pieces_of((file,), self._listed.part):
                yield _Task(piece, path, begun, here.get(file.sha256))

    def _here(self) -> dict[str, Path]:
        """Files of the snapshots of this machine by their checksums."""
        found: dict[str, Path] = {}
        for folder in self._layout.whole():
            try:
                sealed = read_seal(folder)
            except SnapshotDamaged:
                continue
            found |= {file.sha256: folder / name for name, file in sealed.items()}
        return found

    def _fetch(self, task: _Task) -> _Arrived:
        piece = task.piece
        data = _read(task.goal, piece) if task.begun else None
        if data is None:
            data = _read(task.source, piece) if task.source else None
            fetched = data is None
            if data is None:
                data = read_piece(self._storage, piece)
            _write(task.goal, data, piece)
        else:
            fetched = False
        return _Arrived(piece, data if piece.file.parts else b"", fetched)


def _read(path: Path, piece: FilePart) -> bytes | None:
    """A part as it stands in a file of this machine, if it is that part."""
    try:
        with path.open("rb") as file:
            file.seek(piece.start)
            data = file.read(piece.bytes)
    except OSError:
        return None
    return data if sha256(data).hexdigest() == piece.sum else None


def _write(path: Path, data: bytes, piece: FilePart) -> None:
    """Write a part of a file; one that is the file is also kept by the disk, while others are still coming.

    Raises:
        OSError: the disk is full, or refuses.
    """
    with path.open("r+b", buffering=0) as file:
        file.seek(piece.start)
        left = memoryview(data)
        while left:
            left = left[file.write(left) :]
        if not piece.file.parts:
            os.fsync(file.fileno())


def _keep(paths: Collection[Path]) -> None:
    """Wait until the disk holds files and their names; most of them it holds by now."""
    for _ in work_on(paths, _keep_file):
        pass
    folders = {folder for path in paths for folder in path.parents[:3]}
    for folder in sorted(folders, reverse=True):
        keep_folder(folder)


def _keep_file(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
