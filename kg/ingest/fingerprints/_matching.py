"""Which published models the files of a model look like, by the rule of data/fingerprints/rule.yaml.

A pure function of signals. It never says that a model is made from another, only how far their files agree: models that
were trained apart on one shape with one tokenizer look alike as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from kg.ingest.fingerprints._published import Fingerprints, ResemblanceRule
from kg.ingest.fingerprints._signals import Signals

SHAPE, MERGES, STATISTICS = "shape", "merges", "statistics"
# How far what is counted over all tokens may differ: added tokens shift it, another vocabulary shifts it further.
_SLACK: Mapping[str, float] = {
    "token_length": 0.02,
    "single": 0.002,
    "spaced": 0.002,
    "byted": 0.002,
    "longest": 0,
}


class SignalComparison(NamedTuple):
    """How the files of a model stand to one fingerprint."""

    points: int  # of 100
    same: tuple[str, ...]  # signals
    near: tuple[str, ...]
    different: tuple[str, ...]


class Resemblance(NamedTuple):
    """A published model that a model looks like, for all of its line that it looks like."""

    id: str  # on the Hub
    comparison: SignalComparison
    line: tuple[str, ...]  # all of the line that match, the oldest first


def find_resemblances(
    own: Signals, published: Fingerprints, without: Collection[str] = ()
) -> list[Resemblance]:
    """The published models that files look like, the likest first; one of each line of models.

    Args:
        own: what the files tell.
        published: whom to compare with.
        without: Hub ids to leave out.
    """
    rule = published.rule
    found = {
        one.id: told
        for one in published.models
        if one.id not in without and (told := compare_signals(own, one.signals, rule))
    }
    best = max((told.points for told in found.values()), default=0)
    least = max(rule.threshold, best - rule.margin)
    kept = [id for id, told in found.items() if told.points >= least]
    kept.sort(key=lambda id: (published.line(id), published.order.get(id, 0)))
    lines = [tuple(ids) for _, ids in groupby(kept, published.line)]
    named = [Resemblance(ids[0], max(found[id] for id in ids), ids) for ids in lines]
    return sorted(named, key=lambda one: (-one.comparison.points, one.id))


def compare_signals(own: Signals, other: Signals, rule: ResemblanceRule) -> SignalComparison | None:
    """Weigh what two models have in common; None if they cannot be compared, or have not one shape.

    Args:
        own: the signals of one.
        other: the signals of the other.
        rule: what each signal is worth.
    """
    left, right = own.known(), other.known()
    if any(name not in left or name not in right for name in rule.needed):
        return None
    shape = [name for name in rule.shape if name in left and name in right]
    if any(left[name] != right[name] for name in shape):
        return None
    told: dict[str, list[str]] = {"same": [], "near": [], "different": []}
    for name, how in _compared(left, right, rule):
        told[how].append(name)
    points: float = sum(rule.shape[name] for name in shape)
    points += sum(rule.signals[name] for name in told["same"])
    points += sum(rule.signals[name] for name in told["near"]) / 2
    return SignalComparison(
        round(100 * points / rule.most),
        (SHAPE, *told["same"]),
        tuple(told["near"]),
        tuple(told["different"]),
    )


def _compared(
    left: Mapping[str, Any], right: Mapping[str, Any], rule: ResemblanceRule
) -> Iterator[tuple[str, str]]:
    """Each signal beside the shape that both know, and how the two stand to each other."""
    for name in rule.signals:
        if name == STATISTICS:
            both = [(_SLACK[n], left[n], right[n]) for n in _SLACK if n in left and n in right]
            if both:
                alike = all(abs(a - b) <= slack + 1e-9 for slack, a, b in both)
                yield name, "same" if alike else "different"
        elif name in left and name in right:
            yield name, _how(name, left, right, rule)


def _how(
    name: str, left: Mapping[str, Any], right: Mapping[str, Any], rule: ResemblanceRule
) -> str:
    one, other = left[name], right[name]
    if name == MERGES:  # the first of them decide, and added ones may stand at the end
        alike = left["merges_hash"] == right["merges_hash"] and _is_near(
            one, other, rule.near[name]
        )
        return "same" if alike else "different"
    if one == other:
        return "same"
    return "near" if name in rule.near and _is_near(one, other, rule.near[name]) else "different"


def _is_near(one: float, other: float, share: float) -> bool:
    return abs(one - other) <= share * max(one, other)
