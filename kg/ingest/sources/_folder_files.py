"""The files of a model's folder: what each is and holds, and which of them are a model's at all."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import msgspec

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.files.parsing import json_document
from kg.files.parsing import text as text_of
from kg.files.yaml import parse_documents
from kg.ingest.sources import _mergekit as mergekit
from kg.ingest.sources._no_model import card_sort, is_model_config
from kg.ingest.sources.card import Local, card_of
from kg.messages.message import Message
from kg.model.vocabulary import DERIVED_FROM

_NAME_PARENTS = {
    "adapter_config.json": "adapterOf",
    "mergekit_config.yml": "mergedFrom",
    "mergekit_config.yaml": "mergedFrom",
    "mergekit_moe_config.yml": "mergedFrom",
}  # files that hold nothing without a parent, by what it is
_WEIGHTS = re.compile(
    r"(pytorch_|flax_|tf_)?model.*\.(bin|msgpack|h5|onnx|pt)|.*\.(gguf|ggml|ckpt|pth|nemo|mlmodel|tflite)",
    re.IGNORECASE,
)  # weights that nothing is read of
_SUFFIXES = (".safetensors", ".gguf")  # of weights whose heads are read
_WHOLES: Mapping[str, Callable[[Any], bool]] = {
    "model_index.json": lambda data: isinstance(data, dict) and "_class_name" in data,
    "modules.json": lambda data: isinstance(data, list) and all(map(_is_module, data)),
}  # of diffusers and sentence-transformers, whose models lie in several folders
_HEAD = 100_000_000  # bytes of a safetensors head; the format's own limit


class Piece(NamedTuple):
    """One file of a model's folder."""

    model: Local
    sort: str  # card, adapter, adapter weights, config, merge, tensors, unread, weights, whole or "no model"
    data: Any  # of "no model" the reason, of NO_MODEL
    file: str  # its name
    folder: str = "."  # below the place, with /

    @property
    def path(self) -> str:
        """The file below the place."""
        return str(PurePosixPath(self.folder) / self.file)


def read_piece(file: IntakeFile) -> tuple[str, Any] | None:
    """What a file is and holds; None if it says nothing of where a model comes from."""
    name = PurePosixPath(file.name).name.casefold()
    if name == "readme.md":
        return "card", card_of(file)
    if name == "adapter_config.json":
        return "adapter", _object(file)
    if name == "config.json":
        config = _object(file)
        return ("config", config) if is_model_config(config) else ("no model", "config")
    if name.endswith((".yml", ".yaml")):
        return _merge(file)
    if name in ("adapter_model.safetensors", "adapter_model.bin"):
        return "adapter weights", None
    if name.endswith(".safetensors") and not name.startswith("adapter"):
        return "tensors", tensor_counts(file)
    if name in _WHOLES:
        return ("whole", None) if _WHOLES[name](json_document(file)) else None
    return ("weights", None) if _WEIGHTS.fullmatch(name) else None


def _is_module(one: object) -> bool:
    return isinstance(one, dict) and {"path", "type"} <= one.keys()


def _object(file: IntakeFile) -> dict[str, Any]:
    """A JSON object.

    Raises:
        DataError: not JSON, or something else in it.
    """
    data = json_document(file)
    if not isinstance(data, dict):
        raise DataError(Message("not a JSON object"), file.name)
    return data


def _merge(file: IntakeFile) -> tuple[str, Any] | None:
    """What a YAML file is: the configuration of a merge, one that looks like it, or none at all.

    Raises:
        DataError: it speaks of a merge and cannot be read.
    """
    name = PurePosixPath(file.name).name.casefold()
    whole = text_of(file)
    surely = name in _NAME_PARENTS or mergekit.speaks_of_merge(whole)
    if not surely and not mergekit.lists_models(whole):
        return None
    try:
        documents = parse_documents(whole, file.name)
    except DataError:
        if surely:
            raise
        return "no model", "merge"
    merges = [one for one in documents if mergekit.is_merge(one.data)]
    return ("merge", merges) if merges else ("no model", "merge")


