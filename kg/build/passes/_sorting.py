"""All claims sorted: pieces that are each sorted by whoever read them, cut at the same ids, and merged where they are resolved.

    scratch/claims/<number>.jsonl    sorted claims of a part of what a build reads
                   cuts.npy          for each of them, where each range of subjects begins in it, and its end

So no process reads all claims, and they stand on the disk once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import accumulate, chain, islice
from pathlib import Path

import msgspec
import numpy as np

from kg.build._said import Guessing, Saying
from kg.build._stored_runs import StoredRun
from kg.build.inputs import Inputs
from kg.build.passes._pieces import write_whole
from kg.claims.claim_files import cut_subjects, encode_lines, start_of
from kg.claims.guesses import NamesMet
from kg.model.claim import Claim
from kg.work.workers import Workers

_PIECE = 8  # ranges of a run, of about four megabytes each, that are sorted together
_BATCH = 1024  # claims encoded at once
CLAIMS, _CUTS = "claims", "cuts.npy"


class SortedPiece(msgspec.Struct, frozen=True, kw_only=True):
    """What came of some claims."""

    claims: int
    cuts: list[int]  # where ranges of subjects begin in the file, and its end
    met: NamesMet


class Sorting(msgspec.Struct, frozen=True, kw_only=True):
    """What sorting claims needs beside them."""

    saying: Saying
    starts: Sequence[str]  # the ids before which pieces are cut, sorted
    folder: Path  # of the pieces


def sort_all(inputs: Inputs, folder: Path, workers: Workers, told: Callable[[int], None]) -> int:
    """Sort all claims that a build reads, and what rules infer from the names in them.

    Args:
        inputs: what is read.
        folder: where the pieces are made.
        workers: who read large runs.
        told: called with how many claims have been sorted.

    Returns:
        how many there are.
    """
    known = Sorting(saying=inputs.saying, starts=inputs.starts, folder=folder)
    guessing = Guessing(inputs.saying, inputs.curated, any(run.handed_in for run in inputs.runs))
    pieces = [write_sorted(0, chain(inputs.curated, inputs.catalog), known)]
    guessing.add(pieces[0].met)
    count = pieces[0].claims
    told(count)
    for run in inputs.runs:
        parts = enumerate(_in_pieces(cut_subjects(run.path)), len(pieces))
        for piece in workers.map(partial(open_sorting, run, known), parts, run.entities):
            pieces.append(piece)
            guessing.add(piece.met, run.handed_in)
            count += piece.claims
            told(count)
    pieces.append(write_sorted(len(pieces), guessing.claims(), known))
    count += pieces[-1].claims
    told(count)
    cuts = np.array([piece.cuts for piece in pieces], np.uint64)
    np.save(folder / _CUTS, np.ascontiguousarray(cuts.T))
    return count


def _in_pieces(parts: Iterator[range]) -> Iterator[list[range]]:
    while piece := [*islice(parts, _PIECE)]:
        yield piece


@contextmanager
def open_sorting(
    run: StoredRun, known: Sorting
) -> Iterator[Callable[[tuple[int, list[range]]], SortedPiece]]:
    """Give what sorts the claims in ranges of bytes of a run as the piece of a number.

    Args:
        run: the run.
        known: what is needed beside.
    """

    def sort(part: tuple[int, list[range]]) -> SortedPiece:
        number, places = part
        claims = known.saying.left_in(run, run.claims_in(places))
        return write_sorted(number, claims, known)

    yield sort


def write_sorted(number: int, claims: Iterable[Claim], known: Sorting) -> SortedPiece:
    """Sort claims in the ids that things go by, write them as a piece, and note the names in them.

    Args:
        number: of the piece.
        claims: as they are said.
        known: what is needed beside.
    """
    names = known.saying.names()
    linked = known.saying.linked(names.watch(claims))
    lines: list[bytes] = []
    while batch := [*islice(linked, _BATCH)]:
        lines += encode_lines(batch)
    lines.sort()
    write_whole(_piece(known.folder, number), lines)
    ends = [0, *accumulate(map(len, lines))]
    cuts = [ends[bisect_left(lines, start_of(id))] for id in known.starts]
    return SortedPiece(claims=len(lines), cuts=[0, *cuts, ends[-1]], met=names.met())


def _piece(folder: Path, number: int) -> Path:
    return folder / f"{number:06}.jsonl"


def ranges_of(folder: Path) -> list[int]:
    """The numbers of the ranges of sorted claims that hold any, in the order of their subjects."""
    sizes = np.diff(np.load(folder / _CUTS).astype(np.int64), axis=0).sum(axis=1)
    return [int(number) for number in np.flatnonzero(sizes)]


class SortedClaims:
    """The claims of each range of subjects, merged.

    Args:
        folder: of the pieces.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self._cuts = folder, np.load(folder / _CUTS)

    def read(self, number: int) -> bytes:
        """The lines of a range, sorted, each once."""
        found: list[bytes] = []
        starts, ends = self._cuts[number : number + 2].tolist()
        for piece, (start, end) in enumerate(zip(starts, ends, strict=True)):
            if start < end:
                with _piece(self._folder, piece).open("rb") as file:
                    file.seek(start)
                    found += file.read(end - start).splitlines(keepends=True)
        return b"".join(dict.fromkeys(sorted(found)))
