"""What is asked of a storage: so little that nearly anything can be one.

Whole files by name, their sizes and, only by `gyebo prune`, a listing. It is not asked for locks, for versions or for
parts of files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class Stored(NamedTuple):
    """A file as a listing tells it."""

    bytes: int
    modified: float | None  # seconds since 1970 by the storage's clock; None where it does not say


class Storage(Protocol):
    """What is asked of a place where releases are kept. Names are ours: `objects/…`, `releases/…`, `current`.

    Every method raises TransferFailed where the storage does not do what it is asked.
    """

    @property
    def place(self) -> str:
        """Its address as it may be told to anybody."""

    def read(self, name: str, most: int) -> bytes | None:
        """A file, and not more of it than one byte above `most`; None if there is none."""

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, in place of one that is there."""

    def size(self, name: str) -> int | None:
        """How long a file is; None if there is none, or it is not told."""

    def listing(self, folder: str) -> Mapping[str, Stored]:
        """The files right in a folder, by their names in it."""

    def delete(self, name: str) -> None:
        """Take a file away, if it is there."""
