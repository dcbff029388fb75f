"""Verdicts on many entities: the build's and those judged anew are the same, and doubts are told."""

from __future__ import annotations

from collections import Counter

import pytest

from kg.answers.license import license_answer
from kg.answers.verdicts import list_verdicts
from kg.errors import InputError, UnknownId
from kg.licenses.doubts import DOUBTS, doubt_bits, doubts_of
from kg.licenses.profile import NOBODY, Profile
from kg.licenses.rules import USES
from kg.snapshot.judged import VerdictRow
from kg.snapshot.snapshot import Snapshot

NAMELESS = Profile(competitor_of=())  # says something, and of nobody


def test_the_build_and_an_ancestry_judge_alike(corners: Snapshot) -> None:
    """Over all entities: verdicts and doubts of the arrays are those of answer by answer."""
    kept = list(list_verdicts(corners))
    ids = list(dict.fromkeys(row.id for row in kept))
    assert len(kept) == len(ids) * len(USES)
    anew = Counter(list_verdicts(corners, ids=ids[:: max(1, len(ids) // 400)], profile=NAMELESS))
    found = Counter(kept)
    differing = [row for row in anew if row not in found]
    asked = {
        row.id for row in differing
    }  # a profile may settle a clause on competitors, and no other
    for id in asked:
        one = license_answer(corners, id, "train-on-outputs", NOBODY)
        assert any(f.value or f.items for f in one.findings)
    assert len(differing) < len(anew) / 10


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
    rows = [row for row in list_verdicts(corners, ["commercial"]) if row.verdict != "allowed"]
    chosen = [r for r in rows if "disputed" in r.doubts][:10] + [r for r in rows if r.doubts == ()][
        :20
    ]
    assert len(chosen) == 30
    for row in chosen:
        answer = license_answer(corners, row.id, "commercial")
        deciding = [f for f in answer.findings if f.weighs and f.effect == row.verdict]
        disputed = any(f.disputed for f in deciding)
        assert disputed == ("disputed" in row.doubts) or answer.conflicts, row
        assert not (any(f.doubtful for f in deciding) and "guessed" not in row.doubts), row


def test_every_doubt_occurs_and_has_its_bit(corners: Snapshot) -> None:
    found = {doubt for row in list_verdicts(corners) for doubt in row.doubts}
    assert found == set(DOUBTS)
    for doubt in DOUBTS:
        assert doubts_of(doubt_bits([doubt])) == (doubt,)


def test_what_has_no_license(corners: Snapshot) -> None:
    with pytest.raises(InputError, match="license question"):
        list(list_verdicts(corners, ids=["org/case-a"]))
    with pytest.raises(UnknownId):
        list(list_verdicts(corners, ids=["model/nothing-such"]))
    assert isinstance(next(list_verdicts(corners)), VerdictRow)
