"""What names, makers, sizes and dates make one, and what they leave apart."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kg.claims.accounts import Accounts, renamed_ids
from kg.claims.linking import CURATED, NAMED, Linker, Tie
from kg.claims.twins import find_twins, is_off_hub
from kg.model.claim import Claim, Said
from tests.linking.evaluate import judged_ties, rate_ties

ACCOUNTS = Accounts(
    makers=frozenset(("oak", "acorn")),
    reuploaders={"copier": frozenset(("mirrors",))},
    renamed={"oldoak": "Oak"},
)
THING = {"label": "Acorn 7B", "developer": "org/x/oak", "releaseDate": "2025-03-04"}


def _said(id: str, **facts: Any) -> Iterator[Claim]:
    for property, values in facts.items():
        for value in values if isinstance(values, list) else [values]:
            yield Claim(id, property, Said(value=value, source="source/s"))


def _found(claims: list[Claim], linker: Linker) -> list[Tie]:
    def told(wanted: Callable[[str], bool]) -> list[Claim]:
        return [claim for claim in claims if wanted(claim.subject)]

    return find_twins(told(is_off_hub), told, linker, ACCOUNTS)


def _tied(*things: tuple[str, dict[str, Any]], before: tuple[Tie, ...] = ()) -> set[frozenset[str]]:
    claims = [*_said("org/x/oak", label="Oak"), *_said("org/y/oak-labs", label="Oak Labs")]
    claims += [claim for id, facts in things for claim in _said(id, **facts)]
    found = _found(claims, Linker(before))
    assert all(tie.strength == NAMED for tie in found)
    return {frozenset((tie.left, tie.right)) for tie in found}


ONE = {frozenset(("model/acorn-7b", "model/x/acorn"))}


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"label": "acorn-7b"},
        {"label": "Oak Acorn 7B"},  # the maker's name before it
        {"developer": "org/y/oak-labs"},  # a laboratory of the maker, and the dates agree
        {"releaseDate": "2025-04"},
        {"releaseDate": "2025"},
        {"parameterCount": 7_100_000_000},
    ],
)
def test_one_name_and_maker_are_one_model(other: dict[str, Any]) -> None:
    curated = THING | {"parameterCount": 7_000_000_000}
    assert _tied(("model/acorn-7b", curated), ("model/x/acorn", THING | other)) == ONE


@pytest.mark.parametrize(
    "other",
    [
        {"label": "Acorn 8B"},
        {"label": "Acorn"},  # it may be the family
        {"label": "Acorn 7B Instruct"},
        {"label": "Acorn 7B+"},
        {"developer": "org/x/elm"},
        {"releaseDate": "2025-06-01"},
        {"parameterCount": 9_000_000_000},
    ],
)
def test_what_differs_leaves_two_apart(other: dict[str, Any]) -> None:
    curated = THING | {"parameterCount": 7_000_000_000}
    assert not _tied(("model/acorn-7b", curated), ("model/x/acorn", THING | other))


def test_a_short_name_is_not_that_of_a_tuned_model() -> None:
    tuned = THING | {"label": "Acorn 7B Instruct", "alias": "Acorn 7B"}
    assert not _tied(("model/acorn-7b-instruct", tuned), ("model/x/acorn", THING))


def test_the_name_of_a_snapshot_is_not_that_of_the_model() -> None:
    model = THING | {"apiName": ["acorn-7b", "acorn-7b-2025-03-04"]}
    snapshot = THING | {"label": "Acorn 7B (2025-03-04)"}
    assert not _tied(("model/acorn-7b", model), ("model/x/acorn", snapshot))


def test_two_of_one_source_are_tied_to_nothing_or_to_the_same_main_name() -> None:
    twice = ("model/x/a", THING), ("model/x/b", THING)
    assert not _tied(("model/acorn-7b", THING), *twice)
    other = THING | {"label": "Acorn Seven", "alias": "Acorn 7B"}
    assert _tied(("model/acorn-7b", THING), ("model/x/acorn", THING), ("model/x/b", other)) == ONE


def test_models_that_other_ties_join_have_the_spaces_of_all() -> None:
    hub = Tie("model/acorn-7b", "model/hf/oak/acorn-7b", CURATED)
    described = ("model/acorn-7b", THING), ("model/hf/oak/Acorn-7B-it", {"label": "Acorn 7B"})
    assert not _tied(*described, before=(hub,))


def test_on_the_hub_the_account_is_the_maker_and_who_only_copies_is_none() -> None:
    on_hub = {"label": "Acorn-7B", "releaseDate": "2025-03"}
    paths = [("model/hf/oak/Acorn-7B", on_hub), ("model/hf/copier/Acorn-7B", on_hub)]
    assert _tied(("model/x/acorn", THING), *paths) == {
        frozenset(("model/x/acorn", "model/hf/oak/Acorn-7B"))
    }


def test_a_full_name_without_maker_is_the_makers_own() -> None:
    nameless = {"label": "Acorn 7B"}
    paths = [("model/hf/acorn/Acorn-7B", nameless), ("model/hf/stranger/Acorn-7B", nameless)]
    assert _tied(("model/x/acorn", nameless), *paths) == {
        frozenset(("model/x/acorn", "model/hf/acorn/Acorn-7B"))
    }
    sizeless = [(id, {"label": "Acorn"}) for id in ("model/x/acorn", "model/hf/acorn/Acorn")]
    assert not _tied(*sizeless)


def test_organizations_of_one_name_are_one_however_often_a_source_has_them() -> None:
    ids = ["org/oak-tree", "org/a/oak-tree", "org/a/oaktree"]
    claims = [claim for id in ids for claim in _said(id, label="Oak Tree")]
    linker = Linker(_found(claims, Linker()))
    assert {linker.canonical(id) for id in ids} == {"org/oak-tree"}


def test_renamed_accounts_lead_to_the_present_name() -> None:
    ids = ["model/hf/OldOak/a", "model/hf/oldoak/b", "model/hf/elm/c", "model/hf/Oak/a"]
    ids += ["org/hf/OldOak", "model/ms/OldOak/a", "model/OldOak"]
    found = [(link.left, link.right, link.outdated) for link in renamed_ids(ids, ACCOUNTS)]
    assert found == [
        ("model/hf/OldOak/a", "model/hf/Oak/a", True),
        ("model/hf/oldoak/b", "model/hf/Oak/b", True),
    ]


def test_ties_are_right_on_the_key() -> None:
    """Measured on 2026-11-29: 1.000 and 0.573."""
    pairs = judged_ties()
    assert len(pairs) >= 300
    assert sum(not one.same for one in pairs) >= 0.45 * len(pairs)
    precision, recall = rate_ties()
    assert precision >= 0.99
    assert recall > 0.55
