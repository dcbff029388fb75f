"""The files of a model's folder: what each is and holds, and which of them are a model's at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.files.parsing import json_document
from kg.files.parsing import text as text_of
from kg.files.yaml import parse_documents
from kg.ingest.sources import _mergekit as mergekit
from kg.ingest.sources._no_model import card_sort, is_model_config
from kg.ingest.sources.card import Local, card_of
from kg.ingest.sources.heads._card_body import CardBlocks
from kg.ingest.sources.heads._gguf_file import GgufFile
from kg.ingest.sources.heads._gguf_head import GgufHead, read_gguf_head
from kg.ingest.sources.heads._gguf_names import parse_gguf_name
from kg.ingest.sources.heads._safetensors import TensorFile, read_index, read_tensor_head
from kg.ingest.sources.heads._training import speaks_of_training, training_base
from kg.messages.message import Message
from kg.model.vocabulary import DERIVED_FROM

_NAME_PARENTS = {
    "adapter_config.json": "adapterOf",
    "mergekit_config.yml": "mergedFrom",
    "mergekit_config.yaml": "mergedFrom",
    "mergekit_moe_config.yml": "mergedFrom",
}  # files that hold nothing without a parent, by what it is
_ADAPTER_WEIGHTS = frozenset(
    {"adapter_model.bin", "pytorch_lora_weights.bin", "pytorch_adapter.bin", "adapters.npz"}
)  # that are not opened: unpickling runs code
_TRAININGS = frozenset({"args.json", "sft_args.json", "training_args.json", "train_args.json"})
# What makes no model where nothing else does, but says something of one.
BESIDE = frozenset({"tokenizer settings", "training", "index", "blocks"})
_WEIGHTS = re.compile(
    r"(pytorch_|flax_|tf_)?model.*\.(bin|msgpack|h5|onnx|pt)|.*\.(gguf|ggml|ckpt|pth|nemo|mlmodel|tflite)",
    re.IGNORECASE,
)  # weights that nothing is read of
_SUFFIXES = (".safetensors", ".gguf")  # of weights whose heads are read
_WHOLES: Mapping[str, Callable[[Any], bool]] = {
    "model_index.json": lambda data: isinstance(data, dict) and "_class_name" in data,
    "modules.json": lambda data: isinstance(data, list) and all(map(_is_module, data)),
}  # of diffusers and sentence-transformers, whose models lie in several folders


class Piece(NamedTuple):
    """One file of a model's folder."""

    model: Local
    sort: str  # card, adapter, adapter weights, config, merge, tensors, gguf, unread, weights, whole, "no model", BESIDE
    data: Any  # of "no model" the reason, of NO_MODEL
    file: str  # its name
    folder: str = "."  # below the place, with /

    @property
    def path(self) -> str:
        """The file below the place."""
        return str(PurePosixPath(self.folder) / self.file)


def read_pieces(file: IntakeFile) -> Iterator[tuple[str, Any]]:
    """What a file is, with what it holds; nothing if it says nothing of where a model comes from.

    Raises:
        DataError: it cannot be read.
    """
    whole = PurePosixPath(file.name).name
    name = whole.casefold()
    if name == "readme.md":
        card = card_of(file)
        yield "card", card.fields
        if card.blocks != CardBlocks():
            yield "blocks", card.blocks
    elif name == "adapter_config.json":
        yield "adapter", _object(file)
    elif name == "config.json":
        config = _object(file)
        yield ("config", config) if is_model_config(config) else ("no model", "config")
    elif name == "tokenizer_config.json":
        yield "tokenizer settings", _object(file)
    elif name in _TRAININGS:
        if training_base(data := json_document(file)):
            yield "training", data
    elif name in _WHOLES:
        if _WHOLES[name](json_document(file)):
            yield "whole", None
    elif name.endswith((".yml", ".yaml")):
        yield from _settings(file)
    else:
        yield from _weights(file, whole)


def unread_sort(name: str) -> str:
    """What a file that cannot be read is, by its name: the weights of an adapter are that all the same."""
    return "adapter weights" if name.casefold() == "adapter_model.safetensors" else "unread"


def _weights(file: IntakeFile, whole: str) -> Iterator[tuple[str, Any]]:
    """What a file of weights holds.

    Raises:
        DataError: its head cannot be read.
    """
    name = whole.casefold()
    if name.endswith(".safetensors.index.json"):
        yield "index", read_index(_object(file), whole)
    elif name in _ADAPTER_WEIGHTS:
        yield "adapter weights", None
    elif name.endswith(".gguf") and not parse_gguf_name(whole).beside:
        try:
            yield "gguf", GgufFile(whole, read_gguf_head(file))
        except DataError as error:  # by its name it is known to be weights all the same
            yield "gguf", GgufFile(whole, GgufHead({}, {}, 0, frozenset(), str(error.what)))
    elif name.endswith(".safetensors"):
        head = read_tensor_head(file)
        is_adapter = head.is_adapter or name.startswith("adapter")
        yield "tensors", TensorFile(whole, head._replace(is_adapter=is_adapter))
    elif _WEIGHTS.fullmatch(name):
        yield "weights", None


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


def _settings(file: IntakeFile) -> Iterator[tuple[str, Any]]:
    """What a YAML file is: the configuration of a merge or a training, one that looks like a merge's, or none.

    Raises:
        DataError: it speaks of a merge and cannot be read.
    """
    name = PurePosixPath(file.name).name.casefold()
    whole = text_of(file)
    surely = name in _NAME_PARENTS or mergekit.speaks_of_merge(whole)
    lists = surely or mergekit.lists_models(whole)
    if not lists and not speaks_of_training(whole):
        return
    try:
        documents = parse_documents(whole, file.name)
    except DataError:
        if surely:
            raise
        if lists:
            yield "no model", "merge"
        return
    merges = [one for one in documents if mergekit.is_merge(one.data)]
    trainings = [one.data for one in documents if training_base(one.data)]
    if merges:
        yield "merge", merges
    elif trainings:
        yield from (("training", one) for one in trainings)
    elif lists:
        yield "no model", "merge"


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
    kept += [p for p in own if p.sort in BESIDE and (cards or p.sort != "blocks")]
    return ModelFiles(kept if is_model else (), others)


def _is_part(piece: Piece, wholes: Collection[str]) -> bool:
    """Whether a file is of a part of a model, as the text encoder of a diffusion model is."""
    above = str(PurePosixPath(piece.folder).parent)
    return (
        piece.sort in ("config", "tensors", "index", "tokenizer settings", "no model")
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
    return piece.sort not in ("card", "weights", "no model", *BESIDE)


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
