"""Lines of text as a file of bytes: made while it is read, so that it may be of any length."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO, cast


class _Lines(io.RawIOBase):
    """Reads one line after another, as many bytes of it as fit."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self._rest = iter(lines), b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._rest:
            self._rest = next(self._lines, "").encode()
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
