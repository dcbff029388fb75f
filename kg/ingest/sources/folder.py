"""A model's folder, as it lies on a disk: card, adapter_config.json, mergekit_config.yml, config.json,
and the heads of its safetensors files. Several models may stand in folders below the one named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from kg.errors import DataError
from kg.files.yaml import Yaml
from kg.ingest.kit._folders import foreign_folder
from kg.ingest.kit._sizes import is_packed
from kg.ingest.kit._unresolved import UNNAMED
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources import _mergekit as mergekit
from kg.ingest.sources._card_parents import CardPlace, card_bases, states_parent, unnamed_parents
from kg.ingest.sources._folder_files import Piece, read_piece, sort_pieces, unread_relation
from kg.ingest.sources._no_model import no_model
from kg.ingest.sources.card import Local, card_claims, local_of
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

_SIZES = {
    "max_position_embeddings": "contextLength",
    "hidden_size": "hiddenDimension",
    "num_hidden_layers": "layerCount",
    "vocab_size": "vocabularySize",
    "num_attention_heads": "attentionHeadCount",
}  # of transformers' config.json


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The files that say something of a model, model by model; what only looks like it is told."""
    models: dict[Local, list[Piece]] = {}
    foreign: dict[str, None] = {}
    for file in place.files():
        path = PurePosixPath(file.name)
        if at := foreign_folder(path):
            foreign[at] = None
            continue
        try:
            found = read_piece(file)
        except DataError as error:
            yield unreadable(str(error), file.name, "source/folder")
            found = "unread", None
        if found is not None:
            model = local_of(place, str(path.parent))
            models.setdefault(model, []).append(Piece(model, *found, path.name, str(path.parent)))
    yield from (no_model("foreign", at, "source/folder") for at in foreign)
    wholes = {piece.folder for all in models.values() for piece in all if piece.sort == "whole"}
    for pieces in models.values():
        files = sort_pieces(pieces, wholes)
        yield from (no_model(why, piece.path, "source/folder") for piece, why in files.others)
        yield from (Record(piece.path, piece) for piece in files.own)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What the files of each model say of it."""
    models: dict[Local, list[Piece]] = {}
    for record in records:
        models.setdefault(record.data.model, []).append(record.data)
    for model, pieces in models.items():
        yield from _model_claims(model, pieces, kit)


def _model_claims(model: Local, pieces: Sequence[Piece], kit: Kit) -> Iterator[Found]:
    """What the files of one model say; those of its checkpoints say most of it again."""
    subject = model.id(kit)
    yield kit.name(subject, model.name, "", lang="en")
    cards = [piece.data for piece in pieces if piece.sort == "card"]
    bases = [kit.parent(text) for card in cards for text in card_bases(card)]
    named = {_tail(base.value) for base in bases if base.sort == "hub"}
    found = dict.fromkeys(one for piece in pieces for one in _said(piece, subject, named, kit))
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
        case "unread" if unread_relation(piece.file):
            yield from kit.unresolved(
                subject,
                unread_relation(piece.file),
                piece.file,
                rule="parent-unread",
                message="the file that names its parent, or may name it, cannot be read",
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
    """The base of an adapter; a path whose end is the name of the card's base model is that model."""
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
        is_named = kit.parent(base).sort == "path" and _tail(base) in named
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


def _lateness(folder: str) -> tuple[int, list[int], str]:
    """Sorts the folders of a model's files: its own, then its checkpoints, the latest first."""
    return (
        folder.count("/") + (folder != "."),
        [-int(n) for n in re.findall(r"\d+", folder)],
        folder,
    )


def _counted(pieces: Iterable[Piece], subject: str, kit: Kit) -> Iterator[Found]:
    """The parameters of a model whose tensors lie in one file or in the shards of one."""
    tensors = [piece for piece in pieces if piece.sort == "tensors"]
    final = min((piece.folder for piece in tensors), key=_lateness, default="")
    files = {piece.file: piece.data for piece in tensors if piece.folder == final}
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
