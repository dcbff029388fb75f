"""How far a build has come, told to whoever asked for it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import IO, cast

Stage = Callable[[str, int, int], None]  # its name, how much is done of how much; 0 = not counted
_PIECE = 1 << 18  # bytes of a file whose lines are counted at once


def silent(name: str, done: int, total: int) -> None:
    """Tell nobody."""


def counted_lines(file: IO[bytes], stage: Stage, name: str, total: int) -> IO[bytes]:
    """A file that tells how many of its lines were read; closing it closes what it reads from.

    Args:
        file: what a stage reads.
        stage: who is told.
        name: of the stage.
        total: how many lines there are.
    """
    return cast(IO[bytes], io.BufferedReader(_Counted(file, stage, name, total), _PIECE))


class _Counted(io.RawIOBase):
    def __init__(self, file: IO[bytes], stage: Stage, name: str, total: int) -> None:
        self._file, self._stage, self._name, self._total = file, stage, name, total
        self._done = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read(min(len(buffer), _PIECE))
        buffer[: len(data)] = data
        if data:
            self._done += data.count(b"\n")
            self._stage(self._name, self._done, self._total)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
