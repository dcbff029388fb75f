"""What search engines read in a page: the thing it is about in the words of schema.org.

Which word stands for which of ours is said in ontology/kg.ttl, by rdfs:subClassOf and
rdfs:subPropertyOf; what has no word there is left out. Lists are cut: a page is not an export.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.export.describing.dataset import CC0
from kg.model.claim import Entity, Fact, kind_of, main_label
from kg.model.iri import iri
from kg.model.vocabulary import SCHEMA, EntityKind, Property
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang

CONTEXT = "https://schema.org"
MOST = 50  # values of one property


def thing(snapshot: Snapshot, entity: Entity) -> dict[str, Any]:
    """An entity as JSON-LD."""
    names = [name for names in entity.labels.values() for name in names]
    name = main_label(entity, lang())
    known = _node(snapshot, entity.id)
    others = [n for n in dict.fromkeys(names) if n != name]
    found = {"@context": CONTEXT, **known, "url": known["@id"]}
    if others:
        found["alternateName"] = others[:MOST]
    for word, values in _values(snapshot, entity).items():
        found.setdefault(word, values[0] if len(values) == 1 else values[:MOST])
    return found


def _values(snapshot: Snapshot, entity: Entity) -> dict[str, list[Any]]:
    """Resolved values by schema.org's word for their property, each once."""
    found: dict[str, list[Any]] = {}
    for fact in entity.facts:
        known = snapshot.vocabulary.properties[fact.property]
        for term in snapshot.vocabulary.maps(fact.property):
            if term.startswith(SCHEMA):
                values = found.setdefault(term.removeprefix(SCHEMA), [])
                values += [v for v in _texts(snapshot, known, fact) if v not in values]
    return {word: values for word, values in found.items() if values}


def _texts(snapshot: Snapshot, known: Property, fact: Fact) -> list[Any]:
    if known.type == "entity":
        return [_node(snapshot, str(value)) for value in fact.values]
    if known.type == "text":  # one language is enough for a page
        said = [c for c in fact.claims if c.rank != "rejected"]
        best = min(said, key=lambda c: c.lang != lang(), default=None)
        return [best.value] if best else []
    return list(fact.values)


def _node(snapshot: Snapshot, id: str) -> dict[str, Any]:
    kind = snapshot.vocabulary.kinds[kind_of(id)]
    return {
        "@type": type_of(kind),
        "@id": iri(snapshot.manifest.base, id),
        "name": snapshot.label(id, lang()),
    }


def type_of(kind: EntityKind) -> str:
    """schema.org's word for a kind."""
    return next((m.removeprefix(SCHEMA) for m in kind.term.maps if m.startswith(SCHEMA)), "Thing")


def release(
    snapshot: Snapshot, about: Mapping[str, str], titles: Mapping[str, str]
) -> dict[str, Any]:
    """The data set as JSON-LD, as its catalogs want it.

    Args:
        snapshot: what is served.
        about: name and description.
        titles: what each file holds.
    """
    base, manifest = snapshot.manifest.base, snapshot.manifest
    files = [
        {
            "@type": "DataDownload",
            "name": name,
            "description": titles.get(name, name),
            "contentUrl": f"{base}data/{name}",
            "sha256": known.sha256,
            "contentSize": f"{known.bytes} B",
        }
        for name, known in manifest.files.items()
    ]
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": f"{base}data#dataset",
        **about,
        "url": f"{base}data",
        "license": CC0,
        "version": manifest.version,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "Gyebo", "url": base},
        "distribution": files,
    }
