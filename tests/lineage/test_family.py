"""Families by their rule, on random data and against the gold sets of the surveys; data told apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.answers import lineage as lineage_answer
from kg.answers.contract import Direction, EdgeChoice
from kg.model.vocabulary import IN_FAMILY
from kg.snapshot.snapshot import Snapshot
from tests.answers.test_tree import Small, lineages
from tests.conftest import Corner

GOLD = Path(__file__).parents[3] / "shared" / "surveys" / "lineage.md"


def reached(
    snapshot: Snapshot, id: str, direction: Direction = "down", edges: EdgeChoice = "weights"
) -> set[str]:
    nodes = lineage_answer.lineage(snapshot, id, direction, edges).nodes
    return {n.id for n in nodes if n.role not in ("root", "member")}


def gold(name: str) -> set[str]:
    """The slugs of a gold set of the surveys' family trees."""
    if not GOLD.exists():
        pytest.skip("the gold sets are in ../shared/surveys/lineage.md, which is not here")
    text = GOLD.read_text(encoding="utf-8")
    found = re.search(rf"{re.escape(name)}[^:\n]*?(?:\(\d+\):|: )\s*(.+?)\.?\n", text)
    assert found, name
    listed = re.sub(r"\([^)]*\)", "", found[1].partition(". ")[0])
    return {slug.strip() for slug in listed.split(",")}


def slugs(ids: set[str]) -> set[str]:
    return {id.partition("/")[2] for id in ids}


LORAS = {f"koalpaca-{size}-lora" for size in ("13b", "30b", "65b")} | {"koalpaca-lora-13b-chansung"}
POLYGLOTS = {
    "koalpaca-polyglot-12.8b-8bit",
    "koalpaca-polyglot-12.8b-qlora",
    "koalpaca-polyglot-5.8b-8bit",
    "koalpaca-polyglot-first",
}
KULLM = {"kullm-polyglot-12.8b-v2", "kullm-polyglot-5.8b-v2"}
BESIDE = {  # what the surveys do not name, by the makers' own pages
    "W(LLaMA)": LORAS | {"kovicuna-7b-ggml-q4", "gpt4all-13b-snoozy"},
    "W(Polyglot-ko)": POLYGLOTS | KULLM | {"kullm-polyglot-12.8b"},
}
CORRECTED = {"W(Pythia-12B)": {"pythia-12b-pre-v8"}}  # its base is the deduplicated Pythia


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("W(LLaMA)", "family/llama"),
        ("W(Pythia-12B)", "model/pythia-12b"),
        ("W(Polyglot-ko)", "family/polyglot-ko"),
    ],
)
def test_the_gold_sets_of_the_surveys(snapshot: Snapshot, name: str, id: str) -> None:
    below = slugs(reached(snapshot, id))
    assert below == (gold(name) | BESIDE.get(name, set())) - CORRECTED.get(name, set())


def test_who_learned_from_text_of_openai_models_is_one_call(snapshot: Snapshot) -> None:
    found = reached(snapshot, "org/openai", "down", "data")
    learned = slugs({id for id in found if not id.startswith("dataset/")})
    # Beside the gold set those that sources other than the surveys name (its section 6b).
    others = {
        "alpaca-lora",
        "falcon-40b-instruct",
        "koalpaca-korwkv-6b",
        "kovicuna-7b",
        "pythia-12b-pre-v8",
        "rwkv-raven",
        "solar-10.7b-instruct",
    }
    vicunas = {name for name in learned if re.fullmatch(r"vicuna(-1\.5|-\d+b.*)?", name)}
    assert len(vicunas) >= 9
    korean = LORAS | POLYGLOTS | KULLM
    assert learned == gold("O(OpenAI outputs)") | others | vicunas | korean


def test_data_passes_from_a_family_to_its_members_and_weights_do_not(corner: Corner) -> None:
    corner.write("""
dataset/d: {label: {en: D}, claims: {generatedWith: [{value: model/t, from: gyebo}]}}
family/f: {label: {en: F}, claims: {trainedOn: [{value: dataset/d, from: gyebo}]}}
model/a: {label: {en: A}, claims: {inFamily: [{value: family/f, from: gyebo}]}}
model/b: {label: {en: B}, claims: {fineTunedFrom: [{value: model/a, from: gyebo}]}}
model/t: {label: {en: T}}
""")
    built = corner.build()
    assert reached(built, "model/t", "down", "data") == {"dataset/d", "family/f", "model/a"}
    assert reached(built, "model/t", "down", "all") >= {"model/a", "model/b"}
    assert reached(built, "model/t") == set()
    assert reached(built, "model/a", "up", "data") == {"family/f", "dataset/d", "model/t"}
    assert reached(built, "model/b", "up", "data") == set()


def test_a_family_in_a_family_is_unfolded(snapshot: Snapshot) -> None:
    answer = lineage_answer.lineage(snapshot, "family/gemini")
    members = {n.id for n in answer.nodes if n.role == "member"}
    assert {"family/gemini-nano", "model/gemini-nano-1.8b", "model/gemini-pro"} <= members
    edges = {(e.child, e.parent) for e in answer.edges}
    assert {
        ("family/gemini-nano", "family/gemini"),
        ("model/gemini-nano-1.8b", "family/gemini-nano"),
    } <= edges


