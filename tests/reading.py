"""What tests of source modules share: read a path as `gyebo ingest` does, without storing it."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from kg.claims.accounts import read_accounts
from kg.claims.name_rules import read_name_rules
from kg.claims.runs import IdentityLink
from kg.ingest.curated.licenses import read_terms
from kg.ingest.kit._words import read_words
from kg.ingest.kit.kit import Kit, Place
from kg.ingest.registry import load_source
from kg.licenses.naming.names import LicenseNames
from kg.licenses.terms import Terms
from kg.model.claim import Claim, Said
from kg.model.issues import Issue
from kg.paths import DATA

SHARED = Path(__file__).parents[2] / "shared" / "data"
Said_ = set[tuple[str, str, object]]


class Found(NamedTuple):
    """What a source module made of a path."""

    records: set[str]  # locators
    claims: list[Claim]
    issues: list[Issue]
    links: list[IdentityLink] = []

    @property
    def said(self) -> Said_:
        return {(c.subject, c.property, c.said.value) for c in self.claims}

    @property
    def rules(self) -> Counter[str]:
        return Counter(issue.rule for issue in self.issues)

    def one(self, subject: str, property: str) -> Said:
        (claim,) = (c for c in self.claims if (c.subject, c.property) == (subject, property))
        return claim.said

    def silent(self) -> set[str]:
        """Records of which nothing was said: neither claim nor issue."""
        told = {c.said.locator for c in self.claims} | {i.origin for i in self.issues}
        return self.records - told


@cache
def license_terms() -> Terms:
    """What data/licenses says; read once per process, as modules of tests ask while they are collected."""
    return read_terms(DATA)


@cache
def _names() -> LicenseNames:
    return LicenseNames(license_terms())


def kit_of(source: str) -> Kit:
    """What a module of this name works with."""
    return Kit(
        source=f"source/{source}",
        prefix=source,
        words=read_words(DATA),
        licenses=_names(),
        accounts=read_accounts(DATA),
        rules=read_name_rules(DATA),
    )


def read(source: str, path: Path) -> Found:
    """Every record of a path through its module."""
    kit, module = kit_of(source), load_source(source)
    records, issues = [], []
    for found in module.fetch(Place(path)):
        (issues if isinstance(found, Issue) else records).append(found)
    claims: list[Claim] = []
    links: list[IdentityLink] = []
    for found in module.claims(iter(records), kit):
        if isinstance(found, IdentityLink):
            links.append(found)
        elif isinstance(found, Issue):
            issues.append(found)
        else:
            claims.append(found)
    return Found({record.locator for record in records}, claims, issues, links)


def extract(name: str) -> Path:
    """A folder of ../shared/data, or a skipped test."""
    if not (SHARED / name).is_dir():
        pytest.skip(f"../shared/data/{name} is not here")
    return SHARED / name


def as_yaml(folder: Path, name: str, data: object) -> Path:
    """A YAML file in a new folder; the folder."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return folder


def as_json(folder: Path, name: str, data: object) -> Path:
    """A JSON file; its folder."""
    (folder / name).write_text(json.dumps(data), encoding="utf-8")
    return folder
