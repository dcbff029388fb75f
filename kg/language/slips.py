"""Which of many words are a slip or two away from another, found without a comparison with each of them.

An edit (a letter too much, too few, another one, or two in the wrong order) changes at most two of the letters that a
word has, counted as often as it has them. So words whose letters differ by more than two for each edit are left out by
their letters alone, which are 64 bits a word: of 10,000 words some tens are left to be compared. Nothing near is lost,
for letters that share a bit can only make words look more alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

# Bits of letters, and how far the bit of a letter is from that of the same once more
_BITS, _AGAIN = 61, 10
_WORD = np.dtype("<u8")  # the bits of a word, whatever machine reads them
_distance: Any = OSA.distance  # whose type rapidfuzz leaves too narrow


class NearWord(NamedTuple):
    """A word that was found."""

    letters: str  # as it was compared
    far: int  # edits
    word: str


def letter_words(words: Mapping[str, str]) -> tuple[list[str], list[str], bytes]:
    """Words made ready to be found, which takes long and may be kept: words, letters, and bits of these.

    Args:
        words: each with the letters that it is compared by; among equals the first are found first.
    """
    bits = np.fromiter(map(_bits_of, words.values()), _WORD, len(words))
    return [*words], [*words.values()], bits.tobytes()


class WordsByLetters:
    """Words to be found by letters that are nearly theirs, as `letter_words` makes them ready."""

    def __init__(self, words: Sequence[str], letters: Sequence[str], bits: bytes) -> None:
        self._words, self._letters = words, letters
        self._bits = np.frombuffer(bits, _WORD)
        firsts = (ord(said[0]) if said else 0 for said in letters)
        self._firsts = np.fromiter(firsts, np.uint32, len(letters))

    def near(self, letters: str, most: int) -> list[NearWord]:
        """The words a few edits away, the nearest first."""
        return self._compared(
            letters, most, np.flatnonzero(self._may_be(letters, most, self._bits))
        )

    def near_from_first(self, letters: str, most: int) -> list[NearWord]:
        """The same of those that begin with the same letter, on which slips rarely fall."""
        if not letters:
            return []
        places = np.flatnonzero(self._firsts == ord(letters[0]))
        return self._compared(
            letters, most, places[self._may_be(letters, most, self._bits[places])]
        )

    @staticmethod
    def _may_be(letters: str, most: int, bits: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Which words may be so near, by their letters."""
        other = np.bitwise_count(bits ^ np.uint64(_bits_of(letters)))
        return cast("NDArray[np.bool_]", other <= 2 * most)

    def _compared(
        self, letters: str, most: int, places: NDArray[np.integer[Any]]
    ) -> list[NearWord]:
        some = places.tolist()
        alike = [self._letters[place] for place in some]
        found = process.extract(letters, alike, scorer=_distance, score_cutoff=most, limit=None)
        return [NearWord(near, int(far), self._words[some[i]]) for near, far, i in found]


def _bits_of(letters: str) -> int:
    """The letters of a word as bits, a letter that comes again as another bit."""
    bits, often = 0, dict.fromkeys(letters, 0)
    for letter in letters:
        bits |= 1 << (ord(letter) + _AGAIN * often[letter]) % _BITS
        often[letter] += 1
    return bits
