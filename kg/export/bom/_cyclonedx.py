"""A model with its ancestry as a CycloneDX 1.6 ML-BOM, as plain data.

`metadata.component` is the model, `components` all it comes from. `pedigree.ancestors` of a component
names its direct parents in short, with `gyebo:ref` to the component that stands for each, so that a
merge of merges is not written over and over; what it was trained on stands in its model card.
`dependencies` holds both. A component of which no parent is recorded has no entry there, which in
CycloneDX means that its dependencies are unknown; one with a parent that is declared and cannot be found is
`incomplete` in `compositions`. cyclonedx-python-lib has no class for model cards
(11.12), so this is written as a dict; tests validate it with that library.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from kg.answers.show import describe
from kg.export.bom._bom import TRAINED_ON
from kg.export.bom._parts import Bom, BomLicense, BomPart
from kg.export.bom._properties import (
    DISPUTED,
    DOUBTFUL,
    INFERRED_BY,
    LICENSE_ID,
    READ,
    REF,
    VIA,
    Named,
    makers,
    of_bom,
    of_link,
    of_part,
)
from kg.language.markdown import web_address
from kg.model.claim import kind_of
from kg.model.iri import iri
from kg.model.purl import write_purl
from kg.model.vocabulary import HUB_ID, URL

SPEC = "1.6"
MEDIA_TYPE = "application/vnd.cyclonedx+json; version=1.6"
HUB = "https://huggingface.co/"
TYPES = {
    "model": "machine-learning-model",
    "family": "machine-learning-model",
    "dataset": "data",
    "product": "application",
}
_APPROACHES = (
    "supervised",
    "unsupervised",
    "reinforcement-learning",
    "semi-supervised",
    "self-supervised",
)
SPACE = uuid.UUID("c0b5a3f0-6d2e-5d0b-9a53-1c6c1d1b7a42")  # of serial numbers: any fixed one does

Json = dict[str, Any]


def cyclonedx(bom: Bom) -> Json:
    """A bill of materials as CycloneDX 1.6.

    The serial number follows from the snapshot and the model, the time from the newest source, so the
    same data gives the same document.
    """
    parts = list(bom.parts.values())
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "serialNumber": serial_number(bom),
        "version": 1,
        "metadata": {
            "timestamp": f"{bom.date}T00:00:00Z",
            "tools": {
                "components": [{"type": "application", "name": "gyebo", "version": bom.gyebo}]
            },
            "component": component_of(parts[0], bom),
            "licenses": [{"license": {"id": "CC0-1.0"}}],
            "properties": written(of_bom(bom)),
        },
        "components": [component_of(part, bom) for part in parts[1:]],
        "dependencies": dependencies(parts),
        "compositions": list(compositions(parts)),
    }


def dependencies(parts: Iterable[BomPart]) -> list[Json]:
    """What each part comes from, of those of which that is recorded."""
    return [
        {"ref": part.id, "dependsOn": list(dict.fromkeys(link.parent for link in part.links))}
        for part in parts
        if part.links
    ]


def compositions(parts: Iterable[BomPart]) -> Iterator[Json]:
    """How complete the dependencies are: nothing says so, or a parent of them is known to be missing."""
    lacking = [part.id for part in parts if part.unresolved]
    others = [part.id for part in parts if not part.unresolved]
    if lacking:
        yield {"aggregate": "incomplete", "dependencies": lacking}
    if others:
        yield {"aggregate": "unknown", "dependencies": others}


def serial_number(bom: Bom) -> str:
    """The serial number: a UUID (version 5) of the snapshot and the model."""
    return uuid.uuid5(SPACE, f"{bom.base} {bom.version} {bom.root}").urn


def component_of(part: BomPart, bom: Bom) -> Json:
    """A part as a component."""
    kind = kind_of(part.id)
    found: Json = {"type": TYPES.get(kind, "application"), "bom-ref": part.id, "name": part.name}
    found |= _made_by(part, bom)
    found |= _filled(
        description=describe(part.entity, "en"),
        licenses=[_license(one, how) for how, ones in _licenses(part) for one in ones],
        purl=purl(part),
        pedigree=_pedigree(part, bom),
        externalReferences=list(_references(part, bom)),
        evidence=_evidence(part),
        modelCard=_card(part, bom) if found["type"] == "machine-learning-model" else {},
        data=[_data(part, bom)] if kind == "dataset" else [],
    )
    return found | {"properties": written(of_part(part))}


def _filled(**fields: Any) -> Json:
    return {name: value for name, value in fields.items() if value}


def written(named: Iterable[Named]) -> list[Json]:
    """Named values as properties."""
    return [{"name": name, "value": value} for name, value in named]


# ---- who, under which license


def _made_by(part: BomPart, bom: Bom) -> Json:
    orgs = [bom.label(id) for id in makers(part) if kind_of(id) == "org"]
    people = [{"name": bom.label(id)} for id in makers(part) if kind_of(id) == "person"]
    return _filled(publisher=", ".join(orgs), authors=people)


def _licenses(part: BomPart) -> Iterator[tuple[str, tuple[BomLicense, ...]]]:
    yield "declared", (part.declared,) if part.declared else ()
    yield "concluded", part.concluded or ()


def _license(one: BomLicense, how: str) -> Json:
    named = {"id": one.key} if one.listed else {"name": one.label}
    known = written([(LICENSE_ID, one.key), (f"{LICENSE_ID}:id", one.id), (READ, one.read)])
    return {
        "license": named
        | {"acknowledgement": how}
        | _filled(url=web_address(one.url))
        | {"properties": known}
    }


def _evidence(part: BomPart) -> Json:
    """All that is said of a license on which sources disagree."""
    said = (*filter(None, [part.declared]), *part.rivals) if part.rivals else ()
    return _filled(licenses=[_license(one, "declared") for one in said])


def purl(part: BomPart) -> str:
    """The package URL of a model on the Hub; the Hub's data sets have none."""
    hub = hub_id(part)
    return write_purl(hub) if hub and kind_of(part.id) == "model" else ""


