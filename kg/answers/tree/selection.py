"""Which nodes of a family tree are shown: the largest branches, what was found, what was opened.

The same wish always selects the same nodes, so that an address says exactly what is shown.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.answers.tree.columns import days
from kg.answers.tree.forest import FORESTS, Forest, choose, find_forest
from kg.answers.tree.ordering import unfolded
from kg.language.tokens import tokens
from kg.model.claim import Entity
from kg.search.query import parse
from kg.snapshot.memo import memo
from kg.snapshot.snapshot import Snapshot

HITS = 50  # members that a search opens the path to
_OPEN = re.compile(r"(?:(\d{1,6})\.)?(?:([a-zA-Z]+)\.)?([a-z]+/.+)")
_SCANNED = 1000  # hits of the search index that are looked up in a family


class Open(NamedTuple):
    """A node whose hidden children a reader opened."""

    id: str
    relation: str  # of the children; "" = any
    many: int  # children, beyond those shown anyway


class Wish(NamedTuple):
    """What a reader wants to see of a family tree."""

    depth: int | None = None  # most generations above and below the start; None = all
    opened: tuple[Open, ...] = ()
    find: str = ""  # words; then only what they find is opened
    data: bool = False  # with the data the shown models were trained on
    most: int = 400  # nodes that may stand open in all


AS_IT_IS = Wish()


class Selection(NamedTuple):
    """The nodes of a family tree that are shown."""

    shown: set[int]
    hits: frozenset[int]  # of those found, what is shown
    found: int  # members found
    full: bool  # no more may be opened


def parse_open(text: str, default: int) -> Open | None:
    """Read one opened node of an address, `[count.][relation.]id`; None if the text is none.

    >>> parse_open("model/hf/org/name-1.5", 25)
    Open(id='model/hf/org/name-1.5', relation='', many=25)
    >>> parse_open("50.quantizedFrom.model/llama-7b", 25)
    Open(id='model/llama-7b', relation='quantizedFrom', many=50)
    >>> parse_open("llama", 25)
    """
    if not (match := _OPEN.fullmatch(text)):
        return None
    many, relation, id = match.groups()
    return Open(id, relation or "", int(many) if many else default)


def select(snapshot: Snapshot, start: int, starts: list[int], limit: int, wish: Wish) -> Selection:
    """Select the nodes of a forest to show.

    Args:
        snapshot: an open snapshot.
        start: whose forest it is.
        starts: those the page is about, the main one first.
        limit: most nodes where nothing was asked for, but for those that would be hidden alone.
        wish: what was asked for.
    """
    forest = find_forest(snapshot, start)
    found = find_members(snapshot, forest, wish.find) if wish.find else []
    near = forest if wish.depth is None else forest.near(starts[0], wish.depth)
    if near is forest and not found:
        shown = set(_usual(snapshot, start, tuple(starts), limit))
    else:
        shown = choose(near, starts, 1 if found else limit, days(snapshot, near.nodes))
    for number in found[:HITS]:
        _add(shown, [*forest.path_to_root(number)], wish.most)
    for asked in wish.opened:
        known = snapshot.lines.find(asked.id)
        if known is not None and known in forest.edges:
            _open(forest, shown, known, asked, wish.most)
    full = len(shown) >= wish.most
    if not full:  # a page that holds no more folds a child even where it is alone
        shown |= unfolded(near, shown)
    hits = frozenset(found[:HITS]) & shown
    return Selection(shown, hits, len(found), full)


@memo(most=FORESTS)
def _usual(snapshot: Snapshot, start: int, starts: tuple[int, ...], limit: int) -> frozenset[int]:
    """What is shown of a forest where nothing was asked for."""
    forest = find_forest(snapshot, start)
    return frozenset(choose(forest, [*starts], limit, days(snapshot, forest.nodes)))


def _add(shown: set[int], nodes: list[int], most: int) -> None:
    missing = [n for n in nodes if n not in shown]
    if len(shown) + len(missing) <= most:
        shown.update(missing)


def _open(forest: Forest, shown: set[int], number: int, asked: Open, most: int) -> None:
    """Add the largest hidden children of a node to what is shown, as many as may be."""
    _add(shown, [*forest.path_to_root(number)], most)
    hidden = [
        kid
        for kid in forest.kids[number]
        if kid not in shown and asked.relation in ("", _relation(forest, kid))
    ]
    room = max(0, min(asked.many, most - len(shown)))
    shown.update(sorted(hidden, key=lambda kid: (-forest.sizes[kid], kid))[:room])


def _relation(forest: Forest, number: int) -> str:
    edge = forest.edges[number]
    return edge.relation if edge else ""


def find_members(snapshot: Snapshot, forest: Forest, text: str) -> list[int]:
    """Find the members of a family that words name, the best first; those that all words name, if any.

    Args:
        snapshot: an open snapshot.
        forest: the family.
        text: words, Korean or English, as in the search box.
    """
    ids = {snapshot.id_at(node): node for node in forest.edges}
    page = snapshot.index.search(
        parse(text[:200]), _SCANNED, chosen={"kind": ("model", "family")}, facets=()
    )
    hits = [ids[hit.id] for hit in page.hits if hit.id in ids]
    words = text.casefold().split()
    names = {node: _names(snapshot.named(node)) for node in hits}
    whole = [node for node in hits if all(word in names[node] for word in words)]
    by_id = (node for id, node in ids.items() if all(word in id.casefold() for word in words))
    terms = {token.term for token in tokens(text)}
    return list(dict.fromkeys([*whole, *by_id])) or [
        node for node in hits if terms & {token.term for token in tokens(names[node])}
    ]


def _names(entity: Entity) -> str:
    return "\n".join(
        [entity.id, *(n for names in entity.labels.values() for n in names)]
    ).casefold()
