"""Linked data as clients of other people read it, each in its default mode.

`make clients` installs them, in the versions that package.json and requirements.txt name; where they are
not, the tests are skipped.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.build.build import build
from kg.config import load_config
from tests.conftest import Corner
from tests.web.server import test_serve

HERE = Path(__file__).parent
INSTALLED = HERE.parents[1] / "build" / "clients"
MODULES, SITE = INSTALLED / "node_modules", INSTALLED / "site"
CHILDREN = 60
MODEL = "model/root-7b"
PACKAGES = {
    "comunica": "@comunica/query-sparql-link-traversal",
    "jsonld": "jsonld",
    "n3": "n3",
    "rdfxml": "rdfxml-streaming-parser",
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose IRIs lead to itself, with one model that many derive from."""
    folder, port = tmp_path_factory.mktemp("clients"), test_serve.free_port()
    corner = Corner(folder)
    lines = [f"{MODEL}: {{label: {{en: Root 7B, ko: 뿌리}}}}"]
    lines += [
        f"model/child-{n}: {{label: {{en: Child {n}, ko: 아이 {n}}}, "
        f"claims: {{fineTunedFrom: [{{value: {MODEL}, from: gyebo}}]}}}}"
        for n in range(CHILDREN)
    ]
    corner.write("\n".join(lines) + "\n")
    config = load_config(home=folder / "home", base=f"http://127.0.0.1:{port}/")
    build(config, corner.data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(test_serve, "free_port", lambda: port)
        patch.setenv("GYEBO_BASE", config.base)
        with test_serve.served(config.home) as url:
            yield url


def count(name: str, *arguments: str) -> int:
    """What a client of JavaScript finds."""
    if not shutil.which("node") or not (MODULES / PACKAGES[name]).is_dir():
        pytest.skip(f"{PACKAGES[name]} is not installed: make clients, where npm is")
    done = subprocess.run(
        ["node", "--input-type=module", "-", name, *arguments],
        cwd=INSTALLED,  # where the modules are looked for
        input=(HERE / "clients.mjs").read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout)


def test_comunica_follows_links_without_being_lenient(url: str) -> None:
    query = f"""PREFIX kg: <https://w3id.org/gyebo/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT DISTINCT ?child ?l {{ ?child kg:fineTunedFrom <{url}/{MODEL}> ; rdfs:label ?l FILTER(LANG(?l) = "en") }}"""
    assert count("comunica", f"{url}/{MODEL}", query) == CHILDREN


@pytest.mark.parametrize("path", [MODEL, f"{MODEL}.jsonld", "ontology", ".well-known/void"])
def test_jsonld_js_expands(url: str, path: str) -> None:
    assert count("jsonld", f"{url}/{path}") > 0


@pytest.mark.parametrize("path", [MODEL, f"{MODEL}.ttl", "ontology", ".well-known/void", "sparql"])
def test_n3_js_and_the_streaming_parser_count_the_same(url: str, path: str) -> None:
    turtle = count("n3", f"{url}/{path}")
    assert turtle > 5
    if not path.endswith(".ttl"):
        assert count("rdfxml", f"{url}/{path}") == turtle


@pytest.mark.parametrize("path", [MODEL, f"{MODEL}.jsonld", "ontology", ".well-known/void.jsonld"])
def test_pyld_expands(url: str, path: str) -> None:
    """In a process of its own, as it stands beside the environment."""
    known = importlib.util.find_spec("pyld") or (SITE / "pyld").is_dir()
    if not known:
        pytest.skip("PyLD is not installed: make clients")
    program = f"from pyld import jsonld; print(len(jsonld.expand('{url}/{path}')))"
    environ = os.environ | {"PYTHONPATH": str(SITE)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and int(done.stdout) > 0, done.stderr[-2000:]
