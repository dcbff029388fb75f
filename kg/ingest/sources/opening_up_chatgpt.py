"""Opening up ChatGPT: instruction-tuned models, what they were tuned from and on, and how open each part is
(projects/*.yaml).

`llmbase` is the model that was tuned, so a derivation of fine-tune kind; `rlbase` names instruction data. Both hold
several names in one text, makers, and prose. `license` stands twice: `project.license` is its text, `license.class`
the source's judgement of it. `project.link` may be the page of another size or version, so it is no identity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kg.files.parsing import yaml_document
from kg.ingest.kit._license_parts import license_parts
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
from kg.ingest.kit._words import MAKER, NOTHING, OTHER_LICENSE, UNKNOWN, fold
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._openness import JOINED, judgements, org_names, text
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="opening-up-chatgpt",
    label={"en": "Opening up ChatGPT", "ko": "Opening up ChatGPT"},
    description={
        "en": "Instruction-tuned models with their base models and data, and how open each of 14 parts is.",
        "ko": "지시문으로 미세조정한 모델의 원본 모델과 데이터, 14개 항목별 개방성을 평가한 데이터베이스입니다.",
    },
    source_type="database",
    license="license/cc-by-4.0",
    homepage="https://opening-up-chatgpt.github.io/",
    fetch="https://github.com/opening-up-chatgpt/opening-up-chatgpt.github.io/archive/refs/heads/main.tar.gz",
)

JUDGED = {
    "opencode": "open code",
    "llmdata": "base model data",
    "llmweights": "base model weights",
    "rldata": "instruction data",
    "rlweights": "instruction-tuned weights",
    "license": "license",
    "code": "code documentation",
    "architecture": "architecture documentation",
    "preprint": "preprint",
    "paper": "peer-reviewed paper",
    "modelcard": "model card",
    "datasheet": "datasheet",
    "package": "package",
    "api": "API",
}
_REMARK = re.compile(r"(?P<name>.*?)\s*\((?P<remark>[^()]*)\)")
_PROSE = re.compile(r"-style\b|\b(with|recipe|own)\b", re.IGNORECASE)


class _Project(NamedTuple):
    id: str
    fields: Mapping[str, Any]
    at: str

    def text(self, name: str) -> str:
        return text(self.fields["project"], name)


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The projects, one in each file."""
    for found in place.documents("*.yaml", yaml_document, "projects"):
        yield found if isinstance(found, Issue) else Record(found[0].name, found[1].data)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What the projects say; they are few, and name each other."""
    good = []
    for record in records:
        if _name(record):
            good.append(record)
        elif isinstance(record.data, dict) and "system" in record.data:
            yield kit.issue(
                "successor",
                record.locator,
                "a file of the index that follows this one: use `gyebo ingest osai-index`",
                "",
                record.locator,
            )
        else:
            yield kit.issue(
                "empty",
                record.locator,
                "no project: an empty template, or another file",
                record.data,
                record.locator,
            )
    found = ids([NamedThing("model", _name(record)) for record in good], kit.id)
    yield from repeated(found, kit, [record.locator for record in good])
    names = SourceNames((_name(record), id) for record, id in zip(good, found, strict=True))
    for record, id in zip(good, found, strict=True):
        project = _Project(id, record.data, record.locator)
        yield kit.name(id, _name(record), record.locator)
        yield from _facts(project, kit)
        yield from _bases(project, names, kit)
        yield from _data(project, kit)
        yield from judgements(id, record.data, JUDGED, record.locator, kit)


def _name(record: Record) -> str:
    """A project's name; that of its file where only its address is given."""
    project = record.data.get("project") if isinstance(record.data, dict) else None
    if not isinstance(project, dict):
        return ""
    stem = record.locator.rpartition("/")[2].removesuffix(".yaml")
    return text(project, "name") or (stem if text(project, "link") else "")


def _facts(project: _Project, kit: Kit) -> Iterator[Found]:
    at = project.at
    yield from makers(kit, project.id, org_names(project.fields, kit), at)
    yield from kit.value(project.id, "url", project.text("link"), at)
    for part, property in license_parts(project.text("license")):
        yield from kit.license(project.id, part, at, property=property)


def _parts(text: str, kit: Kit) -> list[tuple[str, str]]:
    """The names in a text, each with what stands in brackets after it; `various (a, b)` is a and b."""
    found = []
    for name in split_names(text, kit.words):
        for part in JOINED.split(name):
            match = _REMARK.fullmatch(part)
            if match and kit.group(match["name"]) == OTHER_LICENSE:
                found += [(inner, "") for inner in split_names(match["remark"], kit.words)]
            else:
                found.append((match["name"], match["remark"]) if match else (part, ""))
    return found


def _known(
    project: _Project, property: str, kit: Kit, field: str
) -> Iterator[Found | tuple[str, str]]:
    """The names of a field that name something; of the others what there is to say."""
    own = {maker.casefold() for maker in org_names(project.fields, kit)}
    for name, remark in _parts(project.text(field), kit):
        group = kit.group(name)
        if group in (UNKNOWN, OTHER_LICENSE):
            note = f"as written: {project.text(field)}"
            yield kit.say(project.id, property, None, project.at, note=note)
        elif kit.words.get(fold(name)) == MAKER or name.casefold() in own:
            yield from unresolved(kit, project.id, name, project.at, property, "a maker is named")
        elif _PROSE.search(name):
            yield from unresolved(kit, project.id, name, project.at, property, "told, not named")
        elif group != NOTHING:
            yield name, remark


def _bases(project: _Project, names: SourceNames, kit: Kit) -> Iterator[Found]:
    for found in _known(project, "fineTunedFrom", kit, "llmbase"):
        if not isinstance(found, tuple):
            yield found
            continue
        name, remark = found
        known = names.find(name)
        if project.id in known:
            yield kit.issue("self", project.id, "is named as its own base", name, project.at)
            continue
        base = (
            known[0]
            if len(known) == 1
            else kit.id("model" if parse_size(name).parameters else "family", name)
        )
        yield kit.name(base, name, project.at)
        yield kit.say(project.id, "fineTunedFrom", base, project.at, note=remark)


def _data(project: _Project, kit: Kit) -> Iterator[Found]:
    for found in _known(project, "trainedOn", kit, "rlbase"):
        if not isinstance(found, tuple):
            yield found
            continue
        name, remark = found
        dataset = kit.id("dataset", name)
        yield kit.name(dataset, name, project.at)
        note = "; ".join(part for part in ("instruction tuning", remark) if part)
        yield kit.say(project.id, "trainedOn", dataset, project.at, note=note)
