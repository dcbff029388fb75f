"""What points at an entity, for its RDF forms: page by page, because a hub has a million of them.

The store never changes under a snapshot and is read in the order of its index, so the pages need no
sorting: together they hold each triple once.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from flask import Response

from kg.export.formats import Exporter
from kg.export.quads import Writer
from kg.files.lines import line_file
from kg.messages.message import Message
from kg.model.vocabulary import RDF
from web.app.graph import ask
from web.app.i18n import Refusal
from web.app.params import whole_number
from web.app.proxy import path_here
from web.app.representations import SAFE, link, rdf_response
from web.ui.sections import Subject

MOST = 500  # incoming triples on a page
_PAGES = 1_000_000
HYDRA = "http://www.w3.org/ns/hydra/core#"


class IncomingPage(NamedTuple):
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


def incoming_part(node: str, number: int) -> IncomingPage:
    """A page of the triples of the default graph that point at an entity, by its IRI.

    Raises:
        QueryFailed: they cannot be found out now.
    """
    start = (number - 1) * MOST
    found = ask(f"SELECT ?s ?p {{ ?s ?p <{node}> }} OFFSET {start} LIMIT {MOST + 1}")
    pairs = [(row["s"]["value"], row["p"]["value"]) for row in found]
    return IncomingPage(node, number, pairs[:MOST], len(pairs) > MOST)


def rdf_answer(subject: Subject, format: str) -> Response:
    """What is said of an entity in a format of RDF, and a page of what points at it."""
    held = subject.snapshot
    number = whole_number("page", 1, 1, _PAGES)
    part = incoming_part(subject.iri, number or 1)
    if part.number > 1 and not part.found:
        raise Refusal(
            404,
            Message(
                "%(id)s has no page %(number)s; begin without ?page=",
                id=subject.id,
                number=part.number,
            ),
        )
    known = [subject.entity] if part.number == 1 else []
    writer = Writer(held.manifest.base, held.vocabulary)
    lines = [*(line for entity in known for line in writer.lines(entity)), *part.lines()]
    out = io.BytesIO()
    Exporter(lambda: known, lambda: line_file(lines), held.vocabulary).write(format, out)
    response = rdf_response(out.getvalue(), format)
    for relation, neighbour in part.neighbours():
        link(response, relation, f"{quote(path_here(), safe=SAFE)}?page={neighbour}")
    return response
