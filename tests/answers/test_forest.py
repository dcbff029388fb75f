"""Forests made in arrays equal what the rules say node by node; cuts and counts."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.answers.tree.columns import days
from kg.answers.tree.forest import Forest, choose, find_forest, grow, plant
from kg.answers.tree.neighbors import Graph
from kg.answers.tree.ordering import depth_first
from kg.snapshot.snapshot import Snapshot
from tests.answers.test_tree import Small, lineages

Triples = set[tuple[int, int, str]]


def one_by_one(graph: Graph, small: Small, nodes: list[int]) -> Triples:
    """The links that `parents` names, to the closest of them."""
    found: Triples = set()
    for node in nodes:
        edges = [e for e in graph.parents(node, set(nodes)) if e.parent in nodes]
        above = {e.parent: small.lineage.ancestors(e.parent) for e in edges}
        for e in edges:
            if not any(
                e.parent in over and other not in above[e.parent] for other, over in above.items()
            ):
                found.add((node, e.parent, e.relation))
    return found


@settings(max_examples=150)
@given(lineages(), st.data())
def test_links_equal_the_rules_node_by_node(small: Small, data: st.DataObject) -> None:
    graph = Graph(small)
    every = st.sampled_from(range(small.lineage.size))
    nodes = sorted(data.draw(st.sets(every, min_size=1)))
    links = graph.links(np.array(nodes))
    triples = zip(links.child.tolist(), links.parent.tolist(), links.rank.tolist(), strict=True)
    assert {(nodes[c], nodes[p], graph.ranked[r]) for c, p, r in triples} == one_by_one(
        graph, small, nodes
    )


def start_of(small: Small, data: st.DataObject) -> int:
    return data.draw(st.sampled_from(range(len(small.ids))))


@settings(max_examples=100)
@given(lineages(), st.data())
def test_a_forest_counts_each_model_once(small: Small, data: st.DataObject) -> None:
    forest = grow(Graph(small), start_of(small, data))
    models = [n for n in forest.edges if not small.families.is_family(n)]
    assert forest.total == len(models)
    below = dict.fromkeys(models, 1) | {n: 0 for n in forest.edges if n not in models}
    for node in reversed([*forest.edges]):
        for kid in forest.kids[node]:
            assert forest.edges[kid].parent == node  # type: ignore[union-attr]
            assert forest.depths[kid] == forest.depths[node] + 1
            below[node] += below[kid]
    assert {n: forest.sizes[n] for n in forest.edges} == below


@settings(max_examples=100)
@given(lineages(), st.data(), st.integers(1, 8))
def test_what_is_shown_and_what_is_hidden_is_all(
    small: Small, data: st.DataObject, limit: int
) -> None:
    forest = grow(Graph(small), start_of(small, data))
    first = next(iter(forest.edges))
    shown = choose(forest, [first], limit)
    assert len(shown) <= max(limit, len([*forest.path_to_root(first)]))
    all_told = forest.hidden(shown)
    for node in shown:
        assert set(forest.path_to_root(node)) <= shown
        hidden = [kid for kid in forest.kids[node] if kid not in shown]
        told = all_told.get(node, [])
        assert [*told] == sorted(told, key=lambda kids: (-kids.models, kids.relation))
        assert sum(children for _, children, _ in told) == len(hidden)
        assert sum(models for _, _, models in told) == sum(forest.sizes[k] for k in hidden)


@settings(max_examples=100)
@given(lineages(), st.data())
def test_depth_first_a_branch_stands_together(small: Small, data: st.DataObject) -> None:
    start = start_of(small, data)
    forest = grow(Graph(small), start)
    places = depth_first(forest, start, days(small, forest.nodes))
    nodes = forest.nodes[places].tolist()
    assert sorted(nodes) == sorted(forest.edges)
    way: list[int] = []
    for node in nodes:
        way = way[: forest.depths[node]]
        edge = forest.edges[node]
        assert edge is None or way[-1] == edge.parent
        way.append(node)
    if start in forest.edges:
        assert nodes[0] == [*forest.path_to_root(start)][-1]


@settings(max_examples=60)
@given(lineages(), st.data(), st.integers(0, 4))
def test_near_keeps_so_many_generations(small: Small, data: st.DataObject, depth: int) -> None:
    forest = grow(Graph(small), start_of(small, data))
    start = data.draw(st.sampled_from([*forest.edges]))
    near = forest.near(start, depth)
    up = [*forest.path_to_root(start)][: depth + 1]
    down = [n for n in forest.edges if start in [*forest.path_to_root(n)][: depth + 1]]
    assert set(near.edges) == {*up, *down}
    assert all(near.sizes[n] == forest.sizes[n] for n in near.edges)


def shape(snapshot: Snapshot, forest: Forest) -> dict[str, str]:
    pairs = ((n, forest.edges[n]) for n in forest.edges)
    return {snapshot.id_at(n): snapshot.id_at(e.parent) for n, e in pairs if e}


def test_members_of_a_maker_hang_from_it_only_where_nothing_says_more(snapshot: Snapshot) -> None:
    maker = snapshot.number("org/openai")
    made = {maker, *snapshot.families.made_by(maker)}
    found = shape(snapshot, plant(Graph(snapshot, makers=True), made, ()))
    assert found["family/gpt"] == "org/openai"
    assert found["model/text-davinci-003"] == "family/gpt-3.5"


def test_a_family_has_one_forest_whoever_asks(snapshot: Snapshot) -> None:
    """Two members share the arrays, and each sees what it comes from itself."""
    graph = Graph(snapshot)
    one, two = (snapshot.number(f"model/{name}") for name in ("llama-7b", "alpaca-7b"))
    first, second = find_forest(snapshot, one), find_forest(snapshot, two)
    assert first.nodes is second.nodes
    for start, found in ((one, first), (two, second)):
        alone = grow(graph, start)
        assert found.ancestors == alone.ancestors and start in found.ancestors
        assert {n: found.edges[n] for n in found.edges} == {n: alone.edges[n] for n in alone.edges}
        assert choose(found, [start], 9) == choose(alone, [start], 9)


def test_what_is_no_node_of_a_forest_has_no_place(snapshot: Snapshot) -> None:
    forest = find_forest(snapshot, snapshot.number("model/llama-7b"))
    stranger = snapshot.number("org/meta")
    assert stranger not in forest.edges
    assert not forest.mask([stranger]).any() and forest.mask([int(forest.nodes[3])])[3]
