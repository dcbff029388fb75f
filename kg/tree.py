"""The family tree of a model or family, as rows to draw: every node under one primary parent.

What hangs where is decided in kg/forest.py; here the nodes that are shown get their names, dates
and words. The rest is counted, by relation, under the shown node it hangs from.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kg.forest import Forest, Graph, choose, grow
from kg.model import Entity, label_lang, main_label
from kg.reader import Snapshot
from kg.vocab import DEVELOPER, IN_FAMILY, RELEASE_DATE

BASE, FAMILY = "base", "family"  # kinds of node that no relation names


class Parent(NamedTuple):
    """A further parent of a node."""

    id: str
    label: str
    relation: str
    shown: bool  # whether it stands in the tree as well


class Hidden(NamedTuple):
    """Children of a node that the limit hides, of one relation."""

    relation: str
    children: int
    models: int  # the same with all models below them


class Node(NamedTuple):
    """One shown node."""

    id: str
    label: str
    lang: str  # of the label
    org: str | None  # first developer; of a base model, else its family's
    date: str | None  # YYYY, YYYY-MM or YYYY-MM-DD
    kind: str  # base, family, or the relation by which a model derives
    relation: str | None  # to the primary parent
    parent: str | None
    others: tuple[Parent, ...]
    children: tuple[str, ...]  # members first, then by date and label
    depth: int
    here: bool  # the page is about it
    member: bool  # the page is about a family that is not shown, and this is in it
    hidden: tuple[Hidden, ...]


class Row(NamedTuple):
    """One line of a drawing: a node, or the count of what is hidden under it."""

    node: Node
    depth: int
    stub: bool


@dataclass(frozen=True)
class Tree:
    """A family tree, its nodes depth first."""

    id: str
    label: str
    nodes: tuple[Node, ...]
    total: int  # models, shown or not
    shown: int  # models

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        """The shown nodes."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The nodes depth first, each followed by its descendants and a stub for hidden ones."""
        rows: list[Row] = []
        waiting: list[Node] = []
        for node in self.nodes:
            rows += _stubs(waiting, node.depth)
            rows.append(Row(node, node.depth, False))
            waiting.append(node)
        return (*rows, *_stubs(waiting, 0))


def _stubs(waiting: list[Node], depth: int) -> Iterator[Row]:
    """Close the branches that reach down to a depth."""
    while waiting and waiting[-1].depth >= depth:
        node = waiting.pop()
        if node.hidden:
            yield Row(node, node.depth + 1, True)


def family_tree(snapshot: Snapshot, id: str, lang: str = "en", limit: int = 60) -> Tree:
    """The tree around a model or family: what it comes from, and all that comes from those.

    Args:
        snapshot: an open snapshot.
        id: a canonical id; kinds other than model and family stand alone.
        lang: language of the labels.
        limit: most nodes to show; the way up to the root is always shown.

    Raises:
        UnknownId: there is no such entity.
    """
    start = snapshot.number(id)
    graph = Graph(snapshot)
    forest = grow(graph, start)
    starts = [n for n in (start, *graph.members(start)) if n in forest.edges]
    shown = choose(forest, starts, limit)
    reader = _Reader(snapshot, graph, forest, shown, lang)
    nodes = tuple(reader.nodes(start, starts))
    models = sum(node.kind != FAMILY for node in nodes)
    total = sum(not graph.is_family(n) for n in forest.edges)
    return Tree(id, snapshot.label(id, lang), nodes, total, models)


