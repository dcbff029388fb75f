"""The Hugging Face Hub: what its API says of models, and what their authors' cards say.

These are two sources: `source/hub` for the Hub's own statements, `source/hub-cards` for the fields of
cards. Every parent that either declares is kept, as a claim or as an issue that says what it is
instead. Chat templates, local paths and e-mail addresses are never kept.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

from kg.claims.runs import IdentityLink
from kg.errors import DataError, NotInstalled
from kg.ingest.kit._languages import find_language
from kg.ingest.kit._sizes import is_packed
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.parents import is_hub_id
from kg.ingest.kit.pieces import PieceReading, SourcePiece
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._card_fields import card_claims, datasets, language
from kg.ingest.sources._card_parents import CardPlace, states_parent, strings, unnamed_parents
from kg.ingest.sources._hub_live import pages
from kg.ingest.sources._hub_names import HubNames, NameNotes, NoteTaker
from kg.ingest.sources._hub_parents import base_tags, hub_parents, tags_of
from kg.ingest.sources._hub_pieces import cut_files, open_piece
from kg.ingest.sources._hub_records import Model, normal
from kg.messages.message import Message
from kg.model.claim import LABEL, Claim, slug_of
from kg.model.issues import Issue

_CARDS = SourceRecord(
    id="hub-cards",
    label={
        "en": "Model cards on the Hugging Face Hub",
        "ko": "허깅페이스 허브의 모델 카드",
    },
    description={
        "en": "What authors declare in the cards of their models on the Hugging Face Hub.",
        "ko": "허깅페이스 허브에서 제작자가 모델 카드에 직접 적은 내용입니다.",
    },
    source_type="hub-card",
    homepage="https://huggingface.co/docs/hub/model-cards",
)
SOURCE = SourceRecord(
    id="hub",
    label={"en": "Hugging Face Hub", "ko": "허깅페이스 허브"},
    description={
        "en": "What the Hub's API says of models, with the names, base models, sizes and counts that it keeps of each repository.",
        "ko": "허깅페이스 허브의 API가 알려주는 모델별 이름, 베이스 모델, 크기, 다운로드 수 등입니다.",
    },
    source_type="database",
    homepage="https://huggingface.co/models",
    live=True,
    also=(_CARDS,),
)

CARDS = f"source/{_CARDS.id}"
# The Hub's date for everything older: huggingface_hub.ModelInfo.created_at
FIRST_DAY = "2022-03-02"
_ON_REQUEST = ("auto", "manual")  # what "gated" says of files that one asks for


def cut(place: Place) -> Iterator[SourcePiece]:
    """Models in files, or from the Hub itself if no path is given.

    Raises:
        NotInstalled: the Hub is asked, and huggingface_hub is missing.
        DownloadFailed: it did not answer.
    """
    if place.where and not place.wanted.ids:
        yield from cut_files(place)
        return
    try:
        hub = importlib.import_module("huggingface_hub.utils")
    except ImportError as error:
        raise NotInstalled(Message("live answers of the Hub"), "hub") from error
    yield from pages(place, hub)


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The models, one by one; raises as `cut` does."""
    for piece in cut(place):
        yield from open_piece(piece)


def read_piece(piece: SourcePiece, kit: Kit) -> PieceReading:
    """What the models of a piece say."""
    notes, found = NoteTaker(), list[Found | IdentityLink]()
    records = 0
    for one in open_piece(piece):
        if isinstance(one, Issue):
            found.append(one)
        else:
            records += 1
            found += _record(one, kit, notes)
    return PieceReading(found, records, notes.notes())


def open_memory(kit: Kit) -> HubMemory:
    """What the Hub's keys and spellings of names tell of all models together."""
    return HubMemory(kit)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found | IdentityLink]:
    """What the records say, and what follows from the Hub's keys and spellings of names."""
    notes = NoteTaker()
    for record in records:
        yield from _record(record, kit, notes)
    with closing(open_memory(kit)) as memory:
        memory.take(notes.notes())
        yield from memory.conclude()


