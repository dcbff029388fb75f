"""Precision and recall of `gyebo scan` on the judged projects (make eval-scan).

    python -m tests.scan.evaluate [--home HOME] [--held]

Half of the projects is held apart: whoever works on the detectors sees its figures, and what was missed or wrong in it
only with --held, after the work. A finding is right where file, line and name agree; the second table leaves the line out.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.scan.identity import known_in
from kg.scan.scan import Known, scan_project
from kg.snapshot.snapshot import Snapshot
from tests.scan.labels import (
    Agreement,
    Case,
    Counts,
    Found,
    Place,
    agree,
    kind_of_file,
    plain_name,
    read_cases,
    total,
)
from tests.shared_build import build_home


def scan_case(case: Case, known: Known) -> list[Found]:
    """What the scan finds in a copy of the project, without its labels.

    Args:
        case: a judged project.
        known: whether a thing of exactly a name exists, as of `scan_project`.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(case.folder, copy, ignore=shutil.ignore_patterns("case.yaml"))
        return [
            Found(Place(one.file, one.line, plain_name(one.what)), one.kind)
            for one in scan_project(copy, known=known, jobs=1).findings
        ]


def measure(home: Path | None) -> list[tuple[Case, tuple[Agreement, ...]]]:
    """How the scan agrees with each project, by file.

    Args:
        home: whose snapshot knows the names; None to build the data of the tests.
    """
    with tempfile.TemporaryDirectory() as folder:
        if home is None:
            home = Path(folder)
            build_home(home)
        with Snapshot.current(home) as snapshot:
            known = known_in(snapshot)
            return [(case, tuple(agree(case, scan_case(case, known)))) for case in read_cases()]


def split(measured: Sequence[tuple[Case, Sequence[Agreement]]], held: bool) -> list[Agreement]:
    """The agreements of one half."""
    return [one for case, files in measured if case.held is held for one in files]


def table(rows: Iterable[tuple[str, Sequence[Agreement]]]) -> str:
    """Rows of shares, with and without the line."""
    told = [f"{'':28} labels  found  right  precision  recall   by name: precision  recall"]
    for name, agreements in rows:
        placed, named, _ = total(agreements)
        told.append(
            f"{name:28}{_counts(placed)}{placed.precision:11.3f}{placed.recall:8.3f}"
            f"{named.precision:21.3f}{named.recall:8.3f}"
        )
    return "\n".join(told)


def _counts(counts: Counts) -> str:
    return "".join(f"{one:7}" for one in counts)


def main() -> None:
    """Print the tables, and what was missed and wrong in the open half."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--held", action="store_true", help="tell what was missed in the half held apart"
    )
    parser.add_argument("--home", type=Path, help="whose snapshot knows names (default: one built)")
    arguments = parser.parse_args()
    measured = measure(arguments.home)
    open_half, held_half = (split(measured, held) for held in (False, True))
    everything = open_half + held_half
    print(table([("all", everything), ("open", open_half), ("held apart", held_half)]))
    kinds: dict[str, list[Agreement]] = defaultdict(list)
    for one in everything:
        kinds[kind_of_file(one.file)].append(one)
    print("\n" + table(sorted(kinds.items())))
    placed, _, kinds_right = total(everything)
    print(f"\nkind right: {kinds_right} of {placed.right}\n")
    for case, files in measured:
        if case.held and not arguments.held:
            continue
        for agreement in files:
            for place in agreement.missed:
                print(f"missed  {case.folder.name}/{place.file}:{place.line}  {place.name}")
            for place in agreement.wrong:
                tempted = "  (labelled as wrong)" if place in case.tempting else ""
                print(
                    f"wrong   {case.folder.name}/{place.file}:{place.line}  {place.name}{tempted}"
                )


if __name__ == "__main__":
    main()
