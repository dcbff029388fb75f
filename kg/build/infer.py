"""Facts that follow from other facts, each naming what it rests on."""

from __future__ import annotations

from kg.lineage.families import Families
from kg.lineage.graph import Lineage
from kg.model.claim import INFERRED, Entity, Fact, Said, kind_of
from kg.model.vocabulary import DESCENDANT_COUNT


def infer(entity: Entity, node: int, lineage: Lineage, families: Families) -> tuple[Fact, ...]:
    """The facts that follow for one entity.

    Args:
        entity: the resolved entity.
        node: its number in the lineage.
        lineage: the derivation graph of all entities.
        families: the families in it.
    """
    kind = kind_of(entity.id)
    if kind == "model":
        count = lineage.descendant_count(node)
    elif kind == "family":
        count = len(families.descendants(node).models)
    else:
        return ()
    premise = f"all models reached by {', '.join(sorted(lineage.weights))}"
    said = Said(count, INFERRED, note=premise, inferred=True)
    return (Fact(DESCENDANT_COUNT, (count,), (said,)),) if count else ()
