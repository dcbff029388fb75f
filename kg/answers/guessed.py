"""Which edges rest only on a rule that infers from names, and on which.

A rule's claims hold only where no source states a parent (kg/claims/resolve.py), so one claim tells for all of a fact.
"""

from __future__ import annotations

from kg.answers.contract import EdgeAnswer
from kg.claims.name_rules import RULE
from kg.lineage.graph import Edge
from kg.model.claim import Entity, Fact
from kg.model.vocabulary import SOURCE_TYPE
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot


def rule_of_edge(snapshot: Snapshot, child: Entity, relation: str) -> str | None:
    """The rule that the edges of a relation rest on, as the id of a source; None if a source states them.

    Args:
        snapshot: where the sources stand.
        child: whose edges they are.
        relation: by which it derives.
    """
    fact = child.fact(relation)
    return rule_of_fact(snapshot, fact) if fact else None


def rule_of_fact(snapshot: Snapshot, fact: Fact) -> str | None:
    """The rule that a fact rests on, as the id of a source; None if a source states it."""
    holding = [
        said for said in fact.claims if said.value in fact.values and said.rank != "rejected"
    ]
    guessed = all(said.inferred and _is_rule(snapshot, said.source) for said in holding)
    return holding[0].source if holding and guessed else None


def answer_edge(snapshot: Snapshot, edge: Edge) -> EdgeAnswer:
    """An edge as an answer has it."""
    child, parent = snapshot.id_at(edge.child), snapshot.id_at(edge.parent)
    rule = None
    if edge.relation in snapshot.lineage.weights and edge.child < len(snapshot.lines):
        rule = rule_of_edge(snapshot, snapshot.entity_at(edge.child), edge.relation)
    return EdgeAnswer(child, parent, edge.relation, rule)


@memo(most=1_000)
def _is_rule(snapshot: Snapshot, source: str) -> bool:
    number = snapshot.lines.find(source)
    return number is not None and RULE in snapshot.entity_at(number).values(SOURCE_TYPE)
