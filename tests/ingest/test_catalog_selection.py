"""Which models of a large source are kept, and that what they refer to is kept with them."""

from __future__ import annotations

import pytest

from kg.claims.accounts import Accounts
from kg.ingest.catalog._plan import SelectionRules
from kg.ingest.catalog._selection import select_things
from kg.model.claim import Claim, Said
from kg.model.vocabulary import load_vocabulary

RULES = SelectionRules(
    downloads=100, languages=frozenset({"language/ko"}), tasks=frozenset({"text-to-speech"})
)
ACCOUNTS = Accounts(makers=frozenset({"maker"}), reuploaders={}, renamed={})


def claim(subject: str, property: str, value: str | int | None) -> Claim:
    return Claim(subject, property, Said(value=value, source="source/big"))


def kept(*cut: Claim, whole: tuple[Claim, ...] = ()) -> set[str]:
    return set(select_things([whole], [cut], RULES, ACCOUNTS, load_vocabulary()))


@pytest.mark.parametrize(
    "claims, is_kept",
    [
        ([("downloads", 100), ("license", "license/mit")], True),
        ([("downloads", 99), ("license", "license/mit")], False),
        ([("downloads", 100), ("license", None)], False),
        ([("downloads", 100)], False),
        ([("language", "language/ko")], True),
        ([("language", "language/en")], False),
        ([("language", "language/ko"), ("task", "text-to-speech")], False),
    ],
)
def test_a_model_of_nobody_known_is_kept_by_use_license_and_language(
    claims: list[tuple[str, str | int | None]], is_kept: bool
) -> None:
    found = kept(*(claim("model/hf/some/body", name, value) for name, value in claims))
    assert ("model/hf/some/body" in found) is is_kept


def test_a_maker_s_own_model_is_kept_whatever_is_said_of_it() -> None:
    assert "model/hf/Maker/x" in kept(claim("model/hf/Maker/x", "label", "x"))
    speech = claim("model/hf/Maker/x", "task", "text-to-speech")
    assert "model/hf/Maker/x" not in kept(speech)


def test_what_a_whole_source_speaks_of_is_kept() -> None:
    told = claim("model/small/a", "fineTunedFrom", "model/hf/some/body")
    found = kept(claim("model/hf/some/body", "downloads", 0), whole=(told,))
    assert found == {"model/small/a", "model/hf/some/body"}


def test_bases_and_copies_of_what_is_kept_are_kept_with_their_publishers() -> None:
    found = kept(
        claim("model/hf/maker/x", "fineTunedFrom", "model/hf/some/base"),
        claim("model/hf/some/base", "publisher", "org/hf/some"),
        claim("org/hf/some", "label", "some"),
        claim("model/hf/other/x-GGUF", "quantizedFrom", "model/hf/maker/x"),
        claim("model/hf/other/y-GGUF", "quantizedFrom", "model/hf/nobody/y"),
    )
    assert {"model/hf/some/base", "org/hf/some", "model/hf/other/x-GGUF"} <= found
    assert "model/hf/other/y-GGUF" not in found
