"""A model's folder, as it lies on a disk: card, configurations of adapters, merges and trainings, config.json, and
the heads of its safetensors and GGUF files. Several models may stand in folders below the one named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.ingest.fingerprints._folder import FINGERPRINTS
from kg.ingest.kit._folders import foreign_folder
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._local import Local, local_of
from kg.ingest.sources._model_files import choose_files
from kg.ingest.sources._no_model import no_model
from kg.ingest.sources.heads._folder_model import model_claims, models_of
from kg.ingest.sources.heads._gguf_names import is_encoding
from kg.ingest.sources.heads._reading import HeadPiece, loose_name, read_pieces
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="folder",
    label={"en": "Model folder", "ko": "모델 폴더"},
    description={
        "en": "A model's own folder, with its card, adapter and merge configuration, config.json and the heads of safetensors and GGUF files.",
        "ko": "모델 카드, 어댑터와 병합 설정, config.json, safetensors와 GGUF 파일의 헤더가 담긴 모델 폴더입니다.",
    },
    source_type="files",
    prefix="local",
    each=True,
    own_models=True,
    also=(FINGERPRINTS,),
)


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The files that say something of a model, folder by folder; what only looks like it is told."""
    folders: dict[Local, list[HeadPiece]] = {}
    foreign: dict[str, None] = {}
    for file in place.files():
        path = PurePosixPath(file.name)
        if at := foreign_folder(path):
            foreign[at] = None
            continue
        for found in _read(file):
            if isinstance(found, Issue):
                yield found
            else:
                model, (sort, data) = _model_of(place, path), found
                piece = HeadPiece(model, sort, file.name, data, _loose_of(place, path))
                folders.setdefault(model, []).append(piece)
    yield from (no_model("foreign", at, "source/folder") for at in foreign)
    wholes = {piece.folder for all in folders.values() for piece in all if piece.sort == "whole"}
    for pieces in folders.values():
        files = choose_files(pieces, wholes)
        yield from (no_model(why, piece.path, "source/folder") for piece, why in files.others)
        yield from (Record(piece.path, piece) for piece in files.own)


def _read(file: IntakeFile) -> Iterator[tuple[str, Any] | Issue]:
    """What a file is and holds, also that it cannot be read."""
    try:
        yield from read_pieces(file)
    except DataError as error:
        yield unreadable(str(error), file.name, "source/folder")
        yield "unread", None


def _model_of(place: Place, path: PurePosixPath) -> Local:
    """The model in whose folder a file lies; one of quantizations alone lies in the model's own."""
    folder = path.parent
    within = path.suffix.casefold() == ".gguf" and is_encoding(folder.name)
    return local_of(place, str(folder.parent if within else folder))


def _loose_of(place: Place, path: PurePosixPath) -> Local | None:
    """The model that a file of weights is by its own name."""
    if not (name := loose_name(path.name)):
        return None
    folder = _model_of(place, path)
    top = local_of(place, ".")
    return local_of(place, name if folder == top else f"{folder.name}/{name}")


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What the files of each folder say of its model."""
    for model, pieces in models_of(record.data for record in records).items():
        yield from model_claims(model, pieces, kit)
