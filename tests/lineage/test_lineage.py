"""Lineage arrays equal networkx and SPARQL paths on any graph; families follow their rule."""

from pathlib import Path

import networkx as nx
import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.answers import lineage as lineage_answer
from kg.answers.contract import Direction
from kg.answers.genealogy import Where
from kg.lineage.graph import Collector, Lineage, build_lineage
from kg.lineage.reach import Distances
from kg.snapshot.snapshot import Snapshot
from tests.conftest import Corner

WEIGHTS = {"fineTunedFrom", "mergedFrom"}

# Nodes 0–7 are entities, 8–9 are named as parents only (dangling); loops and cycles included.
edges = st.lists(
    st.tuples(
        st.integers(0, 7),
        st.integers(0, 9),
        st.sampled_from(["fineTunedFrom", "mergedFrom", "trainedOn"]),
    ),
    max_size=25,
)
Edges = list[tuple[int, int, str]]


def build(some: Edges, folder: Path, budget: int = 10**6) -> Lineage:
    collector = Collector({"fineTunedFrom", "mergedFrom", "trainedOn", "inFamily"})
    for node in range(8):
        assert collector.entity(f"model/{node}") == node
    for child, parent, relation in some:
        collector.edge(child, f"model/{parent}", relation)
    return build_lineage(collector, WEIGHTS, folder, budget)


def named(lineage: Lineage, nodes: dict[int, int]) -> dict[int, int]:
    """Node numbers as the numbers in their ids; dangling ones come after the entities."""
    ids = [*range(8), *(int(id.removeprefix("model/")) for id in lineage.dangling)]
    return {ids[node]: depth for node, depth in nodes.items()}


def oracle(some: Edges) -> nx.DiGraph:
    graph = nx.DiGraph((c, p) for c, p, relation in some if relation in WEIGHTS)
    graph.add_nodes_from(range(10))
    return graph


@given(edges)
@settings(max_examples=300, deadline=None)
def test_equals_networkx(tmp_path_factory: pytest.TempPathFactory, some: Edges) -> None:
    lineage = build(some, tmp_path_factory.mktemp("lineage"))
    graph = oracle(some)
    for node in range(8):
        up = nx.single_source_shortest_path_length(graph, node)
        down = nx.single_source_shortest_path_length(graph.reverse(), node)
        assert named(lineage, lineage.ancestors(node)) == {n: d for n, d in up.items() if d}
        assert named(lineage, lineage.descendants(node)) == {n: d for n, d in down.items() if d}
        assert lineage.descendant_count(node) == len(down) - 1


@given(edges)
@settings(deadline=None)
def test_equals_sparql(tmp_path_factory: pytest.TempPathFactory, some: Edges) -> None:
    lineage = build(some, tmp_path_factory.mktemp("lineage"))
    store = ox.Store()
    for child, parent, relation in some:
        if relation in WEIGHTS:
            store.add(ox.Quad(*map(ox.NamedNode, (f"x:{child}", "x:from", f"x:{parent}"))))
    for node in range(8):
        found = store.query(f"SELECT DISTINCT ?a {{ <x:{node}> <x:from>+ ?a }}")
        above = {int(row["a"].value.removeprefix("x:")) for row in found} - {node}
        assert set(named(lineage, lineage.ancestors(node))) == above
        found = store.query(f"SELECT DISTINCT ?d {{ ?d <x:from>+ <x:{node}> }}")
        below = {int(row["d"].value.removeprefix("x:")) for row in found} - {node}
        assert set(named(lineage, lineage.descendants(node))) == below


@given(edges)
@settings(deadline=None)
def test_without_a_closure_the_same(tmp_path_factory: pytest.TempPathFactory, some: Edges) -> None:
    closed = build(some, tmp_path_factory.mktemp("closed"))
    searched = build(some, tmp_path_factory.mktemp("searched"), budget=0)
    for node in range(8):
        assert searched.ancestors(node) == closed.ancestors(node)
        assert searched.descendants(node) == closed.descendants(node)


