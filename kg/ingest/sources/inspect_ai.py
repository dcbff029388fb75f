"""Inspect AI's data of models (src/inspect_ai/model/_model_data/*.yml): makers with models, and what hosts serve.

A file holds organizations, each with models by the name that the maker's API knows. Two files hold what a host serves
(`fireworks.yml`, `together.yml`); an organization named as such a file is that host in other files too. Names, contexts
and organizations there are the host's: the name is kept for the maker's model that is called the same, if one is; the
rest tells nothing of a model for certain.

A version whose name begins with that of its model is a snapshot, another name of it, with its date in the note. One that
has another name and a date of its own, such as DeepSeek-V3-0324 of `deepseek-chat`, is a model of its own. `latest` moves
from one snapshot to the next and names nothing for good.

Not read: comments (when models were retired stands only there), output limits, reasoning effort.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from kg.files.parsing import yaml_document
from kg.ingest.kit._months import month_of
from kg.ingest.kit._names import makers
from kg.ingest.kit._words import fold
from kg.ingest.kit.kit import Found, Kit, Place, Record, unreadable
from kg.ingest.kit.source_record import SourceRecord
from kg.language.writing import slug
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="inspect-ai",
    label={"en": "Inspect AI model data", "ko": "Inspect AI 모델 데이터"},
    description={
        "en": "Models behind APIs with their makers, release dates, snapshots, knowledge cutoffs and context lengths.",
        "ko": "API로 제공되는 모델의 제작사, 출시일, 스냅샷, 지식 기준일, 컨텍스트 길이를 모은 데이터입니다.",
    },
    source_type="database",
    license="license/mit",
    homepage="https://github.com/UKGovernmentBEIS/inspect_ai",
    fetch="https://github.com/UKGovernmentBEIS/inspect_ai/archive/refs/heads/main.zip",
)

FOLDER = "_model_data"
HOSTS = frozenset({"fireworks", "together"})  # files of what a host serves, and their organizations
FACTS = {
    "release_date": "releaseDate",
    "context_length": "contextLength",
}
LATEST = "latest"

Data = Mapping[str, Any]


class _Entry(NamedTuple):
    maker: str  # as it is displayed
    key: str  # what its API calls it
    fields: Data
    at: str

    @property
    def label(self) -> str:
        """Its name; with the maker's, where the maker leaves that out: V4 Pro of DeepSeek."""
        shown = " ".join(str(self.fields.get("display_name") or self.key).split())
        maker = slug(self.maker)
        left_out = slug(self.key).startswith(maker) and maker not in slug(shown)
        return f"{self.maker} {shown}" if left_out else shown

    def id(self, kit: Kit) -> str:
        """What stands for it here."""
        return kit.id("model", f"{self.maker} {self.key}")


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The models of all files."""
    for found in place.documents("*.yml", yaml_document, FOLDER):
        if isinstance(found, Issue):
            yield found
            continue
        file, document = found
        if not isinstance(document.data, dict):
            yield unreadable("holds no organizations", file.name, f"source/{SOURCE.id}")
            continue
        for organization, held in document.data.items():
            yield from _models(file.name, str(organization), held)


def _models(file: str, organization: str, held: object) -> Iterator[Record | Issue]:
    models = held.get("models") if isinstance(held, dict) else None
    if not isinstance(held, dict) or not isinstance(models, dict):
        message = f"{organization} holds no models"
        yield unreadable(message, f"{file}#{organization}", f"source/{SOURCE.id}")
        return
    host = not HOSTS.isdisjoint((PurePosixPath(file).stem, organization))
    for key, fields in models.items():
        data = {
            "maker": str(held.get("display_name") or organization),
            "organization": organization,
            "host": host,
            "key": str(key),
            "fields": fields,
        }
        yield Record(f"{file}#{organization}/{key}", data)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What makers say of their models, then by which names hosts know them."""
    own: dict[str, _Entry] = {}
    served: list[Record] = []
    for record in records:
        if not isinstance(record.data["fields"], dict):
            told = "an entry without fields"
            yield kit.issue("empty", record.locator, told, record.data["fields"], record.locator)
        elif record.data["host"]:
            served.append(record)
        else:
            yield from _keep(own, record, kit)
    snapshots = _snapshots(own)
    for entry in own.values():
        yield from _model(entry, kit)
        yield from _names(entry, snapshots, kit)
    yield from _served(served, own, kit)


