"""Contracts of services: which text a model of an API points to, and that each is a contract, not a license of weights."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

import pytest

from kg.ingest.curated.curated import read_curated
from kg.ingest.curated.licenses import named_here
from kg.licenses.terms import License
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA
from tests.reading import license_terms

TERMS = license_terms()
SERVICES = ("openai", "anthropic", "google-api", "xai-api", "mistral-api")
# For individuals: the API had its own contract by then
CONSUMERS = {"license/openai-terms-2024-12-11"}
GAPS = {"model/grok-4.3"}  # its first day fell under an edition of 2026-04-10, which is not at hand
DATED = 10  # characters of a day


def contracts(family: str) -> list[License]:
    """The texts of one service, the oldest first."""
    texts = (one for one in TERMS.licenses.values() if one.family == family)
    return sorted((one for one in texts if one.id not in CONSUMERS), key=lambda one: str(one.date))


@cache
def models() -> dict[str, tuple[str, dict[str, str]]]:
    """By model of a service: its first day, and the rank of each contract that is named for it."""
    days: dict[str, list[str]] = defaultdict(list)
    ranks: dict[str, dict[str, str]] = defaultdict(dict)
    served = {one.id for family in SERVICES for one in contracts(family)}
    for claim in read_curated(DATA, load_vocabulary(), named_here(TERMS)):
        if claim.property == "releaseDate" and len(str(claim.said.value)) == DATED:
            days[claim.subject].append(str(claim.said.value))
        if claim.property == "license" and claim.said.value in served:
            ranks[claim.subject][str(claim.said.value)] = claim.said.rank
    return {id: (min(days[id]), named) for id, named in ranks.items() if days[id]}


def held(family: str) -> Iterator[tuple[str, str, list[str], set[str]]]:
    """The models of a service: id, first day, contracts that hold, contracts that are named."""
    texts = {one.id for one in contracts(family)}
    for id, (day, named) in models().items():
        if id.startswith("model/") and texts & set(named):
            best = [one for one, rank in named.items() if rank != "rejected"]
            yield id, day, best, set(named)


@pytest.mark.parametrize("family", SERVICES)
def test_a_model_holds_one_contract_of_its_service(family: str) -> None:
    rows = list(held(family))
    assert rows
    assert [id for id, _, best, _ in rows if len(best) != 1] == []


@pytest.mark.parametrize("family", SERVICES)
def test_a_model_holds_the_newest_contract_and_names_that_of_its_first_day(family: str) -> None:
    texts = contracts(family)
    wrong = []
    for id, day, best, named in held(family):
        of_the_day = [one.id for one in texts if str(one.date) <= day]
        missing = of_the_day and of_the_day[-1] not in named and id not in GAPS
        if best != [texts[-1].id] or missing:
            wrong.append((id, day, best))
    assert wrong == []


@pytest.mark.parametrize("family", SERVICES)
def test_every_contract_binds_to_a_usage_policy_and_leaves_outputs_to_the_customer(
    family: str,
) -> None:
    for text in contracts(family):
        kinds = {clause.kind for clause in text.clauses}
        assert {"aup", "outputs-unclaimed", "use-restrictions"} <= kinds, text.id
