"""What a node of a tree says of itself: its verdict, and where its date stands."""

from __future__ import annotations

from collections.abc import Iterator

from kg.model.claim import Entity
from kg.model.vocabulary import COMMERCIAL_VERDICT


def verdicts_said(entity: Entity) -> Iterator[str]:
    """What is said of commercial use, the first first."""
    for fact in (*entity.facts, *entity.inferred):
        if fact.property == COMMERCIAL_VERDICT:
            yield from map(str, fact.values)


def middle(date: str | None) -> str:
    """The day a date stands for among others.

    >>> middle("2023"), middle("2023-03"), middle("2023-03-13"), middle(None)
    ('2023-07-01', '2023-03-16', '2023-03-13', '')
    """
    return date + {4: "-07-01", 7: "-16"}.get(len(date), "") if date else ""
