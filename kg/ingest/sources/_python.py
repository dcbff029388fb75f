"""Tables that are written as Python: parsed as text, never run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.files.parsing import json_document, text
from kg.ingest.kit.kit import Place, Record, unreadable
from kg.messages.message import Message
from kg.model.issues import Issue


def parse_python(file: IntakeFile, word: str = "") -> ast.Module:
    """A file of Python as a syntax tree; empty if it does not hold a word.

    Raises:
        DataError: it is not Python, is nested too deep, or cannot be read.
    """
    source = text(file)
    try:
        return ast.parse(source if word in source else "")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise DataError(Message("not Python: %(error)s", error=error), file.name) from error


def read_tables(
    place: Place,
    source: str,
    module: str,
    table: Callable[[IntakeFile], Iterable[Record]],
    is_row: Callable[[object], bool] = lambda row: True,
) -> Iterator[Record | Issue]:
    """The rows of tables that are written as Python, or that were taken out of it into a list in JSON.

    Args:
        place: where to read.
        source: id of the source.
        module: what the names of its files of Python end with.
        table: reads one of them.
        is_row: tells rows in JSON; an archive may hold other JSON as well.
    """
    for file in place.files():
        try:
            if file.name.endswith(module):
                yield from table(file)
            elif file.name.endswith(".json"):
                rows = json_document(file)
                for number, row in enumerate(rows if isinstance(rows, list) else ()):
                    if is_row(row):
                        yield Record(f"{file.name}#{number}", row)
        except DataError as error:
            yield unreadable(str(error), file.name, source)


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """The calls of a function or class, wherever they stand below a node."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The argument of a call that is given by a name."""
    return next((one.value for one in call.keywords if one.arg == name), None)


def literal(node: ast.AST | None) -> Any:
    """The value of an expression that is written out; None if it is computed.

    >>> literal(ast.parse("{'a': ('b', 1)}", mode="eval").body), literal(ast.parse("f()", mode="eval").body)
    ({'a': ('b', 1)}, None)
    """
    if not isinstance(node, ast.expr):
        return None
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
