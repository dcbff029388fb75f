"""A model with its ancestry as SPDX 3.0.1 JSON-LD: AI and dataset profiles, as plain data.

Models are `ai_AIPackage`, data sets `dataset_DatasetPackage`, products `software_Package`. Every one has
exactly one declared and one concluded license, as the profiles ask: an expression, or NoAssertion.
Where no parent or no training data is recorded, a relationship to NoAssertionElement says so; where one parent
is declared and cannot be found, `descendantOf` is `incomplete`. `dependsOn` holds all that a part comes from, as
`dependencies` in CycloneDX. How a model derives has no type of its own in 3.0.1: `descendantOf` carries
`gyebo:relation` in the extension for CycloneDX properties, with whatever else Gyebo knows of an element.

An element holds for one snapshot, so its IRI names the snapshot; the entity is its external identifier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kg.answers.show import describe
from kg.export.bom._bom import TRAINED_ON
from kg.export.bom._cyclonedx import hub_page, purl
from kg.export.bom._parts import Bom, BomLicense, BomLink, BomPart
from kg.export.bom._properties import (
    READ,
    Named,
    expression,
    makers,
    numbers,
    of_bom,
    of_link,
    of_part,
)
from kg.language.markdown import web_address
from kg.model.claim import kind_of
from kg.model.iri import iri
from kg.model.vocabulary import RELEASE_DATE, URL, load_vocabulary

SPEC = "3.0.1"
CONTEXT = f"https://spdx.org/rdf/{SPEC}/spdx-context.jsonld"
MEDIA_TYPE = "application/spdx+json"
# Not "extension": in the context of 3.0.1 that word is the property, so the profile cannot be named.
PROFILES = ("core", "software", "simpleLicensing", "expandedLicensing", "ai", "dataset")
NO_LICENSE = "expandedlicensing_NoAssertionLicense"
NO_ELEMENT = "NoAssertionElement"
_INFO = "_:creationinfo"
_CLASSES = {"model": "ai_AIPackage", "family": "ai_AIPackage", "dataset": "dataset_DatasetPackage"}
_PURPOSES = {"model": "model", "family": "model", "dataset": "data"}
_AGENTS = {"org": "Organization", "person": "Person"}

Json = dict[str, Any]


def spdx(bom: Bom) -> Json:
    """A bill of materials as SPDX 3.0.1; the same data gives the same document."""
    return {"@context": CONTEXT, "@graph": list(_Document(bom).elements())}


class _Document:
    """One document: a namespace, and the elements in it."""

    def __init__(self, bom: Bom) -> None:
        self._bom = bom
        self._space = f"{iri(bom.base, bom.root)}/bom.spdx.json?v={bom.version}"
        self._expressions: dict[str, tuple[BomLicense, ...]] = {}
        self._agents: dict[str, None] = {}

    def elements(self) -> Iterator[Json]:
        """Every element, those about the document first."""
        packages = [self._package(part) for part in self._bom.parts.values()]
        links = [r for part in self._bom.parts.values() for r in self._relationships(part)]
        whole = self._relationship("contains", "bom", [self._id(self._bom.root)])
        listed = [*self._makers(), *packages, whole, *links, *self._licenses()]
        yield from self._about([element["spdxId"] for element in listed])
        yield from listed

    def _about(self, members: list[str]) -> Iterator[Json]:
        root, known = self._id(self._bom.root), self._bom
        yield {
            "type": "CreationInfo",
            "@id": _INFO,
            "specVersion": SPEC,
            "created": f"{known.date}T00:00:00Z",
            "createdBy": [self._id("agent/gyebo")],
            "createdUsing": [self._id("tool/gyebo")],
        }
        yield self._element("SoftwareAgent", "agent/gyebo", name="Gyebo")
        yield self._element("Tool", "tool/gyebo", name=f"gyebo {known.gyebo}")
        yield self._element(
            "SpdxDocument",
            "document",
            name=f"{known.parts[known.root].name} and its ancestry",
            profileConformance=[*PROFILES],
            rootElement=[self._id("bom")],
            dataLicense=self._expression((BomLicense(key="CC0-1.0"),)),
        )
        yield self._element(
            "software_Sbom",
            "bom",
            profileConformance=[*PROFILES],
            rootElement=[root],
            element=members,
            software_sbomType=["analyzed"],
            extension=_extension(of_bom(known)),
        )

    def _id(self, name: str) -> str:
        return iri(f"{self._space}#", name)

    def _element(self, type: str, place: str, /, **fields: Any) -> Json:
        known = {key: value for key, value in fields.items() if value}
        return {"type": type, "spdxId": self._id(place), "creationInfo": _INFO} | known

    # ---- packages

    def _package(self, part: BomPart) -> Json:
        kind = kind_of(part.id)
        by = [self._agent(id) for id in makers(part) if kind_of(id) in _AGENTS]
        return self._element(
            _CLASSES.get(kind, "software_Package"),
            part.id,
            name=part.name,
            description=describe(part.entity, "en"),
            externalIdentifier=[self._identifier(part)],
            externalRef=list(self._references(part)),
            originatedBy=by,
            suppliedBy=by[0] if len(by) == 1 else "",
            releaseTime=_day(part),
            software_packageUrl=purl(part),
            software_downloadLocation=hub_page(part),
            software_primaryPurpose=_PURPOSES.get(kind, "application"),
            extension=_extension(of_part(part)),
            **(_data(part) if kind == "dataset" else _model(part) if kind in _CLASSES else {}),
        )

    def _identifier(self, part: BomPart) -> Json:
        address = iri(self._bom.base, part.id)
        return {
            "type": "ExternalIdentifier",
            "externalIdentifierType": "urlScheme",
            "identifier": address,
            "issuingAuthority": "Gyebo",
        }

    def _references(self, part: BomPart) -> Iterator[Json]:
        for url in filter(None, (web_address(str(v)) for v in part.entity.values(URL))):
            yield _reference("altWebPage", url, "")
        for source in part.sources:
            address = web_address(source.url) or iri(self._bom.base, source.id)
            yield _reference("other", address, f"{source.id}: {source.places()}")

    def _agent(self, id: str) -> str:
        self._agents[id] = None
        return self._id(id)

    def _makers(self) -> Iterator[Json]:
        for id in sorted(self._agents):
            yield self._element(_AGENTS[kind_of(id)], id, name=self._bom.label(id))

    # ---- relationships

    def _relationships(self, part: BomPart) -> Iterator[Json]:
        yield from (self._link(part, link) for link in part.links)
        yield from self._unknown(part)
        yield from self._dependencies(part)
        members = [self._id(id) for id in part.members]
        if members:
            yield self._relationship("hasVariant", part.id, members)
            yield self._relationship("contains", part.id, members)
        declared = (part.declared,) if part.declared else ()
        yield self._licensed("hasDeclaredLicense", part, declared)
        yield self._licensed("hasConcludedLicense", part, part.concluded or ())

    def _link(self, part: BomPart, link: BomLink) -> Json:
        type = relationship_type(link.relation)
        child, parent = (link.parent, part.id) if type == "generates" else (part.id, link.parent)
        return self._relationship(type, child, [self._id(parent)], of_link(link), link.relation)

    def _unknown(self, part: BomPart) -> Iterator[Json]:
        """What is not known of a model: its parents, its training data."""
        if kind_of(part.id) != "model":
            return
        types = {relationship_type(link.relation) for link in part.links}
        for type in ("descendantOf", "trainedOn"):
            if type not in types or (type == "descendantOf" and part.unresolved):
                yield self._relationship(type, part.id, [NO_ELEMENT])

    def _dependencies(self, part: BomPart) -> Iterator[Json]:
        """All it comes from as what it depends on: checkers follow nothing else (ntia-conformance-checker)."""
        if parents := list(dict.fromkeys(self._id(link.parent) for link in part.links)):
            yield self._relationship("dependsOn", part.id, parents)

    def _licensed(self, type: str, part: BomPart, licenses: tuple[BomLicense, ...]) -> Json:
        to = self._expression(licenses) if licenses else NO_LICENSE
        return self._relationship(type, part.id, [to])

    def _relationship(
        self, type: str, subject: str, to: list[str], named: Iterable[Named] = (), also: str = ""
    ) -> Json:
        ends = "+".join(end.rpartition("#")[2] for end in to)
        name = "/".join(filter(None, ("relationship", type, also, subject, ends)))
        return self._element(
            "Relationship",
            name,
            relationshipType=type,
            to=to,
            completeness=self._completeness(type, subject),
            extension=_extension(named),
        ) | {"from": self._id(subject)}

    def _completeness(self, type: str, subject: str) -> str:
        """`incomplete` for what a part of which a parent is declared and cannot be found comes from."""
        lacking = type in ("descendantOf", "dependsOn") and self._bom.parts[subject].unresolved
        return "incomplete" if lacking else "noAssertion"

    # ---- licenses

    def _expression(self, licenses: tuple[BomLicense, ...]) -> str:
        text = expression(licenses)
        self._expressions[text] = licenses
        return self._id(f"license-expression/{text}".replace(" ", "+"))

    def _licenses(self) -> Iterator[Json]:
        self._expression((BomLicense(key="CC0-1.0"),))
        for text, licenses in sorted(self._expressions.items()):
            custom = [
                {"type": "DictionaryEntry", "key": one.key, "value": iri(self._bom.base, one.id)}
                for one in licenses
                if one.key.startswith("LicenseRef-")
            ]
            yield self._element(
                "simplelicensing_LicenseExpression",
                f"license-expression/{text}".replace(" ", "+"),
                simplelicensing_licenseExpression=text,
                simplelicensing_customIdToUri=custom,
                description="; ".join(one.label for one in licenses),
                extension=_extension((f"{READ}:{one.key}", one.read) for one in licenses),
            )


def relationship_type(relation: str) -> str:
    """The type that SPDX 3.0.1 has for a relation of ours, `other` if it has none.

    >>> [relationship_type(r) for r in ("adapterOf", "trainedOn", "generatedWith", "seededBy")]
    ['descendantOf', 'trainedOn', 'generates', 'other']
    """
    if relation in (TRAINED_ON, "generatedWith"):
        return {TRAINED_ON: "trainedOn"}.get(relation, "generates")
    known = load_vocabulary().properties[relation]
    derives = {"derivedFrom", "dataDerivedFrom"} & {relation, *known.supers}
    return "descendantOf" if derives and known.edge != "distillation" else "other"


def _extension(named: Iterable[Named]) -> list[Json]:
    entries = [
        {
            "type": "extension_CdxPropertyEntry",
            "extension_cdxPropName": name,
            "extension_cdxPropValue": value,
        }
        for name, value in named
    ]
    if not entries:
        return []
    return [{"type": "extension_CdxPropertiesExtension", "extension_cdxProperty": entries}]


def _reference(type: str, url: str, comment: str) -> Json:
    found: Json = {"type": "ExternalRef", "externalRefType": type, "locator": [url]}
    return found | ({"comment": comment} if comment else {})


def _day(part: BomPart) -> str:
    """The day of release where the day is known: SPDX has no months or years."""
    date = str(next(iter(part.entity.values(RELEASE_DATE)), ""))
    return f"{date}T00:00:00Z" if len(date) == 10 else ""


def _texts(part: BomPart, *properties: str) -> str:
    return "; ".join(str(v) for name in properties for v in part.entity.values(name))


def _model(part: BomPart) -> Json:
    values = [
        {"type": "DictionaryEntry", "key": fact.property, "value": str(value)}
        for fact in numbers(part)
        for value in fact.values
    ]
    return {
        "ai_hyperparameter": values,
        "ai_limitation": _texts(part, "limitation"),
        "ai_informationAboutApplication": _texts(part, "intendedUse", "usedFor"),
        "ai_informationAboutTraining": _texts(part, "trainingStrategy"),
    }


def _data(part: BomPart) -> Json:
    return {
        "dataset_datasetType": ["noAssertion"],
        "dataset_intendedUse": _texts(part, "intendedUse"),
        "dataset_dataCollectionProcess": _texts(part, "generationSettings"),
    }