@given(edges)
@settings(deadline=None)
def test_cycles_are_reported(tmp_path_factory: pytest.TempPathFactory, some: Edges) -> None:
    lineage = build(some, tmp_path_factory.mktemp("lineage"))
    graph = oracle(some)
    on_cycle = {
        n for part in nx.strongly_connected_components(graph) if len(part) > 1 for n in part
    }
    assert set(lineage.cycles) == on_cycle | set(nx.nodes_with_selfloops(graph))


def test_no_edges_at_all(tmp_path: Path) -> None:
    lineage = build([], tmp_path)
    assert (lineage.ancestors(0), lineage.descendants(0), [*lineage.dangling]) == ({}, {}, [])


@given(edges)
@settings(deadline=None)
def test_data_edges_are_followed_apart(
    tmp_path_factory: pytest.TempPathFactory, some: Edges
) -> None:
    lineage = build(some, tmp_path_factory.mktemp("lineage"))
    graph = nx.DiGraph((c, p) for c, p, relation in some if relation == "trainedOn")
    graph.add_nodes_from(range(10))
    for node in range(8):
        up = nx.single_source_shortest_path_length(graph, node)
        assert named(lineage, lineage.ancestors(node, {"trainedOn"})) == {
            n: d for n, d in up.items() if d
        }


@given(edges)
@settings(deadline=None)
def test_who_comes_from_whom_is_told_of_many_at_once(
    tmp_path_factory: pytest.TempPathFactory, some: Edges
) -> None:
    closed = build(some, tmp_path_factory.mktemp("closed"))
    searched = build(some, tmp_path_factory.mktemp("searched"), budget=0)
    nodes, others = (part.ravel() for part in np.mgrid[: closed.size, : closed.size])
    expected = [other in closed.ancestors(node) for node, other in zip(nodes, others, strict=True)]
    assert closed.comes_from(nodes, others).tolist() == expected
    assert searched.comes_from(nodes, others).tolist() == expected


