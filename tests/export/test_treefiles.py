"""Family trees as files: complete, equal in every format, the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import networkx as nx
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.answers.tree.answer import tree_answer
from kg.answers.tree.selection import Wish
from kg.answers.tree.tree import Tree, family_tree
from kg.cli.main import main
from kg.errors import InputError, UnknownFormat
from kg.export import trees as treefiles
from kg.export.graphs import network, write_graph
from kg.export.trees import TREE_FILES, family_file, tree_file
from kg.snapshot.snapshot import Snapshot
from tests.answers.test_tree import Small, lineages


@pytest.fixture(scope="module")
def tree(snapshot: Snapshot) -> Tree:
    return family_tree(snapshot, "family/llama", wish=Wish(data=True))


def test_every_format_holds_the_same_nodes_and_edges(tree: Tree) -> None:
    plain = tree_answer(tree)
    ids = {node.id for node in plain.nodes}
    edges = {(edge.parent, edge.child) for edge in plain.edges}
    assert {node.id for node in tree.nodes} < ids and len(ids) == len(plain.nodes)
    assert json.loads(tree_file(tree, "json"))["total"] == plain.total
    for graph in (
        nx.read_graphml(io.BytesIO(tree_file(tree, "graphml"))),
        nx.read_gexf(io.BytesIO(tree_file(tree, "gexf"))),
    ):
        assert set(graph) == ids and set(graph.edges) == edges
    rows = list(csv.DictReader(io.StringIO(tree_file(tree, "csv").decode())))
    assert {row["id"] for row in rows} == ids
    assert {(row["parent"], row["id"]) for row in rows if row["parent"]} == edges
    dot = tree_file(tree, "dot").decode()
    assert dot.count(" -> ") == len(edges) and all(f'  "{id}" [' in dot for id in ids)


def test_edges_say_relation_and_which_is_primary(tree: Tree) -> None:
    edges = {(e.parent, e.child): e for e in tree_answer(tree).edges}
    assert edges["model/vicuna-7b", "model/kovicuna-7b"].primary
    other = edges["dataset/alpaca-52k", "model/alpaca-7b"]
    assert not other.primary and other.relation
    written = [e for e in edges.values() if e.relation == "generatedWith"]
    assert written and all(e.child.startswith("dataset/") for e in written)


@pytest.mark.parametrize("format", treefiles.TREE_FORMATS)
def test_the_same_tree_gives_the_same_bytes(tree: Tree, format: str) -> None:
    assert tree_file(tree, format) == tree_file(tree, format)
    assert b"lastmodified" not in tree_file(tree, format)


def test_what_is_hidden_is_counted(snapshot: Snapshot) -> None:
    tree = family_tree(snapshot, "family/llama", limit=4)
    plain = tree_answer(tree)
    assert (
        plain.shown + sum(node.hidden for node in plain.nodes)
        == plain.total
        == tree_answer(family_tree(snapshot, "family/llama")).total
    )


@given(st.text(min_size=1), st.text())
def test_no_text_breaks_a_format(id: str, label: str) -> None:
    graph = nx.DiGraph()
    graph.add_node("a", label=label)
    graph.add_edge("a", "b", relation=id)
    for format in ("graphml", "gexf"):
        out = io.BytesIO()
        write_graph(network(graph), format, out)
        ET.fromstring(out.getvalue())
    out = io.BytesIO()
    write_graph(network(graph), "dot", out)
    unescaped = re.sub(r"\\.", "", out.getvalue().decode())
    assert unescaped.count('"') % 2 == 0


@given(lineages(), st.data())
def test_any_tree_becomes_a_file(small: Small, data: st.DataObject) -> None:
    tree = family_tree(small, data.draw(st.sampled_from(small.ids)), limit=5)
    for format in treefiles.TREE_FORMATS:
        assert tree_file(tree, format)


def test_unknown_formats_and_kinds_are_refused(snapshot: Snapshot, tree: Tree) -> None:
    with pytest.raises(UnknownFormat, match="known are: svg, png"):
        family_file(snapshot, "family/llama", ".exe")
    with pytest.raises(UnknownFormat):
        tree_file(tree, "svg")
    with pytest.raises(UnknownFormat):
        write_graph(network(nx.DiGraph()), "svg", io.BytesIO())
    with pytest.raises(InputError, match="neither"):
        family_file(snapshot, "org/meta", ".svg")


@pytest.mark.parametrize("format", TREE_FILES)
def test_the_command_writes_every_format(snapshot_home: Path, tmp_path: Path, format: str) -> None:
    path = tmp_path / f"family.{format}"
    args = ["--home", str(snapshot_home), "lineage", "llama-7b", "-o", str(path), "--lang", "ko"]
    done = CliRunner().invoke(main, args)
    assert (done.exit_code, done.output) == (0, "")
    assert path.stat().st_size > 300 and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["-o", "x.exe"], "unknown format 'exe'"),
        (["-o", "x"], "unknown format ''"),
        (["-o", "x.svg", "--direction", "up"], "-o writes a whole family"),
        (["-o", "/no/such/folder/x.svg"], "cannot write"),
    ],
)
def test_the_command_says_what_is_wrong(snapshot_home: Path, options: list[str], said: str) -> None:
    args = ["--home", str(snapshot_home), "lineage", "llama-7b", *options]
    done = CliRunner().invoke(main, args)
    assert done.exit_code == 2 and said in done.output


def test_limit_and_depth_narrow_a_file(snapshot: Snapshot) -> None:
    whole = json.loads(family_file(snapshot, "model/llama-7b", "json"))
    near = json.loads(family_file(snapshot, "model/llama-7b", "json", depth=1))
    few = json.loads(family_file(snapshot, "model/llama-7b", "json", limit=5))
    assert whole["shown"] == whole["total"] == near["total"] == few["total"]
    assert len(few["nodes"]) == 5 < len(near["nodes"]) < len(whole["nodes"])
