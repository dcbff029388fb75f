"""One file of a model's folder, read as what its name and its content say that it is."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.files.parsing import json_document
from kg.files.parsing import text as text_of
from kg.files.recovery import salvage_json
from kg.files.yaml import parse_documents
from kg.ingest.fingerprints._tokenizer import TOKENIZERS, tokenizer_signals
from kg.ingest.kit.kit import unreadable
from kg.ingest.sources import _mergekit as mergekit
from kg.ingest.sources._local import Local
from kg.ingest.sources._no_model import is_model_config
from kg.ingest.sources.card import card_of
from kg.ingest.sources.heads._card_body import CardBlocks
from kg.ingest.sources.heads._gguf_file import GgufFile
from kg.ingest.sources.heads._gguf_head import GgufHead, read_gguf_head
from kg.ingest.sources.heads._gguf_names import parse_gguf_name
from kg.ingest.sources.heads._safetensors import TensorFile, read_index, read_tensor_head
from kg.ingest.sources.heads._training import speaks_of_training, training_base
from kg.licenses.naming.names import TITLED
from kg.messages.message import Message
from kg.model.issues import Issue
from kg.model.vocabulary import DERIVED_FROM

# Files that hold nothing without a parent, by what the parent is.
PARENT_FILES = {
    "adapter_config.json": "adapterOf",
    "mergekit_config.yml": "mergedFrom",
    "mergekit_config.yaml": "mergedFrom",
    "mergekit_moe_config.yml": "mergedFrom",
}
# Weights that are not opened: unpickling runs code
_ADAPTER_WEIGHTS = frozenset(
    {"adapter_model.bin", "pytorch_lora_weights.bin", "pytorch_adapter.bin", "adapters.npz"}
)
_TRAININGS = frozenset({"args.json", "sft_args.json", "training_args.json", "train_args.json"})
# How names of weights begin that libraries give to any model; others are names of models.
_COMMON = ("model", "adapter", "pytorch_", "diffusion_pytorch_", "consolidated", "tf_", "flax_")
_UNREAD_WEIGHTS = re.compile(
    r"(pytorch_|flax_|tf_)?model.*\.(bin|msgpack|h5|onnx|pt)|.*\.(ggml|ckpt|pth|nemo|mlmodel|tflite)"
)
_LICENSE_TEXT = re.compile(r"(licen[sc]e|copying)([-_. ].*)?", re.IGNORECASE)
# Files of diffusers and sentence-transformers, whose models lie in several folders
_WHOLES: Mapping[str, Callable[[Any], bool]] = {
    "model_index.json": lambda data: isinstance(data, dict) and "_class_name" in data,
    "modules.json": lambda data: isinstance(data, list) and all(map(_is_module, data)),
}


class HeadPiece(NamedTuple):
    """What one file of a model's folder is, and holds."""

    model: Local  # of the folder
    # card, blocks, adapter, adapter weights, config, tokenizer, tokenizer settings, merge, training, tensors, index, gguf, license text; weights
    # of which nothing is read, whole (the index of a model in parts), unread or "no model"
    sort: str
    path: str  # below what the user named, with /
    data: Any  # of "no model" the reason, of NO_MODEL
    loose: Local | None = None  # the model by the file's own name, of weights that have one

    @property
    def file(self) -> str:
        """The name of the file."""
        return PurePosixPath(self.path).name

    @property
    def folder(self) -> str:
        """Where it lies."""
        return str(PurePosixPath(self.path).parent)


