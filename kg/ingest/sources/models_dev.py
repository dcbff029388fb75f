"""models.dev: models behind APIs, one TOML file each, and OpenRouter's list of models beside it.

A file `models/<maker>/<model>.toml` describes a model. One `providers/<provider>/models/….toml` says at
what price somebody offers it; `base_model` there means "has the same metadata as", and is no derivation.
`hugging_face_id` of OpenRouter and a single address of weights name the same model on the Hub.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from kg.errors import DataError
from kg.files.parsing import json_document, toml_document
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
)

Data = Mapping[str, Any]


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The models of all files; offers of models that are described elsewhere are left out."""
    for file in place.files():
        try:
            if file.name.endswith(".toml"):
                data = toml_document(file)
                if (
                    "name" in data
                    and "base_model" not in data
                    and not file.name.endswith("provider.toml")
                ):
                    yield Record(file.name, data)
            elif file.name.endswith(".json"):
                yield from _listed(json_document(file), file.name)
        except DataError as error:
            yield unreadable(str(error), file.name, "source/models.dev")


def _listed(data: object, name: str) -> Iterator[Record]:
    """The models of OpenRouter's answer; `x:free` is another offer of x."""
    models = data.get("data") if isinstance(data, dict) else None
    for one in models if isinstance(models, list) else ():
        if isinstance(one, dict) and isinstance(one.get("id"), str) and ":" not in one["id"]:
            yield Record(f"{name}#{one['id']}", one)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each record says."""
    for record in records:
        if "#" in record.locator:
            yield from _offer(record.data, record.locator, kit)
        else:
            yield from _model(record.data, record.locator, kit)


def _model(data: Data, at: str, kit: Kit) -> Iterator[Found]:
    by, tail = _maker(at), PurePosixPath(at).stem
    subject = kit.id("model", f"{by} {tail}" if by else tail)
    yield kit.name(subject, str(data["name"]), at, lang="en")
    if by:
        property = "publisher" if "providers" in PurePosixPath(at).parts else "developer"
        org = kit.id("org", by)
        yield kit.name(org, by, at, lang="en")
        yield kit.say(subject, property, org, at)
    if isinstance(data.get("family"), str) and not kit.group(data["family"]):
        family = kit.id("family", data["family"])
        yield kit.name(family, data["family"], at, lang="en")
        yield kit.say(subject, "inFamily", family, at)
    limit = data.get("limit")
    values = {
        "releaseDate": data.get("release_date"),
        "knowledgeCutoff": data.get("knowledge"),
        "contextLength": limit.get("context") if isinstance(limit, dict) else None,
    }
    for property, value in values.items():
        if value is not None:
            yield kit.say(subject, property, value if isinstance(value, int) else str(value), at)
    yield from kit.license(subject, data.get("license"), at)
    if isinstance(is_open := data.get("open_weights"), bool):  # all that is listed has an API
        yield kit.say(subject, "access", "open-weights" if is_open else "api-only", at)
    yield from _weights(data.get("weights"), subject, at, kit)


def _maker(at: str) -> str:
    """The folder below models/ or providers/ that a file stands in."""
    parts = PurePosixPath(at).parts
    for area in ("providers", "models"):
        if area in parts[:-2]:
            return parts[parts.index(area) + 1]
    return ""


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


def _offer(data: Data, at: str, kit: Kit) -> Iterator[Found]:
    subject = kit.id("model", f"openrouter {data['id']}")
    yield kit.name(subject, str(data.get("name") or data["id"]), at, lang="en")
    if isinstance(data.get("context_length"), int):
        yield kit.say(subject, "contextLength", data["context_length"], at)
    if data.get("knowledge_cutoff"):
        yield kit.say(subject, "knowledgeCutoff", str(data["knowledge_cutoff"]), at)
    if data.get("hugging_face_id"):
        parent = classify(data["hugging_face_id"])
        if parent.sort == "hub":
            yield kit.say(subject, "hubId", parent.value, at)
        else:
            yield kit.issue("hub-id", subject, "not an id of the Hub", parent.value, at, "hubId")
