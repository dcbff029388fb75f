"""docs/adding.md, followed: the code in it is added as it says, in a scratch copy, and seen everywhere."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from kg.claims.claim_files import read_claims
from kg.cli.main import main
from kg.export import graphs as graphfiles
from kg.ingest import sources
from kg.model import media
from tests.conftest import Corner

ROOT = Path(__file__).parent.parent

WORLD = """
model/oak-7b: {label: {en: Oak 7B, ko: 오크 7B}}
model/acorn-7b:
  label: {en: Acorn 7B, ko: 도토리 7B}
  claims:
    fineTunedFrom: [{value: model/oak-7b, from: gyebo}]
"""

# Builds a world in the scratch copy and prints what each part of the program makes of the new formats.
SEEN = """
import json, sys
from click.testing import CliRunner
from kg.cli.main import main
from kg.config import load_config
from web import create_app

home, data, query, tree = sys.argv[1:]

def run(*args):
    done = CliRunner().invoke(main, ["--home", home, *args])
    assert done.exit_code == 0, (args, done.output)
    return done.stdout

built = run("build", "--data", data)
run("lineage", "acorn-7b", "-o", tree)
app = create_app(load_config(home=home, page_cache_mb=0))
client = app.test_client()

def get(address, accept="*/*", **parameters):
    answer = client.get(address, headers={"Accept": accept}, query_string=parameters)
    return [answer.status_code, answer.content_type, answer.text, answer.headers.get("Link", "")]

text = open(query).read()
seen = {
    "help": run("export", "--help"),
    "options": run("query", "--help") + run("lineage", "--help"),
    "n3": run("export", "n3", "-o", "-"),
    "tgf": run("export", "tgf", "-o", "-"),
    "queried": run("query", query, "--format", "n3"),
    "sparql": get("/sparql", "text/n3", query=text),
    "by name": get("/sparql", query=text, format="n3"),
    "sparql page": get("/sparql", "text/html", query=text),
    "page": get("/model/acorn-7b", "text/html"),
    "entity": get("/model/acorn-7b", "text/n3"),
    "twin": get("/model/acorn-7b.n3"),
    "data": get("/data", "text/html"),
    "void": get("/.well-known/void.nt"),
    "service": get("/sparql", "text/turtle"),
    "openapi": get("/openapi.json"),
    "tree page": get("/model/acorn-7b/lineage", "text/html"),
    "tree": get("/model/acorn-7b/lineage.tgf"),
}
app.extensions["gyebo"].close()
print(json.dumps(seen))
"""


def recipe(title: str, language: str = "python") -> list[str]:
    """The blocks of code under a heading of docs/adding.md."""
    text = (ROOT / "docs" / "adding.md").read_text(encoding="utf-8")
    (part,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return re.findall(rf"^```{language}\n(.*?)^```$", part, re.DOTALL | re.MULTILINE)


# ---- a source ----


@pytest.fixture
def acorn_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A further folder of the package of sources, with the module of the recipe in it."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "acorn_list.py").write_text(recipe("A source")[0], encoding="utf-8")
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(folder)])
    yield folder
    sys.modules.pop(f"{sources.__name__}.acorn_list", None)
    vars(sources).pop("acorn_list", None)


def test_a_source_is_found_by_being_there(acorn_folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "models.csv"
    table.write_text(recipe("A source", "csv")[0], encoding="utf-8")

    def run(*args: str) -> str:
        done = CliRunner().invoke(main, ["--home", str(tmp_path / "home"), "ingest", *args])
        assert done.exit_code == 0, done.output
        return done.stdout

    assert "acorn-list            Models that Acorn tried.\n" in run("--list")
    assert "2 records" in (told := run("acorn-list", str(table))) and "1 × parent-prose" in told
    stored = tmp_path / "home" / "runs" / "acorn-list"
    said = {(c.subject, c.property, c.said.value) for c in read_claims(stored / "claims.jsonl")} | {
        (c.subject, c.property, c.said.value) for c in read_claims(stored / "sources.jsonl")
    }
    assert said >= {
        ("model/acorn-list/acorn-7b", "releaseDate", "2024-05"),
        ("model/acorn-list/acorn-8b", "releaseDate", None),
        ("model/acorn-list/acorn-7b", "derivedFrom", "model/hf/oak/oak-7b"),
        ("source/acorn-list", "label", "도토리 목록"),
        ("source/acorn-list", "sourceType", "list"),
        ("source/acorn-list", "url", "https://acorn.example/models"),
    }


# ---- formats ----


def insert_before(path: Path, mark: str, code: str) -> None:
    """Put code before the only place that reads so."""
    text = path.read_text(encoding="utf-8")
    assert text.count(mark) == 1, mark
    path.write_text(text.replace(mark, code + mark), encoding="utf-8")


def scratch_file(scratch: Path, module: ModuleType) -> Path:
    """The file of a module in the scratch copy."""
    return scratch / Path(str(module.__file__)).relative_to(ROOT)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with the formats of the recipes."""
    scratch = tmp_path_factory.mktemp("scratch")
    for name in ("kg", "web"):
        shutil.copytree(ROOT / name, scratch / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("data", "ontology"):
        (scratch / name).symlink_to(ROOT / name)
    rdf = scratch_file(scratch, media)
    text = rdf.read_text(encoding="utf-8")
    for taken in (', "text/n3"', ', "n3"'):  # what Turtle goes by until there is N3
        assert text.count(taken) == 1
        text = text.replace(taken, "" if "/" in taken else ",")
    rdf.write_text(text, encoding="utf-8")
    insert_before(rdf, ")\nPICTURE_FORMATS", *recipe("A format of RDF"))
    writer, entry = recipe("A format of graphs")
    graphs = scratch_file(scratch, graphfiles)
    insert_before(graphs, "def _streams(", f"{writer}\n\n")
    graphs.write_text(graphs.read_text(encoding="utf-8").rstrip().removesuffix(")") + entry + ")\n")
    return scratch


@pytest.fixture(scope="module")
def seen(scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str] | str]:
    """What the program with the new formats says of them."""
    folder = tmp_path_factory.mktemp("world")
    corner = Corner(folder)
    corner.write(WORLD)
    (folder / "query.rq").write_text("CONSTRUCT WHERE { ?child kg:fineTunedFrom ?parent }")
    arguments = [folder / "home", corner.data, folder / "query.rq", folder / "tree.tgf"]
    done = subprocess.run(
        [sys.executable, "-c", SEEN, *map(str, arguments)],
        cwd=scratch,
        env=os.environ | {"PYTHONPATH": str(scratch)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str] | str] = json.loads(done.stdout)
    held = folder / "home" / "current" / "release" / "exports" / "gyebo.n3.gz"
    found["release"] = gzip.decompress(held.read_bytes()).decode()
    found["tree file"] = (folder / "tree.tgf").read_text(encoding="utf-8")
    return found


