"""Sizes in billions that a table gives with few digits, against what the names of the models say.

Tables cut such numbers, mix up what is active and what is there, and write one number for all sizes of a family. What the
name of a model says too is taken, and large numbers that nothing contradicts.
"""

from __future__ import annotations

import re
from decimal import Decimal

_SCALE = {"b": 10**9, "m": 10**6, "t": 10**12}
_SIZE = re.compile(r"(?<![a-z0-9._x×])(\d+(?:[._]\d+)?)(b|m|t)(?![a-z0-9])")
_ACTIVE = re.compile(r"(?<![a-z0-9])a(\d+(?:\.\d+)?)b(?![a-z0-9])")
_LARGE = 100 * 10**9  # parameters; a whole number of billions is exact enough from here on
_EXACT = 3  # digits of a number that was not made round


def named_size(id: str) -> int:
    """How many parameters the name of a repository says; 0 if it says none.

    >>> named_size("Qwen/Qwen3-30B-A3B"), named_size("Qwen/Qwen-1_8B-Chat"), named_size("a/Mixtral-8x7B")
    (30000000000, 1800000000, 0)
    """
    found = _SIZE.search(_tail(id))
    return int(Decimal(found[1].replace("_", ".")) * _SCALE[found[2]]) if found else 0


def said_size(id: str, billions: str) -> int:
    """The parameters of a repository by a table; 0 if its name says otherwise, or the number is too rough.

    >>> said_size("tencent/Hy-MT2-1.8B", "2"), said_size("openai-community/gpt2", "1.5")
    (1800000000, 0)
    >>> said_size("deepseek-ai/DeepSeek-V3", "671"), said_size("facebook/opt-125m", "1")
    (671000000000, 0)
    """
    size, named = _whole(billions), named_size(id)
    if not named:
        digits = len(billions.replace(".", "").strip("0"))
        return size if size >= _LARGE or digits >= _EXACT else 0
    step = 10 ** (9 - len(billions.partition(".")[2]))  # of the last digit; tables cut or round
    return named if -step / 2 <= named - size < step else 0


def active_size(id: str, billions: str, total: int) -> int:
    """The active parameters of a repository by a table; 0 if its name or the total speaks against them.

    >>> active_size("Qwen/Qwen3-30B-A3B", "3", 30 * 10**9), active_size("a/Moe-7B-A2B", "7", 7 * 10**9)
    (3000000000, 0)
    """
    if not is_number(billions):
        return 0
    size, found = _whole(billions), _ACTIVE.search(_tail(id))
    agrees = abs(size - _whole(found[1])) < 10**9 if found else size * 2 < total
    return size if agrees else 0


def is_number(text: str) -> bool:
    """Whether a text is a plain number.

    >>> is_number("0.6"), is_number("None"), is_number("-1")
    (True, False, False)
    """
    return bool(re.fullmatch(r"\d{1,6}(\.\d{1,6})?", text))


def _whole(billions: str) -> int:
    return int(Decimal(billions) * 10**9)


def _tail(id: str) -> str:
    return id.rpartition("/")[2].casefold()
