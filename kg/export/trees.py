"""A family tree as data: exactly the nodes that are shown, or the whole family.

GraphML, GEXF and DOT for network tools, JSON and CSV for programs and tables. Pictures are made
where the words for them are, in web/charts/pictures.py; kg never imports web, so they are found by the name
of their entry point.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import entry_points
from typing import cast

import msgspec
import networkx as nx

from kg.answers.contract import to_json
from kg.answers.tree.selection import Wish
from kg.answers.tree.tree import Tree, family_tree
from kg.errors import InputError, NotInstalled, UnknownFormat
from kg.export.graphs import GRAPH_FORMATS, network, write_graph
from kg.messages.message import Message
from kg.model.claim import kind_of
from kg.snapshot.snapshot import Snapshot

# format -> media type
TREE_FORMATS: Mapping[str, str] = {
    **{name: media for name, (suffix, media) in GRAPH_FORMATS.items() if name == suffix},
    "json": "application/json",
    "csv": "text/csv",
}
PICTURES = ("svg", "png")
FILES = (*PICTURES, *TREE_FORMATS)
EVERYTHING = 10**9  # a limit that leaves nothing out
_DRAWN = 60  # nodes of a picture

Draw = Callable[[Tree, str, str, str], bytes]  # tree, format, base, language


class TreeNode(msgspec.Struct, frozen=True, omit_defaults=True):
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


class TreeAnswer(msgspec.Struct, frozen=True):
    """A family tree; `total` counts the models of the whole family, `shown` those among the nodes."""

    root: str
    total: int
    shown: int
    nodes: list[TreeNode]
    edges: list[TreeEdge]


def answer(tree: Tree) -> TreeAnswer:
    """A tree as plain data."""
    nodes = [
        TreeNode(
            n.id,
            n.label,
            kind_of(n.id),
            n.depth,
            n.kind,
            n.parent,
            n.org,
            n.date,
            sum(h.models for h in n.hidden),
        )
        for n in tree.nodes
    ]
    return TreeAnswer(tree.id, tree.total, tree.shown, [*nodes, *_datasets(tree)], [*_edges(tree)])


def _datasets(tree: Tree) -> Iterator[TreeNode]:
    """The data of the nodes and what wrote it, each once."""
    about = {d.id: d.label for node in tree.nodes for d in node.data}
    about |= {w.id: w.label for node in tree.nodes for d in node.data for w in d.writers}
    for id, label in about.items():
        if id not in tree.by_id:
            yield TreeNode(id, label, kind_of(id), 0, "data")


def _edges(tree: Tree) -> Iterator[TreeEdge]:
    written: set[str] = set()
    for node in tree.nodes:
        if node.parent is not None and node.relation is not None:
            yield TreeEdge(node.id, node.parent, node.relation, True)
        for other in node.others:
            if other.shown:
                yield TreeEdge(node.id, other.id, other.relation, False)
        for datum in node.data:
            yield TreeEdge(node.id, datum.id, datum.relation, False)
            if datum.id not in written:
                written.add(datum.id)
                for by in datum.writers:
                    yield TreeEdge(datum.id, by.id, by.relation, False)


def graph(tree: Tree) -> nx.DiGraph:
    """A tree as a networkx graph: an edge goes from the parent to what derives from it."""
    made = nx.DiGraph()
    plain = answer(tree)
    for node in plain.nodes:
        about = {
            "label": node.label,
            "kind": node.kind,
            "derivation": node.derivation,
            "org": node.org,
            "releaseDate": node.date,
            "hidden": node.hidden or None,
        }
        made.add_node(node.id, **{k: v for k, v in about.items() if v is not None})
    for edge in plain.edges:
        relation = edge.relation
        if made.has_edge(edge.parent, edge.child):
            relation = f"{made[edge.parent][edge.child]['relation']} {relation}"
        made.add_edge(edge.parent, edge.child, relation=relation)
    return made


def tree_file(tree: Tree, format: str) -> bytes:
    """A tree in one format.

    Args:
        tree: the tree.
        format: a name in TREE_FORMATS.

    Raises:
        UnknownFormat: no such format; carries the known ones.
    """
    if format in GRAPH_FORMATS:
        out = io.BytesIO()
        write_graph(network(graph(tree)), format, out)
        return out.getvalue()
    if format == "json":
        return to_json(answer(tree))
    if format == "csv":
        return _csv(tree)
    raise UnknownFormat(format, sorted(TREE_FORMATS))


def _csv(tree: Tree) -> bytes:
    """Every node with the parent it stands under, and a further line for each further parent."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["id", "label", "kind", "derivation", "org", "date", "parent", "relation"])
    parents: dict[str, list[tuple[str, str]]] = {}
    plain = answer(tree)
    for edge in plain.edges:
        parents.setdefault(edge.child, []).append((edge.parent, edge.relation))
    for node in plain.nodes:
        for parent, relation in parents.get(node.id, [("", "")]):
            table.writerow(
                [
                    node.id,
                    node.label,
                    node.kind,
                    node.derivation,
                    node.org,
                    node.date,
                    parent,
                    relation,
                ]
            )
    return text.getvalue().encode()


def family_file(
    snapshot: Snapshot,
    id: str,
    suffix: str,
    lang: str = "en",
    limit: int | None = None,
    depth: int | None = None,
    data: bool = False,
) -> bytes:
    """A family as a file: what it comes from, and all that comes from those.

    Args:
        snapshot: an open snapshot.
        id: a model or family.
        suffix: one of FILES, with or without its dot.
        lang: language of labels and words.
        limit: most nodes; None = all, of a picture the 60 that matter most.
        depth: most generations above and below; None = all.
        data: with the data the models were trained on.

    Raises:
        UnknownId: there is no such entity.
        UnknownFormat: no such format; carries the known ones.
        NotInstalled: the part that draws is not installed.
    """
    format = suffix.removeprefix(".").lower()
    if format not in FILES:
        raise UnknownFormat(format, FILES)
    if kind_of(id) not in ("model", "family"):
        raise InputError(
            Message("only models and families have a family tree, and %(id)s is neither", id=id)
        )
    most = limit if limit is not None else _DRAWN if format in PICTURES else EVERYTHING
    wish = Wish(depth=depth, data=data, most=max(most, 1))
    tree = family_tree(snapshot, id, lang, most, wish)
    if format in PICTURES:
        return _draw()(tree, format, snapshot.manifest.base, lang)
    return tree_file(tree, format)


def _draw() -> Draw:
    found = next(iter(entry_points(group="gyebo.pictures", name="lineage")), None)
    if found is None:
        raise NotInstalled(Message("pictures"), "png")
    return cast(Draw, found.load())
