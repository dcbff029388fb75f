"""A family tree as data: exactly the nodes that are shown, or the whole family.

GraphML, GEXF and DOT for network tools, JSON and CSV for programs and tables. Pictures are made
where the words for them are, in web/charts/pictures.py; kg never imports web, so they are found by the name
of their entry point.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

from kg.answers.contract import to_json
from kg.answers.tree.answer import tree_answer
from kg.answers.tree.selection import Wish
from kg.answers.tree.tree import Tree, family_tree
from kg.errors import InputError, NotInstalled, UnknownFormat
from kg.export.graphs import GRAPH_FORMATS, network, write_graph
from kg.messages.message import Message
from kg.model.claim import kind_of
from kg.model.media import CSV, JSON, PICTURE_FORMATS, MediaFormat, WrittenFormat
from kg.snapshot.snapshot import Snapshot

if TYPE_CHECKING:
    import networkx as nx

EVERYTHING = 10**9  # a limit that leaves nothing out
_DRAWN = 60  # nodes of a picture

WriteTree = Callable[[Tree], bytes]
Draw = Callable[[Tree, str, str, str], bytes]  # tree, format, base, language


def graph(tree: Tree) -> nx.DiGraph:
    """A tree as a networkx graph: an edge goes from the parent to what derives from it."""
    import networkx as nx  # few need it, and it takes long to load

    made = nx.DiGraph()
    plain = tree_answer(tree)
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
        format: a suffix in TREE_FORMATS.

    Raises:
        UnknownFormat: no such format; carries the known ones.
    """
    if format not in TREE_FORMATS:
        raise UnknownFormat(format, sorted(TREE_FORMATS))
    return TREE_FORMATS[format].write(tree)


def _json(tree: Tree) -> bytes:
    return to_json(tree_answer(tree))


def _in_graph_format(name: str) -> WriteTree:
    """Writes a tree in a format of graphs."""

    def write(tree: Tree) -> bytes:
        out = io.BytesIO()
        write_graph(network(graph(tree)), name, out)
        return out.getvalue()

    return write


def _csv(tree: Tree) -> bytes:
    """Every node with the parent it stands under, and a further line for each further parent."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["id", "label", "kind", "derivation", "org", "date", "parent", "relation"])
    parents: dict[str, list[tuple[str, str]]] = {}
    plain = tree_answer(tree)
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


def _tree_formats() -> Iterator[WrittenFormat[WriteTree]]:
    for name, format in GRAPH_FORMATS.items():
        yield format.written_by(_in_graph_format(name))
    yield JSON.written_by(_json)
    yield CSV.written_by(_csv)


# By suffix, because a file of a tree is named by it.
TREE_FORMATS: Mapping[str, WrittenFormat[WriteTree]] = {f.suffix: f for f in _tree_formats()}
TREE_FILES: Mapping[str, MediaFormat] = {**PICTURE_FORMATS, **TREE_FORMATS}


def suffix_of(name: str) -> str:
    """The suffix of a file's name: the longest one that is known, else what follows the last dot.

    >>> suffix_of("llama.SVG"), suffix_of("llama.nodelink.json"), suffix_of("llama.exe"), suffix_of("x")
    ('svg', 'nodelink.json', 'exe', '')
    """
    lower = name.lower()
    known = (suffix for suffix in TREE_FILES if lower.endswith(f".{suffix}"))
    return max(known, key=len, default=lower.rpartition(".")[2] if "." in lower else "")


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
        suffix: one of TREE_FILES, with or without its dot.
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
    if format not in TREE_FILES:
        raise UnknownFormat(format, [*TREE_FILES])
    if kind_of(id) not in ("model", "family"):
        raise InputError(
            Message("only models and families have a family tree, and %(id)s is neither", id=id)
        )
    most = limit if limit is not None else _DRAWN if format in PICTURE_FORMATS else EVERYTHING
    wish = Wish(depth=depth, data=data, most=max(most, 1))
    tree = family_tree(snapshot, id, lang, most, wish)
    if format in PICTURE_FORMATS:
        return _draw()(tree, format, snapshot.manifest.base, lang)
    return tree_file(tree, format)


def _draw() -> Draw:
    from importlib.metadata import entry_points  # only pictures need it

    found = next(iter(entry_points(group="gyebo.pictures", name="lineage")), None)
    if found is None:
        raise NotInstalled(Message("pictures"), "png")
    return cast(Draw, found.load())
