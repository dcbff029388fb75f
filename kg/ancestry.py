"""One entity and all it comes from, with the terms that reach each and the paths they came by."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.crossing import OUTSIDER, State, Step, Term
from kg.license_states import WEIGHTS, Said, States
from kg.vocab import IN_FAMILY

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
        claims: other license claims for some nodes, to try what follows from them.
        without: edges to leave out, as (child, parent, relation).
        alone: whether the root's adapter edges count as for its file alone.
    """

    def __init__(self, nodes: Mapping[int, Node], root: int, states: States,
                 claims: Mapping[int, tuple[str, ...]] | None = None,
                 without: frozenset[tuple[int, int, str]] = frozenset(),
                 alone: bool = False) -> None:  # fmt: skip
        self.nodes, self.root = nodes, root
        self._states, self._engine = states, states.engine
        self._claims, self._without, self._alone = claims or {}, without, alone
        self.state: dict[int, int] = {}
        self._own = {node: self._own_state(node) for node in nodes}
        self._run()

    @property
    def terms(self) -> State:
        """All terms of the root."""
        return self._states.all[self.state[self.root]]

    def said(self, node: int) -> tuple[str, ...]:
        """The license claims of a node, its family's where it has none."""
        own = self._claims.get(node, self.nodes[node].said.claims)
        if own:
            return own
        return tuple(c for f in self.nodes[node].families if f in self.nodes
                     for c in self.nodes[f].said.claims[:1])  # fmt: skip

    def _own_state(self, node: int) -> int:
        here = self.nodes[node]
        way = "held" if here.said.way == "family" else here.said.way
        if not here.known:
            return self._states.number(self._engine.unresolved("held"))
        claims = self._claims.get(node, here.said.claims)
        stated = [self.nodes[f].said.claims for f in here.families if f in self.nodes]
        if claims or not any(stated):
            return self._states.number(self._engine.own(claims, way))
        number = 0
        for one in filter(None, stated):
            number = self._states.union(number, self._states.number(self._engine.own(one, way)))
        return number

    def _run(self) -> None:
        """Parents first; nodes on cycles until nothing changes."""
        order = list(self._order())
        self.state = dict.fromkeys(self.nodes, 0)
        changed = True
        while changed:
            changed = False
            for node in order:
                found = self._reckon(node)
                changed |= found != self.state[node] and self._cyclic
                self.state[node] = found

    def _order(self) -> Iterator[int]:
        """Post-order from the root."""
        self._cyclic = False
        open: dict[int, None] = {}
        done: set[int] = set()
        stack = [self.root]
        while stack:
            node = stack[-1]
            open[node] = None
            ahead = [n for n in self._needs(node) if n not in done]
            self._cyclic |= any(n in open for n in ahead)
            fresh = [n for n in ahead if n not in open]
            if fresh:
                stack.append(fresh[0])
                continue
            stack.pop()
            open.pop(node)
            done.add(node)
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

    def _reckon(self, node: int) -> int:
        parents = [(self.state[parent], step) for parent, _, step in self.steps(node)]
        here = self.nodes[node]
        found = self._states.gathered(self._own[node], parents)
        if here.said.way != "family" or not here.members:
            return found
        pairs = [(self.state[m], self._own[m]) for m in here.members]
        stated = bool(self._claims.get(node, here.said.claims))
        return self._states.shared(found, stated, pairs)

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
        return found

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
        own = self._claims.get(nodes[-1], last.said.claims)
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
