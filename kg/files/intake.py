"""What a user points at, a file, a folder or an archive, as named streams of bytes with limits.

Archives are read in place and never unpacked to disk, so their member names cannot lead anywhere.
A Git LFS pointer, which stands for a file that was not fetched, is told as such and never read.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from kg.errors import DataError, InputError
from kg.messages.message import Message, reason_of

MEMBERS = 1_000_000  # files in an archive
RATIO = 200  # unpacked to packed bytes; JSON lines of the Hub reach about 30
FREE = 64 << 20  # bytes that may be unpacked before the ratio counts

# The first line of every pointer, and what it is smaller than, by docs/spec.md of git-lfs.
_POINTER = b"version https://git-lfs.github.com/spec/v"
_POINTER_SIZE = 1024
_SWELLS = Message("it unpacks to over %(most)s times its size: refused", most=RATIO)


class Closing(Protocol):
    """What bytes can be read from, and is closed then."""

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes; none at the end."""

    def close(self) -> None:
        """No more will be read."""


# What reading a broken archive raises; RuntimeError: a password, NotImplementedError: a rare packing.
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    gzip.BadGzipFile,
    OSError,
    RuntimeError,
    NotImplementedError,
)


class IntakeFile(NamedTuple):
    """A file somewhere inside what the user named."""

    name: str  # path below what the user named, with /
    size: int  # bytes as stored
    open: Callable[[], IO[bytes]]


def files(path: Path, pattern: str = "*") -> Iterator[IntakeFile]:
    """The files of a path, in the order of their names.

    Args:
        path: a file, a folder, or a .zip or .tar archive; `.gz` is unpacked on reading.
        pattern: only files whose path below it, without .gz, matches, as in `models/*.yml`.

    Raises:
        InputError: there is no such path, or it is neither a file nor a folder.
        DataError: a broken archive, or one made to swell.
    """
    found = _within(path)
    for file in found:
        name = file.name.removesuffix(".gz")
        if fnmatch(name, pattern) or fnmatch(name.rpartition("/")[2], pattern):
            yield IntakeFile(name, file.size, file.open)


def require_file(path: Path) -> None:
    """See to it that what a user named can be read to its end: a pipe or a device may have none.

    Raises:
        InputError: there is no such path, or it is no file.
    """
    if not path.exists():
        raise InputError(Message("there is no file or folder %(path)s", path=path))
    if not path.is_file():
        raise InputError(
            Message(
                "%(path)s is a pipe or a device, not a file; save it in a file first", path=path
            )
        )


def _within(path: Path) -> Iterator[IntakeFile]:
    if path.is_dir():
        return _folder(path)
    require_file(path)
    if zipfile.is_zipfile(path):
        return _zip(path)
    if path.name.endswith((".tar", ".tar.gz", ".tgz")):
        return _tar(path)
    return iter([_plain(path, path.name)])


def _folder(folder: Path) -> Iterator[IntakeFile]:
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.resolve().is_relative_to(root):
            yield _plain(path, path.relative_to(folder).as_posix())


def _plain(path: Path, name: str) -> IntakeFile:
    size = path.stat().st_size

    def opened() -> IO[bytes]:
        try:
            return _unpacked(path.open("rb"), size, name)
        except OSError as error:
            raise DataError(
                Message("cannot be read: %(why)s", why=reason_of(error)), name
            ) from error

    return IntakeFile(name, size, opened)


def _zip(path: Path) -> Iterator[IntakeFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = sorted(archive.infolist(), key=lambda m: m.filename)
            _few(len(members), path)
            for member in members:
                if not member.is_dir():
                    name, packed = member.filename, member.compress_size

                    yield IntakeFile(name, packed, partial(_member, archive, member))
    except BROKEN as error:
        raise DataError(
            Message("a broken zip archive: %(error)s", error=error), str(path)
        ) from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    name, packed = member.filename, member.compress_size
    try:
        return _unpacked(_bounded(archive.open(member), packed, name), packed, name)
    except BROKEN as error:
        raise DataError(
            Message("cannot be read from its archive: %(error)s", error=error), name
        ) from error


def _tar(path: Path) -> Iterator[IntakeFile]:
    packed = path.stat().st_size
    try:
        with path.open("rb") as raw:
            gzipped = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            unzipped = gzip.GzipFile(fileobj=raw)
            whole = _bounded(unzipped, packed, path.name) if gzipped else raw
            with tarfile.open(fileobj=whole, mode="r|") as archive:
                most = 4 * (FREE + RATIO * packed) if gzipped else packed
                for count, member in enumerate(archive):
                    _few(count, path)
                    _within_archive(archive, member, most)
                    if member.isfile() and (body := archive.extractfile(member)):
                        name, size = member.name, member.size
                        yield IntakeFile(name, size, partial(_entry, body, size, name))
    except (*BROKEN, ValueError) as error:  # a ValueError: numbers of a sparse file that are none
        raise DataError(
            Message("a broken tar archive: %(error)s", error=error), str(path)
        ) from error


def _within_archive(archive: tarfile.TarFile, member: tarfile.TarInfo, most: int) -> None:
    """Refuse a member that says it is larger than its archive: tarfile would look for its end for hours."""
    if archive.offset > most + tarfile.RECORDSIZE or member.size > most:
        raise tarfile.ReadError(f"{member.name[:100]!r} says it is larger than the archive")


def _entry(body: IO[bytes], size: int, name: str) -> IO[bytes]:
    return _unpacked(_bounded(body, size, name), size, name)


def _unpacked(stream: io.BufferedReader, packed: int, name: str) -> IO[bytes]:
    """A stream, unpacked if its name ends in .gz; a Git LFS pointer is refused."""
    if packed < _POINTER_SIZE and stream.peek(len(_POINTER)).startswith(_POINTER):
        stream.close()
        raise DataError(Message("a Git LFS pointer, not the file itself: run `git lfs pull`"), name)
    if not name.endswith(".gz"):
        return stream
    return _bounded(gzip.GzipFile(fileobj=stream), packed, name, stream)


def _few(count: int, path: Path) -> None:
    if count > MEMBERS:
        raise DataError(
            Message("an archive of more than %(most)s files is refused", most=MEMBERS),
            str(path),
        )


def _bounded(stream: Closing, packed: int, name: str, *under: Closing) -> io.BufferedReader:
    return io.BufferedReader(_Bounded(stream, packed, name, under), 1 << 16)


class _Bounded(io.RawIOBase):
    """A stream that refuses to swell far beyond its packed size."""

    def __init__(self, stream: Closing, packed: int, name: str, under: Sequence[Closing]) -> None:
        self._stream, self._name = stream, name
        self._under = (stream, *under)
        self._left = FREE + RATIO * packed

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        super().close()
        for stream in self._under:
            stream.close()

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            data = self._stream.read(len(view))
        except BROKEN as error:
            raise DataError(
                Message("broken or cut short: %(error)s", error=error), self._name
            ) from error
        self._left -= len(data)
        if self._left < 0:
            raise DataError(_SWELLS, self._name)
        view[: len(data)] = data
        return len(data)
