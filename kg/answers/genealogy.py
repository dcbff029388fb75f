"""The ancestors and descendants of an entity, filtered and counted.

Edges are of two kinds. Weights pass along `weights`; text, answers and recipes for data along `data`
(what a model was trained on, what that was written by, what it was distilled from); `all` is both.
So "which models learned from text that OpenAI's models wrote?" is

    find_genealogy(snapshot, "org/openai", "down", "data")
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import numpy as np

from kg.answers.contract import Direction, EdgeChoice, Role
from kg.answers.tree.neighbors import Graph
from kg.columns.labels import labels_of
from kg.lineage.adjacency import Mask, distinct, within
from kg.lineage.families import Reach
from kg.lineage.graph import Edge, Lineage, day_number
from kg.lineage.reach import Distances, merge_distances
from kg.model.claim import kind_of
from kg.model.vocabulary import DEVELOPER, IN_FAMILY
from kg.snapshot.snapshot import Snapshot

if TYPE_CHECKING:
    import networkx as nx

EDGE_KINDS: Mapping[EdgeChoice, tuple[str, ...]] = {
    "weights": ("weights",),
    "data": ("data", "distillation"),
    "all": ("weights", "distillation", "data"),
}
_WRITERS = ("model", "family", "product")  # what of a maker's work can write text
_HOLDERS = ("model", "family")  # what of it has weights


class Where(NamedTuple):
    """Which ancestors and descendants count; by default all."""

    depth: int | None = None  # most steps
    kinds: frozenset[str] = frozenset()
    since: str = ""  # released on this day or later: YYYY, YYYY-MM or YYYY-MM-DD
    until: str = ""  # or by it; of unknown date are neither
    verdicts: frozenset[int] = frozenset()  # codes of lineage.verdicts (kg/licenses/verdicts.py)

    def keep(self, lineage: Lineage, reached: Distances) -> Distances:
        """Those of some nodes that count."""
        mask: Mask = np.ones(len(reached), np.bool_)
        if self.depth is not None:
            mask &= reached.depths <= self.depth
        if self.kinds:
            mask &= lineage.kinds(reached.nodes, self.kinds)
        if self.since or self.until:
            dates = lineage.dates[reached.nodes]
            last = int(self.until.replace("-", "").ljust(8, "9")) if self.until else 99999999
            mask &= (dates >= max(1, day_number(self.since))) & (dates <= last)
        if self.verdicts:
            known = lineage.verdicts
            wanted = np.array(sorted(self.verdicts))
            mask &= known is not None and np.isin(known[reached.nodes], wanted)
        return reached.where(mask)


ANY = Where()


class Genealogy(msgspec.Struct, frozen=True, kw_only=True):
    """The ancestors and descendants of a node, with the least number of steps to each."""

    root: int
    members: frozenset[int]  # what is in a family; what a maker made
    ancestors: Distances
    descendants: Distances
    relations: frozenset[str]  # that were followed
    total: int  # models among ancestors and descendants
    counts: Mapping[str, int]  # models among descendants, by how they derive, most first

    @property
    def nodes(self) -> set[int]:
        """All of them, with the root and its members."""
        return {self.root, *self.members, *self.ancestors, *self.descendants}


def find_genealogy(
    snapshot: Snapshot,
    id: str,
    direction: Direction = "both",
    edges: EdgeChoice = "weights",
    where: Where = ANY,
) -> Genealogy:
    """Find the ancestors and descendants of an entity.

    Args:
        snapshot: an open snapshot.
        id: a canonical id: a model, family or dataset; of an organization or person, what comes
            from its models.
        direction: ancestors, descendants or both.
        edges: the kind of edges to follow.
        where: which ancestors and descendants count.

    Raises:
        UnknownId: there is no such entity.
    """
    root, lineage, families = snapshot.number(id), snapshot.lineage, snapshot.families
    relations = snapshot.vocabulary.edges(*EDGE_KINDS[edges])
    follow = None if edges == "weights" else relations
    roots = _find_roots(snapshot, root, _HOLDERS if edges == "weights" else _WRITERS)
    none = Reach({}, {})
    up = _merge(families.ancestors_of(roots, follow) if direction != "down" else none)
    down = _merge(families.descendants_of(roots, follow) if direction != "up" else none)
    ancestors, descendants = where.keep(lineage, up), where.keep(lineage, down)
    models = [part.nodes[lineage.kinds(part.nodes, {"model"})] for part in (ancestors, descendants)]
    counts: Mapping[str, int] = {}
    if direction != "up":
        parents = distinct(np.concatenate([down.nodes, np.array(sorted(roots))]))
        counts = Graph(snapshot, relations).tally(models[1], parents)
    return Genealogy(
        root=root,
        members=frozenset(roots - {root}),
        ancestors=ancestors,
        descendants=descendants,
        relations=relations,
        total=len(distinct(np.concatenate(models))),
        counts=counts,
    )


def _merge(reach: Reach) -> Distances:
    return merge_distances([reach.models, reach.families])


def _find_roots(snapshot: Snapshot, root: int, kinds: Collection[str]) -> set[int]:
    """A node, what is in it if it is a family, and what a maker made of some kinds."""
    families = snapshot.families
    made = np.array(sorted(families.made_by(root)), np.int64)
    fit = made[snapshot.lineage.kinds(made, kinds)].tolist() if len(made) else []
    return {node for start in (root, *fit) for node in families.roots(start)}


def lineage_graph(
    snapshot: Snapshot,
    id: str,
    limit: int = 300,
    direction: Direction = "both",
    edges: EdgeChoice = "weights",
    where: Where = ANY,
    lang: str = "en",
) -> nx.DiGraph:
    """The nearest ancestors and descendants as a networkx graph; edges go from parent to child.

    Nodes are ids and carry label, kind, depth, role and releaseDate (YYYYMMDD; 0 = unknown); edges
    carry the relation; the graph carries `total` and `counts`, which no limit touches.

    Args:
        limit: most ancestors and descendants, the nearest first.
        lang: language of the labels.
        id: as a user names it.
        snapshot, direction, edges, where: as in `find_genealogy`.

    Raises:
        UnknownId: there is no such entity.
    """
    import networkx as nx  # few need it, and it takes half a second to load

    id = snapshot.find(id)
    found = find_genealogy(snapshot, id, direction, edges, where)
    graph = nx.DiGraph(root=id, total=found.total, counts=dict(found.counts))
    rows = [*list_nearest(found, limit)]
    nodes = [node for node, _, _ in rows]
    ids = {node: snapshot.id_at(node) for node in nodes}
    labels = labels_of(snapshot, nodes, lang)
    dates = snapshot.lineage.dates[np.array(nodes, np.int64)].tolist()
    graph.add_nodes_from(
        (
            ids[node],
            {
                "label": label,
                "kind": kind_of(ids[node]),
                "depth": depth,
                "role": role,
                "releaseDate": date,
            },
        )
        for (node, depth, role), label, date in zip(rows, labels, dates, strict=True)
    )
    relations: dict[tuple[str, str], list[str]] = {}
    for edge in edges_among(snapshot, found, ids):
        ends = ids[edge.parent], ids[edge.child]
        relations.setdefault(ends, []).append(edge.relation)
    graph.add_edges_from((*ends, {"relation": " ".join(said)}) for ends, said in relations.items())
    return graph


def list_nearest(found: Genealogy, limit: int | None) -> Iterator[tuple[int, int, Role]]:
    """The root and its members, then the nearest nodes: number, steps and role of each.

    Args:
        found: all of them.
        limit: most ancestors and descendants.
    """
    yield found.root, 0, "root"
    for member in sorted(found.members):
        yield member, 0, "member"
    both = merge_distances([found.ancestors, found.descendants])
    places = np.argsort(both.depths, kind="stable")[:limit]
    known = within(both.nodes[places], found.ancestors.nodes)[0].tolist()
    rows = zip(both.nodes[places].tolist(), both.depths[places].tolist(), known, strict=True)
    for node, depth, is_ancestor in rows:
        yield node, depth, "ancestor" if is_ancestor else "descendant"


def edges_among(snapshot: Snapshot, found: Genealogy, shown: Collection[int]) -> Iterator[Edge]:
    """The edges between some of the nodes found: derivations, membership and, of a maker, making."""
    made = {DEVELOPER} if kind_of(snapshot.id_at(found.root)) in ("org", "person") else set()
    return snapshot.families.edges(set(shown), found.relations | {IN_FAMILY} | made)
