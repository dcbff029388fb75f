"""What is otherwise in one license answer than in another."""

from __future__ import annotations

from kg.answers.advice.difference import AnswerDifference, find_difference
from kg.answers.license import license_answer
from kg.licenses.rules import USES
from kg.snapshot.snapshot import Snapshot


def between(snapshot: Snapshot, before: str, after: str) -> AnswerDifference:
    return find_difference(
        *([license_answer(snapshot, id, use) for use in USES] for id in (before, after))
    )


def test_an_answer_does_not_differ_from_itself(snapshot: Snapshot) -> None:
    for id in ("alpaca-7b", "bert-base", "llama-2-7b"):
        assert between(snapshot, id, id).is_none


def test_there_and_back_are_each_others_mirror(snapshot: Snapshot) -> None:
    there, back = (
        between(snapshot, *ids)
        for ids in (("alpaca-7b", "llama-2-7b"), ("llama-2-7b", "alpaca-7b"))
    )
    assert [(one.use, one.before, one.after) for one in there.verdicts] == [
        (one.use, one.after, one.before) for one in back.verdicts
    ]
    for name in ("terms", "duties", "unknown"):
        one, other = getattr(there, name), getattr(back, name)
        assert (set(one.gone), set(one.new)) == (set(other.new), set(other.gone))


def test_only_what_differs_is_told(snapshot: Snapshot) -> None:
    found = between(snapshot, "llama-2-7b", "bert-base")
    changed = {one.use: (one.before, one.after) for one in found.verdicts}
    for use in USES:
        verdicts = tuple(
            license_answer(snapshot, id, use).verdict for id in ("llama-2-7b", "bert-base")
        )
        assert changed.get(use, verdicts) == verdicts
        assert use in changed or verdicts[0] == verdicts[1]
    assert any("Llama 2" in text for text in found.terms.gone) and not found.terms.new
