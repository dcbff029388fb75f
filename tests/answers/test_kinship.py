"""Relatives filtered and counted, ways and common ancestors, and the tree in a terminal."""

from __future__ import annotations

import re
from itertools import combinations

import click
import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from kg.answers._ancestor_graph import ancestor_graph, nearest_common_ancestors, paths
from kg.answers.contract import EdgeChoice
from kg.answers.genealogy import ANY, Where, find_genealogy, lineage_graph
from kg.cli import _tree_text as tree_text
from kg.cli._branches import branches
from kg.licenses.verdicts import code_of
from kg.model.claim import Entity
from kg.snapshot.snapshot import Snapshot
from tests.answers.test_tree import Small, lineages, of


def below(snapshot: Snapshot, where: Where, id: str = "family/llama") -> set[str]:
    found = find_genealogy(snapshot, id, "down", where=where)
    return {snapshot.id_at(n).partition("/")[2] for n in found.descendants}


def test_filters(snapshot: Snapshot) -> None:
    everything = below(snapshot, ANY)
    near = below(snapshot, Where(depth=1))
    assert "vicuna-7b" in near < everything and "kovicuna-13b" in everything - near
    assert below(snapshot, Where(kinds=frozenset({"family"}))) == {
        "alpaca",
        "vicuna",
        "kovicuna",
        "open-assistant-llama",
    }
    spring = below(snapshot, Where(since="2023-03", until="2023-03-28"))
    assert {"alpaca-7b", "gpt4all"} <= spring and "vicuna-7b" not in spring
    assert "alpaca-13b" not in below(snapshot, Where(until="2030"))  # of unknown date
    prohibited = Where(verdicts=frozenset({code_of("prohibited")}))
    barred = below(snapshot, prohibited)
    assert {"alpaca-7b", "vicuna-13b", "koalpaca-llama"} <= barred
    assert below(snapshot, prohibited, "model/solar-10.7b") == {"solar-10.7b-instruct"}
    assert not below(snapshot, Where(verdicts=frozenset({code_of("allowed")})))


def test_counts_are_of_all_whatever_the_limit(snapshot: Snapshot) -> None:
    found = find_genealogy(snapshot, "family/llama", "down")
    assert found.counts.keys() == {"fineTunedFrom", "adapterOf", "quantizedFrom"}
    assert sum(found.counts.values()) == found.total
    graph = lineage_graph(snapshot, "family/llama", 3, "down")
    assert (graph.graph["total"], graph.graph["counts"]) == (found.total, found.counts)
    roles = [role for _, role in graph.nodes(data="role")]
    assert (roles.count("root"), roles.count("member"), roles.count("descendant")) == (1, 4, 3)


def test_a_family_is_a_networkx_graph(snapshot: Snapshot) -> None:
    graph = lineage_graph(snapshot, "model/vicuna-7b", lang="ko")
    assert isinstance(graph, nx.DiGraph)
    assert graph.edges["model/llama-7b", "model/vicuna-7b"]["relation"] == "fineTunedFrom"
    about = graph.nodes["model/vicuna-7b"]
    assert (about["label"], about["kind"], about["releaseDate"]) == ("비쿠나 7B", "model", 20230406)


@settings(max_examples=100)
@given(lineages(), st.data())
def test_ways_are_the_simple_paths(small: Small, data: st.DataObject) -> None:
    models = [i for i, id in enumerate(small.ids) if id.startswith("model/")]
    start, end = (data.draw(st.sampled_from(models)) for _ in range(2))
    weights = small.vocabulary.edges("weights")
    graph = nx.DiGraph(
        (e.child, e.parent) for m in models for e in small.lineage.parents(m, weights)
    )
    graph.add_nodes_from([start, end])
    found = paths(small, start, end, most=10_000)
    stated = {
        tuple(e.parent for e in way)
        for way in found
        if all(e.relation in weights and graph.has_edge(e.child, e.parent) for e in way)
    }
    known = {tuple(way[1:]) for way in nx.all_simple_paths(graph, start, end) if len(way) > 1}
    direct = {way for way in known if not any(small.families.is_family(n) for n in way)}
    assert direct <= stated <= known
    assert [len(way) for way in found] == sorted(len(way) for way in found)


