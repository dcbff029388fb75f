"""How a name sounds, the same for Hangul and Latin letters: 트루스풀큐에이 is close to TruthfulQA.

Korean writes foreign names by ear, so a name that nobody listed in the other script can still be found
by its consonants, in classes that Korean does not tell apart in loanwords (f and p, l and r, th and s).
Vowels and h are left out; capitals in a row are read letter by letter, as Koreans say them (GPT is
지피티). The classes follow the loanword orthography of the National Institute of Korean Language.
"""

from __future__ import annotations

import re
import unicodedata

from kg.language.hangul import LEADS, letters

_HANGUL = dict(zip("ㄱㄲㅋㄷㄸㅌㄹㅁㅂㅃㅍㅅㅆㅈㅉㅊㄴ", "KKKTTTLMPPPSSSSSN", strict=True))
_TAILS = " ㄱㄱㄱㄴㄴㄴㄷㄹㄱㅁㄹㄹㄹㅍㄹㅁㅂㅂㄷㄷㅇㄷㄷㅋㅌㅍ "  # 챗 ends as chat does
_LATIN = {
    "b": "P",
    "p": "P",
    "f": "P",
    "v": "P",
    "t": "T",
    "d": "T",
    "k": "K",
    "g": "K",
    "q": "K",
    "c": "K",
    "x": "KS",
    "s": "S",
    "z": "S",
    "j": "S",
    "l": "L",
    "r": "L",
    "m": "M",
    "n": "N",
}
_SPELLED = _LATIN | {"c": "S", "g": "S", "h": "S", "f": "P", "w": "TPL", "x": "KS", "z": "S"}
# The Revised Romanization of Korean, letter by letter, in the Unicode order of leads, vowels and tails.
_LEAD_SOUNDS = "g kk n d tt r m b pp s ss - j jj ch k t p h".split()
_VOWEL_SOUNDS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_TAIL_SOUNDS = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()
_PIECE = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|[가-힣]+")
_DIGRAPHS = [
    ("ph", "f"),
    ("th", "s"),
    ("sh", "s"),
    ("ch", "s"),
    ("ck", "k"),
    ("ng", "n"),
    ("qu", "k"),
]
_NAMES = "에이 비 씨 디 이 에프 지 에이치 아이 제이 케이 엘 엠 엔 오 피 큐 알 에스 티 유 브이 더블유 엑스 와이 제트".split()
_CAPITALS = re.compile("[A-Z]{2,}(?![a-z])")
_LOANED = [
    *(("ph", "p"), ("th", "s"), ("sh", "s"), ("ck", "k"), ("qu", "k"), ("x", "ks"), ("eu", "")),
    *(("eo", "o"), ("ae", "e"), ("oo", "u"), ("ee", "i"), ("f", "p"), ("v", "b"), ("c", "k")),
    *(("q", "k"), ("z", "j"), ("l", "r")),
]
_SOFT = re.compile(r"c(?=[eiy])")


def skeleton(word: str) -> str:
    """The consonants of a name by class.

    >>> skeleton("알파카") == skeleton("Alpaca"), skeleton("지식인") == skeleton("jisikin")
    (True, True)
    >>> skeleton("TruthfulQA"), skeleton("트루스풀큐에이")
    ('TLSPLK', 'TLSPLK')
    """
    parts = [_piece(piece) for piece in _PIECE.findall(unicodedata.normalize("NFKC", word))]
    return "".join(parts)


def syllables(word: str) -> int:
    """How many syllables a word has as Koreans say it, about: letters of an acronym count one by one.

    >>> syllables("알파카"), syllables("Alpaca"), syllables("ShareGPT")
    (3, 3, 4)
    """
    count = sum("가" <= letter <= "힣" for letter in word)
    for piece in _PIECE.findall(word):
        if piece.isupper():
            count += len(piece)
        elif piece < "가":
            count += max(1, len(re.findall("[aeiouy]+", re.sub("e$", "", piece.lower()))))
    return count


def romanized(word: str) -> str:
    """A word in Latin letters, small.

    >>> romanized("알파카"), romanized("KoAlpaca")
    ('alpaka', 'koalpaca')
    """
    return "".join(map(_latin, word)).lower()


def loaned(word: str) -> str:
    """A word in Latin letters with those as one that Korean does not tell apart in loanwords.

    Capitals are read letter by letter.

    >>> loaned("엠엠엘유") == loaned("MMLU")
    True
    >>> loaned("비쿠나") == loaned("vicuna"), loaned("팔콘") == loaned("falcon"), loaned("미스트랄")
    (True, True, 'mistrar')
    """
    said = _CAPITALS.sub(lambda run: "".join(_NAMES[ord(c) - ord("A")] for c in run[0]), word)
    latin = re.sub(r"(.)\1", r"\1", romanized(said))
    for spelled, said in _LOANED:
        latin = latin.replace(spelled, said)
    return latin


def _latin(letter: str) -> str:
    if not "가" <= letter <= "힣":
        return letter
    lead, vowel, tail = letters(letter)
    return f"{_LEAD_SOUNDS[lead]}{_VOWEL_SOUNDS[vowel]}{_TAIL_SOUNDS[tail]}".replace("-", "")


def _piece(piece: str) -> str:
    if piece >= "가":
        return "".join(map(_syllable, piece))
    if piece.isupper():
        return "".join(_SPELLED.get(c, "") for c in piece.lower())
    lower = _SOFT.sub("s", piece.lower())
    for two, sound in _DIGRAPHS:
        lower = lower.replace(two, sound)
    return "".join(_LATIN.get(c, "") for c in re.sub(r"(.)\1", r"\1", lower))


def _syllable(letter: str) -> str:
    lead, _, tail = letters(letter)
    return _HANGUL.get(LEADS[lead], "") + (
        "N" if _TAILS[tail] == "ㅇ" else _HANGUL.get(_TAILS[tail], "")
    )
