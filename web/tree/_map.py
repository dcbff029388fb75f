"""A whole family as a map: for each model a place, a depth and a relation, in a few bytes.

The nodes stand depth first, so that a row and a depth say who the parent is: the nearest node
before it that is one less deep. Names are asked for a few at a time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import msgspec

from kg.answers.tree.forest import FORESTS, Forest, find_forest
from kg.answers.tree.tree import BASE, FAMILY, kind_without_parent
from kg.errors import InputError
from kg.messages.message import Message
from kg.model.dating import DATED_BY, best_date
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot
from web.charts.timescale import span
from web.ui.relations import KINDS, kind_word

NAMED = 80  # names in one answer
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"  # of depths; what is deeper counts as 35
_CODES = {kind: chr(ord("a") + place) for place, kind in enumerate(KINDS)}


class _Said(msgspec.Struct):
    """A fact, without its claims."""

    property: str
    values: list[str | int | float | bool | None] = []


class _Dated(msgspec.Struct):
    """As much of an entity as its date needs."""

    facts: list[_Said] = []


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The map: `days` since `start` or -1, one character of `depths` and `kinds` for each node."""

    total: int
    start: str  # ISO date of day 0
    here: int  # place of the model the page is about, or -1
    days: list[int]
    depths: str
    kinds: str
    words: dict[str, tuple[str, str]]  # character -> kind and word for it


class MapName(msgspec.Struct, frozen=True):
    """What stands at a place."""

    at: int
    label: str
    url: str


class MapNames(msgspec.Struct, frozen=True):
    """What stands at some places."""

    names: list[MapName]


@memo(most=FORESTS)
def order(snapshot: Snapshot, start: int) -> tuple[list[int], list[int]]:
    """The nodes of a forest depth first, large branches first, and how deep each stands."""
    forest = find_forest(snapshot, start)
    *_, home = forest.path_to_root(start) if start in forest.edges else (start,)
    roots = sorted(
        (n for n, edge in forest.edges.items() if edge is None),
        key=lambda n: (n != home, -forest.sizes[n], n),
    )
    nodes, depths = [], []
    stack = [(n, 0) for n in reversed(roots)]
    while stack:
        node, depth = stack.pop()
        nodes.append(node)
        depths.append(depth)
        kids = sorted(forest.kids[node], key=lambda k: (forest.sizes[k], -k))
        stack.extend((kid, depth + 1) for kid in kids)
    return nodes, depths


def overview(snapshot: Snapshot, id: str, lang: str = "en") -> Overview:
    """The map of the family of a model or family.

    Args:
        snapshot: an open snapshot.
        id: a canonical id.
        lang: language of the words.
    """
    start = snapshot.number(id)
    forest = find_forest(snapshot, start)
    nodes, depths = order(snapshot, start)
    days = [_day(snapshot, node) for node in nodes]
    first = min((day for day in days if day >= 0), default=0)
    codes = [_CODES[_kind(snapshot, forest, node)] for node in nodes]
    return Overview(
        total=len(nodes),
        start=dt.date.fromordinal(max(first, 1)).isoformat(),
        here=nodes.index(start) if start in forest.edges else -1,
        days=[day - first if day >= 0 else -1 for day in days],
        depths="".join(_DIGITS[min(depth, 35)] for depth in depths),
        kinds="".join(codes),
        words={
            _CODES[kind]: (kind, kind_word(kind, lang)) for kind in KINDS if _CODES[kind] in codes
        },
    )


def _day(snapshot: Snapshot, node: int) -> int:
    if node >= len(snapshot.lines):
        return -1
    entity = msgspec.json.decode(snapshot.lines[node], type=_Dated)
    held = {f.property: f.values for f in entity.facts if f.property in DATED_BY}
    known = span(best_date(lambda name: held.get(name, ())) or None)
    return int(known.middle) if known else -1


def _kind(snapshot: Snapshot, forest: Forest, node: int) -> str:
    if snapshot.families.is_family(node):
        return FAMILY
    edge = forest.edges[node]
    if edge:
        return edge.relation
    return kind_without_parent(snapshot.entity_at(node)) if node < len(snapshot.lines) else BASE


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
        places: rows of the map.
        lang: language of the names.
        href: the address of an id.

    Raises:
        InputError: a place the map does not have.
    """
    nodes, _ = order(snapshot, snapshot.number(id))
    if any(place >= len(nodes) for place in places):
        raise InputError(Message("this map has only %(num)s places", num=len(nodes)))
    ids = [snapshot.id_at(nodes[place]) for place in places]
    return MapNames(
        [
            MapName(at, snapshot.label(id, lang), href(id))
            for at, id in zip(places, ids, strict=True)
        ]
    )
