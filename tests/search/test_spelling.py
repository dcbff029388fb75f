"""What an index keeps of words, by which a word that nothing holds is mended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from kg.language import slips
from kg.search import _spelling
from kg.search._spelling import Counted, Spelling

WORDS = {
    "Mistral": 9,
    "mistral": 2,
    "GPT": 40,
    "gpt": 7,
    "Gpt": 1,
    "alpaca": 5,
    "비쿠나": 4,
    "7b": 3,
}
GLOSSARY = {"알파카": "alpaca", "alpaca": "alpaca"}
MEANT = {
    "mistrall": "mistral",
    "alpcaa": "alpaca",
    "미스트랄": "mistral",
    "qlznsk": "비쿠나",
    "xyzzy": "",
}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    counted = Counted()
    counted.merge(WORDS)
    counted.write(tmp_path / "words.json", GLOSSARY)
    return tmp_path / "words.json"


def test_nothing_is_worked_out_for_the_first_word(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is known of all words was found out when the index was written."""
    monkeypatch.delattr(_spelling, "_kept")
    monkeypatch.setattr(_spelling, "_undoubled", _once(_spelling._undoubled))
    known = Spelling(written, GLOSSARY)
    assert known.nearest("mistrall") == "mistral"


def _once(function: Callable[[str], str]) -> Callable[[str], str]:
    """A function that may be asked for one word."""
    asked: list[str] = []

    def ask(word: str) -> str:
        asked.append(word)
        assert len(asked) == 1
        return function(word)

    return ask


def test_an_index_of_an_older_program_has_words_alone(written: Path, tmp_path: Path) -> None:
    """It is read, and answers alike."""
    (tmp_path / "old.json").write_bytes(msgspec.json.encode(WORDS))
    for known in (Spelling(written, GLOSSARY), Spelling(tmp_path / "old.json", GLOSSARY)):
        assert {word: known.nearest(word) for word in MEANT} == MEANT


def test_a_word_is_spelled_as_with_the_most_capitals(written: Path) -> None:
    """GPT is read letter by letter; how often it stands there does not matter."""
    kept = _spelling._kept(WORDS, GLOSSARY)
    assert kept.spelled == {"mistral": "Mistral", "gpt": "GPT"}
    assert kept.counts == {"mistral": 11, "gpt": 48, "alpaca": 6, "비쿠나": 4, "7b": 3, "알파카": 1}


def test_words_made_ready_are_the_same_on_every_machine() -> None:
    words, letters, bits = slips.letter_words({"ab": "ab", "ba": "ba", "aa": "aa"})
    assert words == letters == ["ab", "ba", "aa"]
    assert bits[:8] == bits[8:16] != bits[16:]
    assert int.from_bytes(bits[:8], "little") == 1 << ord("a") % 61 | 1 << ord("b") % 61
