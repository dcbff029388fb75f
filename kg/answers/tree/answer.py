"""A family tree as plain data: every node under one primary parent."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kg.answers.tree import tree as trees
from kg.answers.tree.selection import Wish
from kg.answers.tree.tree import Tree
from kg.model.claim import kind_of
from kg.snapshot.snapshot import Snapshot


class TreeFileNode(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A node of a family tree; `hidden` counts the models below it that are not among the nodes."""

    id: str
    label: str
    kind: str
    depth: int
    derivation: str  # base, family, or the relation by which a model derives
    parent: str | None = None  # the one it stands under
    org: str | None = None
    date: str | None = None
    hidden: int = 0


class TreeEdge(msgspec.Struct, frozen=True):
    """An edge of a family tree."""

    child: str
    parent: str
    relation: str
    primary: bool  # the one the tree is drawn by
    rule: str | None = None  # name of the rule that inferred it; None where a source states it


class TreeAnswer(msgspec.Struct, frozen=True):
    """A family tree; `total` counts the models of the whole family, `shown` those among the nodes."""

    root: str
    total: int
    shown: int
    nodes: list[TreeFileNode]
    edges: list[TreeEdge]


def tree_answer(tree: Tree) -> TreeAnswer:
    """A tree as plain data."""
    nodes = [
        TreeFileNode(
            id=n.id,
            label=n.label,
            kind=kind_of(n.id),
            depth=n.depth,
            derivation=n.kind,
            parent=n.parent,
            org=n.org,
            date=n.date,
            hidden=sum(h.models for h in n.hidden),
        )
        for n in tree.nodes
    ]
    return TreeAnswer(tree.id, tree.total, tree.shown, [*nodes, *_datasets(tree)], [*_edges(tree)])


def _datasets(tree: Tree) -> Iterator[TreeFileNode]:
    """The data of the nodes and what wrote it, each once."""
    about = {d.id: d.label for node in tree.nodes for d in node.data}
    about |= {w.id: w.label for node in tree.nodes for d in node.data for w in d.writers}
    for id, label in about.items():
        if id not in tree.by_id:
            yield TreeFileNode(id=id, label=label, kind=kind_of(id), depth=0, derivation="data")


def _edges(tree: Tree) -> Iterator[TreeEdge]:
    written: set[str] = set()
    for node in tree.nodes:
        if node.parent is not None and node.relation is not None:
            yield TreeEdge(node.id, node.parent, node.relation, True, node.rule)
        for other in node.others:
            if other.shown:
                yield TreeEdge(node.id, other.id, other.relation, False)
        for datum in node.data:
            yield TreeEdge(node.id, datum.id, datum.relation, False)
            if datum.id not in written:
                written.add(datum.id)
                for by in datum.writers:
                    yield TreeEdge(datum.id, by.id, by.relation, False)


def family_tree(
    snapshot: Snapshot,
    id: str,
    lang: str = "en",
    limit: int = 60,
    depth: int | None = None,
    data: bool = False,
) -> TreeAnswer:
    """The tree around a model or family: what it comes from, and all that comes from those.

    Args:
        snapshot: an open snapshot.
        id: as a user names it; kinds other than model and family stand alone.
        lang: language of the labels.
        limit: most nodes, the largest branches; the way up to the root is always there.
        depth: most generations above and below; None = all.
        data: with the data the models were trained on.

    Raises:
        UnknownId: there is no such entity.
    """
    wish = Wish(depth=depth, data=data, most=max(limit, 1))
    return tree_answer(trees.family_tree(snapshot, snapshot.find(id), lang, limit, wish))
