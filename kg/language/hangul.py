"""Hangul as letters: half-typed syllables, initial consonants, the two keyboard layouts.

Compositions follow the Unicode Standard, section 3.12; the keys are those of the Korean standard
layout (두벌식, KS X 5002).
"""

from __future__ import annotations

import re
import unicodedata

LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_LEAD_KEYS = "r R s e E f a q Q t T d w W c z x v g".split()
_VOWEL_KEYS = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split()
_TAIL_KEYS = "_ r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split()

_SYLLABLE = re.compile(
    f"({'|'.join(_LEAD_KEYS)})"
    f"({'|'.join(sorted(_VOWEL_KEYS, key=len, reverse=True))})"
    f"(?:({'|'.join(sorted(_TAIL_KEYS[1:], key=len, reverse=True))})(?![hynbmlkoiOjpuP]))?"
)
_HANGUL = re.compile("[가-힣]+")
_TO_LEAD = {ord(c): chr(0x1100 + i) for i, c in enumerate(LEADS)}
_FIRST, _PER_LEAD, _PER_VOWEL = 0xAC00, 588, 28


def letters(syllable: str) -> tuple[int, int, int]:
    """The places of a syllable's lead, vowel and tail in the Unicode order; tail 0 is none.

    >>> letters("각")
    (0, 0, 1)
    """
    code = ord(syllable) - _FIRST
    return code // _PER_LEAD, code % _PER_LEAD // _PER_VOWEL, code % _PER_VOWEL


def spread(text: str) -> str:
    """A text with its syllables as letters, so that 알ㅍ begins 알파카.

    >>> spread("알파카").startswith(spread("알ㅍ")), spread("llama")
    (True, 'llama')
    """
    return text if text.isascii() else unicodedata.normalize("NFD", text).translate(_TO_LEAD)


def initials(text: str) -> str:
    """The initial consonants of a word that begins in Hangul, "" for others.

    >>> initials("알파카 7B"), initials("llama")
    ('ㅇㅍㅋ', '')
    """
    word = _HANGUL.match(text)
    return "".join(LEADS[letters(c)[0]] for c in word[0]) if word else ""


def are_initials(text: str) -> bool:
    """Whether a text is nothing but consonants.

    >>> are_initials("ㅇㅍㅋ"), are_initials("알ㅍ"), are_initials("")
    (True, False, False)
    """
    return bool(text) and set(text) <= set(LEADS)


def other_layout(text: str) -> str:
    """What the same keys give in the other keyboard layout, "" if they give no words there.

    >>> other_layout("dkfvkzk"), other_layout("헷"), other_layout("llama")
    ('알파카', 'gpt', '')
    """
    if any("가" <= c <= "힣" for c in text):
        keys = "".join(_keys(c) for c in text)
        return keys.lower() if keys.isascii() else ""
    typed = text if any(c.isupper() for c in text[1:]) else text.lower()
    rest = _SYLLABLE.sub("", typed)
    return "" if rest or not typed else _SYLLABLE.sub(_compose, typed)


def _keys(letter: str) -> str:
    if not "가" <= letter <= "힣":
        return letter
    lead, vowel, tail = letters(letter)
    return _LEAD_KEYS[lead] + _VOWEL_KEYS[vowel] + _TAIL_KEYS[tail].strip("_")


def _compose(keys: re.Match[str]) -> str:
    lead, vowel = _LEAD_KEYS.index(keys[1]), _VOWEL_KEYS.index(keys[2])
    tail = _TAIL_KEYS.index(keys[3]) if keys[3] else 0
    return chr(_FIRST + lead * _PER_LEAD + vowel * _PER_VOWEL + tail)
