"""A model's folder, as it lies on a disk: card, adapter_config.json, mergekit_config.yml, config.json,
and the heads of its safetensors files. Several models may stand in folders below the one named.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import msgspec

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.files.parsing import check_pointer, yaml_documents
from kg.files.parsing import text as text_of
from kg.files.recovery import salvage_json
from kg.files.yaml import Yaml
from kg.ingest.kit._sizes import is_packed
from kg.ingest.kit._unresolved import UNNAMED
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources import _mergekit as mergekit
from kg.ingest.sources._card_parents import CardPlace, card_bases, states_parent, unnamed_parents
from kg.ingest.sources.card import Local, card_claims, card_of, local_of
from kg.messages.message import Message
from kg.model.issues import Issue
from kg.model.vocabulary import UNRESOLVED_PARENT

SOURCE = SourceRecord(
    id="folder",
    label={"en": "Model folder", "ko": "모델 폴더"},
    description={
        "en": "A model's own folder, with its card, adapter and merge configuration, config.json and safetensors heads.",
        "ko": "모델 카드, 어댑터와 병합 설정, config.json, safetensors 헤더가 담긴 모델 폴더입니다.",
    },
    source_type="files",
    prefix="local",
    each=True,
    own_models=True,
)

_NAME_PARENTS = {
    "adapter_config.json": "adapterOf",
    "config.json": "derivedFrom",
    "mergekit_config.yml": "mergedFrom",
    "mergekit_config.yaml": "mergedFrom",
    "mergekit_moe_config.yml": "mergedFrom",
}  # files that may name a parent, by what it is
_HEAD = 100_000_000  # bytes of a safetensors head; the format's own limit
_SIZES = {
    "max_position_embeddings": "contextLength",
    "hidden_size": "hiddenDimension",
    "num_hidden_layers": "layerCount",
    "vocab_size": "vocabularySize",
    "num_attention_heads": "attentionHeadCount",
}  # of transformers' config.json


class Piece(NamedTuple):
    """One file of a model's folder."""

    model: Local
    sort: str  # card, adapter, adapter weights, config, merge, tensors or unread
    file: str  # its name
    data: Any


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The files that say something of a model."""
    for file in place.files():
        folder = str(PurePosixPath(file.name).parent)
        try:
            if (found := _piece(file)) is not None:
                sort, data = found
                name = PurePosixPath(file.name).name
                yield Record(file.name, Piece(local_of(place, folder), sort, name, data))
        except DataError as error:
            yield unreadable(str(error), file.name, "source/folder")
            name = PurePosixPath(file.name).name
            if name.casefold() in _NAME_PARENTS:
                yield Record(file.name, Piece(local_of(place, folder), "unread", name, None))


def _piece(file: IntakeFile) -> tuple[str, Any] | None:
    """What a file is and holds; None if it says nothing of where a model comes from."""
    name = PurePosixPath(file.name).name.casefold()
    if name == "readme.md":
        return "card", card_of(file)
    if name in ("adapter_config.json", "config.json"):
        data = salvage_json(text_of(file), file.name)
        if not isinstance(data, dict):
            raise DataError(Message("not a JSON object"), file.name)
        return name.partition(".")[0].removesuffix("_config"), data
    if name.endswith((".yml", ".yaml")):
        merges = [one for one in yaml_documents(file) if mergekit.is_merge(one.data)]
        return ("merge", merges) if merges else None
    if name in ("adapter_model.safetensors", "adapter_model.bin"):
        return "adapter weights", None
    if name.endswith(".safetensors") and not name.startswith("adapter"):
        return "tensors", tensor_counts(file)
    return None


def tensor_counts(file: IntakeFile) -> Mapping[str, int]:
    """The numbers that a safetensors file holds, by their type; only its head is read.

    Raises:
        DataError: not safetensors, or cut short.
    """
    with file.open() as stream:
        start = stream.read(64)
        check_pointer(start, file.name)
        length = int.from_bytes(start[:8], "little")
        if length > _HEAD:
            raise DataError(
                Message("not a safetensors file: its head would be too large"), file.name
            )
        head = (start[8:] + stream.read(max(0, length + 8 - len(start))))[:length]
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


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What the files of each folder say of its model."""
    models: dict[Local, list[Piece]] = {}
    for record in records:
        models.setdefault(record.data.model, []).append(record.data)
    for model, pieces in models.items():
        subject = model.id(kit)
        yield kit.name(subject, model.name, "", lang="en")
        cards = [piece.data for piece in pieces if piece.sort == "card"]
        bases = [one for card in cards for one in kit.parents(card_bases(card))]
        named = {_tail(base.value) for base in bases if base.sort == "hub"}
        found = [one for piece in pieces for one in _said(piece, subject, named, kit)]
        yield from found
        if not any(map(states_parent, found)):
            yield from _unnamed(pieces, subject, kit)
        yield from _counted(pieces, subject, kit)


