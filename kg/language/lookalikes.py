"""Letters of another script in a name, by which one name can pass for another.

The rule is that of Unicode Technical Standard 39, Unicode Security Mechanisms (https://www.unicode.org/reports/tr39/):
of section 5.1 a word is of one script, or of Latin with those of Korean or Japanese writing (section 5.2, "highly
restrictive"); of section 4 a word of another script is told as well if each of its letters looks like a Latin one
(confusables.txt, here the letters of Cyrillic and Greek that do). Section 3.1 of its identifier profile leaves out what
cannot be seen. A path on the Hub is written in ASCII, so every other letter of one is told.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# Scripts that stand beside Latin in one word; data of Unicode has them in the names of the letters.
_WITH_LATIN = frozenset(("HANGUL", "CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO"))
_LATIN = "LATIN"
# Of confusables.txt: those that look like one Latin letter.
_LIKE_LATIN = frozenset(
    "асԁеһіјӏорԛѕуԝхАВСЕНІЈКМОРЅТУХ"  # Cyrillic
    "αγικνορυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"  # Greek
)
_WORD = re.compile(r"[^\W\d_]+(?:[\d_]*[^\W\d_]+)*")
_JOINERS = "\u200c\u200d"  # which Indic and Persian writing and pictures need


class Lookalikes(NamedTuple):
    """What in a name is not as it looks."""

    letters: tuple[str, ...] = ()  # of another script
    unseen: tuple[str, ...] = ()  # signs that cannot be seen


def code_point(letter: str) -> str:
    """How Unicode numbers a letter.

    >>> code_point("а")
    'U+0430'
    """
    return f"U+{ord(letter):04X}"


@lru_cache(10_000)
def find_lookalikes(name: str, ascii_only: bool = False) -> Lookalikes:
    """What in a name is not as it looks.

    >>> find_lookalikes("meta-llаma/Llama-3").letters == ("а",), find_lookalikes("Llama 참나무-7B")
    (True, Lookalikes(letters=(), unseen=()))
    >>> find_lookalikes("Яндекс GPT"), find_lookalikes("сохе").letters == tuple("сохе")
    (Lookalikes(letters=(), unseen=()), True)

    Args:
        name: a name, or the path of an id.
        ascii_only: it is a path on the Hub.
    """
    if name.isascii():
        return Lookalikes()
    letters = dict.fromkeys(c for word in _WORD.findall(name) for c in _alien(word, ascii_only))
    unseen = (c for c in name if unicodedata.category(c) == "Cf" and c not in _JOINERS)
    return Lookalikes(tuple(letters), tuple(dict.fromkeys(unseen)))


def _alien(word: str, ascii_only: bool) -> list[str]:
    if word.isascii():
        return []
    if ascii_only:
        return [c for c in word if not c.isascii() and c.isalpha()]
    if len(word) == 1:  # a sign, as in α-model
        return []
    scripts = {c: script for c in word if c.isalpha() and (script := _script(c))}
    others = set(scripts.values()) - {_LATIN}
    if not others or others <= _WITH_LATIN:
        return []
    strange = [c for c, script in scripts.items() if script not in {_LATIN, *_WITH_LATIN}]
    if len(set(scripts.values())) == 1 and not all(c in _LIKE_LATIN for c in strange):
        return []
    return strange


def _script(letter: str) -> str:
    """The script of a letter; "" of one that is shared, such as the modifier letters and mathematical ones."""
    plain = unicodedata.normalize("NFKC", letter)
    names = unicodedata.name(plain[0], "").split()
    return names[0] if names and unicodedata.category(plain[0]) != "Lm" else ""
