"""The license terms of one entity and its ancestors, and the paths by which they came.

kg/licenses/whole_graph.py does the same for all entities at once, without paths."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from typing import NamedTuple

import msgspec

from kg.licenses._graph import settle_cycles
from kg.licenses.propagation import MAKER, NOTHING, OUTSIDER, LicenseStep, LicenseTerm, State
from kg.licenses.states import WEIGHTS, LicenseClaims, OwnKey, States
from kg.lineage.reach import walk_up
from kg.model.vocabulary import IN_FAMILY

MOST_PATHS = 16  # witness paths told for one clause of one origin

# Nodes from the one asked about, relations between them
Path = tuple[tuple[int, ...], tuple[str, ...]]


class AncestryNode(NamedTuple):
    """One entity of an ancestry, as far as licenses are concerned."""

    said: LicenseClaims
    parents: tuple[tuple[int, str], ...]  # node and relation, of edges that may carry terms
    families: tuple[int, ...]
    members: tuple[int, ...]  # of a family
    known: bool = True  # false for a parent that no entity describes


class Ancestry:
    """The terms on a root and on all its ancestors.

    Args:
        nodes: the root and its ancestors (kg/answers/license_parents.py).
        root: the one asked about.
        states: shared tables of states.
    """

    def __init__(self, nodes: Mapping[int, AncestryNode], root: int, states: States) -> None:
        self.nodes, self.root = nodes, root
        self._states, self._engine = states, states.engine
        self._claims: Mapping[int, tuple[str, ...]] = {}
        self._without: Collection[tuple[int, int, str]] = ()
        self._alone = self._cyclic = False
        self._own = {node: self._own_state(node) for node in nodes}
        self._order = list(self._parents_first())
        self._steps = {node: tuple(self._find_steps(node)) for node in nodes}
        self.state: dict[int, int] = {}
        self._run(nodes)

    def varied(
        self,
        claims: Mapping[int, tuple[str, ...]] | None = None,
        without: Collection[tuple[int, int, str]] = (),
        alone: bool = False,
    ) -> Ancestry:
        """The ancestry as it would be if something in it were different.

        Args:
            claims: other license claims for some nodes.
            without: edges to leave out, as (child, parent, relation).
            alone: count the root's adapter edges as for its file alone.
        """
        other = copy(self)
        other._claims, other._without, other._alone = claims or {}, without, alone
        near: set[int] = {child for child, _, _ in without}
        if claims:
            near |= {
                n for n, node in self.nodes.items() if n in claims or claims.keys() & node.families
            }
            other._own = self._own | {node: other._own_state(node) for node in near}
        if alone:
            near.add(self.root)
        other._steps = self._steps | {node: tuple(other._find_steps(node)) for node in near}
        other._run(near)
        return other

    @property
    def terms(self) -> State:
        """All terms of the root."""
        return self._states.all[self.state[self.root]]

    def said(self, node: int) -> tuple[str, ...]:
        """The license claims of a node; those of its families if it has none."""
        own = self._said(node)
        return own or tuple(
            c for f in self.nodes[node].families if f in self.nodes for c in self._said(f)[:1]
        )

    def _said(self, node: int) -> tuple[str, ...]:
        return self._claims.get(node, self.nodes[node].said.claims)

    def _own_state(self, node: int) -> int:
        here = self.nodes[node]
        if not here.known:
            return self._states.unresolved(here.said.way)
        if here.said.owned and not self._said(node):
            return self._states.number(NOTHING)
        families = (self._said(family) for family in here.families if family in self.nodes)
        said = OwnKey(self._said(node), here.said.way, here.said.content, here.said.closed)
        return self._states.own(said, families)

    def _run(self, changed: Collection[int]) -> None:
        """Find the states, without cycles only of what comes from nodes of which something has changed."""
        if self._cyclic:
            self.state = dict.fromkeys(self.nodes, 0)
            settle_cycles(self._states, self, self._order, self.state)
            return
        before, self.state, moved = self.state, dict(self.state), set(changed)
        for node in self._order:
            if node in moved or not moved.isdisjoint(self.needs(node)):
                self.state[node] = found = self._states.find_state(self, node)
                if found != before.get(node):
                    moved.add(node)

    def _parents_first(self) -> Iterator[int]:
        """Every node after those it needs, as far as there are no cycles."""
        seen, open = {self.root}, {self.root}
        stack = [(self.root, self.needs(self.root))]
        while stack:
            node, ahead = stack[-1]
            for other in ahead:
                if other not in seen:
                    seen.add(other)
                    open.add(other)
                    stack.append((other, self.needs(other)))
                    break
                self._cyclic |= other in open
            else:
                stack.pop()
                open.remove(node)
                yield node

    def needs(self, node: int) -> Iterator[int]:
        """The parents of the node and, of a family, its members."""
        here = self.nodes[node]
        yield from (parent for parent, _ in here.parents)
        yield from here.members

    def steps(self, node: int) -> Sequence[tuple[int, str, LicenseStep]]:
        """The parents of a node, with the relation and the step to each."""
        return self._steps[node]

    def _find_steps(self, node: int) -> Iterator[tuple[int, str, LicenseStep]]:
        said = self.nodes[node].said
        for parent, relation in self.nodes[node].parents:
            if (node, parent, relation) not in self._without:
                maker = said.maker == self.nodes[parent].said.maker and bool(said.maker)
                edge = self._engine.class_of[relation]
                if self._alone and node == self.root and edge == "adapter":
                    edge = "adapter-file"
                disputed, doubtful = relation in said.disputed, relation in said.doubtful
                anew = ""
                if maker and self.is_stated(node):
                    anew = said.maker if said.maker in self._engine.licensors else MAKER
                yield parent, relation, LicenseStep(edge, maker, disputed, doubtful, anew)

    def _unresolved_steps(self, node: int) -> Iterator[LicenseStep]:
        """The steps from the parents of a node that are declared and that nothing can find."""
        for relation in sorted(self.nodes[node].said.unresolved):
            step = self._states.step_from_unresolved(relation)
            if self._alone and node == self.root and step.edge == "adapter":
                step = step._replace(edge="adapter-file")
            yield step

    def own(self, node: int) -> int:
        """The number of the node's own terms."""
        return self._own[node]

    def is_stated(self, node: int) -> bool:
        """Whether the node has a license of its own."""
        return bool(self._said(node))

    def parents(self, node: int) -> list[tuple[int, LicenseStep]]:
        """The present state of each parent, and the step from it."""
        found = [(self.state[parent], step) for parent, _, step in self.steps(node)]
        blank = self._states.unresolved()
        return [*found, *((blank, step) for step in self._unresolved_steps(node))]

    def members(self, node: int) -> list[tuple[int, int]]:
        """Of a family: the present state and the own terms of each member."""
        return [(self.state[member], self._own[member]) for member in self.nodes[node].members]

    # ---- witness paths

    def paths(self, term: LicenseTerm, most: int = MOST_PATHS) -> list[Path]:
        """The paths by which a term came to the root, the shortest first; each ends where it is declared."""
        found: list[Path] = []
        queue: deque[tuple[tuple[int, ...], tuple[str, ...], LicenseTerm]] = deque(
            [((self.root,), (), term)]
        )
        while queue and len(found) < most:
            nodes, relations, at = queue.popleft()
            onward = [] if at.mode == "own" else list(self._sources(nodes[-1], at))
            if not onward or self._is_from_unresolved(nodes[-1], at):
                found.append(self._stated(nodes, relations, at))
            for parent, relation, before in onward:
                if parent not in nodes:
                    queue.append(((*nodes, parent), (*relations, relation), before))
        return found or list(self._round_a_cycle(term))

    def _round_a_cycle(self, term: LicenseTerm) -> Iterator[Path]:
        """The shortest path to where a clause is stated, of a term that came round a cycle."""
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

    def _sources(self, node: int, term: LicenseTerm) -> Iterator[tuple[int, str, LicenseTerm]]:
        """The parents and members that a term of a node came from, with the relation and the term there."""
        wanted = sorted(self._clean(term))
        for parent, relation, step in self.steps(node):
            came = self._states.came_from(self.state[parent], step)
            for after in wanted:
                yield from ((parent, relation, before) for before in came.get(after, ()))
        for member in self.nodes[node].members:
            if term in self._states.all[self.state[member]]:
                yield member, IN_FAMILY, term

    def _is_from_unresolved(self, node: int, term: LicenseTerm) -> bool:
        """Whether a term of a node came from a parent of it that nothing can find."""
        return any(
            term in self._states.came_from(self._states.unresolved(), step)
            for step in self._unresolved_steps(node)
        )

    def _clean(self, term: LicenseTerm) -> frozenset[LicenseTerm]:
        """A term and, if it stands for a merge, the clause that makes it one."""
        if term.kind != OUTSIDER:
            return frozenset([term])
        kind = self._engine.license(term.license).clauses[term.place].kind
        clauses = [
            msgspec.structs.replace(term, kind=kind, tier=tier, doubtful=doubtful)
            for tier in (1, 2, 3)
            for doubtful in (False, True)
        ]
        return frozenset([term, *clauses])

    def _stated(
        self, nodes: tuple[int, ...], relations: tuple[str, ...], term: LicenseTerm
    ) -> Path:
        """A path with the family on whose word the last node's license rests, if it is one."""
        last = self.nodes[nodes[-1]]
        own = self._said(nodes[-1])
        if term.license and term.license not in own:
            for family in last.families:
                if family in self.nodes and term.license in self.nodes[family].said.claims:
                    return (*nodes, family), (*relations, IN_FAMILY)
        return nodes, relations


def weight_ancestors(
    nodes: Mapping[int, AncestryNode], root: int, classes: Mapping[str, str]
) -> Sequence[int]:
    """The nodes from which the root takes weights, itself first, among those of an ancestry."""

    def parents(node: int) -> Iterator[int]:
        return (p for p, relation in nodes[node].parents if classes.get(relation) in WEIGHTS)

    return list(walk_up([root], parents))
