"""What the members of a family have between them: from the smallest to the largest, from the first to the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from kg.answers.tree.neighbors import Graph
from kg.model.claim import Entity, Value
from kg.model.dating import best_date
from kg.model.vocabulary import CONTEXT_LENGTH, PARAMETER_COUNT, RELEASE_DATE
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

MOST = 200  # members that are looked at; of a larger family nothing is said

Span = tuple[str, str] | tuple[int, int]


@memo(most=2_000)
def member_spans(snapshot: Snapshot, family: int) -> Mapping[str, Span]:
    """The least and the most of what members state of themselves, by property.

    Where sources disagree on a member each of their values counts; a guess counts for nothing.

    Args:
        snapshot: an open snapshot.
        family: its number.
    """
    members = Graph(snapshot).members(family)
    if len(members) > MOST:
        return {}
    known = [snapshot.entity_at(number) for number in members]
    found: dict[str, Span] = {}
    for name in (PARAMETER_COUNT, CONTEXT_LENGTH):
        if numbers := [v for entity in known for v in _stated(entity, name) if isinstance(v, int)]:
            found[name] = min(numbers), max(numbers)
    if dates := [day for e in known if (day := best_date(partial(_stated, e)))]:
        found[RELEASE_DATE] = min(dates), max(dates)
    return found


def _stated(entity: Entity, name: str) -> Iterable[Value]:
    """The values of a property that a source states."""
    fact = entity.fact(name)
    return () if fact is None or fact.doubtful else fact.values
