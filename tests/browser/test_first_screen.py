"""What a first screen holds: of a model and a family, on a desk and on a phone, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kg.answers.contract import Ref
from kg.answers.show import show
from kg.answers.tree.kin import find_kin
from kg.model.vocabulary import DEVELOPER, LICENSE
from kg.snapshot.snapshot import Snapshot
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


SCREENS = [(1280, 800), (390, 844)]


def hold(page: Any, selectors: tuple[str, ...], width: int, height: int) -> None:
    """Each stands wholly on the screen."""
    page.set_viewport_size({"width": width, "height": height})
    for selector in selectors:
        box = page.locator(selector).first.bounding_box()
        assert box, selector
        assert box["y"] + box["height"] <= height, (selector, box)
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, (selector, box)


@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("path", PAGES)
def test_the_first_screen_holds_the_answer(
    visit: Visit, url: str, path: str, lang: str, width: int, height: int
) -> None:
    page = visit(f"{url}/{path}?lang={lang}", width)
    hold(page, (*HELD, TREE), width, height)
    # The verdict with its uses stands beside the tree
    if width > 1000 and path.startswith("model/"):
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


# ---- what is hard: of each relation and of each lack the model or family with the longest name ----


def longest(snapshot: Snapshot, kind: str, fits: Callable[[int], bool]) -> str:
    """The thing of a kind that fits, whose names fill most; a test on none of them tries nothing."""
    ids = (snapshot.id_at(n) for n in range(len(snapshot.lines)))
    found = [id for id in ids if id.startswith(f"{kind}/") and fits(snapshot.number(id))]
    assert found, "the data has none"
    return max(found, key=lambda id: (len(snapshot.label(id, "en")), id))


def derives_by(snapshot: Snapshot, relation: str) -> str:
    """A model that is made from another so."""
    parents = snapshot.lineage.parents
    return longest(snapshot, "model", lambda n: bool(parents(n, {relation})))


def lacks(snapshot: Snapshot, kind: str, *properties: str) -> str:
    """A thing of which nothing is said there, but that came from something or has members."""
    known = snapshot.entity_at

    def fits(number: int) -> bool:
        return not any([*known(number).values(name)] for name in properties)

    return longest(snapshot, kind, fits)


HARD: dict[str, Callable[[Snapshot], str]] = {
    "adapter": lambda s: derives_by(s, "adapterOf"),
    "quantized": lambda s: derives_by(s, "quantizedFrom"),
    "merge": lambda s: derives_by(s, "mergedFrom"),
    "distilled": lambda s: derives_by(s, "distilledFrom"),
    "no-maker-or-date": lambda s: lacks(s, "model", DEVELOPER, "releaseDate"),
    "no-data": lambda s: lacks(s, "model", LICENSE, "releaseDate", "parameterCount"),
    "longest-model": lambda s: longest(s, "model", lambda n: True),
    "longest-family": lambda s: longest(s, "family", lambda n: True),
    "family-without-license": lambda s: lacks(s, "family", LICENSE),
}


def said_of(snapshot: Snapshot, id: str, lang: str) -> Iterator[str]:
    """The names of its maker and its license, as far as the data has them."""
    shown = show(snapshot, id, lang)
    for fact in (*shown.facts, *shown.from_family):
        first = fact.value[0] if isinstance(fact.value, list) else fact.value
        if fact.property in (DEVELOPER, LICENSE) and isinstance(first, Ref):
            yield first.label


@pytest.mark.parametrize(("width", "height"), SCREENS)
@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", HARD)
def test_the_first_screen_of_what_is_hard(
    visit: Visit, url: str, snapshot: Snapshot, name: str, lang: str, width: int, height: int
) -> None:
    id = HARD[name](snapshot)
    page = visit(f"{url}/{id}?lang={lang}", width)
    alone = id.startswith("model/") and find_kin(snapshot, id, lang).alone
    hold(page, HELD if alone else (*HELD, TREE), width, height)
    for text in said_of(snapshot, id, lang):
        box = page.locator(".strip").get_by_text(text, exact=True).first.bounding_box()
        assert box and box["y"] + box["height"] <= height, text
