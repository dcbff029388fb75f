"""Verdicts on many entities: the build's and those judged anew are the same, and doubts are told."""

from __future__ import annotations

import msgspec
import pytest

from kg.answers.advice.verdicts import _judged, list_verdicts
from kg.answers.license import license_answer
from kg.errors import InputError, UnknownId
from kg.licenses.doubts import DOUBTS, doubt_bits, doubts_of, find_doubts
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.propagation import LicenseTerm
from kg.licenses.rules import USES, Facts
from kg.licenses.terms import UNRESOLVED
from kg.snapshot.judged import VerdictRow
from kg.snapshot.snapshot import Snapshot


def test_the_build_and_an_ancestry_judge_alike(corners: Snapshot) -> None:
    """Verdicts and doubts that the build kept are those of each ancestry by itself."""
    kept = list(list_verdicts(corners))
    ids = list(dict.fromkeys(row.id for row in kept))
    assert len(kept) == len(ids) * len(USES)
    cases = [id for id in ids if "/case-" in id]
    chosen = {*cases, *ids[:: max(1, len(ids) // 400)]}
    assert len(cases) > 100
    anew = {row for id in chosen for row in _judged(corners, id, USES, NOBODY)}
    assert anew == {row for row in kept if row.id in chosen}


def test_the_verdict_is_that_of_the_answer(corners: Snapshot) -> None:
    big = Profile(mau=1_000_000_000)
    for id in ("model/case-llama-2", "model/case-apache", "model/case-bare", "family/llama-2"):
        for profile in (NOBODY, big):
            for row in list_verdicts(corners, profile=profile, ids=[id]):
                assert row.verdict == license_answer(corners, id, row.use, profile).verdict
    (row,) = list_verdicts(corners, ["commercial"], big, ["model/case-llama-2"])
    assert row.verdict == "prohibited"


def test_doubts_are_those_that_findings_show(corners: Snapshot) -> None:
    """What decides by a disputed or guessed claim is told as such beside the verdict."""
    rows = [row for row in list_verdicts(corners) if row.verdict != "allowed"]
    doubtful = [row for row in rows if {"disputed", "guessed"} & {*row.doubts}]
    chosen = [*doubtful[:20], *(row for row in rows if "/case-" in row.id)][:60]
    assert len(doubtful) > 1 and len(chosen) == 60
    for row in chosen:
        answer = license_answer(corners, row.id, row.use)
        deciding = [f for f in answer.findings if f.weighs and f.effect == row.verdict]
        disputed = any(f.disputed for f in deciding)
        assert disputed == ("disputed" in row.doubts) or answer.conflicts, row
        assert not (any(f.doubtful for f in deciding) and "guessed" not in row.doubts), row


def test_every_doubt_has_its_bit(corners: Snapshot) -> None:
    found = {doubt for row in list_verdicts(corners) for doubt in row.doubts}
    assert found >= {"disputed", "guessed", "unsettled", "members"}
    for doubt in DOUBTS:
        assert doubts_of(doubt_bits([doubt])) == (doubt,)
    assert doubts_of(doubt_bits(DOUBTS)) == DOUBTS


def test_a_parent_that_cannot_be_found_is_a_doubt(snapshot: Snapshot) -> None:
    rules = snapshot.states.engine
    term = LicenseTerm(license="", kind=UNRESOLVED, place=-1, way="held")
    for use in USES:
        verdict = rules.verdict(frozenset([term]), use, Facts())
        found = find_doubts(rules, frozenset([term]), use, Facts(), verdict)
        assert verdict != "allowed" and doubts_of(found) == ("unresolved",)
    guessed = msgspec.structs.replace(term, doubtful=True, disputed=True)
    found = find_doubts(rules, frozenset([guessed]), "commercial", Facts(), "unknown")
    assert doubts_of(found) == ("disputed", "guessed", "unresolved")


def test_what_has_no_license(corners: Snapshot) -> None:
    with pytest.raises(InputError, match="license question"):
        list(list_verdicts(corners, ids=["org/case-a"]))
    with pytest.raises(UnknownId):
        list(list_verdicts(corners, ids=["model/nothing-such"]))
    assert isinstance(next(list_verdicts(corners)), VerdictRow)
