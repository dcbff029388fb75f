"""A model card: the YAML front matter of a README.md, as authors write it for the Hugging Face Hub.

The front matter is read with kg.files.yaml and not with python-frontmatter: that one reads YAML 1.1, in
which Norwegian (`no`) is false and `1.0` loses its spelling, and it does not bound aliases or depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.files.parsing import text as text_of
from kg.files.recovery import SalvagedFields
from kg.ingest.kit._folders import foreign_folder
from kg.ingest.kit._languages import find_language, split_languages
from kg.ingest.kit._license_parts import license_parts
from kg.ingest.kit._words import fold
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.parents import is_hub_id
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._card_parents import (
    CardPlace,
    card_bases,
    card_parents,
    misspelled_key,
    place_of,
    plain_value,
    states_parent,
    strings,
    unnamed_parents,
)
from kg.ingest.sources._front_matter import (
    LICENSES,
    find_front_matter,
    loses_bases,
    loses_license,
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
from kg.messages.message import mark
from kg.model.claim import EDITORS, LABEL, Claim, Said
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

HUB = "https://huggingface.co/"


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


def card_claims(card: Mapping[str, Any], about: CardPlace, kit: Kit) -> Iterator[Found]:
    """What the fields of a card say: parents, license, languages, data; `new_version` is not among them.

    Args:
        card: the fields.
        about: whose they are.
        kit: the source's.
    """
    yield from _broken(card, about, kit)
    yield from card_parents(card, about, kit)
    yield from _license(card, about, kit)
    yield from _languages(card, about, kit)
    yield from datasets(card.get("datasets"), about, "datasets", kit)


def _broken(card: Mapping[str, Any], about: CardPlace, kit: Kit) -> Iterator[Found]:
    """What of a card cannot be read; a parent or a license that is lost so is not known."""
    for one in card.broken if isinstance(card, SalvagedFields) else ():
        at = f"{about.at}:{one.line}" if about.at else f"line {one.line}"
        rule = "unreadable" if about.at else "card-yaml"
        yield kit.issue(rule, about.subject, one.why, one.key, at, source=about.source)
    if loses_bases(card):
        yield from kit.unresolved(
            about.subject,
            "derivedFrom",
            place_of(about, "base_model"),
            rule="parent-unread",
            message=mark("the field that names its parent cannot be read"),
            written="a field that cannot be read",
            source=about.source,
        )
    if loses_license(card):
        at = place_of(about, "license")
        note = "a field that cannot be read"
        yield kit.say(about.subject, "license", None, at, note=note, source=about.source)


def _license(card: Mapping[str, Any], about: CardPlace, kit: Kit) -> Iterator[Found]:
    key = next((key for key in LICENSES if card.get(key) is not None), "")
    if not key:
        return
    at, name = place_of(about, key), _text(card.get("license_name"))
    if key != "license":
        yield misspelled_key(key, "license", card[key], "license", about, kit)
        if kit.group(card[key]) == "other_license" and not name:
            return  # a template's `licence: license`, which nobody filled in
    link = _address(_text(card.get("license_link")), about)
    note = "" if key == "license" else f"under the key {key}"
    listed = [text for text in strings(card[key]) if isinstance(text, str)]
    if len(listed) > 1 and (both := kit.licenses.find_all(listed)):
        note = "; ".join(filter(None, (note, f"as written: {', '.join(listed)}")))
        yield kit.say(about.subject, "license", both, at, note=note, source=about.source)
        return
    for value in strings(card[key]):
        for text, property in _license_texts(value):
            yield from kit.license(
                about.subject,
                text,
                at,
                name=_named(value, "name") or name,
                link=_address(_named(value, "link"), about) or link,
                note=note,
                property=property,
                source=about.source,
                hub=about.hub_id,
                bases=card_bases(card),
            )


_MAPPED = {
    "name": ("license_name", "name", "license", "spdx_id", "spdx", "id", "type"),
    "link": ("license_link", "link", "url", "href"),
}  # keys of a mapping that stands where a license should


def _license_texts(value: object) -> list[tuple[str, str]]:
    """The licenses of a value, each with the property that says which part it is for."""
    if isinstance(value, dict):
        return [("other", "license")]
    return license_parts(value if isinstance(value, str) else str(value))


def _named(value: object, part: str) -> str:
    """The name or the address of a license that a mapping gives."""
    fields = value if isinstance(value, dict) else {}
    return next((text for key in _MAPPED[part] if (text := _text(fields.get(key)))), "")


def _text(value: object) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _address(link: str, about: CardPlace) -> str:
    """A link as an address; one to a file of the repository is completed."""
    if re.fullmatch(r"https?://[^\s<>\"{}|\\^`@]+", link):
        return link
    if about.hub_id and re.fullmatch(r"[\w./-]+", link):
        return f"{HUB}{about.hub_id}/blob/main/{link.removeprefix('./')}"
    return ""


def _languages(card: Mapping[str, Any], about: CardPlace, kit: Kit) -> Iterator[Found]:
    told = strings(card.get("language"))
    parts = [part for text in told for part in _language_texts(text)]
    for text in dict.fromkeys(map(plain_value, parts)):
        yield from language(text, about, "language", kit)


def _language_texts(text: object) -> list[object]:
    """A value of the field, cut where it holds several languages."""
    if not isinstance(text, str) or find_language(text):
        return [text]
    return [*split_languages(text)] or [text]


def language(text: object, about: CardPlace, field: str, kit: Kit) -> Iterator[Found]:
    """What a language field says."""
    at = place_of(about, field)
    spelled = "no" if text is False else str(text)
    found = find_language(spelled)
    if not found:
        if not kit.group(spelled):
            yield kit.issue(
                "language",
                about.subject,
                "not a language code",
                spelled,
                at,
                "language",
                about.source,
            )
        return
    note = "" if found.exact else f"as written: {spelled}"
    note = "read as false, which YAML 1.1 makes of `no`" if text is False else note
    for lang, name in found.names.items():
        yield Claim(
            found.id, LABEL, Said(value=name, source=EDITORS, locator="Unicode CLDR", lang=lang)
        )
    yield kit.say(about.subject, "language", found.id, at, note=note, source=about.source)


def datasets(value: object, about: CardPlace, field: str, kit: Kit) -> Iterator[Found]:
    """What a field of training datasets says."""
    at = place_of(about, field)
    for text in dict.fromkeys(map(plain_value, strings(value))):
        parent = kit.parent(text)
        name = str(text).removeprefix(f"{HUB}datasets/").strip("/")
        if kit.words.get(fold(str(text))) == "no_dataset":
            continue
        if is_hub_id(name) and parent.sort != "placeholder":
            data = f"dataset/hf/{name}"
            yield kit.name(data, name.rpartition("/")[2], at, lang="en", source=about.source)
            yield kit.say(about.subject, "trainedOn", data, at, source=about.source)
        else:
            yield kit.issue(
                f"dataset-{parent.sort}",
                about.subject,
                "not a dataset of the Hub",
                "" if parent.sort == "path" else parent.value,
                at,
                "trainedOn",
                about.source,
            )
