"""The license rule of an entity: what it comes under of itself, and what reaches it from others.

Two engines apply it: kg/licenses/whole_graph.py to the whole graph in arrays, kg/licenses/ancestry.py to one entity with
the paths its terms came by. They differ in how they find parents and members; what follows from those
is said here, once:

1. Own terms are those of an entity's own license. Without one it comes under the licenses of its
   families, as far as these have one.
2. To them come the terms that pass along the edges from its parents, and those that follow where
   weights meet that may not improve each other.
   A parent that is declared and cannot be found passes on that its terms are not known.
3. A family comes under its own license and what all its members inherit; without a license of its
   own, under what all its members share.
4. Entities that wait for each other, on a cycle, are gone over until nothing changes.

A set of terms is a state. States are numbered, so that each union and each step along an edge is
worked out once however many entities meet it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import msgspec

from kg.licenses._graph import LicenseGraph
from kg.licenses.profile import Profile
from kg.licenses.propagation import NOTHING, LicenseStep, LicenseTerm, State
from kg.licenses.rules import Facts, LicenseRules
from kg.licenses.terms import Use, Verdict
from kg.lineage.unresolved import unresolved_parents
from kg.model.claim import Entity, Fact, kind_of, slug_of
from kg.model.vocabulary import ACCESS, DERIVED_FROM, DEVELOPER, HUB_ID, LICENSE

WEIGHTS = frozenset({"copy", "quantize", "tune", "adapter", "merge"})  # edge classes
LICENSED = ("model", "family", "dataset", "product")  # kinds the question makes sense for
_WAYS = {"dataset": "material", "family": "family"}  # every other kind: held
_CONTENT = ("modality", "task")
_CLOSED = frozenset({"api-only", "unreleased"})
_JUDGED = 50_000  # verdicts on states that are kept, by use and by who asks
_MAKERS = (DEVELOPER, "publisher", "collectedBy")


class LicenseClaims(msgspec.Struct, frozen=True, kw_only=True):
    """What sources say of the license, maker and parents of one entity."""

    claims: tuple[str, ...] = ()  # license ids that nothing overrules, the resolved one first
    overruled: tuple[str, ...] = ()  # those that a preferred or far more trusted claim overrules
    way: str = "held"
    maker: str = ""
    content: tuple[str, ...] = ()  # what it takes, gives and is made to do
    closed: bool = False  # nobody outside its maker has its weights
    disputed: frozenset[str] = frozenset()  # relations on which sources disagree
    doubtful: frozenset[str] = frozenset()  # relations whose parents only a rule guesses
    unresolved: frozenset[str] = frozenset()  # relations to parents that nothing can find
    owned: bool = False  # of who asks: without a license of its own only what comes down binds


def read_license_claims(entity: Entity) -> LicenseClaims:
    """What the facts of an entity say of its license, maker and disputed derivations."""
    way = _WAYS.get(kind_of(entity.id), "held")
    facts = {fact.property: fact for fact in entity.facts}
    values = {name: fact.values for name, fact in facts.items()}
    maker = next((str(v) for name in _MAKERS for v in values.get(name, ())), "")
    disputed = frozenset([f.property for f in entity.facts if f.disputed and _rivals(f)])
    doubtful = frozenset([f.property for f in entity.facts if f.doubtful])
    unresolved = frozenset([parent.relation for parent in unresolved_parents(entity)])
    claims, overruled = _claims(facts.get(LICENSE))
    return LicenseClaims(
        claims=claims,
        overruled=overruled,
        way=way,
        maker=maker,
        content=tuple(sorted([str(v) for name in _CONTENT for v in values.get(name, ()) if v])),
        closed=not _CLOSED.isdisjoint(values.get(ACCESS, ())),
        disputed=disputed,
        doubtful=doubtful,
        unresolved=unresolved,
    )


def _claims(fact: Fact | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The licenses stated of an entity: those that count, and those that a better claim overrules."""
    if fact is None:
        return (), ()
    said = [s for s in fact.claims if s.rank != "rejected" and s.value is not None]
    rivals = (str(s.value) for s in said if not s.outranked)
    counted = dict.fromkeys([*map(str, fact.values), *rivals])
    others = dict.fromkeys(str(s.value) for s in said)
    return tuple(counted), tuple(id for id in others if id not in counted)


