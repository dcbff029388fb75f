"""Tokenizer files read into signals: tokenizer.json of the library tokenizers, and merges.txt.

What is counted, and how, is how the published fingerprints were made (data/fingerprints/NOTICE): tokens are those of the
vocabulary and those added, merges are written as two parts with a space between.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

import msgspec

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.files.parsing import lines, text
from kg.ingest.fingerprints._signals import Signals
from kg.messages.message import Message

TOKENIZERS = frozenset({"tokenizer.json", "merges.txt"})  # files that are read
HASH = 16  # hexadecimal digits of a hash that are kept
_HASHED = 50  # merges
_SPACES = ("\u2581", "\u0120", " ")  # what stands for a space at the head of a token
_BYTE = re.compile(r"<0x[0-9A-Fa-f]{2}>")


class _Added(msgspec.Struct):
    content: str


class _Model(msgspec.Struct):
    # token -> number; of a model without merges, tokens with their scores
    vocab: dict[str, int] | list[tuple[str, float]] = {}
    merges: list[str | tuple[str, str]] = []


class _Tokenizer(msgspec.Struct):
    model: _Model
    added_tokens: list[_Added] = []


def tokenizer_signals(file: IntakeFile) -> Signals:
    """What tokenizer.json or merges.txt tells.

    Args:
        file: one of the two, by its name.

    Raises:
        DataError: it cannot be read, or is another file of that name.
    """
    if file.name.casefold().endswith(".txt"):
        read_lines = (line.decode("utf-8", "replace").strip("\r\n") for _, line in lines(file))
        return _merge_signals(read_lines)
    try:
        read = msgspec.json.decode(text(file), type=_Tokenizer)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise DataError(
            Message("not a tokenizer.json: %(error)s", error=error), file.name
        ) from error
    vocabulary: Iterable[str] = (
        read.model.vocab if isinstance(read.model.vocab, dict) else (t for t, _ in read.model.vocab)
    )
    tokens = {*vocabulary, *(one.content for one in read.added_tokens)}
    merges = [one if isinstance(one, str) else " ".join(one) for one in read.model.merges]
    return Signals(**{**_merge_signals(merges).known(), **_token_statistics(tokens)})


def _merge_signals(merges: Iterable[str]) -> Signals:
    """What merges tell; only the first of them are kept."""
    rest = iter(merges)
    first = [merge for merge in islice(rest, _HASHED + 1) if not merge.startswith("#version")]
    if not first:
        return Signals()
    many = len(first) + sum(1 for _ in rest)
    digest = hashlib.sha256("\n".join(first[:_HASHED]).encode("utf-8", "replace"))
    return Signals(merges=many, merges_hash=digest.hexdigest()[:HASH])


def _token_statistics(tokens: set[str]) -> Mapping[str, Any]:
    if not tokens:
        return {}
    many = len(tokens)
    lengths = [len(token) for token in tokens]
    return {
        "tokens": many,
        "token_length": round(sum(lengths) / many, 2),
        "longest": max(lengths),
        "single": round(lengths.count(1) / many, 4),
        "spaced": round(sum(token.startswith(_SPACES) for token in tokens) / many, 4),
        "byted": round(sum(bool(_BYTE.fullmatch(token)) for token in tokens) / many, 4),
    }
