"""What a word that nothing holds was meant to be: a slip, the wrong keyboard layout, the other script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from rapidfuzz import fuzz

from kg.language.hangul import JAMO, are_initials, finished, initials, other_layout, spread
from kg.language.ordinary import is_ordinary, is_word
from kg.language.sounds import loaned, romanized, skeleton, syllables
from kg.language.tokens import tokens

if TYPE_CHECKING:  # which loads NumPy, and is needed only where a word is not known
    from kg.language.slips import NearWord, WordsByLetters

LONGEST = 30  # letters of a word that is corrected
MOST = 1_000_000  # words counted at a time; above it, those seen once are forgotten
KEPT = 200_000  # words of the index
NAMED = 3  # syllables of a name that an inflected word may be a slip of
TELLING = 5  # consonants that tell a word whatever its vowels
CLOSE = 73  # of 100: the same of words that only nearly sound alike
ALIKE = 35  # of 100: how much two words must look alike in Latin letters
LONG = 7  # letters of a Latin word that is like few others
USUAL = 30  # names with a short word that others are taken for
FEW = 3  # names with a short word of the language that others are taken for
FEWEST = 2  # initial consonants that are read
MISTYPED = 5  # letters of a word in the other layout that may have a slip as well
SOUNDING = 2  # consonants that a word needs to be found by its sound
MOST_NEAR = 50  # words nearby that are looked at, the frequent first
SAME = 90  # of 100: how much words of so few consonants must look alike as they are said
_DIGITS = re.compile("[0-9]")


class Counted:
    """Counts the words of names while an index is written."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, words: Iterable[tuple[str, int]]) -> None:
        """Count words, spelled as they stand in names, each so many times."""
        for word, times in words:
            if times:
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

    def write(self, path: Path, glossary: Iterable[str]) -> None:
        """Write the most frequent words with those of the glossary, and how words near one are found."""
        kept = _kept(dict(self._counts.most_common(KEPT)), glossary)
        path.write_bytes(msgspec.json.encode(kept))


