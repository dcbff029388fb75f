"""Ways from models to what they come from, and the nearest ancestors that several share.

A step leads from a model to what it derives from and to its families, and from a family to what
all its members share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import networkx as nx

from kg.lineage.graph import Edge
from kg.model.vocabulary import DERIVED_FROM, IN_FAMILY
from kg.snapshot.snapshot import Snapshot

MOST = 50  # ways that are told
_TRIED = 10  # times as many are looked at


class Common(NamedTuple):
    """An ancestor that several models share."""

    node: int
    steps: tuple[int, ...]  # from each of them; 0 = it is the ancestor itself


def ascent(
    snapshot: Snapshot, starts: Collection[int], relations: Collection[str] | None = None
) -> nx.DiGraph:
    """All that some nodes come from, as a graph of steps upwards; edges carry their relation.

    Args:
        snapshot: an open snapshot.
        starts: numbers of models or families; all stand in the graph.
        relations: to follow; by default those along which weights pass.
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(starts)
    queue = list(graph)
    for node in queue:  # grows as it is read
        for edge in _steps(snapshot, node, relations):
            if edge.parent not in graph:
                queue.append(edge.parent)
            if not graph.has_edge(node, edge.parent):
                graph.add_edge(node, edge.parent, relation=edge.relation)
    return graph


def _steps(snapshot: Snapshot, node: int, relations: Collection[str] | None) -> Iterator[Edge]:
    lineage, families = snapshot.lineage, snapshot.families
    order = snapshot.vocabulary.properties
    derives = lineage.parents(node, lineage.weights if relations is None else relations)
    for edge in sorted(
        derives, key=lambda e: (e.relation == DERIVED_FROM, order[e.relation].order)
    ):
        if edge.parent != node:
            yield edge
    if families.is_family(node):
        yield from (
            Edge(node, parent, DERIVED_FROM) for parent in _shared(snapshot, node, relations)
        )
    for family in sorted(families.of(node) - {node}):
        yield Edge(node, family, IN_FAMILY)


def _shared(snapshot: Snapshot, family: int, relations: Collection[str] | None) -> list[int]:
    """What all members of a family come from, without what is above another such ancestor."""
    known, key = snapshot.family_tops, (family, None if relations is None else frozenset(relations))
    if key not in known:
        above = {n: _above(snapshot, n, relations) for n in _above(snapshot, family, relations)}
        known[key] = _nearest(above)
    return known[key]


def _above(snapshot: Snapshot, node: int, relations: Collection[str] | None) -> set[int]:
    reach = snapshot.families.above(node, relations)
    return {*reach.models, *reach.families} - {node}


def _nearest(above: dict[int, set[int]]) -> list[int]:
    """Those of some nodes that stand above none of the others, unless each is above the other."""
    return sorted(
        n
        for n in above
        if not any(
            n in over and other not in above[n] for other, over in above.items() if other != n
        )
    )


def paths(
    snapshot: Snapshot,
    start: int,
    end: int,
    most: int = MOST,
    relations: Collection[str] | None = None,
) -> list[list[Edge]]:
    """The ways from a node up to an ancestor, the shortest first; none passes a node twice.

    Args:
        snapshot: an open snapshot.
        start: the number of a model or family.
        end: the number of what it comes from.
        most: ways to tell; merges of merges have very many.
        relations: to follow; by default those along which weights pass.
    """
    graph = ascent(snapshot, [start], relations)
    if start == end or end not in graph:
        return []
    between = graph.subgraph({end, *nx.ancestors(graph, end)})
    simple = islice(nx.shortest_simple_paths(between, start, end), most * _TRIED)
    ways = ([Edge(a, b, graph[a][b]["relation"]) for a, b in pairwise(way)] for way in simple)
    told: list[list[Edge]] = []
    idle: list[list[Edge]] = []
    for way in ways:
        (idle if _idle(way) else told).append(way)
        if len(told) == most:
            break
    return told or idle[:most]


def _idle(way: list[Edge]) -> bool:
    """Whether a way enters a model's family to leave it by what all members share.

    Such a way says nothing that the model's own edges do not.
    """
    return any(
        into.relation == IN_FAMILY and out.relation == DERIVED_FROM for into, out in pairwise(way)
    )


def nearest_common_ancestors(
    snapshot: Snapshot, nodes: Sequence[int], relations: Collection[str] | None = None
) -> list[Common]:
    """What several models all come from, without what is above another such ancestor.

    A model counts among its own ancestors here: of a model and its base, the base is the nearest.

    Args:
        snapshot: an open snapshot.
        nodes: numbers of models or families.
        relations: to follow; by default those along which weights pass.

    Returns:
        The nearest, those with fewest steps first.
    """
    graph = ascent(snapshot, nodes, relations)
    steps = [nx.single_source_shortest_path_length(graph, node) for node in nodes]
    shared = set(steps[0]).intersection(*steps[1:])
    above: dict[int, set[int]] = {node: nx.descendants(graph, node) for node in shared}
    found = [Common(node, tuple(known[node] for known in steps)) for node in _nearest(above)]
    return sorted(found, key=lambda common: (sum(common.steps), common.node))
