"""What points at an entity, for its RDF forms: page by page, because a hub has a million of them.

The store never changes under a snapshot and is read in the order of its index, so the pages need no
sorting: together they hold each triple once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.model.iri import iri
from kg.model.vocabulary import RDF
from web.app.context import snapshot
from web.app.graph import ask

MOST = 500  # incoming triples on a page
HYDRA = "http://www.w3.org/ns/hydra/core#"


class Part(NamedTuple):
    """One page of what points at an entity."""

    node: str  # IRI of the entity
    number: int  # from 1
    found: list[tuple[str, str]]  # IRIs of subject and property
    more: bool

    def lines(self) -> Iterator[str]:
        """The page as N-Quads, with the links to its neighbours if there are several."""
        yield from (f"<{s}> <{p}> <{self.node}> .\n" for s, p in self.found)
        if self.number > 1 or self.more:
            view = f"<{self._page(self.number)}>"
            yield f"{view} <{RDF}type> <{HYDRA}PartialCollectionView> .\n"
            for relation, number in self.neighbours():
                yield f"{view} <{HYDRA}{_TERMS[relation]}> <{self._page(number)}> .\n"

    def neighbours(self) -> Iterator[tuple[str, int]]:
        """Link relations and page numbers, if there are several pages."""
        if self.number > 1 or self.more:
            yield "first", 1
        if self.number > 1:
            yield "prev", self.number - 1
        if self.more:
            yield "next", self.number + 1

    def _page(self, number: int) -> str:
        return f"{self.node}?page={number}"


_TERMS = {"first": "first", "prev": "previous", "next": "next"}


def part(id: str, number: int) -> Part:
    """A page of the triples of the default graph that point at an entity.

    Raises:
        QueryFailed: they cannot be found out now.
    """
    node = iri(snapshot().manifest.base, id)
    start = (number - 1) * MOST
    found = ask(f"SELECT ?s ?p {{ ?s ?p <{node}> }} OFFSET {start} LIMIT {MOST + 1}")
    pairs = [(row["s"]["value"], row["p"]["value"]) for row in found]
    return Part(node, number, pairs[:MOST], len(pairs) > MOST)
