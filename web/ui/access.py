"""How a model or family can be had, as a mark beside its name; from its family where nothing is said of itself."""

from __future__ import annotations

from typing import NamedTuple

from kg.model.claim import Entity
from kg.model.vocabulary import ACCESS
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang


class AccessMark(NamedTuple):
    """A code of access in words."""

    word: str
    family: str  # label of the family that it is said of, "" if it is said of the thing itself


def access_mark(snapshot: Snapshot, entity: Entity) -> AccessMark | None:
    """How an entity can be had; None if that is not known."""
    known = snapshot.vocabulary.properties[ACCESS]
    if fact := entity.fact(ACCESS):
        word = known.code_word(next(iter(fact.values), None), lang())
        return AccessMark(word, "") if word else None
    for found in snapshot.inheritance.of(entity):
        if found.fact.property == ACCESS:
            word = known.code_word(found.fact.values[0], lang())
            return AccessMark(word, snapshot.label(found.family, lang()))
    return None
