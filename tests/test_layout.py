"""Rules on how the code is laid out that no tool of others checks."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from tests.contracts import PrivateContract
from tests.gendocs import ROOT

MOST_LINES = 325  # "about 300": a file that has one thought more may end it
MOST_MODULES = 20  # in one package; sources and commands are one file each, as many as there are
FOUND = (Path("kg/ingest/sources"), Path("kg/cli/commands"))
BESIDE_PACKAGES = {"kg": 8, "web": 3}  # files directly in kg/ and web/
MOST_BY_POSITION = 5  # fields of a record that is built by position


def code() -> list[Path]:
    return sorted(path for top in ("kg", "web") for path in (ROOT / top).rglob("*.py"))


def classes() -> Iterator[tuple[Path, ast.ClassDef]]:
    for path in code():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                yield path, node


def test_a_public_class_name_occurs_once() -> None:
    places = defaultdict(list)
    for path, node in classes():
        if not node.name.startswith("_"):
            places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def is_record(node: ast.ClassDef) -> bool:
    bases = " ".join(map(ast.unparse, node.bases))
    made = " ".join(map(ast.unparse, node.decorator_list))
    return "NamedTuple" in bases or "Struct" in bases or "dataclass" in made


def test_a_record_of_many_fields_is_built_by_keywords() -> None:
    by_position = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path, node in classes()
        if is_record(node)
        and sum(isinstance(part, ast.AnnAssign) for part in node.body) > MOST_BY_POSITION
        and "kw_only=True" not in "".join(map(ast.unparse, (*node.keywords, *node.decorator_list)))
    ]
    assert by_position == []


def test_files_and_packages_stay_small() -> None:
    long = {p.name: n for p in code() if (n := p.read_text("utf-8").count("\n")) > MOST_LINES}
    assert long == {}
    packages = {path.parent for path in code()} - {ROOT / folder for folder in FOUND}
    modules = {p: [m for m in p.glob("*.py") if m.name != "__init__.py"] for p in packages}
    assert {p.name: len(m) for p, m in modules.items() if len(m) > MOST_MODULES} == {}
    for top, most in BESIDE_PACKAGES.items():
        assert sum(path.is_file() for path in (ROOT / top).iterdir()) <= most


def test_a_name_of_a_module_stands_once_and_is_used() -> None:
    """Of those at the top: none is given twice, and a private one is named again."""
    wrong = []
    for path in code():
        text = path.read_text(encoding="utf-8")
        given = Counter(name for node in ast.parse(text).body for name in named_by(node))
        unused = [
            name
            for name in given
            if re.fullmatch(r"_[A-Za-z]\w*", name) and len(re.findall(rf"\b{name}\b", text)) == 1
        ]
        twice = [name for name, times in given.items() if times > 1]
        wrong += [f"{path.relative_to(ROOT)}: {name}" for name in (*twice, *unused)]
    assert wrong == []


def named_by(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Assign(targets=targets):
            names = [part for target in targets for part in ast.walk(target)]
            yield from (part.id for part in names if isinstance(part, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name


def test_the_formatter_decides() -> None:
    marks = ("# fmt" + ": skip", "# fmt" + ": off")
    paths = [*code(), *(ROOT / "tests").rglob("*.py")]
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}
    assert [name for name, text in texts.items() if any(mark in text for mark in marks)] == []


@pytest.mark.parametrize(
    ("importer", "imported", "kept"),
    [
        ("kg.search.index", "kg.search._ranking", True),
        ("kg.search.engines._whoosh", "kg.search._ranking", True),
        ("kg.answers.search", "kg.search._ranking", False),
        ("web.search.page", "kg.search.engines._whoosh", False),
        ("kg.answers.search", "kg.search.index", True),
    ],
)
def test_a_private_module_is_for_its_room_alone(importer: str, imported: str, kept: bool) -> None:
    graph = grimp.ImportGraph()
    for module in (importer, imported):
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported)
    contract = PrivateContract("private", {}, {"root": ["kg", "web"]})
    assert contract.check(graph, verbose=False).kept == kept
