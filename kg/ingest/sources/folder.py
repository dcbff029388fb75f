"""A model's folder, as it lies on a disk: card, configurations of adapters, merges and trainings, config.json, and
the heads of its safetensors and GGUF files. Several models may stand in folders below the one named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from kg.errors import DataError
from kg.ingest.kit._folders import foreign_folder
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._folder_files import Piece, read_pieces, sort_pieces, unread_sort
from kg.ingest.sources._folder_model import model_claims, models_of, own_folder
from kg.ingest.sources._no_model import no_model
from kg.ingest.sources.card import Local, local_of
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
)


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
            found = list(read_pieces(file))
        except DataError as error:
            yield unreadable(str(error), file.name, "source/folder")
            found = [(unread_sort(path.name), None)]
        model = local_of(place, str(own_folder(path.parent)))
        for one in found:
            piece = Piece(model, *one, path.name, str(path.parent))
            models.setdefault(model, []).append(piece)
    yield from (no_model("foreign", at, "source/folder") for at in foreign)
    wholes = {piece.folder for all in models.values() for piece in all if piece.sort == "whole"}
    for pieces in models.values():
        files = sort_pieces(pieces, wholes)
        yield from (no_model(why, piece.path, "source/folder") for piece, why in files.others)
        yield from (Record(piece.path, piece) for piece in files.own)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What the files of each model say of it."""
    for model, pieces in models_of(record.data for record in records).items():
        yield from model_claims(model, pieces, kit)
