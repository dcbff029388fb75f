"""Exports as the programs they are for open them: networkx, igraph, pandas, DuckDB, pyarrow, rdflib."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import igraph
import msgspec
import networkx as nx
import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner, Result
from pyarrow import parquet as pq
from rdflib.compare import isomorphic

from kg.cli.main import main
from kg.errors import InputError, NotInstalled, TooLargeToHold, UnknownId
from kg.export import graphs as graphfiles
from kg.export import table_files
from kg.export.columns import TABLES
from kg.export.export import EXPORTS
from kg.export.formats import FORMATS, Exporter
from kg.export.graphs import GRAPH_FORMATS, GraphStream, write_graph
from kg.export.mappings import MAPPED
from kg.export.release_files import write_exports
from kg.export.table_files import write_csv, write_parquet
from kg.export.tables import StreamedTable
from kg.files.lines import line_file
from kg.model.claim import Entity, Fact, Said, kind_of
from kg.model.media import RDF_FORMATS
from kg.model.vocabulary import KG
from kg.snapshot.snapshot import Snapshot

BASE = "http://127.0.0.1:8000/"
SHAPES = Path(__file__).parents[1] / "shapes"


def run(home: Path, *arguments: str, stdin: str = "", code: int = 0) -> Result:
    done = CliRunner().invoke(main, ["--home", str(home), "export", *arguments], input=stdin)
    assert done.exit_code == code, done.output
    return done


def exported(home: Path, *arguments: str, stdin: str = "") -> bytes:
    return run(home, *arguments, "-o", "-", stdin=stdin).stdout_bytes


# ---- graphs ----


@pytest.fixture(scope="module")
def edges(snapshot_home: Path) -> set[tuple[str, str]]:
    table = pd.read_csv(io.BytesIO(exported(snapshot_home, "csv")))
    return set(zip(table.parent, table.child, strict=True))


def opened(format: str, path: Path) -> nx.DiGraph:
    data = path.read_bytes()
    match format:
        case "graphml":
            return nx.read_graphml(path)
        case "gexf":
            return nx.read_gexf(path)
        case "cytoscape":
            return nx.cytoscape_graph(json.loads(data))
        case "nodelink":
            return nx.node_link_graph(json.loads(data), edges="edges")
    raise AssertionError(format)


@pytest.mark.parametrize("format", ["graphml", "gexf", "cytoscape", "nodelink"])
def test_networkx_opens_a_graph(
    snapshot_home: Path, tmp_path: Path, edges: set[tuple[str, str]], format: str
) -> None:
    run(snapshot_home, format, "-o", str(tmp_path / "g"))
    graph = opened(format, tmp_path / "g")
    assert set(graph.edges) == edges and not graph.is_multigraph()
    about = graph.nodes["model/koalpaca-polyglot-12.8b"]
    assert about["label"] == "KoAlpaca-Polyglot 12.8B" and about["kind"] == "model"
    assert about["label_ko"].startswith("KoAlpaca") and about["releaseDate"] == "2023-04-20"
    between = graph.edges["model/polyglot-ko-12.8b", "model/koalpaca-polyglot-12.8b"]
    assert between["relation"].split() == ["fineTunedFrom"]


def test_members_are_joined_to_their_family_and_say_what_one_colors_by(
    snapshot: Snapshot, snapshot_home: Path, tmp_path: Path
) -> None:
    run(snapshot_home, "graphml", "-o", str(tmp_path / "g"))
    graph = nx.read_graphml(tmp_path / "g")
    member, family = "model/koalpaca-polyglot-12.8b", "family/koalpaca"
    assert graph.edges[family, member]["relation"].split() == ["inFamily"]
    assert len(list(nx.isolates(graph))) < 0.05 * len(graph)
    about = graph.nodes["model/llama-2-7b"]
    assert about["developer"] == "org/meta" and about["license"] == "license/llama-2-license"
    assert about["parameterCount"] > 6 * 10**9 and about["hubId"].startswith("meta-llama/")
    assert about["commercialVerdict"] and about["releaseDate"] == "2023-07-18"
    for id, said in islice(graph.nodes(data=True), 0, None, 20):
        if entity := find(snapshot, id):
            found = {f.property: f.values for f in entity.inferred}
            assert said.get("commercialVerdict") in (*found.get("commercialVerdict", ()), None)
            assert ("commercialVerdict" in found) == ("commercialVerdict" in said)


def find(snapshot: Snapshot, id: str) -> Entity | None:
    try:
        return snapshot.entity(id)
    except UnknownId:
        return None


GEXF = "{http://www.gexf.net/1.2draft}"
# From the schema of GEXF 1.2 (gephi/gexf, specs/1.2draft): what each element may hold and say.
GEXF_ATTRIBUTES = {
    "gexf": {"version", "variant"},
    "meta": {"lastmodifieddate"},
    "creator": set(),
    "graph": {
        "timeformat",
        "start",
        "startopen",
        "end",
        "endopen",
        "defaultedgetype",
        "idtype",
        "mode",
    },
    "attributes": {"class", "mode"},
    "attribute": {"id", "title", "type"},
    "nodes": {"count"},
    "node": {"id", "label", "pid", "start", "end"},
    "attvalues": set(),
    "attvalue": {"for", "value", "start", "end"},
    "edges": {"count"},
    "edge": {"id", "type", "label", "source", "target", "weight", "start", "end"},
}
GEXF_PARTS = {
    "gexf": ["meta", "graph"],
    "meta": ["creator"],
    "graph": ["attributes", "nodes", "edges"],
    "attributes": ["attribute"],
    "nodes": ["node"],
    "node": ["attvalues"],
    "attvalues": ["attvalue"],
    "edges": ["edge"],
    "edge": ["attvalues"],
}


@pytest.mark.parametrize("part", [(), ("--family", "family/llama")])
def test_gexf_holds_what_its_schema_knows(snapshot_home: Path, part: tuple[str, ...]) -> None:
    for element in ET.fromstring(exported(snapshot_home, "gexf", *part)).iter():
        name = element.tag.removeprefix(GEXF)
        said = {
            a for a in element.attrib if not a.startswith("{http://www.w3.org/2001/XMLSchema-i")
        }
        assert said <= GEXF_ATTRIBUTES[name], name
        assert {p.tag.removeprefix(GEXF) for p in element} <= {*GEXF_PARTS.get(name, ())}
        if name == "attribute":
            assert element.get("type") in {
                "integer",
                "long",
                "double",
                "float",
                "boolean",
                "string",
            }
        if name in ("node", "edge"):
            assert (
                element.get("id")
                and element.get("label", "").split() == element.get("label", "").strip().split()
            )


SCHEMA = os.environ.get("GEXF_SCHEMA", "")  # gexf.xsd of specs/1.2draft, with the others beside it


@pytest.mark.skipif(
    not SCHEMA or not shutil.which("xmllint"),
    reason="needs xmllint, and in GEXF_SCHEMA the path of gexf.xsd (specs/1.2draft of gephi/gexf)",
)
def test_gexf_is_valid(snapshot_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "g.gexf"
    run(snapshot_home, "gexf", "-o", str(path))
    command = ["xmllint", "--noout", "--nonet", "--schema", SCHEMA, str(path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_igraph_opens_graphml_and_counts_the_same(
    snapshot_home: Path, tmp_path: Path, edges: set[tuple[str, str]]
) -> None:
    run(snapshot_home, "graphml", "-o", str(tmp_path / "g"))
    graph = igraph.Graph.Read_GraphML(str(tmp_path / "g"))
    assert graph.is_directed() and graph.ecount() == len(edges)
    names = graph.vs["id"]
    assert {(names[e.source], names[e.target]) for e in graph.es} == edges


def test_cytoscape_js_finds_the_ends_of_every_edge(snapshot_home: Path) -> None:
    elements = json.loads(exported(snapshot_home, "cytoscape"))["elements"]
    ids = {node["data"]["id"] for node in elements["nodes"]}
    assert len(ids) == len(elements["nodes"])
    assert {e["data"][end] for e in elements["edges"] for end in ("source", "target")} <= ids


def test_a_parent_that_nobody_describes_is_a_node(snapshot: Snapshot, tmp_path: Path) -> None:
    gone, says = "model/hf/a/gone", (Said(value="model/hf/a/gone", source="source/hub"),)
    child = Entity("model/hf/a/b", {"en": ("B",)}, (Fact("fineTunedFrom", (gone,), says),))
    exporter = Exporter(lambda: [child], io.BytesIO, snapshot.vocabulary)
    for format in ("graphml", "nodelink"):
        with (tmp_path / format).open("wb") as out:
            exporter.write(format, out)
        graph = opened(format, tmp_path / format)
        assert graph.nodes[gone] == {"label": "hf/a/gone", "kind": "model"}
        assert list(graph.edges) == [(gone, child.id)]


def test_a_graph_too_large_for_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphfiles, "HELD", 3)
    for format in GRAPH_FORMATS:
        nodes, out = [("a", {}), ("b", {}), ("c", {})], io.BytesIO()
        graph = GraphStream(nodes, [("a", "b", {}), ("a", "c", {})])
        if format in ("graphml", "gexf"):
            with pytest.raises(TooLargeToHold, match="take dot, cytoscape, nodelink"):
                write_graph(graph, format, out)
        else:
            write_graph(graph, format, out)
            assert out.getvalue()


# ---- tables ----


@pytest.mark.parametrize("table", TABLES)
def test_csv_and_parquet_hold_the_same(snapshot_home: Path, tmp_path: Path, table: str) -> None:
    for format in ("csv", "parquet"):
        run(snapshot_home, format, "--table", table, "-o", str(tmp_path / format))
    rows = pd.read_csv(tmp_path / "csv", dtype=str, keep_default_na=False)
    found = pd.read_parquet(tmp_path / "parquet")
    assert list(found) == list(rows) and len(found) == len(rows) > 15
    for name in ("id", "label", "child", "parent", "subject", "value", "source"):
        if name in found:
            assert list(found[name].fillna("")) == list(rows[name])


def test_duckdb_joins_the_tables(snapshot_home: Path, tmp_path: Path) -> None:
    for table in ("edges", "nodes", "models"):
        run(snapshot_home, "parquet", "--table", table, "-o", str(tmp_path / f"{table}.parquet"))
    found = duckdb.sql(f"""
        SELECT child.label, parent.label, model.parameterCount
        FROM '{tmp_path}/edges.parquet' e
        JOIN '{tmp_path}/nodes.parquet' child ON child.id = e.child
        JOIN '{tmp_path}/nodes.parquet' parent ON parent.id = e.parent
        JOIN '{tmp_path}/models.parquet' model ON model.id = e.child
        WHERE e.relation = 'fineTunedFrom' AND model.parameterCount > 12e9
    """).fetchall()
    assert ("KoAlpaca-Polyglot 12.8B", "Polyglot-Ko 12.8B", 12_800_000_000) in found
    edges = duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/edges.parquet'").fetchall()
    joined = duckdb.sql(f"""SELECT count(*) FROM '{tmp_path}/edges.parquet' e
        JOIN '{tmp_path}/nodes.parquet' n ON n.id = e.parent""").fetchall()
    assert edges == joined


def test_parquet_has_types_and_row_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_files, "_GROUP", 2)
    columns = (("id", "string"), ("n", "integer"), ("x", "decimal"), ("ok", "boolean"))
    rows = [("a", 1, 0.5, True), ("b", "", None, False), ("c", 2**62, 3, None)]
    out = io.BytesIO()
    write_parquet(StreamedTable(columns, rows), out)
    file = pq.ParquetFile(io.BytesIO(out.getvalue()))
    assert file.num_row_groups == 2
    assert file.read().to_pylist() == [
        {"id": "a", "n": 1, "x": 0.5, "ok": True},
        {"id": "b", "n": None, "x": None, "ok": False},
        {"id": "c", "n": 2**62, "x": 3.0, "ok": None},
    ]


def test_a_number_too_large_for_parquet_is_told() -> None:
    table = StreamedTable((("n", "integer"),), [(2**70,)])
    with pytest.raises(InputError, match="take csv"):
        write_parquet(table, io.BytesIO())
    out = io.BytesIO()
    write_csv(table, out)
    assert out.getvalue() == f"n\n{2**70}\n".encode()


def test_parquet_that_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, snapshot_home: Path, tmp_path: Path, snapshot: Snapshot
) -> None:
    monkeypatch.setattr(table_files, "HAS_PARQUET", False)
    done = run(snapshot_home, "parquet", "-o", str(tmp_path / "x"), code=1)
    assert "pip install 'gyebo[parquet]'" in done.stderr and not (tmp_path / "x").exists()
    with pytest.raises(NotInstalled):
        write_parquet(StreamedTable((), []), io.BytesIO())
    monkeypatch.setattr(sys.modules[write_exports.__module__], "HAS_PARQUET", False)
    exporter = Exporter(list, lambda: line_file([]), snapshot.vocabulary)
    write_exports(tmp_path, exporter, BASE, bool)
    assert not list((tmp_path / "exports").glob("*.parquet"))


# ---- RDF ----


def read(format: str, data: bytes) -> rdflib.Dataset:
    names = {"ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
    found = rdflib.Dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's own
        found.parse(data=data, format=names.get(format, format))
    return found


def facts(dataset: rdflib.Dataset) -> rdflib.Graph:
    graph = rdflib.Graph()
    for triple in dataset.default_graph:
        graph.add(triple)
    return graph


@pytest.mark.parametrize("vocabulary", ["kg", *MAPPED])
def test_all_formats_of_rdf_say_the_same(snapshot_home: Path, vocabulary: str) -> None:
    part = ("--family", "polyglot-ko", "--vocabulary", vocabulary)
    turtle = facts(read("turtle", exported(snapshot_home, "turtle", *part)))
    assert len(turtle) > 50
    for format in RDF_FORMATS:
        assert isomorphic(facts(read(format, exported(snapshot_home, format, *part))), turtle)


def test_whole_exports_agree(snapshot_home: Path) -> None:
    quads = {format: exported(snapshot_home, format) for format in ("nquads", "jsonld", "turtle")}
    all_ = set(ox.parse(quads["nquads"], ox.RdfFormat.N_QUADS))
    assert set(ox.parse(quads["jsonld"], ox.RdfFormat.JSON_LD)) == all_
    resolved = {q for q in all_ if q.graph_name == ox.DefaultGraph()}
    assert set(ox.parse(quads["turtle"], ox.RdfFormat.TURTLE)) == resolved


# ---- what a query narrows ----

THREE = "SELECT ?m { VALUES ?m { <%smodel/alpaca-7b> <%smodel/llama-7b> <%smodel/none> } }" % (
    (BASE,) * 3
)


def test_a_select_narrows_to_the_entities_it_names(snapshot_home: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(THREE)
    query = ("--query", str(tmp_path / "q.rq"))
    rows = pd.read_csv(io.BytesIO(exported(snapshot_home, "csv", "--table", "models", *query)))
    assert list(rows.id) == ["model/alpaca-7b", "model/llama-7b"]
    quads = list(ox.parse(exported(snapshot_home, "nquads", *query), ox.RdfFormat.N_QUADS))
    assert {q.subject.value for q in quads} == {f"{BASE}{id}" for id in rows.id}
    assert len({q.graph_name for q in quads}) > 2, "with who says what"


def test_any_column_may_name_entities(snapshot_home: Path) -> None:
    query = f"SELECT ?n ?child ?parent {{ ?child kg:fineTunedFrom ?parent ; rdfs:label ?n FILTER(?parent = <{BASE}model/llama-7b>) }}"
    rows = pd.read_csv(io.BytesIO(exported(snapshot_home, "csv", "--query", "-", stdin=query)))
    assert set(rows.parent) >= {"model/llama-7b"} and "model/alpaca-7b" in set(rows.child)


def test_a_construct_is_exported_as_it_is(snapshot_home: Path) -> None:
    query = "CONSTRUCT { ?m schema:license ?l } WHERE { ?m kg:license ?l }"
    turtle, again = (exported(snapshot_home, "turtle", "--query", "-", stdin=query) for _ in "12")
    graph = facts(read("turtle", turtle))
    assert turtle == again and len(graph) > 40
    assert set(graph.predicates()) == {rdflib.URIRef("https://schema.org/license")}
    keyed = json.loads(exported(snapshot_home, "jsonld", "--query", "-", stdin=query))
    assert "schema:license" in keyed["@graph"][0]


def test_what_a_construct_describes_narrows_the_other_formats(snapshot_home: Path) -> None:
    query = f"DESCRIBE <{BASE}model/alpaca-7b>"
    rows = pd.read_csv(
        io.BytesIO(exported(snapshot_home, "csv", "--table", "models", "--query", "-", stdin=query))
    )
    assert list(rows.id) == ["model/alpaca-7b"]
    schema = exported(
        snapshot_home, "turtle", "--vocabulary", "schema", "--query", "-", stdin=query
    )
    assert b"schema:name" in schema and KG.encode() not in schema


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["turtle", "--query", "-"], "SELECT ?x {", "line 1, column 12"),
        (["turtle", "--query", "-"], "ASK { ?s ?p ?o }", "an ASK query names nothing"),
        (["turtle", "--query", "-"], "SELECT (1 AS ?n) {}", "names no entity"),
        (["csv", "--query", "-"], "CONSTRUCT { <urn:a> <urn:b> 1 } {}", "names no entity"),
        (["turtle", "--query", "-"], "DROP ALL", "this service only reads"),
        (["turtle", "--query", "-"], "SELECT * { SERVICE <http://x> {} }", "SERVICE"),
        (["turtle", "--query", "/no/such.rq"], "", "No such file"),
        (["turtle", "--query", "-", "--model", "x"], "ASK {}", "give one of them"),
        (["turtle", "--model", "a", "--family", "b"], "", "give one of them"),
        (["csv", "--vocabulary", "schema"], "", "--vocabulary is for RDF"),
        (["graphml", "--vocabulary", "dcat"], "", "graphml is not"),
        (["turtle", "--vocabulary", "owl"], "", "'mldcat'"),
        (["excel"], "", "known are: badge, card, csv, cyclonedx"),
        (["parquet", "--table", "rows"], "", "known are: edges, models, claims, nodes, gaps"),
    ],
)
def test_what_cannot_be_exported_is_told(
    snapshot_home: Path, arguments: list[str], stdin: str, message: str
) -> None:
    assert message in run(snapshot_home, *arguments, "-o", "-", stdin=stdin, code=2).stderr


# ---- the same each time, and of any size ----


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_release_gives_the_same_bytes(snapshot_home: Path, format: str) -> None:
    part = ("--family", "llama")
    assert exported(snapshot_home, format, *part) == exported(snapshot_home, format, *part)


def test_every_format_has_a_writer_and_a_file_of_its_own() -> None:
    assert EXPORTS.keys() >= FORMATS.keys()
    assert len({format.suffix for format in FORMATS.values()}) == len(FORMATS)
    assert all(name == format.name for name, format in FORMATS.items())


@pytest.mark.parametrize(
    ("format", "table"),
    [
        ("csv", "models"),
        ("parquet", "claims"),
        ("cytoscape", "edges"),
        ("nodelink", "edges"),
        ("dot", ""),
    ],
)
def test_formats_that_stream_write_before_they_have_read_all(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch, format: str, table: str
) -> None:
    monkeypatch.setattr(table_files, "_GROUP", 50)
    out, written = io.BytesIO(), [0]

    def entities() -> Iterator[Entity]:
        for entity in snapshot.entities():
            written.append(out.tell())
            yield entity

    Exporter(entities, io.BytesIO, snapshot.vocabulary).write(format, out, table)
    assert written[-1] > 0


def test_lines_are_made_as_they_are_read() -> None:
    made: list[int] = []

    def lines() -> Iterator[str]:
        for n in range(100_000):
            made.append(n)
            yield f"{n} 가\n"

    file = line_file(lines())
    assert file.read(5) == "0 가".encode()
    assert len(made) < 100_000
    assert file.read().endswith("99999 가\n".encode()) and len(made) == 100_000


def test_a_narrowed_export_names_only_what_it_holds(snapshot_home: Path) -> None:
    data = exported(snapshot_home, "turtle", "--family", "polyglot-ko", "--vocabulary", "dcat")
    graph = facts(read("turtle", data))
    described = {str(s) for s in graph.subjects()}
    ours = {str(o) for o in graph.objects() if str(o).startswith(BASE)}
    assert ours <= described
    assert {kind_of(iri.removeprefix(BASE)) for iri in ours} >= {
        "model",
        "org",
        "license",
        "dataset",
    }
    assert msgspec.json.decode(exported(snapshot_home, "nodelink", "--family", "polyglot-ko"))[
        "nodes"
    ]
