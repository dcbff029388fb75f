"""A memo for several who ask: the verdicts of each, the clauses that make and part them, within its bounds."""

from __future__ import annotations

import pytest

from kg.answers.advice import memo
from kg.answers.advice.memo import memo_answer
from kg.answers.license import license_answer
from kg.errors import InputError
from kg.licenses.profile import Profile
from kg.licenses.rules import USES
from kg.snapshot.snapshot import Snapshot

WHO = {code: Profile(country=code, name="MyBot") for code in ("KR", "FR")}
SCOUT = "model/llama-4-scout-instruct"


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(
    "id", [SCOUT, "model/koalpaca-llama", "family/llama", "dataset/alpaca-52k"]
)
def test_it_says_what_the_answers_say(snapshot: Snapshot, id: str, use: str) -> None:
    found = memo_answer(snapshot, id, use, WHO)  # type: ignore[arg-type]
    for told, (who, profile) in zip(found.verdicts, WHO.items(), strict=True):
        answer = license_answer(snapshot, id, use, profile)  # type: ignore[arg-type]
        assert (told.who, told.verdict, told.sentence) == (who, answer.verdict, answer.sentence)
    assert found.release == snapshot.manifest.version
    assert len(found.clauses) <= memo.MOST_CLAUSES and len(found.duties) <= memo.MOST_DUTIES
    assert all(len(one.effects) == len(WHO) for one in found.clauses)


def test_what_parts_two_countries_stands_first(snapshot: Snapshot) -> None:
    found = memo_answer(snapshot, SCOUT, "commercial", WHO)
    assert found.clauses[0].effects == ["allowed", "prohibited"] or set(
        found.clauses[1].effects
    ) == {"allowed", "prohibited"}
    assert any(duty.broken and "MyBot" in duty.text for duty in found.duties)


def test_it_is_of_what_has_a_license(snapshot: Snapshot) -> None:
    with pytest.raises(InputError):
        memo_answer(snapshot, "org/meta", "commercial", WHO)
