"""What is pasted and what is planned, as a reader does it: with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

Visit = Callable[..., Any]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_list_is_pasted_and_one_is_opened(visit: Visit, url: str, scripts: bool) -> None:
    page = visit(f"{url}/check?lang=ko", java_script_enabled=scripts)
    page.fill("main textarea", "llama-4-scout-instruct\nnobody/nothing")
    page.check("input[name=country][value=KR]")
    page.fill(".other input", "프랑스")
    page.locator("main form button").click()
    rows = page.locator(".checked tbody tr")
    assert rows.count() == 2 and page.url.startswith(f"{url}/check")
    assert rows.nth(0).locator(".v-conditional, .v-prohibited").count() == 2
    assert rows.nth(1).locator(".v-unknown").count() == 2
    assert page.locator("main textarea").input_value() == "llama-4-scout-instruct\nnobody/nothing"
    page.locator(".checked details.fold summary").first.click()
    assert page.locator(".checked details.fold .duties li").first.is_visible()


def test_names_are_completed_behind_commas(visit: Visit, expect: Any, url: str) -> None:
    page = visit(f"{url}/what-if?lang=en")
    page.locator("input[name=base]").press_sequentially("bert-base, alpaca 7")
    options = page.locator("input[name=base] + datalist option")
    wanted = "input[name=base] + datalist option[value='bert-base, model/alpaca-7b']"
    expect(page.locator(wanted)).to_be_attached()  # names for what was half written come before
    values = options.evaluate_all("(all) => all.map((one) => one.value)")
    assert all("dataset/" not in value for value in values)


def test_one_change_shows_what_changes(visit: Visit, url: str) -> None:
    page = visit(f"{url}/what-if?lang=en&base=llama-2-7b&license=mit")
    page.fill("input[name=base]", "bert-base")
    page.locator("main form.ask button").first.click()
    told = page.locator(".difference")
    assert told.locator("del").first.is_visible() and "llama-2-7b" in told.inner_text()


def test_names_to_compare_are_completed(visit: Visit, expect: Any, url: str) -> None:
    page = visit(f"{url}/compare?id=alpaca-7b&lang=en")
    page.locator("#add").press_sequentially("vicuna 7")
    expect(page.locator("#add + datalist option[value='model/vicuna-7b']")).to_be_attached()
