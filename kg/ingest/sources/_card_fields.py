"""What the fields of a model card say: parents, license, languages and training data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.files.recovery import SalvagedFields
from kg.ingest.kit._languages import find_language, split_languages
from kg.ingest.kit._license_parts import license_parts
from kg.ingest.kit._words import fold
from kg.ingest.kit.kit import Found, Kit
from kg.ingest.kit.parents import is_hub_id
from kg.ingest.sources._card_parents import (
    CardPlace,
    card_bases,
    card_parents,
    misspelled_key,
    place_of,
    plain_value,
    strings,
)
from kg.ingest.sources._front_matter import LICENSES, loses_bases, loses_license
from kg.messages.message import mark
from kg.model.claim import EDITORS, LABEL, Claim, Said

HUB = "https://huggingface.co/"


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


# Keys of a mapping that stands where a license should
_MAPPED = {
    "name": ("license_name", "name", "license", "spdx_id", "spdx", "id", "type"),
    "link": ("license_link", "link", "url", "href"),
}


def _license_texts(value: object) -> tuple[tuple[str, str], ...]:
    """The licenses of a value, each with the property that says which part it is for."""
    if isinstance(value, dict):
        return (("other", "license"),)
    return license_parts(value if isinstance(value, str) else str(value))


def _named(value: object, part: str) -> str:
    """The name or the address of a license that a mapping gives."""
    if not isinstance(value, dict):
        return ""
    return next((text for key in _MAPPED[part] if (text := _text(value.get(key)))), "")


def _text(value: object) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _address(link: str, about: CardPlace) -> str:
    """A link as an address; one to a file of the repository is completed."""
    if not link:
        return ""
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
