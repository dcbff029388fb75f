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
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAILS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
JAMO = frozenset((*LEADS, *VOWELS, *_TAILS))  # the letters as they stand alone
_JAMO_KEYS = {
    **dict(zip(_TAILS, _TAIL_KEYS[1:], strict=True)),
    **dict(zip(LEADS, _LEAD_KEYS, strict=True)),
    **dict(zip(VOWELS, _VOWEL_KEYS, strict=True)),
}
_KEY_JAMO = {keys: letter for letter, keys in _JAMO_KEYS.items() if len(keys) == 1}
_LETTERS = re.compile("[ㄱ-ㅣ]{2,}")
_TO_LEAD = {ord(c): chr(0x1100 + i) for i, c in enumerate(LEADS)}
_FIRST, _PER_LEAD, _PER_VOWEL = 0xAC00, 588, 28


def letters(syllable: str) -> tuple[int, int, int]:
    """The places of a syllable's lead, vowel and tail in the Unicode order; tail 0 is none.

    >>> letters("각")
    (0, 0, 1)
    """
    code = ord(syllable) - _FIRST
    return code // _PER_LEAD, code % _PER_LEAD // _PER_VOWEL, code % _PER_VOWEL


def syllable(lead: int, vowel: int, tail: int) -> str:
    """The syllable of letters at these places in the Unicode order.

    >>> syllable(*letters("각"))
    '각'
    """
    return chr(_FIRST + lead * _PER_LEAD + vowel * _PER_VOWEL + tail)


def spread(text: str) -> str:
    """A text with its syllables as letters, so that 알ㅍ begins 알파카.

    >>> spread("알파카").startswith(spread("알ㅍ")), spread("llama")
    (True, 'llama')
    """
    return unicodedata.normalize("NFD", text).translate(_TO_LEAD)


def initials(text: str) -> str:
    """The initial consonants of a word that begins in Hangul, "" for others.

    >>> initials("알파카 7B"), initials("llama")
    ('ㅇㅍㅋ', '')
    """
    word = re.match("[가-힣]*", text)
    return "".join(LEADS[letters(c)[0]] for c in word[0]) if word else ""


def are_initials(text: str) -> bool:
    """Whether a text is nothing but consonants.

    >>> are_initials("ㅇㅍㅋ"), are_initials("알ㅍ"), are_initials("")
    (True, False, False)
    """
    return bool(text) and set(text) <= set(LEADS)


def compose_letters(text: str) -> str:
    """A text in which letters of Hangul in a row are the syllables that a keyboard makes of them.

    >>> compose_letters("ㅇㅏㄹㅍㅏㅋㅏ 7B"), compose_letters("ㅇㅍㅋ"), compose_letters("알ㅍ")
    ('알파카 7B', 'ㅇㅍㅋ', '알ㅍ')
    """
    return _LETTERS.sub(_composed, text)


def _composed(run: re.Match[str]) -> str:
    made = _SYLLABLE.sub(_compose, "".join(map(_keys, run[0])))
    return run[0] if made.isascii() else "".join(_KEY_JAMO.get(c, c) for c in made)


def finished(text: str) -> str:
    """A text whose last letter begins the next syllable, if it can: 알팤 as 알파ㅋ.

    >>> finished("알팤"), finished("알파"), finished("폴리글ㄹ")
    ('알파ㅋ', '알파', '폴리글ㄹ')
    """
    last = text[-1:]
    tail = letters(last)[2] if "가" <= last <= "힣" else 0
    open_syllable = chr(ord(last) - tail) if tail else ""
    moved = _TAILS[tail - 1] if tail else ""
    return text[:-1] + open_syllable + moved if moved in LEADS and moved else text


def typed_in_latin(text: str) -> str:
    """The keys that give a text in the Korean layout; other letters are their own.

    >>> typed_in_latin("퍄쳐ㅜㅁ"), typed_in_latin("알vkzk"), typed_in_latin("헷4")
    ('vicuna', 'dkfvkzk', 'gpt4')
    """
    return "".join(map(_keys, text))


def other_layout(text: str) -> str:
    """What the same keys give in the other keyboard layout, "" if they give no words there.

    Keys that are pressed in both layouts, the layout changed within a word, count as those of one.

    >>> other_layout("dkfvkzk"), other_layout("헷"), other_layout("llama"), other_layout("fkak2")
    ('알파카', 'gpt', '', '라마2')
    >>> other_layout("퍄쳐ㅜㅁ"), other_layout("알vkzk"), other_layout("DKFVKZK")
    ('vicuna', '알파카', '알파카')
    """
    keys = typed_in_latin(text)
    if keys != text and not re.search("[A-Za-z]", text):
        return keys.lower() if keys.isascii() else ""
    mixed = any(c.isupper() for c in keys[1:]) and not keys.isupper()
    typed = keys if mixed else keys.lower()
    rest = _SYLLABLE.sub("", typed).strip("0123456789.")
    return "" if rest or not typed else _SYLLABLE.sub(_compose, typed)


def _keys(letter: str) -> str:
    if not "가" <= letter <= "힣":
        return _JAMO_KEYS.get(letter, letter)
    lead, vowel, tail = letters(letter)
    return _LEAD_KEYS[lead] + _VOWEL_KEYS[vowel] + _TAIL_KEYS[tail].strip("_")


def _compose(keys: re.Match[str]) -> str:
    lead, vowel = _LEAD_KEYS.index(keys[1]), _VOWEL_KEYS.index(keys[2])
    tail = _TAIL_KEYS.index(keys[3]) if keys[3] else 0
    return syllable(lead, vowel, tail)
