"""The signals that tell models apart without their weights, and config.json read into them.

A signal is a number or word that a model keeps from the one it was made from: its shape and its tokenizer. What a
file does not state is None, never a default of the program that loads it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

_MOST = 10**9  # a count beyond it is no count
# Where models that read more than text keep the part that writes it.
_INNER = ("text_config", "llm_config", "language_config", "decoder", "thinker_config")
# What classes of transformers call the same thing, the usual name first.
_COUNTS: Mapping[str, Sequence[str]] = {
    "hidden": ("hidden_size", "n_embd", "d_model"),
    "layers": ("num_hidden_layers", "n_layer", "num_layers", "n_layers"),
    "heads": ("num_attention_heads", "n_head", "num_heads", "n_heads"),
    "kv_heads": ("num_key_value_heads", "num_kv_heads", "multi_query_group_num", "n_head_kv"),
    "inner": ("intermediate_size", "d_ff", "ffn_dim", "ffn_hidden_size", "n_inner"),
    "rows": ("vocab_size", "padded_vocab_size"),
    "context": ("max_position_embeddings", "n_positions", "n_ctx", "seq_length"),
}
_NUMBERS: Mapping[str, Sequence[str]] = {
    "rope_base": ("rope_theta", "rotary_emb_base"),
    "rotary": ("partial_rotary_factor", "rotary_pct"),
}
_ROPE = ("rope_parameters", "rope_scaling")  # where newer files keep both of them


class Signals(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, rename="camel"):
    """What config and tokenizer files tell of a model; None where they do not."""

    kind: str | None = None  # model_type, the class of transformers
    hidden: int | None = None  # numbers for each token
    layers: int | None = None
    heads: int | None = None
    kv_heads: int | None = None
    inner: int | None = None  # width between the two halves of a layer
    rotary: float | None = None  # share of a head that rotary positions turn
    rows: int | None = None  # of the embedding
    rope_base: float | None = None
    context: int | None = None  # tokens
    tied: bool | None = None  # whether input and output embeddings are one
    tokens: int | None = None  # of the tokenizer, added ones with them
    merges: int | None = None
    merges_hash: str | None = None  # the first 16 digits of the SHA-256 of the first 50, one a line
    token_length: float | None = None  # characters, on average
    longest: int | None = None  # characters of the longest token
    single: float | None = None  # share of tokens of one character
    spaced: float | None = None  # share of tokens that begin with a space
    byted: float | None = None  # share of tokens that stand for a byte

    def known(self) -> Mapping[str, Any]:
        """The signals that are known, by name."""
        told = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in told.items() if value is not None}


def joined(parts: Sequence[Signals]) -> Signals:
    """The signals of several files of one model; of two that tell the same the first counts."""
    told: dict[str, Any] = {}
    for part in reversed(parts):
        told |= part.known()
    return Signals(**told)


def config_signals(config: Mapping[str, Any]) -> Signals:
    """What a config.json tells; fields that hold no sound value tell nothing.

    Args:
        config: the file, as parsed.
    """
    text = _text_part(config)
    told: dict[str, Any] = {
        name: _first(text, names, _count) for name, names in _COUNTS.items()
    } | {name: _first(text, names, _number) for name, names in _NUMBERS.items()}
    for rope in (text.get(name) for name in _ROPE):
        if isinstance(rope, dict):
            for name, names in _NUMBERS.items():
                told[name] = told[name] or _first(rope, names, _number)
    tied = text.get("tie_word_embeddings", config.get("tie_word_embeddings"))
    kind = config.get("model_type")
    told["tied"] = tied if isinstance(tied, bool) else None
    told["kind"] = kind if isinstance(kind, str) and len(kind) < 100 else None
    return Signals(**told)


def _text_part(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a configuration that speaks of text."""
    if _first(config, _COUNTS["hidden"], _count):
        return config
    for name in _INNER:
        inner = config.get(name)
        if isinstance(inner, dict):
            found = inner if name != "thinker_config" else _text_part(inner)
            if _first(found, _COUNTS["hidden"], _count):
                return found
    return config


def _first(where: Mapping[str, Any], names: Sequence[str], read: Any) -> Any:
    return next((value for name in names if (value := read(where.get(name))) is not None), None)


def _count(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < _MOST:
        return value
    return None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < 10**15 and math.isfinite(value) and value > 0 else None
