"""The names of the entities that stand around one, as its search document takes them.

A document holds the names of its parents, makers and families, and a few bases are the parents of thousands. So
of each neighbor only the names are read, by its line in the release, and the latest are remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from kg.build._copies import hub_names
from kg.model.claim import Value, slug_of
from kg.model.vocabulary import DEVELOPER, IN_FAMILY
from kg.snapshot.snapshot import Snapshot

_REMEMBERED = 100_000  # neighbors


class Neighbors:
    """Finds the names of entities by their ids and numbers; what nothing describes has none."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._called = lru_cache(_REMEMBERED)(self._read_names)
        self.shared = lru_cache(_REMEMBERED)(self._shared)
        self.above = lru_cache(_REMEMBERED)(self._above)

    def names(self, ids: Iterable[Value]) -> list[str]:
        """Every name of some entities."""
        return [name for id in ids if id for name in self._called(str(id))]

    def values(self, ids: Iterable[Value]) -> dict[str, Sequence[str]]:
        """Entities as the values of a filter, each with what it goes by."""
        return {str(id): (slug_of(str(id)), *self._called(str(id))) for id in ids if id is not None}

    def _read_names(self, id: str) -> tuple[str, ...]:
        number = self._snapshot.lines.find(id)
        if number is None:
            return ()
        labels = self._snapshot.named(number).labels
        return tuple(name for names in labels.values() for name in names)

    def _above(self, number: int) -> tuple[str, Sequence[str]]:
        """An ancestor as the value of a filter, with what it goes by."""
        id = self._snapshot.id_at(number)
        return id, (slug_of(id), *self._called(id))

    def _shared(self, number: int) -> tuple[str, Sequence[str]]:
        """The id of an original, and what it is called, by itself and by its families and makers."""
        original = self._snapshot.entity_at(number)
        around = (original.id, *original.values(IN_FAMILY), *original.values(DEVELOPER))
        return original.id, (*self.names(around), *hub_names(original))
