"""Numbers as people write them, in Korean by ten thousands."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

SHORT = ((10**12, "T"), (10**9, "B"), (10**6, "M"))
_MYRIADS = ((10**12, "조"), (10**8, "억"), (10**4, "만"), (1, ""))
_READABLE = 1e15  # from here on a number is written with a power of ten
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@lru_cache(4096)
def number(value: float, lang: str) -> str:
    """A number with its thousands set apart, which English and Korean write alike.

    It gives what Babel gives (tests/language/test_numbers.py), in a thirtieth of the time.

    >>> number(52002, "en"), number(0.00002, "en"), number(8.0, "ko"), number(1.2e24, "ko")
    ('52,002', '0.00002', '8', '1.2 × 10²⁴')
    """
    if isinstance(value, float) and value >= _READABLE:
        digits, _, exponent = f"{value:.4e}".partition("e+")
        return f"{float(digits):g} × 10{str(int(exponent)).translate(_RAISED)}"
    written = f"{Decimal(str(value)):,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def large(value: int, lang: str) -> str:
    """A number that is easy to read, beside it the exact one where the short one is not exact enough.

    >>> large(6_700_000_000, "en"), large(6_700_000_000, "ko")
    ('6.7B (6,700,000,000)', '67억')
    >>> large(1_234_567, "en"), large(1_234_567, "ko"), large(52_002, "ko")
    ('1.23M (1,234,567)', '123만 4,567', '52,002')
    """
    if lang == "ko":
        return _myriads(value) if value >= 100_000 else number(value, lang)
    told = short(value)
    return f"{told} ({number(value, lang)})" if told else number(value, lang)


def brief(value: int, lang: str) -> str:
    """A number as short as it can be read, for lists.

    >>> brief(12_800_000_000, "en"), brief(6_738_415_616, "ko"), brief(568_000_000, "ko"), brief(13_863, "ko")
    ('12.8B', '67억', '5.7억', '13,863')
    """
    if lang != "ko" or value < 100_000:
        return short(value) or number(value, lang)
    size, word = next((size, word) for size, word in _MYRIADS if value >= size)
    if value < 10 * size:  # 5억 of 568 million says too little
        return f"{float(f'{value / size:.2g}'):g}{word}"
    return _myriads(value // size * size)


def both_ways(value: int, written: str, lang: str) -> str:
    """A count of parameters or tokens as it was written, in Korean also as names of models and searches have it.

    >>> both_ways(12_800_000_000, "128억", "ko"), both_ways(12_800_000_000, "12.8B", "en")
    ('128억(12.8B)', '12.8B')
    >>> both_ways(4096, "4,096", "ko")
    '4,096'
    """
    letters = short(value)
    return f"{written}({letters})" if lang == "ko" and letters else written


def short(value: int, sizes: tuple[tuple[int, str], ...] = SHORT, space: str = "") -> str:
    """A number in the largest unit that it holds one of, or "" if it holds none.

    >>> short(7_241_732_096), short(12)
    ('7.24B', '')
    """
    for size, letter in sizes:
        if value >= size:
            return f"{float(f'{value / size:.3g}'):g}{space}{letter}"
    return ""


def _myriads(value: int) -> str:
    """A number in the Korean way, by ten thousands."""
    parts = []
    for size, word in _MYRIADS:
        count, value = divmod(value, size)
        if count:
            parts.append(f"{count:,}{word}")
    return " ".join(parts)
