"""Paths from models to their ancestors, and the nearest common ancestors.

A step leads from a model to what it derives from and to its families, and from a family to what
all its members share.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from kg.lineage.graph import Edge
from kg.lineage.reach import walk_up
from kg.model.vocabulary import DERIVED_FROM, IN_FAMILY
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

if TYPE_CHECKING:
    import networkx as nx

MOST = 50  # paths that are listed
_TRIED = 10  # times as many are looked at
_FAMILIES = 20_000  # of which it is remembered what their members share


class CommonAncestor(NamedTuple):
    """An ancestor of several models."""

    node: int
    steps: tuple[int, ...]  # from each of them; 0 = it is the ancestor itself


def ancestor_graph(
    snapshot: Snapshot, starts: Collection[int], relations: Collection[str] | None = None
) -> nx.DiGraph:
    """Some nodes and all they come from as a graph; edges lead to parents and carry their relation.

    It holds what `Families.ancestors` finds, but walks by itself, because paths need the steps between.

    Args:
        snapshot: an open snapshot.
        starts: numbers of models or families; all stand in the graph.
        relations: to follow; by default those along which weights pass.
    """
    import networkx as nx  # few answers need it, and it takes long to load

    graph = nx.DiGraph()
    graph.add_nodes_from(starts)

    def add_parents(node: int) -> list[int]:
        for edge in _parent_edges(snapshot, node, relations):
            if not graph.has_edge(node, edge.parent):
                graph.add_edge(node, edge.parent, relation=edge.relation)
        return list(graph[node])

    walk_up(starts, add_parents)
    return graph


def _parent_edges(
    snapshot: Snapshot, node: int, relations: Collection[str] | None
) -> Iterator[Edge]:
    lineage, families = snapshot.lineage, snapshot.families
    order = snapshot.vocabulary.properties
    derives = lineage.parents(node, lineage.weights if relations is None else relations)
    for edge in sorted(
        derives, key=lambda e: (e.relation == DERIVED_FROM, order[e.relation].order)
    ):
        if edge.parent != node:
            yield edge
    if families.is_family(node):
        known = None if relations is None else frozenset(relations)
        for parent in _shared_by_members(snapshot, node, known):
            yield Edge(node, parent, DERIVED_FROM)
    for family in sorted(families.of(node) - {node}):
        yield Edge(node, family, IN_FAMILY)


@memo(most=_FAMILIES)
def _shared_by_members(
    snapshot: Snapshot, family: int, relations: frozenset[str] | None
) -> list[int]:
    """The nearest ancestors that all members of a family share."""
    found = {
        node: _find_ancestors(snapshot, node, relations)
        for node in _find_ancestors(snapshot, family, relations)
    }
    # One that comes from the family itself leads to others only by way of the family's own edges.
    return _list_nearest(
        {node: set() if family in ancestors else ancestors for node, ancestors in found.items()}
    )


def _find_ancestors(snapshot: Snapshot, node: int, relations: Collection[str] | None) -> set[int]:
    reach = snapshot.families.ancestors(node, relations)
    return {*reach.models, *reach.families} - {node}


def _list_nearest(ancestors: Mapping[int, set[int]]) -> list[int]:
    """The nodes that are ancestors of none of the others, unless both are of each other.

    Args:
        ancestors: the nodes with the ancestors of each.
    """
    return sorted(
        node
        for node, own in ancestors.items()
        if not any(
            node in theirs and other not in own
            for other, theirs in ancestors.items()
            if other != node
        )
    )


def paths(
    snapshot: Snapshot,
    start: int,
    end: int,
    most: int = MOST,
    relations: Collection[str] | None = None,
) -> list[list[Edge]]:
    """The paths from a node to an ancestor, the shortest first; none passes a node twice.

    Args:
        snapshot: an open snapshot.
        start: the number of a model or family.
        end: the number of the ancestor.
        most: paths to list; merges of merges have very many.
        relations: to follow; by default those along which weights pass.
    """
    graph = ancestor_graph(snapshot, [start], relations)
    if start == end or end not in graph:
        return []
    import networkx as nx

    between = graph.subgraph({end, *nx.ancestors(graph, end)})
    simple = islice(nx.shortest_simple_paths(between, start, end), most * _TRIED)
    found = ([Edge(a, b, graph[a][b]["relation"]) for a, b in pairwise(path)] for path in simple)
    direct: list[list[Edge]] = []
    roundabout: list[list[Edge]] = []
    for path in found:
        (roundabout if _is_roundabout(path) else direct).append(path)
        if len(direct) == most:
            break
    return direct or roundabout[:most]


def _is_roundabout(path: list[Edge]) -> bool:
    """Whether a path enters a model's family to leave it by what all members share.

    Such a path says nothing that the model's own edges do not.
    """
    return any(
        into.relation == IN_FAMILY and out.relation == DERIVED_FROM for into, out in pairwise(path)
    )


def nearest_common_ancestors(
    snapshot: Snapshot, nodes: Sequence[int], relations: Collection[str] | None = None
) -> list[CommonAncestor]:
    """The common ancestors of several models that are no ancestors of another one.

    A model counts among its own ancestors here: of a model and its base, the base is the nearest.

    Args:
        snapshot: an open snapshot.
        nodes: numbers of models or families.
        relations: to follow; by default those along which weights pass.

    Returns:
        The nearest, those with fewest steps first.
    """
    graph = ancestor_graph(snapshot, nodes, relations)
    import networkx as nx

    steps = [nx.single_source_shortest_path_length(graph, node) for node in nodes]
    shared = set(steps[0]).intersection(*steps[1:])
    ancestors: dict[int, set[int]] = {node: nx.descendants(graph, node) for node in shared}
    found = [
        CommonAncestor(node, tuple(known[node] for known in steps))
        for node in _list_nearest(ancestors)
    ]
    return sorted(found, key=lambda common: (sum(common.steps), common.node))
