"""Words that stand where a value should be: data/ingest/words.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kg.errors import DataError
from kg.files.yaml import read_yaml
from kg.language.memo import remembered
from kg.messages.message import Message

NOTHING, UNKNOWN, OTHER_LICENSE, NO_LICENSE = "nothing", "unknown", "other_license", "no_license"
ABSENT = frozenset((NOTHING, UNKNOWN, OTHER_LICENSE, NO_LICENSE))  # groups that stand for no value
MAKER, NAME_TAIL = "maker", "name_tail"  # groups of words that are values
VECTOR_STORE = "vector_store"


@cache
def read_words(data: Path) -> Mapping[str, str]:
    """Every such word, folded, with its group.

    Raises:
        DataError: the file is not a mapping of lists.
    """
    file = read_yaml(data / "ingest" / "words.yaml", "data/ingest/words.yaml")
    if not isinstance(file.data, dict) or not all(isinstance(v, list) for v in file.data.values()):
        raise DataError(Message("must hold lists of words"), file.name, 1)
    return {fold(str(w or "")): group for group, words in file.data.items() for w in words}


@remembered
def fold(text: str) -> str:
    """A text as words are compared.

    >>> fold("  Not  Stated. ")
    'not stated'
    """
    return " ".join(text.split()).strip(" .").casefold()


def outside_brackets(text: str) -> list[str]:
    """The parts of a text between commas that stand in no bracket.

    >>> outside_brackets("HKUST (Guangzhou, main), BAAI")
    ['HKUST (Guangzhou, main)', 'BAAI']
    """
    parts, depth = [""], 0
    for char in text:
        depth = max(0, depth + (char in "([{") - (char in ")]}"))
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]
