"""Every kind of page, in both languages and schemes, wide and narrow: what a machine can see of it.

axe-core finds no violation, nothing sticks out, nothing shifts, nothing is said on the console, no
other host is asked. A page is opened once for each look at it, and looked at from all sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import SHOTS
from tests.pages import LANGS, PAGES, STATUS, in_language

Open = Callable[..., Any]

# Language, color scheme and width. What depends on two of them at once is the width of words.
LOOKS = [("en", "light", 1280), ("ko", "dark", 390)]
WIDTHS = [390, 820, 1920]

SHIFTS = """() => { window.shifted = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries())
    if (!e.hadRecentInput) window.shifted += e.value; }).observe({ type: "layout-shift", buffered: true }); }"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# What sticks out of the window and does not stand in a part that scrolls by itself.
STICKING = """() => [...document.querySelectorAll("body *")].filter((e) => {
  const box = e.getBoundingClientRect();
  if (!box.width || box.right <= document.documentElement.clientWidth + 1 || getComputedStyle(e).position === "fixed") return false;
  for (let up = e.parentElement; up; up = up.parentElement)
    if (getComputedStyle(up).overflowX !== "visible") return false;
  return true;
}).slice(0, 3).map((e) => e.outerHTML.slice(0, 120))"""
# Everything the Tab key should reach, as the browser sees it.
REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")].filter((e) =>
  e.tabIndex >= 0 && !e.disabled && e.type !== "hidden" && !e.closest("[inert]") && e.checkVisibility({
    visibilityProperty: true }) && !(e.type === "radio" && e.name && !e.checked)).map((e, i) => {
  e.dataset.tabbed = i; return e.outerHTML.slice(0, 120); })"""
FOCUSED = """() => { const e = document.activeElement;
  const box = e.getBoundingClientRect(), svg = e.closest("svg");
  return [e.dataset.tabbed ?? "", e === document.body, e.outerHTML.slice(0, 160),
    Boolean(svg) || [e, e.parentElement, e.closest(".ed")].some((at) => at &&
      (getComputedStyle(at).outlineStyle !== "none" || getComputedStyle(at).boxShadow !== "none")),
    box.width > 0 && box.height > 0]; }"""


class Watched:
    """A page with all that it asks for and says."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.url = page, url
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("console", lambda m: self.said.append(f"{m.type}: {m.text}"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.add_init_script(f"({SHIFTS})()")

    def open(self, path: str) -> Any:
        """Open a page of the site."""
        self.said.clear()
        self.asked.clear()
        answer = self.page.goto(self.url + path)
        assert answer.status == STATUS.get(path.partition("lang=")[0].rstrip("?&"), 200)
        return self.page

    def check(self) -> None:
        """Nothing was said, no other host was asked."""
        expected = "Failed to load resource: the server responded with a status of 404"
        assert [text for text in self.said if expected not in text] == []
        hosts = {
            urlsplit(address).netloc for address in self.asked if not address.startswith("data:")
        }
        assert hosts == {urlsplit(self.url).netloc}


@pytest.fixture(scope="module", params=LOOKS, ids=lambda look: "-".join(map(str, look)))
def look(request: pytest.FixtureRequest, chromium: Any, url: str) -> Iterator[tuple[str, Watched]]:
    """One look at the site: a language, a scheme, a width."""
    lang, scheme, width = request.param
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme,
                                   locale="ko-KR" if lang == "ko" else "en-US")  # fmt: skip
    yield lang, Watched(context.new_page(), url)
    context.close()


@pytest.fixture(scope="module")
def axe() -> Any:
    """axe-core, as its Python package carries it."""
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(look: tuple[str, Watched], axe: Any, name: str) -> None:
    lang, watched = look
    page = watched.open(in_language(PAGES[name], lang))
    assert page.evaluate("window.shifted") < 0.05
    assert page.evaluate(OVERFLOW) <= 0 and page.evaluate(STICKING) == []
    found = axe.run(page).response["violations"]
    assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found] == []
    assert page.evaluate("document.fonts.size") == 0
    assert page.evaluate("[...document.images].every((i) => i.width && i.height)")
    watched.check()
    SHOTS.mkdir(exist_ok=True)
    size, scheme = (
        page.viewport_size["width"],
        page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"),
    )
    page.screenshot(path=SHOTS / f"page-{name}-{lang}-{scheme}-{size}.png")


@pytest.fixture(scope="module")
def wide(chromium: Any, url: str) -> Iterator[Watched]:
    """A page whose width changes."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield Watched(context.new_page(), url)
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_at_any_width(wide: Watched, name: str) -> None:
    page = wide.open(in_language(PAGES[name], "en"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOW) <= 0 and page.evaluate(STICKING) == [], width


@pytest.mark.parametrize("name", ["home", "search", "family", "sparql", "license-check"])
def test_the_tab_key_reaches_everything(wide: Watched, name: str) -> None:
    page = wide.open(in_language(PAGES[name], LANGS[0]))
    page.set_viewport_size({"width": 1280, "height": 900})
    wanted = page.evaluate(REACHABLE)
    assert len(wanted) > 8
    page.evaluate("document.activeElement.blur()")
    reached, unseen = set(), []
    for _ in range(len(wanted) + 20):
        page.keyboard.press("Tab")
        tabbed, outside, html, visible, has_size = page.evaluate(FOCUSED)
        if outside or tabbed in reached:
            break
        reached.add(tabbed)
        if not (visible and has_size):
            unseen.append(html)
    missing = [html for i, html in enumerate(wanted) if str(i) not in reached]
    assert (missing, unseen) == ([], [])


def test_the_first_tab_skips_to_the_content(wide: Watched) -> None:
    page = wide.open("/about?lang=en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert re.search("#main$", page.url)
