"""Which of the files that lie in a folder are a model's, and which only look like it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from kg.ingest.sources._local import Local
from kg.ingest.sources._no_model import card_sort
from kg.ingest.sources.heads._reading import PARENT_FILES, HeadPiece, unread_relation

# Sorts of files that alone tell of no model
_SILENT = {
    "card",
    "blocks",
    "training",
    "tokenizer",
    "tokenizer settings",
    "license text",
    "weights",
    "no model",
}
# Sorts of files that tell of a part, where they stand in one, and not of the whole model
_PARTS = {
    "config",
    "tensors",
    "tokenizer",
    "tokenizer settings",
    "license text",
    "index",
    "no model",
}
_SUFFIXES = (".safetensors", ".gguf")  # of weights whose heads are read


class ModelFiles(NamedTuple):
    """The files of one model, those of its checkpoints included, and what lies beside them."""

    own: Sequence[HeadPiece]  # that say something of the model; empty if there is none
    others: Sequence[tuple[HeadPiece, str]]  # that are none of a model, with the reason of NO_MODEL


def choose_files(pieces: Iterable[HeadPiece], wholes: Collection[str]) -> ModelFiles:
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
    has_card = any(piece.file.casefold() == "readme.md" for piece in own)
    says = any(piece.sort == "card" or _says_model(piece) for piece in own)
    is_model = says or (has_card and any(map(_shows_model, whole)))
    read = [piece for piece in own if _is_read(piece)] if is_model else []
    return ModelFiles(_merges_apart(read), others)


def _merges_apart(pieces: Sequence[HeadPiece]) -> Sequence[HeadPiece]:
    """Several merges told in one folder that holds nothing else are models by the names of their files."""
    by_file = [p for p in pieces if p.sort == "merge" and p.file.casefold() not in PARENT_FILES]
    if len(by_file) < 2 or len(by_file) < len(pieces):
        return pieces
    return [
        piece._replace(loose=Local(f"{piece.model.name}/{PurePosixPath(piece.file).stem}"))
        for piece in pieces
    ]


def _is_part(piece: HeadPiece, wholes: Collection[str]) -> bool:
    """Whether a file is of a part of a model, as the text encoder of a diffusion model is."""
    above = str(PurePosixPath(piece.folder).parent)
    return piece.sort in _PARTS and piece.folder != above and above in wholes


def _no_model(piece: HeadPiece, beside: Iterable[HeadPiece]) -> str:
    """Why a file says nothing of a model, of NO_MODEL; "" if it does.

    Whose weights or configuration a card lies beside is what it is about, but for that of a Space. A card
    without a field of a model is not about weights that have names of their own.
    """
    if piece.sort == "no model":
        return str(piece.data)
    sort = card_sort(piece.data) if piece.sort == "card" else "model"
    if sort in ("model", "space"):
        return "" if sort == "model" else sort
    shown = (one for one in beside if _shows_model(one) and not (sort == "bare" and one.loose))
    return "" if any(shown) else sort


def _is_read(piece: HeadPiece) -> bool:
    """Whether a file says something, or would if it could be read."""
    if piece.sort == "unread":
        return bool(unread_relation(piece.file))
    return piece.sort not in ("weights", "whole")


def _says_model(piece: HeadPiece) -> bool:
    """Whether a file says by itself that it is of a model."""
    if piece.sort == "unread":
        return piece.file.casefold() in PARENT_FILES
    return piece.sort not in _SILENT


def _shows_model(piece: HeadPiece) -> bool:
    """Whether a model lies where a file does."""
    is_weights = piece.sort == "unread" and piece.file.casefold().endswith(_SUFFIXES)
    return piece.sort == "weights" or is_weights or _says_model(piece)
