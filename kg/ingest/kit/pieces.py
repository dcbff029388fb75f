"""A source read in pieces: one process reads files and cuts, others take the pieces apart and say what stands in them.

A module of kg/ingest/sources whose files may be large has three functions beside `fetch` and `claims`:

    cut(place) -> Iterator[SourcePiece]           what there is, in the order of the files
    read_piece(piece, kit) -> PieceReading        what one piece says, in any process
    open_memory(kit) -> SourceMemory              what is known only of all pieces together

What a piece says depends on nothing before it, and what a memory concludes on no order of pieces: so a run is the same
wherever files are cut, and whoever reads the pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Protocol

import msgspec

from kg.claims.runs import IdentityLink
from kg.ingest.kit.kit import Found, Kit, Place
from kg.ingest.kit.source_record import SourceRecord
from kg.model.issues import Issue


class SourcePiece(msgspec.Struct, frozen=True, kw_only=True):
    """Some records of a source as they stand in a file, or why the rest of it cannot be read."""

    form: str  # how `data` is to be taken apart, as the source's module calls it
    name: str  # of the file
    first: int = 1  # number of the first record, or line
    data: bytes = b""
    records: int = 0  # about how many
    size: int = 0  # bytes of the file that were read for it
    problem: Issue | None = None  # told after the records


class PieceReading(NamedTuple):
    """What a piece says."""

    found: list[Found | IdentityLink]
    records: int
    notes: Any  # what the memory takes; it can be pickled


class SourceMemory(Protocol):
    """What is known only of all pieces together."""

    def take(self, notes: Any) -> None:
        """Take note of what a piece told."""

    def conclude(self) -> Iterator[Found | IdentityLink]:
        """What follows, when all pieces are in."""

    def close(self) -> None:
        """End."""


class DividedModule(Protocol):
    """The module of a source that is read in pieces."""

    SOURCE: SourceRecord

    def cut(self, place: Place) -> Iterable[SourcePiece]:
        """What there is, in pieces."""

    def read_piece(self, piece: SourcePiece, kit: Kit) -> PieceReading:
        """What a piece says."""

    def open_memory(self, kit: Kit) -> SourceMemory:
        """Where notes go; the caller closes it."""
