"""Graphs in the formats of network tools: GraphML, GEXF (Gephi) and DOT (Graphviz).

The same graph gives the same bytes: networkx puts today's date into GEXF, which is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import IO

import networkx as nx

from kg.errors import UnknownFormat

# format -> suffix and media type
GRAPH_FORMATS: Mapping[str, tuple[str, str]] = {
    "graphml": ("graphml", "application/graphml+xml"),
    "gexf": ("gexf", "application/gexf+xml"),
    "dot": ("dot", "text/vnd.graphviz"),
}
_UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # not in XML
_TODAY = re.compile(r' lastmodifieddate="[^"]*"')


def write_graph(graph: nx.DiGraph, format: str, out: IO[bytes]) -> None:
    """Write a graph whose nodes and edges carry texts and numbers.

    Args:
        graph: the graph.
        format: a name in GRAPH_FORMATS.
        out: where to write.

    Raises:
        UnknownFormat: no such format; carries the known ones.
    """
    if format == "graphml":
        nx.write_graphml(_fit(graph), out)
    elif format == "gexf":
        text = "\n".join(nx.generate_gexf(_fit(graph)))
        out.write(_TODAY.sub("", text, count=1).encode() + b"\n")
    elif format == "dot":
        out.writelines(line.encode() for line in _dot(graph))
    else:
        raise UnknownFormat(format, sorted(GRAPH_FORMATS))


def _fit(graph: nx.DiGraph) -> nx.DiGraph:
    """The graph without characters that XML cannot hold."""
    fit = nx.DiGraph()
    for node, about in graph.nodes(data=True):
        fit.add_node(node, **{k: _clean(v) for k, v in about.items()})
    for parent, child, about in graph.edges(data=True):
        fit.add_edge(parent, child, **{k: _clean(v) for k, v in about.items()})
    return fit


def _clean(value: object) -> object:
    return _UNFIT.sub("", value) if isinstance(value, str) else value


def _dot(graph: nx.DiGraph) -> Iterator[str]:
    """Graphviz's language; ids and texts are quoted, so that nothing in them is read as a command."""
    yield 'digraph lineage {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname="sans-serif"];\n'
    for node, about in graph.nodes(data=True):
        yield f"  {_quoted(node)} [{_attributes(about)}];\n"
    for parent, child, about in graph.edges(data=True):
        label = {"label": about["relation"], **about} if "relation" in about else about
        yield f"  {_quoted(parent)} -> {_quoted(child)} [{_attributes(label)}];\n"
    yield "}\n"


def _attributes(about: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={_quoted(str(value))}" for name, value in about.items())


def _quoted(text: str) -> str:
    r"""A text in double quotes; a backslash stands for itself.

    >>> print(_quoted('a "b" \\n'))
    "a \"b\" \\n"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
