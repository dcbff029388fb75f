"""Sizes as people write them, as whole numbers with what they count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

_LONGEST = 24  # characters of a number
_SCALE = {
    "": 1,
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "million": 10**6,
    "mn": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "billion": 10**9,
    "t": 10**12,
    "tn": 10**12,
    "trillion": 10**12,
}
_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_AMOUNT = re.compile(
    rf"{_NUMBER}\s*-?(?P<scale>k|thousand|mn?|million|bn?|billion|tn?|trillion)?(?P<end>b?(?![\w.]))"
    r"[\s-]*(?P<what>(?:(?:dense|sparse|active|activated|total|model|trainable)\s+)*"
    r"(?:parameters?|params?|tokens?|gb|tb|mb|kb|bytes|hours|pairs|images|documents|rows|"
    r"examples|samples|파라미터|매개변수|토큰)?)",
    re.IGNORECASE,
)
_PARAMETERS = ("parameter", "param", "파라미터", "매개변수")
_MIXTURE = re.compile(rf"(?<!\w)(?P<experts>\d+)\s*[x×]\s*{_NUMBER}\s*[Bb]\b")
_PACKED = frozenset({"I16", "I32", "I64", "U8", "U16", "U32", "U64"})  # several weights in a number
_FEW = 0.01  # of a model's numbers: position ids and the like, which are no weights either
_COUNTS = ("active", "activated", "total", "dense")  # words that say how parameters are counted


class Size(NamedTuple):
    """What a text says of a model's size, in parameters; None where it does not say."""

    parameters: int | None
    active: int | None = None  # parameters used for one token, of a mixture of experts
    mixture: bool = False  # `8x7B`: experts share layers, so the product is no parameter count


def parse_size(text: str, bare: bool = True) -> Size:
    """The parameter count in a text.

    Args:
        text: such as `7B parameters (dense)` or `61B parameters (sparse); 6.6B active parameters`.
        bare: whether an amount counts that does not say what it counts, as in `7B`.

    >>> parse_size("61B parameters (sparse); 6.6B active parameters")
    Size(parameters=61000000000, active=6600000000, mixture=False)
    >>> parse_size("306M").parameters, parse_size("5.5B (text, image) pairs").parameters
    (306000000, None)
    >>> parse_size("1.3 trillion tokens").parameters, parse_size("8x7B")
    (None, Size(parameters=None, active=None, mixture=True))
    """
    if _MIXTURE.search(text):
        return Size(None, mixture=True)
    total = active = None
    for match in _AMOUNT.finditer(text):
        what = match["what"].casefold().strip()
        counted = any(word in what for word in _PARAMETERS)
        if not counted and (what or not bare or not match["scale"] or _else(text, match.end())):
            continue
        number = _whole(match["number"], match["scale"])
        if "activ" in what or re.match(r"[\s(]*activ", text[match.end() :], re.IGNORECASE):
            active = active or number
        else:
            total = total or number
    return Size(total, active)


def _else(text: str, end: int) -> bool:
    """Whether an amount is followed by the thing it counts."""
    after = re.match(r"\s*(\([^)]*\))?\s*([A-Za-z]+)", text[end:])
    return after is not None and after[2].casefold() not in _COUNTS


def _whole(number: str, scale: str | None) -> int:
    if len(number) > _LONGEST:
        return 0  # no size, and too long to be written out again
    return int(Decimal(number.replace(",", "")) * _SCALE[(scale or "").casefold()])


_BYTES = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12, "pb": 10**15}
_COUNTED = re.compile(
    rf"{_NUMBER}\s*(?:(?P<bytes>[kmgtp]b)\b\s*(?P<held>.*)|"
    r"(?P<scale>k|thousand|m|million|b|billion|t|trillion)?(?![\w.])\s*(?P<what>.*))",
    re.IGNORECASE | re.DOTALL,
)


class Amount(NamedTuple):
    """How much of something there is."""

    number: int
    what: str  # `bytes`, or the words for what is counted; "" if the text has none


def parse_amount(text: str) -> Amount | None:
    """One amount that a text begins with and is about.

    >>> parse_amount("1.6TB"), parse_amount("12M (image, text) pairs")
    (Amount(number=1600000000000, what='bytes'), Amount(number=12000000, what='(image, text) pairs'))
    >>> parse_amount("2000 prompts"), parse_amount("about fifty"), parse_amount("2024-05-29")
    (Amount(number=2000, what='prompts'), None, None)
    """
    match = _COUNTED.fullmatch(text.strip())
    if not match or re.match(r"[-/:.\d]", match["what"] or ""):
        return None
    if len(match["number"]) > _LONGEST:
        return None
    if match["bytes"]:
        number = Decimal(match["number"].replace(",", ""))
        return Amount(int(number * _BYTES[match["bytes"].casefold()]), "bytes")
    return Amount(_whole(match["number"], match["scale"]), match["what"].strip())


def is_packed(types: Mapping[str, int]) -> bool:
    """Whether the numbers in a model's tensors are no count of its parameters.

    Args:
        types: how many numbers there are of each safetensors type.

    >>> is_packed({"BF16": 10**9, "I64": 512}), is_packed({"F16": 10**8, "U32": 10**9})
    (False, True)
    """
    packed = sum(count for name, count in types.items() if name in _PACKED)
    return packed > _FEW * sum(types.values())
