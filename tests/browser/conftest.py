"""A headless Chromium for tests that need eyes; they are skipped where it or its driver is absent.

    make browser && .venv/bin/python -m pytest -m slow tests/browser

Pictures go to tests/browser/shots/, which git ignores.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kg.config import load_config
from tests.conftest import serving
from tests.large import write_family
from tests.listening import listening
from tests.shared_build import build_home

SHOTS = Path(__file__).parent / "shots"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
HERE = Path(__file__).parent

Open = Callable[..., Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = (
        "Chromium"
        if not CHROMIUM
        else ""
        if importlib.util.find_spec("playwright")
        else "playwright (make browser)"
    )
    for item in items:
        if missing and HERE in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=f"{missing} is not installed"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running browser."""
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def expect() -> Any:
    """Playwright's assertions, which wait until they hold."""
    return pytest.importorskip("playwright.sync_api").expect


@contextmanager
def site(home: Path) -> Iterator[str]:
    """The site over a home folder; gives its address."""
    with serving(load_config(home=home)) as app, listening(app) as address:
        yield address


@pytest.fixture(scope="session")
def url(snapshot_home: Path) -> Iterator[str]:
    """The site with the repository's data."""
    with site(snapshot_home) as address:
        yield address


@pytest.fixture(scope="session")
def large_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site with one made-up family, large enough for a map."""
    home = tmp_path_factory.mktemp("large")
    write_family(home / "runs" / "large", 1_500)
    build_home(home)
    with site(home) as address:
        yield address


@pytest.fixture
def visit(chromium: Any) -> Iterator[Open]:
    """Open a page; an error in its scripts, or a breach of its policy, fails the test."""
    contexts, said = [], []

    def visit(address: str, width: int = 1280, dark: bool = False, **options: Any) -> Any:
        scheme = "dark" if dark else "light"
        contexts.append(
            chromium.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, **options
            )
        )
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not said


def shoot(page: Any, name: str, selector: str = "[data-tree]") -> None:
    """Keep a picture of a part of a page."""
    SHOTS.mkdir(exist_ok=True)
    page.locator(selector).first.screenshot(path=SHOTS / f"{name}.png")
