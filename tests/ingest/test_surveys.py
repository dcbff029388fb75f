"""Everything that was read from the five surveys is in the data, with its survey and its lines.

Needs ../shared/surveys/facts.yaml, which CI has; skipped elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.build.inputs import read_inputs
from kg.model.claim import Claim, kind_of, slug_of
from kg.model.vocabulary import load_vocabulary
from kg.paths import DATA, SHARE
from tests.sorted_claims import sorted_claims

FACTS = SHARE.parent / "shared" / "surveys" / "facts.yaml"
KINDS = {
    "model-family": "family",
    "organization": "org",
    "licence": "license",
    "document": "source",
}

pytestmark = pytest.mark.skipif(not FACTS.exists(), reason=f"{FACTS} is not here; CI has it")


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(FACTS.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return loaded


@pytest.fixture(scope="module")
def claims(data_folder: Path) -> list[Claim]:
    return list(sorted_claims(read_inputs(data_folder, Path("/nonexistent"), load_vocabulary())))


def ours(entity: dict[str, Any]) -> str:
    slug = re.sub(r"^seed-", "survey-", entity["id"]).replace("licence", "license")
    return f"{KINDS.get(entity['kind'], entity['kind'])}/{slug}"


def test_every_entity_is_here_or_its_absence_explained(
    facts: dict[str, Any], claims: list[Claim]
) -> None:
    there = {claim.subject for claim in claims}
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    missing = {ours(e) for e in facts["entities"]} - there
    assert {id for id in missing if f"`{slug_of(id)}`" not in readme} == set()
    assert len(missing) <= 8


def test_kinds_are_at_least_as_many(facts: dict[str, Any], claims: list[Claim]) -> None:
    there = Counter(kind_of(id) for id in {claim.subject for claim in claims})
    wanted = Counter(kind_of(ours(e)) for e in facts["entities"])
    assert {kind: n for kind, n in wanted.items() if there[kind] < n - 6} == {}


def test_surveys_say_at_least_as_much(facts: dict[str, Any], claims: list[Claim]) -> None:
    said = Counter(c.said.source for c in claims if c.property not in ("label", "alias"))
    wanted = Counter(f"source/survey-{c['seed'][:3]}" for c in facts["claims"])
    assert {source: n for source, n in wanted.items() if said[source] < n} == {}


def lines(locator: str) -> set[int]:
    numbers: set[int] = set()
    for part in str(locator).split(","):
        first, _, last = part.strip().partition("-")
        if first.isdigit():
            numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def test_every_line_that_was_read_is_cited(facts: dict[str, Any], claims: list[Claim]) -> None:
    """For every claim that was read, some claim of ours cites that survey at that place."""
    cited: dict[str, set[int]] = defaultdict(set)
    for claim in claims:
        cited[slug_of(claim.said.source)] |= lines(claim.said.locator)
    missing = [
        c["id"] for c in facts["claims"] if not lines(c["lines"]) & cited[f"survey-{c['seed'][:3]}"]
    ]
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert [id for id in missing if id not in readme] == []
