"""Wikidata's large language models: the answer to data/ingest/wikidata.rq in SPARQL's JSON format.

Each row is one statement; the Q-number is the identity. `based on` (P144) is the work used as the basis, of whatever
kind and in whatever way, so it is `dependsOn`, and only where its object is one of the models; GPT-3 is "based on"
the Transformer there. Dates keep their precision. A value that Wikidata knows to exist but not to name is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.files.parsing import json_document
from kg.ingest.kit._names import unresolved
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.parents import classify
from kg.ingest.kit.source_record import SourceRecord
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="wikidata",
    label={"en": "Wikidata", "ko": "위키데이터"},
    description={
        "en": "Large language models in Wikidata with developers, dates, licenses and what they are based on.",
        "ko": "위키데이터에 실린 대규모 언어모델의 개발사, 날짜, 라이선스, 기반 모델입니다.",
    },
    source_type="database",
    license="license/cc0-1.0",
    homepage="https://www.wikidata.org/",
    fetch="https://query.wikidata.org/sparql",
    query="wikidata.rq",
)

_ENTITY = re.compile(r"https?://www\.wikidata\.org/entity/(Q\d+)")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T")
PRECISION = {"9": 1, "10": 2, "11": 3}  # of Wikidata: year, month, day -> parts of the date
Row = Mapping[str, Mapping[str, Any]]


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The models, each with its statements."""
    for found in place.documents("*", json_document):
        if isinstance(found, Issue):
            yield found
            continue
        rows: dict[str, list[Row]] = {}
        for number, row in enumerate(_rows(found[1])):
            if model := _entity(row, "model"):
                rows.setdefault(model, []).append(row)
            else:
                yield Issue(
                    severity="warning",
                    rule="shape",
                    subject=f"{found[0].name}:{number}",
                    message="a row without a model",
                    value=str(row)[:500],
                    origin=f"{found[0].name}:{number}",
                )
        yield from (Record(model, statements) for model, statements in rows.items())


def _rows(data: Any) -> list[Row]:
    results = data.get("results") if isinstance(data, dict) else None
    found = results.get("bindings") if isinstance(results, dict) else None
    good = found if isinstance(found, list) else []
    return [row if isinstance(row, dict) else {} for row in good]


def _text(row: Row, name: str) -> str:
    cell = row.get(name)
    return str(cell.get("value") or "").strip() if isinstance(cell, dict) else ""


def _entity(row: Row, name: str) -> str:
    match = _ENTITY.fullmatch(_text(row, name))
    return match[1] if match else ""


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What is stated of each model."""
    held = list(records)
    models = {record.locator for record in held}
    for record in held:
        id = kit.id("model", record.locator)
        published = any(_text(row, "property") == "publication" for row in record.data)
        for row in record.data:
            property = _text(row, "property")
            if not (property == "inception" and published):
                yield from _statement(id, property, row, record.locator, models, kit)


def _statement(
    id: str, property: str, row: Row, at: str, models: set[str], kit: Kit
) -> Iterator[Found]:
    match property:
        case _ if not _text(row, "value"):
            yield kit.issue("shape", id, "a statement without a value", row, at, property)
        case "label" | "alias":
            lang = str(row["value"].get("xml:lang") or "")
            yield kit.say(id, property, _text(row, "value"), at, lang=lang)
        case "developer":
            yield from _developer(id, row, at, kit)
        case "license":
            yield from kit.license(id, _text(row, "spdx") or _text(row, "en"), at)
        case "inception" | "publication":
            yield from _date(id, property, row, at, kit)
        case "basedOn":
            yield from _base(id, row, at, models, kit)
        case "website" | "repository":
            yield kit.say(id, "url", _text(row, "value"), at, note=property)
        case "hub":
            yield from _hub(id, row, at, kit)
        case _:
            yield kit.issue("shape", id, "not a statement the query asks for", row, at, property)


def _developer(id: str, row: Row, at: str, kit: Kit) -> Iterator[Found]:
    if not (key := _entity(row, "value")):
        yield kit.say(id, "developer", None, at)
        return
    org = kit.id("org", key)
    for lang in ("en", "ko"):
        if name := _text(row, lang):
            yield kit.name(org, name, at, lang)
    yield kit.say(id, "developer", org, at)


def _date(id: str, property: str, row: Row, at: str, kit: Kit) -> Iterator[Found]:
    match = _DATE.match(_text(row, "value"))
    parts = PRECISION.get(_text(row, "precision"))
    if match and parts:
        yield kit.say(id, "releaseDate", "-".join(match.groups()[:parts]), at, note=property)
    else:
        yield kit.issue(
            "date",
            id,
            "not a date of day, month or year precision",
            f"{_text(row, 'value')}, precision {_text(row, 'precision')}",
            at,
            "releaseDate",
        )


def _base(id: str, row: Row, at: str, models: set[str], kit: Kit) -> Iterator[Found]:
    key = _entity(row, "value")
    name = _text(row, "en") or _text(row, "ko") or key
    if not key:
        yield kit.say(id, "dependsOn", None, at, note="based on")
    elif key == at:
        yield kit.issue("self", id, "is based on itself", name, at, "dependsOn")
    elif key in models:
        yield kit.say(
            id, "dependsOn", kit.id("model", key), at, note="based on; it does not say how"
        )
    else:
        yield from unresolved(kit, id, name, at, "dependsOn", f"{key} is not among the models")


def _hub(id: str, row: Row, at: str, kit: Kit) -> Iterator[Found]:
    parent = classify(_text(row, "value"))
    if parent.sort == "hub" and "/" in parent.value:
        yield kit.say(id, "hubId", parent.value, at)
    else:  # the page of an organization, or of a collection
        yield kit.say(id, "url", _text(row, "value"), at, note="on the Hugging Face Hub")
