"""Where a result is written before its first byte is sent: bytes and rows are counted on the way.

Going past a cap raises, which stops the query that writes. A result leaves memory for a file
without a name after the first megabyte.
"""

from __future__ import annotations

import io
import tempfile
import zlib
from collections.abc import Callable
from typing import IO, NamedTuple

_IN_MEMORY = 1 << 20
_BLOCK = 1 << 20
_BUFFER = 1 << 18
_WORTH_ZIPPING = 1_000  # bytes

Count = Callable[[bytes], int]


class RowCounter(NamedTuple):
    """How the rows of a form are counted."""

    count: Count  # rows that begin or end in the next bytes
    least: int  # bytes that a row takes at least


class TooLarge(Exception):
    """A cap is passed: its size and unit."""

    def __init__(self, limit: int, unit: str) -> None:
        super().__init__(limit, unit)
        self.limit, self.unit = limit, unit


class ResultBuffer:
    """A result being written.

    Args:
        max_bytes, max_rows: the caps.
        counter: of rows; see `rows_of`. They are counted only from where there may be too many.
    """

    def __init__(
        self, max_bytes: int, max_rows: int = 0, counter: RowCounter | None = None
    ) -> None:
        self._max_bytes, self._max_rows, self._counter = max_bytes, max_rows, counter
        self._free = max_rows * counter.least if counter else max_bytes  # bytes not worth counting
        self._file: IO[bytes] = io.BytesIO()
        self.size = self._rows = self._counted = 0  # bytes, rows, bytes whose rows are counted

    def write(self, data: bytes) -> int:
        """Add bytes.

        Raises:
            TooLarge: a cap is passed.
        """
        self.size += len(data)
        if self.size > self._max_bytes:
            raise TooLarge(self._max_bytes, "bytes")
        if self.size > _IN_MEMORY and isinstance(self._file, io.BytesIO):
            start, self._file = self._file, tempfile.TemporaryFile(buffering=_BUFFER)  # noqa: SIM115
            self._file.write(start.getbuffer())
        written = self._file.write(data)
        if self._counter and self.size > self._free:
            self._count_on(data)
            if self._rows > self._max_rows:
                raise TooLarge(self._max_rows, "rows")
        return written

    @property
    def rows(self) -> int:
        """Rows written so far."""
        self._count_on()
        return self._rows

    def _count_on(self, latest: bytes = b"") -> None:
        """Count what is not counted yet, the end of which may be at hand."""
        assert self._counter
        if self._counted + len(latest) < self.size:
            self._file.seek(self._counted)
            while data := self._file.read(_BLOCK):
                self._rows += self._counter.count(data)
        elif latest:
            self._rows += self._counter.count(latest)
        self._counted = self.size

    def flush(self) -> None:
        """Nothing waits outside the file."""

    def close(self) -> None:
        """Give up what was written."""
        self._file.close()

    def content(self) -> tuple[bytes, IO[bytes] | None]:
        """What was written: in memory if it is short, else as a file to be read from its start."""
        self._file.seek(0)
        if self.size <= _IN_MEMORY:
            return self._file.read(), None
        return b"", self._file

    def zipped(self) -> ResultBuffer:
        """The same, compressed by gzip; itself if it is too short for that."""
        if self.size < _WORTH_ZIPPING:
            return self
        smaller, gzip = ResultBuffer(self._max_bytes), zlib.compressobj(1, wbits=31)
        self._file.seek(0)
        while data := self._file.read(_BLOCK):
            smaller.write(gzip.compress(data))
        smaller.write(gzip.flush())
        return smaller


def rows_of(format: str) -> RowCounter:
    """A counter of the rows of a SELECT answer as Oxigraph writes it, chunk by chunk.

    In JSON, rows in which no variable is bound do not count, and a string that ends in `},{` counts:
    to tell them apart would cost more than counting is worth. Either takes the bytes of a bound variable.
    """
    match format:
        case "json":
            return RowCounter(_JsonRows(), len('{"":{"type":"","value":""}}'))
        case "xml":
            return RowCounter(_Pattern(b"<result>"), len("<result>"))
        case "tsv":
            return RowCounter(_Lines(), len("\n"))
    return RowCounter(_quoted_rows(), len("\r\n"))


class _Pattern:
    """Counts a string of bytes that two chunks may share."""

    def __init__(self, pattern: bytes) -> None:
        self._pattern, self._tail = pattern, b""

    def __call__(self, data: bytes) -> int:
        data = self._tail + data
        self._tail = data[-len(self._pattern) + 1 :]
        return data.count(self._pattern)


class _Lines:
    """Counts lines; the head is none."""

    def __init__(self) -> None:
        self._head = -1

    def __call__(self, data: bytes) -> int:
        found = data.count(b"\n") + self._head
        self._head = 0
        return found


class _JsonRows(_Pattern):
    """Counts what stands between rows, and the first."""

    def __init__(self) -> None:
        super().__init__(b'},{"')
        self._first: _Pattern | None = _Pattern(b'"bindings":[{"')

    def __call__(self, data: bytes) -> int:
        found = super().__call__(data)
        if self._first and self._first(data):
            found, self._first = found + 1, None
        return found


def _quoted_rows() -> Count:
    """Lines of CSV outside quotes, without the head."""
    inside, head = 0, -1

    def count(data: bytes) -> int:
        nonlocal inside, head
        parts = data.split(b'"')
        found = sum(part.count(b"\n") for part in parts[inside::2]) + head
        inside, head = (inside + len(parts) - 1) % 2, 0
        return found

    return count
