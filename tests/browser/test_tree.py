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
  const own = (e) => !e.closest("[data-flow]"); // the drawing of data has a frame of its own
  const svg = [...tree.querySelectorAll("svg.lineage")].find(own);
  const box = (e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
  const seen = (e) => e.getClientRects().length > 0;
  const texts = [...tree.querySelectorAll("svg.lineage text, .outline .row > :not(svg), .outline .more a")];
  const within = svg && seen(svg) ? svg : tree.querySelector(".card");
  return {
    texts: texts.filter(own).filter(seen).map((e) => [e.textContent.trim(), ...box(e)]),
    shapes: [...tree.querySelectorAll("svg.lineage a.node .shape")].filter(own).filter(seen).map((e) => ["shape", ...box(e)]),
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


# ---- the map ----

MAP = "document.querySelector('.map').familyMap"
TELL = f"""() => {{ const map = {MAP}; return {{ names: map.boxes, hover: map.hover, picked: map.picked,
    lit: map.lit, hits: map.hits.length, view: map.camera.view, zoomed: map.camera.zoomed }}; }}"""
# Dots of a leaf and its neighbors in rows: nothing may lie where something else does.
ROWS = f"""() => {{ const {{ m, L }} = {MAP};
  const taken = new Map(), twice = [];
  for (let i = m.shift; i < m.n; i++) {{
    const key = `${{L.band[i]}} ${{Math.round(L.Y[i] * 1e6)}} ${{L.bin[i]}}`;
    if (L.band[i] !== 255 && taken.has(key)) twice.push([taken.get(key), i]);
    taken.set(key, i);
  }}
  const outside = L.bands.filter((band) => band.y < 0 || band.y + band.h > 1000);
  const order = L.bands.every((band, i) => !i || band.y >= L.bands[i - 1].y + L.bands[i - 1].h);
  return {{ twice, outside: outside.length, order, all: [...L.Y].every((y) => y >= 0 && y <= 1000) }}; }}"""


def until(page: Any, expression: str) -> None:
    """Wait until something holds; what Playwright has for this the policy of the page forbids."""
    for _ in range(200):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


def open_map(visit: Visit, address: str, path: str = f"/{ROOT}/lineage", **options: Any) -> Any:
    page = visit(f"{address}{path}?view=map&{options.pop('query', 'lang=en')}", **options)
    page.wait_for_selector(".map[data-ready]")
    until(page, f"{MAP}.boxes?.length > 0")
    return page


def spot(page: Any, place: str) -> tuple[float, float]:
    """Where a place of the map is on the screen."""
    x, y = page.evaluate(f"{MAP}.marks.spot({place})")
    box = page.locator(".map-stage canvas").first.bounding_box()
    return box["x"] + x, box["y"] + y


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
@pytest.mark.parametrize("path", [f"/{ROOT}/lineage", "/family/llama/lineage"])
def test_on_the_map_nothing_lies_on_anything(
    visit: Visit, large_url: str, path: str, width: int, dark: bool
) -> None:
    page = open_map(visit, large_url, path, width=width, dark=dark)
    rows = page.evaluate(ROWS)
    assert rows == {"twice": [], "outside": 0, "order": True, "all": True}
    names = page.evaluate(TELL)["names"]
    assert 10 <= len(names) <= 60
    boxes = [[name, x, y, x + w, y + h] for name, x, y, w, h in names]
    assert overlaps(boxes) == []
    wide = page.evaluate(f"[{MAP}.camera.W, {MAP}.camera.H]")
    assert all(x >= 0 and y >= 0 and x2 <= wide[0] and y2 <= wide[1] for _, x, y, x2, y2 in boxes)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    shoot(page, f"map-{path.split('/')[1]}-{width}-{'dark' if dark else 'light'}")


def test_pointing_at_a_model_lights_the_way_to_its_root(
    visit: Visit, expect: Any, large_url: str
) -> None:
    page = open_map(visit, large_url)
    place = page.evaluate(f"{MAP}.L.bySize[1]")
    page.mouse.move(*spot(page, str(place)))
    until(page, f"{MAP}.hover === {place}")
    expect(page.locator(".map-tip b")).to_have_text("org1/syn-1")
    expect(page.locator(".map output")).to_contain_text("Synthetic base")
    until(page, f"{MAP}.lit.length === 2")
    assert page.evaluate(TELL)["lit"] == ["org1/syn-1", "Synthetic base"]
    page.mouse.click(*spot(page, str(place)))
    expect(page.locator(".map-tip.pinned a")).to_have_attribute(
        "href", re.compile("/model/hf/org1/syn-1$")
    )
    page.mouse.click(*spot(page, str(place)))
    page.wait_for_url(re.compile(r"/model/hf/org1/syn-1$"))


def test_found_models_are_ringed_and_listed(visit: Visit, expect: Any, large_url: str) -> None:
    page = open_map(visit, large_url)
    page.fill("#tree-find", "syn-77")
    page.keyboard.press("Enter")
    expect(page.locator(".map-hits button")).to_have_count(11)  # 77 and 770 to 779
    assert page.evaluate(TELL)["hits"] == 11
    expect(page.locator(".map output")).to_have_text("found: 11")
    page.wait_for_url(re.compile("find=syn-77"))
    page.locator(".map-hits button").first.click()
    until(page, f"{MAP}.picked >= 0")
    expect(page.locator(".map-tip a")).to_have_text("org37/syn-77")
    shoot(page, "map-found")
    again = open_map(visit, large_url, query="lang=ko&find=syn-77")
    expect(again.locator(".map-hits button")).to_have_count(11)
    again.fill("#tree-find", "nothing-is-so-called")
    again.keyboard.press("Enter")
    expect(again.locator(".map output")).to_contain_text("nothing-is-so-called")
    assert again.evaluate(TELL)["hits"] == 0


def test_the_map_goes_by_keyboard(visit: Visit, expect: Any, large_url: str) -> None:
    page = open_map(visit, large_url)
    page.locator(".map-stage canvas").first.focus()
    for _ in range(4):
        page.keyboard.press("+")
    assert page.evaluate(TELL)["zoomed"]
    expect(page.locator(".map-mini")).to_be_visible()  # with the next drawing
    before = page.evaluate(TELL)["view"]
    page.keyboard.press("ArrowRight")
    assert page.evaluate(TELL)["view"]["x0"] > before["x0"]
    page.keyboard.press("0")
    until(page, f"!{MAP}.camera.zoomed")
    expect(page.locator(".map-mini")).to_be_hidden()
    page.keyboard.press("Enter")
    picked = page.evaluate(TELL)["picked"]
    assert picked >= 0
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".map-tip a")).to_have_text("Synthetic base")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".map-tip a")).to_have_text("org1/syn-1")  # its largest child
    page.keyboard.press("Escape")
    assert page.evaluate(TELL)["picked"] == -1
    expect(page.locator(".map-tip")).to_be_hidden()


