"""License reasoning: what a term does to a use, which terms cannot all be kept, and the verdict.

Pure functions over kg/licenses/propagation.py; nothing names a license or a model. Rules: RULES.md 4.1-4.5, and
data/licenses for all that can be data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.licenses.conflicts import Conflicts
from kg.licenses.profile import NOBODY, Profile, answers
from kg.licenses.propagation import LicenseTerm, State
from kg.licenses.terms import Clause, ClauseKind, Use, Verdict

SEVERITY: tuple[Verdict, ...] = ("allowed", "conditional", "unknown", "contested", "prohibited")
USES: tuple[Use, ...] = ("commercial", "redistribute", "train-on-outputs", "relicense")
_RANK = {verdict: rank for rank, verdict in enumerate(SEVERITY)}
_DATA = ("learned", "trained", "generated")  # ways that came through data or outputs
# Uses that lead to another thing, which has a name of its own
_OF_ANOTHER: tuple[Use, ...] = ("train-on-outputs", "relicense")


class Facts(NamedTuple):
    """What the effect of a term depends on besides the term and the use."""

    names: tuple[str, ...] = ()
    profile: Profile = NOBODY
    families: frozenset[str] = frozenset()  # license families whose weights the model holds

    def names_for(self, use: Use) -> tuple[str, ...]:
        """The names of the model that a use is about; of one yet to be made only a profile says it."""
        return () if use in _OF_ANOTHER else self.names


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The first of prohibited, contested, unknown, conditional, allowed that is among them.

    >>> worst(["allowed", "unknown", "conditional"]), worst([])
    ('unknown', 'allowed')
    """
    return max(verdicts, key=_RANK.__getitem__, default="allowed")


class LicenseRules(Conflicts):
    """The rules of data/licenses, ready to apply."""

    def effect(self, term: LicenseTerm, use: Use, facts: Facts) -> Verdict:
        """What a term does to a use."""
        return self._settled(term, self._effect(term, use, facts), disputed=term.disputed)

    def _settled(self, term: LicenseTerm, found: Verdict, *, disputed: bool) -> Verdict:
        """An effect, no prohibition if it rests on unsettled law, a guess, or a claim in dispute."""
        if found == "prohibited" and term.open:
            return "unknown"
        if found == "prohibited" and (term.tier == 3 or disputed or term.doubtful):
            return "contested"
        return found

    def effects(
        self, state: State, use: Use, facts: Facts
    ) -> Iterator[tuple[LicenseTerm, Verdict]]:
        """What each term does to a use, beside the others.

        A guessed parent decides nothing alone: what it adds to that which is sure is not known. Where it
        adds nothing it is no doubt either. What follows from each of the licenses that sources state
        instead of each other is not in dispute.
        """
        raw = [(term, self._effect(term, use, facts)) for term in state]
        sides = self._least(raw)
        found = [
            (
                term,
                self._settled(
                    term, e, disputed=term.disputed and _RANK[e] > sides.get(term.dispute, 0)
                ),
            )
            for term, e in raw
        ]
        sure = worst(e for t, e in found if not t.doubtful and self.counts(t, e))
        for term, effect in found:
            adds = term.doubtful and _RANK[effect] > _RANK[sure]
            yield term, worst((effect, "unknown")) if adds else effect

    def _least(self, found: Iterable[tuple[LicenseTerm, Verdict]]) -> dict[str, int]:
        """How bad the mildest side of each dispute is, as a rank in SEVERITY."""
        worst_of: dict[str, dict[str, int]] = {}
        for term, effect in found:
            if term.dispute:
                sides = worst_of.setdefault(
                    term.dispute, dict.fromkeys(term.dispute.split("\n"), 0)
                )
                settled = self._settled(term, effect, disputed=False)
                sides[term.license] = max(sides[term.license], _RANK[settled])
        return {dispute: min(sides.values()) for dispute, sides in worst_of.items()}

    def _effect(self, term: LicenseTerm, use: Use, facts: Facts) -> Verdict:
        kind, clause = self.kind(term), self.clause(term)
        base = self._base(term, kind, use)
        if base == "allowed" or self._in_family(term, clause, facts):
            return "allowed"
        if isinstance(clause.value, dict) and base == "prohibited":
            base = kind.soften.get(clause.value.get("targets", ""), base)
            if base != "prohibited" and term.way == "held":
                base = self._competes(term, facts.profile, base)
        elif kind.asks and not kind.soften:
            base = answers(kind.asks, clause.value, facts.profile, facts.names_for(use), base)
        if term.party == "third" and kind.third_party:
            base = kind.third_party
        if base == "allowed":
            return base
        match term.mode:
            case "similar" | "arguable":
                return "conditional"
            case "unsettled" | "later":
                return "unknown"
        return base

    def _competes(self, term: LicenseTerm, profile: Profile, base: Verdict) -> Verdict:
        """What a profile makes of a clause against models that compete with the licensor's."""
        asks, licensor = self.kind(term).asks, self.license(term.license).licensor
        if asks is None or not licensor:
            return base
        return answers(asks, [licensor], profile, (), base)

    def _base(self, term: LicenseTerm, kind: ClauseKind, use: Use) -> Verdict:
        uses = self.clause(term).uses
        if term.mode == "maker" or (uses and use not in uses):
            return "allowed"  # its maker licensed what it made of its own work
        outputs = kind.learned is not None
        if term.way in ("learned", "generated") and kind.learned is not None:
            return kind.learned.get(use, "allowed")
        if use == "train-on-outputs" and outputs and "outputs" not in self.reach(term):
            return "allowed"
        table = kind.effect | kind.changed if term.mode not in ("own", "") else kind.effect
        return table.get(use, "allowed")

    def _in_family(self, term: LicenseTerm, clause: Clause, facts: Facts) -> bool:
        """Whether a clause exempts models of its own family, and this is one."""
        if term.way != "learned" or not isinstance(clause.value, dict):
            return False
        exempt = clause.value.get("except") == "family"
        return exempt and self.license(term.license).family in facts.families

    def asks_name(self, term: LicenseTerm) -> bool:
        """Whether a term asks for the name of a model."""
        asks = self.kind(term).asks
        return asks is not None and asks.field == "name"

    def beginnings(self, state: State) -> tuple[str, ...]:
        """The beginnings of names that the terms of a state ask for: models whose names fit them alike are judged alike."""
        asked = filter(self.asks_name, state)
        return tuple(sorted({str(self.clause(term).value) for term in asked}))

    # ---- verdicts

    def counts(self, term: LicenseTerm, verdict: Verdict) -> bool:
        """Whether an effect weighs in the verdict: not the mere lack of a license of training data.

        No license says that training data binds a model (tier 3), so that data of unknown license
        leaves the answer on the weights standing; it shows in the part for data. Nor what a maker
        licensed anew, of its own work.
        """
        unknown = self.kind(term).group == "unknown" and verdict == "unknown"
        return term.mode != "maker" and not (unknown and term.way in _DATA)

    def verdict(self, state: State, use: Use, facts: Facts) -> Verdict:
        """The verdict on a use of what comes under a state."""
        facts = facts._replace(families=self.families(state))
        effects = self.effects(state, use, facts)
        found = [effect for term, effect in effects if self.counts(term, effect)]
        found += [effect for _, _, effect in self.conflicts(state, use)]
        return worst(found)
