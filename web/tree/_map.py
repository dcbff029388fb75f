"""A whole family for the map: what is drawn of each model, in a few bytes.

The nodes stand depth first, so that a place and a depth say who the parent is: the nearest node
before it that is one less deep. All comes from arrays; names are asked for a few at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from kg.answers.tree.columns import NONE, days, developers, verdicts
from kg.answers.tree.forest import FORESTS, Forest, find_forest
from kg.answers.tree.ordering import depth_first
from kg.answers.tree.selection import find_members
from kg.answers.tree.tree import BASE, FAMILY, kind_without_parent
from kg.errors import InputError
from kg.licenses.verdicts import verdict_of
from kg.lineage.adjacency import Ints
from kg.messages.message import Message
from kg.model.vocabulary import IN_FAMILY
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.app.i18n import translator
from web.charts.org_colors import listed
from web.tree.shapes import DRAWN_AS
from web.ui.relations import KINDS, kind_word
from web.ui.verdicts import WORDS

NAMED = 200  # names in one answer
TOP = 400  # names that come with the map
RINGED, LISTED = 1500, 60  # models found that are ringed, and named
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Fill(msgspec.Struct, frozen=True):
    """One thing a color or shape of the map stands for."""

    css: str  # class in lineage.css
    word: str
    shape: str = ""  # the kind of node that is drawn so


class MapName(msgspec.Struct, frozen=True):
    """What stands at a place."""

    at: int
    label: str
    url: str


class MapNames(msgspec.Struct, frozen=True):
    """What stands at some places."""

    names: list[MapName]


class MapFound(msgspec.Struct, frozen=True):
    """What words name on a map: its places, the best first, and the names of the first of them."""

    total: int
    places: list[int]
    names: list[MapName]


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The map of a family; one value of each column for each node, depth first.

    `days` count from `start`; each stands as the difference to the last known one before it, null
    where no date is known. `kinds` and `verdicts` are letters, a for the first of their words; an
    org is a place in `makers`, 0 for none that is known.
    """

    total: int  # models; the nodes hold families as well
    start: str  # ISO date of day 0
    here: int  # place of the model the page is about, or -1
    depths: list[int]
    days: list[int | None]
    kinds: str
    verdicts: str
    orgs: list[int]
    also: list[tuple[int, int]]  # place, place of a further parent
    top: list[MapName]  # of the largest branches
    kind_words: list[Fill]
    verdict_words: list[Fill]
    makers: list[str]
    hues: dict[int, str]  # class of each organization that the legend names, by its place


@memo(most=FORESTS)
def order(snapshot: Snapshot, start: int) -> Ints:
    """The places of a forest's nodes, in the order of its map."""
    forest = find_forest(snapshot, start)
    return depth_first(forest, start, days(snapshot, forest.nodes))


def overview(
    snapshot: Snapshot, id: str, lang: str = "en", href: Callable[[str], str] = str
) -> Overview:
    """The map of the family of a model or family.

    Args:
        snapshot: an open snapshot.
        id: a canonical id.
        lang: language of the words and names.
        href: the address of an id.
    """
    start = snapshot.number(id)
    forest, places = find_forest(snapshot, start), order(snapshot, start)
    nodes = forest.nodes[places]
    known = days(snapshot, nodes)
    first = int(known[known > 0].min()) if known.any() else 1
    kinds, kind_words = _kinds(snapshot, forest, places, lang)
    judged, verdict_words = _verdicts(snapshot, nodes, lang)
    makers = developers(snapshot, nodes)
    orgs = [NONE, *np.unique(makers[makers != NONE]).tolist()]
    org = np.searchsorted(orgs, makers)
    ids = [snapshot.id_at(node) for node in orgs[1:]]
    hues = listed([ids[at - 1] if at else None for at in org.tolist()])
    largest = np.argsort(-forest.models[places], kind="stable")[:TOP]
    return Overview(
        total=forest.total,
        start=dt.date.fromordinal(first).isoformat(),
        here=next(iter(np.flatnonzero(nodes == start).tolist()), -1),
        depths=forest.depth[places].tolist(),
        days=_steps(np.where(known > 0, known - first, -1)),
        kinds=kinds,
        verdicts=judged,
        orgs=org.tolist(),
        also=_further(snapshot, forest, places),
        top=_names(snapshot, nodes, largest.tolist(), lang, href),
        kind_words=kind_words,
        verdict_words=verdict_words,
        makers=["", *(snapshot.label(one, lang) for one in ids)],
        hues={ids.index(one) + 1: css for one, css in hues.items()},
    )


def _steps(known: Ints) -> list[int | None]:
    """Days as differences to the last known one before; None where none is known."""
    found: list[int | None] = []
    last = 0
    for day in known.tolist():
        found.append(None if day < 0 else day - last)
        last = last if day < 0 else day
    return found


