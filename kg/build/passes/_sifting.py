"""The models of the Hub in a claim run that may be another thing that is known, found by ranges of the file.

A task works on a range of bytes which begins and ends between two subjects. It names the subjects that the sieve lets through;
what becomes of them is found out in one process, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from kg.claims.claim_files import decode_lines
from kg.claims.twins import HubSieve

SIZE = 1 << 22  # bytes of a task


class _OnSubject(msgspec.Struct):
    """The part of a line that names its subject."""

    subject: str


_decoder = msgspec.json.Decoder(_OnSubject)


def cut_subjects(path: Path, size: int = SIZE) -> Iterator[range]:
    """A claim file in ranges of bytes; what stands together on a subject is not parted.

    Args:
        path: the file; its lines have been read before, so they are claims.
        size: about how many bytes a range has.
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
        subject = _decoder.decode(line).subject
        if before is not None and subject != before:
            return file.tell() - len(line)
        before = subject
    return file.tell()


@contextmanager
def open_sifting(path: Path, sieve: HubSieve) -> Iterator[Callable[[range], list[str]]]:
    """Open a claim file, and give what names the subjects in a range of its bytes that are let through."""
    with path.open("rb") as file:

        def sift(part: range) -> list[str]:
            file.seek(part.start)
            return sieve.sift(decode_lines(file.read(len(part)), sieve.wants))

        yield sift
