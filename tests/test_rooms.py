"""Each room says what it is for and names its door: the modules that other rooms may use."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.gendocs import ROOT

ROOMS = sorted(path.parent for top in ("kg", "web") for path in (ROOT / top).glob("*/__init__.py"))
FOUND = {"sources", "commands", "examples"}  # folders whose modules are found by being there


def door_of(room: Path) -> set[str]:
    """The modules of a room that do not begin with _, by their path in it."""
    parts = [path.relative_to(room).with_suffix("").parts for path in room.rglob("*.py")]
    open_to_others = [p for p in parts if not any(part.startswith("_") for part in p)]
    return {"/".join(p) for p in open_to_others if p[0] not in FOUND or len(p) == 1}


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(ROOT)))
def test_each_room_names_its_door(room: Path) -> None:
    title, about, door = (room / "README.md").read_text(encoding="utf-8").rstrip().split("\n\n")
    assert title == f"# {room.relative_to(ROOT)}"
    assert re.search(r"\b(never|No|Nothing)\b", about), "say what it never does"
    assert door.startswith("Door: ")
    named = re.findall(r"`([a-z][a-z0-9_]*(?:/[a-z0-9_]+)*)`", door)
    assert sorted(named) == sorted(door_of(room))


@pytest.mark.parametrize("top", ["kg", "web"])
def test_the_map_has_every_room_in_the_order_of_the_path(top: str) -> None:
    text = (ROOT / top / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[(\w+)\]\((\w+)/README\.md\) \| \S.* \|$", text, re.MULTILINE)
    assert all(name == folder for name, folder in rows)
    there = {room.name for room in ROOMS if room.parent.name == top}
    assert [name for name, _ in rows] == [name for name in order(top) if name in there]
    assert there == {name for name, _ in rows}


def order(top: str) -> list[str]:
    """The rooms of kg or web as import-linter has them, those that others rest on first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = [c["layers"] for c in contracts if c.get("containers") == [top]]
    return [name for layer in reversed(layers) for name in layer.split(" | ")]
