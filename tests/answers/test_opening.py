"""What of a family stands open: by limit, by generations, by what was asked for and found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.answers.tree.forest import find_forest
from kg.answers.tree.selection import Open, Wish, parse_open
from kg.answers.tree.tree import Tree, family_tree
from kg.snapshot.snapshot import Snapshot
from tests.answers.test_tree import Small, drawn, lineages, of
from tests.conftest import Corner
from tests.large import ROOT, write_family


def star(children: int) -> Small:
    """A base with quantized and fine-tuned models, two of the latter with one below them."""
    edges = of("a")
    for i in range(children):
        edges |= of(f"m{i:02}", "a", relation="quantizedFrom" if i % 2 else "fineTunedFrom")
    return Small({**edges, **of("x", "m00"), **of("y", "m02")})


def opened(small: Small, *texts: str, limit: int = 2) -> Tree:
    wish = Wish(opened=tuple(found for text in texts if (found := parse_open(text, 3))))
    return family_tree(small, "model/a", limit=limit, wish=wish)


def test_opening_shows_the_largest_hidden_children_first() -> None:
    tree = opened(star(20), "model/a")
    assert {"model/m00", "model/m02"} <= tree.by_id.keys()
    assert len(tree.nodes) == 5 + 2  # and x and y, which would be hidden alone
    assert sum(h.models for n in tree.nodes for h in n.hidden) + tree.shown == tree.total


def test_opening_one_relation_shows_no_other() -> None:
    tree = opened(star(20), "5.quantizedFrom.model/a", limit=1)
    kinds = [node.relation for node in tree.nodes if node.parent]
    assert kinds == ["quantizedFrom"] * 5


def test_opening_what_is_hidden_shows_the_way_to_it() -> None:
    tree = opened(star(20), "model/m02", limit=1)
    assert drawn(tree)[:3] == ["a", ".m02", "..y"]


def test_no_more_opens_than_a_page_holds() -> None:
    wish = Wish(opened=(Open("model/a", "", 99),), most=7)
    tree = family_tree(star(20), "model/a", limit=1, wish=wish)
    assert len(tree.nodes) == 7 and tree.full


def test_what_is_not_there_opens_nothing() -> None:
    assert drawn(opened(star(4), "model/none", "family/f")) == drawn(opened(star(4)))
    assert [parse_open(t, 3) for t in ("", "llama", "-1.model/a", "9999999.model/a")] == [None] * 4


@given(
    st.integers(1, 999_999),
    st.sampled_from(["", "adapterOf"]),
    st.from_regex(r"[a-z]+/[a-zA-Z0-9./-]+", fullmatch=True),
)
def test_what_is_open_can_be_written_and_read(many: int, relation: str, id: str) -> None:
    text = ".".join(part for part in (str(many), relation, id) if part)
    assert parse_open(text, 25) == Open(id, relation, many)


def test_depth_counts_generations_from_the_start() -> None:
    edges = of("m0")
    for i in range(1, 7):
        edges |= of(f"m{i}", f"m{i - 1}")
    tree = family_tree(Small({**edges, **of("s", "m2")}), "model/m3", wish=Wish(depth=1))
    assert drawn(tree) == ["m2", ".m3", "..m4", "...+2", ".+1"]
    assert tree.nodes[0].parent is None and [o.id for o in tree.nodes[0].others] == ["model/m1"]
    alone = family_tree(Small(edges), "model/m3", wish=Wish(depth=0))
    assert [node.id for node in alone.nodes] == ["model/m3"]


@given(lineages(), st.data())
def test_any_wish_gives_a_tree_that_adds_up(small: Small, data: st.DataObject) -> None:
    id = data.draw(st.sampled_from(small.ids))
    ids = data.draw(st.lists(st.sampled_from(small.ids), max_size=3))
    wish = Wish(
        depth=data.draw(st.none() | st.integers(0, 4)),
        opened=tuple(Open(i, "", 2) for i in ids),
        most=data.draw(st.integers(1, 12)),
    )
    tree = family_tree(small, id, limit=3, wish=wish)
    assert len({n.id for n in tree.nodes}) == len(tree.nodes)
    assert all(n.parent is None or n.parent in tree.by_id for n in tree.nodes)
    assert [n.depth for n in tree.nodes if n.parent is None] == [0] * sum(
        n.parent is None for n in tree.nodes
    )
    assert {row.node.id for row in tree.rows} == tree.by_id.keys()


def test_words_find_members_in_both_languages_and_the_way_to_them(snapshot: Snapshot) -> None:
    for words in ("vicuna", "비쿠나"):
        tree = family_tree(snapshot, "family/llama", wish=Wish(find=words))
        hits = {node.id for node in tree.nodes if node.hit}
        assert {"model/vicuna-7b", "model/vicuna-13b"} <= hits
        assert tree.found and tree.found >= len(hits)
        assert all("vicuna" in id for id in hits)


def test_what_is_not_in_the_family_is_not_found(snapshot: Snapshot) -> None:
    tree = family_tree(snapshot, "family/llama", wish=Wish(find="polyglot"))
    assert tree.found == 0 and not any(node.hit for node in tree.nodes) and len(tree.nodes) > 10


def test_data_is_shown_on_demand_with_what_wrote_it(snapshot: Snapshot) -> None:
    plain = family_tree(snapshot, "family/llama", "ko")
    assert not any(node.data for node in plain.nodes)
    tree = family_tree(snapshot, "family/llama", "ko", wish=Wish(data=True))
    (datum,) = tree.by_id["model/alpaca-7b"].data
    assert datum.relation == "trainedOn" and datum.word == "학습 데이터"
    assert [writer.relation for writer in datum.writers] == ["generatedWith"]
    assert [n.id for n in tree.nodes] == [n.id for n in plain.nodes]


def test_a_snapshot_keeps_its_latest_forests(snapshot: Snapshot) -> None:
    start = snapshot.number("family/llama")
    first, tree = find_forest(snapshot, start), family_tree(snapshot, "family/llama")
    assert family_tree(snapshot, "family/llama") == tree
    assert find_forest(snapshot, start) is first


def test_the_made_up_family_is_one_family(corner: Corner, tmp_path: Path) -> None:
    write_family(corner.config.home / "runs" / "large", 120)
    tree = family_tree(corner.build(), ROOT, limit=20)
    assert tree.total == 120 and tree.shown == 20 + 5  # five would be hidden alone
    assert any(node.others for node in family_tree(corner.opened[-1], ROOT, limit=120).nodes)


@pytest.mark.parametrize("depth", [0, 1, 5])
def test_a_family_of_one_is_drawn(depth: int) -> None:
    tree = family_tree(Small(of("a")), "model/a", wish=Wish(depth=depth))
    assert drawn(tree) == ["a"]
