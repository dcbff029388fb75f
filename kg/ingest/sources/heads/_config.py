"""What config.json of transformers, and the files beside it, say of a model's make-up; and hints of a parent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.ingest.kit._privacy import redact
from kg.ingest.kit.kit import Found, Kit
from kg.ingest.sources.heads._safetensors import weight_type
from kg.messages.message import mark

# Names of one thing in the configurations of different architectures; the first that is there holds.
_SIZES = {
    "contextLength": (
        "max_position_embeddings",
        "n_positions",
        "max_seq_len",
        "seq_length",
        "n_ctx",
    ),
    "hiddenDimension": ("hidden_size", "n_embd", "d_model", "dim"),
    "layerCount": ("num_hidden_layers", "n_layer", "num_layers", "n_layers"),
    "vocabularySize": ("vocab_size", "padded_vocab_size"),
    "attentionHeadCount": ("num_attention_heads", "n_head", "num_heads", "n_heads"),
}
# Where the language model is described, in configurations of models that read more than text
_INNER = ("text_config", "llm_config", "language_config", "thinker_config")


def config_claims(data: Mapping[str, Any], subject: str, kit: Kit) -> Iterator[Found]:
    """What config.json says.

    Args:
        data: the file.
        subject: id of the model.
        kit: the source's.
    """
    levels = [("", data)]
    levels += [(f"{name}.", data[name]) for name in _INNER if isinstance(data.get(name), dict)]
    for property, fields in _SIZES.items():
        yield from _size(levels, property, fields, subject, kit)
    if isinstance(kind := data.get("model_type"), str) and kind.strip():
        classes = data.get("architectures")
        shown = classes if isinstance(classes, list) else []
        note = ", ".join(one[:100] for one in shown[:5] if isinstance(one, str))
        name = redact(" ".join(kind.split()))[:100]
        yield kit.say(subject, "architectureName", name, "config.json#model_type", note=note)
    for prefix, level in levels:
        for field in ("dtype", "torch_dtype"):
            if name := weight_type(level.get(field)):
                yield kit.say(subject, "weightType", name, f"config.json#{prefix}{field}")
                return


def _size(
    levels: list[tuple[str, Mapping[str, Any]]],
    property: str,
    fields: tuple[str, ...],
    subject: str,
    kit: Kit,
) -> Iterator[Found]:
    """One size: the first of its names that stands at the top, or in the part for text."""
    for prefix, level in levels:
        for field in fields:
            value = level.get(field)
            if value is None:
                continue
            at = f"config.json#{prefix}{field}"
            if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**40:
                yield kit.say(subject, property, value, at)
            else:
                yield kit.issue("number", subject, mark("not a size"), value, at, property)
            return


def hint_claims(text: object, subject: str, at: str, kit: Kit) -> Iterator[Found]:
    """A name under which a model was once loaded: it may be its own, so it is told and is no parent.

    Args:
        text: `_name_or_path` of config.json, or `name_or_path` of tokenizer_config.json.
        subject: id of the model.
        at: where it stands.
        kit: the source's.
    """
    hint = kit.parent(text)
    if hint.sort == "hub":
        yield kit.issue(
            "parent-hint",
            subject,
            mark("it was once loaded under this name, which may be its own"),
            hint.value,
            at,
            "derivedFrom",
        )
