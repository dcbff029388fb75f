"""Models of the Hub that may be known under another id are found in ranges of a run as in one pass over it."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pytest

from kg.build.inputs import read_inputs
from kg.build.passes._sifting import open_picking, open_sifting
from kg.claims.accounts import NOBODY
from kg.claims.claim_files import cut_subjects, decode_lines, encode
from kg.claims.linking import Linker, Tie
from kg.claims.twins import HubSieve, find_twins, is_off_hub
from kg.errors import DataError
from kg.model.claim import Claim, Said
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from kg.work.workers import Workers
from tests.build.test_build import GOLDEN
from tests.large import write_family


def _claims(rng: random.Random) -> Iterator[Claim]:
    """Models in two spaces, whose claims do not always stand together."""
    names = ["acorn 7b", "acorn 7b chat", "oak 3b", "elm", "elm 2"]
    for n in range(40):
        name = rng.choice(names)
        prefix = rng.choice(["", "x/", f"hf/o{n % 3}/", f"hf/o{n % 2}/"])
        id = f"model/{prefix}{name.replace(' ', '-')}"
        told = {"label": name, "developer": "org/hf/o1", "releaseDate": f"2025-0{n % 3 + 1}"}
        for property in rng.sample([*told], rng.randrange(1, 4)):
            yield Claim(id, property, Said(value=told[property], source="source/s"))


@pytest.mark.parametrize("seed", range(20))
def test_ties_are_the_same_however_they_are_found(tmp_path: Path, seed: int) -> None:
    claims = [*_claims(random.Random(seed))]
    path = tmp_path / "claims.jsonl"
    path.write_bytes(b"".join(map(encode, claims)))
    linker = Linker([Tie("model/hf/o1/elm", "model/hf/o0/elm")])

    def told(wanted: object) -> list[Claim]:
        return [claim for claim in claims if wanted(claim.subject)]  # type: ignore[operator]

    def sift(sieve: HubSieve) -> Iterator[str]:
        with open_sifting(path, sieve) as work:
            for part in cut_subjects(path, 200):
                yield from work(part)

    off_hub = told(is_off_hub)
    found = find_twins(off_hub, told, linker, NOBODY, sift)
    assert found == find_twins(off_hub, told, linker, NOBODY)


@pytest.mark.parametrize("size", [1, 150, 10_000_000])
def test_lines_on_wanted_subjects_are_picked(tmp_path: Path, size: int) -> None:
    claims = [*_claims(random.Random(2))]
    path = tmp_path / "claims.jsonl"
    path.write_bytes(b"".join(map(encode, claims)))
    wanted = frozenset(claim.subject for claim in claims[::7]).__contains__
    with open_picking(path, pickle.loads(pickle.dumps(wanted))) as pick:
        found = [claim for part in cut_subjects(path, size) for claim in decode_lines(pick(part))]
    assert found == [claim for claim in claims if wanted(claim.subject)]
    assert 0 < len(found) < len(claims)


@pytest.mark.parametrize("size", [1, 150, 900, 10_000_000])
def test_ranges_hold_all_lines_and_part_no_subject(tmp_path: Path, size: int) -> None:
    claims = [*_claims(random.Random(1))]
    path = tmp_path / "claims.jsonl"
    path.write_bytes(b"".join(map(encode, claims)))
    ranges = [*cut_subjects(path, size)]
    data = path.read_bytes()
    parts = [decode_lines(data[part.start : part.stop]) for part in ranges]
    assert [claim for part in parts for claim in part] == claims
    assert ranges[-1].stop == len(data) and (len(ranges) == 1) == (size > len(data))
    together = sum(1 for _ in groupby(claims, attrgetter("subject")))
    assert sum(len([*groupby(part, attrgetter("subject"))]) for part in parts) == together


def test_several_processes_read_what_one_reads(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "large"
    run.mkdir(parents=True)
    labels = [("model/hf/x/Polyglot-Ko-12.8B", "label", "Polyglot-Ko 12.8B")]
    labels += [(f"model/hf/x/m{n}", "label", f"m{n}") for n in range(200)]
    said = [Claim(id, p, Said(value=v, source="source/s", lang="en")) for id, p, v in labels]
    (run / "claims.jsonl").write_bytes(b"".join(map(encode, said)))
    about = Claim("source/s", "label", Said(value="S", source="source/s", lang="en"))
    (run / "sources.jsonl").write_bytes(encode(about))
    vocabulary = load_vocabulary()
    alone = read_inputs(DATA, tmp_path / "runs", vocabulary)
    with Workers(2, many=0) as workers:
        shared = read_inputs(DATA, tmp_path / "runs", vocabulary, workers)
    assert shared.linker.redirects == alone.linker.redirects
    assert shared.starts == alone.starts


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("broken", [b'{"subject":1}\n', b"\xff\n", b"[\n"])
def test_a_line_that_is_no_claim_is_named_whoever_reads_it(
    tmp_path: Path, processes: int, broken: bytes
) -> None:
    run = tmp_path / "runs" / "large"
    write_family(run, 30)
    lines = (run / "claims.jsonl").read_bytes().splitlines(keepends=True)
    lines.insert(70, broken)
    (run / "claims.jsonl").write_bytes(b"".join(lines))
    with (
        Workers(processes, many=0) as workers,
        pytest.raises(DataError, match=r"claims\.jsonl:71: not a claim"),
    ):
        read_inputs(GOLDEN / "data", tmp_path / "runs", load_vocabulary(), workers)
