"""How well models are recognized by their files: `make eval-fingerprints`.

Each published fingerprint is left out and compared with the others, as the files of a model that nobody declares. What
is said is right if it names a model that shares weights with it (data/fingerprints/lines.yaml). Then all of its line
are left out, and whatever is said is a false alarm.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import NamedTuple

import msgspec

from kg.ingest.fingerprints._matching import Resemblance, find_resemblances
from kg.ingest.fingerprints._published import Fingerprints, PublishedModel, read_fingerprints
from kg.ingest.fingerprints._signals import Signals
from kg.paths import DATA
from tests.gendocs import ROOT

THRESHOLDS = (50, 55, 60, 65, 70, 75, 80, 85, 90, 95)
PAGE = ROOT / "docs" / "fingerprints.md"
RULE = DATA / "fingerprints" / "rule.yaml"
_BEGIN, _END = "<!-- measured -->", "<!-- end -->"


class Measured(NamedTuple):
    """What was found with each model left out."""

    threshold: int
    said: int  # models that look like another
    right: int  # of these, the ones that share weights with one that is named
    alone: int  # of those, the ones of which no other line is named
    related: int  # models that share weights with another
    same_shape: int  # of these, the ones that have the shape of one of them
    alarms: int  # models that look like another once their line is left out
    strangers: int  # of these, the ones that look like another maker's

    @property
    def precision(self) -> float:
        """The share of what was said that is right."""
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """The share of related models that are recognized."""
        return self.right / self.related


def with_threshold(published: Fingerprints, threshold: int) -> Fingerprints:
    """The same with another threshold."""
    rule = msgspec.structs.replace(published.rule, threshold=threshold)
    return msgspec.structs.replace(published, rule=rule)


def looked_at(published: Fingerprints) -> Iterator[tuple[PublishedModel, list[Resemblance]]]:
    """Each model with what it looks like among the others."""
    for one in published.models:
        yield one, find_resemblances(one.signals, published, {one.id})


def line_of(published: Fingerprints, id: str) -> frozenset[str]:
    """All models that share weights with one, itself with them."""
    line = published.line(id)
    return frozenset(one.id for one in published.models if published.line(one.id) == line)


def maker(published: Fingerprints, id: str) -> str:
    """Who made the first of a model's line."""
    return published.line(id).partition("/")[0].casefold()


def halves(published: Fingerprints) -> tuple[frozenset[str], frozenset[str]]:
    """The models in two halves, every other line in each: threshold and margin are chosen on the first."""
    lines = sorted({published.line(one.id) for one in published.models}, key=str.casefold)
    place = {line: number % 2 for number, line in enumerate(lines)}
    ids = [one.id for one in published.models]
    first, second = ([id for id in ids if place[published.line(id)] == half] for half in (0, 1))
    return frozenset(first), frozenset(second)


def measure(published: Fingerprints, among: Collection[str] | None = None) -> Measured:
    """Leave out each model, and each line.

    Args:
        published: the fingerprints.
        among: the models to leave out in turn; None = all.
    """
    counts: Counter[str] = Counter()
    for one, found in looked_at(published):
        if among is not None and one.id not in among:
            continue
        line = line_of(published, one.id)
        others = [m for m in published.models if m.id in line and m.id != one.id]
        right = any(resembled.id in line for resembled in found)
        counts["said"] += bool(found)
        counts["right"] += right
        counts["alone"] += right and len(found) == 1
        counts["related"] += bool(others)
        counts["shape"] += any(shape(m.signals) == shape(one.signals) for m in others)
        alarms = find_resemblances(one.signals, published, line)
        counts["alarms"] += bool(alarms)
        counts["strangers"] += any(
            maker(published, a.id) != maker(published, one.id) for a in alarms
        )
    names = ("said", "right", "alone", "related", "shape", "alarms", "strangers")
    return Measured(published.rule.threshold, *(counts[name] for name in names))


def shape(signals: Signals) -> tuple[object, ...]:
    """What no training changes."""
    return signals.hidden, signals.layers, signals.heads, signals.kv_heads, signals.inner


def table(published: Fingerprints) -> str:
    """Precision and recall at several thresholds, as Markdown."""
    lines = [
        "| points | look like another | right | precision | one named | recall | without its line | another maker's |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for threshold in THRESHOLDS:
        changed = with_threshold(published, threshold)
        used = threshold == published.rule.threshold
        lines.append(_row(f"{threshold} (used)" if used else str(threshold), measure(changed)))
    for name, half in zip(("first half", "second half"), halves(published), strict=True):
        lines.append(_row(f"{published.rule.threshold}, {name}", measure(published, half)))
    return "\n".join(lines)


def _row(name: str, one: Measured) -> str:
    rates = f"{one.precision:.3f} | {one.alone} | {one.recall:.3f}"
    return f"| {name} | {one.said} | {one.right} | {rates} | {one.alarms} | {one.strangers} |"


def write(published: Fingerprints) -> None:
    """Write the table into the page, and what was measured into the rule."""
    one = measure(published)
    page = PAGE.read_text("utf-8")
    head, rest = page.split(_BEGIN)
    _, tail = rest.split(_END)
    PAGE.write_text(f"{head}{_BEGIN}\n{table(published)}\n{_END}{tail}", "utf-8")
    told = f"measured: {{said: {one.said}, right: {one.right}, related: {one.related}}}"
    RULE.write_text(re.sub(r"(?m)^measured: .*$", told, RULE.read_text("utf-8")), "utf-8")


def remarkable(published: Fingerprints) -> Iterator[str]:
    """What is wrong, missed, or a false alarm at the threshold of the rule."""
    for model, found in looked_at(published):
        line = line_of(published, model.id)
        if found and not any(resembled.id in line for resembled in found):
            yield f"wrong: {model.id} looks like {found[0].id}"
        elif not found and len(line) > 1:
            yield f"missed: {model.id}"
        for alarm in find_resemblances(model.signals, published, line):
            points = alarm.comparison.points
            yield f"without its line: {model.id} looks like {alarm.id} ({points} points)"


def main() -> None:
    """Print the table and what is remarkable."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write both to docs/ and data/")
    published = read_fingerprints(DATA)
    assert published
    print(table(published))
    one = measure(published)
    print(
        f"\n{one.related} of {len(published.models)} models share weights with another, "
        f"{one.same_shape} of them in the same shape"
    )
    print(*remarkable(published), sep="\n")
    if parser.parse_args().write:
        write(published)


if __name__ == "__main__":
    main()
