"""The recipes of docs/adding.md that change no code, a property and a license, followed in a copy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kg.paths import DATA
from tests.conftest import Corner
from tests.test_adding import ROOT, insert_before, recipe

LICENSED = """
model/oak-7b:
  label: {en: Oak 7B, ko: 오크 7B}
  claims:
    license: [{value: license/acorn-license, from: gyebo}]
"""

# Builds the world of the recipes and prints what each part of the program makes of the new property.
SEEN = """
import json, sys
from click.testing import CliRunner
from kg.cli.main import main
from kg.config import load_config
from web import create_app

home, data = sys.argv[1:]

def run(*args, code=0):
    done = CliRunner().invoke(main, ["--home", home, *args])
    assert done.exit_code == code, (args, done.output)
    return done.stdout

run("build", "--data", data)
app = create_app(load_config(home=home, page_cache_mb=0))
client = app.test_client()

def get(address, accept="*/*", **parameters):
    answer = client.get(address, headers={"Accept": accept}, query_string=parameters)
    assert answer.status_code == 200, (address, answer.text)
    return answer.text

query = "SELECT ?n ?parent { <http://127.0.0.1:8000/model/acorn-7b> kg:expertCount ?n ; kg:prunedFrom ?parent }"
seen = {
    "en": get("/model/acorn-7b", "text/html", lang="en"),
    "tree en": get("/model/acorn-7b/lineage", "text/html", lang="en"),
    "tree ko": get("/model/acorn-7b/lineage", "text/html", lang="ko"),
    "ko": get("/model/acorn-7b", "text/html", lang="ko"),
    "json": get("/model/acorn-7b.json"),
    "turtle": get("/model/acorn-7b.ttl"),
    "sparql": get("/sparql", query=query, format="json"),
    "ontology": get("/ontology", "text/html"),
    "lineage": run("lineage", "oak-7b", "--lang", "ko"),
    "license": run("license", "acorn-7b", "--json", code=3),
    "license page": get("/license/acorn-license", "text/html"),
}
app.extensions["gyebo"].close()
print(json.dumps(seen))
"""


def run_python(scratch: Path, *arguments: str) -> str:
    """What the program in a copy says."""
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        cwd=scratch,
        env=os.environ | {"PYTHONPATH": str(scratch)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with the property of the recipe in its vocabulary."""
    scratch = tmp_path_factory.mktemp("scratch")
    for name in ("kg", "web", "ontology"):
        shutil.copytree(ROOT / name, scratch / name, ignore=shutil.ignore_patterns("__pycache__"))
    (scratch / "data").symlink_to(DATA)
    entries = recipe("A property", "turtle")
    insert_before(scratch / "ontology" / "kg.ttl", "kg:vocabularySize a ", "\n".join(entries))
    return scratch


@pytest.fixture(scope="module")
def seen(scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the program says of a model with the new property, whose parent has the new license."""
    corner = Corner(tmp_path_factory.mktemp("world"))
    edges, claims = recipe("A property", "yaml")
    corner.write(claims + LICENSED)
    licenses = corner.data / "licenses"
    (licenses / "terms").mkdir(parents=True)
    for name in ("licenses.schema.json", "licenses/kinds.yaml", "licenses/edges.yaml"):
        shutil.copy(DATA / name, corner.data / name)
    (terms,) = recipe("A license", "yaml")
    (licenses / "terms" / "acorn-license.yaml").write_text(terms, encoding="utf-8")
    text = (licenses / "edges.yaml").read_text(encoding="utf-8")
    before = edges.replace(", prunedFrom", "")
    assert text.count(before) == 1
    (licenses / "edges.yaml").write_text(text.replace(before, edges), encoding="utf-8")
    found: dict[str, str] = json.loads(
        run_python(scratch, "-c", SEEN, str(corner.config.home), str(corner.data))
    )
    return found


def test_a_property_is_on_the_page_in_both_languages(seen: dict[str, str]) -> None:
    for lang, label in (("en", "expert count"), ("ko", "전문가 수")):
        row = rf'id="expertCount">.{{,200}}>{label}</a></dt>\s*<dd>.{{,60}}<span class="value">8<'
        assert re.search(row, seen[lang])
    assert "expert count" not in seen["ko"]
    assert "pruned from" in seen["en"] and "가지치기 원본" in seen["ko"]


def test_a_property_is_in_every_form(seen: dict[str, str]) -> None:
    facts = {fact["property"]: fact for fact in json.loads(seen["json"])["facts"]}
    assert facts["expertCount"]["value"] == 8
    assert "kg:expertCount 8" in seen["turtle"]
    (row,) = json.loads(seen["sparql"])["results"]["bindings"]
    assert row["n"]["value"] == "8" and row["parent"]["value"].endswith("/model/oak-7b")
    assert 'id="expertCount"' in seen["ontology"]


def test_an_edge_is_in_the_family_tree(seen: dict[str, str]) -> None:
    assert "도토리 7B" in seen["lineage"] and "가지치기" in seen["lineage"]
    assert "pruned from Oak 7B" in seen["tree en"] and "오크 7B 가지치기" in seen["tree ko"]


def test_license_terms_pass_along_a_new_edge(seen: dict[str, str]) -> None:
    told: dict[str, Any] = json.loads(seen["license"])
    assert told["verdict"] == "prohibited"
    assert "Acorn License" in seen["license"] and "prunedFrom" in seen["license"]
    assert "for Noncommercial purposes only" in seen["license page"]


def test_gendocs_writes_the_line_of_a_property(scratch: Path) -> None:
    for name in ("docs", "tests"):
        (scratch / name).mkdir()
    for name in ("tests/__init__.py", "tests/gendocs.py", "docs/library.md"):
        shutil.copy(ROOT / name, scratch / name)
    (scratch / "tests" / "conformance").symlink_to(ROOT / "tests" / "conformance")
    run_python(scratch, "-m", "tests.gendocs")
    assert "`expertCount`" in (scratch / "ontology" / "README.md").read_text(encoding="utf-8")
