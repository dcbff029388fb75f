"""Claims on disk: one JSON object a line; sorted by bytes, they stand by entity and property.

Every line begins with subject and property, so sorting lines groups them. Files are read in ranges of bytes, which several
processes may share, and what stands together on a subject is told from the rest without decoding it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path
from typing import BinaryIO

import msgspec

from kg.errors import DataError
from kg.messages.message import Message
from kg.model.claim import Claim

Wanted = Callable[[str], bool]  # whether claims on a subject are of interest

SIZE = 1 << 22  # bytes that are read at a time

# Lines on one subject that follow each other, or a line that another program wrote in its own way.
_BLOCKS = re.compile(rb'(\{"subject":"([^"\\\n]+)")[^\n]*\n(?:\1[^\n]*\n)*|[^\n]*\n|[^\n]+')
_subject_of = attrgetter("subject")
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Claim)


class _OnSubject(msgspec.Struct):
    """The part of a line that names its subject."""

    subject: str


_on_subject = msgspec.json.Decoder(_OnSubject)


def encode(claim: Claim) -> bytes:
    """One line of a claim file, with its line end."""
    return _encoder.encode(claim) + b"\n"


def start_of(subject: str) -> bytes:
    """How each line on a subject begins. No line on another begins so, and sorted lines stand as these."""
    return b'{"subject":' + _encoder.encode(subject)


def encode_lines(claims: Sequence[Claim]) -> list[bytes]:
    """The lines of many claims, which costs less than one by one."""
    return _encoder.encode_lines(claims).splitlines(keepends=True)


def read_claims(path: Path) -> Iterator[Claim]:
    """Read a claim file in its order.

    Args:
        path: the file.

    Raises:
        DataError: a line is not a claim; with file and line.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield _decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise DataError(
                    Message("not a claim: %(error)s", error=error), str(path), number
                ) from error


def decode_lines(lines: bytes, wanted: Wanted | None = None) -> list[Claim]:
    """The claims of whole lines that can be decoded.

    Args:
        lines: of a claim file.
        wanted: on which subjects; other lines cost next to nothing, and may be no claims. None = on all.
    """
    return _decoder.decode_lines(lines if wanted is None else wanted_lines(lines, wanted))


def wanted_lines(lines: bytes, wanted: Wanted) -> bytes:
    """Those of whole lines that are on wanted subjects, without decoding them."""
    found = []
    for block in _BLOCKS.finditer(lines):
        subject = block[2]
        if wanted(subject.decode() if subject else _on_subject.decode(block[0]).subject):
            found.append(block[0])
    return b"".join(found)


def cut_subjects(path: Path, size: int = SIZE) -> Iterator[range]:
    """A claim file in ranges of bytes; what stands together on a subject is not parted.

    Args:
        path: the file.
        size: about how many bytes a range has.

    Raises:
        msgspec.DecodeError: a line where it might be cut is no claim.
    """
    end, start = path.stat().st_size, 0
    with path.open("rb") as file:
        while start < end:
            stop = _next_subject(file, start + size) if start + size < end else end
            yield range(start, stop)
            start = stop


def _next_subject(file: BinaryIO, at: int) -> int:
    """Where the next subject begins, in lines that follow a place."""
    file.seek(at)
    file.readline()
    before = None
    while line := file.readline():
        subject = _on_subject.decode(line).subject
        if before is not None and subject != before:
            return file.tell() - len(line)
        before = subject
    return file.tell()


def by_subject(claims: Iterable[Claim]) -> Iterator[tuple[str, list[Claim]]]:
    """Group sorted claims by entity."""
    for subject, group in itertools.groupby(claims, key=_subject_of):
        yield subject, list(group)
