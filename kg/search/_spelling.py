"""What a word that nothing holds was meant to be: a slip, the wrong keyboard layout, the other script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from kg.language.hangul import other_layout, spread
from kg.language.sounds import romanized, skeleton, syllables

LONGEST = 30  # letters of a word that is corrected
MOST = 1_000_000  # words counted at a time; above it, those seen once are forgotten
KEPT = 200_000  # words of the index
ALIKE = 35  # of 100: how much two words must look alike in Latin letters
SOUNDING = 3  # consonants that a word needs to be found by its sound
_distance: Any = OSA.distance  # whose type rapidfuzz leaves too narrow for a mapping
_Near = tuple[str, float, str]  # what was found, how far, the word


class Counted:
    """Counts the words of names while an index is written."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, word: str, times: int) -> None:
        """Count a word, spelled as it stands in names."""
        self._counts[word] += times

    def take(self) -> dict[str, int]:
        """What has been counted, to be counted anew."""
        taken, self._counts = dict(self._counts), Counter()
        return taken

    def merge(self, counts: Mapping[str, int]) -> None:
        """Count what was counted elsewhere."""
        for word, times in counts.items():
            self._counts[word] += times
        if len(self._counts) > MOST:  # lossy counting: what is rare so far is let go
            self._counts = Counter({w: n for w, n in self._counts.items() if n > 1})

    def write(self, path: Path) -> None:
        """Write the most frequent words."""
        path.write_bytes(msgspec.json.encode(dict(self._counts.most_common(KEPT))))


class Spelling:
    """The words of an index, and of the glossary."""

    def __init__(self, path: Path, glossary: Mapping[str, str]) -> None:
        """Read what `Counted.write` wrote; a glossary word counts as one."""
        counts: dict[str, int] = msgspec.json.decode(path.read_bytes(), type=dict[str, int])
        self._counts: Counter[str] = Counter()
        for word, count in counts.items():
            self._counts[word.lower()] += count
        capitals = sorted(counts, key=lambda word: sum(c.isupper() for c in word))
        self._spelled = {word.lower(): word for word in capitals}  # GPT is read letter by letter
        self._counts.update(dict.fromkeys(glossary, 1))

    def nearest(self, word: str, stem: str = "") -> str:
        """The known word that was meant, "" if none is near.

        Args:
            word: one that nothing holds.
            stem: the same without its particles, if that may be meant.
        """
        readings = [
            w
            for w in dict.fromkeys((word.lower(), stem or word.lower()))
            if len(w) <= LONGEST and not w.isdigit()
        ]
        ways = (self._typed, self._slip, self._sounding)
        return next((near for way in ways for w in readings if (near := way(w))), "")

    def _typed(self, word: str) -> str:
        """What the keys give in the other layout, if that is known or begins something known."""
        other = other_layout(word)
        return (
            other if other in self._counts or other.rstrip("0123456789.-") in self._counts else ""
        )

    def _slip(self, word: str) -> str:
        """One letter away, two for longer words; letters of Hangul count one by one."""
        letters = spread(word)
        if len(letters) < 4:
            return ""
        letters = _undoubled(letters)
        most = 0 if len(letters) < 4 else 1 if len(letters) < 7 else 2
        same = self._spread.get(letters[:1], {})  # slips rarely fall on the first letter
        if found := self._best(word, _near(letters, same, most)):
            return found
        every = (near for words in self._spread.values() for near in _near(letters, words, most))
        return self._best(word, every)

    def _sounding(self, word: str) -> str:
        """The same sound in the other script, or nearly."""
        sound = skeleton(word)
        if len(sound) < SOUNDING:
            return ""
        others = self._hangul if word < "가" else self._latin
        most = 0 if len(sound) < 4 else 1
        near = _near(sound, others, most)
        return self._best(word, (n for n in near if not n[1] or self._as_long(word, n)))

    def _as_long(self, asked: str, near: _Near) -> bool:
        """Whether what nearly sounds so is long enough to tell, and takes as long to say."""
        sound, _, word = near
        longer = abs(syllables(asked) - syllables(self._spelled.get(word, word)))
        return len(sound) > SOUNDING and longer <= 1

    def _best(self, asked: str, near: Iterable[_Near]) -> str:
        """The nearest; among equals the one as long and as much alike as spoken, then the frequent."""
        latin = romanized(asked)
        found = []
        for _, far, word in near:
            alike = fuzz.ratio(latin, romanized(word))
            longer = abs(syllables(asked) - syllables(self._spelled.get(word, word)))
            if alike >= ALIKE:
                found.append((far, longer, -alike, -self._counts[word], word))
        return min(found)[-1] if found else ""

    @cached_property
    def _spread(self) -> dict[str, dict[str, str]]:
        """Words by their first letter, without doubled letters, the commonest slip: llama, lama, lamma."""
        found: dict[str, dict[str, str]] = {}
        for word in self._counts:
            if len(word) > 2 and not word[0].isdigit():
                letters = _undoubled(spread(word))
                found.setdefault(letters[:1], {})[word] = letters
        return found

    @cached_property
    def _hangul(self) -> dict[str, str]:
        return self._sounds(lambda word: word >= "가")

    @cached_property
    def _latin(self) -> dict[str, str]:
        return self._sounds(lambda word: word < "가")

    def _sounds(self, wanted: Callable[[str], bool]) -> dict[str, str]:
        sounds = {w: skeleton(self._spelled.get(w, w)) for w in self._counts if wanted(w)}
        return {word: sound for word, sound in sounds.items() if len(sound) >= SOUNDING}


def _near(asked: str, known: Mapping[str, str], most: int) -> list[_Near]:
    found = process.extract(asked, known, scorer=_distance, score_cutoff=most, limit=50)
    return [(str(key), float(far), str(word)) for key, far, word in found]


def _undoubled(letters: str) -> str:
    return re.sub(r"(.)\1+", r"\1", letters)
