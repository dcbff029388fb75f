"""Jupyter notebooks: cell by cell, each line told by where it stands in the file."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from kg.scan._commands import scan_script
from kg.scan._places import ScannedText, style_of
from kg.scan._text import scan_marks

_MAGIC = re.compile(r"^(?P<indent>\s*)(?:[\w, ]+=\s*)?(?P<mark>%%|[!%?])")
_CELL_MAGIC = re.compile(r"^\s*%%(?P<name>\w+)")
_FILE_MAGIC = re.compile(r"^\s*%%(?:writefile|file)\s+(?:-a\s+)?(?P<name>\S+)\s*$")
_SHELLS = frozenset({"bash", "sh", "script", "shell"})
_OTHERS = frozenset(
    {
        "html",
        "HTML",
        "javascript",
        "js",
        "latex",
        "markdown",
        "svg",
        "sql",
        "R",
        "perl",
        "ruby",
    }
)
Read = Callable[[ScannedText], object]


def scan_notebook(source: ScannedText, python: Read, prose: Read, other: Read) -> None:
    """Note what the cells of a notebook use; one that is not JSON is searched as text.

    Args:
        source: the notebook.
        python: reads code.
        prose: reads text.
        other: reads a file that a cell writes, by its name.
    """
    try:
        data = msgspec.json.decode(source.text)
        cells = data["cells"] if "cells" in data else data["worksheets"][0]["cells"]
        read = list(_cells(source, cells))
    except (msgspec.DecodeError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        source.unread = True
        prose(source)
        return
    code: list[ScannedText] = []
    for kind, cell in read:
        if kind != "code":
            prose(cell)
        elif file := _written_file(cell):
            other(file)
            _take(source, file)
        elif not _scan_shell(cell):
            code.append(_without_magic(cell))
        _take(source, cell)
    for one in _joined(source, code):
        python(one)
        _take(source, one)


def _written_file(cell: ScannedText) -> ScannedText | None:
    """The file that a cell writes, if that is all it does; what it names stands in the notebook."""
    first = next((at for at, line in enumerate(cell.lines) if line.strip()), 0)
    written = _FILE_MAGIC.match(cell.lines[first])
    if not written or written["name"].endswith(".ipynb"):
        return None
    kept = cell.lines[first + 1 :]
    lines = [cell.number(first + 2 + at) for at in range(len(kept))]
    numbers = [cell.cells[0]] * len(kept)
    file = ScannedText("\n".join(kept), cell.name, lines, numbers, style_of(written["name"]))
    file.file = written["name"].rpartition("/")[2]
    return file


def _take(source: ScannedText, part: ScannedText) -> None:
    source.found += part.found
    source.dynamic += part.dynamic


def _cells(source: ScannedText, cells: list[dict[str, Any]]) -> Iterator[tuple[str, ScannedText]]:
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
        lines = lines or [1]
        yield (
            str(cell.get("cell_type")),
            ScannedText(text, source.name, lines, [number] * len(lines)),
        )


def _find(source: ScannedText, part: str, at: int) -> tuple[int, int]:
    """Where a line of a cell stands in the file, at or after a place, and on which line."""
    for plain in (False, True):
        spelled = json.dumps(part, ensure_ascii=plain)[1:-1]
        if spelled and (found := source.text.find(spelled, at)) >= 0:
            return found + len(spelled), source.place(found)[0]
    return at, source.place(at)[0]


def _scan_shell(cell: ScannedText) -> bool:
    """Note what a cell gives to a shell; whether that is all of it, or it is in no language that is read."""
    first = next((line for line in cell.lines if line.strip()), "")
    magic = _CELL_MAGIC.match(first)
    if magic and magic["name"] in _SHELLS:
        scan_script(cell, cell.text)
    for number, line in enumerate(cell.lines, 1):
        found = _MAGIC.match(line)
        if found and found["mark"] != "%%":
            command = line[found.end() :]
            scan_script(cell, command, number)
            alone = ScannedText(command, cell.name, [cell.number(number)], [cell.cells[0]], "#")
            scan_marks(alone)
            _take(cell, alone)
    return bool(magic and magic["name"] in _SHELLS | _OTHERS)


def _without_magic(cell: ScannedText) -> ScannedText:
    """A cell of code with what is no Python passed over."""
    code = [
        f"{found['indent']}pass" if (found := _MAGIC.match(line)) else line for line in cell.lines
    ]
    lines = [cell.number(number) for number in range(1, len(code) + 1)]
    plain = ScannedText("\n".join(code), cell.name, lines, [cell.cells[0]] * len(code))
    plain.lines = cell.lines  # comments of lines that are no Python count as well
    return plain


def _joined(source: ScannedText, code: list[ScannedText]) -> Iterator[ScannedText]:
    """Cells as one program, as names of one are used in another; those that are no Python by themselves."""
    whole: list[ScannedText] = []
    for cell in code:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                ast.parse(cell.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            yield cell
        else:
            whole.append(cell)
    lines = [cell.number(at) for cell in whole for at in range(1, len(cell.lines) + 1)]
    cells = [cell.cells[0] for cell in whole for _ in cell.lines]
    program = ScannedText("\n".join(cell.text for cell in whole), source.name, lines or [1], cells)
    program.lines = [line for cell in whole for line in cell.lines] or [""]
    yield program
