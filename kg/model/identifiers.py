"""What programs call an entity: its paths on the hubs of models, and its names in APIs."""

from __future__ import annotations

from collections.abc import Iterable

from kg.model.claim import Entity, slug_of
from kg.model.vocabulary import API_NAME, HUB_ID, MODELSCOPE_ID

HUBS = ("hf", "ms")  # how the slugs of ids begin that are paths on a hub
_PROPERTIES = (HUB_ID, MODELSCOPE_ID, API_NAME)


def identifiers(entity: Entity, former: Iterable[str] = ()) -> list[str]:
    """Every path and API name of an entity.

    Args:
        entity: as resolved.
        former: ids that lead to it, of which those that are paths count.
    """
    paths = [path for id in (entity.id, *former) if (path := hub_path(id))]
    said = [str(value) for name in _PROPERTIES for value in entity.values(name) if value]
    return list(dict.fromkeys([*paths, *said]))


def hub_path(id: str) -> str:
    """The path on a hub that an id is made of; "" if it is none.

    >>> hub_path("model/hf/Qwen/Qwen3-8B"), hub_path("model/alpaca-7b")
    ('Qwen/Qwen3-8B', '')
    """
    hub, _, path = slug_of(id).partition("/")
    return path if hub in HUBS else ""
