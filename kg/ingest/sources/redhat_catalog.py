"""Red Hat's catalog of models for its AI platform (data/*models-catalog.yaml), mostly its own quantized copies.

`RedHatAI/…` names a repository of the Hub; a name without an owner is Red Hat's own and on no hub. `provider` is who made
the model that a copy was made from, and is read only where the model is no copy. A time at midnight is the day that the
model's card names; any other is when the entry was written. Tasks are Red Hat's words. Descriptions and artifacts are not read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kg.files.parsing import listed, yaml_document
from kg.ingest.kit._fields import FieldWatch
from kg.ingest.kit._names import makers, named_once, repeated
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.parents import is_hub_id
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._card_fields import language
from kg.ingest.sources._card_parents import CardPlace
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="redhat-catalog",
    label={"en": "Red Hat AI model catalog", "ko": "레드햇 AI 모델 카탈로그"},
    description={
        "en": "Models that Red Hat offers for its AI platform, with licenses, languages and tasks.",
        "ko": "레드햇이 자사 AI 플랫폼용으로 제공하는 모델의 라이선스, 언어, 작업을 모은 카탈로그입니다.",
    },
    source_type="database",
    license="license/apache-2.0",
    homepage="https://github.com/opendatahub-io/model-metadata-collection",
    fetch="https://github.com/opendatahub-io/model-metadata-collection/archive/refs/heads/main.tar.gz",
)

_FIELDS = (
    "name",
    "provider",
    "license",
    "licenseLink",
    "language",
    "tasks",
    "createTimeSinceEpoch",
)
_DAY = 24 * 60 * 60 * 1000  # milliseconds


class _Model(NamedTuple):
    id: str
    name: str
    data: Mapping[str, Any]
    at: str

    @property
    def is_hub(self) -> bool:
        return self.id.startswith("model/hf/")


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The models of all catalogs; the lists of images beside them are left out."""
    for found in place.documents("*models*.yaml", yaml_document, folder="data"):
        if isinstance(found, Issue):
            yield found
            continue
        file, yaml = found
        key = ("models",) if isinstance(yaml.data, dict) else ()
        models = yaml.data.get("models") if isinstance(yaml.data, dict) else yaml.data
        if not file.name.endswith("-index.yaml") and isinstance(models, list):
            for number, one in enumerate(models):
                at = f"{file.name}:{yaml.line((*key, number))}"
                yield Record(at, one if isinstance(one, dict) else {})


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What each entry says."""
    watch, models = FieldWatch(_FIELDS), []
    for record in records:
        watch.see(record.data)
        name = str(record.data.get("name") or "").strip()
        if not name:
            message = "an entry without a name"
            yield kit.issue("empty", "", message, record.data, record.locator)
            continue
        id = f"model/hf/{name}" if "/" in name and is_hub_id(name) else kit.id("model", name)
        models.append(_Model(id, name, record.data, record.locator))
    yield from repeated([model.id for model in models], kit, [model.at for model in models])
    yield from named_once(found for model in models for found in _said(model, kit))
    yield from watch.issues(kit)


def _said(model: _Model, kit: Kit) -> Iterator[Found]:
    owner, _, tail = model.name.rpartition("/")
    yield kit.name(model.id, tail, model.at, lang="en")
    if model.is_hub:
        yield kit.say(model.id, "hubId", model.name, model.at)
        yield kit.name(f"org/hf/{owner}", owner, model.at, lang="en")
        yield kit.say(model.id, "publisher", f"org/hf/{owner}", model.at)
    elif provider := model.data.get("provider"):
        yield from makers(kit, model.id, [str(provider)], model.at)
    yield from _date(model, kit)
    link = str(model.data.get("licenseLink") or "")
    yield from kit.license(model.id, model.data.get("license"), model.at, link=link)
    about = CardPlace(model.id, model.name if model.is_hub else "", kit.source, model.at)
    for code in dict.fromkeys(map(str, listed(model.data.get("language")))):
        yield from language(code, about, "language", kit)
    for task in dict.fromkeys(map(str, listed(model.data.get("tasks")))):
        yield from kit.value(model.id, "task", task, model.at)


def _date(model: _Model, kit: Kit) -> Iterator[Found]:
    text = model.data.get("createTimeSinceEpoch")
    if text is None:
        return
    digits = str(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) < 15):
        yield kit.issue("date", model.id, "not a time", text, model.at, "releaseDate")
    elif int(digits) % _DAY:
        message = "when the catalog's entry was written"
        yield kit.issue("entry-time", model.id, message, text, model.at, "releaseDate")
    else:
        day = dt.date(1970, 1, 1) + dt.timedelta(days=int(digits) // _DAY)
        note = "the day that its card names"
        yield kit.say(model.id, "releaseDate", day.isoformat(), model.at, note=note)
