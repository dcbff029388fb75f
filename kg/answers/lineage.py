"""The family tree of an entity, as an answer."""

from __future__ import annotations

from kg.answers.contract import Direction, EdgeChoice, LineageAnswer, NodeAnswer
from kg.answers.genealogy import ANY, Where, edges_among, find_genealogy, list_nearest
from kg.answers.show import answer_edge
from kg.answers.tree.unresolved import unresolved_among
from kg.columns.labels import labels_of
from kg.model.claim import kind_of
from kg.snapshot.snapshot import Snapshot


def lineage(
    snapshot: Snapshot,
    id: str,
    direction: Direction = "both",
    edges: EdgeChoice = "weights",
    limit: int | None = None,
    lang: str = "en",
    where: Where = ANY,
) -> LineageAnswer:
    """The family tree of a model, family or dataset; of an organization, of its models.

    Args:
        snapshot: an open snapshot.
        id: as a user names it; other kinds stand alone.
        direction: ancestors, descendants or both.
        edges: weights, data (with distillation), or both of these.
        limit: most ancestors and descendants to list, the nearest first.
        lang: language of the labels.
        where: which ancestors and descendants count.

    Raises:
        UnknownId: there is no such entity.
    """
    id = snapshot.find(id)
    found = find_genealogy(snapshot, id, direction, edges, where)
    rows = [*list_nearest(found, limit)]
    labels = labels_of(snapshot, [node for node, _, _ in rows], lang)
    nodes: dict[int, NodeAnswer] = {}
    for (node, depth, role), label in zip(rows, labels, strict=True):
        known = snapshot.id_at(node)
        nodes[node] = NodeAnswer(known, label, kind_of(known), depth, role)
    links = [answer_edge(snapshot, e) for e in edges_among(snapshot, found, nodes)]
    above = () if edges == "data" else (found.root, *found.ancestors)
    return LineageAnswer(
        root=id,
        total=found.total,
        nodes=sorted(nodes.values(), key=lambda n: (n.depth, n.role != "root", n.role, n.id)),
        edges=sorted(links, key=lambda e: (e.child, e.parent, e.relation)),
        counts=dict(found.counts),
        unresolved=unresolved_among(snapshot, above, lang),
    )
