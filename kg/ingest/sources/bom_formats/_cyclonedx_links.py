"""How the components of a CycloneDX document come from each other.

A pedigree says it: ancestors and descendants. Variants are related in a way that is not told, a model within a model
may be a part of its weights, and a dependency of a model on a model may be any use of it: none of these is a parent,
and none is left out. Unless the document tells
elsewhere how the two are related, they make what is concluded of the model doubtful; so does a composition that
says that dependencies are incomplete.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain

from kg.ingest.kit.kit import Found
from kg.ingest.sources.bom_formats._cyclonedx_parts import (
    ComponentParts,
    ancestor_kind,
    evidence_of,
    named_values,
    properties,
)
from kg.ingest.sources.bom_formats._identity import hub_id
from kg.ingest.sources.bom_formats._json import Json, list_at, object_at, objects_at, text_at
from kg.ingest.sources.bom_formats._parts import (
    DATA_DERIVED,
    DERIVED,
    DocumentNames,
    DocumentPart,
    note_of,
    relation_of,
)
from kg.model.claim import Claim, kind_of, slug_of
from kg.model.vocabulary import hub_relations

_UNRESOLVED = "gyebo:unresolved-parent:"
_BASES = ("basemodel", "basemodels", "basemodelid", "basemodelnameorpath", "parentmodel")
_RELATIONS = ("relation", "basemodelrelation")
_TAG = "base_model:"
# What generators say beside the Hub's own words for how a model derives from its base.
_WORDS = {
    "finetuned": "finetune",
    "fine-tuned": "finetune",
    "merged": "merge",
    "adapters": "adapter",
    "quantised": "quantized",
}


class ComponentLinks:
    """How the parts of one document come from each other.

    Args:
        document: the parsed document.
        parts: its models and data sets.
        names: makes the claims.
    """

    def __init__(self, document: Json, parts: ComponentParts, names: DocumentNames) -> None:
        self._document, self._parts, self._names = document, parts, names
        self._by_ref = {
            ref: one.component
            for one in reversed(parts.components)
            if (ref := text_at(one.component, "bom-ref"))
        }

    def pedigree(self, component: Json, part: DocumentPart) -> Iterator[Found]:
        """What a component says that it comes from, and what comes from it."""
        pedigree = object_at(component, "pedigree")
        for other in objects_at(pedigree, "ancestors"):
            yield from self._above(part, other, "pedigree")
        for other in objects_at(pedigree, "descendants"):
            if below := self._parts.of(other):
                yield from self._derived(below, part, properties(other), "pedigree of the parent")
        yield from self._said_by_tools(component, part)
        for other in objects_at(pedigree, "variants"):
            if (beside := self._parts.of(other)) and kind_of(part.id) != "family":
                how = "is a variant of another"
                yield from self._names.leaning(part, beside, "pedigree", how)
        for other in objects_at(component, "components"):
            if (within := self._parts.of(other)) and kind_of(part.id) != "family":
                yield from self._names.leaning(part, within, "components", "contains another")
        yield from self._untold(pedigree, part)

    def _untold(self, pedigree: Json, part: DocumentPart) -> Iterator[Found]:
        """What a pedigree says of ancestors in words, or not in the form of CycloneDX."""
        listed, notes = pedigree.get("ancestors"), text_at(pedigree, "notes")
        unread = (
            listed
            if not isinstance(listed, list)
            else [x for x in listed if not isinstance(x, dict)]
        )
        if unread:
            message = "its pedigree holds an ancestor that cannot be read"
            yield from self._names.unclear(part, "bom-unresolved", "pedigree", message)
        elif not listed and not self._names.is_nothing(notes):
            message = "its pedigree names no ancestor and is told in words"
            yield from self._names.unclear(part, "bom-unresolved", "pedigree", message, notes[:200])

    def _above(self, part: DocumentPart, other: Json, where: str) -> Iterator[Found]:
        above = self._parts.of(other)
        if above:
            yield from self._derived(part, above, properties(other), where)
        elif ancestor_kind(other):
            [(above, _)] = self._names.parts([evidence_of(other, "model")])
            yield from self._derived(part, above, properties(other), where)
        else:
            name = text_at(other, "name")
            message = "descends from what is no model and no data set"
            yield from self._names.unclear(part, "bom-unresolved", where, message, name)

    def _derived(
        self, part: DocumentPart, above: DocumentPart, named: dict[str, str], where: str
    ) -> Iterator[Found]:
        kinds = kind_of(part.id), kind_of(above.id)
        data = [kind == "dataset" for kind in kinds]
        default = "" if data[0] != data[1] else DATA_DERIVED if data[0] else DERIVED
        if relation := relation_of(named, part.id, default):
            yield self._names.edge(part, relation, above, where, note_of(named))
        else:
            yield from self._names.leaning(
                part, above, where, "descends from a thing of another kind"
            )

    # ---- what generators write into properties and tags

    def _said_by_tools(self, component: Json, part: DocumentPart) -> Iterator[Found]:
        own = slug_of(part.id).removeprefix("hf/")
        if kind_of(part.id) != "model":
            return
        yield from self._unresolved(component, part)
        said = _tool_values(component)
        relation = _relation(next((v for k, v in said if k in _RELATIONS), ""))
        texts = [text for key, value in said if key in _BASES for text in _several(value)]
        for number, text in enumerate(texts, 1):
            place = (number, len(texts))
            where = f"{part.ref} properties"
            yield from self._told(
                self._names.kit.derive(part.id, relation, text, where, own=own, place=place)
            )
        for relation, text in _tagged(component):
            where = f"{part.ref} tags"
            yield from self._told(self._names.kit.derive(part.id, relation, text, where, own=own))

    def _told(self, found: Iterator[Found]) -> Iterator[Found]:
        for one in found:
            if isinstance(one, Claim) and isinstance(one.said.value, str):
                self._names.edges.add((one.subject, one.said.value))
            yield one

    def _unresolved(self, component: Json, part: DocumentPart) -> Iterator[Found]:
        """The parents that a Gyebo document says nothing can find."""
        for name, value in named_values(component):
            if name.startswith(_UNRESOLVED):
                relation = name.removeprefix(_UNRESOLVED)
                yield from self._names.not_found(part, relation, value)

    # ---- what stands beside the components

    def dependencies(self) -> Iterator[Found]:
        """What depends on what, where nothing else was said of the two."""
        for one in objects_at(self._document, "dependencies"):
            part = self._parts.by_ref.get(text_at(one, "ref"))
            for ref in list_at(one, "dependsOn") if part else ():
                above = self._parts.by_ref.get(ref) if isinstance(ref, str) else None
                if part and above:
                    yield from self._dependency(part, above, ref)
                elif (
                    part
                    and isinstance(ref, str)
                    and hub_id("model", ref)
                    and ref not in self._parts.refs
                ):
                    message = "depends on a model that the document does not describe"
                    yield from self._names.unclear(
                        part, "bom-unresolved", "dependencies", message, ref
                    )

    def _dependency(self, part: DocumentPart, above: DocumentPart, ref: str) -> Iterator[Found]:
        """A dependency of a model; it is a derivation where the generator says of what sort."""
        component = self._by_ref.get(ref, {})
        said = next((v for k, v in _tool_values(component) if k == "relation"), "")
        models = kind_of(part.id) == kind_of(above.id) == "model"
        if said and models and (part.id, above.id) not in self._names.edges:
            yield self._names.edge(
                part, _relation(said), above, "dependencies", f"relation: {said}"
            )
        else:
            yield from self._names.leaning(part, above, "dependencies", "depends on another")

    def compositions(self) -> Iterator[Found]:
        """What the document says is incomplete."""
        for one in objects_at(self._document, "compositions"):
            aggregate = text_at(one, "aggregate")
            if not aggregate.startswith("incomplete"):
                continue
            for field in ("assemblies", "dependencies"):
                for ref in list_at(one, field):
                    if isinstance(ref, str) and (part := self._parts.by_ref.get(ref)):
                        yield from self._incomplete(part, field, aggregate, ref)

    def _incomplete(
        self, part: DocumentPart, field: str, aggregate: str, ref: str
    ) -> Iterator[Found]:
        message = f"the document says that its {field} are not all told"
        known = any(n.startswith(_UNRESOLVED) for n in properties(self._by_ref.get(ref, {})))
        if field == "dependencies" and not known:
            yield from self._names.unclear(
                part, "bom-incomplete", "compositions", message, aggregate
            )
        elif not known:
            yield self._names.issue("bom-incomplete", part, message, aggregate)


def _tool_values(component: Json) -> list[tuple[str, str]]:
    """Properties of a component and its model card by the last word of their names."""
    card = object_at(component, "modelCard")
    places = (component, card, object_at(card, "modelParameters"))
    found = chain.from_iterable(map(named_values, places))
    return [
        (re.sub(r"[_-]", "", re.split(r"[:.]", name)[-1]).casefold(), value)
        for name, value in found
        if not name.startswith("gyebo:")
    ]


def _relation(word: str) -> str:
    """How a model derives, by a word of the Hub or of a generator.

    >>> _relation("Adapter"), _relation("finetuned"), _relation("pruned")
    ('adapterOf', 'fineTunedFrom', 'derivedFrom')
    """
    word = word.strip().casefold()
    return hub_relations().get(_WORDS.get(word, word), DERIVED)


def _several(value: str) -> list[object]:
    """The names in a property: one, or a list written as JSON."""
    if value.lstrip().startswith("["):
        try:
            found = json.loads(value)
        except ValueError:
            return [value]
        return found if isinstance(found, list) else [value]
    return [value] if value.strip() else []


def _tagged(component: Json) -> list[tuple[str, str]]:
    """The bases that tags of the Hub name: with how the model derives, where any tag says so."""
    tags = [tag for tag in list_at(component, "tags") if isinstance(tag, str)]
    for key, value in _tool_values(component):
        tags += re.split(r"[,\s]+", value) if key == "tags" else []
    bases = [tag.strip().removeprefix(_TAG) for tag in tags if tag.strip().startswith(_TAG)]
    parted = [(relation, name) for base in bases for relation, _, name in [base.partition(":")]]
    found = {name: _relation(relation) for relation, name in parted if name}
    return [(relation, name) for name, relation in found.items()] or [(DERIVED, b) for b in bases]
