"""The way from a base model down to a model, in a line, for lists of hits."""

from __future__ import annotations

from kg.answers.contract import Ref
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang

LONGEST = 5  # steps up that are followed


def trail(held: Snapshot, number: int) -> list[Ref]:
    """What a model comes from by its first parents, the origin first.

    Args:
        held: an open snapshot.
        number: of the model.

    Returns:
        Nothing if no source says that it comes from another.
    """
    way: list[int] = []
    while len(way) < LONGEST:
        above = held.lineage.parents(way[-1] if way else number, held.lineage.weights)
        parent = next((e.parent for e in above if e.parent != number and e.parent not in way), None)
        if parent is None:
            break
        way.append(parent)
    ids = [held.id_at(node) for node in reversed(way)]
    return [Ref(id, held.label(id, lang())) for id in ids]
