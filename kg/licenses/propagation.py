"""Propagation of license terms: own terms, and what of them passes along an edge.

A `LicenseTerm` is one clause on its way: which license, how it stands to the entity it has reached, how
sure that is. A state is the set of terms that bind one entity. Everything here follows from
data/licenses; nothing names a license or a model. Rules: shared licenses/RULES.md, sections 4.1-4.5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from kg.licenses.terms import (
    NO_LICENSE,
    NO_WEIGHTS,
    PARTLY_READ,
    RELICENSE,
    UNKNOWN_LICENSE,
    UNRESOLVED,
    Cite,
    Clause,
    ClauseKind,
    License,
    Pass,
    Terms,
)

OUTSIDER = "no-improve-outsider"
# The last one wins.
_MODES = ("own", "", "changed", "maker", "arguable", "similar", "unsettled", "later")


class LicenseTerm(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One clause of a license, as it binds one entity."""

    license: str  # id; "" if the engine added the term
    kind: str
    place: int  # of the clause in its license, -1 if the engine added the term
    way: str  # held, learned, material, generated or trained; see edges.yaml
    mode: str = "own"
    tier: int = 1
    disputed: bool = False
    # The licenses that sources state instead of each other, this term's among them
    dispute: str = ""
    party: str = ""  # of a covenant: same or third
    doubtful: bool = False  # came along an edge that a rule guessed and nobody states
    open: bool = False  # of a clause on some models only: no source tells whether this is one
    in_house: bool = False  # its licensor has licensed what comes from it anew


State = frozenset[LicenseTerm]
NOTHING: State = frozenset()


MAKER = "maker"  # one of whom no license is known that it wrote


class LicenseStep(NamedTuple):
    """What of an edge decides which terms pass along it."""

    edge: str  # name of an edge class
    same_maker: bool = False
    disputed: bool = False
    doubtful: bool = False  # rests only on a rule that decides nothing alone
    anew: str = ""  # who made both and states a license of the child: a licensor, or MAKER


