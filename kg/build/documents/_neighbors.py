"""What stands around an entity, as its search document takes it: the names of those it names, and all it comes from.

A document holds the names of its parents, makers and families, and a few bases are the parents of thousands. So
of each neighbor only the names are read, by its line in the release, and the latest are remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from kg.build.documents._copies import hub_names
from kg.model.claim import Value, slug_of
from kg.model.vocabulary import DEVELOPER, HUB_ID, IN_FAMILY
from kg.snapshot.snapshot import Snapshot

_REMEMBERED = 100_000  # neighbors
_BRANCHES = 20_000  # parents whose ancestors are remembered
Named = tuple[str, ...]  # a value of a filter, and what it goes by


class _Branch(NamedTuple):
    """A parent and all it comes from."""

    numbers: frozenset[int]
    values: tuple[Named, ...]  # of the filter by descent


class Neighbors:
    """Finds the names of entities by their ids and numbers; what nothing describes has none.

    Args:
        snapshot: the entities.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._near: Sequence[int] = ()
        self.called = lru_cache(_REMEMBERED)(self._read_names)
        self.value = lru_cache(_REMEMBERED)(self._value)
        self.shared = lru_cache(_REMEMBERED)(self._shared)
        self._above = lru_cache(_REMEMBERED)(self._name_above)
        self._branch = lru_cache(_BRANCHES)(self._find_branch)
        self._codes = snapshot.lineage.codes(snapshot.lineage.weights).tolist()

    def groups(self, ids: Iterable[Value]) -> list[Named]:
        """Every name of some entities, those of each together."""
        return [names for id in ids if id and (names := self.called(str(id)))]

    def values(self, ids: Iterable[Value]) -> list[Named]:
        """Entities as the values of a filter."""
        return [self.value(str(id)) for id in ids if id is not None]

    def ancestors(
        self, number: int, parents: Sequence[int], codes: Sequence[int]
    ) -> Sequence[Named]:
        """All that a model or family comes from, as values of a filter.

        That is what its parents are and come from, which models with the same parent share; but not where it is its
        own ancestor, or names a whole family as its parent.

        Args:
            number: of the model or family.
            parents: what it names in the lineage.
            codes: of the relations by which.
        """
        families = self._snapshot.families
        carried = [p for p, code in zip(parents, codes, strict=True) if self._codes[code]]
        if not families.is_family(number) and not any(map(families.is_family, carried)):
            branches = [self._branch(parent) for parent in carried]
            if not any(number in branch.numbers for branch in branches):
                if len(branches) == 1:
                    return branches[0].values
                return list(dict.fromkeys(v for branch in branches for v in branch.values))
        reach = families.ancestors(number)
        return [self._above(at) for at in (*reach.models, *reach.families)]

    def _find_branch(self, parent: int) -> _Branch:
        families = self._snapshot.families
        reach = families.ancestors(parent)
        numbers = (parent, *reach.models, *reach.families, *families.of(parent))
        found = dict.fromkeys(numbers)
        return _Branch(frozenset(found), tuple(map(self._above, found)))

    def meet(self, parents: Sequence[int]) -> None:
        """Say which entities are about to be named, so that they need not be looked for among all."""
        self._near = parents

    def _read_names(self, id: str) -> Named:
        number = next((near for near in self._near if self._snapshot.id_at(near) == id), None)
        if number is None:
            number = self._snapshot.lines.find(id)
        if number is None:
            return ()
        labels = self._snapshot.named(number).labels
        return tuple(name for names in labels.values() for name in names)

    def _value(self, id: str) -> Named:
        return (id, slug_of(id), *self.called(id))

    def _name_above(self, number: int) -> Named:
        """An ancestor as the value of a filter."""
        id = self._snapshot.id_at(number)
        return self._value(id)

    def _shared(self, number: int) -> tuple[str, Sequence[str]]:
        """The id of an original, and what it is called, by itself and by its families and makers."""
        original = self._snapshot.entity_at(number)
        around = (original.id, *original.values(IN_FAMILY), *original.values(DEVELOPER))
        names = [name for group in self.groups(around) for name in group]
        return original.id, (*names, *hub_names(original.id, original.values(HUB_ID)))
