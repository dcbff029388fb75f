"""adapter_config.json: of PEFT, of MLX, of AdapterHub and of others, which name the base under keys of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Keys that name the base: of PEFT; of MLX, and MLX before that; of AdapterHub; of others.
_BASES = (
    "base_model_name_or_path",
    "model",
    "model_name_or_path",
    "model_name",
    "base_model",
    "base_model_name",
    "base_model_id",
)
_FULL = "full"  # of MLX's fine_tune_type: all weights were trained, and the file holds all of them


def bases_of(data: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """The keys that name a base, each with what stands there; the first key if none does.

    >>> list(bases_of({"model": "a/b", "fine_tune_type": "lora"})), list(bases_of({}))
    ([('model', 'a/b')], [('base_model_name_or_path', None)])
    """
    found = [(key, data[key]) for key in _BASES if isinstance(data.get(key), str) and data[key]]
    odd = [(key, data[key]) for key in _BASES if data.get(key) and not isinstance(data[key], str)]
    told: set[object] = set()
    for key, value in found or odd[:1] or [(_BASES[0], None)]:
        if value not in told if isinstance(value, str) else True:
            yield key, value
        told.add(str(value))


def relation_of(data: Mapping[str, Any]) -> str:
    """How a model that has an adapter_config.json derives from its base."""
    return "fineTunedFrom" if data.get("fine_tune_type") == _FULL else "adapterOf"


def note_of(data: Mapping[str, Any]) -> str:
    """The kind of adapter, and the revision of its base."""
    config = data.get("config")  # of AdapterHub
    inner = config.get("architecture") if isinstance(config, dict) else config
    kinds = (data.get("peft_type"), data.get("fine_tune_type"), inner)
    kind = next((" ".join(k.split())[:60] for k in kinds if isinstance(k, str) and k), "")
    revision = data.get("revision")
    shown = revision if isinstance(revision, str) and revision else ""
    return "; ".join(filter(None, (kind, f"revision {shown[:100]}" if shown else "")))
