"""Tables that are written as Python: parsed as text, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from kg.errors import DataError
from kg.files.intake import IntakeFile
from kg.files.parsing import text
from kg.messages.message import Message


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
