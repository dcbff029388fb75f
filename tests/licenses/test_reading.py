"""How a license's text was read: it stands in every answer, and what was not read in full is never green or sure."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import pytest

from kg.answers.license import license_answer
from kg.cli._license.text import license_text
from kg.licenses.rules import USES, Facts, LicenseRules
from kg.licenses.terms import READINGS, License, Reading
from kg.snapshot.snapshot import Snapshot
from tests.reading import license_terms

TERMS = license_terms()
RULES = LicenseRules(TERMS)


@dataclass(frozen=True)
class Read:
    """What `read.how` of a file says, and how much of the text was read."""

    how: str
    reading: Reading


@pytest.mark.parametrize(
    "read",
    [
        Read("text", "full"),
        Read("copy", "full"),
        Read("part", "part"),
        Read("summary", "summary"),
        Read("label", "label"),
    ],
    ids=lambda read: read.how,
)
def test_how_a_file_says_it(read: Read) -> None:
    assert License(id="license/x", read={"how": read.how}).reading == read.reading


def test_without_a_text_only_the_label_is_known() -> None:
    one = License(id="license/x", read={"how": "text"}, unknown={"en": "not at hand"})
    assert one.reading == "label"


def test_what_is_not_read_in_full_is_never_green() -> None:
    partly = [one for one in TERMS.licenses.values() if one.reading != "full"]
    assert partly
    for license in partly:
        state = RULES.own([license.id], "held")
        for use in USES:
            assert RULES.verdict(state, use, Facts()) in ("unknown", "contested", "prohibited")


def test_what_is_not_read_in_full_is_never_sure() -> None:
    for license in TERMS.licenses.values():
        tiers = {term.tier for term in RULES.own([license.id], "held") if term.place >= 0}
        assert license.reading == "full" or 1 not in tiers, license.id


def test_a_full_text_decides_by_its_clauses_alone() -> None:
    kinds = {term.kind for term in RULES.own(["license/mit"], "held")}
    assert kinds == {clause.kind for clause in TERMS.licenses["license/mit"].clauses}


def test_reading_less_of_a_text_never_frees_a_use() -> None:
    """Of each real license: read only in part, no use may be freer than with all of it read."""
    order = ("allowed", "conditional", "unknown", "contested", "prohibited")
    for license in TERMS.licenses.values():
        part = msgspec.structs.replace(license, read={"how": "part"})
        less = LicenseRules(
            msgspec.structs.replace(TERMS, licenses={**TERMS.licenses, license.id: part})
        )
        for use in USES:
            full = RULES.verdict(RULES.own([license.id], "held"), use, Facts())
            told = less.verdict(less.own([license.id], "held"), use, Facts())
            assert order.index(told) >= order.index(full), (license.id, use)


def test_of_licenses_that_hold_together_the_least_read_speaks() -> None:
    partly = next(o.hub[0] for o in TERMS.licenses.values() if o.hub and o.reading == "label")
    both = TERMS.license(f"license/MIT%20AND%20{partly}")
    assert both.reading == "label"
    assert TERMS.license("license/MIT%20AND%20Apache-2.0").reading == "full"


def test_every_answer_says_how_its_texts_were_read(corners: Snapshot) -> None:
    for id in (
        "model/case-alpaca-7b",
        "model/case-llama-foo",
        "model/case-mit",
        "model/falcon-180b",
    ):
        answer = license_answer(corners, id)
        named = {f.license for f in answer.findings if f.license} | set(answer.declared)
        assert named == {one.license for one in answer.texts}
        places = [READINGS.index(one.read) for one in answer.texts]
        assert places == sorted(places, reverse=True)
        for finding in answer.findings:
            assert (finding.read is None) == (finding.license is None)
        for lang, words in (("en", "license texts: "), ("ko", "라이선스 본문: ")):
            assert words in license_text(answer, lang)
