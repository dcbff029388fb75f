"""Who learned from what: the way of text from what wrote it, through data sets, into models; and their weights.

Models stand with the data they were trained on, and with the models their weights come from, in one
picture. Everything follows from the edges of the lineage; what is left out for room is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Literal

import msgspec

from kg.answers.genealogy import edges_among, find_genealogy
from kg.answers.tree.tree import Tree
from kg.licenses.verdicts import verdict_of
from kg.lineage.graph import Edge
from kg.model.claim import kind_of, label_lang, main_label
from kg.model.dating import known_date
from kg.model.vocabulary import DEVELOPER, IN_FAMILY
from kg.snapshot.snapshot import Snapshot

Role = Literal["writer", "data", "learner", "base"]
MOST = 40  # models that are drawn
_LEARNS = ("model", "family")
_BASES = 14  # models drawn for their weights alone


class FlowNode(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on the way of text or weights."""

    id: str
    label: str
    lang: str  # of the label
    role: Role
    step: int  # of data: how many data sets lie before it
    date: str | None
    org: str | None  # first developer
    org_id: str | None
    verdict: str | None  # on commercial use, of a model where it was judged


class FlowEdge(msgspec.Struct, frozen=True):
    """Text or weights that go from one to another."""

    source: str
    target: str
    relation: str
    weights: bool


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """Who learned from something, and how; `total` models, of which `shown` are among the nodes."""

    id: str
    label: str
    nodes: tuple[FlowNode, ...]
    edges: tuple[FlowEdge, ...]
    total: int
    shown: int

    def of(self, role: Role) -> list[FlowNode]:
        """The nodes with a role."""
        return [node for node in self.nodes if node.role == role]

    @property
    def by_id(self) -> Mapping[str, FlowNode]:
        """The nodes."""
        return {node.id: node for node in self.nodes}


def find_flow(snapshot: Snapshot, id: str, lang: str = "en", most: int = MOST) -> Flow:
    """Find what learned from the outputs of a maker or model, or from a data set.

    Args:
        snapshot: an open snapshot.
        id: a canonical id.
        lang: language of the labels.
        most: models to name, those first from which most comes.

    Raises:
        UnknownId: there is no such entity.
    """
    direction: Literal["both", "down"] = "both" if kind_of(id) == "dataset" else "down"
    found = find_genealogy(snapshot, id, direction, "data")
    text = _text(snapshot)
    edges = [e for e in edges_among(snapshot, found, found.nodes) if e.relation in text]
    finder = _Finder(snapshot, edges)
    return finder.flow(id, lang, finder.learners(found.root), most)


def flow_of_tree(snapshot: Snapshot, tree: Tree, lang: str) -> Flow:
    """Find the data that the shown models of a family tree were made with, and who wrote it.

    Args:
        snapshot: an open snapshot.
        tree: the tree.
        lang: language of the labels.
    """
    learners = [snapshot.number(node.id) for node in tree.nodes]
    edges: list[Edge] = []
    text = _text(snapshot)
    waiting, seen = [*learners], set(learners)
    for node in waiting:
        for edge in snapshot.lineage.parents(node, text):
            edges.append(edge)
            if edge.parent not in seen:
                seen.add(edge.parent)
                waiting.append(edge.parent)
    made = {edge.child for edge in edges}
    finder = _Finder(snapshot, edges)
    return finder.flow(tree.id, lang, [n for n in learners if n in made], MOST)


def _text(snapshot: Snapshot) -> frozenset[str]:
    """The relations by which text goes from one to another."""
    return snapshot.vocabulary.edges("data", "distillation")