def _rivals(fact: Fact) -> bool:
    """Whether a source names a value that the fact does not hold, in a claim that nobody rejected."""
    said = {s.value for s in fact.claims if s.rank != "rejected" and s.value is not None}
    return bool(said - set(fact.values))


def names_of(entity: Entity) -> tuple[str, ...]:
    """The names of a model: labels, the end of its id and of its Hub ids."""
    hub = (str(value).rpartition("/")[2] for value in entity.values(HUB_ID))
    labels = (names[0] for names in entity.labels.values() if names)
    tail = slug_of(entity.id).rpartition("/")[2]
    return tuple(dict.fromkeys([*labels, tail, *hub]))


class OwnKey(NamedTuple):
    """What of an entity decides its own terms; fields as in `LicenseClaims`."""

    claims: tuple[str, ...]
    way: str
    content: tuple[str, ...] = ()
    closed: bool = False


class Register:
    """Collects what is said of each entity, in the order of entities, in a few bytes each."""

    def __init__(self) -> None:
        self._codes: dict[OwnKey, int] = {}
        self._makers: dict[str, int] = {"": 0}
        self.own, self.makers = array("i"), array("i")
        self.disputed: dict[int, frozenset[str]] = {}
        self.doubtful: dict[str, array[int]] = {}  # relation -> the nodes whose parents are guessed
        self.unresolved: dict[str, array[int]] = {}  # likewise, whose parents nothing can find

    def add(self, entity: Entity) -> None:
        """Add the next entity."""
        self.put(read_license_claims(entity))

    def put(self, said: LicenseClaims) -> None:
        """Add what is said of the next entity."""
        if said.disputed:
            self.disputed[len(self.own)] = said.disputed
        for relation in said.doubtful:
            self.doubtful.setdefault(relation, array("q")).append(len(self.own))
        for relation in said.unresolved:
            self.unresolved.setdefault(relation, array("q")).append(len(self.own))
        key = OwnKey(said.claims, said.way, said.content, said.closed)
        self.own.append(self._codes.setdefault(key, len(self._codes)))
        self.makers.append(self._makers.setdefault(said.maker, len(self._makers)))

    def maker_code(self, maker: str) -> int:
        """The number of a maker in `makers`; -1 if it made nothing here."""
        return self._makers.get(maker, -1)

    @property
    def kinds(self) -> list[OwnKey]:
        """What each code stands for."""
        return list(self._codes)


