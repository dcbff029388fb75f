"""What the members of a family have between them: from the smallest to the largest, from the first to the last."""

from __future__ import annotations

from collections.abc import Mapping

from kg.answers.tree.neighbors import Graph
from kg.model.claim import Entity
from kg.model.vocabulary import CONTEXT_LENGTH, PARAMETER_COUNT, RELEASE_DATE
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

MOST = 200  # members that are looked at; of a larger family nothing is said

Span = tuple[str, str] | tuple[int, int]


@memo(most=2_000)
def member_spans(snapshot: Snapshot, family: int) -> Mapping[str, Span]:
    """The least and the most of what members state of themselves, by property.

    A value in doubt counts for nothing. Dates are compared as far as they are known.

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
        if numbers := [v for entity in known if isinstance(v := _certain(entity, name), int)]:
            found[name] = min(numbers), max(numbers)
    if dates := [v for entity in known if isinstance(v := _certain(entity, RELEASE_DATE), str)]:
        found[RELEASE_DATE] = min(dates), max(dates)
    return found


def _certain(entity: Entity, name: str) -> object:
    """The one value of a property, if it is not in doubt."""
    fact = entity.fact(name)
    sure = fact is not None and len(fact.values) == 1 and not (fact.disputed or fact.doubtful)
    return fact.values[0] if sure and fact else None
