"""Texts in pictures that are drawn without a font: how wide they are, what XML can hold of them."""

from __future__ import annotations

import re
from functools import lru_cache

_NARROW = frozenset(" .,'·ilIjtfr()[]|:;!/-")
_WIDE = frozenset("mwMWQO%@")
_UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # not in XML


@lru_cache(8192)  # a drawing measures the same names several times
def text_width(text: str, size: float) -> float:
    """About how wide a text is; Hangul and other characters of the East are full width.

    Args:
        text: on one line.
        size: of the font; the answer has its unit.

    >>> text_width("가나", 10), round(text_width("il", 10), 1)
    (20.0, 6.8)
    """
    return sum([size * _SHARES[character] for character in text])


def fitted(text: str, size: float, room: float) -> str:
    """A text, or as much of its beginning as there is room for, in one pass however long it is.

    >>> fitted("abc", 10, 30), fitted("abcdef", 10, 30)
    ('abc', 'abc…')
    """
    if text_width(text, size) <= room:
        return text
    wide = 0.0
    cut = 0
    for place, character in enumerate(text):
        wide += size * _share(character)
        if wide > room:
            return text[: max(1, cut)] + "…"
        if wide + size * _share("…") <= room:
            cut = place + 1
    return text


def _share(character: str) -> float:
    if ord(character) >= 0x1100:
        return 1.0
    if character in _NARROW:
        return 0.34
    return 0.86 if character in _WIDE else 0.68 if character.isupper() else 0.57


class _Shares(dict[str, float]):
    """What was found of a character; full width is not worth remembering."""

    def __missing__(self, character: str) -> float:
        share = _share(character)
        if share != 1.0:
            self[character] = share
        return share


_SHARES = _Shares()


def clean(text: str) -> str:
    """A text on one line, without what XML cannot hold."""
    return " ".join((text if text.isprintable() else _UNFIT.sub("", text)).split())
