"""Notes and reasons of claims in Korean: none missing, none left over, the rest as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from kg.answers.show import show
from kg.language.remarks import remark, remarks
from kg.model.claim import Said
from kg.snapshot.snapshot import Snapshot

HANGUL = re.compile("[가-힣]")


def claims(snapshot: Snapshot) -> Iterator[Said]:
    """All claims of the data."""
    for kind in snapshot.vocabulary.kinds:
        for entity in snapshot.entities(kind):
            yield from entity.names
            for fact in (*entity.facts, *entity.inferred):
                yield from fact.claims


@pytest.fixture(scope="module")
def written(snapshot: Snapshot) -> set[str]:
    """Every note and reason of what was written by hand that is not Korean already."""
    by_hand = [claim for claim in claims(snapshot) if claim.origin]
    found = {text for claim in by_hand for text in (claim.note, claim.reason) if text}
    return {text for text in found if not HANGUL.search(text)}


def test_none_lacks_korean_and_none_is_left_over(written: set[str]) -> None:
    unknown = written - remarks("whole").keys()
    assert sorted(text for text in unknown if remark(text, "ko") == text) == []
    assert sorted(remarks("whole").keys() - written) == []


def test_importers_write_notes_that_are_known_in_korean(snapshot: Snapshot) -> None:
    notes = {claim.note for claim in claims(snapshot) if claim.note and not claim.origin}
    read = {part for note in notes for part in note.split("; ")}
    assert len(read) > 5
    assert sorted(note for note in read if remark(note, "ko") == note) == []


def test_what_is_taken_over_is_taken_over() -> None:
    for part in ("whole", "patterns"):
        for english, korean in remarks(part).items():
            assert korean.strip() == korean != "" and english.count("{}") == korean.count("{}")
    assert (
        remark("as written: 6.7 (B); from the name", "ko") == "원문 표기: 6.7 (B); 이름을 근거로 함"
    )
    assert remark("as written: {0.__class__}", "ko") == "원문 표기: {0.__class__}"


def test_what_is_not_known_stands_as_it_was_written() -> None:
    for text in ("", "anything else", "some {} text; and more"):
        assert remark(text, "ko") == remark(text, "en") == text


def test_answers_speak_the_language_asked_for(snapshot: Snapshot) -> None:
    for lang, expected in (("en", "exact figure of the paper"), ("ko", "논문")):
        facts = {fact.property: fact for fact in show(snapshot, "model/llama-65b", lang).facts}
        reasons = {claim.reason for claim in facts["parameterCount"].claims}
        assert any(expected in reason for reason in reasons if reason)
