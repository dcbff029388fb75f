"""What a first screen holds: of a model and a family, on a desk and on a phone, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import SHOTS

pytestmark = pytest.mark.slow

Visit = Callable[..., Any]
PAGES = (
    "model/koalpaca-polyglot-12.8b",
    "model/llama-3.1-8b",
    "model/deepseek-r1",
    "model/gpt-4o",
    "family/llama",
    "family/llama-3.1",
    "family/koalpaca",
)
# What must be seen, each wholly; of the tree the first node.
HELD = (
    *(
        f".strip .s-{name}"
        for name in ("developer", "releaseDate", "parameterCount", "license", "base")
    ),
    ".strip .ver .vm",
)
TREE = ".draw a:visible, .kin-list li:visible, svg.lineage a.node:visible, .outline .row:visible"


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("path", PAGES)
def test_the_first_screen_holds_the_answer(
    visit: Visit, url: str, path: str, lang: str, width: int, height: int
) -> None:
    page = visit(f"{url}/{path}?lang={lang}", width)
    page.set_viewport_size({"width": width, "height": height})
    for selector in (*HELD, TREE):
        box = page.locator(selector).first.bounding_box()
        assert box, selector
        assert box["y"] + box["height"] <= height, (selector, box)
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, (selector, box)
    if width > 1000 and path.startswith(
        "model/"
    ):  # the verdict with its uses stands beside the tree
        uses = page.locator(".uses").bounding_box()
        assert uses and uses["y"] + uses["height"] <= height
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"first-{path.replace('/', '-')}-{lang}-{width}.png")


def test_the_address_is_copied_where_a_browser_lets_it(visit: Visit, url: str) -> None:
    page = visit(
        f"{url}/model/alpaca-7b?lang=en", permissions=["clipboard-read", "clipboard-write"]
    )
    page.click(".share summary")
    page.wait_for_function("document.querySelector('.share output').textContent === 'Copied.'")
    told = page.locator(".share code").text_content()
    assert page.evaluate("navigator.clipboard.readText()") == told


def test_menus_and_folds_open_without_javascript(visit: Visit, url: str) -> None:
    page = visit(f"{url}/model/llama-65b?lang=ko", java_script_enabled=False)
    menu = page.locator("#parameterCount .dots")
    assert not menu.locator(".claims").is_visible()
    menu.locator("summary").click()
    assert menu.locator(".claims").is_visible()
    page.click(".share summary")
    assert page.locator(".share code").is_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_an_open_menu_stays_on_the_screen(visit: Visit, url: str, width: int) -> None:
    page = visit(f"{url}/family/llama?lang=en", width)
    for menu in page.locator(".dots").all()[:12]:
        menu.locator("summary").click()
        box = menu.locator("div").first.bounding_box()
        assert box and box["x"] >= -1 and box["x"] + box["width"] <= width + 1
        menu.locator("summary").click()
