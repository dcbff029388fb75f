"""CycloneDX 1.5 to 1.7 in JSON as claims; kg/ingest/sources/bom.py says what becomes of what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.ingest.kit.kit import Found, Kit
from kg.ingest.sources.bom_formats._cyclonedx_links import ComponentLinks
from kg.ingest.sources.bom_formats._cyclonedx_parts import (
    ComponentParts,
    named_values,
    properties,
)
from kg.ingest.sources.bom_formats._json import Json, list_at, object_at, objects_at, text_at
from kg.ingest.sources.bom_formats._parts import (
    TRAINED_ON,
    DocumentNames,
    DocumentPart,
    count_software,
    note_of,
)
from kg.model.vocabulary import DESCRIPTION, DEVELOPER

TITLE, VERSIONS = "CycloneDX", ("1.5", "1.6", "1.7")


def claims(document: Json, kit: Kit, name: str) -> Iterator[Found]:
    """What a document says of models and data sets.

    Args:
        document: the parsed document.
        kit: the source's.
        name: how messages call the document.

    Raises:
        DataError: components nest too deeply.
    """
    names = DocumentNames(kit, text_at(document, "serialNumber"), name)
    parts = ComponentParts(document, names)
    reading, links = _Reading(parts, names), ComponentLinks(document, parts, names)
    for one in parts.all:
        yield from names.doubts(one.part, one.identity)
    for one in parts.components:
        if properties(one.component).get("gyebo:ref") not in parts.by_ref:  # else told elsewhere
            yield from reading.said(one.component, one.part)
        yield from links.pedigree(one.component, one.part)
    yield from links.dependencies()
    yield from links.compositions()
    yield from count_software(parts.software, "components", kit.source, name)


class _Reading:
    """What components say of themselves."""

    def __init__(self, parts: ComponentParts, names: DocumentNames) -> None:
        self._parts, self._names = parts, names

    def said(self, component: Json, part: DocumentPart) -> Iterator[Found]:
        """All of it but what the part comes from."""
        names = self._names
        yield from names.named(part, component.get("name"), component.get("version"))
        yield from names.text(part, DESCRIPTION, component.get("description"), "description")
        yield from self._makers(component, part)
        for said in _declared(component):
            yield from names.licensed(part, said.text, "licenses", said.link, said.known)
        yield from self._card(object_at(component, "modelCard"), part)

    def _makers(self, component: Json, part: DocumentPart) -> Iterator[Found]:
        known = [value for name, value in named_values(component) if name == f"gyebo:{DEVELOPER}"]
        if known:
            yield from (self._names.claim(part, DEVELOPER, id) for id in known)
            return
        supplier = object_at(component, "supplier").get("name")
        publisher = component.get("publisher") or supplier
        yield from self._names.maker(part, "publisher", "org", publisher)
        made = component.get("manufacturer") or component.get("manufacture")
        maker = made.get("name") if isinstance(made, dict) else ""
        yield from self._names.maker(part, DEVELOPER, "org", maker)
        orgs = {
            str(n).casefold() for n in (publisher, supplier, maker, component.get("group")) if n
        }
        for author in objects_at(component, "authors"):
            kind = "org" if str(author.get("name")).casefold() in orgs else "person"
            yield from self._names.maker(part, DEVELOPER, kind, author.get("name"))

    # ---- model cards

    def _card(self, card: Json, part: DocumentPart) -> Iterator[Found]:
        used = object_at(card, "considerations")
        for name, field in (("limitation", "technicalLimitations"), ("intendedUse", "useCases")):
            for text in list_at(used, field):
                yield from self._names.text(part, name, text, f"modelCard {field}", lang=False)
        notes = properties(card)
        for data in objects_at(object_at(card, "modelParameters"), "datasets"):
            yield from self._trained(data, part, notes)

    def _trained(self, data: Json, part: DocumentPart, notes: dict[str, str]) -> Iterator[Found]:
        names, ref = self._names, text_at(data, "ref")
        above = self._parts.by_ref.get(ref) if ref else self._parts.of(data)
        if above is None:
            missing = ref and ref not in self._parts.refs
            what = "a component that is not there" if missing else "what is no data set"
            value = ref or text_at(data, "name")
            yield names.issue("bom-unresolved", part, f"was trained on {what}", value)
            return
        if not ref:
            yield from names.named(above, data.get("name"))
        via = notes.get(f"gyebo:said-of:{ref}")
        note = note_of({"gyebo:said-of": via} if via else {})
        yield names.edge(part, TRAINED_ON, above, "modelCard datasets", note)


class DeclaredLicense(NamedTuple):
    """A license as a document declares it."""

    text: str  # a name or an expression
    link: str = ""
    known: str = ""  # Gyebo's id


def _declared(component: Json) -> Iterator[DeclaredLicense]:
    """The licenses that are declared, or of which nothing says that they are concluded."""
    for entry in objects_at(component, "licenses"):
        license = object_at(entry, "license")
        said = license or entry
        if said.get("acknowledgement") == "concluded":
            continue
        known = properties(license)
        text = text_at(license, "id") or text_at(license, "name") or text_at(said, "expression")
        text = known.get("gyebo:license", text)
        yield DeclaredLicense(text, text_at(license, "url"), known.get("gyebo:license:id", ""))
