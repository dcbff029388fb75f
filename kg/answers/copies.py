"""How many copies a model has, in words."""

from __future__ import annotations

from collections.abc import Mapping

from kg.model.vocabulary import Vocabulary


def count_copies(copies: Mapping[str, int], vocabulary: Vocabulary, lang: str) -> list[str]:
    """How many copies there are by each relation, in words: 12 quantizations.

    >>> from kg.model.vocabulary import load_vocabulary
    >>> count_copies({"quantizedFrom": 12, "mirrorOf": 1}, load_vocabulary(), "en")
    ['12 quantizations', '1 mirror']
    >>> count_copies({"quantizedFrom": 12}, load_vocabulary(), "ko")
    ['양자화 12개']
    """
    return [
        _counted(vocabulary.properties[name].copy_word, copies[name], lang)
        for name in vocabulary.copies
        if copies.get(name)
    ]


def _counted(words: Mapping[str, str], number: int, lang: str) -> str:
    if lang == "ko":
        return f"{words['ko']} {number:,}개"
    return f"{number:,} {words['en']}{'s' if number > 1 else ''}"
