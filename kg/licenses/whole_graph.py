"""The terms in force on every entity, in one pass over the derivation graph.

Entities whose own license, parent's state and edge are alike get the same state, so the rules run
once for each such combination and the rest is numpy: nodes are taken level by level, parents first,
and those on cycles and below them at the end.

Parents that nothing can find have no number in the graph: one more node, after all others, stands for them.

What the states are made of is said in kg/licenses/states.py.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import NamedTuple

import numpy as np

from kg.licenses._graph import settle_cycles
from kg.licenses.propagation import MAKER, LicenseStep
from kg.licenses.rules import LicenseRules
from kg.licenses.states import Register, States
from kg.lineage.adjacency import Ints
from kg.lineage.graph import Lineage
from kg.model.vocabulary import IN_FAMILY


class _Edges(NamedTuple):
    """The edges along which terms pass, as arrays."""

    child: Ints
    parent: Ints
    code: Ints
    steps: list[LicenseStep]


def propagate_terms(
    lineage: Lineage, register: Register, engine: LicenseRules
) -> tuple[Ints, States]:
    """Find the state of every node of a lineage.

    Args:
        lineage: the derivation graph.
        register: what is said of each entity, in the order of its nodes.
        engine: the rules.

    Returns:
        The number of each node's state, and the states by number.
    """
    states = States(engine)
    if not engine.terms.kinds:
        return np.zeros(lineage.size, np.int64), states
    return _Pass(lineage, register, states).run(), states


class _Pass:
    """One pass over the graph, with what it has found so far."""

    def __init__(self, lineage: Lineage, register: Register, states: States) -> None:
        self._states, self._engine = states, states.engine
        self._size, self._register = lineage.size + 1, register
        child, parent, marks = lineage.arrays()
        member = lineage.codes({IN_FAMILY})[marks]
        self._belongs = child[member], parent[member]
        crosses = lineage.codes(self._engine.carriers)[marks]
        child, parent, marks = child[crosses], parent[crosses], marks[crosses]
        self._own = self._own_states()
        self._edges = self._with_steps(lineage, child, parent, marks)
        self._state = np.full(self._size, -1, np.int64)

    def _with_steps(self, lineage: Lineage, child: Ints, parent: Ints, marks: Ints) -> _Edges:
        makers = np.zeros(self._size, np.int64)
        makers[: len(self._register.makers)] = np.array(self._register.makers, np.int64)
        same = (makers[child] == makers[parent]) & (makers[child] != 0)
        disputed = np.zeros(len(child), bool)
        for node, names in self._register.disputed.items():
            for place in np.flatnonzero(child == node):
                disputed[place] = lineage.relations[int(marks[place])] in names
        doubtful = np.zeros(len(child), bool)
        for relation, nodes in self._register.doubtful.items():
            guessed = np.isin(child, np.array(nodes, np.int64))
            doubtful |= guessed & lineage.codes({relation})[marks]
        classes = [self._engine.class_of.get(name, "") for name in lineage.relations]
        either = (False, True)
        makers_anew = ("", MAKER, *sorted(self._engine.licensors))
        steps = [
            LicenseStep(*step, anew)
            for anew in makers_anew
            for step in product(classes, either, either, either)
        ]
        anew = same & ~self._silent[child]
        who = anew.astype(np.int64)  # the place in makers_anew
        for number, licensor in enumerate(makers_anew[2:], 2):
            who[anew & (makers[child] == self._register.maker_code(licensor))] = number
        code: Ints = (who * len(classes) + marks) * 8 + same * 4 + disputed * 2 + doubtful
        return self._with_unresolved(_Edges(child, parent, code, steps))

    def _with_unresolved(self, edges: _Edges) -> _Edges:
        """The edges, and those from parents that nothing can find."""
        child, code, steps = [edges.child], [edges.code], [*edges.steps]
        for relation, nodes in sorted(self._register.unresolved.items()):
            child.append(np.array(nodes, np.int64))
            code.append(np.full(len(nodes), len(steps), np.int64))
            steps.append(self._states.step_from_unresolved(relation))
        children = np.concatenate(child)
        more = np.full(len(children) - len(edges.child), self._size - 1, np.int64)
        parents = np.concatenate([edges.parent, more])
        return _Edges(children, parents, np.concatenate(code), steps)

    def _own_states(self) -> Ints:
        """Each node's own terms; nodes that no entity describes come after the others."""
        kinds = self._register.kinds
        codes: Ints = np.array(self._register.own, np.int64)
        described = len(codes)
        own = np.full(self._size, self._states.unresolved(), np.int64)
        numbers = np.array([self._states.own(said) for said in kinds], np.int64)
        silent = np.zeros(self._size, np.bool_)
        if described:
            own[:described] = numbers[codes]
            silent[:described] = np.array([not said.claims for said in kinds])[codes]
        self._silent = silent
        for node, families in self._families_of_silent().items():
            stated = (kinds[codes[family]].claims for family in families if family < described)
            own[node] = self._states.own(kinds[codes[node]], stated)
        return own

    def _families_of_silent(self) -> dict[int, list[int]]:
        """The families of each node that has no license of its own."""
        members, families = self._belongs
        found: dict[int, list[int]] = defaultdict(list)
        chosen = self._silent[members]
        for node, family in zip(members[chosen].tolist(), families[chosen].tolist(), strict=True):
            found[node].append(family)
        return found

    def run(self) -> Ints:
        """Find the states of all nodes."""
        members, families = self._belongs
        is_family = np.zeros(self._size, bool)
        is_family[families] = True
        # A family waits for its members, every other node for its parents.
        after = np.concatenate([self._edges.child, families])
        before = np.concatenate([self._edges.parent, members])
        waiting = np.bincount(after, minlength=self._size)
        down = _csr(self._size, before, after)
        up = _csr(self._size, self._edges.child, np.arange(len(self._edges.child)))
        self._up, self._family = up, is_family
        self._members = _csr(self._size, families, members)
        ready = np.flatnonzero(waiting == 0)
        while len(ready):
            self._level(ready)
            reached = _spread(down, ready)
            np.subtract.at(waiting, reached, 1)
            candidates = np.unique(reached)
            ready = candidates[waiting[candidates] == 0]
        rest = np.flatnonzero(self._state < 0)  # on cycles, and below them
        if len(rest):
            self._state[rest] = 0
            settle_cycles(self._states, self, rest.tolist(), self._state)
        return self._state[:-1]

    def _level(self, nodes: Ints) -> None:
        """Find the states of nodes whose parents and members have theirs."""
        counts = self._up.offsets[nodes + 1] - self._up.offsets[nodes]
        plain = ~self._family[nodes]
        self._state[nodes[plain & (counts == 0)]] = self._own[nodes[plain & (counts == 0)]]
        self._single(nodes[plain & (counts == 1)])
        for node in nodes[~plain | (counts > 1)].tolist():
            self._state[node] = self._states.find_state(self, node)

    def _single(self, nodes: Ints) -> None:
        """Find the states of nodes with one parent, once for each combination of own terms, parent and step."""
        if not len(nodes):
            return
        edges = self._up.targets[self._up.offsets[nodes]]
        key = np.stack(
            [self._own[nodes], self._state[self._edges.parent[edges]], self._edges.code[edges]]
        )
        combinations, which = np.unique(key, axis=1, return_inverse=True)
        found = [
            self._states.gather(own, [(state, self._edges.steps[code])])
            for own, state, code in combinations.T.tolist()
        ]
        self._state[nodes] = np.array(found, np.int64)[which.reshape(-1)]

    # ---- one node, as kg/licenses/states.py asks for it

    def own(self, node: int) -> int:
        """The number of the node's own terms."""
        return int(self._own[node])

    def is_stated(self, node: int) -> bool:
        """Whether the node has a license of its own."""
        return not self._silent[node]

    def parents(self, node: int) -> list[tuple[int, LicenseStep]]:
        """The present state of each parent, and the step from it."""
        return [
            (
                int(self._state[self._edges.parent[edge]]),
                self._edges.steps[int(self._edges.code[edge])],
            )
            for edge in self._up.of(node)
        ]

    def members(self, node: int) -> list[tuple[int, int]]:
        """Of a family: the present state and the own terms of each member."""
        if not self._family[node]:
            return []
        return [(int(self._state[one]), int(self._own[one])) for one in self._members.of(node)]

    def needs(self, node: int) -> list[int]:
        """The parents of the node and, of a family, its members."""
        return [*self._edges.parent[self._up.of(node)].tolist(), *self._members.of(node)]


class _Csr(NamedTuple):
    offsets: Ints
    targets: Ints

    def of(self, node: int) -> list[int]:
        """The targets of one source."""
        return list(map(int, self.targets[self.offsets[node] : self.offsets[node + 1]]))


def _csr(size: int, source: Ints, target: Ints) -> _Csr:
    order = np.argsort(source, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=size))])
    return _Csr(offsets.astype(np.int64), target[order])


def _spread(down: _Csr, nodes: Ints) -> Ints:
    """The targets of some sources; one that several have, several times."""
    counts = down.offsets[nodes + 1] - down.offsets[nodes]
    starts = np.repeat(down.offsets[nodes] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    return down.targets[starts + np.arange(int(counts.sum()))]
