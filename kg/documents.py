"""Entities as search documents."""

from __future__ import annotations

from collections.abc import Iterable

from kg.model import Entity, Value, kind_of, slug_of
from kg.reader import Snapshot
from kg.search import SearchDoc
from kg.vocab import (
    DESCENDANT_COUNT,
    DEVELOPER,
    IN_FAMILY,
    LANGUAGE,
    LICENSE,
    PARAMETER_COUNT,
    RELEASE_DATE,
)


def document(snapshot: Snapshot, entity: Entity) -> SearchDoc:
    """What is searched of an entity: its words, and the values and numbers to filter by."""
    counted = next((f.values[0] for f in entity.inferred if f.property == DESCENDANT_COUNT), 0)
    about = [str(v) for f in entity.facts for v in f.values
             if snapshot.vocabulary.properties[f.property].type in ("text", "string")]  # fmt: skip
    return SearchDoc(
        entity.id,
        kind_of(entity.id),
        [labels[0] for labels in entity.labels.values()],
        [alias for labels in entity.labels.values() for alias in labels[1:]],
        _names(snapshot, entity.values(IN_FAMILY)),
        _names(snapshot, entity.values(DEVELOPER)),
        about,
        int(counted or 0),
        _exact(snapshot, entity),
        _numbers(entity, int(counted or 0)),
    )


def _exact(snapshot: Snapshot, entity: Entity) -> dict[str, dict[str, list[str]]]:
    """The values to filter by, each with the names it goes by."""
    kind = kind_of(entity.id)
    named = {"org": DEVELOPER, "license": LICENSE, "lang": LANGUAGE, "family": IN_FAMILY}
    exact = {field: _values(snapshot, entity.values(name)) for field, name in named.items()}
    exact["kind"] = {kind: list(snapshot.vocabulary.kinds[kind].term.labels.values())}
    derives = snapshot.vocabulary.edges("weights", "distillation")
    exact["relation"] = {f.property: [] for f in entity.facts if f.property in derives and f.values}
    if kind in ("model", "family"):
        reach = snapshot.families.above(snapshot.number(entity.id))
        above = [snapshot.id_at(n) for n in (*reach.models, *reach.families)]
        exact["descendants-of"] = _values(snapshot, above)
    return exact


def _values(snapshot: Snapshot, ids: Iterable[Value]) -> dict[str, list[str]]:
    return {str(id): [slug_of(str(id)), *_names(snapshot, [id])] for id in ids if id is not None}


def _numbers(entity: Entity, descendants: int) -> dict[str, float]:
    size = next(iter(entity.values(PARAMETER_COUNT)), None)
    date = next(iter(entity.values(RELEASE_DATE)), None)
    numbers = {"descendants": float(descendants)}
    if isinstance(size, int):
        numbers["params"] = float(size)
    if isinstance(date, str):
        numbers["released"] = float((date.replace("-", "") + "0101")[:8])
    return numbers


def _names(snapshot: Snapshot, ids: Iterable[Value]) -> list[str]:
    """Every name of some entities."""
    groups = (entity.labels.values() for entity in snapshot.those(map(str, ids)))
    return [name for labels in groups for names in labels for name in names]
