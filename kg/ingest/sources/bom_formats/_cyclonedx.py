"""CycloneDX 1.5 to 1.7 in JSON as claims; kg/ingest/sources/bom.py says what becomes of what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.errors import DataError
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
from kg.messages.message import Message
from kg.model.claim import Claim, kind_of
from kg.model.issues import Issue
from kg.model.vocabulary import DESCRIPTION, DEVELOPER

TITLE, VERSIONS = "CycloneDX", ("1.5", "1.6", "1.7")
_KINDS = {"machine-learning-model": "model", "data": "dataset"}

Json = Mapping[str, Any]
Found = Iterator[Claim | Issue]


def claims(document: Json, names: DocumentNames, name: str) -> Found:
    """What a document says of models and data sets.

    Args:
        document: the parsed document.
        names: names parts and makes claims.
        name: how messages call the document.

    Raises:
        DataError: components nest too deeply.
    """
    yield from _Reading(document, names.of(str(document.get("serialNumber", ""))), name).claims()


class _Reading:
    """One document: its components by reference."""

    def __init__(self, document: Json, names: DocumentNames, name: str) -> None:
        self._names, self._name = names, name
        metadata = _object(document, "metadata")
        root = metadata.get("component")
        top = [*([root] if root else []), *_list(document, "components")]
        self._components = list(self._all(top))
        self._by_ref: dict[str, DocumentPart] = {}
        self._parts: list[tuple[Json, DocumentPart]] = []
        self._software = 0
        for component in self._components:
            self._enter(component)

    def _all(self, top: list[Any]) -> Iterator[Json]:
        """Every component, those within others and those they descend from too."""
        ahead = [(one, 0) for one in reversed(top)]
        while ahead:
            one, depth = ahead.pop()
            if depth > DEEPEST:
                raise DataError(
                    Message("components nest deeper than %(most)s", most=DEEPEST), self._name
                )
            if isinstance(one, dict):
                yield one
                within = [*_list(one, "components"), *_ancestors(one)]
                ahead += [(inner, depth + 1) for inner in reversed(within)]

    def _enter(self, component: Json) -> None:
        kind = _kind(component)
        if not kind:
            self._software += 1
            return
        part = self._part(component, kind)
        self._parts.append((component, part))
        if ref := _text(component, "bom-ref"):
            self._by_ref[ref] = part
        for data in _list(component, "data"):
            if isinstance(data, dict) and (ref := _text(data, "bom-ref")):
                self._by_ref[ref] = part

    def _part(self, component: Json, kind: str) -> DocumentPart:
        version = _text(component, "version")
        name = _text(component, "name") + (f"@{version}" if version else "")
        group = _text(component, "group")
        name = f"{group}/{name}" if group else name
        ref = _text(component, "bom-ref") or name
        known = _properties(component).get("gyebo:id", "")
        return DocumentPart(self._names.part(kind, known, _addresses(component), name), ref)

    def claims(self) -> Found:
        """All claims, then what was left out."""
        for component, part in self._parts:
            if _properties(component).get("gyebo:ref") not in self._by_ref:  # else told elsewhere
                yield from self._said(component, part)
        yield from count_software(self._software, "components", self._names.source, self._name)

    def _said(self, component: Json, part: DocumentPart) -> Found:
        names = self._names
        yield from names.named(part, component.get("name"), component.get("version"))
        yield from names.text(part, DESCRIPTION, component.get("description"), "description")
        yield from self._makers(component, part)
        for text in _declared(component):
            yield from names.licensed(part, text, "licenses")
        yield from self._derived(component, part)
        yield from self._card(_object(component, "modelCard"), part)

    def _makers(self, component: Json, part: DocumentPart) -> Found:
        known = [p["value"] for p in _named(component) if p["name"] == f"gyebo:{DEVELOPER}"]
        if known:
            yield from (self._names.claim(part, DEVELOPER, id) for id in known)
            return
        publisher = component.get("publisher") or _object(component, "supplier").get("name")
        yield from self._names.maker(part, "publisher", "org", publisher)
        made = component.get("manufacturer") or component.get("manufacture")
        if isinstance(made, dict):
            yield from self._names.maker(part, DEVELOPER, "org", made.get("name"))
        for author in _list(component, "authors"):
            if isinstance(author, dict):
                yield from self._names.maker(part, DEVELOPER, "person", author.get("name"))

    def _derived(self, component: Json, part: DocumentPart) -> Found:
        default = "dataDerivedFrom" if kind_of(part.id) == "dataset" else "derivedFrom"
        for ancestor in _ancestors(component):
            if isinstance(ancestor, dict) and (kind := _kind(ancestor)):
                named = _properties(ancestor)
                above = self._by_ref.get(named.get("gyebo:ref", "")) or self._part(ancestor, kind)
                relation = relation_of(named, part.id, default)
                yield from self._edge(part, relation, above, "pedigree", note_of(named))

    def _edge(
        self, part: DocumentPart, relation: str, above: DocumentPart, where: str, note: str = ""
    ) -> Found:
        if part.id == above.id:
            yield issue(
                "bom-self",
                part.id,
                f"is its own {relation}",
                self._names.source,
                above.ref,
                self._name,
            )
            return
        yield self._names.claim(part, relation, above.id, where, note)

    # ---- model cards

    def _card(self, card: Json, part: DocumentPart) -> Found:
        used = _object(card, "considerations")
        for name, field in (("limitation", "technicalLimitations"), ("intendedUse", "useCases")):
            for text in _list(used, field):
                yield from self._names.text(part, name, text, f"modelCard {field}", lang=False)
        notes = _properties(card)
        for data in _list(_object(card, "modelParameters"), "datasets"):
            if isinstance(data, dict):
                yield from self._trained(data, part, notes)

    def _trained(self, data: Json, part: DocumentPart, notes: Mapping[str, str]) -> Found:
        ref = _text(data, "ref")
        if ref and ref not in self._by_ref:
            yield issue(
                "bom-unresolved",
                part.id,
                "was trained on a component that is not there",
                self._names.source,
                ref,
                self._name,
            )
            return
        above = self._by_ref[ref] if ref else self._inline(data)
        if not ref:
            yield from self._names.named(above, data.get("name"))
        via = notes.get(f"gyebo:said-of:{ref}")
        note = note_of({"gyebo:said-of": via} if via else {})
        yield from self._edge(part, TRAINED_ON, above, "modelCard datasets", note)

    def _inline(self, data: Json) -> DocumentPart:
        url = _text(_object(data, "contents"), "url")
        name = _text(data, "name")
        ref = _text(data, "bom-ref") or name
        return DocumentPart(self._names.part("dataset", "", [url], name or url), ref)


def _kind(component: Json) -> str:
    """The kind of a component, "" of software; a Gyebo document says it where the type cannot."""
    named = _properties(component)
    known = named.get("gyebo:kind") or kind_of(named.get("gyebo:ref", ""))
    return _KINDS.get(_text(component, "type"), "product" if known == "product" else "")


def _addresses(component: Json) -> list[str]:
    links = (
        _text(r, "url")
        for r in _list(component, "externalReferences")
        if isinstance(r, dict) and r.get("type") in ("distribution", "model-card", "website")
    )
    urls = (
        _text(_object(d, "contents"), "url")
        for d in _list(component, "data")
        if isinstance(d, dict)
    )
    return [_text(component, "purl"), *links, *urls]


def _declared(component: Json) -> Iterator[str]:
    """The licenses that are declared, or of which nothing says that they are concluded."""
    for entry in _list(component, "licenses"):
        license = _object(entry, "license") if isinstance(entry, dict) else {}
        said = license or (entry if isinstance(entry, dict) else {})
        if said.get("acknowledgement") != "concluded":
            known = _properties(license).get("gyebo:license")
            yield (
                known or _text(license, "id") or _text(license, "name") or _text(said, "expression")
            )


def _ancestors(component: Json) -> list[Any]:
    return _list(_object(component, "pedigree"), "ancestors")


def _properties(thing: Json) -> dict[str, str]:
    return {p["name"]: p["value"] for p in reversed(_named(thing))}


def _named(thing: Json) -> list[dict[str, str]]:
    return [
        p
        for p in _list(thing, "properties")
        if isinstance(p, dict)
        and isinstance(p.get("name"), str)
        and isinstance(p.get("value"), str)
    ]


def _object(thing: Json, field: str) -> Json:
    found = thing.get(field)
    return found if isinstance(found, dict) else {}


def _list(thing: Json, field: str) -> list[Any]:
    found = thing.get(field)
    return found if isinstance(found, list) else []


def _text(thing: Json, field: str) -> str:
    found = thing.get(field)
    return found if isinstance(found, str) else ""
