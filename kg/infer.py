"""Facts that follow from other facts, each naming what it rests on."""

from __future__ import annotations

from kg.lineage import Lineage
from kg.model import Entity, Fact, Said, kind_of
from kg.rdf import INFERRED
from kg.vocab import DESCENDANT_COUNT


def infer(entity: Entity, node: int, lineage: Lineage) -> tuple[Fact, ...]:
    """The facts that follow for one entity.

    Args:
        entity: the resolved entity.
        node: its number in the lineage.
        lineage: the derivation graph of all entities.
    """
    if kind_of(entity.id) != "model":
        return ()
    count = lineage.descendant_count(node)
    if not count:
        return ()
    premise = ", ".join(sorted(lineage.weights))
    said = Said(count, INFERRED, note=f"closure over {premise}", inferred=True)
    return (Fact(DESCENDANT_COUNT, (count,), (said,)),)
