"""A term lights the way it came: by pointer, by keyboard, by a link without script; in light and dark."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from kg.answers.license import license_answer
from kg.snapshot.snapshot import Snapshot
from tests.browser.conftest import shoot

pytestmark = pytest.mark.slow

Visit = Callable[..., Any]
KOALPACA = "model/koalpaca-polyglot-12.8b"
LIT = "(svg) => [...svg.querySelectorAll('[data-id].lit')].map((a) => a.dataset.id)"
STEPS = (
    """(svg) => [...svg.querySelectorAll('path.lit')].map((p) => [p.dataset.to, p.dataset.from])"""
)
IS_DIM = "(svg) => svg.classList.contains('dim')"


def way_from(snapshot: Snapshot, id: str, origin: str) -> list[str]:
    """The one way by which terms of an origin come to a model."""
    found = {tuple(f.path) for f in license_answer(snapshot, id, "commercial").findings}
    (way,) = (path for path in found if path[-1] == origin)
    return [*way]


def steps_of(way: list[str]) -> list[list[str]]:
    return [[child, parent] for child, parent in itertools.pairwise(way)]


@pytest.mark.parametrize("origin", ["product/chatgpt", "model/polyglot-ko-12.8b", KOALPACA])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_pointing_at_a_term_lights_its_way(
    visit: Visit, url: str, snapshot: Snapshot, lang: str, origin: str
) -> None:
    page = visit(f"{url}/{KOALPACA}/terms?lang={lang}", dark=lang == "ko")
    drawing = page.locator("svg.ways")
    assert not drawing.evaluate(IS_DIM)
    way = way_from(snapshot, KOALPACA, origin)
    term = page.locator(f'[data-ways="{" ".join(way)}"]').first
    term.scroll_into_view_if_needed()
    term.locator(".lead").hover()
    assert {*drawing.evaluate(LIT)} == {*way}
    assert sorted(drawing.evaluate(STEPS)) == sorted(steps_of(way))
    assert drawing.evaluate(IS_DIM)
    # The drawing stays in sight of the term, and the term is not under it.
    box, above = term.bounding_box(), drawing.bounding_box()
    assert box and above and 0 <= above["y"] < 900 and box["y"] + box["height"] <= 1000
    shoot(page, f"ways-{origin.replace('/', '-')}-{lang}", ".drawn")
    page.mouse.move(2, 2)
    assert not drawing.evaluate(IS_DIM) and drawing.evaluate(LIT) == []


def test_the_tab_key_lights_ways_one_after_the_other(
    visit: Visit, url: str, snapshot: Snapshot
) -> None:
    page = visit(f"{url}/{KOALPACA}/terms?lang=en")
    seen = []
    page.locator(".told a").first.focus()
    for _ in range(80):
        at = page.evaluate("document.activeElement.closest('[data-ways]')?.dataset.ways ?? ''")
        if at:
            lit = page.locator("svg.ways").evaluate(LIT)
            assert {*lit} == {id for way in at.split("|") for id in way.split()}
            seen.append(at)
        page.keyboard.press("Tab")
    ways = {" ".join(f.path) for f in license_answer(snapshot, KOALPACA, "commercial").findings}
    assert {way for one in seen for way in one.split("|")} == ways


def test_a_link_lights_the_way_without_a_script(visit: Visit, url: str, snapshot: Snapshot) -> None:
    page = visit(f"{url}/{KOALPACA}?lang=en", java_script_enabled=False)
    way = way_from(snapshot, KOALPACA, "product/chatgpt")
    page.locator("details.fold summary", has_text="terms that reach it").click()
    term = page.locator(f'.told [data-ways="{" ".join(way)}"]').first
    term.locator("a.to-way").click()
    page.wait_for_url("**/terms?from=*")
    lit = page.locator("svg.ways [data-id].lit")
    assert lit.count() == len(way)
    assert page.locator("svg.ways.dim").count() == 1
    marked = page.locator(".told > li.lit").first.bounding_box()
    above = page.locator(".drawn").bounding_box()
    assert marked and above and marked["y"] >= above["y"] + above["height"] - 1  # not hidden by it


def test_what_the_server_lit_comes_back_when_the_pointer_has_gone(
    visit: Visit, url: str, snapshot: Snapshot
) -> None:
    page = visit(f"{url}/{KOALPACA}/terms?lang=en&from=product/chatgpt")
    drawing = page.locator("svg.ways")
    before = drawing.evaluate(LIT)
    own = page.locator(f'.told [data-ways="{KOALPACA}"]').first
    own.scroll_into_view_if_needed()
    own.locator(".lead").hover()
    assert drawing.evaluate(LIT) == [KOALPACA]
    page.mouse.move(2, 2)
    assert drawing.evaluate(LIT) == before and drawing.evaluate(IS_DIM)


def test_the_small_tree_of_a_model_is_lit_by_its_terms(
    visit: Visit, url: str, snapshot: Snapshot
) -> None:
    page = visit(f"{url}/{KOALPACA}?lang=en")
    drawing = page.locator(".kin svg.draw")
    page.locator("details.fold summary", has_text="terms that reach it").click()
    way = way_from(snapshot, KOALPACA, "product/chatgpt")
    page.locator(f'.told [data-ways="{" ".join(way)}"] a.to-way').first.focus()
    assert {*drawing.evaluate(LIT)} == {*way}
    page.locator(".verdict .line[data-ways]").hover()
    lit = drawing.evaluate(LIT)
    assert KOALPACA in lit and drawing.evaluate(IS_DIM)
    page.locator(
        f".kin a[data-id='{way[1]}']"
    ).hover()  # a box lights what led to it and what came of it
    assert {*way} <= {*drawing.evaluate(LIT)}


def test_pointing_at_a_model_of_a_timeline_lights_its_line(
    visit: Visit, url: str, snapshot: Snapshot
) -> None:
    page = visit(f"{url}/family/llama/lineage?view=timeline&lang=en")
    node = page.locator("svg.lineage a.node[data-id='model/alpaca-7b']")
    node.focus()
    depth = int(node.get_attribute("data-depth"))
    lines = page.locator("svg.lineage .link.way")
    assert lines.count() == depth > 0
    page.locator("h1").click()
    assert lines.count() == 0


def test_a_phone_scrolls_the_drawing_and_not_the_page(visit: Visit, url: str) -> None:
    page = visit(f"{url}/{KOALPACA}/terms?lang=ko", 390, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".drawn .scroller").evaluate("(box) => box.scrollWidth > box.clientWidth")