def test_the_command_line_knows_new_formats(seen: dict[str, list[str] | str]) -> None:
    assert "rdfxml, n3" in " ".join(str(seen["help"]).split()) and "nodelink, tgf" in seen["help"]
    assert "n3" in seen["options"] and ".tgf" in seen["options"]
    assert seen["n3"] == seen["release"] and "kg:fineTunedFrom" in seen["n3"]
    assert "kg:fineTunedFrom" in seen["queried"]
    nodes, _, edges = str(seen["tgf"]).partition("#\n")
    assert "model/acorn-7b Acorn 7B\n" in nodes
    assert edges == "model/oak-7b model/acorn-7b fineTunedFrom\n"
    assert edges in seen["tree file"]


def test_the_net_knows_new_formats(seen: dict[str, list[str] | str]) -> None:
    for name in ("sparql", "by name", "entity", "twin"):
        status, type, text, _ = seen[name]
        assert (status, str(type).partition(";")[0]) == (200, "text/n3"), name
        assert "kg:fineTunedFrom" in text, name
    assert ">N3<" in seen["sparql page"][2] and '"n3"' in seen["openapi"][2]
    assert ".n3>" in seen["page"][3] or "acorn-7b.n3" in seen["page"][2]
    assert "lineage.tgf" in seen["tree page"][2] and ">TGF<" in seen["tree page"][2]
    assert seen["tree"][0] == 200 and "model/oak-7b model/acorn-7b" in seen["tree"][2]


def test_descriptions_know_new_formats(seen: dict[str, list[str] | str]) -> None:
    assert "exports/gyebo.n3.gz" in seen["data"][2] and "Resolved facts in N3" in seen["data"][2]
    assert seen["data"][2].count(".rdf, .n3") == 2
    void = seen["void"][2]
    assert "<http://rdfs.org/ns/void#feature> <http://www.w3.org/ns/formats/N3>" in void
    assert re.search(r"void#dataDump> <\S+data/exports/gyebo\.n3\.gz>", void)
    assert "media-types/text/n3>" in void
    assert "format:N3" in seen["service"][2]


def test_the_recipes_touch_one_file_a_format(scratch: Path) -> None:
    changed = {
        str(path.relative_to(ROOT))
        for name in ("kg", "web")
        for path in (ROOT / name).rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.read_bytes() != (scratch / path.relative_to(ROOT)).read_bytes()
    }
    places = {Path(str(module.__file__)) for module in (media, graphfiles)}
    assert changed == {str(place.relative_to(ROOT)) for place in places}
