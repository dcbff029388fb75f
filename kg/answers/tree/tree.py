"""The family tree of a model or family, as rows to draw: every node under one primary parent.

What hangs where is decided in kg/answers/tree/forest.py; here the nodes that are shown get their names, dates
and words. The rest is counted, by relation, under the shown node it hangs from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

from kg.answers.show import rule_of_edge
from kg.answers.tree._said import middle, verdicts_said
from kg.answers.tree.columns import months, unseen_models
from kg.answers.tree.forest import Forest, find_forest
from kg.answers.tree.neighbors import Graph, usual_graph
from kg.answers.tree.node import Datum, FurtherParent, Hidden, TreeNode
from kg.answers.tree.selection import AS_IT_IS, Selection, Wish, select
from kg.language.writing import natural
from kg.lineage.graph import Edge
from kg.lineage.unresolved import unresolved_parents
from kg.model.claim import Entity, label_lang, main_label
from kg.model.dating import known_date
from kg.model.vocabulary import COMMERCIAL_VERDICT, DEVELOPER, IN_FAMILY
from kg.snapshot.snapshot import Snapshot

BASE, FAMILY = "base", "family"  # kinds of node that no relation names
VERDICT = COMMERCIAL_VERDICT
_WRITTEN = "generatedWith"


def kind_without_parent(entity: Entity) -> str:
    """The kind of a node that no edge leads to: a base model, unless its parent only cannot be found."""
    return next((parent.derivation for parent in unresolved_parents(entity)), BASE)


class TreeRow(NamedTuple):
    """One line of a drawing: a node, the data it was made with, or the count of what is hidden."""

    node: TreeNode
    depth: int
    part: Literal["node", "data", "stub"]

    @property
    def stub(self) -> bool:
        """Whether it is the count of what is hidden."""
        return self.part == "stub"


@dataclass(kw_only=True, frozen=True)
class Tree:
    """A family tree, its nodes depth first."""

    id: str
    label: str
    nodes: tuple[TreeNode, ...]
    total: int  # models, shown or not
    shown: int  # models
    found: int | None = None  # members that were searched for; None = nothing was
    full: bool = False  # no more may be opened
    # Models not shown, by month as of `months`
    unseen: Mapping[int, int] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[str, TreeNode]:
        """The shown nodes."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def rows(self) -> tuple[TreeRow, ...]:
        """The nodes depth first, each followed by its data, its descendants and a stub."""
        rows: list[TreeRow] = []
        waiting: list[TreeNode] = []
        for node in self.nodes:
            rows += _stubs(waiting, node.depth)
            rows.append(TreeRow(node, node.depth, "node"))
            rows += [TreeRow(node, node.depth + 1, "data")] * bool(node.data)
            waiting.append(node)
        return (*rows, *_stubs(waiting, 0))


def _stubs(waiting: list[TreeNode], depth: int) -> Iterator[TreeRow]:
    """The counts of hidden children of the branches that end before a node of some depth."""
    while waiting and waiting[-1].depth >= depth:
        node = waiting.pop()
        if node.hidden:
            yield TreeRow(node, node.depth + 1, "stub")


def family_tree(
    snapshot: Snapshot,
    id: str,
    lang: str = "en",
    limit: int = 60,
    wish: Wish = AS_IT_IS,
) -> Tree:
    """The tree around a model or family: what it comes from, and all that comes from those.

    Args:
        snapshot: an open snapshot.
        id: a canonical id; kinds other than model and family stand alone.
        lang: language of the labels.
        limit: most nodes to show; the way up to the root is always shown.
        wish: what else to open, to search for or to leave out.

    Raises:
        UnknownId: there is no such entity.
    """
    start = snapshot.number(id)
    graph, forest = usual_graph(snapshot), find_forest(snapshot, start)
    starts = [n for n in (start, *graph.members(start)) if n in forest.edges]
    chosen = select(snapshot, start, starts, limit, wish)
    reader = _Reader(snapshot, graph, forest, chosen, lang, wish.data)
    nodes = tuple(reader.nodes(start, starts))
    models = sum(node.kind != FAMILY for node in nodes)
    unseen = months(snapshot, unseen_models(forest, graph, chosen.shown))
    found = chosen.found if wish.find else None
    return Tree(
        id=id,
        label=snapshot.label(id, lang),
        nodes=nodes,
        total=forest.total,
        shown=models,
        found=found,
        full=chosen.full,
        unseen=unseen,
    )