class HubMemory:
    """What is known only of all models together.

    Args:
        kit: the source's.
    """

    def __init__(self, kit: Kit) -> None:
        self._kit, self._names = kit, HubNames(kit.kept, kit.retrieved)

    def take(self, notes: NameNotes) -> None:
        """Take what some models tell of names."""
        self._names.take(notes)

    def conclude(self) -> Iterator[Found | IdentityLink]:
        """Names, links of old names to new ones, and new versions."""
        yield from self._names.told()
        yield from self._names.links()
        yield from _successions(self._names, self._kit)

    def close(self) -> None:
        """End."""
        self._names.close()


def _record(record: Record, kit: Kit, notes: NoteTaker) -> Iterator[Found]:
    try:
        model = normal(record.data, record.locator)
    except DataError as error:
        yield unreadable(str(error), record.locator, kit.source)
        return
    subject = f"model/hf/{model.name}"
    for found in _model(model, subject, record.locator, kit, notes):
        if isinstance(found, Claim) and found.property == LABEL and found.subject != subject:
            notes.tell(found)
        else:
            yield found


def _model(model: Model, subject: str, at: str, kit: Kit, names: NoteTaker) -> Iterator[Found]:
    if not is_hub_id(model.name):
        yield kit.issue("hub-id", "", "not an id of the Hub", model.name, at)
        return
    if model.api.get("private") is True:
        yield kit.issue("private", "", "a private model is not kept", "", at)
        return
    names.name(model.api.get("_id"), model.name, listed=True)
    if is_hub_id(model.asked):
        names.name(model.api.get("_id"), model.asked, listed=False)
    for message in model.problems:
        yield kit.issue("card-yaml", subject, message, "", at, source=CARDS)
    yield from _identity(model, subject, kit)
    yield from _counts(model, subject, kit)
    parents = [*hub_parents(model, subject, kit, names), *_said(model, subject, kit)]
    if not any(map(states_parent, parents)):
        called = {
            "library_name": model.api.get("library_name") or model.card.get("library_name"),
            "tags": [*tags_of(model), *strings(model.card.get("tags"))],
        }
        place = CardPlace(subject, model.name, kit.source, "")
        parents += unnamed_parents(called, place, kit)
    for found in parents:
        yield found
        if isinstance(found, Claim) and str(found.said.value).startswith("model/hf/"):
            names.edge(model.name, slug_of(str(found.said.value)).removeprefix("hf/"))
    yield from _newer(model, subject, kit, names)


def _identity(model: Model, subject: str, kit: Kit) -> Iterator[Found]:
    api = model.api
    owner, _, tail = model.name.rpartition("/")
    yield kit.name(subject, tail, "id", lang="en")
    yield kit.say(subject, "hubId", model.name, "id")
    if isinstance(api.get("_id"), str):
        yield kit.say(subject, "hubObjectId", api["_id"], "_id")
    author = api.get("author") or owner
    if isinstance(author, str) and is_hub_id(author) and "/" not in author:
        org = f"org/hf/{author}"
        yield kit.name(org, author, "author", lang="en")
        yield kit.say(subject, "publisher", org, "author")
    created, modified = _day(api.get("createdAt")), _day(api.get("lastModified"))
    if created and created != FIRST_DAY:
        yield kit.say(subject, "repositoryCreated", created, "createdAt")
    if modified:
        yield kit.say(subject, "modified", modified, "lastModified")


def _day(value: object) -> str:
    """The day of a time, as text or as a value of Parquet; "" if there is none."""
    return str(value)[:10] if value else ""


