"""Parents that a source declares and nothing can find, or that only the looks of a model tell: what its facts say of them.

Their weights come from somewhere, so nothing may be concluded as if there were no parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from kg.model.claim import Entity, Fact, Said
from kg.model.vocabulary import (
    DERIVED_FROM,
    MERGED_FROM,
    RESEMBLES,
    UNRESOLVED_PARENT,
    load_vocabulary,
)


class UnresolvedParent(NamedTuple):
    """A parent of unknown identity."""

    relation: str  # how the model derives from it; `resembles` where it only looks like one
    said: Said  # the claim that declares it

    @property
    def derivation(self) -> str:
        """How the model derives from it, as far as that is known."""
        return DERIVED_FROM if self.relation == RESEMBLES else self.relation


def unresolved_parents(entity: Entity) -> Iterator[UnresolvedParent]:
    """The parents of a model that are declared and cannot be resolved, by each claim that says so.

    These are the claims of `unresolvedParent` and of `resembles` that hold, and the claims that a parent is not
    known. Of the latter, what another source states is the answer, except in a merge, which has several parents.
    """
    weights = _weights()
    known = any(f.values and not f.doubtful for f in entity.facts if f.property in weights)
    for fact in entity.facts:
        if fact.property == UNRESOLVED_PARENT:
            held = (said for said in _best(fact) if said.value in fact.values)
            yield from (UnresolvedParent(str(said.value), said) for said in held)
        elif fact.property == RESEMBLES:
            held = (said for said in _best(fact) if said.value in fact.values)
            yield from (UnresolvedParent(RESEMBLES, said) for said in held)
        elif fact.property in weights and (not known or fact.property == MERGED_FROM):
            blank = (said for said in _best(fact) if said.value is None)
            yield from (UnresolvedParent(fact.property, said) for said in blank)


def _best(fact: Fact) -> Iterator[Said]:
    """The claims of the best rank, which come first; none that was rejected."""
    first = fact.claims[0].rank if fact.claims else "rejected"
    return (said for said in fact.claims if said.rank == first != "rejected")


@cache
def _weights() -> frozenset[str]:
    return load_vocabulary().edges("weights")
