"""How well models are recognized by their files: `make eval-fingerprints`.

Each published fingerprint is left out and compared with the others, as the files of a model that nobody declares. What
is said is right if it names a model that shares weights with it (data/fingerprints/lines.yaml). Then all of its line
are left out, and whatever is said is a false alarm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from kg.ingest.fingerprints._matching import Resemblance, find_resemblances
from kg.ingest.fingerprints._published import Fingerprints, PublishedModel, read_fingerprints
from kg.ingest.fingerprints._signals import Signals
from kg.paths import DATA

THRESHOLDS = (50, 55, 60, 65, 70, 75, 80, 85, 90, 95)
_TOKENIZER = ("tokens", "token_length", "longest", "single", "spaced", "byted")


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


def measure(published: Fingerprints) -> Measured:
    """Leave out each model, and each line."""
    counts: Counter[str] = Counter()
    for one, found in looked_at(published):
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
        "| points | look like another | right | precision | one line named | recall | false alarms | other makers |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for threshold in THRESHOLDS:
        one = measure(with_threshold(published, threshold))
        mark = " (used)" if threshold == published.rule.threshold else ""
        lines.append(
            f"| {threshold}{mark} | {one.said} | {one.right} | {one.precision:.3f} | {one.alone} "
            f"| {one.recall:.3f} | {one.alarms} of {len(published.models)} | {one.strangers} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Print the table, and what is wrong or missed at the threshold of the rule."""
    published = read_fingerprints(DATA)
    assert published
    print(table(published))
    one = measure(published)
    print(
        f"\n{one.related} of {len(published.models)} models share weights with another, "
        f"{one.same_shape} of them in the same shape"
    )
    for model, found in looked_at(published):
        line = line_of(published, model.id)
        named = [f"{r.id} ({r.comparison.points})" for r in found]
        if found and not any(r.id in line for r in found):
            print("wrong:", model.id, "looks like", *named)
        elif not found and len(line) > 1:
            print("missed:", model.id)
        for alarm in find_resemblances(model.signals, published, line):
            print(
                "false alarm:",
                model.id,
                "without its line looks like",
                alarm.id,
                alarm.comparison.points,
            )


if __name__ == "__main__":
    main()
