"""One made-up family of any size, as a claim run: clearly synthetic, never shipped.

    python -m tests.large 20000 /tmp/home/runs/large

One base, 60 % of the models below something already derived, so that branches are of all sizes; one
model in 50 is a merge, one in 20 has no date.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from kg.claims.claim_files import encode
from kg.model.claim import Claim, Said, Value

SOURCE = "source/synthetic-family"
ROOT = "model/hf/synthetic/base"
FIRST = dt.date(2023, 2, 24)
_RELATIONS = ["fineTunedFrom"] * 9 + ["adapterOf"] * 6 + ["quantizedFrom"] * 4 + ["convertedFrom"]


def claims(size: int, seed: int = 5) -> Iterator[Claim]:
    """Claims on a family of a number of models, the first of which is ROOT."""
    rng = random.Random(seed)
    for org in range(40):
        yield _claim(f"org/hf/org{org}", "label", f"Synthetic org {org}", "en")
    ids = [ROOT]
    yield _claim(ROOT, "label", "Synthetic base", "en")
    yield _claim(ROOT, "releaseDate", FIRST.isoformat())
    for i in range(1, size):
        ids.append(f"model/hf/org{i % 40}/syn-{i}")
        yield from _model(rng, ids, i, size)


def _model(rng: random.Random, ids: list[str], i: int, size: int) -> Iterator[Claim]:
    id = ids[i]
    yield _claim(id, "label", f"org{i % 40}/syn-{i}", "en")
    yield _claim(id, "developer", f"org/hf/org{i % 40}")
    if rng.random() < 0.95:
        day = FIRST + dt.timedelta(1100 * i // size + int(rng.expovariate(1 / 40)))
        yield _claim(id, "releaseDate", day.isoformat())
    merged = i > 10 and rng.random() < 0.02
    parents = {
        ids[int(i * rng.random() ** 3)] if rng.random() < 0.6 else ROOT
        for _ in range(rng.randint(2, 3) if merged else 1)
    }
    for parent in sorted(parents):
        yield _claim(id, "mergedFrom" if merged else rng.choice(_RELATIONS), parent)


def _claim(subject: str, property: str, value: Value, lang: str = "") -> Claim:
    return Claim(
        subject, property, Said(value=value, source=SOURCE, locator="synthetic", lang=lang)
    )


def write_family(folder: Path, size: int) -> None:
    """Write a claim run, as `gyebo ingest` would store it."""
    folder.mkdir(parents=True)
    about = [
        _claim(SOURCE, "label", "Synthetic family (made up)", "en"),
        _claim(SOURCE, "sourceType", "hub-card"),
        _claim(SOURCE, "retrieved", "2026-11-01"),
    ]
    (folder / "sources.jsonl").write_bytes(b"".join(map(encode, about)))
    with (folder / "claims.jsonl").open("wb") as file:
        file.writelines(map(encode, claims(size)))


if __name__ == "__main__":
    write_family(Path(sys.argv[2]), int(sys.argv[1]))