class _Finder:
    """Finds what text goes through on its way, given its edges."""

    def __init__(self, snapshot: Snapshot, edges: Iterable[Edge]) -> None:
        self._snapshot = snapshot
        self._id = cache(snapshot.id_at)
        self._parents: dict[int, list[tuple[int, str]]] = {}
        for edge in edges:
            if edge.child != edge.parent:
                self._parents.setdefault(edge.child, []).append((edge.parent, edge.relation))

    def _kind(self, node: int) -> str:
        return kind_of(self._id(node))

    def learners(self, root: int) -> list[int]:
        """The models but the first that text reached by an edge of its own, those first from which most comes."""
        lineage = self._snapshot.lineage
        found = [n for n in self._parents if n != root and self._kind(n) in _LEARNS]
        return sorted(found, key=lambda n: (-lineage.descendant_count(n), int(lineage.dates[n]), n))

    def _way(self, chosen: list[int]) -> dict[int, int]:
        """What text goes through on its way to some models, with the number of data sets before each."""
        steps: dict[int, int] = {}
        waiting, starts = [*chosen], set(chosen)
        while waiting:
            node = waiting.pop()
            for parent, _ in self._parents.get(node, ()):
                if parent not in steps and parent not in starts:
                    steps[parent] = 0
                    waiting.append(parent)
        data = dict.fromkeys(node for node in steps if self._kind(node) == "dataset")
        for _ in data:  # a ring of data sets ends this as well
            moved = False
            for node in data:
                before = [steps[p] + 1 for p, _ in self._parents.get(node, ()) if p in data]
                if (step := min(max(before, default=0), 3)) > steps[node]:
                    steps[node], moved = step, True
            if not moved:
                break
        return steps

    def _weights(self, chosen: list[int]) -> Iterator[tuple[int, int, str]]:
        """The models that the weights of some models come from: child, parent, relation."""
        relations = self._snapshot.vocabulary.edges("weights")
        for node in chosen:
            for edge in self._snapshot.lineage.parents(node, relations):
                if edge.parent != node:
                    yield node, edge.parent, edge.relation

    def flow(self, id: str, lang: str, all_learners: list[int], most: int) -> Flow:
        """The whole of it, to so many of the models that learned."""
        chosen = all_learners[:most]
        steps = self._way(chosen)
        roles: dict[int, Role] = {
            node: "data" if self._kind(node) == "dataset" else "writer" for node in steps
        }
        roles |= dict.fromkeys(chosen, "learner")
        weights = [*self._weights(chosen)]
        bases = Counter(parent for _, parent, _ in weights if parent not in roles)
        counted = sorted(bases, key=lambda n: (-bases[n], n))
        roles |= dict.fromkeys(counted[:_BASES], "base")
        name = self._id
        edges = [
            FlowEdge(name(parent), name(child), relation, weights=False)
            for child, parents in self._parents.items()
            for parent, relation in parents
            if child in roles and parent in roles and roles[parent] != "base"
        ]
        edges += [
            FlowEdge(name(parent), name(child), relation, weights=True)
            for child, parent, relation in weights
            if parent in roles
        ]
        models = [node for node in all_learners if self._kind(node) == "model"]
        return Flow(
            id=id,
            label=self._snapshot.label(id, lang),
            nodes=tuple(self._node(n, role, steps.get(n, 0), lang) for n, role in roles.items()),
            edges=tuple(dict.fromkeys(edges)),
            total=len(models),
            shown=sum(self._kind(node) == "model" for node in chosen),
        )

    def _node(self, number: int, role: Role, step: int, lang: str) -> FlowNode:
        entity = self._snapshot.entity_at(number)
        families = [str(one) for one in entity.values(IN_FAMILY)]
        makers = entity.values(DEVELOPER) or [
            maker for one in families for maker in self._snapshot.entity(one).values(DEVELOPER)
        ]
        org = str(makers[0]) if makers else None
        known = self._snapshot.lineage.verdicts
        return FlowNode(
            id=entity.id,
            label=main_label(entity, lang),
            lang=label_lang(entity, lang),
            role=role,
            step=step,
            date=known_date(entity) or None,
            org=self._snapshot.label(org, lang) if org else None,
            org_id=org,
            verdict=None if known is None else verdict_of(int(known[number])),
        )
