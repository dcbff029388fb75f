"""About how many tokens a text takes, guessed from above without a vocabulary, which would be megabytes."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+|\n|[^\x00-\x7f]+|[^\sA-Za-z\d]+")
_WORD, _CAPITALS, _DIGITS, _SIGNS = 5, 3, 3, 3  # signs that one token holds, on average at least
_OTHERS = 1.25  # tokens of a sign beyond ASCII, such as a syllable of Hangul


def estimate_tokens(text: str) -> int:
    """About as many tokens as a text has by the vocabularies of today, rather more than fewer.

    tests/agents/test_costs.py holds it against o200k_base and cl100k_base.

    >>> estimate_tokens("model/alpaca-7b"), estimate_tokens("알파카 7B")
    (7, 6)
    """
    return round(sum(map(_tokens, _PARTS.findall(text))))


def _tokens(part: str) -> float:
    if not part.isascii():
        return len(part) * _OTHERS
    if part.isalpha():
        each = _CAPITALS if part.isupper() else _WORD
    else:
        each = _DIGITS if part.isdigit() else _SIGNS
    return -(-len(part) // each)
