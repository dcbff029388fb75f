"""Heads of safetensors files and the index of a split model: types, numbers, and what trainers wrote of the base.

The format is `docs/source/index.mdx` of huggingface/safetensors; keys that begin with `ss_` are of
kohya-ss/sd-scripts, those with `modelspec.` of Stability AI's ModelSpec.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.ingest.kit._sizes import is_packed
from kg.ingest.kit._unresolved import UNNAMED
from kg.ingest.kit.kit import Found, Kit
from kg.messages.message import Message, mark

_HEAD = 32 << 20  # bytes of a head; the format allows 100 MB, the largest models take some 10
_NUMBERS = 10**16  # in a file
# Adapters in the names of tensors: of PEFT, kohya, diffusers, LyCORIS and MLX
_ADAPTER = re.compile(
    r"(?:^|[._])(?:lora|hada|lokr|boft|oft|ia3|vera)(?:[._]|[AB]\b)|(?:^|\.)prompt_embeddings$"
)
_BESIDE = re.compile(r"alpha$|dora_scale$|magnitude")  # what stands among them
_BASES = ("base_model", "base_model_name_or_path", "base_model_id", "ss_sd_model_name")
_FAMILIES = ("ss_base_model_version", "modelspec.architecture")  # they tell no single model
_MERGED = "modelspec.merged_from"
_LICENSES = ("license", "modelspec.license")
_DTYPES = {"float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16"}


class TensorHead(NamedTuple):
    """What the head of a safetensors file holds."""

    counts: Mapping[str, int]  # numbers, by their type
    metadata: Mapping[str, str]
    is_adapter: bool  # whether its tensors are only changes to those of another model


class TensorFile(NamedTuple):
    """A safetensors file whose head was read."""

    name: str  # without folders
    head: TensorHead


class TensorIndex(NamedTuple):
    """The index of a model that is split into several files."""

    name: str
    files: frozenset[str]
    parameters: int  # as declared; 0 if it does not say


class _Tensor(msgspec.Struct):
    dtype: str
    shape: list[int]


def read_tensor_head(file: IntakeFile) -> TensorHead:
    """What a safetensors file holds; only its head is read.

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
        parts = msgspec.json.decode(head, type=dict[str, msgspec.Raw])
        metadata = msgspec.json.decode(parts.pop("__metadata__", b"{}"), type=dict[str, str] | None)
        counts: Counter[str] = Counter()
        changes = 0
        for name, raw in parts.items():
            tensor = msgspec.json.decode(raw, type=_Tensor)
            numbers = math.prod(tensor.shape[:64])
            if min(tensor.shape, default=0) < 0 or numbers > _NUMBERS:
                raise DataError(Message("not a safetensors file"), file.name)
            counts[tensor.dtype[:20]] += numbers
            changes += bool(_ADAPTER.search(name) or _BESIDE.search(name))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(Message("not a safetensors file"), file.name) from error
    adapter = any(map(_ADAPTER.search, parts)) and changes * 2 > len(parts)
    return TensorHead(dict(counts), metadata or {}, adapter)


def read_index(data: Mapping[str, Any], name: str) -> TensorIndex:
    """The index of a split model.

    Args:
        data: of `model.safetensors.index.json`.
        name: of the file, without folders.

    Raises:
        DataError: it names no files.
    """
    weights, about = data.get("weight_map"), data.get("metadata")
    if not isinstance(weights, dict) or not all(isinstance(v, str) for v in weights.values()):
        raise DataError(Message("an index of weights that names no files"), name)
    declared = about.get("total_parameters") if isinstance(about, dict) else None
    parameters = declared if isinstance(declared, int) and 0 < declared < _NUMBERS else 0
    return TensorIndex(name, frozenset(weights.values()), parameters)


def weight_type(dtype: object) -> str:
    """The type of numbers that a configuration names, as safetensors calls it; "" if unknown.

    >>> weight_type("torch.bfloat16"), weight_type("float16"), weight_type("auto")
    ('BF16', 'F16', '')
    """
    return _DTYPES.get(str(dtype).removeprefix("torch."), "")


def tensor_claims(
    files: Sequence[TensorFile],
    index: TensorIndex | None,
    subject: str,
    own: str,
    kit: Kit,
) -> Iterator[Found]:
    """What the heads of one model's files say of its base, license, types and size.

    Args:
        files: of one model.
        index: that names those which are its parts.
        subject: id of the model.
        own: its Hub id, if it has one.
        kit: the source's.
    """
    told: set[tuple[str, str]] = set()
    for file in files:
        for key, text in file.head.metadata.items():
            if (key, text) not in told and text.strip():
                told.add((key, text))
                yield from _declared(file, key, text.strip(), subject, own, kit)
    yield from _counted(files, index, subject, kit)


def _declared(
    file: TensorFile, key: str, text: str, subject: str, own: str, kit: Kit
) -> Iterator[Found]:
    """What one key of the metadata says."""
    at = f"{file.name}#__metadata__.{key}"
    relation = "adapterOf" if file.head.is_adapter else "derivedFrom"
    if key in _BASES and not kit.group(text):
        yield from kit.derive(subject, relation, text, at, own=own)
    elif key == _MERGED:
        yield from kit.derive(subject, "mergedFrom", text, at, own=own)
    elif key in _LICENSES:
        yield from kit.license(subject, text[:2000], at, hub=own)


def unnamed_base(files: Sequence[TensorFile], subject: str, kit: Kit) -> Iterator[Found]:
    """That files hold only an adapter and name no base; what they tell of its family is kept."""
    for file in files:
        if file.head.is_adapter:
            family = next(
                (
                    " ".join(file.head.metadata[key].split())[:200]
                    for key in _FAMILIES
                    if file.head.metadata.get(key, "").strip()
                ),
                "",
            )
            yield from kit.unresolved(
                subject,
                "adapterOf",
                file.name,
                rule="parent-unnamed",
                message=mark("these are the weights of an adapter, and no parent is named"),
                value=family,
                written=f"as written: {family}" if family else UNNAMED,
            )
            return


def _counted(
    files: Sequence[TensorFile], index: TensorIndex | None, subject: str, kit: Kit
) -> Iterator[Found]:
    """Types and parameters of a model whose tensors lie in one file or in the parts of one."""
    own = {file.name: file.head.counts for file in files if not file.head.is_adapter}
    if index:
        parts = {name: counts for name, counts in own.items() if name in index.files}
        if parts.keys() != index.files:  # some are not here
            if index.parameters:
                at = f"{index.name}#metadata.total_parameters"
                yield kit.say(subject, "parameterCount", index.parameters, at)
            return
    else:
        parts = {name: counts for name, counts in own.items() if name.startswith("model")} or own
        if not parts or (len(parts) > 1 and parts is own):
            return
    types: Counter[str] = Counter()
    for counts in parts.values():
        types.update(counts)
    total = types.total()
    for name in sorted(types):
        if types[name] * 100 >= total and total:  # position ids and the like are no weights
            yield kit.say(subject, "weightType", name, "*.safetensors")
    if is_packed(types):
        yield kit.packed(subject, total, types, "*.safetensors")
    elif total:
        note = ", ".join(sorted(types))
        yield kit.say(subject, "parameterCount", total, "*.safetensors", note=note)
