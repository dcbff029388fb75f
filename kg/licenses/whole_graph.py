"""The terms in force on every entity, in one pass over the derivation graph.

Entities whose own license, parent's state and edge are alike get the same state, so the rules run
once for each such combination and the rest is numpy: nodes are taken level by level, parents first.
Nodes on cycles, and below them, are gone over until nothing changes (states only grow).

A family comes under its own license and what all its members inherit; without a license of its own,
under what all members share. A member without a license comes under its family's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.licenses.propagation import Step
from kg.licenses.rules import Engine
from kg.licenses.states import Register, States
from kg.lineage.graph import Lineage
from kg.model.vocabulary import IN_FAMILY

Ints = NDArray[np.int64]
_ROUNDS = 64  # over nodes on and below cycles; each widens states by one edge


class _Edges(NamedTuple):
    """All edges that matter, as arrays: child, parent and the step's code."""

    child: Ints
    parent: Ints
    code: Ints
    steps: list[Step]


def effective(lineage: Lineage, register: Register, engine: Engine) -> tuple[Ints, States]:
    """The state of every node of a lineage.

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
    """One pass over the graph."""

    def __init__(self, lineage: Lineage, register: Register, states: States) -> None:
        self._states, self._engine = states, states.engine
        self._size, self._register = lineage.size, register
        child, parent, marks = lineage.arrays()
        member = np.array([name == IN_FAMILY for name in lineage.relations], bool)[marks]
        self._belongs = child[member], parent[member]
        crosses = np.array([self._crosses(name) for name in lineage.relations], bool)[marks]
        child, parent, marks = child[crosses], parent[crosses], marks[crosses]
        self._edges = self._with_steps(lineage, child, parent, marks)
        self._own = self._own_states()
        self._state = np.full(self._size, -1, np.int64)

    def _crosses(self, relation: str) -> bool:
        name = self._engine.class_of.get(relation)
        return name is not None and bool(self._engine.terms.classes[name].passes)

    def _with_steps(self, lineage: Lineage, child: Ints, parent: Ints, marks: Ints) -> _Edges:
        makers = np.zeros(self._size, np.int64)
        makers[: len(self._register.makers)] = np.array(self._register.makers, np.int64)
        same = (makers[child] == makers[parent]) & (makers[child] != 0)
        disputed = np.zeros(len(child), bool)
        for node, names in self._register.disputed.items():
            for place in np.flatnonzero(child == node):
                disputed[place] = lineage.relations[int(marks[place])] in names
        classes = [self._engine.class_of.get(name, "") for name in lineage.relations]
        steps = [Step(edge, bool(s), bool(d)) for edge in classes for s in (0, 1) for d in (0, 1)]
        code = marks * 4 + same * 2 + disputed
        return _Edges(child, parent, code, steps)

    def _own_states(self) -> Ints:
        """Each node's own terms; those of its family where it has none of its own."""
        kinds = self._register.kinds
        codes: Ints = np.array(self._register.own, np.int64)
        own = np.zeros(self._size, np.int64)
        numbers = [
            self._states.number(self._engine.own(claims, "held" if way == "family" else way))
            for claims, way in kinds
        ]
        own[: len(codes)] = np.array(numbers, np.int64)[codes] if len(codes) else 0
        own[len(codes) :] = self._states.number(self._engine.unresolved("held"))
        bare = np.array([not claims for claims, _ in kinds] or [True])
        silent = np.zeros(self._size, bool)
        silent[: len(codes)] = bare[codes] if len(codes) else False
        self._silent = silent
        return self._from_families(own, silent)

    def _from_families(self, own: Ints, silent: NDArray[np.bool_]) -> Ints:
        found = own.copy()
        belongs = [
            (m, f)
            for m, f in zip(*map(np.ndarray.tolist, self._belongs), strict=True)
            if silent[m] and not silent[f]
        ]
        families: dict[int, list[int]] = defaultdict(list)
        for member, family in belongs:
            families[member].append(int(own[family]))
        for member, states in families.items():
            together = states[0]
            for other in states[1:]:
                together = self._states.union(together, other)
            found[member] = together
        return found

    def run(self) -> Ints:
        """States of all nodes."""
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
        self._rest(np.flatnonzero(self._state < 0))
        return self._state

    def _level(self, nodes: Ints) -> None:
        """States of nodes all of whose parents have theirs."""
        counts = self._up.offsets[nodes + 1] - self._up.offsets[nodes]
        plain = ~self._family[nodes]
        self._state[nodes[plain & (counts == 0)]] = self._own[nodes[plain & (counts == 0)]]
        self._single(nodes[plain & (counts == 1)])
        for node in nodes[~plain | (counts > 1)].tolist():
            self._state[node] = self._one(node)

    def _single(self, nodes: Ints) -> None:
        """Nodes with one parent: one reckoning for each combination of own, parent's and step."""
        if not len(nodes):
            return
        edges = self._up.targets[self._up.offsets[nodes]]
        key = np.stack(
            [self._own[nodes], self._state[self._edges.parent[edges]], self._edges.code[edges]]
        )
        combinations, which = np.unique(key, axis=1, return_inverse=True)
        found = [
            self._states.gathered(own, [(state, self._edges.steps[code])])
            for own, state, code in combinations.T.tolist()
        ]
        self._state[nodes] = np.array(found, np.int64)[which.reshape(-1)]

    def _one(self, node: int) -> int:
        return self._with(node, self._states.merged(self._parents(node)))

    def _parents(self, node: int) -> list[tuple[int, Step]]:
        edges = self._up.of(node)
        return [
            (
                max(0, int(self._state[self._edges.parent[e]])),
                self._edges.steps[int(self._edges.code[e])],
            )
            for e in edges
        ]

    def _with(self, node: int, extra: int) -> int:
        """The state of a node, what follows from a merge being given."""
        own = self._states.gathered(int(self._own[node]), self._parents(node))
        own = self._states.union(own, extra)
        if not self._family[node]:
            return own
        members = self._members.of(node)
        pairs = [(max(0, int(self._state[m])), int(self._own[m])) for m in members]
        return self._states.shared(own, not self._silent[node], pairs)

    def _rest(self, nodes: Ints) -> None:
        """Nodes on cycles and below them, until nothing changes; merges are judged in between."""
        self._settle(nodes, {})
        extra = {node: self._states.merged(self._parents(node)) for node in nodes.tolist()}
        if any(extra.values()):
            self._settle(nodes, extra)

    def _settle(self, nodes: Ints, extra: Mapping[int, int]) -> None:
        for _ in range(_ROUNDS):
            changed = False
            for node in nodes.tolist():
                found = self._with(node, extra.get(node, 0))
                if found != self._state[node]:
                    self._state[node], changed = found, True
            if not changed:
                return


class _Csr(NamedTuple):
    offsets: Ints
    targets: Ints

    def of(self, node: int) -> list[int]:
        """The targets of a node."""
        return list(map(int, self.targets[self.offsets[node] : self.offsets[node + 1]]))


def _csr(size: int, source: Ints, target: Ints) -> _Csr:
    order = np.argsort(source, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=size))])
    return _Csr(offsets.astype(np.int64), target[order])


def _spread(down: _Csr, nodes: Ints) -> Ints:
    """All targets of nodes, each as often as it is one."""
    counts = down.offsets[nodes + 1] - down.offsets[nodes]
    starts = np.repeat(down.offsets[nodes] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    return down.targets[starts + np.arange(int(counts.sum()))]
