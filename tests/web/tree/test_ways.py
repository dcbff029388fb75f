"""The ways by which terms came, drawn."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from kg.snapshot.snapshot import Snapshot
from web.tree.ways import MOST, columns, draw_ways
from web.ui.relations import TermsWay

SVG = "{http://www.w3.org/2000/svg}"
KOALPACA = "model/koalpaca-polyglot-12.8b"
WRITTEN = TermsWay(
    (KOALPACA, "dataset/koalpaca-v1.1", "product/chatgpt"), ("trainedOn", "generatedWith")
)
BASE = TermsWay((KOALPACA, "model/polyglot-ko-12.8b"), ("fineTunedFrom",))
OWN = TermsWay((KOALPACA,), ())


def drawn(app: Flask, snapshot: Snapshot, ways: list[TermsWay], *lit: str) -> ET.Element:
    with app.test_request_context("/"):
        return ET.fromstring(draw_ways(snapshot, ways, lit, "en", "Ways").svg)


def lit_parts(svg: ET.Element) -> set[str]:
    parts = [one for one in svg.iter() if "lit" in one.get("class", "").split()]
    return {p.get("data-id") or f"{p.get('data-from')} {p.get('data-to')}" for p in parts}


def test_weights_are_lines_and_data_are_ribbons(app: Flask, snapshot: Snapshot) -> None:
    svg = drawn(app, snapshot, [OWN, BASE, WRITTEN])
    joins = {
        (p.get("data-from"), p.get("data-to")): p.get("class") for p in svg.iter(f"{SVG}path")
    } or {(p.get("data-from"), p.get("data-to")): p.get("class") for p in svg.iter("path")}
    assert joins == {
        ("model/polyglot-ko-12.8b", KOALPACA): "w",
        ("dataset/koalpaca-v1.1", KOALPACA): "rib",
        ("product/chatgpt", "dataset/koalpaca-v1.1"): "rib",
    }
    assert lit_parts(svg) == set() and "dim" not in svg.get("class", "")


@pytest.mark.parametrize("way", [WRITTEN, BASE, OWN])
def test_the_way_from_what_carries_a_term_is_lit(
    app: Flask, snapshot: Snapshot, way: TermsWay
) -> None:
    svg = drawn(app, snapshot, [OWN, BASE, WRITTEN], way.origin)
    steps = {f"{parent} {child}" for (parent, child), _ in way.links()}
    assert lit_parts(svg) == {*way.ids} | steps
    assert "dim" in svg.get("class", "").split()


def test_boxes_keep_apart(app: Flask, snapshot: Snapshot) -> None:
    svg = drawn(app, snapshot, [OWN, BASE, WRITTEN])
    found = [
        tuple(float(r.get(k, "")) for k in ("x", "y", "width", "height"))
        for r in svg.iter()
        if r.tag.endswith("rect")
    ]
    assert len(found) == 4
    for (x, y, w, h), (x2, y2, w2, h2) in itertools.combinations(found, 2):
        assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y


def test_what_has_no_room_is_counted(app: Flask, snapshot: Snapshot) -> None:
    ways = [TermsWay((KOALPACA, f"dataset/d{n}"), ("trainedOn",)) for n in range(MOST + 10)]
    with app.test_request_context("/"):
        found = draw_ways(snapshot, ways, (), "en", "Ways")
    assert found.svg.count("<rect") == MOST and found.left_out == 11


IDS = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(IDS, IDS), max_size=20))
def test_a_parent_stands_before_what_came_from_it_unless_they_are_a_ring(
    pairs: list[tuple[str, str]],
) -> None:
    links = {(a, b): "" for a, b in pairs if a < b}  # without rings: a parent is the lesser
    links |= {(a, "here"): "" for a in {id for pair in links for id in pair}}
    placed = columns("here", links)
    at = {id: place for place, ids in enumerate(placed) for id in ids}
    assert placed[-1] == ["here"] and sum(map(len, placed)) == len(at)
    assert all(at[parent] < at[child] for parent, child in links)


def test_a_ring_ends() -> None:
    found = columns("m", [("a", "m"), ("b", "a"), ("a", "b"), ("m", "b")])
    assert sorted(id for ids in found for id in ids) == ["a", "b", "m"] and found[-1] == ["m"]
