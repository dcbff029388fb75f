"""Every kind of page, in both languages and schemes, wide and narrow: what a machine can see of it.

axe-core finds no violation, nothing sticks out, nothing shifts, nothing is said on the console, no
other host is asked. A page is opened once for each look at it, and looked at from all sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import SHOTS
from tests.pages import LANGS, PAGES, STATUS, in_language

pytestmark = pytest.mark.slow

Look = tuple[str, str, int]

# Language, color scheme and width a page is opened with; the other scheme and widths follow in place.
LOOKS = [("en", "light", 1280), ("ko", "dark", 390)]
OTHER = {"light": "dark", "dark": "light"}
WIDTHS = {"en": [390, 820, 1920, 1280], "ko": [1280, 390]}
# What a scheme can break, on a page whose other rules held in the other scheme.
OF_COLORS = {"runOnly": ["color-contrast", "link-in-text-block"]}

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
def look(request: pytest.FixtureRequest, chromium: Any, url: str) -> Iterator[tuple[Watched, Look]]:
    """One look at the site; colors change at once, so that none is measured half-way."""
    lang, scheme, width = request.param
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="ko-KR" if lang == "ko" else "en-US",
    )
    yield Watched(context.new_page(), url), request.param
    context.close()


@pytest.fixture(scope="module")
def axe() -> Any:
    """axe-core, as its Python package carries it."""
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def violations(axe: Any, page: Any, options: Any = None) -> list[tuple[str, list[str]]]:
    """What axe-core finds: rules, each with the first places that break it."""
    found = axe.run(page, options=options).response["violations"]
    return [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound(look: tuple[Watched, Look], axe: Any, name: str) -> None:
    watched, (lang, scheme, width) = look
    page = watched.open(in_language(PAGES[name], lang))
    assert page.evaluate("window.shifted") < 0.05
    assert page.evaluate("document.fonts.size") == 0
    assert page.evaluate("[...document.images].every((i) => i.width && i.height)")
    assert violations(axe, page) == []
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / f"page-{name}-{lang}-{scheme}-{width}.png")
    page.emulate_media(color_scheme=OTHER[scheme])
    assert violations(axe, page, OF_COLORS) == []
    page.emulate_media(color_scheme=scheme)
    for to in WIDTHS[lang]:
        page.set_viewport_size({"width": to, "height": 900})
        assert page.evaluate(OVERFLOW) <= 0 and page.evaluate(STICKING) == [], to
    watched.check()


@pytest.fixture(scope="module")
def wide(chromium: Any, url: str) -> Iterator[Watched]:
    """A wide page, for the keyboard."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield Watched(context.new_page(), url)
    context.close()


@pytest.mark.parametrize("name", ["home", "check", "search", "family", "sparql"])
def test_the_tab_key_reaches_everything(wide: Watched, name: str) -> None:
    page = wide.open(in_language(PAGES[name], LANGS[0]))
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
    page.wait_for_url(re.compile("#main$"))


def test_the_legend_of_a_chart_shows_the_marks(wide: Watched) -> None:
    page = wide.open(in_language("/trends", "en"))
    fills = "[...document.querySelectorAll('.plot .key .mark path')].map((e) => getComputedStyle(e).fill)"
    found = page.evaluate(fills)
    assert found and "none" not in found


def test_a_slash_goes_to_the_search_but_not_while_typing(wide: Watched) -> None:
    focused = "[document.activeElement.name, document.activeElement.value]"
    for path in ("/", "/model/llama-7b", "/sparql", "/models"):
        page = wide.open(in_language(path, "en"))
        page.keyboard.press("/")
        assert page.evaluate(focused) == ["q", ""], path
        page.keyboard.type("a/b")
        assert page.evaluate(focused) == ["q", "a/b"], path
    page = wide.open("/sparql?lang=en")
    page.focus("textarea")
    page.keyboard.press("Control+End")
    page.keyboard.type("/")
    assert page.evaluate("document.activeElement.value").endswith("/")
