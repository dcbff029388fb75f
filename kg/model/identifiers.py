"""What programs call an entity: its paths on the hubs of models, and its names in APIs."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg.model.claim import Value, slug_of
from kg.model.vocabulary import API_NAME, HUB_ID, MODELSCOPE_ID

HUBS = ("hf", "ms")  # how the slugs of ids begin that are paths on a hub
_PROPERTIES = (HUB_ID, MODELSCOPE_ID, API_NAME)


def identifiers(
    id: str, values_of: Callable[[str], Iterable[Value] | None], former: Iterable[str] = ()
) -> list[str]:
    """Every path and API name of an entity.

    Args:
        id: of the entity.
        values_of: gives what holds of it by the name of a property; None or nothing where nothing does.
        former: ids that lead to it, of which those that are paths count.
    """
    paths = [path for own in (id, *former) if (path := hub_path(own))]
    said = [str(value) for name in _PROPERTIES for value in values_of(name) or () if value]
    return list(dict.fromkeys([*paths, *said]))


def hub_path(id: str) -> str:
    """The path on a hub that an id is made of; "" if it is none.

    >>> hub_path("model/hf/Qwen/Qwen3-8B"), hub_path("model/alpaca-7b")
    ('Qwen/Qwen3-8B', '')
    """
    hub, _, path = slug_of(id).partition("/")
    return path if hub in HUBS else ""
