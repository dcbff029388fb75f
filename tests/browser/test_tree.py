"""Family trees as they are seen: nothing overlaps, nothing is cut; opened in place, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import shoot
from tests.large import ROOT

pytestmark = pytest.mark.slow

Visit = Callable[..., Any]

SEEN = [
    ("llama", "/family/llama/lineage?data=1"),
    ("bert", "/family/bert/lineage"),
    ("koalpaca", "/family/koalpaca/lineage"),
    ("one", "/model/chinchilla/lineage"),
]
MERGE = "/model/hf/org30/syn-30/lineage"

# Every visible text of a drawing or outline, with its box, and the box it must stay in.
BOXES = """() => {
  const tree = document.querySelector("[data-tree]");
  const frame = (tree.querySelector(".scroller") ?? tree.querySelector(".outline")).getBoundingClientRect();
  const svg = tree.querySelector("svg.lineage");
  const box = (e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
  const seen = (e) => e.getClientRects().length > 0;
  const texts = [...tree.querySelectorAll("svg.lineage text, .outline .row > :not(svg), .outline .more a")];
  const within = svg && seen(svg) ? svg : tree.querySelector(".card");
  return {
    texts: texts.filter(seen).map((e) => [e.textContent.trim(), ...box(e)]),
    shapes: [...tree.querySelectorAll("svg.lineage a.node .shape")].filter(seen).map((e) => ["shape", ...box(e)]),
    frame: box(within),
    overflow: document.documentElement.scrollWidth - innerWidth,
  };
}"""


def overlaps(boxes: list[list[Any]]) -> list[tuple[str, str]]:
    """Pairs of boxes that share more than a hair."""
    found = []
    ordered = sorted(boxes, key=lambda b: b[2])
    for i, (name, left, top, right, bottom) in enumerate(ordered):
        for other, left2, top2, right2, bottom2 in ordered[i + 1 :]:
            if top2 >= bottom:
                break
            wide, tall = (
                min(right, right2) - max(left, left2),
                min(bottom, bottom2) - max(top, top2),
            )
            if wide > 1 and tall > 4:
                found.append((name, other))
    return found


def check(page: Any) -> None:
    found = page.evaluate(BOXES)
    assert found["texts"]
    assert overlaps(found["texts"]) == []
    assert [p for p in overlaps([*found["texts"], *found["shapes"]]) if "shape" in p] == []
    left, top, right, bottom = found["frame"]
    for name, x, y, x2, y2 in [*found["texts"], *found["shapes"]]:
        assert left - 1 <= x and x2 <= right + 1 and top - 1 <= y and y2 <= bottom + 1, name
    assert found["overflow"] <= 0


@pytest.mark.parametrize("view", ["timeline", "outline"])
@pytest.mark.parametrize(
    ("width", "dark"), [(390, False), (390, True), (1280, False), (1280, True)]
)
@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize(("name", "path"), SEEN)
def test_nothing_overlaps_or_is_cut(
    visit: Visit, url: str, name: str, path: str, lang: str, width: int, dark: bool, view: str
) -> None:
    address = f"{url}{path}{'&' if '?' in path else '?'}view={view}&lang={lang}"
    page = visit(address, width, dark)
    check(page)
    shoot(page, f"{name}-{view}-{lang}-{width}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("view", ["timeline", "outline"])
@pytest.mark.parametrize(
    ("width", "dark", "lang"), [(390, True, "ko"), (1280, False, "en"), (1280, True, "ko")]
)
@pytest.mark.parametrize(("name", "path"), [("large", f"/{ROOT}/lineage"), ("merge", MERGE)])
def test_large_families_and_merges_are_legible(
    visit: Visit, large_url: str, name: str, path: str, width: int, dark: bool, lang: str, view: str
) -> None:
    page = visit(f"{large_url}{path}?view={view}&lang={lang}", width, dark)
    check(page)
    shoot(page, f"{name}-{view}-{lang}-{width}-{'dark' if dark else 'light'}")


def test_without_scripts_links_do_the_same(visit: Visit, large_url: str) -> None:
    page = visit(f"{large_url}/{ROOT}/lineage?view=outline", java_script_enabled=False)
    before = page.locator(".outline [data-id]").count()
    page.locator(".more a").last.click()
    page.wait_for_url(re.compile("open="))
    assert page.locator(".outline [data-id]").count() > before
    page.fill("#tree-find", "syn-77")
    page.click(".tree-bar form button")
    page.wait_for_url(re.compile("find=syn-77"))
    assert page.locator(".found").count() >= 1


@pytest.mark.parametrize("view", ["timeline", "outline"])
def test_a_count_opens_in_place(visit: Visit, expect: Any, large_url: str, view: str) -> None:
    page = visit(f"{large_url}/{ROOT}/lineage?view={view}")
    page.evaluate("window.kept = true")
    before = page.locator("[data-id]").count()
    page.locator("[data-more]").last.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-id]")).not_to_have_count(before)
    page.wait_for_url(re.compile("open="))
    assert page.evaluate("window.kept")
    assert page.evaluate("document.activeElement.closest('.new') !== null")
    check(page)
    opened = page.url
    page.go_back()
    expect(page.locator("[data-id]")).to_have_count(before)
    page.goto(opened)
    assert page.locator("[data-id]").count() > before


def test_search_views_and_data_change_in_place(visit: Visit, url: str) -> None:
    page = visit(f"{url}/family/llama/lineage?view=timeline&lang=en")
    page.evaluate("window.kept = true")
    page.fill("#tree-find", "vicuna")
    page.keyboard.press("Enter")
    page.wait_for_selector(".found")
    assert page.evaluate("document.activeElement.id") == "tree-find"
    page.click("text=Show data")
    page.wait_for_selector(".datum")
    page.click(".tabs a >> text=Outline")
    page.wait_for_selector(".outline .found")
    assert page.evaluate("window.kept")
    page.wait_for_url(re.compile("view=outline&find=vicuna&data=1&lang=en#family-tree$"))


def test_the_outline_goes_by_keyboard(visit: Visit, url: str) -> None:
    page = visit(f"{url}/family/llama/lineage?view=outline&lang=en")
    now = "document.activeElement.textContent.trim()"
    page.locator(".outline a[data-depth]").first.focus()
    seen = []
    for key in (
        "ArrowDown",
        "ArrowRight",
        "End",
        "Home",
        "ArrowLeft",
        "ArrowRight",
        "v",
        "v",
        "ArrowLeft",
    ):
        page.keyboard.press(key)
        seen.append(page.evaluate(now))
    assert seen[0] == "LLaMA 7B" and seen[1] == "Alpaca 7B" and seen[3] == "LLaMA"
    assert seen[4] == "LLaMA" and seen[6].startswith("Vicuna") and seen[7].startswith("Vicuna")
    page.locator(".outline a[data-depth]").first.focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator(".outline a[data-depth]:visible").count() == 1
    page.keyboard.press("ArrowRight")
    assert page.locator(".outline a[data-depth]:visible").count() > 10


def test_the_timeline_goes_by_keyboard(visit: Visit, url: str) -> None:
    page = visit(f"{url}/family/llama/lineage?view=timeline&lang=en")
    page.locator("a.node").first.focus()
    for key, expected in [
        ("ArrowRight", "model/llama-7b"),
        ("ArrowRight", "model/alpaca-7b"),
        ("ArrowLeft", "model/llama-7b"),
        ("ArrowLeft", "family/llama"),
        ("g", "model/gpt4all"),
    ]:
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.id") == expected


def test_the_timeline_zooms_and_moves(visit: Visit, url: str) -> None:
    page = visit(f"{url}/family/llama/lineage?view=timeline&lang=en", 390)
    width = "Number(document.querySelector('svg.lineage').getAttribute('width'))"
    start = page.evaluate(width)
    page.click("[data-zoom] button >> nth=1")
    assert page.evaluate(width) > start
    page.click("text=Fit")
    assert page.evaluate(width) < 390
    page.click("[data-zoom] button >> nth=1")
    for _ in range(5):
        page.click("[data-zoom] button >> nth=1")
    page.locator(".scroller").scroll_into_view_if_needed()
    box = page.locator(".scroller").bounding_box()
    x, y = box["x"] + box["width"] * 0.8, box["y"] + 12
    before = page.evaluate("document.querySelector('.scroller').scrollLeft")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 150, y, steps=3)
    page.mouse.up()
    assert page.evaluate("document.querySelector('.scroller').scrollLeft") > before + 100


def test_the_map_draws_names_and_leads_to_models(visit: Visit, expect: Any, large_url: str) -> None:
    page = visit(f"{large_url}/{ROOT}/lineage?view=map&lang=ko")
    page.wait_for_selector(".map li")
    painted = """() => { const c = document.querySelector("canvas");
        const data = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
        return data.some((v) => v > 0); }"""
    assert page.evaluate(painted)
    box = page.locator("canvas").bounding_box()
    x, y = box["x"] + 30, box["y"] + 35
    page.mouse.move(x, y)
    expect(page.locator(".map output")).to_contain_text("Synthetic base")
    page.mouse.move(x + 200, y + 200)
    with page.expect_response(re.compile("names.json")):
        for _ in range(14):
            page.mouse.wheel(0, -250)
            page.wait_for_timeout(20)
    shoot(page, "map-zoomed-ko")
    page.keyboard.press("Tab")
    page.locator("canvas").focus()
    page.keyboard.press("0")
    page.wait_for_timeout(100)
    shoot(page, "map-ko")
    box = page.locator("canvas").bounding_box()  # the picture may have scrolled the page
    page.mouse.click(box["x"] + 30, box["y"] + 35)
    page.wait_for_url(re.compile(r"/model/hf/[^?]+$"))


def test_a_standalone_picture_follows_the_system(visit: Visit, url: str) -> None:
    grounds = []
    for dark in (False, True):
        page = visit(f"{url}/family/llama/lineage.svg", dark=dark)
        grounds.append(page.evaluate("getComputedStyle(document.querySelector('.paper')).fill"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(25, 29, 27)"]
