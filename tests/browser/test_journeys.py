"""What people come for, done as they do it: by keyboard, on a phone, in Korean, without JavaScript."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Visit = Callable[..., Any]
PHONE = 390


def test_from_a_korean_name_to_a_picture_by_keyboard_alone(
    visit: Visit, expect: Any, url: str
) -> None:
    """Search, open a family, expand its tree, save it as SVG."""
    page = visit(f"{url}/?lang=ko")
    page.locator("#q").focus()
    page.keyboard.type("코알파카")
    expect(page.locator("[role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    assert page.locator("html").get_attribute("lang") == "ko"
    tab_to(page, 'a[href*="/family/koalpaca"]')
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/family/koalpaca"))
    expect(page.locator("h1")).to_contain_text("알파카")
    tab_to(page, '[data-tree] a[href*="view=outline"]')
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-tree] .outline")
    tab_to(page, 'a[href*="lineage.svg"]')
    with page.expect_download() as got:
        page.keyboard.press("Enter")
    assert got.value.suggested_filename == "family-koalpaca.svg"
    assert got.value.path().read_bytes().startswith(b"<svg")


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until an element has the focus."""
    seen = f"document.activeElement.matches({json.dumps(selector)})"
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate(seen):
            return
    raise AssertionError(f"Tab never reaches {selector}")


def test_a_tree_is_expanded_by_keyboard(visit: Visit, expect: Any, large_url: str) -> None:
    page = visit(f"{large_url}/search?q=synthetic+base")
    tab_to(page, "main a[href*='/model/hf/synthetic/base']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/model/hf/synthetic/base"))
    tab_to(page, ".kin a[href$='/lineage']")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-tree]")
    before = page.locator("[data-tree] [data-id]").count()
    tab_to(page, "[data-more]")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-tree] [data-id]")).not_to_have_count(before)


def test_a_saved_query_is_run(visit: Visit, expect: Any, url: str) -> None:
    page = visit(f"{url}/sparql?lang=en")
    page.click('a[href$="example=korean-models"]')
    expect(page.locator("#answer table tbody tr").first).to_be_visible()
    page.locator("#query").fill("SELECT (COUNT(?m) AS ?n) { ?m a kg:Model }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer table tbody tr")).to_have_count(1)


def test_the_language_is_switched_and_kept(visit: Visit, expect: Any, url: str) -> None:
    page = visit(f"{url}/model/alpaca-7b", locale="en-US")
    page.click(".prefs a[hreflang=ko]")
    page.wait_for_url(re.compile("lang=ko"))
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    page.goto(f"{url}/about")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert [c["name"] for c in page.context.cookies()] == ["lang"]


