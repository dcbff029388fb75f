"""Candidates against pairs that people judged: precision and recall by threshold (make eval-linking).

    python -m tests.linking.evaluate [--wrong SCORE]

Recall counts what the index does not find at all as missed. One half of pairs.yaml is held apart.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

from kg.answers.judging import make_thing
from kg.claims.candidates import Candidate, ComparedThing, Index, compare_things
from kg.files.yaml import read_yaml

PAIRS = Path(__file__).parent / "pairs.yaml"
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
HALVES = ("tuned", "held")


class Judged(NamedTuple):
    """One pair: what the program says of it, whether the index finds it, what a person says."""

    candidate: Candidate
    found: bool
    same: bool


class Rate(NamedTuple):
    """How good a threshold is."""

    precision: float
    recall: float


@cache
def judged(half: str) -> tuple[Judged, ...]:
    """The pairs of one half, compared."""
    data = read_yaml(PAIRS).data
    things = {id: make_thing(id, **body) for id, body in data["things"].items()}
    return tuple(_judged(things[p["left"]], things[p["right"]], p["same"]) for p in data[half])


def _judged(left: ComparedThing, right: ComparedThing, same: bool) -> Judged:
    found = any(thing.id == left.id for thing in Index([left]).like(right))
    return Judged(compare_things(left, right), found, same)


def rate(pairs: tuple[Judged, ...], threshold: float) -> Rate:
    """Precision and recall of "the same from this score on"."""
    said = [one for one in pairs if one.found and one.candidate.score >= threshold]
    right = sum(one.same for one in said)
    return Rate(right / len(said) if said else 1.0, right / sum(one.same for one in pairs))


def table() -> str:
    """The rates as Markdown."""
    lines = [
        "| score from | " + " | ".join(f"{h} precision | {h} recall" for h in HALVES) + " |",
        "|---|" + "---|" * 2 * len(HALVES),
    ]
    for threshold in THRESHOLDS:
        rates = [number for half in HALVES for number in rate(judged(half), threshold)]
        lines.append(f"| {threshold} | " + " | ".join(f"{r:.3f}" for r in rates) + " |")
    counts = [
        f"{len(judged(h))} pairs {h}, {sum(j.same for j in judged(h))} of them the same"
        for h in HALVES
    ]
    return "\n".join([*lines, "", "; ".join(counts) + "."])


def wrong(threshold: float) -> list[str]:
    """The pairs of the tuned half on the wrong side of a threshold, with the reasons."""
    lines = []
    for one in judged("tuned"):
        c = one.candidate
        if (one.found and c.score >= threshold) != one.same:
            said = "same" if one.same else "different"
            reasons = "; ".join(f"{r.points:+} {r.text}" for r in c.reasons)
            lines.append(
                f"{c.score} {said} {'' if one.found else 'NOT FOUND '}{c.left} {c.right}: {reasons}"
            )
    return lines


if __name__ == "__main__":
    print(table())
    if "--wrong" in sys.argv:
        print("\n".join(wrong(float(sys.argv[sys.argv.index("--wrong") + 1]))))
