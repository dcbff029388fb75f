"""All that the files of one model's folder say, told together: which file's word counts beside another's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg.ingest.fingerprints._folder import likenesses
from kg.ingest.kit._unresolved import UNNAMED
from kg.ingest.kit.kit import Found, Kit
from kg.ingest.kit.parents import ParentReference
from kg.ingest.sources import _mergekit as mergekit
from kg.ingest.sources._card_fields import card_claims
from kg.ingest.sources._card_parents import CardPlace, card_bases, states_parent, unnamed_parents
from kg.ingest.sources._local import Local
from kg.ingest.sources.heads._adapter import bases_of, note_of, relation_of
from kg.ingest.sources.heads._card_body import body_claims, body_trainings
from kg.ingest.sources.heads._config import config_claims, hint_claims
from kg.ingest.sources.heads._gguf import gguf_claims
from kg.ingest.sources.heads._gguf_file import is_adapter
from kg.ingest.sources.heads._gguf_parents import GgufModel, unnamed_original
from kg.ingest.sources.heads._reading import HeadPiece, unread_relation
from kg.ingest.sources.heads._safetensors import tensor_claims, unnamed_base
from kg.ingest.sources.heads._training import training_claims
from kg.messages.message import mark
from kg.model.issues import Issue
from kg.model.vocabulary import RESEMBLES

_SAY = frozenset({"card", "adapter", "config", "merge", "unread"})  # what a folder's model is
# Files that make no model alone
_BESIDE = frozenset(
    {"tokenizer", "tokenizer settings", "training", "index", "blocks", "license text"}
)


def models_of(pieces: Iterable[HeadPiece]) -> Mapping[Local, Sequence[HeadPiece]]:
    """The models whose files lie in folders; several, by the names of weights, where nothing else says what lies there."""
    folders: dict[Local, list[HeadPiece]] = {}
    for piece in pieces:
        folders.setdefault(piece.model, []).append(piece)
    models: dict[Local, list[HeadPiece]] = {}
    names: dict[tuple[Local, str], Local] = {}  # as first spelled
    for folder, found in folders.items():
        one = any(piece.sort in _SAY and piece.loose is None for piece in found)
        for piece in found:
            model = folder if one or piece.loose is None else piece.loose
            model = names.setdefault((folder, model.name.casefold()), model)
            models.setdefault(model, []).append(piece)
    return {m: found for m, found in models.items() if not {p.sort for p in found} <= _BESIDE}


def model_claims(model: Local, pieces: Sequence[HeadPiece], kit: Kit) -> Iterator[Found]:
    """What the files of one model say of it.

    Args:
        model: whose they are.
        pieces: its files.
        kit: the source's.
    """
    folder = _FolderModel(model, pieces, kit)
    yield kit.name(folder.subject, model.name, "", lang="en")
    found = dict.fromkeys(folder.said())  # checkpoints say most of it again
    if not any(map(states_parent, found)):
        found |= dict.fromkeys(folder.trainings())
    yield from found
    if not any(map(states_parent, found)):
        yield from folder.unnamed()
        yield from folder.loaded()
    yield from likenesses(folder.looks(), folder.subject, model.hub_id, found, kit)


class _FolderModel:
    """One model and its files."""

    def __init__(self, model: Local, pieces: Sequence[HeadPiece], kit: Kit) -> None:
        self.subject, self.own, self.kit = model.id(kit), model.hub_id, kit
        self._pieces, self.name = pieces, model.name
        bases = (
            one for card in self._of("card") for one in kit.parents([*card_bases(card)], self.own)
        )
        self._named = [base.value for base in bases if base.sort == "hub"]  # by the card
        self._gguf, self._tensors = self._of("gguf"), self._latest("tensors")
        self._whole = any(not file.head.is_adapter for file in self._tensors)

    def _of(self, sort: str) -> list[Any]:
        return [piece.data for piece in self._pieces if piece.sort == sort]

    def _latest(self, sort: str) -> list[Any]:
        """What files hold that each checkpoint has anew: those of the model itself, else of the last."""
        found = [piece for piece in self._pieces if piece.sort == sort]
        folder = min((piece.folder for piece in found), key=_lateness, default="")
        return [piece.data for piece in found if piece.folder == folder]

    def looks(self) -> Iterator[tuple[str, Any]]:
        """What tells a model by its looks: its configuration and its tokenizer."""
        yield from (("config", data) for data in self._latest("config"))
        yield from (("tokenizer", data) for data in self._latest("tokenizer"))

    def said(self) -> Iterator[Found]:
        """What they say, but for trainings."""
        for piece in self._pieces:
            yield from self._one(piece)
        index = next(iter(self._latest("index")), None)
        yield from tensor_claims(self._tensors, index, self.subject, self.own, self.kit)
        model = GgufModel(self.subject, self.own, self._named, self._whole)
        yield from gguf_claims(self._gguf, model, self.kit)
        yield from self._base_by_card()

    def _one(self, piece: HeadPiece) -> Iterator[Found]:
        kit, subject, own = self.kit, self.subject, self.own
        match piece.sort:
            case "card":
                yield from card_claims(piece.data, self._place(piece), kit)
            case "blocks":
                yield from body_claims(piece.data, subject, own, kit)
            case "adapter":
                yield from self._adapter(piece.data)
            case "unread":
                yield from kit.unresolved(
                    subject,
                    unread_relation(piece.file),
                    piece.file,
                    rule="parent-unread",
                    message=mark("the file that names its parent, or may name it, cannot be read"),
                    written="a file that cannot be read",
                )
            case "config":
                yield from config_claims(piece.data, subject, kit)
                hint = piece.data.get("_name_or_path")
                yield from hint_claims(hint, subject, "config.json#_name_or_path", kit)
            case "tokenizer settings":
                hint = piece.data.get("name_or_path")
                yield from hint_claims(hint, subject, f"{piece.file}#name_or_path", kit)
            case "license text":
                if id := kit.licenses.titled(piece.data):
                    yield kit.say(
                        subject, "license", id, piece.file, note="by the title of the text"
                    )
            case "merge":
                documents = [one._replace(name=piece.file) for one in piece.data]
                yield from mergekit.claims(documents, subject, own, kit)

    def _place(self, piece: HeadPiece) -> CardPlace:
        return CardPlace(self.subject, self.own, self.kit.source, piece.file)

    # ---- adapters

    def _adapter(self, data: Mapping[str, Any]) -> Iterator[Found]:
        """The bases of an adapter; what is no name of a model gives way to the base that the card names."""
        relation, note = relation_of(data), note_of(data)
        for key, text in bases_of(data):
            base, *_ = self.kit.parents(text, self.own) or (ParentReference("placeholder", ""),)
            at = f"adapter_config.json#{key}"
            by_card = self._same_by_card(base, text)
            found = self.kit.derive(self.subject, relation, text, at, own=self.own, note=note)
            for one in found:
                if not by_card or (isinstance(one, Issue) and base.sort != "placeholder"):
                    yield one
            yield from self._by_card(by_card, relation, at, note)
            if base.sort == "hub" and self._named and not _is_among(base.value, self._named):
                yield self.kit.issue(
                    "parents-differ",
                    self.subject,
                    mark("the card and adapter_config.json name different base models"),
                    f"{', '.join(self._named)}; {base.value}",
                    at,
                    relation,
                )

    def _same_by_card(self, base: ParentReference, text: object) -> list[str]:
        """The models that the card names where an adapter names nothing, or their last part only."""
        if base.sort == "placeholder":
            return self._named
        bare = base.sort in ("path", "prose")
        return [one for one in self._named if bare and _tail(one) == _tail(text)]

    def _by_card(
        self, bases: Iterable[str], relation: str, at: str, note: str = ""
    ) -> Iterator[Found]:
        told = "; ".join(filter(None, (note, "the card names the base")))
        for base in dict.fromkeys(bases):
            yield self.kit.say(self.subject, relation, f"model/hf/{base}", at, note=told)

    def _base_by_card(self) -> Iterator[Found]:
        """Of weights that are only an adapter, without adapter_config.json: of the model that the card names."""
        if self._of("adapter") or not (at := self._adapter_weights()) or self._whole:
            return
        yield from self._by_card(self._named, "adapterOf", at)

    def _adapter_weights(self) -> str:
        """The name of a file that holds the weights of an adapter; "" if there is none."""
        for piece in self._pieces:
            tensors = piece.sort == "tensors" and piece.data.head.is_adapter
            gguf = piece.sort == "gguf" and is_adapter(piece.data.head)
            if piece.sort == "adapter weights" or tensors or gguf:
                return piece.file
        return ""

    # ---- where no parent is stated

    def trainings(self) -> Iterator[Found]:
        """From what their trainings began."""
        for piece in self._pieces:
            if piece.sort == "training":
                yield from training_claims(
                    piece.data, self.subject, self.own, f"{piece.file}#", self.kit
                )
            if piece.sort == "blocks":
                yield from body_trainings(piece.data, self.subject, self.own, self.kit)

    def loaded(self) -> Iterator[Found]:
        """The model that the weights were loaded from, as config.json remembers it; none where that is its own name.

        No parent is declared, so this is the only trace of one: it makes no edge, and the answer doubtful.
        """
        for config in self._latest("config"):
            name = self.kit.parent(config.get("_name_or_path"), self.own)
            if name.sort == "hub" and _tail(name.value) != _tail(self.name):
                note = "config.json remembers that it was loaded under this name, and it names no parent"
                id = f"model/hf/{name.value}"
                yield self.kit.say(self.subject, RESEMBLES, id, name.value, note=note)

    def unnamed(self) -> Iterator[Found]:
        """That the files of an adapter, a merge or a quantization name no parent."""
        found = list(unnamed_base(self._tensors, self.subject, self.kit))
        for piece in self._pieces:
            if piece.sort == "adapter weights" and not found:
                found += self.kit.unresolved(
                    self.subject,
                    "adapterOf",
                    piece.file,
                    rule="parent-unnamed",
                    message=mark("these are the weights of an adapter, and no parent is named"),
                    written=UNNAMED,
                )
        if not found and not self._whole:
            found += unnamed_original(self._gguf, self.subject, self.kit)
        for piece in self._pieces:
            if piece.sort == "card" and not found:
                found += unnamed_parents(piece.data, self._place(piece), self.kit)
        yield from found


def _lateness(folder: str) -> tuple[int, list[int], str]:
    """Sorts the folders of a model's files: its own, then its checkpoints, the latest first."""
    return (
        folder.count("/") + (folder != "."),
        [-int(number) for number in re.findall(r"\d+", folder)],
        folder,
    )


def _tail(text: object) -> str:
    """The last part of an id or a path, as parts are compared."""
    return re.split(r"[/\\]", str(text).strip().rstrip("/\\"))[-1].casefold()


def _is_among(name: str, names: Iterable[str]) -> bool:
    return name.casefold() in {one.casefold() for one in names}