def hub_id(part: BomPart) -> str:
    """The first of its ids on the Hub, "" if none is known."""
    return str(next(iter(part.entity.values(HUB_ID)), ""))


def hub_page(part: BomPart) -> str:
    """Its page on the Hub, "" if none is known."""
    hub = hub_id(part)
    return f"{HUB}{'datasets/' if kind_of(part.id) == 'dataset' else ''}{hub}" if hub else ""


def _references(part: BomPart, bom: Bom) -> Iterator[Json]:
    yield _reference("website", iri(bom.base, part.id), "Gyebo")
    if page := hub_page(part):
        card = kind_of(part.id) == "model"
        yield _reference("model-card" if card else "distribution", page, "Hugging Face Hub")
    addresses = filter(None, (web_address(str(url)) for url in part.entity.values(URL)))
    yield from (_reference("website", url) for url in addresses)
    for source in part.sources:
        address = web_address(source.url) or iri(bom.base, source.id)
        yield _reference("evidence", address, f"{source.id}: {source.places()}")


def _reference(type: str, url: str, comment: str = "") -> Json:
    return {"type": type, "url": url} | _filled(comment=comment)


# ---- where from


def _pedigree(part: BomPart, bom: Bom) -> Json:
    """Direct ancestors; members of a family are its variants: which of them is meant is not known."""
    above = [
        _short(bom.parts[link.parent], of_link(link))
        for link in part.links
        if link.relation != TRAINED_ON
    ]
    variants = [_short(bom.parts[id]) for id in part.members]
    return _filled(ancestors=above, variants=variants)


def _short(part: BomPart, more: Iterable[Named] = ()) -> Json:
    found: Json = {"type": TYPES.get(kind_of(part.id), "application"), "name": part.name}
    return found | _filled(purl=purl(part)) | {"properties": written(chain([(REF, part.id)], more))}


# ---- model cards and data


def _card(part: BomPart, bom: Bom) -> Json:
    entity = part.entity
    used = [str(v) for name in ("intendedUse", "usedFor") for v in entity.values(name)]
    limits = [str(v) for v in entity.values("limitation")]
    data = [link for link in part.links if link.relation == TRAINED_ON]
    said = [(f"{VIA}:{link.parent}", link.via) for link in data if link.via]
    said += [(f"{DISPUTED}:{TRAINED_ON}", link.parent) for link in data if link.disputed]
    said += [(f"{INFERRED_BY}:{link.parent}", link.rule) for link in data if link.rule]
    said += [(f"{DOUBTFUL}:{TRAINED_ON}", link.parent) for link in data if link.doubtful]
    return _filled(
        modelParameters=_filled(
            approach=_approach(part),
            architectureFamily=_architecture(part, bom, "architecture"),
            modelArchitecture=_architecture(part, bom, "model", "family"),
            datasets=[{"ref": link.parent} for link in data],
        ),
        considerations=_filled(useCases=used, technicalLimitations=limits),
        properties=written(said),
    )


def _approach(part: BomPart) -> Json:
    """The way of learning, where sources name exactly one."""
    said = {str(v).partition("/")[2] for v in part.entity.values("usesTechnique")}
    named = [one for one in _APPROACHES if one in said]
    return {"type": named[0]} if len(named) == 1 else {}


def _architecture(part: BomPart, bom: Bom, *kinds: str) -> str:
    said = map(str, part.entity.values("usesArchitectureOf"))
    return ", ".join(bom.label(id) for id in said if kind_of(id) in kinds)


def _data(part: BomPart, bom: Bom) -> Json:
    owners = [
        {"organization": {"name": bom.label(id)}} for id in makers(part) if kind_of(id) == "org"
    ]
    url = hub_page(part) or web_address(str(next(iter(part.entity.values(URL)), "")))
    return {"type": "dataset", "name": part.name} | _filled(
        contents=_filled(url=url),
        description=describe(part.entity, "en"),
        governance=_filled(owners=owners),
    )
