"""Stanford CRFM's Ecosystem Graphs: models, datasets and applications (assets/*.yaml), and what each was made with.

A field is plain or `{explanation, value}`. `dependencies` is, in the words of the source's schema (js/schemas.yaml),
"a list of assets (e.g., datasets, models, applications) that were used to create this": names without a kind of
relation. A model may be in it as base, judge, filter or generator, so a dependency on a model is `dependsOn`, which
carries no weights; only what the kinds on both ends settle is said more exactly (`RELATIONS`).

Not read: prose (description, analysis, intended uses …), since the repository names no license and facts need none;
nationality, training time, hardware and emissions, which are free text; sample.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kg.files.parsing import listed, yaml_document
from kg.ingest.kit._license_parts import license_parts
from kg.ingest.kit._markdown import links, plain
from kg.ingest.kit._names import (
    NamedThing,
    SourceNames,
    ids,
    makers,
    repeated,
    split_names,
    unresolved,
)
from kg.ingest.kit._sizes import parse_amount, parse_size
from kg.ingest.kit._words import outside_brackets
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.source_record import SourceRecord
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="ecosystem-graphs",
    label={"en": "Ecosystem Graphs (Stanford CRFM)", "ko": "Ecosystem Graphs(스탠퍼드 CRFM)"},
    description={
        "en": "Models, datasets and applications with what each was made with; the repository names no license.",
        "ko": "모델, 데이터셋, 애플리케이션과 각각의 제작에 쓰인 것을 정리한 데이터베이스입니다. 저장소에 라이선스가 적혀 있지 않습니다.",
    },
    source_type="database",
    homepage="https://crfm.stanford.edu/ecosystem-graphs/",
    fetch="https://github.com/stanford-crfm/ecosystem-graphs/archive/refs/heads/main.tar.gz",
)

KINDS = {"model": "model", "dataset": "dataset", "application": "product"}
RELATIONS = {
    ("model", "dataset"): "trainedOn",
    ("dataset", "dataset"): "dataDerivedFrom",
    ("product", "model"): "poweredBy",
}
UNSTATED = "listed among what was used to create it; the source does not say how"


class _Asset(NamedTuple):
    id: str
    kind: str
    fields: Mapping[str, Any]
    at: str


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The assets of all files."""
    for found in place.documents("*.yaml", yaml_document, "assets"):
        if isinstance(found, Issue):
            yield found
            continue
        file, document = found
        entries = document.data if isinstance(document.data, list) else [document.data]
        for place_in_file, entry in enumerate(entries):
            yield Record(f"{file.name}:{document.line((place_in_file,))}", entry)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What the assets say; they are few, and name each other."""
    good = []
    for record in records:
        if wrong := _wrong(record.data):
            yield kit.issue("shape", record.locator, wrong, record.data, record.locator)
        else:
            good.append(record)
    found = ids(
        [
            NamedThing(
                KINDS[_said(record.data["type"])],
                _said(record.data["name"]),
                _said(record.data.get("organization")),
            )
            for record in good
        ],
        kit.id,
    )
    yield from repeated(found, kit, [record.locator for record in good])
    names = SourceNames((_said(r.data["name"]), id) for r, id in zip(good, found, strict=True))
    for record, id in zip(good, found, strict=True):
        asset = _Asset(id, KINDS[_said(record.data["type"])], record.data, record.locator)
        yield kit.name(id, _said(record.data["name"]), record.locator)
        yield from _facts(asset, kit)
        yield from _licenses(asset, kit)
        yield from _dependencies(asset, names, kit)


def _wrong(data: Any) -> str:
    if not isinstance(data, dict):
        return "an asset must be a mapping"
    if _said(data.get("type")) not in KINDS:
        return f"type must be one of {', '.join(KINDS)}"
    return "" if _said(data.get("name")) else "an asset needs a name"


def _value(field: Any) -> Any:
    return field.get("value") if isinstance(field, dict) else field


def _said(field: Any) -> str:
    value = _value(field)
    return "" if value is None or isinstance(value, list | dict) else str(value).strip()


def _note(field: Any) -> str:
    told = field.get("explanation") if isinstance(field, dict) else None
    return plain(str(told))[:300] if told else ""


def _facts(asset: _Asset, kit: Kit) -> Iterator[Found]:
    fields, at = asset.fields, asset.at
    made_by = fields.get("organization")
    yield from makers(
        kit, asset.id, split_names(_said(made_by), kit.words), at, note=_note(made_by)
    )
    yield from _date(asset, kit)
    for name in ("url", "model_card", "datasheet"):
        if "://" in (address := _said(fields.get(name))):
            yield kit.say(asset.id, "url", address, at, note="" if name == "url" else name)
    for name in ("access", "modality"):  # `closed` is said of models with an API as well: no code
        field = fields.get(name)
        if text := _said(field):
            value = f"access: {text.lower()}" if name == "access" else text
            property = "openness" if name == "access" else name
            yield from kit.value(asset.id, property, value, at, note=_note(field))
    yield from _size(asset, kit)


def _date(asset: _Asset, kit: Kit) -> Iterator[Found]:
    field = asset.fields.get("created_date")
    date = _said(field) or _said(asset.fields.get("value"))  # one date stands outside its field
    note = "; ".join(part for part in ("date of creation", _note(field)) if part)
    yield from kit.value(asset.id, "releaseDate", date, asset.at, note=note)


def _size(asset: _Asset, kit: Kit) -> Iterator[Found]:
    field = asset.fields.get("size")
    text = _said(field)
    note = "; ".join(part for part in (f"as written: {text}", _note(field)) if part)
    if kit.group(text):
        if asset.kind == "model" and text:
            yield from kit.value(asset.id, "parameterCount", text, asset.at, note=_note(field))
        return
    found = [*(_parameters if asset.kind == "model" else _amounts)(asset, text, note, kit)]
    yield from found or [
        kit.issue("size", asset.id, "not a size", text, asset.at, "parameterCount")
    ]


def _parameters(asset: _Asset, text: str, note: str, kit: Kit) -> Iterator[Found]:
    size = parse_size(text)
    if size.parameters:
        yield kit.say(asset.id, "parameterCount", size.parameters, asset.at, note=note)
    if size.active:
        yield kit.say(asset.id, "activeParameterCount", size.active, asset.at, note=note)


def _amounts(asset: _Asset, text: str, note: str, kit: Kit) -> Iterator[Found]:
    for part in outside_brackets(text):
        amount = parse_amount(part)
        if amount and asset.kind == "dataset":
            property = "size" if amount.what == "bytes" else "itemCount"
            yield kit.say(asset.id, property, amount.number, asset.at, note=note)


def _licenses(asset: _Asset, kit: Kit) -> Iterator[Found]:
    field = asset.fields.get("license")
    text = _said(field)
    if not text and isinstance(field, dict):  # what should be its value stands in the explanation
        text = _note(field) if kit.group(_note(field)) else ""
    address = next((address for _, address in links(text)), "")
    for part, property in license_parts(plain(text)):
        fits = property if asset.kind == "model" else "license"
        note = _note(field) if property == fits else f"as written: {text}"
        yield from kit.license(asset.id, part, asset.at, link=address, note=note, property=fits)


def _dependencies(asset: _Asset, names: SourceNames, kit: Kit) -> Iterator[Found]:
    field = asset.fields.get("dependencies")
    note = "; ".join(part for part in (UNSTATED, _note(field)) if part)
    for entry in listed(_value(field)):
        name = str(entry or "").strip()
        if kit.group(name):
            continue
        yield from _dependency(asset, name, names.find(name), note, kit)


def _dependency(
    asset: _Asset, name: str, found: tuple[str, ...], note: str, kit: Kit
) -> Iterator[Found]:
    if asset.id in found:
        yield kit.issue("self", asset.id, "is listed among its own dependencies", name, asset.at)
    elif len(found) == 1:
        other = found[0].partition("/")[0]
        property = RELATIONS.get((asset.kind, other), "dependsOn")
        yield kit.say(asset.id, property, found[0], asset.at, note=note)
    else:
        why = f"{len(found)} assets bear this name" if found else ""
        yield from unresolved(kit, asset.id, name, asset.at, "dependsOn", why)