def _letters(codes: Ints) -> str:
    table: NDArray[Any] = np.array([ord(letter) for letter in _LETTERS], np.uint8)
    return table[codes].tobytes().decode()


def _kinds(snapshot: Snapshot, forest: Forest, places: Ints, lang: str) -> tuple[str, list[Fill]]:
    """The kind of each node, as its relation to its parent says, and what the kinds are called."""
    number = {kind: code for code, kind in enumerate(KINDS)}
    ranked = np.array([number[name] for name in forest.ranked], np.int64)
    rank, nodes = forest.rank[places], forest.nodes[places]
    first = (rank < 0) | (ranked[rank] == number[IN_FAMILY])
    codes = np.where(first, number[BASE], ranked[rank])
    for at in np.flatnonzero(first).tolist():
        if nodes[at] < len(snapshot.lines):
            codes[at] = number[kind_without_parent(snapshot.entity_at(int(nodes[at])))]
    families = range(*snapshot.kind_range(FAMILY))
    codes[(nodes >= families.start) & (nodes < families.stop)] = number[FAMILY]
    present, compact = np.unique(codes, return_inverse=True)
    kinds = [KINDS[code] for code in present.tolist()]
    return _letters(compact), [
        Fill(f"k-{kind}", kind_word(kind, lang), DRAWN_AS.get(kind, "circle")) for kind in kinds
    ]


def _verdicts(snapshot: Snapshot, nodes: Ints, lang: str) -> tuple[str, list[Fill]]:
    """What the license of each node allows; where nothing was judged, it is not known."""
    words = [*WORDS]
    codes = verdicts(snapshot, nodes)
    names = [verdict_of(code) or "unknown" for code in range(max(codes, default=0) + 1)]
    codes = np.array([words.index(name) for name in names], np.int64)[codes]
    present, compact = np.unique(codes, return_inverse=True)
    gettext = translator(lang)
    return _letters(compact), [
        Fill(f"v-{words[code]}", gettext(WORDS[words[code]])) for code in present.tolist()
    ]


def _further(snapshot: Snapshot, forest: Forest, places: Ints) -> list[tuple[int, int]]:
    """The further parents of merges that stand on the map too."""
    lineage = snapshot.lineage
    wanted = snapshot.vocabulary.edges("weights", "distillation")
    at = np.empty_like(places)
    at[places] = np.arange(len(places))
    child, place = lineage.up.gather(forest.nodes)
    counts = lineage.codes(wanted)[lineage.up.marks[place]]
    child, parent = child[counts], lineage.up.nodes[place[counts]].astype(np.int64)
    sort = np.argsort(forest.nodes)
    found = np.minimum(np.searchsorted(forest.nodes[sort], parent), len(sort) - 1)
    inside = forest.nodes[sort][found] == parent
    child, other = child[inside], sort[found[inside]]
    more = (forest.parent[child] != other) & (child != other)
    pairs = np.unique(np.stack([at[child[more]], at[other[more]]], axis=1), axis=0)
    return [(one, two) for one, two in pairs.tolist()]


def _names(
    snapshot: Snapshot,
    nodes: Ints,
    places: Sequence[int],
    lang: str,
    href: Callable[[str], str],
) -> list[MapName]:
    ids = [snapshot.id_at(int(nodes[place])) for place in places]
    return [
        MapName(at, snapshot.label(id, lang), href(id)) for at, id in zip(places, ids, strict=True)
    ]


def names(
    snapshot: Snapshot,
    id: str,
    places: Sequence[int],
    lang: str,
    href: Callable[[str], str],
) -> MapNames:
    """The names at some places of a map.

    Args:
        snapshot: an open snapshot.
        id: whose map it is.
        places: places on the map.
        lang: language of the names.
        href: the address of an id.

    Raises:
        InputError: a place the map does not have.
    """
    start = snapshot.number(id)
    nodes = find_forest(snapshot, start).nodes[order(snapshot, start)]
    if any(place >= len(nodes) for place in places):
        raise InputError(Message("this map has only %(num)s places", num=len(nodes)))
    return MapNames(_names(snapshot, nodes, places, lang, href))


def found(
    snapshot: Snapshot, id: str, text: str, lang: str, href: Callable[[str], str]
) -> MapFound:
    """What words name on a map.

    Args:
        snapshot: an open snapshot.
        id: whose map it is.
        text: words, Korean or English, as in the search box.
        lang: language of the names.
        href: the address of an id.
    """
    start = snapshot.number(id)
    forest, places = find_forest(snapshot, start), order(snapshot, start)
    nodes = forest.nodes[places]
    hits = find_members(snapshot, forest, text) if text.strip() else []
    at = {node: place for place, node in enumerate(nodes.tolist())}
    ringed = [at[node] for node in hits[:RINGED]]
    return MapFound(len(hits), ringed, _names(snapshot, nodes, ringed[:LISTED], lang, href))
