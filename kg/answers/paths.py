"""The ways from a model up to one of its ancestors, as an answer."""

from __future__ import annotations

from kg.answers import _ancestor_graph as descent
from kg.answers.contract import EdgeAnswer, EdgeChoice
from kg.answers.genealogy import EDGE_KINDS
from kg.answers.show import answer_edge
from kg.snapshot.snapshot import Snapshot


def paths(
    snapshot: Snapshot,
    id: str,
    ancestor: str,
    edges: EdgeChoice = "weights",
    limit: int = descent.MOST,
) -> list[list[EdgeAnswer]]:
    """The ways from a model or family up to an ancestor, the shortest first; none if it is no ancestor.

    Args:
        snapshot: an open snapshot.
        id: as a user names it.
        ancestor: likewise.
        edges: weights, data (with distillation), or both of these.
        limit: most ways; merges of merges have very many.

    Raises:
        UnknownId: one of the two is not there.
    """
    start, end = (snapshot.number(snapshot.find(name)) for name in (id, ancestor))
    relations = None if edges == "weights" else snapshot.vocabulary.edges(*EDGE_KINDS[edges])
    return [
        [answer_edge(snapshot, e) for e in way]
        for way in descent.paths(snapshot, start, end, limit, relations)
    ]
