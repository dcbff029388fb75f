"""LF AI's Model Openness Tool: which components of a model were released, each under which license (models/*.yml).

`license` of the release holds for the whole, by kind of content; that of a component for the component alone. `origin`
is said to be the model this one comes from, but holds licenses, families and prose as well: only a name in the set is
taken, and as `dependsOn`, since the source does not say how. `version` is the size as text. `date` is that of the
entry, not of the release, and is not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kg.files.parsing import listed, yaml_document
from kg.ingest.kit._names import (
    NamedThing,
    SourceNames,
    ids,
    makers,
    repeated,
    split_names,
    unresolved,
)
from kg.ingest.kit._sizes import parse_size
from kg.ingest.kit._words import NOTHING, UNKNOWN
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.parents import classify
from kg.ingest.kit.source_record import SourceRecord
from kg.language.writing import slug
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="model-openness-tool",
    label={"en": "Model Openness Tool (LF AI & Data)", "ko": "Model Openness Tool(LF AI & Data)"},
    description={
        "en": "Which parts of a model were released (weights, code, data, papers), and each part's license.",
        "ko": "모델의 가중치, 코드, 데이터, 논문 가운데 무엇이 어떤 라이선스로 공개되었는지 정리한 데이터베이스입니다.",
    },
    source_type="database",
    license="license/mit",
    homepage="https://mot.isitopen.ai/",
    fetch="https://github.com/lfai/model_openness_tool/archive/refs/heads/main.tar.gz",
)

WHOLE = {"distribution": "license", "code": "codeLicense", "data": "dataLicense"}
# The licenses of the others are told by `openness` alone
COMPONENTS = {
    "Model parameters (Final)": "license",
    "Training code": "codeLicense",
    "Inference code": "codeLicense",
    "Datasets": "dataLicense",
}


class _Release(NamedTuple):
    id: str
    fields: Mapping[str, Any]
    at: str

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        return "" if value is None else str(value).strip()


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The releases, one in each file."""
    for found in place.documents("*.yml", yaml_document, "models"):
        if isinstance(found, Issue):
            yield found
        else:
            data = found[1].data
            yield Record(found[0].name, data.get("release") if isinstance(data, dict) else None)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What the releases say; they are few, and name each other."""
    good = []
    for record in records:
        if isinstance(record.data, dict) and record.data.get("name"):
            good.append(record)
        else:
            yield kit.issue(
                "shape", record.locator, "no release with a name", record.data, record.locator
            )
    found = ids(
        [
            NamedThing("model", str(record.data["name"]), str(record.data.get("producer") or ""))
            for record in good
        ],
        kit.id,
    )
    yield from repeated(found, kit, [record.locator for record in good])
    releases = [_Release(id, r.data, r.locator) for id, r in zip(found, good, strict=True)]
    names = SourceNames((release.text("name"), release.id) for release in releases)
    pairs = {(hub, release.id) for release in releases if (hub := _hub(release))}
    shared = Counter(name for pair in pairs for name in pair)
    for release in releases:
        yield kit.name(release.id, release.text("name"), release.at)
        yield from _facts(release, kit)
        yield from _identity(release, shared, kit)
        yield from _licenses(release, kit)
        yield from _origin(release, names, kit)


def _facts(release: _Release, kit: Kit) -> Iterator[Found]:
    at = release.at
    yield from makers(kit, release.id, split_names(release.text("producer"), kit.words), at)
    yield from kit.value(release.id, "modality", release.text("type"), at)
    if not kit.group(architecture := release.text("architecture")):
        id = kit.id("architecture", architecture)
        yield kit.name(id, architecture, at)
        yield kit.say(release.id, "usesArchitectureOf", id, at)
    yield from _size(release, kit)


def _size(release: _Release, kit: Kit) -> Iterator[Found]:
    text = release.text("version")
    count = parse_size(text.replace("_", ".")).parameters
    if count:
        yield kit.say(release.id, "parameterCount", count, release.at, note=f"version: {text}")
    elif kit.group(text):
        yield from kit.value(release.id, "parameterCount", text, release.at)
    else:
        yield kit.issue(
            "size", release.id, "the version is not a size", text, release.at, "parameterCount"
        )


def _hub(release: _Release) -> str:
    """The Hub id; some addresses are followed by the title of the page."""
    parent = classify(next(iter(release.text("huggingface").split(" · ")), ""))
    return parent.value if parent.sort == "hub" and "/" in parent.value else ""


def _identity(release: _Release, shared: Mapping[str, int], kit: Kit) -> Iterator[Found]:
    """What a release is on the Hub: nothing, if another release has that id or this name another id."""
    text, hub = release.text("huggingface"), _hub(release)
    if hub and shared[hub] == shared[release.id] == 1:
        yield kit.say(release.id, "hubId", hub, release.at)
    elif hub:
        yield kit.say(release.id, "url", f"https://huggingface.co/{hub}", release.at)
        yield kit.issue(
            "shared-hub-id",
            release.id,
            "several releases share a Hub id, or a name, so it identifies none of them",
            hub,
            release.at,
            "hubId",
        )
    elif "://" in text:
        yield kit.say(release.id, "url", text, release.at)
    elif text:
        yield kit.issue("hub-id", release.id, "not a Hub id", text, release.at, "hubId")
    yield from kit.value(release.id, "url", release.text("repository"), release.at)


def _licenses(release: _Release, kit: Kit) -> Iterator[Found]:
    whole = release.fields.get("license")
    for part, body in (whole if isinstance(whole, dict) else {}).items():
        if isinstance(body, dict) and part in WHOLE:
            yield from kit.license(
                release.id,
                body.get("name"),
                release.at,
                note=f"of the {part}",
                link=_path(body.get("path")),
                property=WHOLE[part],
                hub=_hub(release),
            )
    for component in listed(release.fields.get("components")):
        yield from _component(release, component, kit)


def _component(release: _Release, component: Any, kit: Kit) -> Iterator[Found]:
    if not isinstance(component, dict) or not component.get("name"):
        yield kit.issue("shape", release.id, "a component without a name", component, release.at)
        return
    name, text = str(component["name"]).strip(), component.get("license")
    stated = " ".join(str(text).split()) if text else "no license stated"
    link = _path(component.get("license_path"))
    yield kit.say(release.id, "openness", f"{name}: {stated}", release.at, url=link)
    if name in COMPONENTS:
        yield from kit.license(
            release.id,
            text,
            release.at,
            link=link,
            note=f"of the component {name}",
            property=COMPONENTS[name],
            hub=_hub(release),
        )


def _path(path: Any) -> str:
    return path if isinstance(path, str) and "://" in path else ""


def _origin(release: _Release, names: SourceNames, kit: Kit) -> Iterator[Found]:
    text = release.text("origin")
    if kit.group(text) in (NOTHING, UNKNOWN):
        return
    found = names.find(text)
    if release.id in found:
        yield kit.issue("self", release.id, "is named as its own origin", text, release.at)
    elif kit.group(text) or kit.licenses.find(text) == f"license/{slug(text)}":
        yield kit.issue(
            "license-as-origin",
            release.id,
            "a license stands where the origin should",
            text,
            release.at,
            "dependsOn",
        )
    elif len(found) == 1:
        yield kit.say(release.id, "dependsOn", found[0], release.at, note="named as its origin")
    else:
        yield from unresolved(kit, release.id, text, release.at, "dependsOn")
