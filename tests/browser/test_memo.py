"""A memo on paper: one or two pages of A4, whatever is asked."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM

pytestmark = pytest.mark.slow

QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
ASKED = (
    "model/llama-4-scout-instruct/memo?country=KR,EU&name=MyBot&mau=5000",
    "model/koalpaca-llama/memo?country=KR,EU",
    "family/llama/memo?country=KR,EU,US,JP&use=redistribute&name=MyBot&revenue=1000000",
    "model/kovicuna-7b/memo?use=train-on-outputs&country=KR,EU",
    "dataset/alpaca-52k/memo?country=한국",
    "model/bert-base/memo",
)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("path", ASKED)
def test_a_memo_is_one_or_two_pages(url: str, tmp_path: Path, path: str, lang: str) -> None:
    to = tmp_path / "memo.pdf"
    joined = "&" if "?" in path else "?"
    address = f"{url}/{path}{joined}lang={lang}"
    command = [str(CHROMIUM), *QUIET, "--no-pdf-header-footer", f"--print-to-pdf={to}", address]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    # Chromium writes the objects of pages as plain text.
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", to.read_bytes())
    assert 1 <= len(pages) <= 2
