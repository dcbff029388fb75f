"""Pictures of every kind of page for eyes: four widths, both languages, light and dark.

    make browser && .venv/bin/python -m tests.shots [NAME …] [--whole] [--home HOME]

Names are those of tests/pages.py, a part of one is enough; without any, all are taken. Needs a snapshot, Debian's
chromium and playwright. Pictures go to tests/browser/shots/look/, which git ignores: <name>-<lang>-<scheme>-<width>.png.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from kg.config import load_config
from tests.browser.conftest import ARGS, CHROMIUM, SHOTS, site
from tests.pages import LANGS, PAGES, in_language

FOLDER = SHOTS / "look"
WIDTHS = (500, 768, 1280, 1920)
SCHEMES = ("light", "dark")
_HEIGHT = 1000


def chosen(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The pages whose names hold one of some texts, or all pages."""
    for name, path in PAGES.items():
        if not names or any(text in name for text in names):
            yield name, path


def take(browser: Any, address: str, names: Sequence[str], whole: bool) -> int:
    """Take the pictures; how many there are."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    count = 0
    for scheme in SCHEMES:
        context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
        page = context.new_page()
        for (name, path), lang in product(chosen(names), LANGS):
            page.goto(address + in_language(path, lang))
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": _HEIGHT})
                to = FOLDER / f"{name}-{lang}-{scheme}-{width}.png"
                page.screenshot(path=to, full_page=whole)
                count += 1
        context.close()
    return count


def main() -> None:
    """Serve the data, look at it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--whole", action="store_true", help="pages in their full length")
    parser.add_argument("--home", type=Path, default=load_config().home, help="holds a snapshot")
    asked = parser.parse_args()
    if not CHROMIUM:
        sys.exit("chromium is not installed; on Debian: apt-get install chromium fonts-noto-cjk")
    if not [*chosen(asked.names)]:
        sys.exit(f"no page is called so; known are {', '.join(PAGES)}")
    try:
        api = importlib.import_module("playwright.sync_api")
    except ImportError:
        sys.exit("playwright is not installed: make browser")
    with site(asked.home) as address, api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        count = take(browser, address, asked.names, asked.whole)
        browser.close()
    print(f"{count} pictures in {FOLDER}")


if __name__ == "__main__":
    main()
