"""What may help where a search finds nothing, first of all the search without each of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from kg.answers.contract import Suggested
from kg.answers.search import suggest
from kg.search.query import ITEM, parse
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.context import lang, snapshot
from web.app.i18n import gettext
from web.search._facets import label, title
from web.search._request import SearchRequest, address

MOST_PARTS = 10


class Wider(NamedTuple):
    """A search without one of its parts."""

    dropped: str
    total: int
    url: str


class Help(NamedTuple):
    """What may help."""

    wider: list[Wider]
    begins: list[Suggested]  # what has a name that begins so
    kinds: list[tuple[str, str, int]]  # label, address and number of entities


def help_for(asked: SearchRequest) -> Help:
    """What may help where a search found nothing."""
    held = snapshot()
    begins = suggest(held, asked.text, 5, lang()) if asked.text else []
    kinds = [
        (label("kind", kind), address(SearchRequest(chosen={"kind": (kind,)})), n)
        for kind, n in kind_totals(held).items()
    ]
    return Help(wider(asked), begins, kinds)


@memo()
def kind_totals(held: Snapshot) -> dict[str, int]:
    """How many entities there are of each kind, searched or not."""
    runs = {kind: held.kind_range(kind) for kind in held.vocabulary.kinds}
    return {kind: end - first for kind, (first, end) in runs.items() if end > first}


def wider(asked: SearchRequest) -> list[Wider]:
    """The searches without one facet, word, "phrase" or filter each, as far as they find anything."""
    tried = [(dropped, total(search), address(search)) for dropped, search in _parted(asked)]
    return [Wider(*search) for search in tried if search[1]]


def total(asked: SearchRequest) -> int:
    """How many hits a search has."""
    index = snapshot().index
    query = index.settle(parse(asked.text), asked.as_words)
    return index.search(query, 1, 0, asked.chosen, facets=(), group=not asked.all).total


def _parted(asked: SearchRequest) -> Iterator[tuple[str, SearchRequest]]:
    for facet, values in asked.chosen.items():
        named = ", ".join(label(facet, value) for value in values)
        yield f"{title(facet)}: {named}", asked.having(facet, ())
    if len(asked.chosen) > 1:
        yield gettext("all filters"), msgspec.structs.replace(asked.first(), chosen={})
    parts = [part for part in ITEM.finditer(asked.text) if part[0] != "OR"]
    if len(parts) + bool(asked.chosen) > 1:
        for part in parts[:MOST_PARTS]:
            rest = asked.text[: part.start()] + asked.text[part.end() :]
            yield part[0], msgspec.structs.replace(asked.first(), text=" ".join(rest.split()))