class States:
    """Numbered states, and what becomes of them, each worked out once.

    Args:
        engine: the rules of data/licenses.
    """

    def __init__(self, engine: LicenseRules) -> None:
        self.engine = engine
        self.all: list[State] = [NOTHING]
        self._numbers: dict[State, int] = {NOTHING: 0}
        self._owns: dict[OwnKey, int] = {}
        self._unions: dict[tuple[int, int], int] = {}
        self._passed: dict[tuple[int, LicenseStep], int] = {}
        self._judged: dict[tuple[int, Use, Profile], Verdict | None] = {}
        self._came: dict[tuple[int, LicenseStep], Mapping[LicenseTerm, Sequence[LicenseTerm]]] = {}

    def number(self, state: State) -> int:
        """The number of a state."""
        found = self._numbers.setdefault(state, len(self.all))
        if found == len(self.all):
            self.all.append(state)
        return found

    def judged(self, state: int, use: Use, profile: Profile) -> Verdict | None:
        """The verdict on what comes under a state, worked out once; None if it depends on what that is called."""
        key = state, use, profile
        with suppress(KeyError):
            return self._judged[key]
        terms = self.all[state]
        named = any(map(self.engine.asks_name, terms))
        found = None if named else self.engine.verdict(terms, use, Facts(profile=profile))
        if len(self._judged) >= _JUDGED:
            self._judged.clear()
        self._judged[key] = found
        return found

    # ---- own terms

    def own(self, said: OwnKey, families: Iterable[tuple[str, ...]] = ()) -> int:
        """The number of the terms that an entity comes under of itself.

        Args:
            said: what is said of it.
            families: what is said of the license of each family it stands in.
        """
        said = said._replace(way="held" if said.way == "family" else said.way)
        stated = [] if said.claims else [one for one in families if one]
        number = self._licensed(said._replace(claims=stated[0]) if stated else said)
        for one in stated[1:]:
            number = self.union(number, self._licensed(said._replace(claims=one)))
        return number

    def _licensed(self, said: OwnKey) -> int:
        if not self.engine.is_scoped(said.claims):
            said = said._replace(content=())
        if said not in self._owns:
            closed = self.engine.without_weights(said.way) if said.closed else NOTHING
            terms = self.engine.own(said.claims, said.way, said.content)
            self._owns[said] = self.number(terms | closed)
        return self._owns[said]

    def unresolved(self, way: str = "held") -> int:
        """The number of the terms of a parent that no entity describes, or that nothing can find."""
        return self.number(self.engine.unresolved(way))

    def step_from_unresolved(self, relation: str) -> LicenseStep:
        """The step from a parent that nothing can find; one along a relation without a class is of the widest."""
        of = self.engine.class_of
        return LicenseStep(of.get(relation) or of.get(DERIVED_FROM, ""))

    # ---- terms from others

    def union(self, one: int, other: int) -> int:
        """The number of the union of two states."""
        if one == other or not other:
            return one
        key = (one, other) if one < other else (other, one)
        if key not in self._unions:
            self._unions[key] = self.number(self.all[one] | self.all[other])
        return self._unions[key]

    def passed(self, state: int, step: LicenseStep) -> int:
        """The number of the terms that pass along an edge."""
        key = state, step
        if key not in self._passed:
            self._passed[key] = self.number(self.engine.pass_all(self.all[state], step))
        return self._passed[key]

    def came_from(
        self, state: int, step: LicenseStep
    ) -> Mapping[LicenseTerm, Sequence[LicenseTerm]]:
        """The terms that pass along an edge, each with those of the parent that it may have been."""
        key = state, step
        if key not in self._came:
            found: dict[LicenseTerm, list[LicenseTerm]] = {}
            for term in sorted(self.all[state]):
                if (after := self.engine.pass_on(term, step)) is not None:
                    found.setdefault(after, []).append(term)
            self._came[key] = found
        return self._came[key]

    def merged(self, parents: Iterable[tuple[int, LicenseStep]]) -> int:
        """The number of the terms that follow when parents are merged that may not improve each other."""
        weights = [
            self.all[self.passed(state, step)] for state, step in parents if step.edge in WEIGHTS
        ]
        return self.number(self.engine.outsiders(weights)) if len(weights) > 1 else 0

    def gather(self, own: int, parents: Iterable[tuple[int, LicenseStep]]) -> int:
        """The number of own terms and all that passes from parents."""
        for state, step in parents:
            own = self.union(own, self.passed(state, step))
        return own

    def find_state(
        self, graph: LicenseGraph, node: int, merged: int | None = None, rest: bool | None = None
    ) -> int:
        """The state of a node by those of its parents and members.

        Args:
            graph: the engine.
            node: the node.
            merged: what follows if it is a merge; None = find that out.
            rest: whether the own terms of a family without a license count; None = find that out.
        """
        parents = graph.parents(node)
        found = self.gather(graph.own(node), parents)
        found = self.union(found, self.merged(parents) if merged is None else merged)
        members = graph.members(node)
        if not members:
            return found
        common = self.shared(graph, node, members)
        if graph.is_stated(node) or (self.differ(members, common) if rest is None else rest):
            return self.union(found, self.number(common))
        return self.number(common)

    def shared(self, graph: LicenseGraph, node: int, members: Iterable[tuple[int, int]]) -> State:
        """The terms that all members share; of a family with a license, those that all inherit."""
        stated = graph.is_stated(node)
        groups = (
            self.all[state] - self.all[own] if stated else self.all[state] for state, own in members
        )
        return frozenset.intersection(*groups)

    def differ(self, members: Iterable[tuple[int, int]], common: State) -> bool:
        """Whether the members of a family come under different terms, or under none."""
        return not common or any(self.all[state] - common for state, _ in members)