class _Reader:
    """Reads what a page says of the shown nodes."""

    def __init__(self, snapshot: Snapshot, graph: Graph, forest: Forest, shown: set[int],
                 lang: str) -> None:  # fmt: skip
        self._snapshot, self._graph, self._forest = snapshot, graph, forest
        self._shown, self._lang = shown, lang
        self._entities: dict[int, Entity] = {}
        self._kids = {n: sorted((k for k in forest.kids[n] if k in shown), key=self._place)
                      for n in shown}  # fmt: skip

    def nodes(self, start: int, starts: list[int]) -> Iterator[Node]:
        """The shown nodes depth first, the tree of the start before others."""
        marked = set() if start in starts else set(starts)
        *_, home = self._forest.chain(starts[0])
        roots = [n for n in self._shown if self._forest.edges[n] is None]
        stack = sorted(roots, key=lambda n: (n != home, self._place(n)), reverse=True)
        while stack:
            number = stack.pop()
            yield self._node(number, here=number == start, member=number in marked)
            stack.extend(reversed(self._kids[number]))

    def _node(self, number: int, *, here: bool, member: bool) -> Node:
        entity = self._entity(number)
        edge = self._forest.edges[number]
        return Node(
            id=entity.id,
            label=main_label(entity, self._lang),
            lang=label_lang(entity, self._lang),
            org=self._org(number),
            date=_date(entity),
            kind=self._kind(number),
            relation=edge.relation if edge else None,
            parent=self._snapshot.id_at(edge.parent) if edge else None,
            others=tuple(self._others(number, edge.parent if edge else None)),
            children=tuple(self._snapshot.id_at(kid) for kid in self._kids[number]),
            depth=self._forest.depths[number],
            here=here,
            member=member,
            hidden=tuple(self._hidden(number)),
        )

    def _entity(self, number: int) -> Entity:
        if number not in self._entities:
            self._entities[number] = self._snapshot.entity_at(number)
        return self._entities[number]

    def _place(self, number: int) -> tuple[bool, bool, str, list[tuple[int, str]], int]:
        """Sorts children: members, then by date, the unknown last, and by label."""
        entity, edge = self._entity(number), self._forest.edges[number]
        outside = edge is not None and edge.relation != IN_FAMILY
        date = _middle(_date(entity))
        return outside, not date, date, _natural(main_label(entity, self._lang)), number

    def _kind(self, number: int) -> str:
        if self._graph.is_family(number):
            return FAMILY
        return next((edge.relation for edge in self._graph.origins(number)), BASE)

    def _org(self, number: int) -> str | None:
        """The first maker; a base model without one has its family's, a derived one does not:
        Alpaca 13B stands in Stanford's family, but the community made it."""
        base = self._kind(number) == BASE
        for about in (number, *(self._graph.families(number) if base else ())):
            if makers := self._entity(about).values(DEVELOPER):
                return self._snapshot.label(str(makers[0]), self._lang)
        return None

    def _others(self, number: int, primary: int | None) -> Iterator[Parent]:
        for edge in sorted(self._graph.origins(number), key=self._graph.rank):
            if edge.parent != primary:
                label = main_label(self._entity(edge.parent), self._lang)
                yield Parent(self._snapshot.id_at(edge.parent), label, edge.relation,
                             edge.parent in self._shown)  # fmt: skip

    def _hidden(self, number: int) -> Iterator[Hidden]:
        children, models = Counter[str](), Counter[str]()
        for kid in self._forest.kids[number]:
            edge = self._forest.edges[kid]
            if kid not in self._shown and edge:
                children[edge.relation] += 1
                models[edge.relation] += self._forest.sizes[kid]
        for relation, count in sorted(models.items(), key=lambda item: (-item[1], item[0])):
            yield Hidden(relation, children[relation], count)


def _date(entity: Entity) -> str | None:
    return next((str(value) for value in entity.values(RELEASE_DATE) if value is not None), None)


def _middle(date: str | None) -> str:
    """The day a date stands for among others.

    >>> _middle("2023"), _middle("2023-03"), _middle("2023-03-13"), _middle(None)
    ('2023-07-01', '2023-03-16', '2023-03-13', '')
    """
    return date + {4: "-07-01", 7: "-16"}.get(len(date), "") if date else ""


def _natural(text: str) -> list[tuple[int, str]]:
    """Sorts 7B before 13B.

    >>> sorted(["LLaMA 13B", "LLaMA 7B"], key=_natural)
    ['LLaMA 7B', 'LLaMA 13B']
    """
    parts = re.split(r"(\d{1,9})", text.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]
