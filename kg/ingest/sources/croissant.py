"""Croissant, the metadata format of MLCommons for datasets (JSON-LD, versions 0.8 to 1.1): one dataset in a document.

Read as plain JSON: the standard fixes the names of its keys, so only their prefixes (`sc:name`, `https://schema.org/
name`, `name`) and wrappings (`@value`, `@id`, lists, `@graph`) are taken off, and no context is ever fetched. Two
publishers may use one name, so a dataset is told by its address where it has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.files.parsing import json_document, listed
from kg.ingest.kit._names import makers
from kg.ingest.kit._sizes import parse_amount
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.parents import hub_dataset
from kg.ingest.kit.source_record import SourceRecord
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="croissant",
    label={"en": "Croissant file", "ko": "크루아상 파일"},
    description={
        "en": "Metadata of a dataset in MLCommons' Croissant format, as its publisher wrote it.",
        "ko": "데이터셋 게시자가 MLCommons의 크루아상 형식으로 적은 메타데이터입니다.",
    },
    source_type="files",
    homepage="https://docs.mlcommons.org/croissant/docs/croissant-spec.html",
    each=True,
)

_PREFIX = re.compile(
    r"^(?:https?://(?:schema\.org|mlcommons\.org/croissant|purl\.org/dc/terms)/|\w+:)"
)
SAID_IN_WORDS = {
    "description": "describedAs",
    "version": "feature",
    "citeAs": "feature",
    "citation": "feature",
    "keywords": "contains",
    "inLanguage": "feature",
}


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The datasets of all documents."""
    for found in place.documents("*.json", json_document):
        if isinstance(found, Issue):
            yield found
            continue
        for entry in _entries(found[1]):
            yield Record(found[0].name, entry)


def _entries(data: Any) -> list[Any]:
    if isinstance(data, dict) and isinstance(data.get("@graph"), list):
        return [node for node in data["@graph"] if "Dataset" in _types(node)]
    return listed(data) if data is not None else [None]


def _types(node: Any) -> list[str]:
    if not isinstance(node, dict):
        return []
    types = node.get("@type")
    return [_PREFIX.sub("", str(one)) for one in listed(types)]


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each document says of its dataset."""
    for record in records:
        fields = _fields(record.data)
        name = next(iter(_texts(fields.get("name"))), "")
        if "Dataset" not in _types(record.data) or not name:
            yield kit.issue(
                "shape", record.locator, "not a dataset with a name", record.data, record.locator
            )
            continue
        yield from _dataset(fields, name, record.locator, kit)


def _fields(data: Any) -> dict[str, Any]:
    """
    >>> _fields({"sc:name": "a", "https://schema.org/url": "b", "@type": "sc:Dataset"})
    {'name': 'a', 'url': 'b', '@type': 'sc:Dataset'}
    """
    return (
        {_PREFIX.sub("", key): value for key, value in data.items()}
        if isinstance(data, dict)
        else {}
    )


def _texts(value: Any, deepest: int = 9) -> list[str]:
    """The texts of a value, however it is wrapped.

    >>> _texts([{"@value": "a", "@language": "en"}, {"@id": "b"}, {"name": "c"}, 1.0, None])
    ['a', 'b', 'c', '1.0']
    """
    if not deepest:
        return []
    if isinstance(value, list):
        return [text for item in value for text in _texts(item, deepest - 1)]
    if isinstance(value, dict):
        fields = _fields(value)
        keys = (key for key in ("@value", "name", "@id", "url") if key in fields)
        return _texts(fields.get(next(keys, "")), deepest - 1)
    return [] if value is None or not str(value).strip() else [str(value).strip()]


def _dataset(fields: Mapping[str, Any], name: str, at: str, kit: Kit) -> Iterator[Found]:
    addresses = [text for text in _texts(fields.get("url")) if not kit.group(text)]
    told_by = re.sub(r"^https?://(www\.)?", "", addresses[0]) if addresses else name
    id = kit.id("dataset", told_by)
    yield kit.name(id, name, at)
    for other in _texts(fields.get("alternateName")):
        yield kit.say(id, "alias", other, at)
    for address in addresses:
        yield kit.say(id, "url", address, at)
        if hub := hub_dataset(address):
            yield kit.say(id, "hubId", hub, at)
    for role, property in (("creator", "developer"), ("publisher", "publisher")):
        yield from _people(id, fields.get(role), property, at, kit)
    for text in _texts(fields.get("license")):
        yield from kit.license(id, text, at)
    for date in _texts(fields.get("datePublished"))[:1]:
        yield kit.say(id, "releaseDate", date[:10], at)
    yield from _words(id, fields, at, kit)
    yield from _counts(id, fields, at, kit)


def _people(id: str, value: Any, property: str, at: str, kit: Kit) -> Iterator[Found]:
    for one in listed(value):
        if "Person" in _types(one):
            for name in _texts(one):
                person = kit.id("person", name)
                yield kit.name(person, name, at)
                yield kit.say(id, property, person, at)
        else:
            yield from makers(kit, id, _texts(one), at, property)


def _words(id: str, fields: Mapping[str, Any], at: str, kit: Kit) -> Iterator[Found]:
    for key, property in SAID_IN_WORDS.items():
        for text in _texts(fields.get(key)):
            if kit.group(text):
                continue
            label = f"{key}: " if property == "feature" else ""
            yield kit.say(id, property, label + " ".join(text.split())[:2000], at)


def _counts(id: str, fields: Mapping[str, Any], at: str, kit: Kit) -> Iterator[Found]:
    files = [_fields(file) for file in listed(fields.get("distribution"))]
    for form in dict.fromkeys(t for file in files for t in _texts(file.get("encodingFormat"))):
        yield kit.say(id, "format", form, at)
    sizes = [_texts(file.get("contentSize")) for file in files if "FileObject" in _types(file)]
    amounts = [parse_amount(re.sub(r"(?<=\d)\s*B$", " bytes", size[0])) for size in sizes if size]
    if amounts and len(amounts) == len(sizes) and all(a and a.what == "bytes" for a in amounts):
        total = sum(amount.number for amount in amounts if amount)
        yield kit.say(id, "size", total, at, note=f"sum of {len(amounts)} files")
    for records in listed(fields.get("recordSet")):
        rows = _fields(records).get("data")
        if isinstance(rows, list) and rows:
            names = _texts(_fields(records).get("name")) or ["records"]
            yield kit.say(id, "itemCount", len(rows), at, note=f"rows written out in {names[0]}")
