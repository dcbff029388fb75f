"""European Open Source AI Index: systems with their base and end model, and how open each of 12 parts is (*.yaml).

It follows Opening up ChatGPT. `system` holds the names of both models; `weights_basemodel.link` and
`weights_endmodel.link` hold addresses, which may be those of another size, or of the other model. So an address is a
model's own only where its name is the model's name, and only such a base is a parent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kg.files.parsing import yaml_document
from kg.ingest.kit._names import NamedThing, ids, makers, repeated, unresolved
from kg.ingest.kit._words import NOTHING, UNKNOWN
from kg.ingest.kit.kit import Found, Kit, Place, Record
from kg.ingest.kit.parents import classify
from kg.ingest.kit.source_record import SourceRecord
from kg.ingest.sources._openness import addresses, judgements, org_names, text
from kg.ingest.sources._repositories import hub_model
from kg.model.issues import Issue

SOURCE = SourceRecord(
    id="osai-index",
    label={"en": "European Open Source AI Index", "ko": "유럽 오픈 소스 AI 지수"},
    description={
        "en": "Generative AI systems with their base and end models, licenses, and how open each of 12 parts is.",
        "ko": "생성형 AI 시스템의 기반 모델과 최종 모델, 라이선스, 12개 항목별 개방성을 평가한 데이터베이스입니다.",
    },
    source_type="database",
    license="license/cc-by-4.0",
    homepage="https://osai-index.eu/",
    fetch="https://github.com/Language-Technology-Assessment/main-database/archive/refs/heads/main.tar.gz",
)

JUDGED = {
    "datasources_basemodel": "base model data",
    "datasources_endmodel": "end model data",
    "weights_basemodel": "base model weights",
    "weights_endmodel": "end model weights",
    "trainingcode": "training code",
    "code": "code documentation",
    "hardware_architecture": "hardware documentation",
    "preprint": "preprint",
    "paper": "peer-reviewed paper",
    "modelcard": "model card",
    "datasheet": "datasheet",
    "licenses": "licenses",
}


class _System(NamedTuple):
    fields: Mapping[str, Any]
    at: str
    base: str  # name of the base model
    end: str  # name of the end model, else of the base, else of the system
    mixed_up: bool  # the end model's name is that of the base's repository

    def text(self, name: str) -> str:
        return text(self.fields["system"], name)

    def hub_ids(self, part: str) -> list[str]:
        """The models of the Hub that a part of the file links to."""
        return _hub_ids(self.fields.get(part))


def fetch(place: Place) -> Iterator[Record | Issue]:
    """The systems, one in each file; what else lies beside them holds none."""
    for found in place.documents("*.yaml", yaml_document):
        if isinstance(found, Issue):
            yield found
        elif isinstance(found[1].data, dict) and "system" in found[1].data:
            yield Record(found[0].name, found[1].data)


def claims(records: Iterable[Record], kit: Kit) -> Iterator[Found]:
    """What the systems say; they are few, and two may name one model."""
    good = []
    for record in records:
        if text(record.data["system"], "name"):
            good.append(_read_system(record, kit))
        else:
            message = "no name: an empty template"
            yield kit.issue("empty", record.locator, message, "", record.locator)
    found = ids([NamedThing("model", system.end) for system in good], kit.id)
    yield from repeated(found, kit, [system.at for system in good])
    for system, id in zip(good, found, strict=True):
        yield kit.name(id, system.end, system.at)
        yield from _identity(system, id, kit)
        yield from _facts(system, id, kit)
        yield from _base(system, id, kit)
        yield from judgements(id, system.fields, JUDGED, system.at, kit)


def _read_system(record: Record, kit: Kit) -> _System:
    fields = record.data
    name, base, end = (
        text(fields["system"], key) for key in ("name", "basemodelname", "endmodelname")
    )
    own = _hub_ids(fields.get("weights_endmodel")) + _hub_ids(fields["system"])
    other = _hub_ids(fields.get("weights_basemodel"))
    mixed_up = base != end and not _bears(end, own) and _bears(end, other)
    named = [] if mixed_up else [one for one in (end, base) if not kit.group(one)]
    return _System(fields, record.locator, base, [*named, name][0], mixed_up)


def _bears(name: str, hub_ids: list[str]) -> bool:
    return any(names_agree(name, id) for id in hub_ids)


def _hub_ids(part: object) -> list[str]:
    parents = [classify(address) for address in addresses(part)]
    return [parent.value for parent in parents if parent.sort == "hub" and "/" in parent.value]


def names_agree(name: str, hub: str) -> bool:
    """Whether a repository of the Hub bears a model's name; its account may stand before it.

    >>> names_agree("StableLM-2-1.6B", "stabilityai/stablelm-2-1_6b")
    True
    >>> names_agree("Llama-3.1-70B", "meta-llama/Meta-Llama-3.1-70B")
    True
    >>> names_agree("Vicuna-13B", "CarperAI/stable-vicuna-13b"), names_agree("Gemma-2-2B", "google/gemma-2-2b-it")
    (False, False)
    """
    account, _, tail = hub.rpartition("/")
    own, other = _letters(name), _letters(re.sub(r"-hf$", "", tail))
    before = other.removesuffix(own)
    return bool(own) and other.endswith(own) and before in _letters(account)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _identity(system: _System, id: str, kit: Kit) -> Iterator[Found]:
    """Which repository of the Hub is the end model, by the address of its weights, else by that of the system."""
    linked = _linked(system)
    if own := _own(system):
        yield kit.say(id, "hubId", own, system.at)
    elif linked:
        message = "the repository bears another name than the model"
        yield kit.issue("hub-id", id, message, f"{system.end}: {linked[0]}", system.at, "hubId")


def _linked(system: _System) -> list[str]:
    return system.hub_ids("weights_endmodel") + _hub_ids(system.fields["system"])


def _own(system: _System) -> str:
    """The repository of the end model; "" if none bears its name."""
    return next((hub for hub in _linked(system) if names_agree(system.end, hub)), "")


def _facts(system: _System, id: str, kit: Kit) -> Iterator[Found]:
    at = system.at
    yield from makers(kit, id, org_names(system.fields, kit), at)
    yield from kit.value(id, "url", system.text("link"), at)
    yield from kit.value(id, "releaseDate", system.text("releasedate"), at)
    yield from _license(system, id, kit)
    if text(system.fields.get("weights_endmodel"), "class") == "open" and not system.mixed_up:
        yield kit.say(id, "access", "open-weights", at)  # `partial` may be behind a form


def _license(system: _System, id: str, kit: Kit) -> Iterator[Found]:
    written = system.text("endmodellicense") or system.text("endmodel license")
    parts = written.split(" and ")
    if len(parts) > 1 and any(_is_known(part, kit) for part in parts):
        message = "several licenses: what each holds for is not said"
        yield kit.issue("license", id, message, written, system.at, "license")
        return
    name, _, remark = written.partition(" (")
    if remark and kit.group(name) == UNKNOWN:
        yield from kit.license(id, name, system.at, note=f"as written: {written}")
    else:
        yield from kit.license(id, written, system.at, hub=_own(system))


def _is_known(name: str, kit: Kit) -> bool:
    found = kit.licenses.read(name, "", "", kit.group)
    return bool(found.id) and not found.nothing


def _base(system: _System, id: str, kit: Kit) -> Iterator[Found]:
    """What the end model was made from: only a base whose name and address agree is a parent."""
    name, at, linked = system.base, system.at, system.hub_ids("weights_basemodel")
    if kit.group(name) == NOTHING or _letters(name) == _letters(system.end):
        return
    if kit.group(name) == UNKNOWN:
        yield kit.say(id, "derivedFrom", None, at)
        return
    own = [hub for hub in linked if names_agree(name, hub)]
    same = set(linked) & set(system.hub_ids("weights_endmodel")) or _bears(system.end, linked)
    if system.mixed_up:
        lost = "mixed-up", "the address of the base bears the name of the end model"
    elif name.endswith("?"):
        lost = "guess", "the source only guesses its base"
    elif not linked:
        yield from unresolved(kit, id, name, at, "derivedFrom", "no repository is given for it")
        return
    elif own:
        yield from hub_model(kit, own[0], at)
        yield kit.say(id, "derivedFrom", f"model/hf/{own[0]}", at, note=f"as named: {name}")
        return
    elif same:
        lost = "base-is-end", "the address of the base is that of the end model"
    else:
        lost = "base-name", "the repository bears another name than the base"
    value = f"{name}: {', '.join(linked)}" if linked else name
    yield from kit.unresolved(
        id,
        "derivedFrom",
        at,
        rule=lost[0],
        message=lost[1],
        value=value,
        written=f"as written: {name}",
    )
