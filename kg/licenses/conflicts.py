"""Terms that meet: weights that may not improve each other, and terms that cannot all be kept (RULES 4.5).

Two copyleft licenses, copyleft beside further restrictions, and two name prefixes conflict however they
met: in a merge, along one line, or in what the maker declares. Copyleft of training data (its source is to
be given) counts as well, but whether it binds at all is not settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from kg.licenses.profile import begins
from kg.licenses.propagation import OUTSIDER, LicenseTerm, Propagation, State
from kg.licenses.terms import Use, Verdict

_GUESSED: dict[Verdict, Verdict] = {"conditional": "unknown", "prohibited": "contested"}
_ALIKE = frozenset({"share-alike", "source-disclosure"})
_COPYLEFT = frozenset({"source-disclosure"})  # of those, what counts in training data as well


class ConflictAnswer(msgspec.Struct, frozen=True):
    """Terms that cannot all be kept."""

    conflict: str  # of data/licenses/edges.yaml
    label: str
    licenses: list[str]
    effect: Verdict
    why: str


class Conflicts(Propagation):
    """What follows where terms meet."""

    def outsiders(self, parents: Sequence[State]) -> State:
        """The terms that follow when weights meet that may not improve each other (RULES 4.5).

        Args:
            parents: what passes from each parent whose weights are taken.
        """
        found: set[LicenseTerm] = set()
        for i, state in enumerate(parents):
            for term in state:
                if (
                    term.kind == "no-improve"
                    and term.way == "held"
                    and term.mode != "maker"
                    and "weights" in self.reach(term)
                ):
                    others = (other for k, other in enumerate(parents) if k != i)
                    if foreign := [other for other in others if self._foreign(term, other)]:
                        sure = any(not t.doubtful for other in foreign for t in other)
                        kept = self.clause(term).value.get("except") == "family"
                        found.add(
                            msgspec.structs.replace(
                                term,
                                kind=OUTSIDER,
                                tier=3 if kept else term.tier,
                                doubtful=term.doubtful or not sure,
                            )
                        )
        return frozenset(found)

    def _foreign(self, term: LicenseTerm, other: State) -> bool:
        family = self.license(term.license).family
        return family not in self.families(other)

    def families(self, state: Iterable[LicenseTerm]) -> frozenset[str]:
        """The license families whose weights an entity holds for certain."""
        held = {t.license for t in state if t.way == "held" and t.license and not t.doubtful}
        return frozenset(self.license(id).family for id in held)

    def conflicts(
        self, state: State, use: Use
    ) -> Iterator[tuple[str, tuple[LicenseTerm, ...], Verdict]]:
        """Find terms of an entity that cannot all be kept: the rule, the terms, the effect on a use."""
        state = frozenset(t for t in state if t.mode != "maker")  # licensed anew by who wrote them
        bound = sorted((t for t in state if t.way in ("held", "trained")), key=_surest)
        alike = [t for t in bound if t.kind in (_ALIKE if t.way == "held" else _COPYLEFT)]
        alike.sort(key=_by_license)
        for name, terms in (*self._against(alike, bound), *self._names(state)):
            effect = self.terms.conflicts[name].effect.get(use, "allowed")
            if effect == "prohibited" and any(map(self._leaves_doubt, terms)):
                effect = "contested"
            if any(t.doubtful for t in terms):
                effect = _GUESSED.get(effect, effect)
            yield name, terms, effect

    def _against(
        self, alike: Sequence[LicenseTerm], bound: Sequence[LicenseTerm]
    ) -> Iterator[tuple[str, tuple[LicenseTerm, ...]]]:
        firsts = list({t.license: t for t in reversed(alike)}.values())
        for term in firsts:
            license = self.license(term.license)
            fine = self._carriers(term)
            for other in firsts:
                apart = other.license not in fine and license.id not in self._carriers(other)
                if other.license > term.license and apart and _meet(term, other):
                    yield "two-share-alikes", (term, other)
            carried = {c.kind for c in license.clauses}
            others = {t.license for t in alike}
            more = [
                t
                for t in bound
                if t.license not in fine | others
                and _meet(term, t)
                and self.kind(t).flows
                and self.kind(t).group in ("substance", "outputs")
                and t.kind not in carried
            ]
            if more:
                yield "share-alike-and-more", (term, min(more, key=_surest))

    def _leaves_doubt(self, term: LicenseTerm) -> bool:
        """Whether a conflict with a term is none for certain.

        A maker may license what is his otherwise, and a recipient may read his license as one of what is his
        alone; not where the text itself says that one keeps all terms or passes nothing on.
        """
        ones_own = term.mode == "own" and self.clause(term).or_not_at_all is None
        return term.disputed or term.tier == 3 or ones_own

    def _carriers(self, term: LicenseTerm) -> set[str]:
        """The licenses that something under a share-alike license may carry."""
        license, named = self.license(term.license), self.clause(term).value
        return {license.id, *license.compatible, *(named or ())}

    def _names(self, state: State) -> Iterator[tuple[str, tuple[LicenseTerm, ...]]]:
        asked = sorted(t for t in state if t.kind == "name-prefix" and t.mode != "own")
        values = {str(self.clause(t).value).casefold(): t for t in asked}
        for i, (one, term) in enumerate(values.items()):
            for other, rival in list(values.items())[i + 1 :]:
                if not begins(one, (other,)) and not begins(other, (one,)):
                    yield "name-prefixes", (term, rival)


def _by_license(term: LicenseTerm) -> tuple[str, bool, bool, str]:
    return term.license, term.way != "held", term.mode == "own", term.kind


def _surest(term: LicenseTerm) -> tuple[bool, bool, bool, LicenseTerm]:
    """Inherited before declared, weights before data, stated before guessed."""
    return term.way != "held", term.mode == "own", term.doubtful or term.disputed, term


def _meet(one: LicenseTerm, other: LicenseTerm) -> bool:
    """Whether terms meet in a model's weights: not both in data, nor both in what its maker declares."""
    return "held" in (one.way, other.way) and not one.mode == other.mode == "own"
