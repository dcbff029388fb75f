"""Which parents that one source does not name so that they can be found another source names.

A source that writes a path where the parent should stand, and another that names a model, speak of one parent.
This holds only where one parent is expected: not of a merge, and not where the first source itself names more than
one. What a person prefers answers all others.

That a model looks like another is answered by a source that names that one, or by a person's word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec

from kg.model.claim import Fact, Said
from kg.model.vocabulary import MERGED_FROM, RESEMBLES, UNRESOLVED_PARENT

_REASON = "another source names the parent"


def without_explained(fact: Fact, facts: Iterable[Fact], weights: Collection[str]) -> Fact:
    """Of the parents that cannot be resolved or only show, reject those that a source names; any other fact as it is.

    Args:
        fact: of an entity.
        facts: all of that entity.
        weights: the properties along which weights pass.
    """
    if fact.property not in (UNRESOLVED_PARENT, RESEMBLES):
        return fact
    named = [
        (other.property, said)
        for other in facts
        if other.property in weights and not other.doubtful
        for said in other.claims
        if said.value is not None and said.rank != "rejected" and not said.outranked
    ]
    if fact.property == RESEMBLES:
        told = list(fact.claims) if _is_named(fact, named) else []
    else:
        told = [said for said in fact.claims if _is_explained(said, fact.claims, named)]
    if not told:
        return fact
    kept = [said for said in fact.claims if said not in told]
    held = (said.value for said in kept if said.rank != "rejected" and said.value in fact.values)
    told = [msgspec.structs.replace(said, rank="rejected", reason=_REASON) for said in told]
    return msgspec.structs.replace(fact, values=tuple(dict.fromkeys(held)), claims=(*kept, *told))


def _is_named(fact: Fact, named: Sequence[tuple[str, Said]]) -> bool:
    """Whether a source names one of the models that another looks like, or a person its parent."""
    return any(said.value in fact.values or said.rank == "preferred" for _, said in named)


def _is_explained(said: Said, beside: Iterable[Said], named: Sequence[tuple[str, Said]]) -> bool:
    if said.rank != "normal":
        return False
    if any(other.rank == "preferred" for _, other in named):
        return True
    if MERGED_FROM in (said.value, *(relation for relation, _ in named)):
        return False
    own = [other for other in beside if other.source == said.source and other != said]
    own += [other for _, other in named if other.source == said.source]
    return not own and bool(named)
