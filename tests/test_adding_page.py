"""The recipes of docs/adding.md do what they say, followed to the letter in a copy of the program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
STEP = re.compile(r"^\d+\. `([^`]+)`[^\n]*\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# What is asked of a site that has the new page.
ASKED = """
from tests.pages import PAGES
from kg.config import load_config
from web import create_app

app = create_app(load_config())
client = app.test_client()
html = {"Accept": "text/html"}
assert PAGES["counts"] == "/counts"
for lang, word, about in (
    ("en", "How many", "How many entities of each kind there are."),
    ("ko", "얼마나 있나요", "종류별 항목 수."),
):
    page = client.get(f"/counts?lang={lang}", headers=html)
    assert page.status_code == 200 and f"<h1>{word}</h1>" in page.text
    assert f'<a href="/counts">{word}</a>' in client.get(f"/about?lang={lang}", headers=html).text
    assert f"<p>{about}</p>" in client.get(f"/about/api?lang={lang}", headers=html).text
assert 'rel="canonical" href="http://127.0.0.1:8000/counts"' in client.get("/counts", headers=html).text
assert "/counts</loc>" in client.get("/sitemap-0.xml").text
described = client.get("/openapi.json").get_json()
assert "/counts.json" in described["paths"] and "CountsAnswer" in described["components"]["schemas"]
assert client.get("/counts.json").get_json()["counts"]["model"] > 0
app.extensions["gyebo"].close()
"""


def recipe(title: str) -> list[tuple[str, str]]:
    """The files of a recipe with what stands in them."""
    text = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
    part = text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return STEP.findall(part)


def test_a_page_is_three_files(snapshot_home: Path, tmp_path: Path) -> None:
    for name in ("kg", "web"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("ontology", "data"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "tests").mkdir()
    for name in ("__init__.py", "pages.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests")
    steps = recipe("A page")
    assert len(steps) == 3
    for name, text in steps:
        path = tmp_path / name
        assert path.exists() == name.endswith(".po")
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{text}" if path.suffix == ".po" else text)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ASKED],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "GYEBO_HOME": str(snapshot_home)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
