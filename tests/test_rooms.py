"""Each room says what it is for and names its door: the modules that others may use."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.gendocs import ROOT

FILES = sorted(path for top in ("kg", "web") for path in (ROOT / top).rglob("*.py"))
ROOMS = sorted(path.parent for top in ("kg", "web") for path in (ROOT / top).glob("*/__init__.py"))


def module_of(path: Path) -> str:
    """The dotted name of a file; of a package that of its folder."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    """The room of a module, as kg.claims; a module that stands in none is its own."""
    return ".".join(module.split(".")[:2])


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def order(top: str) -> list[str]:
    """The rooms of kg or web as import-linter has them, those that others rest on first."""
    contracts = project()["tool"]["importlinter"]["contracts"]
    (layers,) = [
        c["layers"] for c in contracts if c["type"] == "layers" and c["containers"] == [top]
    ]
    return [f"{top}.{name}" for layer in reversed(layers) for name in layer.split(" | ")]


def names_in(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, or has as text for those who import by name."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Import(names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module)):
                yield module
                yield from (f"{module}.{name.name}" for name in node.names)
            case ast.Constant(value=str(text)) if re.fullmatch(r"(kg|web)(\.\w+)+", text):
                yield from (text, text.rpartition(".")[0])


def uses() -> Iterator[tuple[str, str]]:
    """Who uses which module; "" is who finds a module by its FEATURE or by an entry point."""
    entries = project()["project"]
    for entry in (
        *entries["scripts"].values(),
        *entries["entry-points"]["gyebo.pictures"].values(),
    ):
        yield "", entry.partition(":")[0]
    for path in FILES:
        module = module_of(path)
        yield from ((module, used) for used in names_in(path))
        if re.search(r"^FEATURE = ", path.read_text(encoding="utf-8"), re.MULTILINE):
            yield "", module


def may_use(room: str, used: str) -> bool:
    """Whether a room stands above another; what import-linter reports opens no door."""
    top = order(used.partition(".")[0])
    return room not in top or used not in top or top.index(room) > top.index(used)


@cache
def doors() -> Mapping[str, set[str]]:
    """Of each room the modules that others use."""
    found: dict[str, set[str]] = {module_of(folder / "__init__.py"): set() for folder in ROOMS}
    modules = {module_of(path) for path in FILES if path.name != "__init__.py"}
    for user, used in uses():
        room = room_of(used)
        if (
            used in modules
            and room in found
            and room != room_of(user)
            and may_use(room_of(user), room)
        ):
            found[room].add(used.removeprefix(f"{room}.").replace(".", "/"))
    return found


@pytest.mark.parametrize("folder", ROOMS, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_each_room_names_its_door(folder: Path) -> None:
    room = module_of(folder / "__init__.py")
    title, about, door = (folder / "README.md").read_text(encoding="utf-8").rstrip().split("\n\n")
    assert title == f"# {room.replace('.', '/')}"
    assert re.search(r"\b(never|No|Nothing)\b", about), "say what it never does"
    assert door.startswith("Door: ")
    named = re.findall(r"`([a-z][a-z0-9_]*(?:/[a-z0-9_]+)*)`", door)
    assert sorted(named) == sorted(doors()[room])


@pytest.mark.parametrize("top", ["kg", "web"])
def test_the_map_has_every_room_in_the_order_of_the_path(top: str) -> None:
    text = (ROOT / top / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\w+)\]\((\w+)/README\.md\) \| \S.* \|$", text, re.MULTILINE)
    names = [f"{top}.{name}" for name, _ in rows]
    there = {module_of(folder / "__init__.py") for folder in ROOMS}
    assert names == [room for room in order(top) if room in there]
    assert names == [f"{top}.{folder}" for _, folder in rows]
    assert {room for room in there if room.startswith(f"{top}.")} == set(names)
