"""Numbers in words: sizes by ten thousands (70억, 천팔백억, 7 billion), versions as they are said (삼점일).

Korean counts by 만 (10⁴), 억 (10⁸) and 조 (10¹²), in digits, in words or in both (7십억). English names
say the same in billions, and so do the names of models, so that 70억 and 7B are one size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_DIGITS = {c: i for i, c in enumerate("영일이삼사오육칠팔구")} | {"공": 0, "륙": 6}
_TENS = {"십": 10, "백": 100, "천": 1000}
_MYRIADS = {"만": 10**4, "억": 10**8, "조": 10**12}
_SCALE = {
    **{"k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12, "bn": 10**9, "tn": 10**12},
    **{"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12},
}
_AMOUNT = r"(?:\d+(?:,\d{3})+|\d+)(?:\.\d+)?"
# An amount is taken whole: digits that could be cut in many ways would be tried in all of them.
_SECTION = rf"(?:(?>{_AMOUNT})|[일이삼사오육륙칠팔구십백천])+"
_KOREAN = re.compile(rf"(?:{_SECTION}\s?[만억조])(?:\s?{_SECTION}[만억])*")
_ENGLISH = re.compile(rf"({_AMOUNT})\s?-?(bn|tn|thousand|million|billion|trillion|[kmbt])", re.I)
_COUNTED = r"(?:parameters?|params?|매개\s?변수|파라미터|모수)"
# What is counted otherwise than in parameters: money, tokens, people, texts.
_OTHER = (
    r"(?!\s?(?:개의?\s?)?(?:[원불명건위번회분초]|달러|토큰|문장|단어|글자|자료|데이터|어절|쌍|문서|이미지|장의|시간"
    r"|tokens?|words?|dollars?|users?|documents?|pages?|images?|pairs?|examples?|samples?)(?![a-z]))"
)
_SAID = re.compile(
    rf"(?:(?<![a-z\d.,])(?=\d)|(?<![\w.,]))(?P<number>{_KOREAN.pattern})"
    rf"(?:\s?(?:개의?|여)?\s?(?P<of>{_COUNTED})|\s?(?:짜리|급|규모)의?|개(?![가-힣]))?{_OTHER}"
    rf"|(?<![\w.,])(?P<english>{_AMOUNT}\s?-?(?:bn|thousand|million|billion|trillion))"
    rf"(?![a-z])(?:[\s-]?{_COUNTED})?{_OTHER}",
    re.IGNORECASE,
)
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)([bmt])")
_UNIT = re.compile("[만억조]|[Ii][Ll][Ll][Ii][Oo][Nn]|[Bb][Nn]")
_SMALLEST = 10**6  # parameters of what is called by its size
_SPOKEN = {
    **{"제로": "0", "원": "1", "투": "2", "쓰리": "3", "스리": "3", "포": "4", "파이브": "5"},
    **{"식스": "6", "세븐": "7", "에잇": "8", "에이트": "8", "나인": "9", "텐": "10"},
    **{"영": "0", "일": "1", "이": "2", "삼": "3", "사": "4", "오": "5", "육": "6", "칠": "7"},
    **{"팔": "8", "구": "9", "십": "10", "zero": "0", "one": "1", "two": "2", "three": "3"},
    **{"four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10"},
}
_DIGIT = "|".join(sorted(_SPOKEN, key=len, reverse=True))
_POINT = r"점|쩜|포인트|point|dot"
SPOKEN = rf"(?:{_DIGIT})(?:\s?(?:{_POINT})\s?(?:{_DIGIT}))?(?![a-z])"  # a version as it is said


def read_count(text: str) -> int | None:
    """A number in digits and words, None if it is none.

    >>> read_count("70억"), read_count("1,800억"), read_count("칠십억"), read_count("7십억")
    (7000000000, 180000000000, 7000000000, 7000000000)
    >>> read_count("1조 2천억"), read_count("0.5B"), read_count("7 billion"), read_count("라마")
    (1200000000000, 500000000, 7000000000, None)
    """
    text = text.strip().lower()
    if match := _ENGLISH.fullmatch(text):
        return int(Decimal(match[1].replace(",", "")) * _SCALE[match[2]])
    if not _KOREAN.fullmatch(text):
        return None
    total = Decimal(0)
    for section in re.findall(r"([^만억조]+)([만억조])", text.replace(" ", "")):
        total += _section(section[0]) * _MYRIADS[section[1]]
    return int(total)


def _section(text: str) -> Decimal:
    """A number below ten thousand: 천팔백, 7십, 1,800."""
    total, digit = Decimal(0), Decimal(0)
    waits = False
    for piece in re.findall(rf"{_AMOUNT}|.", text):
        if piece in _TENS:
            total += (digit if waits else 1) * _TENS[piece]
            digit, waits = Decimal(0), False
        else:
            value = _DIGITS.get(piece)
            digit = Decimal(piece.replace(",", "")) if value is None else digit * 10 + value
            waits = True
    return total + digit


def size_of(text: str) -> float:
    """A size as parameters, 0 if it is none.

    >>> size_of("7.8b"), size_of("1t"), size_of("4bit"), size_of("3")
    (7800000000.0, 1000000000000.0, 0.0, 0.0)
    """
    match = _SIZE.fullmatch(text)
    return float(match[1]) * _SCALE[match[2]] if match else 0.0


def written_size(count: int) -> str:
    """A number of parameters as names have it.

    >>> written_size(12_800_000_000), written_size(500_000_000), written_size(10**12)
    ('12.8b', '0.5b', '1t')
    """
    for unit, letter in ((10**12, "t"), (10**9, "b"), (10**6, "m")):
        if count * 10 >= unit and (letter != "t" or count >= unit):
            return f"{format((Decimal(count) / unit).normalize(), 'f')}{letter}"
    return str(count)


def may_say_size(text: str) -> bool:
    """Whether it is worth a look whether a text says a size in words; most say none.

    >>> may_say_size("Llama 2 7B"), may_say_size("7 billion")
    (False, True)
    """
    if text.isascii():
        letters = text.lower()
        return "illion" in letters or "bn" in letters
    return _UNIT.search(text) is not None


def said_sizes(text: str) -> Iterator[tuple[str, int, int]]:
    """The sizes that a text says in words, as names have them, each with its place.

    What counts other things is none: 1조 토큰, 10억 달러.

    >>> list(said_sizes("70억 매개변수 모델")), list(said_sizes("1조 토큰")), list(said_sizes("7B"))
    ([('7b', 0, 8)], [], [])
    """
    for match in _SAID.finditer(text) if may_say_size(text) else ():
        count = read_count(match["number"] or match["english"])
        said = match["number"] or ""
        many = said.endswith("만") or re.fullmatch("[가-힣]+조", said)
        if count is None or count < _SMALLEST or (many and not match["of"]):
            continue  # ten thousands count people and texts; 구조 is a structure, 사조 a school
        yield written_size(count), match.start(), match.end()


def with_sizes(text: str) -> str:
    """A text with the sizes that it says in words as names have them; what counts other things stays.

    >>> with_sizes("70억 매개변수 알파카"), with_sizes("팔콘 1,800억"), with_sizes("칠십억짜리 모델")
    ('7b 알파카', '팔콘 180b', '7b 모델')
    >>> with_sizes("1조 토큰으로 학습한"), with_sizes("52만 건"), with_sizes("7 billion parameter llama")
    ('1조 토큰으로 학습한', '52만 건', '7b llama')
    >>> with_sizes("라마70억"), with_sizes("모델 구조"), with_sizes("일조 파라미터")
    ('라마7b', '모델 구조', '1t')
    """
    for size, start, end in reversed(list(said_sizes(text))):
        text = text[:start] + size + text[end:]
    return text


def read_version(spoken: str) -> str:
    """A version as it is said, in digits; "" if it is none.

    >>> read_version("쓰리"), read_version("삼점일"), read_version("three point one"), read_version("모델")
    ('3', '3.1', '3.1', '')
    """
    if not re.fullmatch(SPOKEN, spoken, re.IGNORECASE):
        return ""
    whole, *part = re.split(rf"\s?(?:{_POINT})\s?", spoken.lower())
    return ".".join(_SPOKEN[digit] for digit in (whole, *part))