def _tail(text: object) -> str:
    """The last part of an id or a path, as parts are compared."""
    return re.split(r"[/\\]", str(text).strip().rstrip("/\\"))[-1].casefold()


def _said(piece: Piece, subject: str, named: Collection[str], kit: Kit) -> Iterator[Found]:
    own = piece.model.hub_id
    match piece.sort:
        case "card":
            yield from card_claims(piece.data, CardPlace(subject, own, kit.source, piece.file), kit)
        case "adapter":
            yield from _adapter(piece.data, subject, own, named, kit)
        case "unread":
            yield from kit.unresolved(
                subject,
                _NAME_PARENTS[piece.file.casefold()],
                piece.file,
                rule="parent-unread",
                message="the file that names its parent cannot be read",
                written="a file that cannot be read",
            )
        case "config":
            yield from _config(piece.data, subject, kit)
        case "merge":
            documents: list[Yaml] = [one._replace(name=piece.file) for one in piece.data]
            yield from mergekit.claims(documents, subject, own, kit)


def _unnamed(pieces: Iterable[Piece], subject: str, kit: Kit) -> Iterator[Found]:
    """That the files of an adapter or a merge name no parent."""
    for piece in pieces:
        if piece.sort == "adapter weights":
            yield from kit.unresolved(
                subject,
                "adapterOf",
                piece.file,
                rule="parent-unnamed",
                message="these are the weights of an adapter, and no parent is named",
                written=UNNAMED,
            )
            return
    for piece in pieces:
        if piece.sort == "card":
            about = CardPlace(subject, piece.model.hub_id, kit.source, piece.file)
            yield from unnamed_parents(piece.data, about, kit)


def _adapter(
    data: Mapping[str, Any], subject: str, own: str, named: Collection[str], kit: Kit
) -> Iterator[Found]:
    """The base of an adapter; a name, or a path that ends in it, of the card's base model is that model."""
    base = data.get("base_model_name_or_path")
    notes = [
        str(data.get("peft_type") or ""),
        f"revision {data['revision']}" if data.get("revision") else "",
    ]
    for one in kit.derive(
        subject,
        "adapterOf",
        base,
        "adapter_config.json#base_model_name_or_path",
        own=own,
        note="; ".join(filter(None, notes)),
    ):
        is_named = kit.parent(base).sort in ("path", "prose") and _tail(base) in named
        if isinstance(one, Issue) or one.property != UNRESOLVED_PARENT or not is_named:
            yield one


def _config(data: Mapping[str, Any], subject: str, kit: Kit) -> Iterator[Found]:
    inner = data.get("text_config")  # of models that read more than text
    for field, property in _SIZES.items():
        value = data.get(field, inner.get(field) if isinstance(inner, dict) else None)
        if value is not None:
            yield kit.say(subject, property, value, f"config.json#{field}")
    hint = kit.parent(data.get("_name_or_path"))
    if hint.sort == "hub":
        yield kit.issue(
            "parent-hint",
            subject,
            "it was once loaded under this name, which may be its own",
            hint.value,
            "config.json#_name_or_path",
            "derivedFrom",
        )


def _counted(pieces: Iterable[Piece], subject: str, kit: Kit) -> Iterator[Found]:
    """The parameters of a model whose tensors lie in one file or in the shards of one."""
    files = {p.file: p.data for p in pieces if p.sort == "tensors"}
    shards = {name: counts for name, counts in files.items() if name.startswith("model")} or files
    if not shards or (len(shards) > 1 and shards is files):
        return
    types: Counter[str] = Counter()
    for counts in shards.values():
        types.update(counts)
    total = types.total()
    if is_packed(types):
        yield kit.packed(subject, total, types, "*.safetensors")
    elif total:
        yield kit.say(
            subject, "parameterCount", total, "*.safetensors", note=", ".join(sorted(types))
        )
