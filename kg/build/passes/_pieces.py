"""What tasks of a build have worked out, kept by what it was worked out from, so that no build does it twice.

    home/cache/<stage>-<key>     the result of a task: MessagePack in zstd, with a checksum

The key is a checksum of all that the result depends on: the lines a task reads, what it looks up for them, the program.
So a result that is found is the one that would be made, whatever else has changed, and a build that was interrupted
takes up what it had. A file appears whole or not at all; one that is damaged counts as missing. Everything here may be
deleted while no build runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

import msgspec
import zstandard

_LEVEL = 1
_TEMPORARY = ".new"
_T = TypeVar("_T")

# What makes results beside this program: another version may give other bytes.
MADE_BY = f"{sys.version} {msgspec.__version__} {zstandard.__version__}"


def key_of(stage: str, *parts: bytes | str) -> str:
    """The name of a result of a stage by all that it depends on; each part is kept from running into the next."""
    hash = sha256(MADE_BY.encode())
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        hash.update(len(data).to_bytes(8, "little"))
        hash.update(data)
    return f"{stage}-{hash.hexdigest()[:40]}"


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Let a file appear whole, or leave nothing: a task may be done twice, and the file be read meanwhile."""
    with NamedTemporaryFile(dir=path.parent, suffix=_TEMPORARY, delete=False) as file:
        try:
            file.writelines(parts)
            file.flush()
            os.replace(file.name, path)
        except OSError:
            Path(file.name).unlink()
            raise


class Pieces:
    """The results in a folder. Processes may share it.

    Args:
        folder: where they stand; it is made.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._used: set[str] = set()

    def find(self, key: str, type: type[_T]) -> _T | None:
        """The result of a key, if there is one and it is whole."""
        try:
            packed = (self.folder / key).read_bytes()
            return msgspec.msgpack.decode(
                zstandard.ZstdDecompressor().decompress(packed), type=type
            )
        except (FileNotFoundError, zstandard.ZstdError, msgspec.MsgspecError, MemoryError):
            return None

    def keep(self, key: str, type: type[_T], make: Callable[[], _T]) -> str:
        """Make the result of a key if there is none, and give the key.

        Raises:
            OSError: it cannot be written.
        """
        if self.find(key, type) is None:
            compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
            packed = compressor.compress(msgspec.msgpack.encode(make()))
            write_whole(self.folder / key, [packed])
        return key

    def take(self, key: str, type: type[_T], make: Callable[[], _T] | None = None) -> _T:
        """The result of a key, which a task has made, or which is made if there is none; `sweep` then spares it.

        Raises:
            OSError: it is not there, or cannot be written.
        """
        if make:
            self.keep(key, type, make)
        found = self.find(key, type)
        if found is None:
            raise FileNotFoundError(2, "a result of this build is gone", str(self.folder / key))
        self._used.add(key)
        return found

    def sweep(self, most: int) -> None:
        """Delete what this build did not use, and of the rest what is beyond a number of bytes.

        What cannot be deleted is left to the next build.

        Args:
            most: bytes that may stay.
        """
        room = most
        for path in sorted(self.folder.iterdir()):
            with suppress(OSError):
                size = path.stat().st_size
                if path.name in self._used and size <= room:
                    room -= size
                else:
                    path.unlink()
