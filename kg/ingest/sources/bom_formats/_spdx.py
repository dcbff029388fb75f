"""SPDX 3.0 in JSON-LD as claims; kg/ingest/sources/bom.py says what becomes of what.

The document is read as its own serialization writes it (compact, with the official context), not as any
JSON-LD: that needs no network and is what tools exchange. What a file was trained on holds of the
package that contains it, which follows from the document and is marked as inferred; what files generate
says nothing of the model beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.ingest.sources.bom_formats._parts import (
    DEEPEST,
    TRAINED_ON,
    DocumentNames,
    DocumentPart,
    count_software,
    issue,
    note_of,
    relation_of,
)
from kg.model.claim import Claim, kind_of
from kg.model.issues import Issue
from kg.model.vocabulary import DESCRIPTION, DEVELOPER

TITLE, VERSIONS = "SPDX", ("3.0.0", "3.0.1")
_KINDS = {"ai_AIPackage": "model", "dataset_DatasetPackage": "dataset"}
_SOFTWARE = ("software_Package", "software_File", "software_Snippet")
_AGENTS = {"Person": "person", "Organization": "org", "Agent": "org"}
_LISTED = "https://spdx.org/licenses/"
_NOTHING = ("NoAssertion", "NoneElement", "NoneLicense")  # individuals that stand for no element

Json = Mapping[str, Any]
Found = Iterator[Claim | Issue]


def spec_version(document: Json) -> str:
    """The version of SPDX a document says it is of, "" if it does not."""
    found = (e.get("specVersion") for e in _elements(document) if isinstance(e, dict))
    return next((v for v in found if isinstance(v, str)), "")


def claims(document: Json, names: DocumentNames, name: str) -> Found:
    """What a document says of models and data sets.

    Args:
        document: the parsed document.
        names: names parts and makes claims.
        name: how messages call the document.
    """
    yield from _Reading(document, names, name).claims()


def _elements(document: Json) -> list[Any]:
    found = document.get("@graph", [document])
    return found if isinstance(found, list) else [found]


class _Reading:
    """One document: its elements by id."""

    def __init__(self, document: Json, names: DocumentNames, name: str) -> None:
        self._name = name
        self._all = [e for e in _elements(document) if isinstance(e, dict)]
        self._elements = {id: e for e in reversed(self._all) if (id := _id(e))}  # the first counts
        roots = (id for id, e in self._elements.items() if _type(e) == "SpdxDocument")
        self._names = names.of(next(roots, ""))
        self._parts = {
            id: self._part(id, e)
            for e in self._all
            if _kind(e) and self._elements.get(id := _id(e)) is e
        }
        self._holder: dict[str, str] = {}  # file or package -> what contains it
        for one in self._relationships("contains"):
            self._holder.update(dict.fromkeys(_many(one, "to"), _text(one, "from")))

    def _part(self, id: str, element: Json) -> DocumentPart:
        version = _text(element, "software_packageVersion")
        name = _text(element, "name") + (f"@{version}" if version else "")
        addresses = [
            _text(element, f"software_{field}")
            for field in ("packageUrl", "downloadLocation", "homePage")
        ]
        known = _properties(element).get("gyebo:id", "")
        return DocumentPart(self._names.part(_kind(element), known, addresses, name or id), id)

    def claims(self) -> Found:
        """All claims, then what was left out."""
        for id, part in self._parts.items():
            yield from self._said(self._elements[id], part)
        for one in self._relationships():
            yield from self._related(one)
        software = sum(_type(e) in _SOFTWARE and _id(e) not in self._parts for e in self._all)
        yield from count_software(software, "elements", self._names.source, self._name)

    def _said(self, element: Json, part: DocumentPart) -> Found:
        names = self._names
        yield from names.named(part, element.get("name"), element.get("software_packageVersion"))
        described = _text(element, "description") or _text(element, "summary")
        yield from names.text(part, DESCRIPTION, described, "description")
        yield from names.text(
            part, "limitation", element.get("ai_limitation"), "ai_limitation", lang=False
        )
        used = element.get("ai_informationAboutApplication") or element.get("dataset_intendedUse")
        yield from names.text(part, "intendedUse", used, "intended use", lang=False)
        yield from self._makers(element, part)

    def _makers(self, element: Json, part: DocumentPart) -> Found:
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
            type = _text(element, "relationshipType")
            if type and (not types or type in types):
                yield element

    def _related(self, one: Json) -> Found:
        type, ends = _text(one, "relationshipType"), _many(one, "to")
        if type == "hasDeclaredLicense":
            yield from self._licensed(_text(one, "from"), ends, _id(one))
            return
        named = _properties(one)
        for end in ends:
            if any(word in end for word in _NOTHING):
                continue
            child, parent = _text(one, "from"), end
            if type in ("ancestorOf", "generates"):
                child, parent = parent, child
            yield from self._edge(type, child, parent, named, _id(one))

    def _edge(
        self, type: str, child: str, parent: str, named: Mapping[str, str], where: str
    ) -> Found:
        find = self._package if type == TRAINED_ON else self._parts.get
        below, above = find(child), find(parent)
        default = _relation(type, below, above)
        if below is None or above is None:
            if _relation(type, below or above, above or below):
                yield issue(
                    "bom-unresolved",
                    child,
                    f"{type} what is no model and no data set",
                    self._names.source,
                    parent,
                    self._name,
                )
            return
        relation = relation_of(named, below.id, default)
        if relation and below.id == above.id:
            yield issue(
                "bom-self",
                below.id,
                f"is its own {relation}",
                self._names.source,
                parent,
                self._name,
            )
        elif relation:
            inferred = child not in self._parts or parent not in self._parts
            note = note_of(named) or ("said of files that they contain" if inferred else "")
            yield self._names.claim(below, relation, above.id, where, note, inferred=inferred)

    def _package(self, id: str) -> DocumentPart | None:
        """The model or data set an element is, or is contained in."""
        for _ in range(DEEPEST):
            if id in self._parts or id not in self._holder:
                break
            id = self._holder[id]
        return self._parts.get(id)

    # ---- licenses

    def _licensed(self, id: str, licenses: list[str], where: str) -> Found:
        part = self._parts.get(id)
        for license in licenses if part else ():
            assert part
            text = self._license(license)
            if text:
                yield from self._names.licensed(part, text, where)
            elif not any(word in license for word in _NOTHING):
                yield issue(
                    "bom-unresolved",
                    part.id,
                    "has a license that is not there",
                    self._names.source,
                    license,
                    self._name,
                )

    def _license(self, id: str) -> str:
        """A license as an expression or a name, "" if nothing is said."""
        element = self._elements.get(id, {})
        if text := _text(element, "simplelicensing_licenseExpression"):
            return text.removeprefix("(").removesuffix(")") if text.count("(") == 1 else text
        if id.startswith(_LISTED):
            return id.removeprefix(_LISTED)
        return (_text(element, "name") or id.rpartition("/")[2]) if element else ""


def _relation(type: str, below: DocumentPart | None, above: DocumentPart | None) -> str:
    """What a type of relationship says between two parts, "" if nothing that is kept here."""
    kinds = kind_of(below.id) if below else "", kind_of(above.id) if above else ""
    if type in ("descendantOf", "ancestorOf"):
        return "dataDerivedFrom" if kinds[0] == "dataset" else "derivedFrom"
    if type == TRAINED_ON:
        return TRAINED_ON
    if type == "generates" and kinds[0] == "dataset" and kinds[1] != "dataset":
        return "generatedWith"
    return ""


def _kind(element: Json) -> str:
    """The kind of an element, "" of software; a Gyebo document says it where the type cannot."""
    known = _properties(element).get("gyebo:kind")
    return _KINDS.get(_type(element), "product" if known == "product" else "")


def _named(element: Json) -> Iterator[tuple[str, str]]:
    for extension in _objects(element, "extension"):
        for entry in _objects(extension, "extension_cdxProperty"):
            yield _text(entry, "extension_cdxPropName"), _text(entry, "extension_cdxPropValue")


def _properties(element: Json) -> dict[str, str]:
    return dict(reversed([*_named(element)]))


def _objects(thing: Json, field: str) -> list[Json]:
    found = thing.get(field)
    return [e for e in found if isinstance(e, dict)] if isinstance(found, list) else []


def _id(element: Json) -> str:
    return _text(element, "spdxId") or _text(element, "@id")


def _type(element: Json) -> str:
    return _text(element, "type") or _text(element, "@type")


def _many(element: Json, field: str) -> list[str]:
    """The ids in a field that holds one or several."""
    found = element.get(field)
    ids = found if isinstance(found, list) else [found]
    return [id for id in ids if isinstance(id, str)]


def _text(element: Json, field: str) -> str:
    found = element.get(field)
    return found if isinstance(found, str) else ""
