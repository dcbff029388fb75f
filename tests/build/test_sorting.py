"""Sorting keeps every claim once and forgets in which order, and in how many pieces, they came."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.build._said import Saying
from kg.build.inputs import read_inputs
from kg.build.passes._noting import begins_range, cut_at
from kg.build.passes._sorting import SortedClaims, Sorting, ranges_of, sort_all, write_sorted
from kg.claims.accounts import NOBODY
from kg.claims.claim_files import by_subject, decode_lines, encode, start_of
from kg.claims.linking import Linker, Tie
from kg.model.claim import Claim, Said
from kg.model.vocabulary import load_vocabulary
from kg.work.workers import Workers
from tests.build.test_build import GOLDEN
from tests.large import write_family
from tests.strategies import claims_on

claims = claims_on(st.text('abc-."\\\ud55c가', min_size=1, max_size=4))


def saying(linker: Linker) -> Saying:
    nothing: frozenset[str] = frozenset()
    return Saying(
        linker=linker,
        vocabulary=load_vocabulary(),
        accounts=NOBODY,
        rules=None,
        named=nothing,
        guesses=nothing,
    )


def sort_in_pieces(
    folder: Path, pieces: list[list[Claim]], starts: list[str], linker: Linker
) -> list[bytes]:
    """The ranges that come of pieces."""
    known = Sorting(saying=saying(linker), starts=starts, folder=folder)
    cuts = [write_sorted(n, piece, known).cuts for n, piece in enumerate(pieces)]
    np.save(folder / "cuts.npy", np.array(cuts, np.uint64).T)
    return [SortedClaims(folder).read(number) for number in ranges_of(folder)]


@given(st.lists(claims, max_size=30), st.integers(1, 30), st.integers(1, 5))
def test_claims_are_sorted_whatever_pieces_they_came_in(
    tmp_path_factory: pytest.TempPathFactory, some: list[Claim], size: int, part: int
) -> None:
    pieces = [some[at : at + size] for at in range(0, len(some), size)] or [[]]
    starts = cut_at({c.subject for c in some}, part, {})
    ranges = sort_in_pieces(tmp_path_factory.mktemp("sort"), pieces, starts, Linker())
    assert b"".join(ranges) == b"".join(sorted({encode(c) for c in some}))
    subjects = [s for lines in ranges for s, _ in by_subject(decode_lines(lines))]
    assert subjects == sorted({c.subject for c in some}, key=start_of)


def test_a_range_begins_before_ids_of_one_checksum_in_whatever_piece_they_stand(
    tmp_path: Path,
) -> None:
    said = Said(value="A", source="source/a")
    some = [Claim(f"model/m{n // 3:03}", f"p{n % 3}", said) for n in range(300)]
    starts = cut_at({c.subject for c in some}, 8, {})
    assert starts == [f"model/m{n:03}" for n in range(100) if begins_range(f"model/m{n:03}", 8)]
    ranges = sort_in_pieces(tmp_path, [some[::2], some[1::2]], starts, Linker())
    first = [decode_lines(lines)[0].subject for lines in ranges]
    assert 4 < len(starts) == len(ranges) - 1 and first == ["model/m000", *starts]


def test_what_goes_by_another_id_stands_with_that(tmp_path: Path) -> None:
    said = Said(value="A", source="source/a")
    old = Claim("model/hf/z/old", "license", said)
    linker = Linker([Tie("model/hf/z/old", "model/a")])
    starts = cut_at(["model/hf/z/old"], 1, linker.redirects)
    assert starts == ["model/a"]
    assert sort_in_pieces(
        tmp_path, [[old], [Claim("model/b", "license", said)]], starts, linker
    ) == [encode(Claim("model/a", "license", said)) + encode(Claim("model/b", "license", said))]


def test_no_claims_make_no_ranges(tmp_path: Path) -> None:
    assert sort_in_pieces(tmp_path, [[], []], ["model/a"], Linker()) == []


def test_processes_that_share_a_run_sort_what_one_sorts(tmp_path: Path) -> None:
    write_family(tmp_path / "runs" / "large", 60)
    found = []
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        folder.mkdir()
        with Workers(processes, part=8, many=0) as workers:
            inputs = read_inputs(GOLDEN / "data", tmp_path / "runs", load_vocabulary(), workers)
            count = sort_all(inputs, folder, workers, lambda done: None)
        claims = SortedClaims(folder)
        found.append((count, [claims.read(number) for number in ranges_of(folder)]))
    assert found[0] == found[1] and len(found[0][1]) > 5
    said = {c for lines in found[0][1] for c in decode_lines(lines)}
    run = msgspec.json.Decoder(Claim).decode_lines(
        (tmp_path / "runs" / "large" / "claims.jsonl").read_bytes()
    )
    assert {c.subject for c in run} <= {c.subject for c in said}
