"""Graphs in the formats of network tools: GraphML, GEXF (Gephi), DOT (Graphviz), Cytoscape JSON and
node-link JSON (networkx, D3).

The same graph gives the same bytes: networkx puts today's date into GEXF, which is taken out, and a name of
the graph, which the schema of GEXF does not know. DOT and
the JSON formats are written as the graph streams by; GraphML and GEXF, which networkx writes, hold it
in memory, and so only up to HELD nodes and edges.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

from kg.errors import TooLargeToHold, UnknownFormat
from kg.messages.message import Message, mark
from kg.model.media import WrittenFormat, by_name

if TYPE_CHECKING:
    import networkx as nx

HELD = 400_000  # nodes and edges that GraphML and GEXF may hold in memory: 2.5 kB each, measured
_UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # not in XML
_TODAY = re.compile(r' lastmodifieddate="[^"]*"')
_NAME = re.compile(r'(<graph\b[^>]*?) name="[^"]*"')

About = Mapping[str, Any]  # attributes: texts and numbers


class GraphStream(NamedTuple):
    """A directed graph as it streams by; each part is read once, nodes first, and no edge is double."""

    nodes: Iterable[tuple[str, About]]
    edges: Iterable[tuple[str, str, About]]  # from parent to child


WriteGraph: TypeAlias = Callable[[GraphStream, IO[bytes]], None]


def network(graph: nx.DiGraph) -> GraphStream:
    """A networkx graph as a stream."""
    return GraphStream(graph.nodes(data=True), graph.edges(data=True))


def write_graph(graph: GraphStream, format: str, out: IO[bytes]) -> None:
    """Write a graph whose nodes and edges carry texts and numbers.

    Args:
        graph: the graph.
        format: a name in GRAPH_FORMATS.
        out: where to write.

    Raises:
        UnknownFormat: no such format; carries the known ones.
        TooLargeToHold: GraphML or GEXF of more than HELD nodes and edges.
    """
    if format not in GRAPH_FORMATS:
        raise UnknownFormat(format, sorted(GRAPH_FORMATS))
    GRAPH_FORMATS[format].write(graph, out)


def _write_graphml(graph: GraphStream, out: IO[bytes]) -> None:
    import networkx as nx  # few need it, and it takes long to load

    nx.write_graphml(_held(graph, "graphml"), out)


def _write_gexf(graph: GraphStream, out: IO[bytes]) -> None:
    import networkx as nx

    text = "\n".join(nx.generate_gexf(_held(graph, "gexf")))
    text = _NAME.sub(r"\1", _TODAY.sub("", text, count=1), count=1)
    out.write(text.encode() + b"\n")


def _held(graph: GraphStream, format: str) -> nx.DiGraph:
    """The graph in memory, without characters that XML cannot hold."""
    import networkx as nx

    held, room = nx.DiGraph(), itertools.count(1)
    for node, about in graph.nodes:
        held.add_node(node, **{k: _clean(v) for k, v in about.items()})
        _check(next(room), format)
    for parent, child, about in graph.edges:
        held.add_edge(parent, child, **{k: _clean(v) for k, v in about.items()})
        _check(next(room), format)
    return held


def _check(size: int, format: str) -> None:
    if size > HELD:
        raise TooLargeToHold(
            Message(
                "the graph has more than %(most)s nodes and edges, and %(format)s is made in memory: "
                "narrow it with --model, --family or --query, or take dot, cytoscape, nodelink, csv "
                "or parquet",
                most=HELD,
                format=format,
            )
        )


def _clean(value: object) -> object:
    return _UNFIT.sub("", value) if isinstance(value, str) else value


def _dot(graph: GraphStream) -> Iterator[str]:
    """Graphviz's language; ids and texts are quoted, so that nothing in them is read as a command."""
    yield 'digraph lineage {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname="sans-serif"];\n'
    for node, about in graph.nodes:
        yield f"  {_quoted(node)} [{_attributes(about)}];\n"
    for parent, child, about in graph.edges:
        label = {"label": about["relation"], **about} if "relation" in about else about
        yield f"  {_quoted(parent)} -> {_quoted(child)} [{_attributes(label)}];\n"
    yield "}\n"


def _attributes(about: About) -> str:
    return ", ".join(f"{name}={_quoted(str(value))}" for name, value in about.items())


def _quoted(text: str) -> str:
    r"""A text in double quotes; a backslash stands for itself.

    >>> print(_quoted('a "b" \\n'))
    "a \"b\" \\n"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _cytoscape(graph: GraphStream) -> Iterator[str]:
    """Cytoscape's .cyjs, which Cytoscape.js and networkx (`cytoscape_graph`) read too."""
    yield '{"data": {}, "directed": true, "multigraph": false, "elements": {\n"nodes": [\n'
    yield from _items(
        {"data": {**about, "id": node, "value": node, "name": about.get("label", node)}}
        for node, about in graph.nodes
    )
    yield '],\n"edges": [\n'
    yield from _items(
        {"data": {**about, "source": parent, "target": child}}
        for parent, child, about in graph.edges
    )
    yield "]}}\n"


def _nodelink(graph: GraphStream) -> Iterator[str]:
    """The shape of networkx's `node_link_data`."""
    yield '{"directed": true, "multigraph": false, "graph": {},\n"nodes": [\n'
    yield from _items({**about, "id": node} for node, about in graph.nodes)
    yield '],\n"edges": [\n'
    yield from _items(
        {**about, "source": parent, "target": child} for parent, child, about in graph.edges
    )
    yield "]}\n"


def _items(values: Iterable[object]) -> Iterator[str]:
    for number, value in enumerate(values):
        yield (",\n" if number else "") + msgspec.json.encode(value).decode()


def _streams(lines: Callable[[GraphStream], Iterator[str]]) -> WriteGraph:
    """Writes a graph line by line."""
    return lambda graph, out: out.writelines(line.encode() for line in lines(graph))


GRAPH_FORMATS: Mapping[str, WrittenFormat[WriteGraph]] = by_name(
    WrittenFormat(
        name="graphml",
        suffix="graphml",
        media_type="application/graphml+xml",
        label="GraphML",
        file_title=mark("Models and derivations for network tools, in GraphML"),
        write=_write_graphml,
        in_memory=True,
    ),
    WrittenFormat(
        name="gexf",
        suffix="gexf",
        media_type="application/gexf+xml",
        label="GEXF",
        write=_write_gexf,
        in_memory=True,
    ),
    WrittenFormat(
        name="dot",
        suffix="dot",
        media_type="text/vnd.graphviz",
        label="DOT",
        write=_streams(_dot),
    ),
    WrittenFormat(
        name="cytoscape",
        suffix="cyjs",
        media_type="application/json",
        label="Cytoscape JSON",
        file_title=mark("Models and derivations for Cytoscape and Cytoscape.js, in JSON"),
        write=_streams(_cytoscape),
    ),
    WrittenFormat(
        name="nodelink",
        suffix="nodelink.json",
        media_type="application/json",
        label="node-link JSON",
        file_title=mark("Models and derivations as node-link JSON, for networkx"),
        write=_streams(_nodelink),
    ),
)