def test_a_family_comes_from_all_that_its_members_come_from(snapshot: Snapshot) -> None:
    above = reached(snapshot, "family/koalpaca", "up")
    assert {"family/llama", "model/polyglot-ko-5.8b", "model/polyglot-ko-12.8b"} <= above


def naive(small: Small, root: str) -> set[str]:
    """All below a root, by the words of the rule and nothing else."""
    weights = small.vocabulary.edges("weights")
    inside = {f: {f} for f in small.ids}
    for _ in small.ids:
        for id, edges in small.edges.items():
            for relation, parent in edges:
                if relation == IN_FAMILY:
                    inside[parent] |= inside[id]
    members = {
        f: {m for m in all if m.startswith("model/")}
        for f, all in inside.items()
        if f.startswith("family/")
    }
    roots = inside[root] if root in members else {root}
    found: set[str] = set()
    while True:
        more = {
            id
            for id, edges in small.edges.items()
            for relation, parent in edges
            if relation in weights and parent in found | roots
        }
        more |= {f for f, all in members.items() if all and all <= found}
        if more - roots <= found:
            return found
        found |= more - roots


@settings(max_examples=150)
@given(lineages(), st.data())
def test_below_follows_the_rule_on_any_data(small: Small, data: st.DataObject) -> None:
    root = data.draw(st.sampled_from(small.ids))
    reach = small.families.descendants(small.ids.index(root))
    assert {small.id_at(n) for n in {*reach.models, *reach.families}} == naive(small, root)


@settings(max_examples=100)
@given(lineages(), st.data())
def test_up_and_down_agree_on_models(small: Small, data: st.DataObject) -> None:
    root = data.draw(st.sampled_from([id for id in small.ids if id.startswith("model/")]))
    for node in small.families.descendants(small.ids.index(root)).models:
        assert small.ids.index(root) in small.families.ancestors(node).models


def naive_above(small: Small, node: str, trail: frozenset[str] = frozenset()) -> set[str]:
    """All above a node by walking every path; a family stands for what its members share.

    Nothing stands above itself, also where it is said to be derived from itself.
    """
    if node in trail:
        return set()
    trail |= {node}
    if node.startswith("family/"):
        inside = small.families.members(small.ids.index(node))
        parts = [naive_above(small, small.id_at(m), trail) for m in inside]
        own = [
            {
                f
                for id in part & {*small.ids}
                for relation, f in small.edges[id]
                if relation == IN_FAMILY
            }
            for part in parts
        ]
        return (
            set.intersection(*(part | more for part, more in zip(parts, own, strict=True)))
            if parts
            else set()
        )
    above: set[str] = set()
    weights, ahead = small.vocabulary.edges("weights"), [node]
    while ahead:
        for relation, parent in small.edges.get(ahead.pop(), ()):
            if relation in weights and parent not in above | {node}:
                above.add(parent)
                ahead.append(parent)
    families = [f for f in above if f.startswith("family/")]
    return above.union(*(naive_above(small, f, trail) for f in families))


@settings(max_examples=100, deadline=None)
@given(lineages(), st.data())
def test_above_is_what_every_path_says(small: Small, data: st.DataObject) -> None:
    root = data.draw(st.sampled_from([id for id in small.ids if id.startswith("model/")]))
    found = {small.id_at(n) for n in small.families.ancestors(small.ids.index(root)).models}
    models = {id for id in naive_above(small, root) if id.startswith("model/")} - {root}
    assert found == models


def test_families_that_come_from_each_other_end() -> None:
    edges: dict[str, list[tuple[str, str]]] = {f"family/f{i}": [] for i in range(12)}
    for i in range(12):
        others = [("fineTunedFrom", f"family/f{j}") for j in range(12) if j != i]
        edges |= {f"model/m{i}-{k}": [(IN_FAMILY, f"family/f{i}"), *others] for k in range(3)}
    tangle = Small(edges)
    above = tangle.families.ancestors(tangle.ids.index("model/m0-0"))
    assert {tangle.id_at(n) for n in above.families} == {f"family/f{i}" for i in range(12)}


def test_of_many_at_once_as_of_each(snapshot: Snapshot) -> None:
    """Walks that begin at many nodes find what those that begin at each find together."""
    lineage, families = snapshot.lineage, snapshot.families
    start, end = snapshot.kind_range("model")
    nodes = {*range(start, end, 7)}
    for relations in (None, snapshot.vocabulary.edges("weights", "data")):
        alone = [lineage.descendants(node, relations) for node in nodes]
        steps = {n: min(d[n] for d in alone if n in d) for n in {n for d in alone for n in d}}
        together = lineage.descendants_of(nodes, relations)
        assert dict(together.items()) == {n: d for n, d in steps.items() if n not in nodes}
        some = sorted(nodes)[:40]
        each = [families.ancestors(node, relations) for node in some]
        every = families.ancestors_of(some, relations)
        assert {*every.models} == {n for reach in each for n in reach.models} - {*some}
