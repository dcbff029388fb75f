"""Lines of text as a file of bytes: made while it is read, so that it may be of any length."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable
from typing import IO, cast

_BLOCK = 256  # lines made into bytes at once


class _Lines(io.RawIOBase):
    """Reads some lines after others, as many bytes of them as fit."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self._rest = iter(lines), memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            block = "".join(itertools.islice(self._lines, _BLOCK))
            self._rest = memoryview(block.encode())
        part = self._rest[: len(buffer)]
        self._rest = self._rest[len(part) :]
        buffer[: len(part)] = part
        return len(part)


def line_file(lines: Iterable[str]) -> IO[bytes]:
    r"""Lines as a file; none of them may be empty.

    >>> line_file(["a\n", "b\n"]).read()
    b'a\nb\n'
    """
    return cast(IO[bytes], io.BufferedReader(_Lines(lines), 1 << 16))
