"""Configurations of trainings that lie with a model: of axolotl, LLaMA-Factory, ms-swift and TRL.

They say from what a training began, not that these weights are what came of it, so they count only
where nothing else names a parent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.ingest.kit._words import fold
from kg.ingest.kit.kit import Found, Kit

_BASES = ("base_model", "model_name_or_path", "model_id_or_path", "model")
# Keys of which a configuration of a training has at least two
_TRAINED = frozenset(
    {
        "learning_rate",
        "num_train_epochs",
        "num_epochs",
        "max_steps",
        "micro_batch_size",
        "per_device_train_batch_size",
        "finetuning_type",
        "sft_type",
        "train_type",
        "sequence_len",
    }
)
_TRAINS = re.compile(rf"^({'|'.join(sorted(_TRAINED))})\s*:", re.MULTILINE)
_KINDS = ("adapter", "finetuning_type", "sft_type", "train_type")


def speaks_of_training(text: str) -> bool:
    """Whether a text in YAML has keys that only the configuration of a training has."""
    return len(set(_TRAINS.findall(text))) > 1


def training_base(data: object) -> tuple[str, object] | None:
    """The key of a configuration that names where its training began, with what stands there.

    >>> training_base({"base_model": "a/b", "learning_rate": 1e-4, "sequence_len": 2048})
    ('base_model', 'a/b')
    >>> training_base({"model": "gpt-4o", "temperature": 0})
    """
    if not isinstance(data, dict) or len(_TRAINED & data.keys()) < 2:
        return None
    return next(((key, data[key]) for key in _BASES if data.get(key)), None)


def training_claims(
    data: Mapping[str, Any], subject: str, own: str, at: str, kit: Kit
) -> Iterator[Found]:
    """That a model came of a training which began with another.

    Args:
        data: a configuration for which `training_base` gives a base.
        subject: id of the model.
        own: its Hub id, if it has one.
        at: locator of the configuration, ending in `#` or `:` before key or line.
        kit: the source's.
    """
    if found := training_base(data):
        key, text = found
        kinds = [str(data[kind]) for kind in _KINDS if data.get(kind)]
        adapter = any(kit.words.get(fold(kind)) == "adapter" for kind in kinds)
        yield from kit.derive(
            subject,
            "adapterOf" if adapter else "fineTunedFrom",
            text,
            f"{at}{key}",
            own=own,
            note="; ".join(("configuration of a training", *(k[:60] for k in kinds))),
        )