@settings(max_examples=100)
@given(lineages(), st.data())
def test_common_ancestors_are_common_and_nearest(small: Small, data: st.DataObject) -> None:
    models = [i for i, id in enumerate(small.ids) if id.startswith("model/")]
    nodes = data.draw(
        st.lists(st.sampled_from(models), min_size=2, max_size=3, unique=True)
        if len(models) > 1
        else st.just([models[0]])
    )
    found = {common.node: common.steps for common in nearest_common_ancestors(small, nodes)}
    above = [{node: 0, **small.families.ancestors(node).models} for node in nodes]
    shared = set(above[0]).intersection(*above[1:])
    assert bool(found) or not shared
    graph = ancestor_graph(small, nodes)
    for one, other in combinations(found, 2):
        assert nx.has_path(graph, one, other) == nx.has_path(graph, other, one)
    for node, steps in found.items():
        for start, step in zip(nodes, steps, strict=True):
            assert (step == 0) == (start == node)


def test_a_common_ancestor_reached_by_a_family_that_comes_from_itself() -> None:
    small = Small(
        {
            "family/f": [],
            "model/base": [],
            "model/one": [("fineTunedFrom", "model/other")],
            "model/other": [("fineTunedFrom", "family/f")],
            "model/member": [
                ("fineTunedFrom", "model/base"),
                ("fineTunedFrom", "model/one"),
                ("inFamily", "family/f"),
            ],
        }
    )
    base, one = small.ids.index("model/base"), small.ids.index("model/one")
    assert [common.node for common in nearest_common_ancestors(small, [base, one])] == [base]


class Tiny(Small):
    """A snapshot in memory whose names are read as entities are."""

    def named(self, number: int) -> Entity:
        return self.entity_at(number)


def printed(
    snapshot: Snapshot,
    id: str,
    limit: int = 100,
    lang: str = "en",
    color: bool = False,
    edges: EdgeChoice = "weights",
) -> list[str]:
    found = find_genealogy(snapshot, id, edges=edges)
    words = {p.name: p.words.get(lang, p.name) for p in snapshot.vocabulary.properties.values()}
    drawn = branches(snapshot, found, limit, lang)
    return tree_text.tree(drawn, found, words, color).splitlines()


def test_the_printed_tree(snapshot: Snapshot) -> None:
    drawn = branches(snapshot, find_genealogy(snapshot, "model/kovicuna-7b"), 100, "en")
    assert [line.branch + line.label for line in drawn.lines] == [
        "LLaMA",
        "├─ LLaMA 7B",
        "│  └─ Vicuna 7B",
        "│     └─ KoVicuna 7B",
        "│        └─ KoVicuna 7B GGML Q4",
        "└─ Vicuna",
    ]
    lines = printed(snapshot, "model/kovicuna-7b")
    assert lines[3].endswith("model/kovicuna-7b  ◀")
    assert lines[-1] == "models: 2 above · 1 below (1 quantized)"


def test_columns_stand_where_korean_letters_are_wide(snapshot: Snapshot) -> None:
    lines = [line for line in printed(snapshot, "family/llama", lang="ko") if "model/" in line]
    assert len({wcswidth(line[: line.index("model/")]) for line in lines}) == 1


def test_what_is_cut_is_counted(snapshot: Snapshot) -> None:
    text = "\n".join(printed(snapshot, "family/llama", limit=3))
    below = find_genealogy(snapshot, "family/llama", "down").total
    whole = re.search(r"of (\d+) shown; --limit shows more", text)
    assert "└─ + " in text and whole and int(whole[1]) > below
    more = sum(int(line.split("+ ")[1].split()[0]) for line in text.splitlines() if "+ " in line)
    shown = text.count("model/")
    assert more + shown == below + 4  # descendants and members


def test_color_only_repeats(snapshot: Snapshot) -> None:
    colored = "\n".join(printed(snapshot, "model/kovicuna-7b", color=True))
    assert "\x1b[" in colored
    assert click.unstyle(colored).splitlines() == printed(snapshot, "model/kovicuna-7b")


@pytest.mark.parametrize(
    ("tty", "environ", "colored"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colors_are_for_terminals(tty: bool, environ: dict[str, str], colored: bool) -> None:
    class Out:
        def isatty(self) -> bool:
            return tty

    assert tree_text.has_colors(Out(), environ) is colored  # type: ignore[arg-type]


def test_a_model_that_is_its_own_ancestor_and_a_family_of_one() -> None:
    small = Tiny({**of("a", "a"), **of("b", "c"), **of("c", "b"), "family/alone": []})
    assert [line.split("  ")[0] for line in printed(small, "model/a")] == ["a", "", "models: 0"]
    assert "↻ its own ancestor" in printed(small, "model/a")[0]
    first, second = printed(small, "model/b")[:2]
    assert first.startswith("b ") and second.startswith("└─ c ") and "↻" in first and "↻" in second
    assert [line.split("  ")[0] for line in printed(small, "family/alone")] == [
        "alone",
        "",
        "models: 0",
    ]
