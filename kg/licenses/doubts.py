"""What a verdict rests on that is not sure, and the array of it in a release.

`release/doubts.npy`: uint8, one row an entity (its line in entities.jsonl), one column a use in the order of
`kg.licenses.rules.USES`; bit n stands for DOUBTS[n]. A verdict is in doubt where a term that has its effect is: of an
allowed use every term that counts, of another the terms that make it so.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from kg.licenses.propagation import State
from kg.licenses.rules import Facts, LicenseRules
from kg.licenses.terms import UNRESOLVED, Use, Verdict

Doubt = Literal["disputed", "guessed", "unsettled", "unresolved", "members"]
DOUBTS: tuple[Doubt, ...] = get_args(Doubt)
MEANINGS: dict[Doubt, str] = {
    "disputed": "sources contradict each other on a license or parent that it rests on",
    "guessed": "a parent that it rests on is inferred from a name, and no source states it",
    "unsettled": "neither text nor literature settles whether a clause that it rests on binds here",
    "unresolved": "a parent is declared that cannot be found",
    "members": "a family states no license; its members are all judged alike",
}
Doubts = NDArray[np.uint8]
_UNSETTLED = 3  # tier of what nobody has settled


def find_doubts(rules: LicenseRules, state: State, use: Use, facts: Facts, verdict: Verdict) -> int:
    """The doubts about a verdict on what comes under a state, as bits.

    Args:
        rules: the license rules.
        state: the terms that bind.
        use: what it is to be used for.
        facts: what is known of the use, as the verdict was found by.
        verdict: what the rules say of the state.
    """
    facts = facts._replace(families=rules.families(state))
    deciding = [
        term
        for term, effect in rules.effects(state, use, facts)
        if effect == verdict and rules.counts(term, effect)
    ]
    for _, terms, effect in rules.conflicts(state, use):
        deciding += terms if effect == verdict else ()
    found: set[Doubt] = {"unresolved"} if any(t.kind == UNRESOLVED for t in state) else set()
    for term in deciding:
        found |= {"disputed"} if term.disputed else set()
        found |= {"guessed"} if term.doubtful else set()
        found |= {"unsettled"} if term.tier == _UNSETTLED else set()
    return doubt_bits(found)


def doubt_bits(doubts: Iterable[Doubt]) -> int:
    """Doubts as bits.

    >>> doubt_bits(["disputed", "members"]), doubts_of(17)
    (17, ('disputed', 'members'))
    """
    return sum(1 << DOUBTS.index(doubt) for doubt in set(doubts))


@cache
def doubts_of(bits: int) -> tuple[Doubt, ...]:
    """The doubts that bits stand for."""
    return tuple(doubt for place, doubt in enumerate(DOUBTS) if bits >> place & 1)


def load_doubts(release: Path) -> Doubts:
    """Map the array of a release."""
    return np.asarray(np.load(release / "doubts.npy", mmap_mode="r"))
