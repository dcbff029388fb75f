"""The terms in force on every entity, in one pass over the derivation graph.

Entities whose own license, parent's state and edge are alike get the same state, so the rules run
once for each such combination and the rest is numpy: nodes are taken level by level, parents first.
Nodes on cycles, and below them, are gone over until nothing changes (states only grow).

A family comes under its own license and what all its members inherit; without a license of its own,
under what all members share. A member without a license comes under its family's.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.licenses import NOTHING, Engine, State, Step
from kg.lineage import Lineage
from kg.model import Entity, Fact, kind_of
from kg.vocab import DEVELOPER, IN_FAMILY, LICENSE

Ints = NDArray[np.int64]
_WAYS = {"dataset": "material", "family": "family"}  # every other kind: held
_MAKERS = (DEVELOPER, "publisher", "collectedBy")
_ROUNDS = 64  # over nodes on and below cycles; each widens states by one edge


class Said(NamedTuple):
    """What is said of one entity, as far as licenses are concerned."""

    claims: tuple[str, ...]  # license ids, the resolved one first
    way: str
    maker: str
    disputed: frozenset[str]  # relations on which sources disagree


def said_of(entity: Entity) -> Said:
    """What the facts of an entity say of its license, maker and disputed derivations."""
    way = _WAYS.get(kind_of(entity.id), "held")
    maker = next((str(v) for name in _MAKERS for v in entity.values(name)), "")
    disputed = frozenset(f.property for f in entity.facts if f.disputed and _rivals(f))
    return Said(_claims(entity.fact(LICENSE)), way, maker, disputed)


def _claims(fact: Fact | None) -> tuple[str, ...]:
    if fact is None:
        return ()
    rivals = (str(s.value) for s in fact.claims if s.rank != "rejected" and s.value is not None)
    return tuple(dict.fromkeys([*map(str, fact.values), *rivals]))


def _rivals(fact: Fact) -> bool:
    """Whether claims that nobody rejected disagree."""
    return len({s.value for s in fact.claims if s.rank != "rejected"}) > 1


class Register:
    """Takes what is said of each entity, in the order of entities, in a few bytes each."""

    def __init__(self) -> None:
        self._codes: dict[tuple[tuple[str, ...], str], int] = {}
        self._makers: dict[str, int] = {"": 0}
        self.own, self.makers = array("i"), array("i")
        self.disputed: dict[int, frozenset[str]] = {}

    def add(self, entity: Entity) -> None:
        """Take the next entity."""
        said = said_of(entity)
        if said.disputed:
            self.disputed[len(self.own)] = said.disputed
        key = said.claims, said.way
        self.own.append(self._codes.setdefault(key, len(self._codes)))
        self.makers.append(self._makers.setdefault(said.maker, len(self._makers)))

    @property
    def kinds(self) -> list[tuple[tuple[str, ...], str]]:
        """Claims and way of each code."""
        return list(self._codes)


class States:
    """Numbered states, and unions and crossings of them, each worked out once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.all: list[State] = [NOTHING]
        self._numbers: dict[State, int] = {NOTHING: 0}
        self._unions: dict[tuple[int, int], int] = {}
        self._crossed: dict[tuple[int, Step], int] = {}

    def number(self, state: State) -> int:
        """The number of a state."""
        found = self._numbers.setdefault(state, len(self.all))
        if found == len(self.all):
            self.all.append(state)
        return found

    def union(self, one: int, other: int) -> int:
        """The number of the union of two states."""
        if one == other or not other:
            return one
        key = (one, other) if one < other else (other, one)
        if key not in self._unions:
            self._unions[key] = self.number(self.all[one] | self.all[other])
        return self._unions[key]

    def crossed(self, state: int, step: Step) -> int:
        """The number of what crosses an edge."""
        key = state, step
        if key not in self._crossed:
            self._crossed[key] = self.number(self.engine.cross_all(self.all[state], step))
        return self._crossed[key]

    def gathered(self, own: int, parents: Sequence[tuple[int, Step]]) -> int:
        """The number of own terms and all that crosses from parents, with what follows for merges."""
        result = own
        weights: list[State] = []
        for state, step in parents:
            crossed = self.crossed(state, step)
            result = self.union(result, crossed)
            if step.edge in WEIGHTS:
                weights.append(self.all[crossed])
        if len(weights) > 1 and (extra := self.engine.outsiders(weights)):
            result = self.union(result, self.number(extra))
        return result

    def shared(self, own: int, stated: bool, members: Iterable[tuple[int, int]]) -> int:
        """The state of a family.

        Args:
            own: its own terms.
            stated: whether it has a license of its own.
            members: state and own terms of each member.
        """
        groups = [self.all[state] - self.all[mine] if stated else self.all[state]
                  for state, mine in members]  # fmt: skip
        if not groups:
            return own
        common = frozenset.intersection(*groups)
        if stated or not common:
            return self.union(own, self.number(common))
        rest = self.all[own] if any(group - common for group in groups) else NOTHING
        return self.number(common | rest)