def test_the_theme_is_switched_and_kept(visit: Visit, expect: Any, url: str) -> None:
    page = visit(f"{url}/about?lang=en")
    ground = "getComputedStyle(document.body).backgroundColor"
    system = page.evaluate(ground)
    page.select_option("#theme", "dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    chosen = page.evaluate(ground)
    assert chosen != system
    page.goto(f"{url}/model/alpaca-7b?lang=ko")
    assert page.evaluate(ground) == chosen
    page.select_option("#theme", "")
    assert page.evaluate(ground) == system


def test_a_phone_shows_menu_search_and_tree(visit: Visit, expect: Any, url: str) -> None:
    page = visit(f"{url}/?lang=ko", PHONE, has_touch=True)
    page.locator("#q").fill("라마")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/search"))
    page.locator("main a[href*='/family/llama'], main a[href*='/model/llama']").first.click()
    page.wait_for_url(re.compile("/(family|model)/llama"))
    expect(page.locator("h1")).to_be_visible()
    small = """() => [...document.querySelectorAll("header a, header button, .tabs a, .btn")].filter((e) => {
        const b = e.getBoundingClientRect(); return b.height && b.height < 24; }).map((e) => e.outerHTML)"""
    assert page.evaluate(small) == []  # WCAG 2.2, 2.5.8


def test_a_wide_comparison_fits_a_phone(visit: Visit, url: str) -> None:
    ids = ("alpaca-7b", "vicuna-7b", "llama-7b", "dolly-2", "koalpaca-polyglot-12.8b", "llama-65b")
    page = visit(f"{url}/compare?lang=en&" + "&".join(f"id={id}" for id in ids), PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_everything_works_without_javascript(visit: Visit, url: str) -> None:
    page = visit(f"{url}/?lang=ko", java_script_enabled=False)
    page.fill("#q", "알파카")
    page.click("form.find button")
    page.wait_for_url(re.compile(r"/search\?q="))
    assert page.locator("main a[href*='/family/alpaca']").count()
    page.goto(f"{url}/family/llama?view=outline")
    assert page.locator(".outline a[href]").count() > 10
    page.goto(f"{url}/check")
    page.fill("main textarea[name=what]", "Alpaca 7B")
    page.locator("main form button").first.click()
    assert page.locator(".checked tbody tr .v-prohibited").count()
    page.locator(".checked tbody th a").first.click()
    page.wait_for_url(re.compile("/model/alpaca-7b"))
    assert page.locator(".verdict, [class*=verdict]").count()
    page.goto(f"{url}/sparql")
    page.fill("#query", "SELECT (COUNT(?m) AS ?n) { ?m a kg:Model }")
    page.locator("#ask button").first.click()
    assert page.locator("#answer table tbody tr").count() == 1


def test_the_lines_of_javascript_of_the_api_page_run(visit: Visit, url: str) -> None:
    page = visit(f"{url}/about/api?lang=en")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    lines = page.locator("[data-code=JavaScript] code").all_text_contents()
    for code in lines:
        page.evaluate(f"async () => {{ {code} }}")
    assert len(said) == len(lines) > 10


def test_a_model_is_chosen_from_the_table(visit: Visit, expect: Any, url: str) -> None:
    """Narrow by words, sort, tick two, compare: three clicks after typing."""
    page = visit(f"{url}/models?lang=en")
    page.locator("#ask").fill("한국어 7B 이하")
    page.locator("#ask").press("Enter")
    page.wait_for_url(re.compile("q="))
    assert page.locator("ul.chips a.chip").count() == 2
    page.locator("thead .c-params a").click()
    expect(page.locator("thead .c-params")).to_have_attribute("aria-sort", "descending")
    boxes = page.locator("input[name=id]")
    expect(page.locator(".tray")).to_be_hidden()
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(page.locator(".tray")).to_contain_text("2")
    page.locator(".tray button").click()
    page.wait_for_url(re.compile("/compare"))
    expect(page.locator(".chosen li")).to_have_count(2)


def test_a_profile_stays_in_this_browser_alone(visit: Visit, expect: Any, url: str) -> None:
    page = visit(f"{url}/models?lang=en")
    page.locator("#who summary").click()
    page.locator("#who input[name=country]").fill("KR")
    page.locator("#who [data-do=keep]").click()
    page.goto(f"{url}/models?lang=en")
    assert page.evaluate("localStorage.getItem('profile')") == '{"country":"KR"}'
    page.get_by_role("button", name="Use what this browser keeps").click()
    page.wait_for_url(re.compile("country=KR"))
    assert [cookie["name"] for cookie in page.context.cookies()] == ["lang"]
    page.locator("#who summary").click()
    page.locator("#who [data-do=forget]").click()
    assert page.evaluate("localStorage.getItem('profile')") is None


def test_the_table_needs_no_script_and_its_head_stays(visit: Visit, expect: Any, url: str) -> None:
    page = visit(f"{url}/models?lang=en", java_script_enabled=False)
    page.locator("#who summary").click()
    page.locator("#who input[name=country]").fill("KR")
    page.locator("#who button").first.click()
    page.wait_for_url(f"{url}/models?country=KR*")
    page.locator("input[name=id]").nth(0).check()
    expect(page.locator(".tray button")).to_be_visible()
    with_script = visit(f"{url}/models?lang=en")
    with_script.evaluate("scrollTo(0, 1200)")
    assert with_script.locator("thead th").nth(1).bounding_box()["y"] == pytest.approx(0, abs=2)
    phone = visit(f"{url}/models?lang=ko", width=PHONE)
    box = phone.locator("tbody tr").nth(0).bounding_box()
    assert box["width"] <= PHONE and box["height"] > 100  # a card