def _keep(own: dict[str, _Entry], record: Record, kit: Kit) -> Iterator[Found]:
    """Keep an entry, unless it tells another one again: of a maker under two ids, of a deployment."""
    data = record.data
    entry = _Entry(data["maker"], data["key"], data["fields"], record.locator)
    id = entry.id(kit)
    if id in own and own[id].fields != entry.fields:
        told = "the same model again, with other facts"
        yield kit.issue("duplicate", id, told, dict(entry.fields), entry.at)
        return
    for known, other in own.items():
        if (other.maker, other.fields) == (entry.maker, entry.fields):
            told = "the same facts again under another name"
            yield kit.issue("same-facts", known, told, entry.key, entry.at)
            return
    own[id] = entry


def _model(entry: _Entry, kit: Kit) -> Iterator[Found]:
    id = entry.id(kit)
    yield kit.name(id, entry.label, entry.at, lang="en")
    yield from makers(kit, id, [entry.maker], entry.at)
    for field, property in FACTS.items():
        value = entry.fields.get(field)
        if value is not None:
            value = value if isinstance(value, int) else str(value)
            yield kit.say(id, property, value, entry.at)
    if known := entry.fields.get("knowledge_cutoff_date"):
        value, note = month_of(str(known))
        yield kit.say(id, "knowledgeCutoff", value, entry.at, note=note)


def _texts(value: object) -> Sequence[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


def _snapshots(own: Mapping[str, _Entry]) -> Mapping[str, str]:
    """Names of versions that several models claim, with the model that they are named after, if any."""
    claimed: dict[str, list[str]] = defaultdict(list)
    for id, entry in own.items():
        for version in _version_fields(entry):
            claimed[version].append(id)
    shared = {}
    for version, ids in claimed.items():
        begun = [id for id in ids if version.startswith(own[id].key)]
        if len(ids) > 1:
            shared[version] = max(begun, key=lambda id: len(own[id].key), default="")
    return shared


def _version_fields(entry: _Entry) -> Mapping[str, Data]:
    versions = entry.fields.get("versions")
    if not isinstance(versions, dict):
        return {}
    return {str(key): v if isinstance(v, dict) else {} for key, v in versions.items()}


def _names(entry: _Entry, shared: Mapping[str, str], kit: Kit) -> Iterator[Found]:
    """What APIs call a model and its snapshots; each name once, with what is said of it."""
    id = entry.id(kit)
    notes = dict.fromkeys((entry.key, *_texts(entry.fields.get("aliases"))), "")
    for version, fields in _version_fields(entry).items():
        if LATEST in (version, str(fields.get("snapshot"))):
            told = "a name that moves from one snapshot to the next"
            yield kit.issue("moving-name", id, told, version, entry.at, "apiName")
        elif shared.get(version, id) != id:
            told = "a version of another model"
            yield kit.issue("shared-name", id, told, version, entry.at, "apiName")
        elif "release_date" in fields and not version.startswith(entry.key):
            own = _Entry(entry.maker, version, _own(fields), entry.at)
            yield from _model(own, kit)
            yield from _names(own, {}, kit)
        else:
            for name in (version, *_texts(fields.get("aliases"))):
                notes[name] = notes.get(name) or _note(fields)
    for name, note in notes.items():
        yield kit.say(id, "apiName", name, entry.at, note=note)


def _own(fields: Data) -> Data:
    return {key: value for key, value in fields.items() if key != "snapshot"}


def _note(fields: Data) -> str:
    parts = (
        f"snapshot {fields['snapshot']}" if fields.get("snapshot") else "",
        f"released {fields['release_date']}" if fields.get("release_date") else "",
        f"called {fields['display_name']}" if fields.get("display_name") else "",
    )
    return ", ".join(part for part in parts if part)


def _served(records: Sequence[Record], own: Mapping[str, _Entry], kit: Kit) -> Iterator[Found]:
    """Names by which a host knows a maker's model, where both call it the same."""
    called = Counter(fold(entry.label) for entry in own.values())
    by_name = {fold(entry.label): id for id, entry in own.items()}
    taken = set()  # a host's further names of one model are its quantizations
    for record in records:
        data = record.data
        organization = "" if data["organization"] in HOSTS else f"{data['organization']}/"
        name = f"{organization}{data['key']}"
        shown = fold(str(data["fields"].get("display_name") or ""))
        if called[shown] == 1 and (organization, shown) not in taken:
            taken.add((organization, shown))
            note = "name at a host"
            yield kit.say(by_name[shown], "apiName", name, record.locator, note=note)
        else:
            told = "a host's name for what no maker's file describes"
            yield kit.issue("host-name", record.locator, told, name, record.locator, "apiName")
