"""Parents as the Hub tells them: `baseModels`, and tags that say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.ingest.kit.kit import Found, Kit
from kg.ingest.kit.parents import is_hub_id
from kg.ingest.sources._card_parents import strings
from kg.ingest.sources._hub_names import NoteTaker
from kg.ingest.sources._hub_records import Model
from kg.model.vocabulary import hub_relations


def hub_parents(model: Model, subject: str, kit: Kit, names: NoteTaker) -> Iterator[Found]:
    """What the Hub says a model was made from, each relation once."""
    told: set[tuple[str, str]] = set()
    said = [*_base_models(model, names), *base_tags(model)]
    count = len({parent for _, parent, _ in said})
    for relation, parent, field in said:
        if (relation, parent) in told or (not relation and any(p == parent for _, p in told)):
            continue
        told.add((relation, parent))
        property = hub_relations().get(relation, "derivedFrom")
        note = (
            f"relation as written: {relation}"
            if relation and relation not in hub_relations()
            else ""
        )
        yield from kit.derive(
            subject, property, parent, field, own=model.name, note=note, place=(len(told), count)
        )


def _base_models(model: Model, names: NoteTaker) -> Iterator[tuple[str, str, str]]:
    said = model.api.get("baseModels")
    base: Mapping[str, Any] = said if isinstance(said, dict) else {}
    for one in strings(base.get("models")):
        parent = one.get("id") if isinstance(one, dict) else one
        if isinstance(one, dict) and isinstance(parent, str) and is_hub_id(parent):
            names.name(one.get("_id"), parent, listed=False)
        yield str(base.get("relation") or ""), str(parent or ""), "baseModels"


def base_tags(model: Model) -> Iterator[tuple[str, str, str]]:
    """Tags `base_model:<relation>:<id>` before `base_model:<id>`, which repeats them."""
    found = [
        tag.removeprefix("base_model:") for tag in tags_of(model) if tag.startswith("base_model:")
    ]
    pairs = [rest.split(":", 1) for rest in found]
    yield from ((p[0], p[1], "tags") for p in pairs if p[0] in hub_relations() and len(p) > 1)
    yield from (
        ("", rest, "tags")
        for rest, p in zip(found, pairs, strict=True)
        if p[0] not in hub_relations() or len(p) == 1
    )


def tags_of(model: Model) -> list[str]:
    """Tags of the Hub that are texts."""
    return [tag for tag in strings(model.api.get("tags")) if isinstance(tag, str)]
