"""The library's face: what `import kg` offers, each name with the real data."""

import ast
import inspect
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import networkx as nx
import pytest

import kg
from kg.snapshot.current import close_current, current_snapshot
from tests.conftest import Corner
from tests.gendocs import ROOT
from web.site.docs import EXAMPLES


@contextmanager
def closing_current() -> Iterator[None]:
    """What is opened within is closed at the end, so that no other test meets it."""
    try:
        yield
    finally:
        close_current()


FACE = ROOT / "kg" / "__init__.py"


def place_of(name: str, home: str) -> tuple[str, str]:
    """The module a name stands in, and what it is called there."""
    module, _, there = home.partition(":")
    return module, there or name


def test_every_name_is_there_whatever_is_imported_first() -> None:
    """Modules are called search, build, export …: the functions of these names keep theirs."""
    for module in pkgutil.walk_packages(kg.__path__, "kg."):
        if module.name not in ("kg.cli", "kg.sparql._worker"):
            import_module(module.name)
    for name, home in kg._HOMES.items():
        found, (module, there) = getattr(kg, name), place_of(name, home)
        stands = getattr(import_module(module), there)
        assert inspect.unwrap(found) is stands if callable(found) else found is stands
        assert getattr(kg, name) is found
        if name not in ("__version__", "ids"):
            assert (found.__name__, found.__module__) == (there, module)
            assert inspect.getdoc(found)
    assert callable(kg.search)
    assert dir(kg) == sorted(kg.__all__)


def test_type_checkers_see_the_same_names() -> None:
    (checked,) = (n for n in ast.parse(FACE.read_text("utf-8")).body if isinstance(n, ast.If))
    seen = {
        alias.asname: (node.module, alias.name)
        for node in checked.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    on_snapshot = {
        node.targets[0].id: seen.pop(node.value.args[0].id)
        for node in checked.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.args[0], ast.Name)
    }
    assert seen.pop("_on_snapshot") == ("kg.export.notebook", "on_snapshot")
    assert seen | on_snapshot == {n: place_of(n, home) for n, home in kg._HOMES.items()}
    asked = {name for name in kg.__all__ if hasattr(getattr(kg, name), "__wrapped__")}
    assert on_snapshot.keys() == asked and {"search", "license", "models"} <= asked


def test_every_name_is_documented_and_nothing_else() -> None:
    text = (ROOT / "docs" / "library.md").read_text("utf-8")
    listed = re.findall(r"^\| `(?:kg\.)?(\w+)", text, re.MULTILINE)
    assert listed == [name for name in kg.__all__ if name != "__version__"]


def test_a_name_is_changed_where_it_stands() -> None:
    with pytest.raises(AttributeError, match="stands in"):
        kg.search = None  # type: ignore[assignment]


def test_importing_loads_nothing() -> None:
    code = "import sys, kg; print([m for m in sys.modules if m.startswith('kg')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['kg']"


def test_the_example_uses_nothing_else() -> None:
    tree = ast.parse((EXAMPLES / "library.py").read_text("utf-8"))
    imports = [n for n in ast.walk(tree) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(n) for n in imports] == ["import kg"]
    used = {
        n.attr
        for n in ast.walk(tree)
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "kg"
    }
    assert used <= set(kg.__all__)


