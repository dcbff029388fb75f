"""Whether names that people type lead to the maker's own model, with the facts that matter (make eval-names).

    python -m tests.names.evaluate [--home FOLDER]

Three things are asked of each name of names.yaml: whether search has the model among its first hits,
whether `gyebo show NAME` leads to it, and whether license, date, size and base are known of it. Without
--home the data of this repository is built in a temporary folder.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.build.build import build
from kg.config import load_config
from kg.errors import InputError, UnknownId
from kg.files.yaml import read_yaml
from kg.model.claim import Entity
from kg.model.dating import DATED_BY
from kg.model.vocabulary import LICENSE, PARAMETER_COUNT, Vocabulary
from kg.search.query import parse
from kg.snapshot.snapshot import Snapshot

NAMES = Path(__file__).parent / "names.yaml"
HITS = 3
FACTS = ("license", "date", "size", "base")


class TypedName(NamedTuple):
    """A name as typed, the ids that are right, and the facts that must be there."""

    text: str
    right: tuple[str, ...]
    wanted: tuple[str, ...]


class NameResult(NamedTuple):
    """What became of a name."""

    name: TypedName
    hits: tuple[str, ...]  # the first of a search
    place: int  # of the first right hit, from 1; 0 if there is none
    shown: str  # what `gyebo show` leads to, or why to nothing
    shows: bool  # whether that is right
    missing: tuple[str, ...]  # facts that the right hit with most of them lacks


def read_names() -> list[TypedName]:
    """The names of names.yaml."""
    rows = read_yaml(NAMES).data
    return [TypedName(str(row["name"]), tuple(row["is"]), tuple(row["has"])) for row in rows]


def try_name(snapshot: Snapshot, name: TypedName) -> NameResult:
    """Type one name."""
    right = {snapshot.redirects.get(id, id) for id in name.right}
    hits = tuple(hit.id for hit in snapshot.index.search(parse(name.text), HITS).hits)
    place = next((i for i, id in enumerate(hits, 1) if id in right), 0)
    shown, shows = _show(snapshot, name.text, right)
    found = [id for id in (*hits, shown) if id in right]
    missing = min(
        (_missing(snapshot, id, name.wanted) for id in found), key=len, default=name.wanted
    )
    return NameResult(name, hits, place, shown, shows, missing)


def _show(snapshot: Snapshot, text: str, right: set[str]) -> tuple[str, bool]:
    try:
        id = snapshot.find(text)
    except (InputError, UnknownId) as error:
        return str(error), False
    return id, id in right


def _missing(snapshot: Snapshot, id: str, wanted: Sequence[str]) -> tuple[str, ...]:
    entity = snapshot.entity(id)
    return tuple(fact for fact in wanted if not _has(entity, fact, snapshot.vocabulary))


def _has(entity: Entity, fact: str, vocabulary: Vocabulary) -> bool:
    properties = {
        "license": {LICENSE},
        "date": {*DATED_BY},  # the day of its repository stands in, marked as such
        "size": {PARAMETER_COUNT},
        "base": vocabulary.edges("weights", "distillation"),
    }
    return any(
        f.values for f in (*entity.facts, *entity.inferred) if f.property in properties[fact]
    )


def report(results: Sequence[NameResult]) -> Iterator[str]:
    """The shares, in all and of Korean names, and what failed."""
    korean = [r for r in results if any("가" <= c <= "힣" for c in r.name.text)]
    latin = [r for r in results if r not in korean]
    yield f"{'names':<16}{'first hit':>10}{'first 3':>10}{'show':>10}{'complete':>10}"
    for title, some in (("all", results), ("Korean", korean), ("Latin", latin)):
        shares = (
            sum(r.place == 1 for r in some),
            sum(r.place > 0 for r in some),
            sum(r.shows for r in some),
            sum(not r.missing for r in some),
        )
        yield f"{f'{title} ({len(some)})':<16}" + "".join(f"{n / len(some):>10.1%}" for n in shares)
    for fact in FACTS:
        asked = [r for r in results if fact in r.name.wanted]
        there = sum(fact not in r.missing for r in asked)
        yield f"{fact} is known of {there} of {len(asked)}"
    for r in results:
        if not r.place:
            yield f"not in the first {HITS}: {r.name.text}: {', '.join(r.hits) or 'nothing'}"
        elif r.missing:
            yield f"incomplete: {r.name.text}: {r.hits[r.place - 1]}, the first, and others lack {', '.join(r.missing)}"
    for r in results:
        if not r.shows:
            yield f"show fails: {r.name.text}: {r.shown}"


def try_all(home: Path) -> list[NameResult]:
    """Type every name in the current snapshot of a home."""
    with Snapshot.current(home) as snapshot:
        return [try_name(snapshot, name) for name in read_names()]


def main() -> None:
    """Print the report for a home."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="whose snapshot; by default one is built")
    home = parser.parse_args().home
    if home:
        print("\n".join(report(try_all(home))))
        return
    with tempfile.TemporaryDirectory() as folder:
        build(load_config(home=Path(folder)))
        print("\n".join(report(try_all(Path(folder)))))


if __name__ == "__main__":
    main()
