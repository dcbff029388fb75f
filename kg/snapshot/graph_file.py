"""The N-Quads of a release: kept once, in gzip, and read from there by all that need them.

The store is loaded from it, exports are made from it, it is handed out with and without its compression, and the
checksum of what it holds is the version of the release: gzip itself may differ from machine to machine.
"""

from __future__ import annotations

import gzip
import io
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from kg.snapshot.layout import GRAPH, ReleaseFile

_LEVEL = 5  # 5 % longer than at level 6, in two thirds of the time
_PIECE = 1 << 18  # bytes compressed or unpacked at once
_AHEAD = 8  # pieces that may wait to be compressed


class GraphWriter:
    """Writes the N-Quads of a release; use it with `with`. A thread of its own compresses them.

    Args:
        release: its folder.
    """

    def __init__(self, release: Path) -> None:
        path = release / GRAPH
        path.parent.mkdir()
        self._raw = path.open("wb")
        self._packed = gzip.GzipFile("", "wb", _LEVEL, self._raw, mtime=0)
        self._thread = ThreadPoolExecutor(1)
        self._running: deque[Future[None]] = deque()
        self._waiting = bytearray()
        self._size = 0
        self._sum = sha256()

    def add(self, lines: Iterable[str]) -> None:
        """Write lines, which come as in kg/export/quads.py.

        Raises:
            OSError: what came before could not be written.
        """
        self.put("".join(lines).encode())

    def put(self, lines: bytes) -> None:
        """Write lines. What is compressed at once does not depend on how many come together.

        Raises:
            OSError: what came before could not be written.
        """
        self._waiting += lines
        while len(self._waiting) >= _PIECE:
            self._send()

    def _send(self) -> None:
        """Give a piece of what is waiting to the thread; wait for it where it is behind: memory stays flat."""
        data = bytes(self._waiting[:_PIECE])
        del self._waiting[:_PIECE]
        self._running.append(self._thread.submit(self._write, data))
        if len(self._running) > _AHEAD:
            self._running.popleft().result()

    def _write(self, data: bytes) -> None:
        self._size += len(data)
        self._sum.update(data)
        self._packed.write(data)

    @property
    def content(self) -> ReleaseFile:
        """Size and checksum of all lines, uncompressed; known when the file is closed."""
        return ReleaseFile(self._size, self._sum.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with self._raw, self._packed, self._thread:
            if error is None:
                self._send()
                while self._running:
                    self._running.popleft().result()


def open_graph(folder: Path) -> IO[bytes]:
    """The N-Quads of a snapshot, as a file to read.

    Args:
        folder: the snapshot's.
    """
    packed = gzip.GzipFile(folder / "release" / GRAPH)
    return cast(IO[bytes], io.BufferedReader(cast(io.RawIOBase, packed), _PIECE))
