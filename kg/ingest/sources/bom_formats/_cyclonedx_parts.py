"""The components of a CycloneDX document that are models and data sets, each by what identifies it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from kg.errors import DataError
from kg.ingest.sources.bom_formats._data import DATASET, is_dataset
from kg.ingest.sources.bom_formats._identity import PartEvidence, PartIdentity, hub_id
from kg.ingest.sources.bom_formats._json import Json, list_at, object_at, objects_at, text_at
from kg.ingest.sources.bom_formats._parts import DEEPEST, DocumentNames, DocumentPart
from kg.messages.message import Message
from kg.model.claim import kind_of

BESIDE = ("ancestors", "descendants", "variants")  # lists of components in a pedigree
_PLACES = ("distribution", "vcs", "model-card")  # references to where a thing lies
_PAGES = ("website",)


class NamedComponent(NamedTuple):
    """A component that is a model or a data set."""

    component: Json
    part: DocumentPart
    identity: PartIdentity


class ComponentParts:
    """The models and data sets of a document: components, and data told within model cards.

    Args:
        document: the parsed document.
        names: names them.

    Raises:
        DataError: components nest too deeply.
    """

    def __init__(self, document: Json, names: DocumentNames) -> None:
        metadata = object_at(document, "metadata")
        root = metadata.get("component")
        top = [*([root] if root else []), *list_at(document, "components")]
        self.software = 0
        self._kinds: dict[int, str] = {}
        components = list(_all_components(top, names.name))
        self.refs = {text_at(one, "bom-ref") for one in components}
        told = [one for one in components if self._enter(one, names)]
        inline = [data for one in told for data in inline_data(one)]
        evidence = [evidence_of(one, self._kinds[id(one)]) for one in told]
        evidence += [_inline_evidence(data) for data in inline]
        parts = names.parts(evidence)
        found = zip([*told, *inline], parts, strict=True)
        self.all = [NamedComponent(one, part, identity) for one, (part, identity) in found]
        self.components = self.all[: len(told)]
        self._by_object = {id(one.component): one.part for one in self.all}
        self.by_ref: dict[str, DocumentPart] = {}
        for one in self.components:
            self._refer(one)

    def of(self, component: Json) -> DocumentPart | None:
        """What a component, or data within a model card, is; None of software."""
        return self._by_object.get(id(component))

    def _enter(self, component: Json, names: DocumentNames) -> bool:
        kind = _kind(component, names.kit.words)
        self._kinds[id(component)] = kind
        self.software += not kind
        return bool(kind)

    def _refer(self, one: NamedComponent) -> None:
        entries = objects_at(one.component, "data") if one.component.get("type") == "data" else []
        for thing in (one.component, *entries):
            if ref := text_at(thing, "bom-ref"):
                self.by_ref.setdefault(ref, one.part)


def _all_components(top: list[Any], name: str) -> Iterator[Json]:
    """Every component, those within others and those beside them in a pedigree too."""
    ahead = [(one, 0) for one in reversed(top)]
    while ahead:
        one, depth = ahead.pop()
        if depth > DEEPEST:
            raise DataError(Message("components nest deeper than %(most)s", most=DEEPEST), name)
        if isinstance(one, dict):
            yield one
            pedigree = object_at(one, "pedigree")
            within = [
                *list_at(one, "components"),
                *(c for b in BESIDE for c in list_at(pedigree, b)),
            ]
            ahead += [(inner, depth + 1) for inner in reversed(within)]


def inline_data(component: Json) -> Iterator[Json]:
    """The data sets told within a model card, not by reference."""
    card = object_at(object_at(component, "modelCard"), "modelParameters")
    for data in objects_at(card, "datasets"):
        if not text_at(data, "ref") and text_at(data, "type") in ("", DATASET):
            yield data


def properties(thing: Json) -> dict[str, str]:
    """The properties of a thing, the first of a name."""
    return dict(reversed(named_values(thing)))


def named_values(thing: Json) -> list[tuple[str, str]]:
    """The properties of a thing, all of them."""
    return [
        (one["name"], one["value"])
        for one in objects_at(thing, "properties")
        if isinstance(one.get("name"), str) and isinstance(one.get("value"), str)
    ]


def _kind(component: Json, words: Mapping[str, str]) -> str:
    """The kind of a component, "" of software; a Gyebo document says it where the type cannot."""
    named = properties(component)
    known = named.get("gyebo:kind") or kind_of(named.get("gyebo:ref", ""))
    match text_at(component, "type"):
        case "machine-learning-model":
            return "model"
        case "data":
            return "dataset" if known == "dataset" or is_dataset(component, words) else ""
    return "product" if known == "product" else ""


def ancestor_kind(component: Json) -> str:
    """The kind of what a model descends from and that is filed as software: a model if the Hub has it."""
    evidence = evidence_of(component, "model")
    named = (*evidence.purls, *evidence.places, *evidence.pages)
    return "model" if any(hub_id("model", text) for text in named) else ""


def evidence_of(component: Json, kind: str) -> PartEvidence:
    """What tells a component from others."""
    named = properties(component)
    version, group = text_at(component, "version"), text_at(component, "group")
    name = text_at(component, "name")
    full = f"{name}@{version}" if version else name
    data = objects_at(component, "data") if kind == "dataset" else []
    return PartEvidence(
        kind=kind,
        ref=named.get("gyebo:ref") or text_at(component, "bom-ref"),
        called=name,
        name=f"{group}/{full}" if group else full,
        known=named.get("gyebo:id", ""),
        purls=tuple(filter(None, [text_at(component, "purl")])),
        places=(
            *_references(component, _PLACES),
            *(text_at(object_at(d, "contents"), "url") for d in data),
        ),
        pages=tuple(_references(component, _PAGES)),
        hashes=tuple(_hashes(component)),
    )


def _inline_evidence(data: Json) -> PartEvidence:
    url = text_at(object_at(data, "contents"), "url") or text_at(data, "url")
    name = text_at(data, "name")
    return PartEvidence(
        kind="dataset",
        ref=text_at(data, "bom-ref"),
        called=name,
        name=name or url,
        places=(url,),
    )


def _references(component: Json, types: Iterable[str]) -> Iterator[str]:
    for type in types:
        for one in objects_at(component, "externalReferences"):
            if one.get("type") == type and (url := text_at(one, "url")):
                yield url


def _hashes(component: Json) -> Iterator[str]:
    for one in objects_at(component, "hashes"):
        if text_at(one, "alg") not in ("MD5", "") and (content := text_at(one, "content")):
            yield f"{text_at(one, 'alg')}:{content.casefold()}"
