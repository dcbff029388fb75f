"""What a function says of a text, kept for texts that come again: of millions of records most say the same few words."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

_T = TypeVar("_T")
_TEXTS = 8_192  # that are kept of a function
_LONGEST = 200  # characters of one: so memory has a bound


def remembered(function: Callable[[str], _T]) -> Callable[[str], _T]:
    """A function of a text that works each text out once, as long as few others come between.

    Args:
        function: what it gives depends on nothing but the text, and nobody changes it.
    """
    kept = lru_cache(_TEXTS)(function)

    @wraps(function)
    def remember(text: str) -> _T:
        return kept(text) if len(text) <= _LONGEST else function(text)

    return remember
