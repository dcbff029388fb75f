"""License reasoning: what a term does to a use, which terms cannot all be kept, and the verdict.

Pure functions over kg/licenses/propagation.py; nothing names a license or a model. Rules: RULES.md 4.1-4.5, and
data/licenses for all that can be data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kg.licenses.profile import NOBODY, Profile, answers
from kg.licenses.propagation import LicenseTerm, Propagation, State
from kg.licenses.terms import Clause, ClauseKind, Use, Verdict

SEVERITY: tuple[Verdict, ...] = ("allowed", "conditional", "unknown", "contested", "prohibited")
USES: tuple[Use, ...] = ("commercial", "redistribute", "train-on-outputs", "relicense")
_RANK = {verdict: rank for rank, verdict in enumerate(SEVERITY)}
_DATA = ("learned", "trained", "generated")  # ways that came through data or outputs
_GUESSED: dict[Verdict, Verdict] = {"conditional": "unknown", "prohibited": "contested"}
_ALIKE = frozenset({"share-alike", "source-disclosure"})


class Facts(NamedTuple):
    """What the effect of a term depends on besides the term and the use."""

    names: tuple[str, ...] = ()
    profile: Profile = NOBODY
    families: frozenset[str] = frozenset()  # license families whose weights the model holds


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The first of prohibited, contested, unknown, conditional, allowed that is among them.

    >>> worst(["allowed", "unknown", "conditional"]), worst([])
    ('unknown', 'allowed')
    """
    return max(verdicts, key=_RANK.__getitem__, default="allowed")


class LicenseRules(Propagation):
    """The rules of data/licenses, ready to apply."""

    def effect(self, term: LicenseTerm, use: Use, facts: Facts) -> Verdict:
        """What a term does to a use."""
        found = self._effect(term, use, facts)
        if found == "prohibited" and (term.tier == 3 or term.disputed or term.doubtful):
            return "contested"
        return found

    def effects(
        self, state: State, use: Use, facts: Facts
    ) -> Iterator[tuple[LicenseTerm, Verdict]]:
        """What each term does to a use, beside the others.

        A guessed parent decides nothing alone: what it adds to that which is sure is not known. Where it
        adds nothing it is no doubt either.
        """
        found = [(term, self.effect(term, use, facts)) for term in state]
        sure = worst(e for t, e in found if not t.doubtful and self.counts(t, e))
        for term, effect in found:
            adds = term.doubtful and _RANK[effect] > _RANK[sure]
            yield term, worst((effect, "unknown")) if adds else effect

    def _effect(self, term: LicenseTerm, use: Use, facts: Facts) -> Verdict:
        kind, clause = self.kind(term), self.clause(term)
        base = self._base(term, kind, use)
        if base == "allowed" or self._in_family(term, clause, facts):
            return "allowed"
        if isinstance(clause.value, dict):
            base = (
                kind.soften.get(clause.value.get("targets", ""), base)
                if base == "prohibited"
                else base
            )
        if term.party == "third" and kind.third_party:
            base = kind.third_party
        if kind.asks:
            base = answers(kind.asks, clause.value, facts.profile, facts.names, base)
        if base == "allowed":
            return base
        match term.mode:
            case "similar" | "arguable":
                return "conditional"
            case "unsettled" | "later":
                return "unknown"
        return base

    def _base(self, term: LicenseTerm, kind: ClauseKind, use: Use) -> Verdict:
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

    # ---- verdicts

    def counts(self, term: LicenseTerm, verdict: Verdict) -> bool:
        """Whether an effect weighs in the verdict: not the mere lack of a license of training data.

        No license says that training data binds a model (tier 3), so that data of unknown license
        leaves the answer on the weights standing; it shows in the part for data.
        """
        return not (
            self.kind(term).group == "unknown" and term.way in _DATA and verdict == "unknown"
        )

    def verdict(self, state: State, use: Use, facts: Facts) -> Verdict:
        """The verdict on a use of what comes under a state."""
        facts = facts._replace(families=self.families(state))
        effects = self.effects(state, use, facts)
        found = [effect for term, effect in effects if self.counts(term, effect)]
        found += [effect for _, _, effect in self.conflicts(state, use)]
        return worst(found)

    def conflicts(
        self, state: State, use: Use
    ) -> Iterator[tuple[str, tuple[LicenseTerm, ...], Verdict]]:
        """Find terms of an entity that cannot all be kept: the rule, the terms, the effect on a use."""
        bound = [t for t in state if t.way == "held" and t.mode != "own"]
        alike = sorted((t for t in bound if t.kind in _ALIKE), key=_by_license)
        for name, terms in (*self._against(alike, bound), *self._names(state)):
            effect = self.terms.conflicts[name].effect.get(use, "allowed")
            if effect == "prohibited" and any(t.disputed or t.tier == 3 for t in terms):
                effect = "contested"
            if any(t.doubtful for t in terms):
                effect = _GUESSED.get(effect, effect)
            yield name, terms, effect

    def _against(
        self, alike: Sequence[LicenseTerm], bound: Sequence[LicenseTerm]
    ) -> Iterator[tuple[str, tuple[LicenseTerm, ...]]]:
        for term in {t.license: t for t in alike}.values():
            license = self.license(term.license)
            fine = self._carriers(term)
            for other in {t.license: t for t in alike if t.license > term.license}.values():
                if other.license not in fine and license.id not in self._carriers(other):
                    yield "two-share-alikes", (term, other)
            carried = {c.kind for c in license.clauses}
            others = {t.license for t in alike}
            more = [
                t
                for t in bound
                if t.license not in fine | others
                and self.kind(t).flows
                and self.kind(t).group in ("substance", "outputs")
                and t.kind not in carried
            ]
            if more:
                yield "share-alike-and-more", (term, min(more))

    def _carriers(self, term: LicenseTerm) -> set[str]:
        """The licenses that something under a share-alike license may carry."""
        license, named = self.license(term.license), self.clause(term).value
        return {license.id, *license.compatible, *(named or ())}

    def _names(self, state: State) -> Iterator[tuple[str, tuple[LicenseTerm, ...]]]:
        asked = sorted(t for t in state if t.kind == "name-prefix" and t.mode != "own")
        values = {str(self.clause(t).value).casefold(): t for t in asked}
        for i, (one, term) in enumerate(values.items()):
            for other, rival in list(values.items())[i + 1 :]:
                if not one.startswith(other) and not other.startswith(one):
                    yield "name-prefixes", (term, rival)


def _by_license(term: LicenseTerm) -> tuple[str, str]:
    return term.license, term.kind
