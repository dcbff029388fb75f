"""The glossary: words that mean the same, from data/glossary.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.errors import DataError
from kg.files.yaml import read_yaml
from kg.language.tokens import key
from kg.messages.message import Message

Glossary = Mapping[str, str]  # a word as `key` writes it -> the name of what it means


def read_glossary(path: Path) -> Glossary:
    """Read the glossary.

    Args:
        path: a YAML list of lists of words; may be missing.

    Raises:
        DataError: not a list of words, or a word on two lines; with file and line.
    """
    if not path.exists():
        return {}
    file = read_yaml(path, f"{path.parent.name}/{path.name}")
    names: dict[str, str] = {}
    for i, words in enumerate(file.data or []):
        line = file.line((i,))
        if not isinstance(words, list) or not all(isinstance(w, str) and key(w) for w in words):
            raise DataError(
                Message("each entry is a list of words that mean the same"), file.name, line
            )
        for word in words:
            if names.setdefault(key(word), key(words[0])) != key(words[0]):
                raise DataError(
                    Message("%(word)r stands in two entries; join them", word=word), file.name, line
                )
    return names
