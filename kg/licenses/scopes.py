"""Models of which alone some clauses speak, such as the multimodal ones, and how sources tell them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

_WORD = re.compile(r"[^\W_]+")


class Scope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Models of which alone some clauses speak, and the words by which sources tell them."""

    label: dict[str, str]
    inside: tuple[str, ...]  # a word of these makes a model one of them
    outside: tuple[str, ...]  # words of these alone make it another
    note: dict[str, str]  # where sources do not tell

    def holds(self, content: Iterable[str]) -> bool | None:
        """Whether a model is one of them; None if sources do not tell.

        Args:
            content: what sources say that it takes, gives and is made to do.
        """
        told = [text.casefold() for text in content]
        words = {word for text in told for word in _WORD.findall(text)}
        if words & {*self.inside}:
            return True
        return False if words and words <= {*self.outside} else None
