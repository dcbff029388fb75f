"""The synthetic Hub has the shape it promises, and the same seed gives the same claims."""

from collections import Counter

import networkx as nx
import pytest

from kg.model.claim import Claim, kind_of
from kg.model.vocabulary import load_vocabulary
from tests.bench.synth import claims, edges

SIZE = 20_000


@pytest.fixture(scope="module")
def some() -> list[Claim]:
    return list(claims(SIZE))


@pytest.fixture(scope="module")
def graph(some: list[Claim]) -> nx.DiGraph:
    weights = load_vocabulary().edges("weights")
    return nx.DiGraph((str(c.said.value), c.subject) for c in some if c.property in weights)


def test_same_seed_same_claims(some: list[Claim]) -> None:
    assert list(claims(500)) == list(claims(500))
    assert list(claims(500)) != list(claims(500, seed=8))
    models = {c.subject for c in some if kind_of(c.subject) == "model"}
    assert len(models) == SIZE
    assert 14 < len(some) / SIZE < 16


def test_parents_merges_and_what_dangles(some: list[Claim], graph: nx.DiGraph) -> None:
    models = {c.subject for c in some if kind_of(c.subject) == "model"}
    parents = Counter(dict(graph.in_degree()))
    with_parent = sum(parents[m] > 0 for m in models) / SIZE
    assert 0.28 <= with_parent <= 0.62
    merges = [parents[m] for m in models if parents[m] > 1]
    assert 0.005 < len(merges) / SIZE < 0.05
    assert {2, 3, 4, 5} <= set(merges)
    dangling = set(graph) - models
    assert 0.001 < len(dangling) / SIZE < 0.02


def test_one_large_family_and_long_chains(graph: nx.DiGraph) -> None:
    largest = max(len(nx.descendants(graph, n)) for n, d in graph.out_degree() if d > 200)
    assert largest > 0.05 * SIZE
    acyclic = graph.copy()
    acyclic.remove_nodes_from(
        [n for part in nx.strongly_connected_components(graph) if len(part) > 1 for n in part]
    )
    acyclic.remove_edges_from(list(nx.selfloop_edges(acyclic)))
    assert nx.dag_longest_path_length(acyclic) >= 12


def test_a_family_of_ten_thousand() -> None:
    models = edges(50_000)
    assert [id for id, _, _ in models] == sorted(id for id, _, _ in models)
    weights = load_vocabulary().edges("weights")
    graph = nx.DiGraph(
        (parent, id)
        for id, _, parents in models
        for relation, parent in parents
        if relation in weights
    )
    base = max(graph, key=graph.out_degree)
    assert 9_000 < len(nx.descendants(graph, base)) < 12_000


def test_cycles_and_korean(some: list[Claim], graph: nx.DiGraph) -> None:
    assert list(nx.selfloop_edges(graph))
    assert any(len(part) > 1 for part in nx.strongly_connected_components(graph))
    korean = sum(c.said.lang == "ko" for c in some)
    assert 0.1 < korean / SIZE < 0.3