def test_the_brush_narrows_the_time(visit: Visit, expect: Any, large_url: str) -> None:
    page = open_map(visit, large_url)
    box = page.locator(".map-strip canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 40, steps=4)
    page.mouse.up()
    view = page.evaluate(TELL)["view"]
    span = page.evaluate(f"{MAP}.m.span")
    assert 0.2 * span < view["x0"] < view["x1"] < 0.7 * span
    expect(page.locator(".map-legend li").last).to_contain_text("in view")
    handle = page.locator(".map-strip [role=slider]").first
    expect(handle).to_have_attribute("aria-valuenow", str(round(view["x0"])))  # it has been drawn
    told = handle.get_attribute("aria-valuetext")
    handle.focus()
    page.keyboard.press("PageUp")
    expect(handle).not_to_have_attribute("aria-valuetext", told)
    assert page.evaluate(TELL)["view"]["x0"] == pytest.approx(view["x0"] + 91, abs=1)


def test_the_fill_of_the_map_is_obeyed_and_counted(visit: Visit, expect: Any, url: str) -> None:
    page = open_map(visit, url, "/family/llama/lineage")
    legend = page.locator(".map-legend")
    expect(legend).to_contain_text("fine-tuned")
    page.click(".tree-bar >> text=license")
    page.wait_for_url(re.compile("color=license"))
    expect(legend).to_contain_text("prohibited")
    page.click(".tree-bar >> text=organization")
    expect(legend).to_contain_text("Meta")
    color = f"{MAP}.colors.palette.find((one) => one.word === 'Meta').color"
    in_map = page.evaluate(color)
    page.goto(f"{url}/family/llama/lineage?view=timeline&lang=en")
    shape = "document.querySelector('a.node[data-id=\"model/llama-7b\"] .shape')"
    assert page.evaluate(f"getComputedStyle({shape}).color") == in_map
    assert page.evaluate("document.querySelector('[data-map]')") is None


def test_buttons_and_the_wheel_zoom_the_map(visit: Visit, expect: Any, large_url: str) -> None:
    page = open_map(visit, large_url)
    whole = page.evaluate(TELL)["view"]
    page.click("[data-zoom] button >> nth=1")
    assert page.evaluate(TELL)["zoomed"]
    page.click("text=Fit")
    until(page, f"!{MAP}.camera.zoomed")
    page.locator(".map-stage").scroll_into_view_if_needed()
    page.mouse.move(*spot(page, str(page.evaluate(f"{MAP}.L.bySize[1]"))))
    page.mouse.wheel(0, 100)  # the page scrolls, the map does not
    expect(page.locator(".map-wheel")).to_be_visible()  # it says how
    assert page.evaluate(TELL)["view"] == whole
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    until(page, f"{MAP}.camera.zoomed")


def test_without_scripts_the_map_is_a_list(visit: Visit, large_url: str) -> None:
    page = visit(f"{large_url}/{ROOT}/lineage?view=map&lang=en", java_script_enabled=False)
    assert page.locator("noscript").count()
    page.click("text=The same as a list")
    assert page.locator(".map-list .outline a[data-id]").first.is_visible()


def test_a_standalone_picture_follows_the_system(visit: Visit, url: str) -> None:
    grounds = []
    for dark in (False, True):
        page = visit(f"{url}/family/llama/lineage.svg", dark=dark)
        grounds.append(page.evaluate("getComputedStyle(document.querySelector('.paper')).fill"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(25, 29, 27)"]


# ---- who learned from what ----


def test_pointing_at_a_data_set_lights_its_way(visit: Visit, url: str) -> None:
    page = visit(f"{url}/org/openai/lineage?lang=en")
    page.locator("svg.flow [data-id='dataset/sharegpt-70k']").hover()
    page.wait_for_selector("svg.flow.dim")
    lit = page.evaluate("[...document.querySelectorAll('.flow-node.lit')].map((a) => a.dataset.id)")
    assert {"product/chatgpt", "dataset/sharegpt-70k", "model/vicuna-13b"} <= set(lit)
    assert "model/alpaca-7b" not in lit
    page.locator("svg.flow [data-id='model/alpaca-7b']").focus()
    lit = page.evaluate("[...document.querySelectorAll('.flow-node.lit')].map((a) => a.dataset.id)")
    assert "model/text-davinci-003" in lit and "product/chatgpt" not in lit
    shoot(page, "flow-openai", "[data-flow]")
    page.goto(f"{url}/family/llama/lineage?data=1&view=timeline&lang=ko")
    assert page.locator(".tree-flow svg.flow [data-id='dataset/alpaca-52k']").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