_Lettered = tuple[list[str], list[str], bytes]  # as kg/language/slips.py makes words ready


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What an index keeps of words; how they are found is read when it is needed, for it is most of it."""

    counts: Mapping[str, int]  # in small letters
    # As names write them, where that is otherwise: GPT is read letter by letter
    spelled: Mapping[str, str]
    undoubled: msgspec.Raw  # of `_Lettered`, as the next two
    latin: msgspec.Raw  # by their sound
    hangul: msgspec.Raw


def _kept(counted: Mapping[str, int], glossary: Iterable[str]) -> _Kept:
    counts: dict[str, int] = {}
    spelled: dict[str, str] = {}
    for word, count in counted.items():
        lower = word.lower()
        counts[lower] = counts.get(lower, 0) + count
        if _capitals(word) >= _capitals(spelled.get(lower, lower)):
            spelled[lower] = word
    for word in glossary:
        counts[word] = counts.get(word, 0) + 1
    said = (word for word in counts if len(word) > 2 and not word[0].isdigit())
    sounds = {word: skeleton(spelled.get(word, word)) for word in counts}
    sounds = {word: sound for word, sound in sounds.items() if len(sound) >= SOUNDING}
    return _Kept(
        counts=counts,
        spelled={lower: word for lower, word in spelled.items() if lower != word},
        undoubled=_lettered({word: _undoubled(spread(word)) for word in said}),
        latin=_lettered({w: sound for w, sound in sounds.items() if w < "가"}),
        hangul=_lettered({w: sound for w, sound in sounds.items() if w >= "가"}),
    )


def _lettered(words: Mapping[str, str]) -> msgspec.Raw:
    """Words with the letters that they are compared by, made ready and written."""
    from kg.language.slips import letter_words

    return msgspec.Raw(msgspec.json.encode(letter_words(words)))


def _capitals(word: str) -> int:
    return 0 if word.islower() else sum(letter.isupper() for letter in word)


class Spelling:
    """The words of an index, and of the glossary."""

    def __init__(self, path: Path, glossary: Mapping[str, str]) -> None:
        """Read what `Counted.write` wrote; a glossary word counts as one."""
        written = path.read_bytes()
        try:
            self._kept = msgspec.json.decode(written, type=_Kept)
        except msgspec.ValidationError:  # an older program wrote the words alone
            self._kept = _kept(msgspec.json.decode(written, type=dict[str, int]), glossary)
        self._counts, self._spelled = self._kept.counts, self._kept.spelled
        self._named = frozenset(glossary)

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
        if name := self._misnamed(readings[0]) if readings else "":
            return name
        if any(map(is_ordinary, readings)):
            return ""
        ways = (self._begun, self.typed, self._slip)
        found = next((near for way in ways for w in readings if (near := way(w))), "")
        found = found or next((near for w in readings[-1:] if (near := self._sounding(w))), "")
        return found or self._worded(word.lower())

    def is_misspelled(self, word: str) -> bool:
        """Whether a word is a slip of a name that people gave."""
        return self._slip(word.lower()) in self._named

    def _worded(self, word: str) -> str:
        """Words of Korean, no names, that were typed in the Latin layout."""
        other = other_layout(word) if word.isascii() else ""
        return other if other >= "가" and is_ordinary(other) else ""

    def typed(self, word: str) -> str:
        """What the keys give in the other layout, if that is known or begins something known.

        Args:
            word: typed in either layout, or in both.
        """
        other = other_layout(word)
        if not other or self._is_known(other):
            return other
        letters_alone = not JAMO.isdisjoint(word)  # which no Korean word has
        return self._slip(other) if letters_alone and len(other) >= MISTYPED else ""

    def _is_known(self, word: str) -> bool:
        stems = (word, word.rstrip("0123456789.-"), tokens(word)[0].term)
        return any(stem in self._counts for stem in stems)

    def _begun(self, word: str) -> str:
        """What initial consonants or a half-typed word begin: what people named, then the frequent."""
        word = finished(word)
        if JAMO.isdisjoint(word):
            return ""
        if are_initials(word):
            held = self._initials if len(word) >= FEWEST else {}
            same = {w: begun for w, begun in held.items() if begun.startswith(word)}
        else:
            begins = spread(word)
            same = {
                w: w for w, letters in self._hangul_letters.items() if letters.startswith(begins)
            }
        order = {w: (begun == word, w in self._named, self._counts[w]) for w, begun in same.items()}
        return max(order, key=lambda w: order[w], default="")

    def _slip(self, word: str) -> str:
        """One letter away, two for longer words; letters of Hangul count one by one."""
        letters = spread(word)
        if len(letters) < 4:
            return ""
        letters = _undoubled(letters)
        short = word < "가" and len(word) < LONG
        most = 0 if len(letters) < 4 else 1 if len(letters) < 7 else 2
        near = self._spread.near_from_first(letters, most)[:MOST_NEAR]
        if found := self._best(word, (n for n in near if not short or self._is_usual(n.word))):
            return found
        near = self._spread.near(letters, min(most, 1))
        return self._best(word, (n for n in near if not short or self._is_usual(n.word)))

    def _is_usual(self, word: str) -> bool:
        """Whether a short word is looked for: a name that people gave, or in many names."""
        seen = self._counts[word]
        return word in self._named or seen >= USUAL or (seen >= FEW and is_ordinary(word))

    def _misnamed(self, word: str) -> str:
        """A name in Hangul that people gave, one letter away; it may look like a word with a particle."""
        if len(word) < NAMED or word < "가" or not JAMO.isdisjoint(word) or is_word(word):
            return ""
        return self._best(word, self._named_letters.near(spread(word), 1))

    def _sounding(self, word: str) -> str:
        """The same sound in the other script, or nearly."""
        sound = skeleton(word)
        if len(sound) < SOUNDING:
            return ""
        others = self._hangul if word < "가" else self._latin
        near = others.near(sound, 0 if len(sound) < 4 else 1)
        near = near[:MOST_NEAR]
        said = loaned(word)
        return self._best(
            word, (n for n in near if n.letters[0] == sound[0] and self._is_said_so(word, said, n))
        )

    def _is_said_so(self, asked: str, said: str, near: NearWord) -> bool:
        """Whether what sounds so by its consonants is that word: many words share three or four of them."""
        sound, far, word = near
        spelled = self._spelled.get(word, word)
        other = loaned(spelled)
        if _is_vowel(said) != _is_vowel(other):
            return False
        if not far and len(sound) >= TELLING:
            return True
        alike = fuzz.ratio(said, other)
        longer = abs(syllables(asked) - syllables(spelled))
        least = CLOSE if len(sound) > SOUNDING else SAME
        return alike >= least and longer <= 1 and (not far or len(sound) > SOUNDING + 1)

    def _best(self, asked: str, near: Iterable[NearWord]) -> str:
        """The nearest; among equals the one as long and as much alike as spoken, then the frequent."""
        latin, digits = romanized(asked), _DIGITS.findall(asked)
        found = []
        for _, far, word in near:
            if _DIGITS.findall(word) != digits:
                continue  # another number is another version
            alike = fuzz.ratio(latin, romanized(word))
            longer = abs(syllables(asked) - syllables(self._spelled.get(word, word)))
            if alike >= ALIKE:
                found.append((far, longer, -alike, -self._counts[word], word))
        return min(found)[-1] if found else ""

    @cached_property
    def _spread(self) -> WordsByLetters:
        """Words without doubled letters, the commonest slip: llama, lama, lamma."""
        return self._by_letters(self._kept.undoubled)

    @cached_property
    def _named_letters(self) -> WordsByLetters:
        named = (word for word in self._named if len(word) >= NAMED and "가" <= word < "힣")
        from kg.language.slips import WordsByLetters, letter_words

        said = {word: spread(word) for word in named if word.isalpha()}
        return WordsByLetters(*letter_words(said))

    @cached_property
    def _hangul_letters(self) -> dict[str, str]:
        return {word: spread(word) for word in self._counts if word >= "가"}

    @cached_property
    def _initials(self) -> dict[str, str]:
        return {word: initials(word) for word in self._counts if word >= "가"}

    @cached_property
    def _hangul(self) -> WordsByLetters:
        return self._by_letters(self._kept.hangul)

    @cached_property
    def _latin(self) -> WordsByLetters:
        return self._by_letters(self._kept.latin)

    def _by_letters(self, written: msgspec.Raw) -> WordsByLetters:
        from kg.language.slips import WordsByLetters

        words, letters, bits = msgspec.json.decode(written, type=_Lettered)
        known = {word: word for word in self._counts}  # so that each is in memory once
        return WordsByLetters(
            [known[word] for word in words], [known.get(said, said) for said in letters], bits
        )


def _is_vowel(said: str) -> bool:
    """Whether a word begins with a vowel, as it is said."""
    return said[:1] in ("", *"aeiouwyh")


def _undoubled(letters: str) -> str:
    return re.sub(r"(.)\1+", r"\1", letters)
