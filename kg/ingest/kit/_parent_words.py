"""The words by which texts that should name a parent are told apart: data/ingest/parents.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from kg.errors import DataError
from kg.files.yaml import read_yaml
from kg.messages.message import Message
from kg.paths import DATA

_NAME = "data/ingest/parents.yaml"


@cache
def parent_words(group: str) -> Mapping[str, int]:
    """The words of a group, in lower case, each with its place in the list.

    Raises:
        DataError: the file has no such list.
    """
    words = _file().get(group)
    if not isinstance(words, list):
        raise DataError(Message("must hold lists of words"), _NAME, 1)
    return {str(word).casefold(): place for place, word in enumerate(words)}


@cache
def canonical_models() -> Mapping[str, str]:
    """The models that the Hub kept without an owner, in lower case, each with the id it has there now."""
    owners = _file().get("canonical")
    if not isinstance(owners, dict):
        raise DataError(Message("must hold lists of words"), _NAME, 1)
    return {str(name): f"{owner}/{name}" for owner, names in owners.items() for name in names}


@cache
def _file() -> Mapping[str, object]:
    data = read_yaml(DATA / "ingest" / "parents.yaml", _NAME).data
    return data if isinstance(data, dict) else {}
