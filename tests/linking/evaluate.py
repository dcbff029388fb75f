"""Candidates and ties against pairs that people judged: precision and recall (make eval-linking).

    python -m tests.linking.evaluate [--wrong SCORE] [--wrong-ties]

Of candidates (pairs.yaml, `gyebo judge`) by threshold; recall counts what the index does not find at all as
missed, and one half is held apart. Of ties by name (twins.yaml), which every build makes, as they are made:
all things of the key are compared at once, without any judgement and any id of a hub.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from kg.answers.judging import make_thing
from kg.claims.accounts import read_accounts
from kg.claims.candidates import Candidate, ComparedThing, Index, compare_things
from kg.claims.linking import Linker
from kg.claims.twins import find_twins, is_off_hub
from kg.files.yaml import read_yaml
from kg.language.writing import slug
from kg.model.claim import Claim, Said, slug_of
from kg.paths import DATA

PAIRS = Path(__file__).parent / "pairs.yaml"
TWINS = Path(__file__).parent / "twins.yaml"
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


class JudgedTie(NamedTuple):
    """One pair of twins.yaml: whether a build makes it one, and what a person says."""

    left: str
    right: str
    tied: bool
    same: bool


@cache
def judged_ties() -> tuple[JudgedTie, ...]:
    """The pairs of twins.yaml, tied by name as a build does it."""
    data = read_yaml(TWINS).data
    claims = [claim for id, body in data["things"].items() for claim in _claims(id, body)]

    def told(wanted: Callable[[str], bool]) -> list[Claim]:
        return [claim for claim in claims if wanted(claim.subject)]

    ties = find_twins(told(is_off_hub), told, Linker(), read_accounts(DATA))
    one = Linker(ties).canonical
    return tuple(
        JudgedTie(p["left"], p["right"], one(p["left"]) == one(p["right"]), p["same"])
        for p in data["pairs"]
    )


def _claims(id: str, body: dict[str, Any]) -> Iterator[Claim]:
    """A thing of the key as its source says it."""
    source = "source/test"
    for number, name in enumerate(body["names"]):
        yield Claim(id, "alias" if number else "label", Said(value=name, source=source))
    space = slug_of(id).partition("/")[0] if "/" in slug_of(id) else "curated"
    for name in body.get("makers", ()):
        org = f"org/{space}/{slug(name)}"
        yield Claim(org, "label", Said(value=name, source=source))
        yield Claim(id, "developer", Said(value=org, source=source))
    told = {"parameterCount": body.get("parameters"), "releaseDate": body.get("date")}
    for property, value in told.items():
        if value is not None:
            number = value if property == "parameterCount" else str(value)
            yield Claim(id, property, Said(value=number, source=source))


def rate_ties() -> Rate:
    """Precision and recall of the ties that a build makes by name."""
    tied = [one for one in judged_ties() if one.tied]
    right = sum(one.same for one in tied)
    return Rate(right / len(tied), right / sum(one.same for one in judged_ties()))


def ties_table() -> str:
    """What rate_ties says, in words."""
    precision, recall = rate_ties()
    same = sum(one.same for one in judged_ties())
    return (
        f"Ties by name: precision {precision:.3f}, recall {recall:.3f} "
        f"of {len(judged_ties())} pairs, {same} of them the same."
    )


def wrong_ties() -> list[str]:
    """The pairs that are tied and are not the same, or the other way round."""
    return [
        f"{'tied' if one.tied else 'not tied'}: {one.left} {one.right}"
        for one in judged_ties()
        if one.tied != one.same
    ]


if __name__ == "__main__":
    print(table())
    print(f"\n{ties_table()}")
    if "--wrong-ties" in sys.argv:
        print("\n".join(wrong_ties()))
    if "--wrong" in sys.argv:
        print("\n".join(wrong(float(sys.argv[sys.argv.index("--wrong") + 1]))))
