"""Words a few edits away are all found, though most are never compared."""

import random

import pytest
from rapidfuzz.distance import OSA

from kg.language.hangul import spread
from kg.language.ordinary import _words
from kg.language.slips import WordsByLetters, letter_words

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def slipped(word: str, edits: int, chance: random.Random) -> str:
    """A word with some letters too much, too few, changed or in the wrong order."""
    for _ in range(edits):
        at = chance.randrange(len(word))
        letter = chance.choice(LETTERS)
        word = chance.choice(
            [
                word[:at] + word[at + 1 :] or letter,
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    return word


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("most", [0, 1, 2])
def test_what_is_found_is_what_a_comparison_with_each_finds(language: str, most: int) -> None:
    chance = random.Random(7)
    words = {word: spread(word) for word in sorted(_words(language))[::7]}
    known = WordsByLetters(*letter_words(words))
    for word in chance.sample(list(words), 40):
        asked = slipped(words[word], most, chance)
        far = {w: OSA.distance(asked, letters) for w, letters in words.items()}
        found = known.near(asked, most)
        assert {n.word: n.far for n in found} == {w: n for w, n in far.items() if n <= most}
        assert [n.far for n in found] == sorted(n.far for n in found)
        first = {n.word for n in found if n.letters[:1] == asked[:1]}
        assert {n.word for n in known.near_from_first(asked, most)} == first


def test_most_words_are_not_compared() -> None:
    words = {word: word for word in _words("en")}
    known = WordsByLetters(*letter_words(words))
    for word in ("transformer", "languge", "mistral"):
        assert known._may_be(word, 1, known._bits).sum() < len(words) / 100


def test_nothing_is_near_among_no_words() -> None:
    known = WordsByLetters(*letter_words({}))
    assert known.near("llama", 2) == known.near_from_first("llama", 2) == []
