"""One entity and all it comes from, with the terms that reach each and the paths they came by."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from typing import NamedTuple

from kg.licenses.propagation import OUTSIDER, State, Step, Term
from kg.licenses.states import WEIGHTS, Said, States
from kg.model.vocabulary import IN_FAMILY

MOST_PATHS = 16  # witness paths told for one clause of one origin

Path = tuple[
    tuple[int, ...], tuple[str, ...]
]  # nodes from the one asked about, relations between them


class Node(NamedTuple):
    """One entity of an ancestry."""

    said: Said
    parents: tuple[tuple[int, str], ...]  # node and relation, of edges that may carry terms
    families: tuple[int, ...]
    members: tuple[int, ...]  # of a family
    known: bool = True  # false for a parent that no entity describes


class Ancestry:
    """The terms on every node above a root.

    Args:
        nodes: every node above the root, itself among them.
        root: the one asked about.
        states: shared tables of states.
    """

    def __init__(self, nodes: Mapping[int, Node], root: int, states: States) -> None:
        self.nodes, self.root = nodes, root
        self._states, self._engine = states, states.engine
        self._claims: Mapping[int, tuple[str, ...]] = {}
        self._without: Collection[tuple[int, int, str]] = ()
        self._alone = self._cyclic = False
        self._own = {node: self._own_state(node) for node in nodes}
        self._order = list(self._parents_first())
        self.state: dict[int, int] = {}
        self._run()

    def varied(
        self,
        claims: Mapping[int, tuple[str, ...]] | None = None,
        without: Collection[tuple[int, int, str]] = (),
        alone: bool = False,
    ) -> Ancestry:
        """The same ancestry if something in it were otherwise.

        Args:
            claims: other license claims for some nodes.
            without: edges to leave out, as (child, parent, relation).
            alone: count the root's adapter edges as for its file alone.
        """
        other = copy(self)
        other._claims, other._without, other._alone = claims or {}, without, alone
        if claims:
            near = {
                n for n, node in self.nodes.items() if n in claims or claims.keys() & node.families
            }
            other._own = self._own | {node: other._own_state(node) for node in near}
        other._run()
        return other

    @property
    def terms(self) -> State:
        """All terms of the root."""
        return self._states.all[self.state[self.root]]

    def said(self, node: int) -> tuple[str, ...]:
        """The license claims of a node, its families' where it has none."""
        own = self._said(node)
        return own or tuple(
            c for f in self.nodes[node].families if f in self.nodes for c in self._said(f)[:1]
        )

    def _said(self, node: int) -> tuple[str, ...]:
        return self._claims.get(node, self.nodes[node].said.claims)

    def _own_state(self, node: int) -> int:
        here = self.nodes[node]
        way = "held" if here.said.way == "family" else here.said.way
        if not here.known:
            return self._states.number(self._engine.unresolved("held"))
        claims = self._said(node)
        stated = [found for f in here.families if f in self.nodes and (found := self._said(f))]
        if claims or not stated:
            return self._states.own(claims, way)
        number = 0
        for one in stated:
            number = self._states.union(number, self._states.own(one, way))
        return number

    def _run(self) -> None:
        """Parents first; on cycles until nothing changes, and merges judged after that."""
        self.state = dict.fromkeys(self.nodes, 0)
        if not self._cyclic:
            for node in self._order:
                self.state[node] = self._reckon(node, self._states.merged(self._given(node)))
            return
        self._settle({})
        self._settle({node: self._states.merged(self._given(node)) for node in self.nodes})

    def _settle(self, extra: Mapping[int, int]) -> None:
        changed = True
        while changed:
            changed = False
            for node in self._order:
                found = self._reckon(node, extra.get(node, 0))
                changed |= found != self.state[node]
                self.state[node] = found

    def _parents_first(self) -> Iterator[int]:
        """Every node after those it depends on, as far as there are no cycles."""
        seen, open = {self.root}, {self.root}
        stack = [(self.root, self._needs(self.root))]
        while stack:
            node, ahead = stack[-1]
            for other in ahead:
                if other not in seen:
                    seen.add(other)
                    open.add(other)
                    stack.append((other, self._needs(other)))
                    break
                self._cyclic |= other in open
            else:
                stack.pop()
                open.remove(node)
                yield node

    def _needs(self, node: int) -> Iterator[int]:
        here = self.nodes[node]
        yield from (parent for parent, _ in here.parents)
        yield from here.members

    def steps(self, node: int) -> Iterator[tuple[int, str, Step]]:
        """Parents of a node, the relation and the step to it."""
        said = self.nodes[node].said
        for parent, relation in self.nodes[node].parents:
            if (node, parent, relation) not in self._without:
                maker = said.maker == self.nodes[parent].said.maker and bool(said.maker)
                edge = self._engine.class_of[relation]
                if self._alone and node == self.root and edge == "adapter":
                    edge = "adapter-file"
                yield parent, relation, Step(edge, maker, relation in said.disputed)

    def _given(self, node: int) -> list[tuple[int, Step]]:
        return [(self.state[parent], step) for parent, _, step in self.steps(node)]

    def _reckon(self, node: int, extra: int) -> int:
        here = self.nodes[node]
        found = self._states.gathered(self._own[node], self._given(node))
        found = self._states.union(found, extra)
        if here.said.way != "family" or not here.members:
            return found
        pairs = [(self.state[m], self._own[m]) for m in here.members]
        return self._states.shared(found, bool(self._said(node)), pairs)

    # ---- witness paths

    def paths(self, term: Term, most: int = MOST_PATHS) -> list[Path]:
        """Ways by which a term of the root came, the shortest first; each ends where it is declared."""
        found: list[Path] = []
        queue: deque[tuple[tuple[int, ...], tuple[str, ...], Term]] = deque(
            [((self.root,), (), term)]
        )
        while queue and len(found) < most:
            nodes, relations, at = queue.popleft()
            onward = [] if at.mode == "own" else list(self._sources(nodes[-1], at))
            if not onward:
                found.append(self._stated(nodes, relations, at))
            for parent, relation, before in onward:
                if parent not in nodes:
                    queue.append(((*nodes, parent), (*relations, relation), before))
        return found or list(self._round_a_cycle(term))

    def _round_a_cycle(self, term: Term) -> Iterator[Path]:
        """The shortest way to where a clause is stated, of a term that came round a cycle."""
        queue: deque[Path] = deque([((self.root,), ())])
        seen = {self.root}
        while queue:
            nodes, relations = queue.popleft()
            own = self._states.all[self._own[nodes[-1]]]
            if any((t.license, t.place) == (term.license, term.place) for t in own):
                yield self._stated(nodes, relations, term)
                return
            for parent, relation, _ in self.steps(nodes[-1]):
                if parent not in seen:
                    seen.add(parent)
                    queue.append(((*nodes, parent), (*relations, relation)))

    def _sources(self, node: int, term: Term) -> Iterator[tuple[int, str, Term]]:
        """Where a term of a node came from: the neighbour, the relation, the term there."""
        wanted = self._clean(term)
        for parent, relation, step in self.steps(node):
            for before in self._states.all[self.state[parent]]:
                if self._engine.cross(before, step) in wanted:
                    yield parent, relation, before
        for member in self.nodes[node].members:
            if term in self._states.all[self.state[member]]:
                yield member, IN_FAMILY, term

    def _clean(self, term: Term) -> frozenset[Term]:
        """A term and, if it stands for a merge, the clause that makes it one."""
        if term.kind != OUTSIDER:
            return frozenset([term])
        kind = self._engine.license(term.license).clauses[term.place].kind
        clauses = [term._replace(kind=kind, tier=tier) for tier in (1, 2, 3)]
        return frozenset([term, *clauses])

    def _stated(self, nodes: tuple[int, ...], relations: tuple[str, ...], term: Term) -> Path:
        """A path with the family on whose word the last node's license rests, if it is one."""
        last = self.nodes[nodes[-1]]
        own = self._said(nodes[-1])
        if term.license and term.license not in own:
            for family in last.families:
                if family in self.nodes and term.license in self.nodes[family].said.claims:
                    return (*nodes, family), (*relations, IN_FAMILY)
        return nodes, relations


def carrying(nodes: Mapping[int, Node], root: int, classes: Mapping[str, str]) -> Sequence[int]:
    """The nodes from which the root takes weights, itself first."""
    seen, queue = {root: None}, deque([root])
    while queue:
        for parent, relation in nodes[queue.popleft()].parents:
            if classes.get(relation) in WEIGHTS and parent not in seen:
                seen[parent] = None
                queue.append(parent)
    return list(seen)
