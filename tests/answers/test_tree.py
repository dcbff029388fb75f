"""Family trees: shape on the real data, and on random lineages with cycles, gaps and families."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.answers.tree.node import TreeNode
from kg.answers.tree.tree import Tree, family_tree
from kg.errors import UnknownId
from kg.lineage.graph import Collector, Lineage, build_lineage
from kg.model.claim import Entity, Fact, kind_of, main_label
from kg.model.vocabulary import DEVELOPER, IN_FAMILY, RELEASE_DATE, load_vocabulary
from kg.snapshot.snapshot import Snapshot
from tests.large import ROOT, claims

Edges = Mapping[str, list[tuple[str, str]]]  # child -> (relation, parent)
RELATIONS = (
    "fineTunedFrom",
    "adapterOf",
    "quantizedFrom",
    "mergedFrom",
    "distilledFrom",
    "continuedFrom",
    "convertedFrom",
    "mirrorOf",
    "derivedFrom",
)


class Lines:
    """Ids in order, as in a release."""

    def __init__(self, ids: list[str]) -> None:
        self.ids = ids

    def find(self, id: str) -> int | None:
        return self.ids.index(id) if id in self.ids else None


class Small(Snapshot):
    """A snapshot in memory, around real lineage arrays."""

    def __init__(self, edges: Edges, about: Mapping[str, tuple[str, str]] | None = None) -> None:
        about = about or {}
        self.edges, self.about = edges, about
        self.ids = sorted(edges)
        self.lines = Lines(self.ids)  # type: ignore[assignment]
        facts = {
            id: [Fact(RELEASE_DATE, (date,), ())] * bool(date) for id, (_, date) in about.items()
        }
        self.all = {
            id: Entity(
                id,
                {"en": (about[id][0],)} if about.get(id, ("",))[0] else {},
                tuple(facts.get(id, ())),
            )
            for id in self.ids
        }
        vocabulary = load_vocabulary()
        weights = vocabulary.edges("weights")
        collector = Collector(weights | vocabulary.edges("distillation", "data") | {IN_FAMILY})
        for id in self.ids:
            node = collector.entity(id, about.get(id, ("", ""))[1])
            for relation, parent in edges[id]:
                collector.edge(node, parent, relation)
        with tempfile.TemporaryDirectory() as folder:
            self.__dict__["lineage"] = build_lineage(collector, weights, Path(folder))

    lineage: Lineage

    def entity_at(self, number: int) -> Entity:
        return self.all.get(self.id_at(number), Entity(self.id_at(number), {}))

    def id_at(self, number: int) -> str:
        return [*self.ids, *self.lineage.dangling][number]

    def kind_range(self, kind: str) -> tuple[int, int]:
        found = [i for i, id in enumerate(self.ids) if kind_of(id) == kind]
        return (found[0], found[-1] + 1) if found else (0, 0)

    def label(self, id: str, lang: str = "en") -> str:
        return main_label(self.all.get(id, Entity(id, {})), lang)


def tree(edges: Edges, id: str, limit: int = 60) -> Tree:
    parents = {p for found in edges.values() for _, p in found if p.startswith("family/")}
    return family_tree(Small({**{p: [] for p in parents}, **edges}), id, limit=limit)


def drawn(found: Tree) -> list[str]:
    """The tree as indented slugs."""
    return [
        "." * row.depth
        + (
            f"+{sum(h.models for h in row.node.hidden)}"
            if row.stub
            else row.node.id.partition("/")[2]
        )
        for row in found.rows
    ]


def of(
    child: str, *parents: str, relation: str = "fineTunedFrom"
) -> dict[str, list[tuple[str, str]]]:
    return {f"model/{child}": [(relation, p if "/" in p else f"model/{p}") for p in parents]}


def test_the_whole_family_of_a_model_stands_around_it(snapshot: Snapshot) -> None:
    found = family_tree(snapshot, "model/koalpaca-polyglot-12.8b")
    ids = [node.id for node in found.nodes]
    assert ids[:3] == ["family/polyglot", "family/polyglot-ko", "model/polyglot-ko-5.8b"]
    node = found.by_id["model/koalpaca-polyglot-12.8b"]
    assert node.here and node.parent == "model/polyglot-ko-12.8b"
    assert (node.kind, node.relation, node.depth) == ("fineTunedFrom", "fineTunedFrom", 3)
    assert "model/koalpaca-polyglot-5.8b" in ids  # a relative, for context


def test_a_family_of_two_bases_is_not_drawn_but_marked(snapshot: Snapshot) -> None:
    found = family_tree(snapshot, "family/koalpaca")
    roots = {node.id for node in found.nodes if node.parent is None}
    assert roots == {"family/llama", "family/polyglot", "model/korwkv-6b"}
    assert "family/koalpaca" not in found.by_id
    assert all("koalpaca" in node.id for node in found.nodes if node.member)
    assert sum(node.member for node in found.nodes) >= 3


def test_members_come_first_under_a_family(snapshot: Snapshot) -> None:
    found = family_tree(snapshot, "family/llama")
    assert found.nodes[0].id == "family/llama" and found.nodes[0].here
    relations = [found.by_id[child].relation for child in found.nodes[0].children]
    assert relations == sorted(relations, key=lambda r: r != IN_FAMILY)
    labels = [found.by_id[c].label for c in found.nodes[0].children][:4]
    assert labels == ["LLaMA 7B", "LLaMA 13B", "LLaMA 33B", "LLaMA 65B"]


def test_the_developer_of_the_family_stands_for_a_model_without_one(snapshot: Snapshot) -> None:
    found = family_tree(snapshot, "model/koalpaca-polyglot-12.8b", lang="ko")
    node = found.by_id["model/koalpaca-polyglot-12.8b"]
    assert node.org and node.lang == "ko"


def test_other_kinds_stand_alone_and_unknown_ids_are_errors(snapshot: Snapshot) -> None:
    assert len(family_tree(snapshot, "org/eleutherai").nodes) == 1
    with pytest.raises(UnknownId):
        family_tree(snapshot, "model/nothing-of-the-kind")


def test_a_model_hangs_from_the_closest_of_its_parents() -> None:
    found = tree({**of("base"), **of("vicuna", "base"), **of("ko", "base", "vicuna")}, "model/ko")
    assert drawn(found) == ["base", ".vicuna", "..ko"]
    assert [(o.id, o.shown) for o in found.by_id["model/ko"].others] == [("model/base", True)]


def test_a_merge_of_two_bases_has_two_roots() -> None:
    found = tree({**of("a"), **of("b"), **of("m", "b", "a", relation="mergedFrom")}, "model/m")
    assert drawn(found) == ["a", ".m", "b"]
    assert [o.id for o in found.by_id["model/m"].others] == ["model/b"]


def test_a_relation_that_says_more_wins() -> None:
    edges = {**of("a"), "model/b": [("derivedFrom", "model/a"), ("adapterOf", "model/a")]}
    assert tree(edges, "model/b").by_id["model/b"].relation == "adapterOf"


def test_a_family_is_vague_beside_its_member() -> None:
    edges = {"model/l": [(IN_FAMILY, "family/f")], **of("x", "family/f", "l")}
    found = tree(edges, "model/x")
    assert drawn(found) == ["f", ".l", "..x"]
    assert found.by_id["model/x"].others == ()


def test_a_family_below_gets_a_node_where_a_model_names_it() -> None:
    edges = {
        **of("l"),
        "model/v7": [("fineTunedFrom", "model/l"), (IN_FAMILY, "family/v")],
        **of("ko", "family/v"),
    }
    assert drawn(tree(edges, "model/ko")) == ["l", ".v", "..ko", ".v7"]
    assert drawn(tree(edges, "model/l")) == ["l", ".v", "..ko", ".v7"]
    assert drawn(tree(edges, "model/ko"))[2] == "..ko"


def test_cycles_and_loops_end() -> None:
    assert drawn(tree({**of("a", "c"), **of("b", "a"), **of("c", "b")}, "model/b")) == [
        "a",
        ".b",
        "..c",
    ]
    assert drawn(tree(of("a", "a"), "model/a")) == ["a"]


def test_a_parent_nobody_describes_goes_by_its_slug() -> None:
    found = tree(of("a", "model/hf/gone/base"), "model/a")
    assert next((n.label, n.date, n.org) for n in found.nodes) == ("hf/gone/base", None, None)


def test_a_family_alone_is_one_node() -> None:
    found = tree({"family/f": []}, "family/f")
    assert (drawn(found), found.total, found.shown) == (["f"], 0, 0)


def test_the_limit_hides_the_small_and_the_copies_and_counts_them() -> None:
    edges = {**of("a"), **of("b", "a"), **of("c", "b"), **of("me", "a"), **of("below", "me")}
    edges |= {f"model/q{i}": [("quantizedFrom", "model/a")] for i in range(3)}
    found = tree(edges, "model/me", limit=4)
    assert drawn(found) == ["a", ".b", "..c", ".me", "..below", ".+3"]  # c alone takes no less room
    assert (found.total, found.shown) == (8, 5)
    hidden = found.by_id["model/a"].hidden
    assert [(h.relation, h.children, h.models) for h in hidden] == [("quantizedFrom", 3, 3)]


def test_all_ancestors_come_before_other_relatives() -> None:
    edges = {**of("a"), **of("b"), **of("c", "b"), **of("m", "a", "c", relation="mergedFrom")}
    edges |= {f"model/x{i}": [("fineTunedFrom", "model/a")] for i in range(9)}
    assert drawn(tree(edges, "model/m", limit=5)) == ["a", ".m", ".x0", ".+8", "b", ".c"]


@pytest.mark.parametrize("size", [300, 1500])
def test_no_child_of_a_large_family_is_folded_alone(size: int) -> None:
    edges: dict[str, list[tuple[str, str]]] = {}
    for claim in claims(size):
        edges.setdefault(claim.subject, [])
        if claim.property not in ("label", "releaseDate", "developer"):
            edges[claim.subject].append((claim.property, str(claim.said.value)))
    found = family_tree(Small(edges), ROOT)
    folds = [sum(h.children for h in node.hidden) for node in found.nodes if node.hidden]
    assert folds and 1 not in folds


def test_a_line_of_only_children_is_not_opened_without_end() -> None:
    edges = {**of("m000")}
    for i in range(1, 300):
        edges |= of(f"m{i:03}", f"m{i - 1:03}")
    found = tree(edges, "model/m000", limit=10)
    assert 10 <= found.shown <= 21 and len(found.rows) == found.shown + 1


def test_what_is_shown_is_spread_over_the_time() -> None:
    """Early models have most descendants; by these alone nothing of the last years would be seen."""
    edges, about = {**of("a")}, {"model/a": ("A", "2020-01-01")}
    for i in range(400):
        year, place = 2020 + i // 80, i % 80
        edges |= of(f"m{i:03}", "a")
        about[f"model/m{i:03}"] = (f"m{i}", f"{year}-{place % 12 + 1:02}-05")
        for k in range(5 - i // 80):  # the earlier, the larger
            edges |= of(f"m{i:03}-{k}", f"m{i:03}")
    found = family_tree(Small(edges, about), "model/a", limit=40)
    years = {node.date[:4] for node in found.nodes if node.date}
    assert years == {"2020", "2021", "2022", "2023", "2024"}


def test_what_is_not_shown_is_counted_by_month() -> None:
    edges = {**of("a"), **{k: v for i in range(30) for k, v in of(f"m{i:02}", "a").items()}}
    about = {f"model/m{i:02}": ("", "2023-03-13" if i % 2 else "") for i in range(30)}
    found = family_tree(Small(edges, {"model/a": ("", "2023"), **about}), "model/a", limit=5)
    march = 2023 * 12 + 2
    assert found.unseen.keys() == {-1, march}
    assert sum(found.unseen.values()) == found.total - found.shown
    assert family_tree(Small(edges), "model/a", limit=99).unseen == {}


def test_a_long_chain_needs_no_recursion() -> None:
    edges = {**of("m000")}
    for i in range(1, 300):
        edges |= of(f"m{i:03}", f"m{i - 1:03}")
    found = tree(edges, "model/m000", limit=300)
    assert found.nodes[-1].depth == 299 and len(found.rows) == 300


DATES = st.sampled_from(
    ["", "2019", "2022-11", "2023-03-13", "2023-03-14", "2024-02-29", "2023-03"]
)


@st.composite
def lineages(draw: st.DrawFn) -> Small:
    """Up to a dozen models and three families, joined in any way at all."""
    models = [f"model/m{i}" for i in range(draw(st.integers(1, 12)))]
    families = [f"family/f{i}" for i in range(draw(st.integers(0, 3)))]
    parents = st.sampled_from([*models, *families, "model/gone"])
    derived = st.lists(st.tuples(st.sampled_from(RELATIONS), parents), max_size=3)
    edges: dict[str, list[tuple[str, str]]] = {m: draw(derived) for m in models}
    edges |= {f: [] for f in families}
    for id in [*models, *families] if families else []:
        if draw(st.booleans()):
            edges[id] = [*edges[id], (IN_FAMILY, draw(st.sampled_from(families)))]
    names = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
    return Small(edges, {id: (draw(names), draw(DATES)) for id in edges})


def of_parent(found: Tree, node: TreeNode) -> TreeNode | None:
    return found.by_id[node.parent] if node.parent else None


@settings(max_examples=150, deadline=None)
@given(lineages(), st.data(), st.integers(1, 20))
def test_any_lineage_gives_a_sensible_forest(small: Small, data: st.DataObject, limit: int) -> None:
    id = data.draw(st.sampled_from(small.ids))
    found = family_tree(small, id, limit=limit)
    assert len(found.by_id) == len(found.nodes)
    before: set[str] = set()
    for node in found.nodes:
        parent = of_parent(found, node)
        assert node.parent is None or node.parent in before
        assert node.depth == (parent.depth + 1 if parent else 0)
        assert parent is None or node.id in parent.children
        assert node.parent not in {other.id for other in node.others}
        before.add(node.id)
    assert id in found.by_id or any(node.member for node in found.nodes)
    assert found.shown == sum(node.kind != "family" for node in found.nodes)


@settings(max_examples=150, deadline=None)
@given(lineages(), st.data(), st.integers(1, 9))
def test_no_model_is_hidden_alone(small: Small, data: st.DataObject, limit: int) -> None:
    found = family_tree(small, data.draw(st.sampled_from(small.ids)), limit=limit)
    for node in found.nodes:
        assert [(h.children, h.models) for h in node.hidden] != [(1, 1)]


@settings(max_examples=60, deadline=None)
@given(lineages(), st.data())
def test_everything_is_counted_once(small: Small, data: st.DataObject) -> None:
    id = data.draw(st.sampled_from(small.ids))
    whole, cut = family_tree(small, id, limit=99), family_tree(small, id, limit=3)
    assert whole.shown == whole.total == cut.total
    assert not any(node.hidden for node in whole.nodes)
    roots = [n for n in whole.nodes if n.parent is None and n.id not in cut.by_id]
    missing = sum(_models(whole, root) for root in roots)
    assert cut.shown + sum(h.models for n in cut.nodes for h in n.hidden) + missing == cut.total


def _models(found: Tree, node: TreeNode) -> int:
    below = [node]
    for at in below:
        below.extend(found.by_id[child] for child in at.children)
    return sum(n.kind != "family" for n in below)


@settings(max_examples=40, deadline=None)
@given(lineages(), st.data())
def test_a_tree_does_not_depend_on_the_order_of_claims(small: Small, data: st.DataObject) -> None:
    id = data.draw(st.sampled_from(small.ids))
    turned = Small({id: found[::-1] for id, found in small.edges.items()}, small.about)
    assert family_tree(small, id).nodes == family_tree(turned, id).nodes


def test_a_developer_stands_beside_the_name() -> None:
    small = Small({"model/a": [], "org/o": []})
    small.all["model/a"] = Entity("model/a", {}, (Fact(DEVELOPER, ("org/o",), ()),))
    small.all["org/o"] = Entity("org/o", {"ko": ("기관",), "en": ("Org",)})
    assert family_tree(small, "model/a", "ko").nodes[0].org == "기관"
