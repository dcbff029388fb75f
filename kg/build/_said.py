"""What becomes of a claim between its source and the sorted claims of a build, wherever it is read.

What a file says that somebody handed in comes from a source of its own (kg/build/_stored_runs.py). Of it are left out
guesses of ours on what the editors named: a build makes them itself. Names are watched, so that rules can say what
follows from them, and then each claim gets the ids that things go by.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from kg.build._stored_runs import StoredRun
from kg.claims.accounts import Accounts
from kg.claims.guesses import Guesses, NamesMet, NameWatch
from kg.claims.linking import Linker, hub_ties, link
from kg.claims.name_rules import NameRules
from kg.model.claim import Claim
from kg.model.vocabulary import Vocabulary


class Saying(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to say of claims what becomes of them; a process that shares the work is given one."""

    linker: Linker
    vocabulary: Vocabulary
    accounts: Accounts
    rules: NameRules | None  # on names; None = none are known
    named: frozenset[str]  # the ids that the editors named
    guesses: frozenset[str]  # the sources that are rules of ours

    def left_in(self, run: StoredRun, claims: Iterable[Claim]) -> Iterable[Claim]:
        """The claims of a run without those that a build leaves out."""
        if not run.handed_in:
            return claims
        return (
            claim
            for claim in claims
            if claim.said.source not in self.guesses or not self.is_named(claim.subject)
        )

    def is_named(self, id: str) -> bool:
        """Whether the editors named what an id names."""
        return self.linker.canonical(id) in self.named

    def names(self) -> NameWatch:
        """What watches names."""
        return NameWatch(self.rules, self.accounts, self.vocabulary.edges("weights"))

    def linked(self, claims: Iterable[Claim]) -> Iterator[Claim]:
        """Claims in the ids that things go by."""
        return link(claims, self.linker, self.vocabulary)


class Guessing:
    """What rules infer from the names in all that a build reads.

    Of what the editors named, names in files that somebody handed in say nothing.

    Args:
        saying: the rules, and who is a maker.
        curated: the claims of data/.
        handed_in: whether any run was handed in.
    """

    def __init__(self, saying: Saying, curated: Iterable[Claim], handed_in: bool) -> None:
        self._saying = saying
        self._all, self._trusted = self._guesses(), self._guesses() if handed_in else None
        names = saying.names()
        for tie in hub_ties(curated):
            names.note(tie.right)
        self.add(names.met())

    def _guesses(self) -> Guesses | None:
        saying = self._saying
        if saying.rules is None:
            return None
        return Guesses(saying.rules, saying.accounts, saying.linker.canonical)

    def add(self, met: NamesMet, handed_in: bool = False) -> None:
        """Take in the names in some claims."""
        if self._all:
            self._all.add(met)
        if self._trusted and not handed_in:
            self._trusted.add(met)

    def claims(self) -> Iterator[Claim]:
        """What follows from all of them, in the ids that things go by."""
        return self._saying.linked(self._inferred())

    def _inferred(self) -> Iterator[Claim]:
        is_named = self._saying.is_named
        if self._trusted:
            yield from (c for c in self._trusted.claims() if is_named(c.subject))
        for claim in self._all.claims() if self._all else ():
            if not self._trusted or not is_named(claim.subject):
                yield claim