class Propagation:
    """The terms an entity comes under of itself, and those that pass along an edge.

    Args:
        terms: what data/licenses says.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.class_of = {r: c.name for c in terms.classes.values() for r in c.relations}
        # The relations along which any term passes.
        self.carriers = frozenset(r for r, c in self.class_of.items() if terms.classes[c].passes)
        # The organizations of which licenses are known that they wrote.
        self.licensors = frozenset(one.licensor for one in terms.licenses.values()) - {""}
        self._licenses: dict[str, License] = {}
        self._passed: dict[tuple[LicenseTerm, LicenseStep], LicenseTerm | None] = {}
        self.satisfying: dict[object, tuple[str, ...]] = {}  # kept by kg/licenses/consistency.py

    def license(self, id: str) -> License:
        """The license of an id, looked up once."""
        if id not in self._licenses:
            self._licenses[id] = self.terms.license(id)
        return self._licenses[id]

    def kind(self, term: LicenseTerm) -> ClauseKind:
        """The kind of a term's clause."""
        return self.terms.kinds[term.kind]

    def clause(self, term: LicenseTerm) -> Clause:
        """The clause of a term; one without a value for what the engine added."""
        if term.place < 0:
            rule = self.license(term.license).relicense_cite if term.license else None
            return Clause(kind=term.kind, cite=rule or Cite(section=""))
        return self.license(term.license).clauses[term.place]

    # ---- own terms

    def own(self, claims: Sequence[str], way: str, content: Iterable[str] = ()) -> State:
        """The terms an entity comes under by what is said of its license.

        Args:
            claims: license ids, the resolved one first; more than one if sources disagree. None of
                them = no license is stated.
            way: `held`, or `material` for a dataset.
            content: what sources say that the entity takes, gives and is made to do.
        """
        if not self.terms.kinds:
            return NOTHING
        if not claims:
            return frozenset([LicenseTerm(license="", kind=NO_LICENSE, place=-1, way=way)])
        content = tuple(content)
        sets = [list(self._of(id, way, content)) for id in claims]
        if len(sets) == 1:
            return frozenset(sets[0])
        said = [{self._sense(term) for term in terms} for terms in sets]
        common = set.intersection(*said)
        dispute = "\n".join(claims)
        return frozenset(
            msgspec.structs.replace(term, disputed=True, dispute=dispute)
            if self._sense(term) not in common
            else term
            for terms in sets
            for term in terms
        )

    def _of(self, id: str, way: str, content: Sequence[str]) -> Iterator[LicenseTerm]:
        """The terms of one license. What was not read in full leaves the rest unknown, and is not sure."""
        license = self.license(id)
        surest = 1
        if license.unknown is not None:
            yield LicenseTerm(license=id, kind=UNKNOWN_LICENSE, place=-1, way=way)
        elif license.reading != "full":
            yield LicenseTerm(license=id, kind=PARTLY_READ, place=-1, way=way)
            surest = 2
        if license.unknown is None and (rule := self._relicense_rule(license)):
            yield LicenseTerm(license=id, kind=rule, place=-1, way=way, tier=surest)
        for place, clause in enumerate(license.clauses):
            within = self.terms.scopes[clause.models].holds(content) if clause.models else True
            if within is not False:
                yield LicenseTerm(
                    license=id,
                    kind=clause.kind,
                    place=place,
                    way=way,
                    tier=max(clause.tier, surest),
                    open=within is None,
                )

    def _relicense_rule(self, license: License) -> str | None:
        """The kind of a license's own rule on relicensing, unless a clause says it already."""
        rule = RELICENSE.get(license.relicense) if isinstance(license.relicense, str) else None
        effects = (self.terms.kinds[c.kind].effect.get("relicense") for c in license.clauses)
        return rule if rule in self.terms.kinds and "prohibited" not in effects else None

    def is_scoped(self, claims: Iterable[str]) -> bool:
        """Whether some licenses have clauses on some models only."""
        return any(clause.models for id in claims for clause in self.license(id).clauses)

    def without_weights(self, way: str) -> State:
        """The term on a model whose weights nobody outside its maker has."""
        known = NO_WEIGHTS in self.terms.kinds
        term = LicenseTerm(license="", kind=NO_WEIGHTS, place=-1, way=way)
        return frozenset([term]) if known else NOTHING

    def _sense(self, term: LicenseTerm) -> tuple[str, str]:
        """What a term means, so that terms of two licenses can be compared: research-only is non-commercial."""
        kinds = self.terms.kinds
        weaker = next((k.name for k in kinds.values() if term.kind in k.covered_by), term.kind)
        return weaker, repr(self.clause(term).value)

    def unresolved(self, way: str) -> State:
        """The terms of a parent that no entity describes."""
        known = bool(self.terms.kinds)
        return (
            frozenset([LicenseTerm(license="", kind=UNRESOLVED, place=-1, way=way)])
            if known
            else NOTHING
        )

    # ---- along edges

    def pass_on(self, term: LicenseTerm, step: LicenseStep) -> LicenseTerm | None:
        """What a term of the parent becomes for the child, or None if it stops."""
        key = term, step
        if key not in self._passed:
            self._passed[key] = self._pass(term, step)
        return self._passed[key]

    def pass_all(self, state: Iterable[LicenseTerm], step: LicenseStep) -> State:
        """All terms of a parent that reach the child."""
        passed = (self.pass_on(term, step) for term in state)
        return frozenset(term for term in passed if term is not None)

    def _pass(self, term: LicenseTerm, step: LicenseStep) -> LicenseTerm | None:
        edge = self.terms.classes[step.edge]
        for rule in edge.passes:
            if rule.source == term.way and (not rule.kinds or term.kind in rule.kinds):
                mode = self._reaches(term, rule)
                if mode is not None:
                    return self._arrived(term, rule, mode, step)
        return None

    def _reaches(self, term: LicenseTerm, rule: Pass) -> str | None:
        """The mode in which a term's reach or its license's idea of a derivative lets it pass."""
        license = self.license(term.license) if term.license else None
        if rule.stopped_by and license and any(c.kind == rule.stopped_by for c in license.clauses):
            return None
        if not rule.needs or rule.needs in self.reach(term):
            return ""
        if rule.needs == "similar" and "distill" in self.reach(term):
            return None  # by its own words, whatever the purpose
        counts = self._derivative(license, rule.needs)
        if counts == "unknown" and self.kind(term).group == "paperwork":
            return None
        return {"any": "", "similar": "similar", "unknown": "unsettled"}.get(counts)

    def reach(self, term: LicenseTerm) -> Collection[str]:
        """How far the license says that a term reaches: weights, outputs and so on."""
        given = self.clause(term).reach
        return self.kind(term).reach if given is None else given

    def _derivative(self, license: License | None, needs: str) -> str:
        if license is None:
            return "none"
        idea = license.derivative
        if needs == "similar":
            return "any" if idea.distill == "similar" else "none"
        if needs == "derivative":
            counts = {idea.distill, idea.outputs} & {"any", "similar"}
            return "any" if counts else "none"
        return {"distill": idea.distill, "outputs": idea.outputs}.get(needs, "none")

    def _arrived(self, term: LicenseTerm, rule: Pass, mode: str, step: LicenseStep) -> LicenseTerm:
        tier = rule.tier if isinstance(rule.tier, int) else self._by_text(term)
        before = "" if term.mode == "own" else term.mode
        strongest = "maker" if before == "maker" else max(before, rule.mode, mode, key=_MODES.index)
        party = term.party
        if rule.to == "learned" and term.way != "learned" and self._is_covenant(term):
            held = term.way == "held"  # who distills holds the model, or has an account
            party = "same" if held or step.same_maker else "third"
            tier = tier if party == "same" else 3
        if term.mode == "own" and self.kind(term).group == "unknown" and step.same_maker:
            strongest = max(strongest, "maker", key=_MODES.index)
        if term.mode == "own" and self._wrote(step.anew, term):
            strongest = "maker"  # who holds the rights licensed what he made of his own work anew
        return msgspec.structs.replace(
            term,
            way=rule.to,
            mode=strongest,
            tier=max(term.tier, tier),
            disputed=term.disputed or step.disputed,
            party=party,
            doubtful=term.doubtful or step.doubtful,
            in_house=term.in_house or (bool(step.anew) and term.mode == "own"),
        )

    def _wrote(self, who: str, term: LicenseTerm) -> bool:
        return bool(who and term.license) and self.license(term.license).licensor == who

    def _is_covenant(self, term: LicenseTerm) -> bool:
        """Whether a clause binds who agreed to it, not what was learned from outputs.

        A text that counts a model trained on outputs as a derivative binds that model.
        """
        idea = self.license(term.license).derivative.outputs if term.license else "none"
        return bool(self.kind(term).covenant) and idea not in ("any", "similar")

    def _by_text(self, term: LicenseTerm) -> int:
        if not term.license:
            return 1
        return 1 if self.license(term.license).derivative.weights == "defined" else 2
