"""A family tree as lines of text: branches, words and counts, for a terminal.

The lines stand under primary parents, as on the pages (kg/answers/tree/forest.py); other parents are named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal, NamedTuple

import msgspec

from kg.answers.genealogy import Genealogy
from kg.answers.show import rule_of_edge
from kg.answers.tree.forest import Forest, choose, plant
from kg.answers.tree.neighbors import Graph
from kg.language.writing import natural
from kg.messages.message import Message
from kg.model.claim import Entity, kind_of, main_label
from kg.model.dating import known_date
from kg.model.vocabulary import DEVELOPER, IN_FAMILY
from kg.snapshot.snapshot import Snapshot

_MAKERS = ("org", "person")


class BranchLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a tree."""

    branch: str  # the drawing left of the label
    label: str
    word: str = ""  # how it derives, or what it is
    date: str = ""
    id: str = ""
    notes: tuple[str, ...] = ()
    part: Literal["here", "node", "stub"] = "node"


class Branches(NamedTuple):
    """A drawn tree."""

    lines: list[BranchLine]
    shown: int  # of all nodes
    nodes: int


def number_of(models: int, word: str) -> Message:
    """How many models derive so: 3 fine-tuned, 미세조정 3개."""
    return Message("%(num)s %(relation)s", num=models, relation=word)


def branches(snapshot: Snapshot, found: Genealogy, limit: int, lang: str) -> Branches:
    """Draw the ancestors and descendants of a node.

    Args:
        snapshot: an open snapshot.
        found: its ancestors and descendants.
        limit: most nodes; the path to the root is shown first, then the largest branches.
        lang: language of labels and words.
    """
    is_maker = kind_of(snapshot.id_at(found.root)) in _MAKERS
    graph = Graph(snapshot, found.relations, makers=is_maker)
    forest = plant(graph, found.nodes, found.ancestors)
    shown = choose(forest, [found.root, *sorted(found.members)], max(1, limit))
    writer = _Writer(snapshot, graph, forest, shown, found, lang)
    return Branches([*writer.lines()], len(shown), len(found.nodes))


class _Writer:
    """Writes the shown part of a forest."""

    def __init__(
        self,
        snapshot: Snapshot,
        graph: Graph,
        forest: Forest,
        shown: Collection[int],
        found: Genealogy,
        lang: str,
    ) -> None:
        self._snapshot, self._graph, self._forest = snapshot, graph, forest
        self._found, self._lang = found, lang
        self._hidden = forest.hidden(shown)
        self._entities = {node: snapshot.entity_at(node) for node in shown}
        self._cycles = frozenset(snapshot.lineage.cycles)
        self._kids: dict[int | None, list[int]] = {}
        for node in sorted(shown, key=self._order):
            edge = forest.edges[node]
            self._kids.setdefault(edge.parent if edge else None, []).append(node)

    def lines(self) -> Iterator[BranchLine]:
        """The lines from top to bottom, the tree of the root before others."""
        *_, home = self._forest.path_to_root(self._found.root)
        roots = sorted(self._kids.get(None, ()), key=lambda node: node != home)
        stack: list[tuple[str, str, int]] = [("", "", node) for node in reversed(roots)]
        while stack:
            branch, below, node = stack.pop()
            if node < 0:
                yield self._stub(branch, ~node)
                continue
            yield self._line(branch, node)
            ahead = [
                *self._kids.get(node, ()),
                *([~node] if node in self._hidden else []),
            ]
            for place, kid in enumerate(reversed(ahead)):
                turn, on = ("└─ ", "   ") if place == 0 else ("├─ ", "│  ")
                stack.append((below + turn, below + on, kid))

    def _stub(self, branch: str, node: int) -> BranchLine:
        rest = self._hidden[node]
        many = sum(models for _, _, models in rest)
        parts = [number_of(models, self._word(relation)) for relation, _, models in rest]
        told = [Message("+ %(num)s more", num=many), *parts]
        return BranchLine(
            branch=branch, label=" · ".join(part.text(self._lang) for part in told), part="stub"
        )

    def _line(self, branch: str, node: int) -> BranchLine:
        entity = self._entities[node]
        part: Literal["here", "node"] = "here" if node == self._found.root else "node"
        return BranchLine(
            branch=branch,
            label=main_label(entity, self._lang),
            word=self._what(node),
            date=_date(entity),
            id=entity.id,
            notes=tuple(self._notes(node)),
            part=part,
        )

    def _what(self, node: int) -> str:
        """How a node derives; of a root, what it is."""
        if edge := self._forest.edges[node]:
            return self._word(edge.relation)
        kind = self._snapshot.vocabulary.kinds.get(kind_of(self._entities[node].id))
        return kind.term.labels.get(self._lang, kind.name).lower() if kind else ""

    def _word(self, relation: str) -> str:
        return self._snapshot.vocabulary.properties[relation].words.get(self._lang, relation)

    def _label(self, relation: str) -> str:
        return self._snapshot.vocabulary.properties[relation].term.labels.get(self._lang, relation)

    def _notes(self, node: int) -> Iterator[str]:
        """Further parents, whole families, a family that is not above it, and cycles."""
        edge = self._forest.edges[node]
        others: dict[str, list[str]] = {}
        for other in self._graph.derivations(node):
            if edge is None or other.parent != edge.parent:
                label = main_label(self._snapshot.named(other.parent), self._lang)
                others.setdefault(other.relation, []).append(label)
        if edge and (rule := rule_of_edge(self._snapshot, self._entities[node], edge.relation)):
            label = self._snapshot.label(rule, self._lang)
            yield Message("inferred by a rule: %(rule)s", rule=label).text(self._lang)
        for relation, names in others.items():
            yield f"+ {self._label(relation)}: {', '.join(names)}"
        if edge and edge.relation != IN_FAMILY and self._graph.is_family(node):
            yield Message("whole family").text(self._lang)
        if node in self._found.members and self._found.root not in self._forest.path_to_root(node):
            family = main_label(self._entities[self._found.root], self._lang)
            yield Message("in %(family)s", family=family).text(self._lang)
        if node in self._cycles:
            yield "↻ " + Message("its own ancestor").text(self._lang)

    def _order(self, node: int) -> tuple[bool, bool, str, list[tuple[int, str]]]:
        """Members first, then by date, the unknown last, and by label."""
        entity, edge = self._entities[node], self._forest.edges[node]
        tie = edge is not None and edge.relation in (IN_FAMILY, DEVELOPER)
        date = _date(entity)
        return not tie, not date, date, natural(main_label(entity, self._lang))


def _date(entity: Entity) -> str:
    return known_date(entity)
