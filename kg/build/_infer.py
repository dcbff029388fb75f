"""Facts that follow from other facts, each naming what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import msgspec

from kg.build.passes._codes import InferredCodes
from kg.licenses.agreement import FamilyJudge
from kg.licenses.consistency import find_gap
from kg.licenses.doubts import doubt_bits, find_doubts
from kg.licenses.profile import begins
from kg.licenses.propagation import LicenseTerm, State
from kg.licenses.rules import USES, Facts
from kg.licenses.states import LICENSED, OwnKey, States, names_of, read_license_claims
from kg.licenses.terms import Consistency, Verdict, clause_id
from kg.licenses.verdicts import code_of, consistency_code
from kg.lineage.adjacency import Ints
from kg.lineage.families import Families
from kg.lineage.graph import Lineage
from kg.model.claim import INFERRED, Entity, Fact, Said, kind_of
from kg.model.vocabulary import (
    COMMERCIAL_VERDICT,
    DESCENDANT_COUNT,
    EFFECTIVE_TERM,
    IN_FAMILY,
    LICENSE_CONSISTENCY,
    MISSING_TERM,
)
from kg.snapshot.records import Lines

COMPARED = ("model", "dataset")  # kinds whose license is compared with what they inherit


class _Judged(NamedTuple):
    """What terms come to, a value for each use."""

    verdicts: tuple[Verdict, ...]
    doubts: tuple[int, ...]


class _Gap(NamedTuple):
    """How stated licenses stand to a state."""

    sure: Consistency
    assumed: Consistency  # as if guessed and disputed parents were right
    # Clauses that are missing for sure, with their ids
    dropped: tuple[tuple[str, LicenseTerm], ...]


_GapKey = tuple[int, tuple[str, ...], tuple[bool, ...]]

_entities = msgspec.json.Decoder(Entity)


def infer(entity: Entity, node: int, lineage: Lineage, families: Families) -> tuple[Fact, ...]:
    """The facts that follow for one entity.

    Args:
        entity: the resolved entity.
        node: its number in the lineage.
        lineage: the derivation graph of all entities.
        families: the families in it.
    """
    kind = kind_of(entity.id)
    if kind == "model":
        count = lineage.descendant_count(node)
    elif kind == "family":
        count = len(families.descendants(node).models)
    else:
        return ()
    premise = f"all models reached by {', '.join(sorted(lineage.weights))}"
    said = Said(value=count, source=INFERRED, note=premise, inferred=True)
    return (Fact(DESCENDANT_COUNT, (count,), (said,)),) if count else ()


class LicenseFacts:
    """What follows from licenses, for one entity after the other.

    Args:
        states: the states by number.
        state: the number of each node's state.
        lineage: the derivation graph.
        lines: ids of the nodes.
        kinds: what entities state of their licenses.
        own: the place in `kinds` of what each states.
    """

    def __init__(
        self,
        states: States,
        state: Ints,
        lineage: Lineage,
        lines: Lines,
        kinds: Sequence[OwnKey],
        own: Ints,
    ) -> None:
        self._states, self._state = states, state
        self._engine, self._lineage, self._lines = states.engine, lineage, lines
        self._codes: dict[tuple[int, tuple[bool, ...]], _Judged] = {}
        self._at = -1, Entity("", {})
        self._judge = FamilyJudge(self._verdicts, self._members)
        self._prefixes: dict[int, tuple[str, ...]] = {}
        self._placed: dict[int, frozenset[tuple[str, int]]] = {}
        self._substance: dict[int, tuple[tuple[str, LicenseTerm], ...]] = {}
        self._rows: list[tuple[int, ...]] = []
        self._kinds, self._own = kinds, own
        self._doubts: list[tuple[int, ...]] = []
        self._gaps: dict[_GapKey, _Gap] = {}
        self._consistencies: list[tuple[int, int]] = []

    def infer(self, entity: Entity, node: int) -> tuple[Fact, ...]:
        """The facts on the next entity: its terms in force and the verdict on commercial use."""
        if kind_of(entity.id) not in LICENSED or not self._engine.terms.kinds:
            self._rows.append((0,) * len(USES))
            self._doubts.append((0,) * len(USES))
            self._consistencies.append((0, 0))
            return ()
        number = int(self._state[node])
        self._at = node, entity
        own, agree = self._judged(node), 0
        verdicts: Sequence[Verdict] = own.verdicts
        doubts = own.doubts
        if kind_of(entity.id) == "family":
            verdicts, agree = self._judge.verdicts(node)
            doubts = self._doubted(own, verdicts)
        self._rows.append(tuple(map(code_of, verdicts)))
        self._doubts.append(doubts)
        compared = tuple(self._compared(entity, node, number))
        if kind_of(entity.id) == "product":
            return ()
        verdict = verdicts[USES.index("commercial")]
        note = "by the terms in force; nothing is known of the user"
        note += f"; all {agree} members are judged alike" if agree else ""
        said = Said(value=verdict, source=INFERRED, note=note, inferred=True)
        terms = self._terms(number, node)
        found = Fact(COMMERCIAL_VERDICT, (verdict,), (said,))
        return (*((terms,) if terms else ()), found, *compared)

    @staticmethod
    def _doubted(own: _Judged, verdicts: Sequence[Verdict]) -> tuple[int, ...]:
        """The doubts about the verdicts on a family, which may be its members'."""
        by_members = doubt_bits(["members"])
        return tuple(
            doubts if verdict == mine else by_members
            for verdict, mine, doubts in zip(verdicts, own.verdicts, own.doubts, strict=True)
        )

    def _compared(self, entity: Entity, node: int, number: int) -> Iterator[Fact]:
        """The facts on its license beside what it inherited; nothing where nothing was."""
        state = self._states.all[number]
        if kind_of(entity.id) not in COMPARED or all(term.mode == "own" for term in state):
            self._consistencies.append((0, 0))
            return
        gap = self._gap(number, self._stated(node), entity)
        self._consistencies.append((consistency_code(gap.sure), consistency_code(gap.assumed)))
        note = "by the terms in force that are sure"
        said = Said(value=gap.sure, source=INFERRED, note=note, inferred=True)
        yield Fact(LICENSE_CONSISTENCY, (gap.sure,), (said,))
        if gap.dropped:
            yield self._told(MISSING_TERM, gap.dropped, node)

    def _stated(self, node: int) -> tuple[str, ...]:
        """The licenses that are claimed of an entity; those of its families if it has none."""
        kinds, own = self._kinds, self._own
        if claims := kinds[int(own[node])].claims:
            return claims
        families = (edge.parent for edge in self._lineage.parents(node, {IN_FAMILY}))
        return tuple(c for f in families if f < len(own) for c in kinds[int(own[f])].claims[:1])

    def _gap(self, number: int, stated: tuple[str, ...], entity: Entity) -> _Gap:
        """How the stated licenses stand to a state, worked out once for each way in which names fit."""
        asked = self._asked(number)
        names = names_of(entity) if asked else ()
        key = number, stated, tuple(begins(prefix, names) for prefix in asked)
        if key not in self._gaps:
            self._gaps[key] = self._find_gap(self._states.all[number], stated, names)
        return self._gaps[key]

    def _find_gap(self, state: State, stated: tuple[str, ...], names: tuple[str, ...]) -> _Gap:
        engine = self._engine
        sure, dropped = find_gap(engine, stated, state, names)
        assumed, _ = find_gap(engine, stated, state, names, assumed=True)
        ids = ((clause_id(engine.license(t.license), t.place), t) for t in dropped)
        # A license expression joins clauses of several, whose numbers are not those of one text.
        return _Gap(sure, assumed, tuple((id, t) for id, t in ids if t.kind in id))

    def take_codes(self) -> InferredCodes:
        """What was found for the entities since it was asked last."""
        rows = self._rows, self._doubts, self._consistencies
        found = InferredCodes(*(bytes(chain.from_iterable(codes)) for codes in rows))
        for codes in rows:
            codes.clear()
        return found

    def _members(self, node: int) -> list[int]:
        """The members of a family without a license of its own."""
        if not self._is(node, "family") or read_license_claims(self._entity(node)).claims:
            return []
        return [edge.child for edge in self._lineage.children(node, {IN_FAMILY})]

    def _is(self, node: int, kind: str) -> bool:
        return node < len(self._lines) and kind_of(self._lines.id(node)) == kind

    def _entity(self, node: int) -> Entity:
        at, entity = self._at
        return entity if node == at else _entities.decode(self._lines[node])

    def _verdicts(self, node: int) -> tuple[Verdict, ...]:
        return self._judged(node).verdicts

    def _judged(self, node: int) -> _Judged:
        """What a node's terms come to, worked out once for each way in which names fit their prefixes."""
        number = int(self._state[node])
        state, asked = self._states.all[number], self._asked(number)
        names = names_of(self._entity(node)) if asked and node < len(self._lines) else ()
        fits = tuple(begins(prefix, names) for prefix in asked)
        if (number, fits) not in self._codes:
            facts = Facts(names)
            found = tuple(self._engine.verdict(state, use, facts) for use in USES)
            doubts = (
                find_doubts(self._engine, state, use, facts, verdict)
                for use, verdict in zip(USES, found, strict=True)
            )
            self._codes[number, fits] = _Judged(found, tuple(doubts))
        return self._codes[number, fits]

    def _asked(self, number: int) -> tuple[str, ...]:
        """The beginnings of names that a state asks for."""
        if number not in self._prefixes:
            self._prefixes[number] = self._engine.beginnings(self._states.all[number])
        return self._prefixes[number]

    def _terms(self, number: int, node: int) -> Fact | None:
        """The clauses in force, each with the edge or the license it rests on."""
        if number not in self._substance:
            self._substance[number] = tuple(self._in_force(self._states.all[number]))
        held = self._substance[number]
        return self._told(EFFECTIVE_TERM, held, node) if held else None

    def _told(self, property: str, held: Sequence[tuple[str, LicenseTerm]], node: int) -> Fact:
        """Clauses as a fact, each with its premises."""
        parents: list[tuple[str, frozenset[tuple[str, int]]]] = []
        if any(term.mode != "own" for _, term in held):
            parents = [
                (f"{edge.relation} {self._id(edge.parent)}", self._clauses(edge.parent))
                for edge in self._lineage.parents(node, self._engine.carriers)
            ]
        said = [
            Said(value=id, source=INFERRED, note=note, inferred=True)
            for id, term in held
            for note in _premises(term, parents)
        ]
        return Fact(property, tuple(dict.fromkeys(id for id, _ in held)), tuple(said))

    def _clauses(self, node: int) -> frozenset[tuple[str, int]]:
        """The license and the place of each term of a node, worked out once a state."""
        number = int(self._state[node])
        if number not in self._placed:
            state = self._states.all[number]
            self._placed[number] = frozenset((term.license, term.place) for term in state)
        return self._placed[number]

    def _in_force(self, state: State) -> Iterator[tuple[str, LicenseTerm]]:
        """The surest term of each clause that is more than paperwork."""
        seen: set[str] = set()
        for term in sorted(state, key=_surest_first):
            if term.place < 0 or self._engine.kind(term).group == "paperwork":
                continue
            id = clause_id(self._engine.license(term.license), term.place)
            if id not in seen and term.kind in id:
                seen.add(id)
                yield id, term

    def _id(self, node: int) -> str:
        known = len(self._lines)
        return self._lines.id(node) if node < known else self._lineage.dangling[node - known]


def _premises(
    term: LicenseTerm, parents: Iterable[tuple[str, frozenset[tuple[str, int]]]]
) -> list[str]:
    """What a term in force rests on.

    Args:
        term: the term.
        parents: each with the clauses that it comes under.
    """
    clause = term.license, term.place
    found = [parent for parent, clauses in parents if term.mode != "own" and clause in clauses]
    return found or [f"license {term.license}"]


def _surest_first(term: LicenseTerm) -> tuple[str, int, bool, bool, int]:
    return term.license, term.place, term.mode != "own", term.doubtful, term.tier