def tensor_counts(file: IntakeFile) -> Mapping[str, int]:
    """The numbers that a safetensors file holds, by their type; only its head is read.

    Raises:
        DataError: not safetensors, or cut short.
    """
    with file.open() as stream:
        length = int.from_bytes(stream.read(8), "little")
        if length > _HEAD:
            raise DataError(
                Message("not a safetensors file: its head would be too large"), file.name
            )
        head = stream.read(length)
    if len(head) < length:
        raise DataError(Message("a safetensors file that is cut short"), file.name)
    try:
        tensors = msgspec.json.decode(head, type=dict[str, dict[str, Any]])
        counts: dict[str, int] = {}
        for name, tensor in tensors.items():
            if name != "__metadata__":
                counts[tensor["dtype"]] = counts.get(tensor["dtype"], 0) + math.prod(
                    tensor["shape"]
                )
    except (msgspec.MsgspecError, KeyError, TypeError, RecursionError) as error:
        raise DataError(Message("not a safetensors file"), file.name) from error
    return counts


class ModelFiles(NamedTuple):
    """The files below one folder, those of its checkpoints included, sorted."""

    own: Sequence[Piece]  # that say something of its model; empty if there is none
    others: Sequence[tuple[Piece, str]]  # that are none of a model, with the reason of NO_MODEL


def sort_pieces(pieces: Iterable[Piece], wholes: Collection[str]) -> ModelFiles:
    """Which files of a folder are its model's.

    Weights of which nothing is read, and files that cannot be read, make a model only with a card beside.

    Args:
        pieces: of the folder.
        wholes: the folders of models that consist of parts.
    """
    whole = [piece for piece in pieces if not _is_part(piece, wholes)]
    reasons = [(piece, _no_model(piece, whole)) for piece in whole]
    others = [(piece, reason) for piece, reason in reasons if reason]
    own = [piece for piece, reason in reasons if not reason]
    cards = [piece for piece in own if _is_card(piece)]
    says = any(piece.sort == "card" or _names_model(piece) for piece in own)
    is_model = says or (bool(cards) and any(map(_shows_model, whole)))
    kept = [p for p in own if _names_model(p) or p.sort == "card" or unread_relation(p.file)]
    return ModelFiles(kept if is_model else (), others)


def _is_part(piece: Piece, wholes: Collection[str]) -> bool:
    """Whether a file is of a part of a model, as the text encoder of a diffusion model is."""
    above = str(PurePosixPath(piece.folder).parent)
    return (
        piece.sort in ("config", "tensors", "no model")
        and piece.folder != above
        and above in wholes
    )


def _no_model(piece: Piece, beside: Iterable[Piece]) -> str:
    """Why a file says nothing of a model, of NO_MODEL; "" if it does.

    Whose weights or configuration a card lies beside is what it is about, but for that of a Space.
    """
    if piece.sort == "no model":
        return str(piece.data)
    sort = card_sort(piece.data) if piece.sort == "card" else "model"
    if sort == "model" or (sort != "space" and any(map(_shows_model, beside))):
        return ""
    return sort


def _is_card(piece: Piece) -> bool:
    """Whether a file is a card, one that cannot be read included."""
    return piece.file.casefold() == "readme.md"


def _names_model(piece: Piece) -> bool:
    """Whether a file says by itself that it is of a model, and what it says is read."""
    if piece.sort == "unread":
        return piece.file.casefold() in _NAME_PARENTS
    return piece.sort not in ("card", "weights", "no model")


def _shows_model(piece: Piece) -> bool:
    """Whether a model lies where a file does."""
    is_weights = piece.sort == "unread" and piece.file.casefold().endswith(_SUFFIXES)
    return piece.sort == "weights" or is_weights or _names_model(piece)


def unread_relation(name: str) -> str:
    """How a model derives from the parent that may stand in a file that cannot be read; "" if none may."""
    known = _NAME_PARENTS.get(name.casefold(), "")
    if known or name.casefold() == "readme.md":
        return known or DERIVED_FROM
    return "mergedFrom" if name.casefold().endswith((".yml", ".yaml")) else ""
