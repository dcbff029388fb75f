"""Three generations: what a model comes from, itself, and what comes from it, with the data it learned from.

For a first look; the whole family is that of kg/answers/tree/tree.py. Of many children those with the most descendants
come first, then the newest.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from kg.answers.tree.neighbors import Graph
from kg.answers.tree.tree import FAMILY, kind_without_parent
from kg.lineage.adjacency import Ints
from kg.lineage.graph import Edge
from kg.model.claim import Entity, label_lang, main_label
from kg.model.dating import known_date
from kg.model.vocabulary import DEVELOPER, IN_FAMILY
from kg.snapshot.snapshot import Snapshot

_WRITTEN = "generatedWith"


class Relative(msgspec.Struct, frozen=True, kw_only=True):
    """A model, family or data set in a small tree."""

    id: str
    label: str
    lang: str  # of the label
    kind: str  # base, family, or the relation by which it or the model derives
    org: str = ""  # first developer
    date: str = ""  # YYYY, YYYY-MM or YYYY-MM-DD


class TaughtBy(msgspec.Struct, frozen=True, kw_only=True):
    """Data that the model was made with, and what wrote its text."""

    data: Relative
    writers: tuple[Relative, ...]


class Kin(msgspec.Struct, frozen=True, kw_only=True):
    """Three generations, each as far as it is shown and how many more there are."""

    here: Relative
    parents: tuple[Relative, ...]
    more_parents: int
    children: tuple[Relative, ...]
    more_children: int
    data: tuple[TaughtBy, ...]
    more_data: int

    @property
    def alone(self) -> bool:
        """Whether there is nothing to show beside the model."""
        return not (self.parents or self.children or self.data)


def find_kin(
    snapshot: Snapshot, id: str, lang: str = "en", most: tuple[int, int, int] = (3, 4, 2)
) -> Kin:
    """The parents, children and data of a model.

    Args:
        snapshot: an open snapshot.
        id: a canonical id.
        lang: language of the labels.
        most: parents, children and data sets to show.

    Raises:
        UnknownId: there is no such entity.
    """
    return _Finder(snapshot, lang).find(snapshot.number(id), most)


class _Finder:
    """Finds and names the kin of one model."""

    def __init__(self, snapshot: Snapshot, lang: str) -> None:
        self._snapshot, self._lang, self._graph = snapshot, lang, Graph(snapshot)
        self._lineage = snapshot.lineage

    def find(self, start: int, most: tuple[int, int, int]) -> Kin:
        """The kin of a model, by its number."""
        parents = sorted(self._graph.parents(start), key=self._graph.rank)
        children = self._graph.children(np.array([start], np.int64))
        children = children[children != start]
        taught = self._taught_by(start)
        shown = self._first(children, most[1])
        kind = parents[0].relation if parents and parents[0].relation != IN_FAMILY else ""
        return Kin(
            here=self._name(start, kind or kind_without_parent(self._snapshot.entity_at(start))),
            parents=tuple(self._name(edge.parent, self._kind(edge)) for edge in parents[: most[0]]),
            more_parents=max(0, len(parents) - most[0]),
            children=tuple(self._name(child, self._relation(child, start)) for child in shown),
            more_children=len(children) - len(shown),
            data=tuple(map(self._data, taught[: most[2]])),
            more_data=max(0, len(taught) - most[2]),
        )

    def _first(self, children: Ints, most: int) -> list[int]:
        """The children with the most descendants, of those the newest."""
        below = self._lineage.descendant_counts(children)
        dates = self._lineage.dates[children]
        found: list[int] = children[np.lexsort((children, -dates, -below))][:most].tolist()
        return found

    def _kind(self, edge: Edge) -> str:
        """What a parent is drawn as: a family, or what it is to its own parents."""
        if self._graph.is_family(edge.parent):
            return FAMILY
        above = next(iter(self._graph.derivations(edge.parent)), None)
        return (
            above.relation if above else kind_without_parent(self._snapshot.entity_at(edge.parent))
        )

    def _relation(self, child: int, parent: int) -> str:
        """How a child derives from the model."""
        edges = self._lineage.parents(child, frozenset(self._graph.ranked))
        own = [edge for edge in edges if edge.parent == parent]
        return min(own, key=self._graph.rank).relation if own else ""

    def _taught_by(self, number: int) -> list[Edge]:
        """The edges to data sets, one to each."""
        data = self._snapshot.vocabulary.edges("data") - {_WRITTEN}
        edges = self._lineage.parents(number, data)
        return [*{edge.parent: edge for edge in edges}.values()]

    def _data(self, edge: Edge) -> TaughtBy:
        writers = self._lineage.parents(edge.parent, {_WRITTEN})
        named = tuple(self._name(by.parent, _WRITTEN) for by in writers)
        return TaughtBy(data=self._name(edge.parent, edge.relation), writers=named[:1])

    def _name(self, number: int, kind: str) -> Relative:
        entity = self._snapshot.entity_at(number)
        return Relative(
            id=entity.id,
            label=main_label(entity, self._lang),
            lang=label_lang(entity, self._lang),
            kind=kind,
            org=next(self._makers(entity), ""),
            date=known_date(entity),
        )

    def _makers(self, entity: Entity) -> Iterator[str]:
        for maker in entity.values(DEVELOPER):
            if maker is not None:
                yield self._snapshot.label(str(maker), self._lang)
