"""A model that looks like another: which word of a source or a person ends the doubt."""

from __future__ import annotations

import pytest

from kg.claims.resolve import Standing, resolve_entity
from kg.lineage.unresolved import unresolved_parents
from kg.model.claim import Claim, Said
from kg.model.vocabulary import load_vocabulary

ME, BASE, OTHER = "model/me", "model/base", "model/other"
RULE, CARD = "source/model-fingerprints", "source/card"
STANDINGS = {
    RULE: Standing(level=6, guesses=True, decides=False, bulk=True),
    CARD: Standing(level=2),
}


def looks(*models: str) -> list[Claim]:
    return [Claim(ME, "resembles", Said(value=id, source=RULE, note="98")) for id in models]


def states(value: str | None, relation: str = "fineTunedFrom", rank: str = "normal") -> Claim:
    said = Said(value=value, source=CARD, rank=rank, reason="why" if rank != "normal" else "")
    return Claim(ME, relation, said)


@pytest.mark.parametrize(
    ("claims", "left"),
    [
        ([], [BASE]),
        ([states(BASE)], []),
        ([states(BASE, "derivedFrom")], []),
        ([states(BASE, rank="rejected")], [BASE]),
        ([states(BASE, "distilledFrom")], [BASE]),  # no weights
        ([states(OTHER)], [BASE]),
        ([states(OTHER, rank="preferred")], []),
    ],
)
def test_who_ends_the_doubt(claims: list[Claim], left: list[str]) -> None:
    entity = resolve_entity(ME, [*looks(BASE), *claims], load_vocabulary(), STANDINGS)
    found = [one for one in unresolved_parents(entity) if one.relation == "resembles"]
    assert [one.said.value for one in found] == left
    assert all(one.derivation == "derivedFrom" for one in found)
    told = [said for fact in entity.facts if fact.property == "resembles" for said in fact.claims]
    assert len(told) == 1  # nothing that was said is dropped


def test_of_several_one_is_enough() -> None:
    claims = [*looks(BASE, OTHER), states(OTHER)]
    assert not list(unresolved_parents(resolve_entity(ME, claims, load_vocabulary(), STANDINGS)))
