"""How far work on many things has come, told to whoever asked for it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from typing import IO, TypeVar, cast

Stage = Callable[[str, int, int], None]  # its name, how much is done of how much; 0 = not counted
# Its name and bytes; gives what is told of each piece
Watch = Callable[[str, int], Callable[[int], None]]
_PIECE = 1 << 18  # bytes of a file that are told at once
_ITEMS = 1000  # things that are
_T = TypeVar("_T")


def silent(name: str, done: int, total: int) -> None:
    """Tell nobody."""


def unwatched(name: str, total: int) -> Callable[[int], None]:
    """Tell nobody of pieces either."""
    return lambda amount: None


def counted_items(items: Iterable[_T], stage: Stage, name: str, total: int) -> Iterator[_T]:
    """Things as they come, which tell how many of them were taken.

    Args:
        items: the things.
        stage: who is told.
        name: of the stage.
        total: how many there are.
    """
    done = 0
    for done, item in enumerate(items, 1):
        yield item
        if not done % _ITEMS:
            stage(name, done, total)
    stage(name, done, total)


def counted_lines(file: IO[bytes], stage: Stage, name: str, total: int) -> IO[bytes]:
    """A file that tells how many of its lines were read; closing it closes what it reads from.

    Args:
        file: what a stage reads.
        stage: who is told.
        name: of the stage.
        total: how many lines there are.
    """
    done = 0

    def told(data: bytes) -> None:
        nonlocal done
        done += data.count(b"\n")
        stage(name, done, total)

    return _counted(file, told)


def counted_bytes(file: IO[bytes], told: Callable[[int], None]) -> IO[bytes]:
    """A file that tells of each piece of it how many bytes it has; closing it closes what it reads from."""
    return _counted(file, lambda data: told(len(data)))


def _counted(file: IO[bytes], told: Callable[[bytes], None]) -> IO[bytes]:
    return cast(IO[bytes], io.BufferedReader(_Counted(file, told), _PIECE))


class _Counted(io.RawIOBase):
    def __init__(self, file: IO[bytes], told: Callable[[bytes], None]) -> None:
        self._file, self._told = file, told

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read(min(len(buffer), _PIECE))
        buffer[: len(data)] = data
        if data:
            self._told(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
