"""HELM, Stanford's Holistic Evaluation of Language Models: the models it knows (src/helm/config/model_metadata.yaml).

A name is `provider/model` in HELM's own spelling and no id of the Hub, even where it looks like one. `access` is open, limited
(behind an API) or closed (to all but HELM); models that HELM reached through a service of somebody else, such as
`meta/amazon-llama3-8b`, are limited there and may be open themselves: their access is no claim. Some dates stand under
`release`, and one has an eighteenth month. Descriptions and tags are not read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.files.parsing import yaml_document
from kg.ingest.kit._fields import FieldWatch
from kg.ingest.kit._names import makers, named_once, repeated
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources.hub import whole
from kg.messages.message import Message
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="helm",
    label={"en": "HELM", "ko": "HELM"},
    description={
        "en": "Models that Stanford's HELM has evaluated, with makers, dates, sizes and access.",
        "ko": "스탠퍼드대학교의 HELM이 평가한 모델의 제작사, 출시일, 크기, 공개 방식을 모은 목록입니다.",
    },
    source_type="database",
    license="license/apache-2.0",
    homepage="https://crfm.stanford.edu/helm/",
    fetch="https://raw.githubusercontent.com/stanford-crfm/helm/main/src/helm/config/model_metadata.yaml",
)

_ALWAYS = ("name", "display_name", "creator_organization_name", "access", "tags")
_SOMETIMES = ("release_date", "num_parameters")
_ACCESS = {"open": "open-weights", "limited": "api-only", "closed": "unreleased"}
_TEST_MAKER = "helm"  # of models that only its own tests use
_SERVED = re.compile(r"(?!amazon/)[^/]+/amazon-")  # reached through Amazon, and made by others


class _Model(NamedTuple):
    id: str
    name: str
    data: Mapping[str, Any]
    at: str


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The models of the list.

    Raises:
        DataError: the list ends in the middle of a model.
    """
    for found in place.documents("*model_metadata*.yaml", yaml_document):
        if isinstance(found, Issue):
            yield found
            continue
        file, yaml = found
        models = yaml.data.get("models") if isinstance(yaml.data, dict) else None
        models = models if isinstance(models, list) else []
        _refuse_half(file, models)
        for number, one in enumerate(models):
            at = f"{file.name}:{yaml.line(('models', number))}"
            yield Record(at, one if isinstance(one, dict) else {})


def _refuse_half(file: IntakeFile, models: list[Any]) -> None:
    """A list that was cut short is YAML all the same."""
    last = models[-1] if models else dict.fromkeys(_ALWAYS)
    if not isinstance(last, dict) or any(field not in last for field in _ALWAYS):
        raise DataError(Message("it ends in the middle of a model: cut short"), file.name)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each model's entry says."""
    watch, models = FieldWatch((*_ALWAYS, *_SOMETIMES)), []
    for record in records:
        watch.see(record.data)
        name, maker = (
            str(record.data.get(field) or "").strip() for field in (_ALWAYS[0], _ALWAYS[2])
        )
        if not name:
            message = "an entry without a name"
            yield kit.issue("empty", "", message, record.data, record.locator)
        elif maker.casefold() == _TEST_MAKER:
            yield kit.issue("no-model", "", "a model of its own tests", name, record.locator)
        else:
            models.append(_Model(kit.id("model", name), name, record.data, record.locator))
    yield from repeated([model.id for model in models], kit, [model.at for model in models])
    yield from named_once(found for model in models for found in _said(model, kit))
    yield from watch.issues(kit)


def _said(model: _Model, kit: Kit) -> Iterator[Found]:
    shown = str(model.data.get("display_name") or model.name)
    yield kit.name(model.id, shown, model.at, lang="en")
    maker = model.data.get("creator_organization_name")
    yield from makers(kit, model.id, [str(maker)] if maker else [], model.at)
    yield from _date(model, kit)
    yield from _size(model, kit)
    yield from _access(model, kit)


def _date(model: _Model, kit: Kit) -> Iterator[Found]:
    """The day, which some entries write without zeros, or under another key."""
    key = "release_date" if model.data.get("release_date") is not None else "release"
    text = model.data.get(key)
    if text is None:
        return
    parts = re.fullmatch(r"(\d{4})-(\d\d?)-(\d\d?)", str(text))
    try:
        day = dt.date(*map(int, parts.groups())).isoformat() if parts else ""
    except ValueError:  # a month or day that no calendar has
        day = ""
    if not day:
        yield kit.issue("date", model.id, "not a day", text, model.at, "releaseDate")
        return
    note = "" if key == "release_date" else f"under the key {key}"
    yield kit.say(model.id, "releaseDate", day, model.at, note=note)


def _size(model: _Model, kit: Kit) -> Iterator[Found]:
    value = model.data.get("num_parameters")
    if number := whole(value):
        yield kit.say(model.id, "parameterCount", number, model.at)
    elif value is not None:
        yield kit.issue("number", model.id, "not a count", value, model.at, "parameterCount")


def _access(model: _Model, kit: Kit) -> Iterator[Found]:
    said = model.data.get("access")
    code = _ACCESS.get(str(said).casefold())
    if code and not (said == "limited" and _SERVED.match(model.name)):
        yield kit.say(model.id, "access", code, model.at, note=f"HELM's class: {said}")
    elif said is not None:
        message = "it tells how HELM reached it" if code else "a class of access that is not known"
        yield kit.issue("access", model.id, message, said, model.at, "access")
