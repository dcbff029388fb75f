"""The questions of compliance people: the share answered right keeps its floor, and none is answered too mildly."""

from __future__ import annotations

from collections import Counter
from typing import get_args

import pytest

from kg.licenses.terms import Use
from kg.snapshot.snapshot import Snapshot
from tests.licenses.questions import QUESTIONS, Outcome, ask_all, report

FLOOR = 0.95  # raise it when rules and texts answer more
# Answered "allowed" though more is asked; to be answered, not to be added to.
TOO_MILD = {"alpaca-lora-card"}


@pytest.fixture(scope="module")
def outcomes(corners: Snapshot) -> list[Outcome]:
    return ask_all(corners)


def test_the_share_that_is_right(outcomes: list[Outcome]) -> None:
    assert sum(one.right for one in outcomes) / len(outcomes) >= FLOOR, report(outcomes)


def test_what_is_answered_too_mildly(outcomes: list[Outcome]) -> None:
    mild = {
        one.question["id"]
        for one in outcomes
        if one.verdict == "allowed" != one.question["verdict"]
    }
    assert mild <= TOO_MILD


def test_the_set_is_spread() -> None:
    every = [question for half in QUESTIONS.values() for question in half]
    assert len(every) >= 150 and len(QUESTIONS["before"]) * 2 >= len(every)
    assert len({question["id"] for question in every}) == len(every)
    uses = Counter(question.get("use", "commercial") for question in every)
    assert set(uses) == set(get_args(Use)) and min(uses.values()) >= 10
    fields = {field for question in every for field in question.get("profile", ())}
    assert fields == {"mau", "country", "competitor-of", "name", "revenue"}
    assert all(question["q"] and question["why"] and question["cite"] for question in every)