class _Reader:
    """Reads the shown nodes of a forest, with all that a page says of them."""

    def __init__(
        self,
        snapshot: Snapshot,
        graph: Graph,
        forest: Forest,
        chosen: Selection,
        lang: str,
        data: bool,
    ) -> None:
        self._snapshot, self._graph, self._forest = snapshot, graph, forest
        self._shown, self._hits, self._lang = chosen.shown, chosen.hits, lang
        self._data = snapshot.vocabulary.edges("data") if data else frozenset[str]()
        self._entities: dict[int, Entity] = {}
        self._found: dict[tuple[int, str], Datum] = {}  # many models are made with the same data
        self._hidden = forest.hidden(chosen.shown)
        edges = forest.edges
        self._edges = {n: edges[n] for n in self._shown}
        self._kids: dict[int, list[int]] = {n: [] for n in self._shown}
        for kid in sorted(self._shown, key=self._place):
            if (parent := self._parent(kid)) is not None:
                self._kids[parent].append(kid)

    def nodes(self, start: int, starts: list[int]) -> Iterator[TreeNode]:
        """The shown nodes depth first, the tree of the start before others."""
        marked = set() if start in starts else set(starts)
        *_, home = self._forest.path_to_root(starts[0])
        roots = [n for n in self._shown if self._parent(n) is None]
        order = sorted(
            roots, key=lambda n: (home not in self._forest.path_to_root(n), self._place(n))
        )
        stack = [(n, 0) for n in reversed(order)]
        while stack:
            number, depth = stack.pop()
            yield self._node(number, depth, here=number == start, member=number in marked)
            stack.extend((kid, depth + 1) for kid in reversed(self._kids[number]))

    def _parent(self, number: int) -> int | None:
        """The primary parent, if it is shown."""
        edge = self._edges[number]
        return edge.parent if edge and edge.parent in self._shown else None

    def _node(self, number: int, depth: int, *, here: bool, member: bool) -> TreeNode:
        entity = self._entity(number)
        edge, parent = self._edges[number], self._parent(number)
        derived = self._graph.derivations(number)
        kind = self._kind(number, derived)
        org = self._org(number, kind)
        return TreeNode(
            id=entity.id,
            label=main_label(entity, self._lang),
            lang=label_lang(entity, self._lang),
            org=self._snapshot.label(org, self._lang) if org else None,
            org_id=org,
            date=(known_date(entity) or None),
            kind=kind,
            relation=edge.relation if edge and parent is not None else None,
            parent=None if parent is None else self._entity(parent).id,
            others=tuple(self._parent_of(one) for one in derived if one.parent != parent),
            children=tuple(self._entity(kid).id for kid in self._kids[number]),
            depth=depth,
            here=here,
            member=member,
            hidden=tuple(Hidden(*rest) for rest in self._hidden.get(number, ())),
            rule=self._rule(entity, edge.relation) if edge and parent is not None else None,
            data=tuple(self._made_with(number)) if self._data else (),
            hit=number in self._hits,
            verdict=next(verdicts_said(entity), None),
        )

    def _rule(self, entity: Entity, relation: str) -> str | None:
        rule = rule_of_edge(self._snapshot, entity, relation)
        return self._snapshot.label(rule, self._lang) if rule else None

    def _made_with(self, number: int) -> Iterator[Datum]:
        """The data sets that a node was made with, and what wrote their text."""
        for edge in self._snapshot.lineage.parents(number, self._data):
            key = edge.parent, edge.relation
            found = self._found.get(key)
            if found is None:
                found = self._found[key] = self._datum(*key)
            yield found

    def _datum(self, number: int, relation: str) -> Datum:
        entity = self._entity(number)
        written = self._snapshot.lineage.parents(number, {_WRITTEN})
        known = self._snapshot.vocabulary.properties[relation]
        return Datum(
            entity.id,
            main_label(entity, self._lang),
            relation,
            known.term.labels.get(self._lang, relation),
            tuple(self._parent_of(by) for by in written),
        )

    def _entity(self, number: int) -> Entity:
        if number not in self._entities:
            self._entities[number] = self._snapshot.entity_at(number)
        return self._entities[number]

    def _place(self, number: int) -> tuple[bool, bool, str, list[tuple[int, str]], int]:
        """The key that sorts children: members first, then by date, those without one last, then by label."""
        entity, edge = self._entity(number), self._edges[number]
        outside = edge is not None and edge.relation != IN_FAMILY
        date = middle(known_date(entity) or None)
        return outside, not date, date, natural(main_label(entity, self._lang)), number

    def _kind(self, number: int, derived: Sequence[Edge]) -> str:
        if self._graph.is_family(number):
            return FAMILY
        return derived[0].relation if derived else kind_without_parent(self._entity(number))

    def _org(self, number: int, kind: str) -> str | None:
        """The first maker; a base model without one has its family's, a derived one does not:
        Alpaca 13B stands in Stanford's family, but the community made it."""
        families = self._graph.families(number) if kind == BASE else ()
        for about in (number, *families):
            if makers := self._entity(about).values(DEVELOPER):
                return str(makers[0])
        return None

    def _parent_of(self, edge: Edge) -> FurtherParent:
        entity = self._entity(edge.parent)
        return FurtherParent(
            entity.id,
            main_label(entity, self._lang),
            edge.relation,
            edge.parent in self._shown,
        )