def read_pieces(file: IntakeFile) -> Iterator[tuple[str, Any] | Issue]:
    """What a file is, with what it holds; nothing if it says nothing of where a model comes from.

    Raises:
        DataError: it cannot be read.
    """
    whole = PurePosixPath(file.name).name
    name = whole.casefold()
    if name == "readme.md":
        card = card_of(file)
        if card.blocks != CardBlocks():
            yield "blocks", card.blocks
        yield "card", card.fields
    elif name == "adapter_config.json":
        yield "adapter", _mapping(file)
    elif name == "config.json":
        config = _mapping(file)
        yield ("config", config) if is_model_config(config) else ("no model", "config")
    elif name == "tokenizer_config.json":
        yield "tokenizer settings", _mapping(file)
    elif name in TOKENIZERS:
        yield "tokenizer", tokenizer_signals(file)
    elif name.endswith(".safetensors.index.json"):
        yield "index", read_index(_mapping(file), whole)
    elif name in _TRAININGS:
        if training_base(data := json_document(file)):
            yield "training", data
    elif name.endswith((".yml", ".yaml")):
        yield from _configuration(file)
    elif name in _WHOLES:
        if _WHOLES[name](json_document(file)):
            yield "whole", None
    elif _LICENSE_TEXT.fullmatch(name):
        with contextlib.suppress(DataError):  # what is no text tells of no license
            yield "license text", text_of(file)[:TITLED]
    else:
        yield from _weights(file, whole)


def _configuration(file: IntakeFile) -> Iterator[tuple[str, Any]]:
    """What a YAML file configures: a merge, a training, or something that only lists models.

    Raises:
        DataError: it speaks of a merge or a training, and cannot be read.
    """
    whole, name = text_of(file), PurePosixPath(file.name).name.casefold()
    lists = mergekit.lists_models(whole)
    telling = name in PARENT_FILES or mergekit.speaks_of_merge(whole) or speaks_of_training(whole)
    if not telling and not lists:
        return
    try:
        documents = parse_documents(whole, file.name)
    except DataError:
        if telling:
            raise
        documents = []
    if merges := [one for one in documents if mergekit.is_merge(one.data)]:
        yield "merge", merges
    elif trainings := [one.data for one in documents if training_base(one.data)]:
        yield from (("training", data) for data in trainings)
    elif lists:
        yield "no model", "merge"


def _is_module(one: object) -> bool:
    return isinstance(one, dict) and {"path", "type"} <= one.keys()


def unread_relation(name: str) -> str:
    """How a model derives from the parent that may stand in a file that cannot be read; "" if none may."""
    known = PARENT_FILES.get(name.casefold(), "")
    if known or name.casefold() in ("readme.md", "config.json"):
        return known or DERIVED_FROM
    return "mergedFrom" if name.casefold().endswith((".yml", ".yaml")) else ""


def _weights(file: IntakeFile, whole: str) -> Iterator[tuple[str, Any] | Issue]:
    """The head of a file of weights; of an adapter's that is all that tells its sort, it is kept unread too."""
    name = whole.casefold()
    if name in _ADAPTER_WEIGHTS:
        yield "adapter weights", None
    elif name.endswith(".gguf") and not parse_gguf_name(whole).beside:
        try:
            yield "gguf", GgufFile(whole, read_gguf_head(file))
        except DataError as error:
            yield "gguf", GgufFile(whole, GgufHead({}, {}, 0, frozenset(), str(error.what)))
    elif name.endswith(".safetensors"):
        try:
            head = read_tensor_head(file)
        except DataError as error:
            if not name.startswith("adapter"):
                raise
            yield unreadable(str(error), file.name, "source/folder")
            yield "adapter weights", None
            return
        named = head.is_adapter or name.startswith("adapter")
        yield "tensors", TensorFile(whole, head._replace(is_adapter=named))
    elif _UNREAD_WEIGHTS.fullmatch(name):
        yield "weights", None


def loose_name(file: str) -> str:
    """The model that a file of weights is by its own name; "" if libraries call any model so.

    >>> loose_name("my-7b.Q4_K_M.gguf"), loose_name("style.safetensors")
    ('my-7b', 'style')
    >>> loose_name("model-00001-of-00002.safetensors"), loose_name("config.json")
    ('', '')
    """
    if file.casefold().endswith(".gguf"):
        return parse_gguf_name(file).base
    stem, dot, end = file.rpartition(".")
    own = dot and end.casefold() == "safetensors" and not stem.casefold().startswith(_COMMON)
    return stem if own else ""


def _mapping(file: IntakeFile) -> Mapping[str, Any]:
    data = salvage_json(text_of(file), file.name)
    if not isinstance(data, dict):
        raise DataError(Message("not a JSON object"), file.name)
    return data
