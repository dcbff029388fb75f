"""GPUStack's catalog: models it can serve, one YAML file, with repositories of the Hub for each precision.

The repository that holds a model as it was published is the model; the others of an entry were made from it.
Draft models, which guess ahead of a model, are named after the one they were made for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from kg.errors import DataError
from kg.files.parsing import listed, yaml_document
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._copies import is_quantized, owner, plain_name
from kg.ingest.sources._repositories import hub_model, is_repository
from kg.ingest.sources._rounded import active_size, is_number, said_size
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="gpustack",
    label={"en": "GPUStack's catalog", "ko": "GPUStack 모델 카탈로그"},
    description={
        "en": "Models that GPUStack can serve, with licenses, release dates, sizes and quantized copies.",
        "ko": "GPUStack으로 서비스할 수 있는 모델의 라이선스, 출시일, 크기, 양자화 사본을 정리한 목록입니다.",
    },
    source_type="database",
    license="license/apache-2.0",
    homepage="https://github.com/gpustack/gpustack",
    fetch="https://raw.githubusercontent.com/gpustack/gpustack/main/gpustack/assets/model-catalog.yaml",
)

Data = Mapping[str, Any]
_DRAFT = re.compile(r"(?P<model>.+)-EAGLE\d?", re.IGNORECASE)
_TOKENS = re.compile(r"(?:context|max_tokens)/(?P<number>\d+)(?P<kilo>K?)")
_UNITS = {"": Decimal(1), "B": Decimal(1), "T": Decimal(1000), "M": Decimal("0.001")}  # billions


class _Entry(NamedTuple):
    id: str
    data: Data
    hub: str  # the repository that is the model; "" if none is
    copies: list[str]
    at: str


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The models, and the draft models as `draft`."""
    for file in place.files("*.yaml"):
        try:
            data = yaml_document(file).data
        except DataError as error:
            yield unreadable(str(error), file.name, "source/gpustack")
            continue
        for part in ("model_sets", "draft_models"):
            for number, one in enumerate(
                listed(data.get(part) if isinstance(data, dict) else None)
            ):
                yield Record(f"{file.name}:{part}[{number}]", one)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What the entries say; they are few, and draft models name others."""
    models: dict[str, str] = {}
    drafts = []
    told: set[str] = set()
    for record in records:
        if not (isinstance(record.data, dict) and isinstance(record.data.get("name"), str)):
            yield kit.issue("shape", "", "no model with a name", record.data, record.locator)
        elif ":draft_models[" in record.locator:
            drafts.append(record)
        else:
            entry = _read_entry(record, kit)
            models[record.data["name"]] = entry.id
            yield from _names(entry, told, kit)
            yield from _copies(entry, kit)
            yield from _facts(entry, kit)
    for record in drafts:
        yield from _draft(record, models, kit)


def _read_entry(record: Record, kit: Kit) -> _Entry:
    data = record.data
    ids = [_repository(spec) for spec in listed(data.get("specs"))]
    hub = list(dict.fromkeys(id for id in ids if is_repository(id)))
    own = [id for id in hub if not is_quantized(id) and owner(id) != kit.prefix]
    model = own[0] if len(own) == 1 else ""
    id = f"model/hf/{model}" if model else kit.id("model", data["name"])
    return _Entry(id, data, model, [copy for copy in hub if copy != model], record.locator)


def _repository(spec: object) -> str:
    """The repository of a specification, which may stand in one that it merges in (`<<`)."""
    found = spec.get("huggingface_repo_id") if isinstance(spec, dict) else None
    if isinstance(spec, dict) and not found:
        return _repository(spec.get("<<"))
    return str(found or "")


def _names(entry: _Entry, told: set[str], kit: Kit) -> Iterator[Found]:
    if not entry.hub:
        yield kit.name(entry.id, entry.data["name"], entry.at, lang="en")
    for id in (entry.hub, *entry.copies):
        if id and id not in told:
            told.add(id)
            yield from hub_model(kit, id, entry.at)


def _copies(entry: _Entry, kit: Kit) -> Iterator[Found]:
    """What the further repositories are; those of the catalog's own account are uploads of somebody's model."""
    if not (entry.hub or entry.copies):
        yield kit.issue("shape", entry.id, "no repository of the Hub", entry.data, entry.at)
    for copy in entry.copies:
        property = "quantizedFrom" if is_quantized(copy) else "mirrorOf"
        subject = f"model/hf/{copy}"
        if plain_name(copy) != plain_name(entry.hub or entry.data["name"]):
            message = "named otherwise than the model of its entry"
            yield kit.issue("other-name", subject, message, entry.data["name"], entry.at, property)
        elif property == "mirrorOf" and owner(copy) != kit.prefix:
            message = "several repositories of one entry are no copies"
            yield kit.issue("several-models", subject, message, entry.data["name"], entry.at)
        else:
            yield kit.say(subject, property, entry.id, entry.at)


def _facts(entry: _Entry, kit: Kit) -> Iterator[Found]:
    data, subject, at = entry.data, entry.id, entry.at
    if data.get("release_date"):
        yield kit.say(subject, "releaseDate", str(data["release_date"]), at)
    licenses = listed(data.get("licenses"))
    if len(licenses) == 1:
        yield from kit.license(subject, licenses[0], at, bases=entry.copies)
    elif licenses:
        message = "several licenses: whether both hold or either is not said"
        yield kit.issue("license", subject, message, licenses, at, "license")
    yield from _sizes(entry, kit)
    for task in listed(data.get("categories")):
        yield kit.say(subject, "task", str(task), at)
    for ability in listed(data.get("capabilities")):
        yield from _ability(str(ability), entry, kit)


def _sizes(entry: _Entry, kit: Kit) -> Iterator[Found]:
    """Sizes are written with few digits; what the name or the digits do not bear out is no fact."""
    written = entry.data.get("size")
    if written is None:
        return
    unit = str(entry.data.get("size_unit") or "")
    number = str(written)
    name, size = entry.hub or entry.data["name"], 0
    if is_number(number) and unit in _UNITS:
        size = said_size(name, format((Decimal(number) * _UNITS[unit]).normalize(), "f"))
    if not size:
        message = "the model's name says another size, or none and the number is rough"
        value = f"{number}{unit}"
        yield kit.issue("size", entry.id, message, value, entry.at, "parameterCount")
        return
    note = "rounded"
    yield kit.say(entry.id, "parameterCount", size, entry.at, note=note)
    if active := active_size(name, str(entry.data.get("activated_size")), size):
        yield kit.say(entry.id, "activeParameterCount", active, entry.at, note=note)


def _ability(text: str, entry: _Entry, kit: Kit) -> Iterator[Found]:
    """One capability: a task such as `vision`, or a number such as `context/128K`, where K is 1,024."""
    name, slash, _ = text.partition("/")
    if not slash:
        yield kit.say(entry.id, "task", text, entry.at)
    elif match := _TOKENS.fullmatch(text):
        tokens = int(match["number"]) * (1024 if match["kilo"] else 1)
        yield kit.say(entry.id, "contextLength", tokens, entry.at, note=f"as written: {text}")
    elif name in ("context", "max_tokens"):
        message = "too rough for a number of tokens"
        yield kit.issue("context", entry.id, message, text, entry.at, "contextLength")


def _draft(record: Record, models: Mapping[str, str], kit: Kit) -> Iterator[Found]:
    """A draft model learned to guess what another says: it was made with that one and holds none of its weights."""
    name, id = record.data["name"], record.data.get("huggingface_repo_id")
    if not is_repository(id):
        yield kit.issue("hub-id", "", "not an id of the Hub", id, record.locator, "hubId")
        return
    subject, match = f"model/hf/{id}", _DRAFT.fullmatch(name)
    yield from hub_model(kit, id, record.locator)
    if match and match["model"] in models:
        model = models[match["model"]]
        yield kit.say(subject, "dependsOn", model, record.locator, note="draft model")
    else:
        message = "a draft model of nothing that the catalog names"
        yield kit.issue("dangling", subject, message, name, record.locator, "dependsOn")
