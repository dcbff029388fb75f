"""Who is related to whom: what a model comes from and what comes from it, ways, common ancestors.

Edges are told apart. Weights pass along `weights`; text, answers and recipes for data along `data`
(what a model was trained on, what that was written by, what it was distilled from); `all` is both.
So "which models learned from text that OpenAI's models wrote?" is

    kin(snapshot, "org/openai", "down", "data")
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kg.answers.contract import Direction, EdgeChoice, Role
from kg.answers.tree.neighbors import Graph
from kg.lineage.adjacency import Mask, distinct, within
from kg.lineage.families import Reach
from kg.lineage.graph import Edge, Lineage, day_number
from kg.lineage.reach import Reached, merge_reached
from kg.model.claim import kind_of, main_label
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
    """Which of the relatives count; by default all."""

    depth: int | None = None  # most steps
    kinds: frozenset[str] = frozenset()
    since: str = ""  # released on this day or later: YYYY, YYYY-MM or YYYY-MM-DD
    until: str = ""  # or by it; of unknown date are neither
    verdicts: frozenset[int] = frozenset()  # codes of lineage.verdicts (kg/licenses/verdicts.py)

    def keep(self, lineage: Lineage, reached: Reached) -> Reached:
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


class Kin(NamedTuple):
    """The relatives of a node, with the least number of steps to each."""

    root: int
    members: frozenset[int]  # what is in a family; what a maker made
    up: Reached
    down: Reached
    relations: frozenset[str]  # that were followed
    total: int  # models above and below
    counts: Mapping[str, int]  # models below, by how they derive, most first

    @property
    def nodes(self) -> set[int]:
        """All of them."""
        return {self.root, *self.members, *self.up, *self.down}


def kin(
    snapshot: Snapshot,
    id: str,
    direction: Direction = "both",
    edges: EdgeChoice = "weights",
    where: Where = ANY,
) -> Kin:
    """The relatives of an entity.

    Args:
        snapshot: an open snapshot.
        id: a canonical id: a model, family or dataset; of an organization or person, what comes
            from its models.
        direction: ancestors, descendants or both.
        edges: the kind of edges to follow.
        where: which relatives count.

    Raises:
        UnknownId: there is no such entity.
    """
    root, lineage, families = snapshot.number(id), snapshot.lineage, snapshot.families
    relations = snapshot.vocabulary.edges(*EDGE_KINDS[edges])
    follow = None if edges == "weights" else relations
    roots = _roots(snapshot, root, _HOLDERS if edges == "weights" else _WRITERS)
    up = families.above_all(roots, follow) if direction != "down" else Reach({}, {})
    down = families.below_all(roots, follow) if direction != "up" else Reach({}, {})
    above = where.keep(lineage, _both(up))
    below = where.keep(lineage, _both(down))
    models = [part.nodes[lineage.kinds(part.nodes, {"model"})] for part in (above, below)]
    parents = distinct(np.concatenate([_both(down).nodes, np.array(sorted(roots))]))
    counts = Graph(snapshot, relations).tally(models[1], parents)
    total = len(distinct(np.concatenate(models)))
    return Kin(root, frozenset(roots - {root}), above, below, relations, total, counts)


def _both(reach: Reach) -> Reached:
    return merge_reached([reach.models, reach.families])


def _roots(snapshot: Snapshot, root: int, kinds: Collection[str]) -> set[int]:
    """A node with all that stands for it."""
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
    """The nearest relatives as a networkx graph; an edge goes from a parent to its child.

    Nodes are ids and carry label, kind, depth, role and releaseDate (YYYYMMDD; 0 = unknown); edges
    carry the relation; the graph carries `total` and `counts`, which no limit touches.

    Args:
        limit: most ancestors and descendants, the nearest first.
        lang: language of the labels.
        id: as a user names it.
        snapshot, direction, edges, where: as in `kin`.

    Raises:
        UnknownId: there is no such entity.
    """
    import networkx as nx  # few need it, and it takes half a second to load

    id = snapshot.find(id)
    found = kin(snapshot, id, direction, edges, where)
    graph = nx.DiGraph(root=id, total=found.total, counts=dict(found.counts))
    rows = [*nearest(found, limit)]
    names = {node: snapshot.named(node) for node, _, _ in rows}
    dates = snapshot.lineage.dates[np.fromiter(names, np.int64, len(names))].tolist()
    graph.add_nodes_from(
        (
            names[node].id,
            {
                "label": main_label(names[node], lang),
                "kind": kind_of(names[node].id),
                "depth": depth,
                "role": role,
                "releaseDate": date,
            },
        )
        for (node, depth, role), date in zip(rows, dates, strict=True)
    )
    relations: dict[tuple[str, str], list[str]] = {}
    for edge in edges_among(snapshot, found, names):
        ends = names[edge.parent].id, names[edge.child].id
        relations.setdefault(ends, []).append(edge.relation)
    graph.add_edges_from((*ends, {"relation": " ".join(said)}) for ends, said in relations.items())
    return graph


def nearest(found: Kin, limit: int | None) -> Iterator[tuple[int, int, Role]]:
    """The root and its members, then the nearest relatives: node, steps and role of each.

    Args:
        found: all of them.
        limit: most relatives.
    """
    yield found.root, 0, "root"
    for member in sorted(found.members):
        yield member, 0, "member"
    both = merge_reached([found.up, found.down])
    places = np.argsort(both.depths, kind="stable")[:limit]
    above = within(both.nodes[places], found.up.nodes)[0].tolist()
    rows = zip(both.nodes[places].tolist(), both.depths[places].tolist(), above, strict=True)
    for node, depth, is_above in rows:
        yield node, depth, "ancestor" if is_above else "descendant"


def edges_among(snapshot: Snapshot, found: Kin, shown: Collection[int]) -> Iterator[Edge]:
    """The edges between some relatives, with those of membership, and of making under a maker."""
    made = {DEVELOPER} if kind_of(snapshot.id_at(found.root)) in ("org", "person") else set()
    return snapshot.families.edges(set(shown), found.relations | {IN_FAMILY} | made)
