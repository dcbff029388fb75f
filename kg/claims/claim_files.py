"""Claims on disk: one JSON object a line, sorted by bytes, merged without holding them in memory.

Every line begins with subject and property, so sorting lines groups them by entity and property.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from kg.errors import DataError
from kg.messages.message import Message
from kg.model.claim import Claim

Wanted = Callable[[str], bool]  # whether claims on a subject are of interest

CHUNK = 200_000  # claims sorted in memory at a time: about 100 MB

_BEFORE_SUBJECT = b'{"subject":"'
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Claim)


def encode(claim: Claim) -> bytes:
    """One line of a claim file, with its line end."""
    return _encoder.encode(claim) + b"\n"


def read_claims(path: Path, wanted: Wanted | None = None) -> Iterator[Claim]:
    """Read a claim file in its order.

    Args:
        path: the file.
        wanted: on which subjects; other lines cost next to nothing, and may be no claims. None = on all.

    Raises:
        DataError: a line is not a claim; with file and line.
    """
    skips = _Skipping(wanted) if wanted else None
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                if skips is None or not skips(line):
                    yield _decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise DataError(
                    Message("not a claim: %(error)s", error=error), str(path), number
                ) from error


class _Skipping:
    """Tells of lines, those on a subject together, whether they are left out."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._start, self._skips = b"\0", False

    def __call__(self, line: bytes) -> bool:
        if not line.startswith(self._start):
            start = line[: line.find(b'"', len(_BEFORE_SUBJECT)) + 1]
            if start.startswith(_BEFORE_SUBJECT) and b"\\" not in start:
                id = start[len(_BEFORE_SUBJECT) : -1].decode()
                self._start, self._skips = start, not self._wanted(id)
            else:  # as another program writes it
                self._start = b"\0"
                return not self._wanted(_decoder.decode(line).subject)
        return self._skips


def sort_claims(claims: Iterable[Claim], scratch: Path, chunk: int = CHUNK) -> Iterator[Claim]:
    """Sort claims by their encoded line, as `sort_lines` does, and decode them."""
    return map(_decoder.decode, sort_lines(claims, scratch, chunk))


def sort_lines(claims: Iterable[Claim], scratch: Path, chunk: int = CHUNK) -> Iterator[bytes]:
    """Sort claims by their encoded line, spilling sorted pieces to a folder; each line comes once.

    Args:
        claims: any number of claims, in any order.
        scratch: an existing folder for the pieces; they are left for its owner to delete.
        chunk: claims per piece.
    """
    lines = map(encode, claims)
    pieces: list[Path] = []
    while piece := sorted(itertools.islice(lines, chunk)):
        if len(piece) < chunk and not pieces:
            return _distinct(piece)
        path = scratch / f"claims-{len(pieces):05d}.jsonl"
        with path.open("wb") as file:
            file.writelines(piece)
        pieces.append(path)
    del piece
    return _distinct(_merge(pieces))


def subject_of(line: bytes) -> bytes:
    """The subject of a line, without decoding it.

    >>> subject_of(b'{"subject":"model/a","property":"label"}')
    b'model/a'
    """
    return line[len(_BEFORE_SUBJECT) : line.index(b'"', len(_BEFORE_SUBJECT))]


def decode_lines(lines: bytes, wanted: Wanted | None = None) -> Iterator[Claim]:
    """The claims of whole lines that can be decoded; `wanted` as of `read_claims`."""
    skips = _Skipping(wanted) if wanted else None
    split = lines.splitlines()
    return map(_decoder.decode, (line for line in split if not skips(line)) if skips else split)


def _merge(paths: list[Path]) -> Iterator[bytes]:
    files: list[BinaryIO] = [path.open("rb", buffering=1 << 20) for path in paths]
    try:
        yield from heapq.merge(*files)
    finally:
        for file in files:
            file.close()


def _distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Drop a line that says exactly what the one before says."""
    before = b""
    for line in lines:
        if line != before:
            yield line
        before = line


def by_subject(claims: Iterable[Claim]) -> Iterator[tuple[str, list[Claim]]]:
    """Group sorted claims by entity."""
    for subject, group in itertools.groupby(claims, key=lambda claim: claim.subject):
        yield subject, list(group)
