"""The seal of a snapshot: the size and checksum of every file its build wrote, and whether they still hold.

    home/snapshots/0007/seal      a line a file, sorted: sha256, size in bytes, path; then the sha256 of these lines

Sizes are compared whenever a snapshot is opened; bytes where somebody asks for it (`gyebo verify`), before a
build says that nothing has to be done, before the site starts and before a file is handed out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kg.errors import SnapshotDamaged
from kg.files.durable import keep_folder
from kg.messages.message import Message, reason_of
from kg.snapshot.layout import ReleaseFile

SEAL, MANIFEST = "seal", "manifest.json"
_UNSEALED = {SEAL, "lease"}  # the seal vouches for itself; the lease is empty and only locked
_PIECE = 1 << 20
_AT_ONCE = 2  # files that are summed up beside each other, which leaves the interpreter to others
CHANGED = Message("its bytes are not those that were written")

Told = Callable[[int], None]  # how many bytes were read since it was told last


class Damage(NamedTuple):
    """A file of a snapshot that is not as its build wrote it."""

    path: str  # below the snapshot's folder
    why: Message


def write_seal(folder: Path, manifest: bytes) -> None:
    """Seal a complete snapshot, and let disk and folders hold all of it.

    Args:
        folder: the snapshot's, with all files but the manifest.
        manifest: the bytes that manifest.json will hold; that file is written after the seal.
    """
    from concurrent.futures import ThreadPoolExecutor  # slow to load, and only a build seals

    sealed = {MANIFEST: ReleaseFile(len(manifest), sha256(manifest).hexdigest())}
    paths = _files(folder)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        sums = threads.map(partial(checksum, keep=True), paths)
        for path, sum in zip(paths, sums, strict=True):
            sealed[str(path.relative_to(folder))] = sum
    for place in {path.parent for path in paths}:
        keep_folder(place)
    lines = "".join(
        f"{file.sha256} {file.bytes} {name}\n" for name, file in sorted(sealed.items())
    ).encode()
    write_last(folder / SEAL, lines + sha256(lines).hexdigest().encode() + b"\n")


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(p for p in found if str(p.relative_to(folder)) not in {*_UNSEALED, MANIFEST})


def checksum(path: Path, keep: bool = False, told: Told | None = None) -> ReleaseFile:
    """Size and SHA-256 of a file.

    Args:
        path: the file.
        keep: also wait until the disk holds it.
        told: called with the number of bytes of each piece that was read.
    """
    sum = sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            sum.update(piece)
            if told:
                told(len(piece))
        if keep:
            os.fsync(file.fileno())
        return ReleaseFile(file.tell(), sum.hexdigest())


def write_last(path: Path, data: bytes) -> None:
    """Write a file so that the disk holds it and its name."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    keep_folder(path.parent)


def read_seal(folder: Path) -> Mapping[str, ReleaseFile]:
    """What a snapshot's files were when it was built.

    Raises:
        SnapshotDamaged: the seal is missing or is not whole.
    """
    try:
        data = (folder / SEAL).read_bytes()
        *lines, own = data.decode("ascii").splitlines(keepends=True)
        if sha256("".join(lines).encode()).hexdigest() + "\n" != own:
            raise ValueError
        found = (line.rstrip("\n").split(" ", 2) for line in lines)
        return {name: ReleaseFile(int(size), sum) for sum, size, name in found}
    except (OSError, ValueError) as error:
        why = reason_of(error) if isinstance(error, OSError) else Message("it is not whole")
        raise SnapshotDamaged(folder.name, SEAL, why) from error


def seal_sum(folder: Path) -> str:
    """The checksum of a seal: equal of two snapshots whose files are equal byte for byte, and of no others.

    Raises:
        SnapshotDamaged: the seal is missing or is not whole.
    """
    lines = "".join(f"{f.sha256} {f.bytes} {name}\n" for name, f in read_seal(folder).items())
    return sha256(lines.encode()).hexdigest()


def check_sizes(folder: Path) -> None:
    """Compare the size of every file with the seal, which reads none of them.

    Raises:
        SnapshotDamaged: one has another size or is missing.
    """
    for damage in damages(folder, quick=True):
        raise SnapshotDamaged(folder.name, damage.path, damage.why)


def check_bytes(folder: Path, told: Told | None = None) -> None:
    """Compare every byte of a snapshot with its seal.

    Raises:
        SnapshotDamaged: a file is not as it was written.
    """
    for damage in damages(folder, told=told):
        raise SnapshotDamaged(folder.name, damage.path, damage.why)


def check_file(folder: Path, name: str) -> None:
    """Compare one file with the seal; a file that was found whole is not read again until it is written to.

    Args:
        folder: the snapshot's.
        name: of the file, below it.

    Raises:
        SnapshotDamaged: it is not as it was written.
    """
    path, sealed = folder / name, read_seal(folder)[name]
    why = _damage(path, sealed, quick=True, told=None)
    try:
        found = path.stat()
        written = (path, found.st_ino, found.st_size, found.st_mtime_ns)
        if why is None and _checksum_of(*written) != sealed.sha256:
            why = CHANGED
    except OSError as error:
        why = reason_of(error)
    if why:
        raise SnapshotDamaged(folder.name, name, why)


@lru_cache(256)
def _checksum_of(path: Path, file: int, size: int, changed: int) -> str:
    """The checksum of a file as it was when it was last written to."""
    return checksum(path).sha256


def damages(folder: Path, *, quick: bool = False, told: Told | None = None) -> Iterator[Damage]:
    """The files of a snapshot that are not as they were written.

    Args:
        folder: the snapshot's.
        quick: compare sizes only.
        told: called with the number of bytes of each piece that was read.

    Raises:
        SnapshotDamaged: there is no seal to compare with.
    """
    for name, file in read_seal(folder).items():
        if why := _damage(folder / name, file, quick, told):
            yield Damage(name, why)


def _damage(path: Path, file: ReleaseFile, quick: bool, told: Told | None) -> Message | None:
    try:
        size = path.stat().st_size
        if size != file.bytes:
            return Message("it has %(found)d bytes of %(all)d", found=size, all=file.bytes)
        if not quick and checksum(path, told=told).sha256 != file.sha256:
            return CHANGED
    except OSError as error:
        return reason_of(error)
    return None
