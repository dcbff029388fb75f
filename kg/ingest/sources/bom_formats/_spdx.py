"""SPDX 3.0 in JSON-LD as claims; kg/ingest/sources/bom.py says what becomes of what.

What a file was trained on holds of the package that contains it, which follows from the document and is marked as
inferred; what files generate says nothing of the model beside them. That a model depends on another, contains it or is a variant of it does not say
that it derives from it: unless the document says how they are related, it makes what is concluded of the model doubtful.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.ingest.kit.kit import Found, Kit
from kg.ingest.sources.bom_formats._identity import PartEvidence, PartIdentity
from kg.ingest.sources.bom_formats._json import Json, objects_at, text_at
from kg.ingest.sources.bom_formats._parts import (
    DATA_DERIVED,
    DEEPEST,
    DERIVED,
    TRAINED_ON,
    DocumentNames,
    DocumentPart,
    count_software,
    note_of,
    relation_of,
)
from kg.ingest.sources.bom_formats._spdx_elements import elements_of
from kg.ingest.sources.bom_formats._spdx_licenses import SpdxLicenses
from kg.model.claim import kind_of
from kg.model.vocabulary import DESCRIPTION, DEVELOPER

TITLE, VERSIONS = "SPDX", ("3.0.0", "3.0.1")
_KINDS = {"ai_AIPackage": "model", "dataset_DatasetPackage": "dataset"}
_SOFTWARE = ("software_Package", "software_File", "software_Snippet")
_AGENTS = {"Person": "person", "Organization": "org", "Agent": "org"}
_NOTHING = ("NoAssertion", "NoneElement", "NoneLicense")  # individuals that stand for no element
_LEANING = {
    "dependsOn": "depends on another",
    "hasPrerequisite": "depends on another",
    "contains": "contains another",
    "hasVariant": "is a variant of another",
}
_READ = ("descendantOf", "ancestorOf", TRAINED_ON, "testedOn")  # those that say what they mean
_UNRESOLVED = "gyebo:unresolved-parent:"
_OWN_LICENSE = "LicenseRef-gyebo-"  # whose address is that of the license in Gyebo


def claims(document: Json, kit: Kit, name: str) -> Iterator[Found]:
    """What a document says of models and data sets.

    Args:
        document: the parsed document.
        kit: the source's.
        name: how messages call the document.

    Raises:
        DataError: objects nest too deeply.
    """
    yield from _Reading(document, kit, name).claims()


class _Reading:
    """One document: its elements by id."""

    def __init__(self, document: Json, kit: Kit, name: str) -> None:
        self._all = elements_of(document, name)
        self._elements = {id: e for e in reversed(self._all) if (id := _id(e))}  # the first counts
        roots = (id for id, e in self._elements.items() if _type(e) == "SpdxDocument")
        self._names = DocumentNames(kit, next(roots, ""), name)
        profile = any(_type(e) in _KINDS for e in self._all)
        kinds = {_id(e): _kind(e, profile) for e in self._all if self._elements.get(_id(e)) is e}
        packages = {id: self._elements[id] for id, kind in kinds.items() if kind}
        told = [_evidence(id, kinds[id], element) for id, element in packages.items()]
        found = self._names.parts(told)
        self._parts = {id: part for id, (part, _) in zip(packages, found, strict=True)}
        self._identities: dict[str, PartIdentity] = {
            id: one for id, (_, one) in zip(packages, found, strict=True)
        }
        self._licenses = SpdxLicenses(self._elements)
        self._holder: dict[str, str] = {}  # file or package -> what contains it
        for one in self._relationships("contains"):
            self._holder.update(dict.fromkeys(_many(one, "to"), text_at(one, "from")))

    def claims(self) -> Iterator[Found]:
        """All claims, then what was left out."""
        for id, part in self._parts.items():
            yield from self._names.doubts(part, self._identities[id])
            yield from self._said(self._elements[id], part)
        for one in self._relationships():
            yield from self._related(one)
        for one in self._relationships():
            yield from self._leaning(one)
        software = sum(_type(e) in _SOFTWARE and _id(e) not in self._parts for e in self._all)
        yield from count_software(software, "elements", self._names.kit.source, self._names.name)

    def _said(self, element: Json, part: DocumentPart) -> Iterator[Found]:
        names = self._names
        yield from names.named(part, element.get("name"), element.get("software_packageVersion"))
        described = text_at(element, "description")
        described = text_at(element, "summary") if names.is_nothing(described) else described
        yield from names.text(part, DESCRIPTION, described, "description")
        yield from names.text(
            part, "limitation", element.get("ai_limitation"), "ai_limitation", lang=False
        )
        used = element.get("ai_informationAboutApplication") or element.get("dataset_intendedUse")
        yield from names.text(part, "intendedUse", used, "intended use", lang=False)
        yield from self._makers(element, part)
        for name, value in _named(element):
            if name.startswith(_UNRESOLVED):
                yield from names.not_found(part, name.removeprefix(_UNRESOLVED), value)

    def _makers(self, element: Json, part: DocumentPart) -> Iterator[Found]:
        known = [value for name, value in _named(element) if name == f"gyebo:{DEVELOPER}"]
        if known:
            yield from (self._names.claim(part, DEVELOPER, id) for id in known)
            return
        for property, field in ((DEVELOPER, "originatedBy"), ("publisher", "suppliedBy")):
            for id in _many(element, field):
                agent = self._elements.get(id, {})
                if kind := _AGENTS.get(_type(agent)):
                    yield from self._names.maker(part, property, kind, agent.get("name"))

    # ---- relationships

    def _relationships(self, *types: str) -> Iterator[Json]:
        for element in self._all:
            type = text_at(element, "relationshipType")
            if type and (not types or type in types):
                yield element

    def _related(self, one: Json) -> Iterator[Found]:
        type, ends = text_at(one, "relationshipType"), _many(one, "to")
        start, named = text_at(one, "from"), _properties(one)
        if type == "hasDeclaredLicense":
            yield from self._licensed(start, ends, _id(one))
            return
        for end in filter(None, ends):
            if any(word in end for word in _NOTHING):
                continue
            child, parent = (end, start) if type in ("ancestorOf", "generates") else (start, end)
            yield from self._edge(type, child, parent, named, _id(one))
        if type == "descendantOf" and text_at(one, "completeness") == "incomplete":
            yield from self._incomplete(start, _id(one))

    def _edge(
        self, type: str, child: str, parent: str, named: Mapping[str, str], where: str
    ) -> Iterator[Found]:
        find = self._package if type == TRAINED_ON else self._parts.get
        below, above = find(child), find(parent)
        default = _relation(type, below, above)
        if below is None or above is None:
            if _relation(type, below or above, above or below):
                yield from self._unresolved(type, child, parent, below, where)
            return
        if relation := relation_of(named, below.id, default):
            inferred = child not in self._parts or parent not in self._parts
            note = note_of(named) or ("said of files that they contain" if inferred else "")
            yield self._names.edge(below, relation, above, where, note, inferred)

    def _unresolved(
        self, type: str, child: str, parent: str, below: DocumentPart | None, where: str
    ) -> Iterator[Found]:
        """A relationship of which one end is no model and no data set, or is not there."""
        is_descent = type in ("descendantOf", "ancestorOf")
        how = "descends from" if is_descent else f"has a relationship of type {type} to"
        message = f"{how} what is no model and no data set"
        name = text_at(self._elements.get(parent, {}), "name") or parent
        if below is None:
            part = DocumentPart(child, child)
            yield self._names.issue("bom-unresolved", part, message, parent)
        elif _relation(type, below, below) == DERIVED:
            yield from self._names.unclear(below, "bom-unresolved", where, message, name)
        else:
            yield self._names.issue("bom-unresolved", below, message, name)

    def _incomplete(self, id: str, where: str) -> Iterator[Found]:
        part = self._parts.get(id)
        told = any(name.startswith(_UNRESOLVED) for name, _ in _named(self._elements.get(id, {})))
        if part and not told:
            message = "the document says that not all it descends from is told"
            yield from self._names.unclear(part, "bom-incomplete", where, message)

    def _leaning(self, one: Json) -> Iterator[Found]:
        """What a relationship that says nothing of descent may mean all the same."""
        type, start = text_at(one, "relationshipType"), text_at(one, "from")
        for end in _many(one, "to") if type not in _READ else ():
            child, parent = (end, start) if type == "generates" else (start, end)
            part, above = self._parts.get(child), self._parts.get(parent)
            models = part and above and kind_of(part.id) == kind_of(above.id) == "model"
            if part and above and (models or type in _LEANING):
                how = _LEANING.get(type, f"has a relationship of type {type} to another")
                yield from self._names.leaning(part, above, _id(one), how)

    def _package(self, id: str) -> DocumentPart | None:
        """The model or data set an element is, or is contained in."""
        for _ in range(DEEPEST):
            if id in self._parts or id not in self._holder:
                break
            id = self._holder[id]
        return self._parts.get(id)

    def _licensed(self, id: str, licenses: list[str], where: str) -> Iterator[Found]:
        part = self._parts.get(id)
        for license in licenses if part else ():
            assert part
            text, link = self._licenses.read(license)
            if text or link:
                known = link.partition("/license/")[2] if text.startswith(_OWN_LICENSE) else ""
                known = f"license/{known}" if known else ""
                yield from self._names.licensed(part, text, where, link, known)
            elif not any(word in license for word in _NOTHING):
                message = "has a license that is not there"
                yield self._names.issue("bom-unresolved", part, message, license)


def _relation(type: str, below: DocumentPart | None, above: DocumentPart | None) -> str:
    """What a type of relationship says between two parts, "" if nothing that is kept here."""
    kinds = kind_of(below.id) if below else "", kind_of(above.id) if above else ""
    if type in ("descendantOf", "ancestorOf"):
        return DATA_DERIVED if kinds[0] == "dataset" else DERIVED
    if type == TRAINED_ON:
        return TRAINED_ON
    if type == "generates" and kinds[0] == "dataset" and kinds[1] != "dataset":
        return "generatedWith"
    return ""


def _kind(element: Json, profile: bool) -> str:
    """The kind of an element, "" of software; a Gyebo document says it where the type cannot.

    A document without the profiles for models and data says by the purpose of a package that it is a model.
    """
    known = _properties(element).get("gyebo:kind")
    purpose = text_at(element, "software_primaryPurpose")
    if _type(element) == "software_Package" and purpose == "model" and not profile:
        return "model"
    return _KINDS.get(_type(element), "product" if known == "product" else "")


def _evidence(id: str, kind: str, element: Json) -> PartEvidence:
    version, name = text_at(element, "software_packageVersion"), text_at(element, "name")
    identifiers = objects_at(element, "externalIdentifier")
    given = [text_at(one, "identifier") for one in identifiers]
    references = [
        (text_at(one, "externalRefType"), address)
        for one in objects_at(element, "externalRef")
        for address in _many(one, "locator")
    ]
    places = [
        address
        for type, address in references
        if type in ("vcs", "altDownloadLocation", "binaryArtifact")
    ]
    pages = [address for type, address in references if type == "altWebPage"]
    hashes = [
        f"{text_at(one, 'algorithm')}:{text_at(one, 'hashValue').casefold()}"
        for one in objects_at(element, "verifiedUsing")
        if text_at(one, "hashValue") and text_at(one, "algorithm") != "md5"
    ]
    purls = [text_at(element, "software_packageUrl"), *(t for t in given if t.startswith("pkg:"))]
    return PartEvidence(
        kind=kind,
        ref=id,
        called=name,
        name=f"{name or id}@{version}" if version else name or id,
        known=_properties(element).get("gyebo:id", ""),
        purls=tuple(filter(None, purls)),
        places=(
            text_at(element, "software_downloadLocation"),
            *places,
            *(t for t in given if "://" in t),
        ),
        pages=(text_at(element, "software_homePage"), *pages),
        hashes=tuple(hashes),
    )


def _named(element: Json) -> Iterator[tuple[str, str]]:
    for extension in objects_at(element, "extension"):
        for entry in objects_at(extension, "extension_cdxProperty"):
            yield text_at(entry, "extension_cdxPropName"), text_at(entry, "extension_cdxPropValue")


def _properties(element: Json) -> dict[str, str]:
    return dict(reversed([*_named(element)]))


def _id(element: Json) -> str:
    return text_at(element, "spdxId")


def _type(element: Json) -> str:
    return text_at(element, "type")


def _many(element: Json, field: str) -> list[str]:
    """The ids in a field that holds one or several."""
    found = element.get(field)
    ids = found if isinstance(found, list) else [found]
    return [id for id in ids if isinstance(id, str)]
