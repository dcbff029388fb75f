"""Jupyter notebooks: cell by cell, each line told by where it stands in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from kg.scan._commands import scan_script
from kg.scan._places import Source

_MAGIC = re.compile(r"^(?P<indent>\s*)(?:[\w, ]+=\s*)?(?P<mark>[!%?]|%%)")
_CELL_MAGIC = re.compile(r"^\s*%%(?P<name>\w+)")
_SHELLS = frozenset({"bash", "sh", "script", "shell"})
Read = Callable[[Source], None]


def scan_notebook(source: Source, python: Read, prose: Read) -> None:
    """Note what the cells of a notebook use; one that is not JSON is searched as text.

    Args:
        source: the notebook.
        python: reads code.
        prose: reads text.
    """
    try:
        data = msgspec.json.decode(source.text)
        cells = data["cells"] if "cells" in data else data["worksheets"][0]["cells"]
        read = list(_cells(source, cells))
    except (msgspec.DecodeError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        source.unread = True
        prose(source)
        return
    for kind, cell in read:
        if kind == "code":
            _scan_code(cell, python)
        else:
            prose(cell)
        source.found += cell.found
        source.dynamic += cell.dynamic


def _cells(source: Source, cells: list[dict[str, Any]]) -> Iterator[tuple[str, Source]]:
    at = 0
    for number, cell in enumerate(cells, 1):
        written = cell.get("source", cell.get("input", ""))
        parts = written.splitlines(True) if isinstance(written, str) else [*map(str, written)]
        lines: list[int] = []
        text = ""
        for part in parts:
            at, line = _find(source, part, at)
            lines += [line] * max(part.count("\n"), 0 if part.endswith("\n") else 1)
            text += part
        yield str(cell.get("cell_type")), Source(text, source.name, lines or [1], number)


def _find(source: Source, part: str, at: int) -> tuple[int, int]:
    """Where a line of a cell stands in the file, at or after a place, and on which line."""
    for plain in (False, True):
        spelled = json.dumps(part, ensure_ascii=plain)[1:-1]
        if spelled and (found := source.text.find(spelled, at)) >= 0:
            return found + len(spelled), source.place(found)[0]
    return at, source.place(at)[0]


def _scan_code(cell: Source, python: Read) -> None:
    """A cell of code: its own language, and what it gives to a shell."""
    first = next((line for line in cell.lines if line.strip()), "")
    if magic := _CELL_MAGIC.match(first):
        if magic["name"] in _SHELLS:
            scan_script(cell, cell.text)
            return
        if magic["name"] in ("html", "javascript", "js", "latex", "writefile", "markdown", "svg"):
            return
    code = []
    for number, line in enumerate(cell.lines, 1):
        found = _MAGIC.match(line)
        if found and not line.lstrip().startswith("%%"):
            scan_script(cell, line[found.end() :], number)
        code.append(f"{found['indent']}pass" if found else line)
    plain = Source("\n".join(code), cell.name, cell._numbers, cell.cell)
    plain.lines = cell.lines  # comments of lines that are no Python count as well
    python(plain)
    cell.found += plain.found
    cell.dynamic += plain.dynamic
