"""A model card: the YAML front matter of a README.md, as authors write it for the Hugging Face Hub.

The front matter is read with kg.files.yaml and not with python-frontmatter: that one reads YAML 1.1, in
which Norwegian (`no`) is false and `1.0` loses its spelling, and it does not bound aliases or depth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.files.parsing import text as text_of
from kg.files.recovery import SalvagedFields
from kg.ingest.kit._folders import foreign_folder
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._card_fields import card_claims
from kg.ingest.sources._card_parents import (
    CardPlace,
    states_parent,
    unnamed_parents,
)
from kg.ingest.sources._front_matter import (
    find_front_matter,
    read_fields,
)
from kg.ingest.sources._local import local_card
from kg.ingest.sources._no_model import card_sort, is_project_text, no_model
from kg.ingest.sources.heads._card_body import (
    CardBlocks,
    body_claims,
    body_trainings,
    card_blocks,
)
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="card",
    label={"en": "Model card", "ko": "모델 카드"},
    description={
        "en": "The fields at the head of a model card, a README.md on a disk or at an address.",
        "ko": "디스크나 웹에 있는 모델 카드(README.md) 머리 부분에 적힌 항목입니다.",
    },
    source_type="hub-card",
    prefix="local",
    each=True,
    own_models=True,
)


class WholeCard(NamedTuple):
    """What is read of a card."""

    fields: Mapping[str, Any]
    blocks: CardBlocks  # of its text


def front_matter(whole: str, name: str) -> SalvagedFields:
    """The fields at the head of a card, with those that cannot be read; nothing if it has none.

    >>> front_matter("---\\nlanguage: no\\nlicense: 1.0\\n---\\n# Hi", "README.md")["language"]
    'no'
    """
    found = find_front_matter(whole)
    return read_fields(found.text, name, found.line, found.odd) if found else SalvagedFields({})


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The cards of a path: a file that was named is one, in a folder those that speak of a model."""
    foreign: set[str] = set()
    for file in place.files("*.md"):
        path = PurePosixPath(file.name)
        if at := foreign_folder(path):
            foreign.add(at)
            continue
        try:
            card = card_of(file)
        except DataError as error:
            yield unreadable(str(error), file.name, "source/card")
            continue
        is_named = place.path.name.removesuffix(".gz") == file.name  # itself, not a folder
        reason = "" if is_named else _other_than_card(path.stem, card.fields)
        if reason:
            yield no_model(reason, file.name, "source/card")
        else:
            yield Record(file.name, (local_card(place, path), card))
    yield from (no_model("foreign", at, "source/card") for at in sorted(foreign))


def _other_than_card(stem: str, fields: Mapping[str, Any]) -> str:
    """Why a file in a folder is no model's card, of NO_MODEL; "" for a card."""
    if is_project_text(stem):
        return "project"
    sort = card_sort(fields)
    return "" if sort == "model" else sort


def card_of(file: IntakeFile) -> WholeCard:
    """The card in a file.

    Raises:
        DataError: too large, a pointer of Git LFS, or no text.
    """
    whole = text_of(file, strict=False)
    return WholeCard(front_matter(whole, file.name), card_blocks(whole, file.name))


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each card says of its model."""
    for record in records:
        model, card = record.data
        subject = model.id(kit)
        yield kit.name(subject, model.name, "", lang="en")
        about = CardPlace(subject, model.hub_id, kit.source, record.locator)
        yield from whole_card_claims(card, about, kit)


def whole_card_claims(card: WholeCard, about: CardPlace, kit: Kit) -> Iterator[Found]:
    """What a card says: its fields, merges in its text, and where no parent is stated, what else tells of one."""
    found = [
        *card_claims(card.fields, about, kit),
        *body_claims(card.blocks, about.subject, about.hub_id, kit),
    ]
    if not any(map(states_parent, found)):
        found += body_trainings(card.blocks, about.subject, about.hub_id, kit)
    yield from found
    if not any(map(states_parent, found)):
        yield from unnamed_parents(card.fields, about, kit)