WEIGHTS = frozenset({"copy", "quantize", "tune", "adapter", "merge"})


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
        makers[: len(self._register.makers)] = np.frombuffer(self._register.makers, np.int32)
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
        codes = np.frombuffer(self._register.own, np.int32) if self._register.own else []
        codes = np.asarray(codes, np.int64)
        own = np.zeros(self._size, np.int64)
        numbers = [self._states.number(self._engine.own(claims, "held" if way == "family" else way))
                   for claims, way in kinds]  # fmt: skip
        own[: len(codes)] = np.array(numbers, np.int64)[codes] if len(codes) else 0
        own[len(codes) :] = self._states.number(self._engine.unresolved("held"))
        bare = np.array([not claims for claims, _ in kinds] or [True])
        silent = np.zeros(self._size, bool)
        silent[: len(codes)] = bare[codes] if len(codes) else False
        self._silent = silent
        return self._from_families(own, silent)

    def _from_families(self, own: Ints, silent: NDArray[np.bool_]) -> Ints:
        found = own.copy()
        belongs = [(m, f) for m, f in zip(*map(np.ndarray.tolist, self._belongs), strict=True)
                   if silent[m] and not silent[f]]  # fmt: skip
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
        key = np.stack([self._own[nodes], self._state[self._edges.parent[edges]],
                        self._edges.code[edges]])  # fmt: skip
        combinations, which = np.unique(key, axis=1, return_inverse=True)
        found = [self._states.gathered(own, [(state, self._edges.steps[code])])
                 for own, state, code in combinations.T.tolist()]  # fmt: skip
        self._state[nodes] = np.array(found, np.int64)[which.reshape(-1)]

    def _one(self, node: int) -> int:
        edges = self._up.of(node)
        parents = [(max(0, int(self._state[self._edges.parent[e]])),
                    self._edges.steps[int(self._edges.code[e])]) for e in edges]  # fmt: skip
        own = self._states.gathered(int(self._own[node]), parents)
        if not self._family[node]:
            return own
        members = self._members.of(node)
        pairs = [(max(0, int(self._state[m])), int(self._own[m])) for m in members]
        return self._states.shared(own, not self._silent[node], pairs)

    def _rest(self, nodes: Ints) -> None:
        """Nodes on cycles and below them, until nothing changes."""
        for _ in range(_ROUNDS):
            changed = False
            for node in nodes.tolist():
                found = self._one(node)
                if found != self._state[node]:
                    self._state[node], changed = found, True
            if not changed:
                return


class _Csr(NamedTuple):
    offsets: Ints
    targets: Ints

    def of(self, node: int) -> list[int]:
        """The targets of a node."""
        return self.targets[self.offsets[node] : self.offsets[node + 1]].tolist()


def _csr(size: int, source: Ints, target: Ints) -> _Csr:
    order = np.argsort(source, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=size))])
    return _Csr(offsets.astype(np.int64), target[order])


def _spread(down: _Csr, nodes: Ints) -> Ints:
    """All targets of nodes, each as often as it is one."""
    counts = down.offsets[nodes + 1] - down.offsets[nodes]
    starts = np.repeat(down.offsets[nodes] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    return down.targets[starts + np.arange(int(counts.sum()))]

