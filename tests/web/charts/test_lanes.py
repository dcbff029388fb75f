"""Lanes of releases: no name meets another, nothing is lost, and lines join what is drawn."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.language.width import text_width
from web.app.i18n import translator
from web.charts import lanes
from web.charts.lanes import Lane, LaneItem
from web.charts.plot import Canvas
from web.charts.timescale import month_start

SVG = "{http://www.w3.org/2000/svg}"
SPAN = (2019 * 12, 2026 * 12)
FIRST, LAST = (month_start(m).toordinal() for m in SPAN)
DAYS = st.floats(FIRST, LAST - 1)
NAMES = st.sampled_from(["LLaMA 7B", "코알파카 폴리글랏 12.8B", "a" * 60, "라마", "GPT-2"])


def lane(found: list[tuple[float, str]], first: int = 0) -> Lane:
    items = [
        LaneItem(key=first + i, day=day, label=name, href=f"/m/{i}", told=name, css="o1")
        for i, (day, name) in enumerate(found)
    ]
    return Lane("Org", "o1", items, {}, len(items))


def canvas(width: float) -> Canvas:
    return Canvas("ko", translator("ko"), width)


@given(st.lists(st.tuples(DAYS, NAMES), min_size=1, max_size=60), st.sampled_from([800.0, 1320.0]))
def test_names_of_a_row_never_meet_and_nothing_is_lost(
    found: list[tuple[float, str]], width: float
) -> None:
    svg = ET.fromstring(lanes.draw([lane(found)], SPAN, "t", canvas(width)))
    rows: dict[str, list[tuple[float, float]]] = {}
    links = list(svg.iter(f"{SVG}a"))
    for text in (a.find(f"{SVG}text") for a in links):
        assert text is not None
        x, wide = float(text.get("x", "")), text_width(text.text or "", 12.5)
        left = x - wide if text.get("text-anchor") else x
        assert left >= -1 and left + wide <= width + 1
        rows.setdefault(text.get("y", ""), []).append((left, left + wide))
    for taken in map(sorted, rows.values()):
        assert all(a[1] < b[0] for a, b in itertools.pairwise(taken))
    strip = [r for g in svg.iter(f"{SVG}g") if "crowd-marks" in g.get("class", "") for r in g]
    more = sum(
        int((r.find(f"{SVG}title").text or "").split()[-1].removesuffix("개")) for r in strip
    )  # type: ignore[union-attr]
    assert len(links) + more == len(found)


@pytest.mark.parametrize(("many", "times"), [(1, 1), (4, 2)])
def test_the_years_stand_above_many_lanes_as_well(many: int, times: int) -> None:
    found = [lane([(float(FIRST + 400), "LLaMA 7B")], first) for first in range(many)]
    svg = lanes.draw(found, SPAN, "t", canvas(1320))
    assert svg.count(">2022년</text>") == times
    heights = [float(r.get("y", "")) for r in ET.fromstring(svg).iter(f"{SVG}rect")]
    years = [
        float(t.get("y", "")) for t in ET.fromstring(svg).iter(f"{SVG}text") if t.text == "2022년"
    ]
    assert min(years) < min(heights) if many > 1 else min(years) > max(heights)


def test_the_most_important_is_named_first() -> None:
    day = (FIRST + LAST) / 2
    drawn = lanes.draw([lane([(day, f"M{i}") for i in range(9)])], SPAN, "t", canvas(1040), most=2)
    assert "M0<" in drawn and "M1<" in drawn and "M2<" not in drawn


def test_every_row_that_is_needed_may_be_taken() -> None:
    day = (FIRST + LAST) / 2
    drawn = lanes.draw([lane([(day, f"M{i}") for i in range(9)])], SPAN, "t", canvas(1040), most=99)
    assert all(f"M{i}<" in drawn for i in range(9)) and "crowd-marks" not in drawn


def test_lines_join_what_is_drawn_alone() -> None:
    two = [lane([(FIRST + 100, "parent")]), lane([(FIRST + 900, "child")], first=10)]
    drawn = lanes.draw(two, SPAN, "t", canvas(1040), lines=[(0, 10), (0, 77)])
    assert drawn.count('class="line') == 1


@pytest.mark.parametrize("width", [350.0, 1040.0])
def test_names_of_others_are_text(width: float) -> None:
    drawn = lanes.draw([lane([(FIRST + 5, '<b a="1">&')])], SPAN, '"t"', canvas(width))
    assert "<b " not in drawn and ET.fromstring(drawn) is not None
