"""Records of the Hugging Face Hub, in the shapes people have them in, as one shape.

Shapes: an answer of /api/models (one model, or a page of them), JSON lines of either, dumps of
huggingface_hub's ModelInfo (snake_case, the card as YAML text), family trees that hold such dumps, and
Parquet with the columns of the data set hub-stats. kg/ingest/sources/_hub_pieces.py reads the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from kg.errors import DataError
from kg.files.parsing import json_text
from kg.files.recovery import BrokenField, SalvagedFields, salvage_json
from kg.ingest.sources._front_matter import read_fields
from kg.ingest.sources.card import front_matter
from kg.messages.message import Message

FIELDS = (
    "id",
    "_id",
    "author",
    "pipeline_tag",
    "library_name",
    "createdAt",
    "lastModified",
    "downloads",
    "likes",
    "tags",
    "baseModels",
    "safetensors",
    "gguf",
    "gated",
    "private",
    "cardData",
)
ASKED = "gyebo:asked"
SNAKE = {
    "createdAt": "created_at",
    "lastModified": "last_modified",
    "cardData": "card_data",
    "baseModels": "base_models",
    "id": "modelId",
}

_SPELLED = tuple((field, SNAKE.get(field, "")) for field in FIELDS)


class Model(NamedTuple):
    """One model of the Hub."""

    name: str  # Hub id
    api: Mapping[str, Any]  # FIELDS that are given, as the Hub's API names them
    card: Mapping[str, Any]  # the author's front matter
    problems: tuple[str, ...] = ()  # what could not be read of it
    asked: str = ""  # the name by which the Hub was asked for it, which may be an old one


def normal(data: object, at: str) -> Model:
    """A record of any shape.

    Args:
        data: as parsed.
        at: where it stands, for messages.

    Raises:
        DataError: it names no model.
    """
    if not isinstance(data, dict):
        raise DataError(Message("not a model of the Hub"), at)
    problems: list[str] = []
    inner = _parsed(data.get("metadata"), at, problems)
    both = {**data, **inner} if isinstance(inner, dict) else data
    api = {}
    for field, spelled in _SPELLED:
        value = both.get(field)
        if value is None and spelled:
            value = both.get(spelled)
        if value is not None:
            api[field] = value
    name = api.get("id") or both.get("model_id")
    if not isinstance(name, str) or not name.strip():
        raise DataError(Message("it has no id"), at)
    fields = _card(api.pop("cardData", None), at)
    if data.get("card") is not None:
        other = _card(data["card"], at)
        fields = SalvagedFields({**other, **fields}, (*other.broken, *fields.broken))
    return Model(name.strip(), api, fields, tuple(problems), str(data.get(ASKED) or ""))


def _parsed(value: object, at: str, problems: list[str]) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json_text(value, at)
    except DataError as error:
        problems.append(str(error))
        return None


def _card(value: object, at: str) -> SalvagedFields:
    """The fields of a card: a mapping, JSON text, YAML text, or a whole README."""
    if isinstance(value, dict):
        return SalvagedFields(value)
    if not isinstance(value, str) or not value.strip():
        return SalvagedFields({})
    head = value.lstrip()
    if not head.startswith("{") or head.startswith(("{{", "{%")):
        return front_matter(value, at) if head.startswith("---") else read_fields(value, at)
    try:
        found = salvage_json(value, at)
    except DataError as error:
        return SalvagedFields(
            {}, (BrokenField(key="cardData", line=1, why=str(error), lost=True, text=value),)
        )
    return SalvagedFields(found if isinstance(found, dict) else {})


def pruned(data: Mapping[str, Any]) -> bytes:
    """A model as one line of JSON with the fields that are read, and none that must not be kept.

    >>> pruned({"id": "a/b", "gguf": {"total": 1, "chat_template": "…"}, "extra": 1})
    b'{"id":"a/b","gguf":{"total":1}}\\n'
    """
    kept = {field: data[field] for field in FIELDS if data.get(field) is not None}
    for field, parts in (
        ("gguf", ("total", "context_length")),
        ("safetensors", ("total", "parameters")),
    ):
        if isinstance(kept.get(field), dict):
            kept[field] = {part: kept[field][part] for part in parts if part in kept[field]}
    if isinstance(kept.get("cardData"), dict):
        kept["cardData"] = {k: v for k, v in kept["cardData"].items() if k in CARD_FIELDS}
    return msgspec.json.encode(kept) + b"\n"


CARD_FIELDS = frozenset(
    {
        "license",
        "licence",
        "License",
        "licenses",
        "license_name",
        "license_link",
        "language",
        "datasets",
        "base_model",
        "base_model_relation",
        "library_name",
        "new_version",
        "tags",
    }
)
