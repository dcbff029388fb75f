"""Who learned from what: the real data, rings of data sets, and what a limit leaves out."""

from __future__ import annotations

import pytest

from kg.answers.tree.flow import find_flow
from kg.snapshot.snapshot import Snapshot
from tests.answers.test_tree import Small


def test_vicuna_learned_from_what_openai_wrote(snapshot: Snapshot) -> None:
    """ShareGPT is what people had ChatGPT write; so is what was translated from it."""
    found = find_flow(snapshot, "org/openai")
    learners = {node.id for node in found.of("learner")}
    assert {"model/vicuna-13b", "model/kovicuna-7b", "model/alpaca-7b"} <= learners
    assert {node.id for node in found.of("writer")} >= {"product/chatgpt", "model/text-davinci-003"}
    ways = {(edge.source, edge.target) for edge in found.edges if not edge.weights}
    assert {
        ("product/chatgpt", "dataset/sharegpt-70k"),
        ("dataset/sharegpt-70k", "model/vicuna-13b"),
        ("dataset/sharegpt-620k", "dataset/sharegpt-deepl-ko"),
        ("dataset/sharegpt-deepl-ko", "model/kovicuna-7b"),
    } <= ways
    assert found.by_id["dataset/sharegpt-deepl-ko"].step == 1


def test_weights_stand_beside_text(snapshot: Snapshot) -> None:
    found = find_flow(snapshot, "dataset/alpaca-52k", "ko")
    assert found.by_id["model/llama-7b"].role == "base"
    weights = {(edge.source, edge.target) for edge in found.edges if edge.weights}
    assert ("model/llama-7b", "model/alpaca-7b") in weights
    assert found.by_id["model/text-davinci-003"].role == "writer"  # above it
    assert found.by_id["model/alpaca-7b"].org_id == "org/stanford"
    assert found.by_id["model/alpaca-7b"].verdict == "prohibited"


def test_every_edge_joins_what_is_there_and_every_node_is_joined(snapshot: Snapshot) -> None:
    for id in (
        "org/openai",
        "org/deepseek",
        "product/chatgpt",
        "dataset/alpaca-52k",
        "family/gpt-4",
    ):
        found = find_flow(snapshot, id, most=5)
        ends = [end for edge in found.edges for end in (edge.source, edge.target)]
        assert set(ends) == found.by_id.keys()
        assert len(found.nodes) == len(found.by_id) and len(set(found.edges)) == len(found.edges)
        assert found.shown <= len(found.of("learner")) <= 5


@pytest.mark.parametrize("id", ["model/llama-7b", "org/kakao", "dataset/c4"])
def test_where_nothing_learned_there_is_no_learner(snapshot: Snapshot, id: str) -> None:
    found = find_flow(snapshot, id)
    learners = [node.id for node in found.of("learner")]
    assert all(any(e.target == id and not e.weights for e in found.edges) for id in learners)
    assert bool(found.total) == bool([n for n in learners if n.startswith("model/")])


def test_data_sets_that_come_from_each_other_end() -> None:
    edges = {
        "model/teacher": [],
        "dataset/a": [("generatedWith", "model/teacher"), ("dataDerivedFrom", "dataset/b")],
        "dataset/b": [("dataDerivedFrom", "dataset/a")],
        "model/m": [("trainedOn", "dataset/b")],
        **{f"model/n{i}": [("trainedOn", "dataset/a")] for i in range(9)},
    }
    found = find_flow(Small(edges), "model/teacher", most=4)
    assert (found.total, found.shown) == (10, 4)
    assert {node.id for node in find_flow(Small(edges), "model/teacher").of("data")} == {
        "dataset/a",
        "dataset/b",
    }
