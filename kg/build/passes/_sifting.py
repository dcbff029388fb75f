"""The models of the Hub in a claim run that may be another thing that is known, found by ranges of the file.

A task works on a range of bytes which begins and ends between two subjects. It names the subjects that the sieve lets through,
and then picks the lines on them; what becomes of them is found out in one process, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.claims.claim_files import Wanted, decode_lines, wanted_lines
from kg.claims.twins import HubSieve


@contextmanager
def open_sifting(path: Path, sieve: HubSieve) -> Iterator[Callable[[range], list[str]]]:
    """Open a claim file, and give what names the subjects in a range of its bytes that are let through."""
    with path.open("rb") as file:

        def sift(part: range) -> list[str]:
            file.seek(part.start)
            return sieve.sift(decode_lines(file.read(len(part)), sieve.wants))

        yield sift


@contextmanager
def open_picking(path: Path, wanted: Wanted) -> Iterator[Callable[[range], bytes]]:
    """Open a claim file, and give what picks the lines on wanted subjects in a range of its bytes."""
    with path.open("rb") as file:

        def pick(part: range) -> bytes:
            file.seek(part.start)
            return wanted_lines(file.read(len(part)), wanted)

        yield pick