def test_without_a_snapshot_the_current_one_is_asked(
    snapshot_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GYEBO_HOME", str(snapshot_home))
    with closing_current(), kg.open_snapshot() as opened:
        assert kg.to_json(kg.license("koalpaca")) == kg.to_json(kg.license(opened, "koalpaca"))
        assert kg.search("알파카", limit=1).hits == kg.search(opened, "알파카", limit=1).hits
        assert kg.show(id="alpaca-7b") == kg.show(snapshot=opened, id="alpaca-7b")  # type: ignore[call-overload]
        assert current_snapshot() is current_snapshot()
        with pytest.raises(TypeError):
            kg.search()  # type: ignore[call-overload]
        monkeypatch.setenv("GYEBO_HOME", str(tmp_path))  # another home is another snapshot
        with pytest.raises(kg.NoSnapshot):
            kg.show("koalpaca")


def test_a_build_puts_another_snapshot_in_its_place(
    corner: Corner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GYEBO_HOME", str(corner.config.home))
    with closing_current():
        for name in ("a", "b"):
            corner.write(f"model/{name}: {{label: {{en: {name}}}}}")
            kg.build(corner.config, corner.data)
            assert kg.show(name).id == f"model/{name}"


def test_ids_are_looked_up_and_completed(
    snapshot_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GYEBO_HOME", str(snapshot_home))
    with closing_current():
        assert kg.ids["Alpaca 7B"] == kg.ids.model["alpaca-7b"] == "model/alpaca-7b"
        assert kg.ids.family["alpaca"] == "family/alpaca"
        assert {"model", "family"} <= set(dir(kg.ids)) and dir(kg.ids.model) == []
        assert "model/alpaca-7b" in kg.ids and len(kg.ids) > len(kg.ids.family) > 10
        assert "alpaca-7b" in kg.ids.model._ipython_key_completions_()
        assert "model/alpaca-7b" in kg.ids._ipython_key_completions_()
        with pytest.raises(kg.UnknownId):
            kg.ids["model/alpaca-7"]
        with pytest.raises(AttributeError):
            kg.ids.nonsense  # noqa: B018


def test_a_snapshot_is_closed_at_the_end(snapshot_home: Path) -> None:
    with kg.open_snapshot(snapshot_home) as opened:
        assert opened.find("koalpaca") == "family/koalpaca"
    assert opened._lease.closed
    with kg.Snapshot.current(snapshot_home) as opened:
        assert opened.manifest.gyebo == kg.__version__


def test_the_home_is_that_of_the_configuration(
    snapshot_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GYEBO_HOME", str(snapshot_home))
    with kg.open_snapshot() as opened:
        assert opened.folder.parent.parent == kg.load_config().home
    monkeypatch.setenv("GYEBO_HOME", str(tmp_path))
    with pytest.raises(kg.NoSnapshot):
        kg.open_snapshot()


@pytest.mark.parametrize("name", ["alpaca-7b", "model/alpaca-7b", "Alpaca 7B"])
def test_ids_are_understood_as_on_the_command_line(snapshot: kg.Snapshot, name: str) -> None:
    assert kg.show(snapshot, name).id == "model/alpaca-7b"
    assert kg.lineage(snapshot, name).root == "model/alpaca-7b"
    assert kg.lineage_graph(snapshot, name).graph["root"] == "model/alpaca-7b"
    assert kg.family_tree(snapshot, name).root == "model/alpaca-7b"
    assert kg.license_answer(snapshot, name).id == "model/alpaca-7b"
    models = kg.compare(snapshot, [name, "vicuna-7b"]).models
    assert [model.id for model in models] == ["model/alpaca-7b", "model/vicuna-7b"]


def test_an_unknown_name_says_what_was_meant(snapshot: kg.Snapshot) -> None:
    for ask in (kg.show, kg.lineage, kg.lineage_graph, kg.family_tree, kg.license_answer):
        with pytest.raises(kg.UnknownId) as failed:
            ask(snapshot, "model/alpaca-7")  # type: ignore[operator]
        assert "model/alpaca-7b" in failed.value.near
    with pytest.raises(kg.InputError, match="2 to 6 different"):
        kg.compare(snapshot, ["alpaca-7b", "model/alpaca-7b"])


def test_what_if_and_audit(snapshot: kg.Snapshot) -> None:
    plan = kg.Proposal(bases=("llama-7b",), license="mit")
    answer = kg.what_if(snapshot, plan, "redistribute")
    assert answer.verdict == "conditional" and answer.consistency == "drops-substance"
    found = kg.audit(snapshot, kg.AuditRequest(ids=("alpaca-7b",)))
    assert [row.id for row in found.rows] == ["model/alpaca-7b"] and found.total == 1
    assert "research-only" in {one.clause for one in found.rows[0].missing}


def test_search_and_suggestions(snapshot: kg.Snapshot) -> None:
    assert kg.search(snapshot, "알파카", limit=1).hits[0].id == "family/alpaca"
    assert kg.suggest(snapshot, "알파")[0].name.startswith("알파")


def test_paths(snapshot: kg.Snapshot) -> None:
    ways = kg.paths(snapshot, "vicuna-7b", "llama-7b")
    assert [(e.child, e.parent) for e in ways[0]] == [("model/vicuna-7b", "model/llama-7b")]
    assert [len(way) for way in ways] == sorted(len(way) for way in ways)
    assert kg.paths(snapshot, "llama-7b", "vicuna-7b") == []
    assert kg.paths(snapshot, "alpaca-7b", "alpaca-52k") == []
    by_data = kg.paths(snapshot, "alpaca-7b", "alpaca-52k", edges="data")
    assert [e.relation for e in by_data[0]] == ["trainedOn"]
    assert len(kg.paths(snapshot, "alpaca-7b", "text-davinci-003", edges="all", limit=1)) == 1


def test_a_family_tree_is_plain_data(snapshot: kg.Snapshot) -> None:
    tree = kg.family_tree(snapshot, "llama", limit=5)
    assert len(tree.nodes) == 5 and tree.shown < tree.total
    assert {edge.child for edge in tree.edges if edge.primary} <= {node.id for node in tree.nodes}
    assert b'"root": "family/llama"' in kg.to_json(tree)
    assert len(kg.family_tree(snapshot, "llama", depth=1, limit=400).nodes) < tree.total
    kinds = {node.kind for node in kg.family_tree(snapshot, "alpaca-7b", data=True).nodes}
    assert "dataset" in kinds


def test_a_graph_for_networkx(snapshot: kg.Snapshot) -> None:
    graph = kg.lineage_graph(snapshot, "vicuna-7b", where=kg.Where(depth=1))
    assert nx.has_path(graph, "model/llama-7b", "model/vicuna-7b")


def test_license(snapshot: kg.Snapshot) -> None:
    answer = kg.license_answer(snapshot, "llama-2-7b", use="commercial")
    assert answer.verdict == "conditional"
    small = kg.Profile(mau=1000)
    assert kg.license_answer(snapshot, "llama-2-7b", profile=small).profile == small


def test_query(snapshot: kg.Snapshot) -> None:
    found = kg.query(snapshot, "SELECT ?m ?no { ?m kg:inFamily <family/koalpaca> } ORDER BY ?m")
    assert found.rows[0].keys() == {"m"}
    assert any(row["m"].endswith("/model/koalpaca-llama") for row in found.rows)
    graph = kg.query(snapshot, "DESCRIBE <family/koalpaca>", graph="ntriples")
    assert b"koalpaca" in graph.body
    with pytest.raises(kg.QueryError):
        kg.query(snapshot, "SELECT")
    with pytest.raises(kg.QueryFailed):
        kg.query(
            snapshot,
            "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
            limits=kg.Limits(seconds=0.2, rows=10_000_000),
        )


def test_export(snapshot: kg.Snapshot, tmp_path: Path) -> None:
    path = tmp_path / "koalpaca.ttl"
    kg.export(snapshot, "turtle", path, root="koalpaca")
    assert "koalpaca-polyglot" in path.read_text("utf-8")
    kg.export(snapshot, "csv", str(path), query="SELECT ?m { ?m kg:inFamily <family/koalpaca> }")
    assert path.read_bytes().startswith(b"child")
    kg.export(snapshot, "card", path, root="alpaca-7b", lang="ko")
    assert path.read_text("utf-8").startswith("---")
    for wrong in (
        {"format": "pdf"},
        {"format": "csv", "vocabulary": "schema"},
        {"format": "card", "query": "ASK {}"},
        {"format": "csv", "query": "ASK {}", "root": "koalpaca"},
        {"format": "csv", "root": "koalpakka"},
    ):
        with pytest.raises(kg.InputError):
            kg.export(snapshot, path=path, **wrong)


def test_build(corner: Corner) -> None:
    corner.write("model/a: {label: {en: A}}")
    done = kg.build(corner.config, corner.data)
    assert done.manifest.counts["entities"] > 0
    corner.write("model/a: 1")
    with pytest.raises(kg.DataError):
        kg.build(corner.config, corner.data)
