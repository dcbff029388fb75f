"""models.dev: models behind APIs, one TOML file each, and OpenRouter's list of models beside it.

A file `models/<maker>/<model>.toml` describes a model; where its weights are not open, its file is called as its API
calls it. `hugging_face_id` of OpenRouter and a single address of weights name the same model on the Hub; an id of
OpenRouter that is `<maker>/<model>` of a file names that model.

Not read: `providers/<provider>/models/….toml`, which say what a host serves at what price; what such a file tells of the
model itself is what the host makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from kg.errors import DataError
from kg.files.parsing import json_document, toml_document
from kg.ingest.kit._months import month_of
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.parents import classify
from kg.ingest.kit.source_record import SourceRecord
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="models.dev",
    label={"en": "models.dev", "ko": "models.dev"},
    description={
        "en": "Database of models offered through APIs, with makers, dates, context lengths and where their weights stand.",
        "ko": "API로 제공되는 모델의 제작사, 출시일, 컨텍스트 길이, 가중치 위치를 정리한 데이터베이스입니다.",
    },
    source_type="database",
    license="license/mit",
    homepage="https://models.dev",
    fetch="https://github.com/anomalyco/models.dev/archive/refs/heads/dev.zip",
)

MODELS, HOSTS = "models", "providers"  # folders
LATEST = "-latest"

Data = Mapping[str, Any]


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The models of all files, and those of OpenRouter's list."""
    for file in place.files():
        if HOSTS in PurePosixPath(file.name).parts:
            continue
        try:
            if file.name.endswith(".toml"):
                data = toml_document(file)
                if "name" in data:
                    yield Record(file.name, data)
                else:
                    yield unreadable("a model without a name", file.name, f"source/{SOURCE.id}")
            elif file.name.endswith(".json"):
                yield from _listed(json_document(file), file.name)
        except DataError as error:
            yield unreadable(str(error), file.name, f"source/{SOURCE.id}")


def _listed(data: object, name: str) -> Iterator[Record]:
    """The models of OpenRouter's answer; `x:free` is another offer of x."""
    models = data.get("data") if isinstance(data, dict) else None
    for one in models if isinstance(models, list) else ():
        if isinstance(one, dict) and isinstance(one.get("id"), str) and ":" not in one["id"]:
            yield Record(f"{name}#{one['id']}", one)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each record says; OpenRouter names what the files describe, so it comes last."""
    described: dict[str, str] = {}
    offers = []
    for record in records:
        if "#" in record.locator:
            offers.append(record)
            continue
        by, tail = _maker(record.locator), PurePosixPath(record.locator).stem
        subject = kit.id("model", f"{by} {tail}" if by else tail)
        described[f"{by}/{tail}"] = subject
        yield from _model(record.data, subject, by, record.locator, kit)
    for record in offers:
        yield from _offer(record.data, described, record.locator, kit)


def _model(data: Data, subject: str, by: str, at: str, kit: Kit) -> Iterator[Found]:
    yield kit.name(subject, str(data["name"]), at, lang="en")
    if by:
        org = kit.id("org", by)
        yield kit.name(org, by, at, lang="en")
        yield kit.say(subject, "developer", org, at)
    if isinstance(data.get("family"), str) and not kit.group(data["family"]):
        family = kit.id("family", data["family"])
        yield kit.name(family, data["family"], at, lang="en")
        yield kit.say(subject, "inFamily", family, at)
    limit = data.get("limit")
    values = {
        "releaseDate": data.get("release_date"),
        "contextLength": limit.get("context") if isinstance(limit, dict) else None,
    }
    for property, value in values.items():
        if value is not None:
            yield kit.say(subject, property, value if isinstance(value, int) else str(value), at)
    if known := data.get("knowledge"):
        value, note = month_of(str(known))
        yield kit.say(subject, "knowledgeCutoff", value, at, note=note)
    yield from kit.license(subject, data.get("license"), at)
    if isinstance(is_open := data.get("open_weights"), bool):  # all that is listed has an API
        yield kit.say(subject, "access", "open-weights" if is_open else "api-only", at)
    yield from _weights(data.get("weights"), subject, at, kit)
    yield from _access(data, subject, at, kit)


def _maker(at: str) -> str:
    """The folder below models/ that a file stands in."""
    parts = PurePosixPath(at).parts
    return parts[parts.index(MODELS) + 1] if MODELS in parts[:-2] else ""


def _access(data: Data, subject: str, at: str, kit: Kit) -> Iterator[Found]:
    """Whether it can be had as weights or through its API alone, and then how the API calls it."""
    open_weights, name = data.get("open_weights"), PurePosixPath(at).stem
    if open_weights is False and data.get("weights"):
        message = "not open, and its weights have an address"
        yield kit.issue("access", subject, message, data["weights"], at, "access")
    elif open_weights is False:
        yield kit.say(subject, "access", "api-only", at)
        if name.endswith(LATEST):
            message = "a name that moves from one version to the next"
            yield kit.issue("moving-name", subject, message, name, at, "apiName")
        else:
            yield kit.say(subject, "apiName", name, at)
    elif open_weights is True:
        yield kit.say(subject, "access", "open-weights", at)


def _weights(value: object, subject: str, at: str, kit: Kit) -> Iterator[Found]:
    """Where the weights stand; the repository that is not a quantized copy is the model itself."""
    found = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    for one in found:
        yield kit.say(subject, "url", str(one.get("url", "")), at, note=str(one.get("label", "")))
    own = [classify(one.get("url")) for one in found if not one.get("quantization")]
    hub = [parent.value for parent in own if parent.sort == "hub"]
    if len(hub) == 1:
        yield kit.say(subject, "hubId", hub[0], at)
    elif hub:
        yield kit.issue(
            "hub-id",
            subject,
            "several repositories, none of them the model's own",
            ", ".join(hub),
            at,
            "hubId",
        )


def _offer(data: Data, described: Mapping[str, str], at: str, kit: Kit) -> Iterator[Found]:
    subject = described.get(data["id"], "")
    if not subject:
        subject = kit.id("model", f"openrouter {data['id']}")
        yield kit.name(subject, str(data.get("name") or data["id"]), at, lang="en")
        if isinstance(data.get("context_length"), int):
            yield kit.say(subject, "contextLength", data["context_length"], at)
        if data.get("knowledge_cutoff"):
            yield kit.say(subject, "knowledgeCutoff", str(data["knowledge_cutoff"]), at)
    yield kit.say(subject, "apiName", data["id"], at, note="name at OpenRouter")
    if data.get("hugging_face_id"):
        parent = classify(data["hugging_face_id"])
        if parent.sort == "hub":
            yield kit.say(subject, "hubId", parent.value, at)
        else:
            yield kit.issue("hub-id", subject, "not an id of the Hub", parent.value, at, "hubId")