def _counts(model: Model, subject: str, kit: Kit) -> Iterator[Found]:
    api = model.api
    for field in ("downloads", "likes"):
        if (count := whole(api.get(field))) is not None:
            yield kit.say(subject, field, count, field)
    for field, property in (("pipeline_tag", "task"), ("library_name", "library")):
        if isinstance(api.get(field), str) and api[field].strip():
            yield kit.say(subject, property, api[field], field)
    gated = api.get("gated")
    if gated is not None:
        said = "no" if gated in (False, "False", "false") else str(gated).casefold()
        yield kit.say(subject, "gated", said, "gated")
        if said in _ON_REQUEST or (said == "no" and _has_weights(api)):
            access = "on-request" if said in _ON_REQUEST else "open-weights"
            yield kit.say(subject, "access", access, "gated")
    yield from _size(_mapping(api.get("safetensors")), _mapping(api.get("gguf")), subject, kit)


def _has_weights(api: Mapping[str, Any]) -> bool:
    """Whether the Hub counted weights in its files: an empty repository is open, and gives out none."""
    return any(whole(_mapping(api.get(format)).get("total")) for format in ("safetensors", "gguf"))


def _size(
    tensors: Mapping[str, Any], gguf: Mapping[str, Any], subject: str, kit: Kit
) -> Iterator[Found]:
    total, field = whole(tensors.get("total")), "safetensors.total"
    types = {k: n for k, v in _mapping(tensors.get("parameters")).items() if (n := whole(v))}
    if total and is_packed(types):
        yield kit.packed(subject, total, types, field)
        total = None
    if not total:
        total, field = whole(gguf.get("total")), "gguf.total"
    if total:
        note = ", ".join(sorted(types)) if field.startswith("safetensors") else ""
        yield kit.say(subject, "parameterCount", total, field, note=note)
    if length := whole(gguf.get("context_length")):
        yield kit.say(subject, "contextLength", length, "gguf.context_length")


def whole(value: object) -> int | None:
    """A count, which Parquet may hold as a float; None if it is none.

    >>> whole(7.0), whole(float("nan")), whole("7"), whole(True), whole(-1)
    (7, None, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        return None
    return int(value) if value == value and value < 1e18 and int(value) == value else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


# ---- the card, and tags that the Hub made of it where the card itself is not at hand


def _said(model: Model, subject: str, kit: Kit) -> Iterator[Found]:
    yield from card_claims(model.card, CardPlace(subject, model.name, CARDS, ""), kit)
    if model.card:
        return
    about = CardPlace(subject, model.name, kit.source, "")
    for tag in tags_of(model):
        key, _, value = tag.partition(":")
        if key == "license" and value:
            bases = [parent for _, parent, _ in base_tags(model)]
            yield from kit.license(subject, value, "tags", bases=bases)
        elif key == "dataset" and value:
            yield from datasets(value, about, "tags", kit)
        elif len(tag) == 2 and tag.islower() and find_language(tag):
            yield from language(tag, about, "tags", kit)


# ---- new versions


def _newer(model: Model, subject: str, kit: Kit, names: NoteTaker) -> Iterator[Found]:
    """Note the new version that a card names; what it comes from is known only at the end."""
    for text in strings(model.card.get("new_version")):
        parent = kit.parent(text, model.name)
        if parent.sort == "hub":
            names.newer(model.name, parent.value)
        else:
            yield kit.issue(
                f"new-version-{parent.sort}",
                subject,
                "it names no other model of the Hub",
                parent.value,
                "new_version",
                "successorOf",
                CARDS,
            )


def _successions(names: HubNames, kit: Kit) -> Iterator[Found]:
    """The models that cards name as new versions succeed those whose cards name them."""
    for one in names.successions():
        older, newer = f"model/hf/{one.name}", f"model/hf/{one.next}"
        at = f"{one.name}#new_version"
        if one.is_above:
            yield kit.issue(
                "new-version-ancestor",
                older,
                "what it was made from is no new version",
                one.next,
                at,
                "successorOf",
                CARDS,
            )
            continue
        if not one.is_listed:
            yield kit.name(newer, one.next.rpartition("/")[2], at, lang="en", source=CARDS)
        yield kit.say(newer, "successorOf", older, at, source=CARDS)
