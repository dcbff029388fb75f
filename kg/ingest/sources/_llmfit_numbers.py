"""Which numbers of llmfit are what a repository says, and which its program filled in.

Its program (scripts/scrape_hf_models.py of its repository) takes the context length from the first of several fields of
config.json, multiplies it by the factor of `rope_scaling` even where the field holds the product already, and writes 4096
where it found none. The count of parameters is that of the safetensors heads, packed or not; where there is none, or it is
less than half of what a formula makes of config.json, the result of a formula stands in its place. No record tells which of
these it was.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from kg.ingest.sources.hub import whole
from kg.language.names import read_name

Row = Mapping[str, Any]

_DEFAULT_LENGTH = 4096
_LONG = 1 << 17  # no model reads more without a rope_scaling or being made for it
_FACTORS = (2, 4, 8, 16, 32, 64)  # what rope_scaling multiplies by
_SHARE = 10  # one record of so many with the shorter length may be a mistake of its own
_TOLERANCE = 0.35  # names round their sizes, and some leave the embeddings out
_LEAST = 1000  # parameters of a model of which nothing else is known
_PACKED_FORMATS = ("awq", "gptq", "autoround")
_PACKED_NAME = re.compile(
    r"(?<![a-z0-9])(?:awq|gptq|exl[23]|hqq|aqlm|quip|autoround|bnb|nf4|(?:nv|mx)?fp4|mxfp[3468]|int[234]|w[234]a\d+"
    r"|o?q[2-8]|\d(?:\.\d+)?[-_]?(?:bits?|bpw))(?![a-z])",
    re.IGNORECASE,
)


class Doubt(NamedTuple):
    """Why a number is no claim."""

    rule: str
    message: str
    value: str


class Lengths:
    """What the context lengths of all records tell of that of one.

    Args:
        rows: all records.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self._defaults: dict[str, Counter[bool]] = defaultdict(Counter)
        self._shapes: dict[tuple[object, ...], Counter[int]] = defaultdict(Counter)
        for row in rows:
            length = whole(row.get("context_length"))
            if length and whole(row.get("num_hidden_layers")):
                self._defaults[str(row.get("architecture"))][length == _DEFAULT_LENGTH] += 1
                self._shapes[_shape(row)][length] += 1

    def doubt(self, row: Row) -> Doubt | None:
        """Why the length of a record is no claim; None if nothing speaks against it."""
        length = whole(row.get("context_length")) or 0
        if length == _DEFAULT_LENGTH and not self._is_read(row):
            return Doubt(
                "default-value",
                "it is written where the configuration names no length",
                str(length),
            )
        if length > _LONG and (shorter := self._shorter(row, length)):
            return Doubt(
                "scaled-length",
                f"models of this shape state {shorter}; it may be multiplied by rope_scaling once too often",
                str(length),
            )
        return None

    def _is_read(self, row: Row) -> bool:
        """Whether config.json was read, and names the length in a field that llmfit knows.

        Most other records of the same architecture have another length then.
        """
        architecture = str(row.get("architecture"))
        seen = self._defaults[architecture]
        return (
            bool(whole(row.get("num_hidden_layers")))
            and architecture != "unknown"
            and seen[False] >= seen[True]
        )

    def _shorter(self, row: Row, length: int) -> int:
        """The length that this one is a multiple of, if enough records of the shape have it; else 0."""
        seen = self._shapes[_shape(row)] if whole(row.get("num_hidden_layers")) else Counter[int]()
        least = seen[length] / _SHARE
        return next(
            (
                length // factor
                for factor in _FACTORS
                if length % factor == 0
                and length // factor >= _LONG // 2
                and seen[length // factor] > least
            ),
            0,
        )


def _shape(row: Row) -> tuple[object, ...]:
    fields = ("num_hidden_layers", "hidden_size", "vocab_size")
    return (str(row.get("architecture")), *(whole(row.get(field)) for field in fields))


def doubt_count(row: Row) -> Doubt | None:
    """Why a record's count of parameters is no claim; None if nothing speaks against it."""
    total = whole(row.get("parameters_raw")) or 0
    tail = str(row.get("name")).rpartition("/")[2]
    packing = _PACKED_NAME.search(tail)
    if packing or row.get("format") in _PACKED_FORMATS:
        how = packing[0] if packing else row["format"]
        return Doubt(
            "packed-parameters", "packed numbers are no count of parameters", f"{total} of {how}"
        )
    if total in _computed(row):
        return Doubt("computed-value", "computed from the configuration, not counted", str(total))
    sizes = [size for size in read_name(tail).sizes if size >= 10**6]
    if sizes and all(abs(total / size - 1) > _TOLERANCE for size in sizes):
        return Doubt("size-in-name", "its name says another size", str(total))
    embeddings = (whole(row.get("hidden_size")) or 0) * (whole(row.get("vocab_size")) or 0)
    if total < (embeddings or _LEAST):
        return Doubt("too-few", "fewer than its embeddings or any model have", str(total))
    return None


def _computed(row: Row) -> set[int]:
    """What llmfit's two formulas give for a record, with experts and without.

    >>> row = {"hidden_size": 4096, "num_hidden_layers": 32, "vocab_size": 128256, "head_dim": 128,
    ...        "num_attention_heads": 32, "num_key_value_heads": 8, "moe_intermediate_size": 14336}
    >>> sorted(_computed(row))
    [4540334080, 6430916608, 8029995008]
    """
    hidden, layers, words = (
        whole(row.get(field)) for field in ("hidden_size", "num_hidden_layers", "vocab_size")
    )
    if not (hidden and layers and words):
        return set()
    heads = whole(row.get("num_attention_heads")) or 1
    keys = whole(row.get("num_key_value_heads")) or heads
    attention = 2 * (heads + keys) * (whole(row.get("head_dim")) or hidden // heads) * hidden
    inner = whole(row.get("moe_intermediate_size")) or 0  # of one expert, or of the whole layer
    experts = whole(row.get("num_experts")) or 0
    shared = whole(row.get("shared_expert_intermediate_size")) or 0
    inners = {4 * hidden * hidden, 3 * hidden * inner}
    if experts:
        inners.add(experts * 3 * hidden * inner + 3 * hidden * shared + experts * hidden)
    rough = layers * (4 * hidden * hidden + 2 * hidden * (inner or 4 * hidden)) + words * hidden
    return {rough, *(layers * (attention + one) + 2 * words * hidden for one in inners if one)}
