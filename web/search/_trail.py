"""What a model comes from, in a line, for lists of hits."""

from __future__ import annotations

from kg.answers.contract import Ref
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang

LONGEST = 5  # steps that are followed


def first_parents(held: Snapshot, number: int) -> list[Ref]:
    """What a model comes from by the first parent of each, the base model first.

    A hit has room for one line, so this is one path of a few steps and not all ancestors.

    Args:
        held: an open snapshot.
        number: of the model.

    Returns:
        Nothing if no source says that it comes from another.
    """
    path: list[int] = []
    while len(path) < LONGEST:
        edges = held.lineage.parents(path[-1] if path else number, held.lineage.weights)
        known = {number, *path}
        parent = next((e.parent for e in edges if e.parent not in known), None)
        if parent is None:
            break
        path.append(parent)
    ids = [held.id_at(node) for node in reversed(path)]
    return [Ref(id, held.label(id, lang())) for id in ids]
