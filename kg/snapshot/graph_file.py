"""The N-Quads of a release: kept once, in gzip, and read from there by all that need them.

The store is loaded from it, exports are made from it, it is handed out with and without its compression, and the
checksum of what it holds is the version of the release: gzip itself may differ from machine to machine.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from kg.snapshot.layout import GRAPH, ReleaseFile

_LEVEL = 6
_PIECE = 1 << 18  # bytes compressed or unpacked at once


class GraphWriter:
    """Writes the N-Quads of a release; use it with `with`.

    Args:
        release: its folder.
    """

    def __init__(self, release: Path) -> None:
        path = release / GRAPH
        path.parent.mkdir()
        self._raw = path.open("wb")
        packed = gzip.GzipFile("", "wb", _LEVEL, self._raw, mtime=0)
        self._file = io.BufferedWriter(cast(io.RawIOBase, packed), _PIECE)
        self._size, self._sum = 0, sha256()

    def add(self, lines: Iterable[str]) -> None:
        """Write lines, which come as in kg/export/quads.py."""
        data = "".join(lines).encode()
        self._size += len(data)
        self._sum.update(data)
        self._file.write(data)

    @property
    def content(self) -> ReleaseFile:
        """Size and checksum of all lines, uncompressed."""
        return ReleaseFile(self._size, self._sum.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with self._raw:
            self._file.close()


def open_graph(folder: Path) -> IO[bytes]:
    """The N-Quads of a snapshot, as a file to read.

    Args:
        folder: the snapshot's.
    """
    packed = gzip.GzipFile(folder / "release" / GRAPH)
    return cast(IO[bytes], io.BufferedReader(cast(io.RawIOBase, packed), _PIECE))
