"""Whether a word is of the language and no name: 말고, 걸리는 and 학습했나요 are no slips of anything.

Words stand in kg/language/words. A Korean word is taken apart into a noun or the stem of a verb and what
stands behind it: particles, endings, 하다 and its like, or another noun. Stems change before endings as
the Korean orthography (한글 맞춤법, articles 15 to 18 and 34 to 40) says: 만든 is 만들, 추운 춥, 했 하였.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from kg.language.hangul import letters, syllable

_FOLDER = Path(__file__).parent / "words"
_SUFFIXES: tuple[tuple[str, str], ...] = (
    ("ies", "y"),
    ("ied", "y"),
    ("ing", ""),
    ("ing", "e"),
    ("ed", ""),
    ("ed", "e"),
)
_SUFFIXES += (("es", ""), ("s", ""), ("ly", ""), ("er", ""), ("er", "e"), ("est", ""), ("est", "e"))
_SUFFIXES += (("ness", ""), ("able", ""), ("able", "e"), ("ment", ""), ("ful", ""), ("less", ""))
_PARTICLES = (
    "은 는 이 가 을 를 의 에 에서 에게 께 께서 로 으로 와 과 도 만 부터 까지 보다 처럼 마다 이나 나 이란 란 이라 라 "
    "이랑 랑 하고 한테 만큼 밖에 조차 마저 대로 뿐 이야 야 이여 여 요 든지 이든지 이든 든 라도 이라도 라고 이라고 "
    "라는 이라는 들 끼리 쯤 씩 인 일 이다 다 이고 이며 이면 이지만 이라서 인데 인지 인가 일까 입니다 입니까 이에요 "
    "예요 이었다 였다 이었던 였던 이란 적 적인 적으로 용 성 화 형 별 님 측 간 상 하 내 외 기 식 중 때 당 권 제 급 씨 네 째"
).split()
_ENDINGS = (
    "다 고 지 게 면 으면 며 으며 는 은 을 던 자 네 니 으니 나 으나 냐 서 도록 려고 으려고 러 으러 지만 어 아 여 요 음 기 "
    "는데 은데 던데 는지 은지 던지 을지 을까 나요 까요 는가 은가 는가요 어요 아요 여요 어서 아서 여서 어도 아도 여도 어야 "
    "아야 여야 었 았 였 겠 시 으시 셨 으셨 습니다 습니까 니다 니까 으니까 세요 으세요 십시오 으십시오 지요 죠 네요 군요 "
    "구나 거나 든지 자마자 면서 으면서 듯이 듯 느라 다가 다면 는다면 다는 는다는 라고 으라고 다고 는다고 자고 라 으라 "
    "어라 아라 는다 을게 을래 을수록 수록 기에 기도 기는 기만 길 지는 지도 지를 음을 음이 음은 게끔 데 는데도 지 않은 "
    "줘 줘요 주세요 주십시오 줄래요 줄 주는 주고 봐 본 볼 보는 보기 놓은 둔 래 래요 까 게요 대 대요 던가 든 든가 려면 으려면 려는 으려는 ㄴ ㄹ ㅁ ㅂ ㅆ"
).split()
_MADE = "하 되 시키 당하 받 스럽 롭 답 거리 대 이 드리 지 나 맞 없 있 같 싶"  # verbs made of nouns
_PARTICLE_RUN = re.compile(f"(?:{'|'.join(sorted(_PARTICLES, key=len, reverse=True))}){{0,3}}")
_ENDING_RUN = re.compile(f"(?:{'|'.join(sorted(_ENDINGS, key=len, reverse=True))}){{0,4}}")
_ENDED: tuple[str, ...] = (
    "습니다",
    "습니까",
    "나요",
    "까요",
    "세요",
    "어요",
    "아요",
    "해요",
    "지만",
    "면서",
    "려고",
    "도록",
)
_ENDED += (
    "는데",
    "한다",
    "된다",
    "했다",
    "됐다",
    "하는",
    "되는",
    "해서",
    "하면",
    "스러운",
    "로운",
    "거나",
)
_CONTRACTED = {"ㅐ": "ㅏ", "ㅘ": "ㅗ", "ㅝ": "ㅜ", "ㅕ": "ㅣ", "ㅓ": "ㅡ", "ㅏ": "ㅡ", "ㅙ": "ㅚ"}
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FUSED = {4: "ㄴ", 8: "ㄹ", 16: "ㅁ", 17: "ㅂ", 20: "ㅆ"}  # tails that are endings
_DROPPED = (8, 17, 19, 7)  # tails ㄹ ㅂ ㅅ ㄷ that a stem loses before some endings
_MOST = 12  # syllables of a word that is taken apart


@lru_cache(50_000)
def is_ordinary(word: str) -> bool:
    """Whether a word is of the common language, Korean or English, in any of its forms.

    >>> [is_ordinary(word) for word in ("말고", "걸리는", "가능한", "학습했나요", "comparing", "houses")]
    [True, True, True, True, True, True]
    >>> [is_ordinary(word) for word in ("알팍카", "비쿠냐", "alpacca", "mistrla")]
    [False, False, False, False]
    """
    word = word.lower()
    if word.isascii():
        return word.isalpha() and _is_english(word)
    return len(word) <= _MOST and bool(re.fullmatch("[가-힣]+", word)) and _is_korean(word)


def is_word(word: str) -> bool:
    """Whether a word stands in the list of Korean words as it is, with nothing behind it.

    >>> is_word("가격"), is_word("가격을")
    (True, False)
    """
    return word in _words("ko")


def _is_english(word: str) -> bool:
    known = _words("en")
    if word in known:
        return True
    stems = (word[: -len(end)] + other for end, other in _SUFFIXES if word.endswith(end))
    return any(_is_english(s) or (s[-1] == s[-2] and s[:-1] in known) for s in stems if len(s) > 2)


def _is_korean(word: str) -> bool:
    if word in _words("ko") or (word.endswith(_ENDED) and len(word) > 2):
        return True
    if word[1:] in _PARTICLES:
        return True  # 수를, 곳에서: names of one syllable are none
    if any(_ENDING_RUN.fullmatch(rest) for stem, rest in _stems(word) if stem in _verbs()):
        return True
    for size in range(len(word) - 1, 1, -1):
        rest = word[size:]
        if word[:size] in _words("ko") and (
            _PARTICLE_RUN.fullmatch(rest) or _is_made(rest) or (len(rest) > 1 and _is_korean(rest))
        ):
            return True
    return False


def _is_made(rest: str) -> bool:
    """Whether a noun is a verb or an adjective with this behind it: 했나요, 스러운."""
    made = _MADE.split()
    return any(_ENDING_RUN.fullmatch(end) for stem, end in _stems(rest) if stem in made)


def _stems(word: str) -> Iterator[tuple[str, str]]:
    """What may be the stem of a verb, and the endings behind it with a tail that is one before them."""
    for size in range(len(word), 0, -1):
        stem, rest = word[:size], word[size:]
        yield stem, rest
        lead, vowel, tail = letters(stem[-1])
        before = stem[:-1]
        opened = [syllable(lead, vowel, 0)] if tail in _FUSED or not tail else []
        if tail in (0, 20) and (other := _CONTRACTED.get(_VOWELS[vowel])):
            opened.append(syllable(lead, _VOWELS.index(other), 0))
            if before and lead == 5 and letters(before[-1])[2] == 8:  # 몰라 is 모르
                yield _with_tail(before, 0) + syllable(lead, 18, 0), "어" + rest
        fused = _FUSED.get(tail, "")
        for last in opened:
            yield before + last, fused + rest
            for lost in _DROPPED:
                yield before + syllable(*letters(last)[:2], lost), fused + rest
        if before and stem[-1] in "우운울움웠워으은을" and not letters(before[-1])[2]:
            yield _with_tail(before, 17), rest  # 추운 is 춥


def _with_tail(word: str, tail: int) -> str:
    return word[:-1] + syllable(*letters(word[-1])[:2], tail)


@lru_cache
def _words(language: str) -> frozenset[str]:
    return frozenset((_FOLDER / f"{language}.txt").read_text("utf-8").split())


def _verbs() -> frozenset[str]:
    return _words("ko-verbs")