def test_wide_searches_find_what_narrow_ones_do(tmp_path: Path) -> None:
    collector = Collector({"fineTunedFrom"})
    for node in range(2000):
        collector.entity(f"model/{node:04}")
        if node:
            collector.edge(node, f"model/{node % 700 // 2:04}", "fineTunedFrom")
    lineage = build_lineage(collector, {"fineTunedFrom"}, tmp_path, budget=0)
    graph = nx.DiGraph((n % 700 // 2, n) for n in range(1, 2000))
    for node in (0, 1, 40):
        expected = nx.single_source_shortest_path_length(graph, node)
        assert lineage.descendants(node) == {n: d for n, d in expected.items() if d}


def test_no_file_is_read_whole_and_dates_and_kinds_are_arrays(tmp_path: Path) -> None:
    collector = Collector({"fineTunedFrom"}, loose={"fineTunedFrom"})
    collector.entity("family/f", "2023-03")
    node = collector.entity("model/a", "2024")
    collector.edge(node, "model/gone", "fineTunedFrom")
    lineage = build_lineage(collector, {"fineTunedFrom"}, tmp_path)
    assert lineage.dates.tolist() == [20230301, 20240101]
    assert lineage.kinds(np.arange(2), {"model"}).tolist() == [False, True]
    assert (lineage.size, [*lineage.dangling], [*lineage.ancestors(node)]) == (2, [], [])


def test_a_column_of_verdicts_may_stand_beside(tmp_path: Path) -> None:
    assert build([], tmp_path).verdicts is None
    np.save(tmp_path / "verdict.npy", np.arange(8, dtype=np.int8))
    lineage = Lineage(tmp_path)
    kept = Where(verdicts=frozenset({3, 5})).keep(lineage, Distances.of({2: 1, 3: 1, 5: 2}))
    assert dict(kept) == {3: 1, 5: 2}


def ids(snapshot: Snapshot, id: str, direction: Direction, role: str) -> set[str]:
    nodes = lineage_answer.lineage(snapshot, id, direction).nodes
    return {n.id for n in nodes if n.role == role}


LLAMA = set(
    "alpaca-7b alpaca-13b alpaca-30b alpaca-65b alpaca-lora gpt4all gpt4all-13b-snoozy vicuna-7b "
    "vicuna-13b vicuna-33b kovicuna-7b kovicuna-13b kovicuna-7b-ggml-q4 koalpaca-llama "
    "koalpaca-13b-lora koalpaca-30b-lora koalpaca-65b-lora koalpaca-lora-13b-chansung "
    "oasst-sft-6-llama-30b".split()
)


def test_everything_that_holds_llama_weights(snapshot: Snapshot) -> None:
    answer = lineage_answer.lineage(snapshot, "family/llama", "down")
    below = {n.id for n in answer.nodes if n.role == "descendant"}
    families = {"alpaca", "vicuna", "kovicuna", "open-assistant-llama"}
    assert below == {f"model/{m}" for m in LLAMA} | {f"family/{f}" for f in families}
    assert answer.total == len(LLAMA)


def test_a_mixed_family_passes_nothing_on(snapshot: Snapshot) -> None:
    assert ids(snapshot, "model/koalpaca-polyglot-12.8b", "up", "ancestor") == {
        "model/polyglot-ko-12.8b",
        "family/polyglot-ko",
    }


def test_pythia_down(snapshot: Snapshot) -> None:
    below = ids(snapshot, "model/pythia-12b", "down", "descendant")
    assert below == {"model/dolly-2"}
    below = ids(snapshot, "model/pythia-12b-deduped", "down", "descendant")
    assert {"model/pythia-12b-pre-v8", "model/oasst-sft-1-pythia-12b"} <= below


FAMILY = """
family/f: {label: {en: F}}
model/f1: {label: {en: F1}, claims: {inFamily: [{value: family/f, from: gyebo}]}}
model/f2:
  label: {en: F2}
  claims:
    inFamily: [{value: family/f, from: gyebo}]
    fineTunedFrom: [{value: model/base, from: gyebo}]
model/base: {label: {en: Base}}
model/child: {label: {en: Child}, claims: {fineTunedFrom: [{value: family/f, from: gyebo}]}}
"""


def test_a_family_descends_only_when_all_its_members_do(corner: Corner) -> None:
    corner.write(FAMILY)
    half = corner.build()
    assert ids(half, "model/base", "down", "descendant") == {"model/f2"}
    assert ids(half, "model/child", "up", "ancestor") == {"family/f"}
    assert ids(half, "family/f", "down", "descendant") == {"model/child"}


def test_a_model_of_a_whole_family_descends_with_it(corner: Corner) -> None:
    corner.write(
        FAMILY.replace(
            "{inFamily: [{value: family/f, from: gyebo}]}",
            "{inFamily: [{value: family/f, from: gyebo}], "
            "adapterOf: [{value: model/base, from: gyebo}]}",
        )
    )
    whole = corner.build()
    assert ids(whole, "model/base", "down", "descendant") == {
        "model/f1",
        "model/f2",
        "family/f",
        "model/child",
    }
    assert ids(whole, "model/child", "up", "ancestor") == {"family/f", "model/base"}


def test_a_limit_keeps_the_nearest_and_the_total(snapshot: Snapshot) -> None:
    answer = lineage_answer.lineage(snapshot, "family/llama", "down", limit=3)
    shown = sum(n.role == "descendant" for n in answer.nodes)
    assert (answer.total, shown) == (len(LLAMA), 3)
    assert {n.depth for n in answer.nodes if n.role == "descendant"} == {1}
    shown = {n.id for n in answer.nodes}
    assert all({e.child, e.parent} <= shown for e in answer.edges)


def test_data_edges_on_request(snapshot: Snapshot) -> None:
    up = lineage_answer.lineage(snapshot, "model/alpaca-7b", "up", "all")
    assert {"dataset/alpaca-52k", "model/text-davinci-003"} <= {n.id for n in up.nodes}
    assert "generatedWith" in {e.relation for e in up.edges}
