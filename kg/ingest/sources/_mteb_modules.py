"""Plain values that Python modules write at their top, read without running anything.

A name stands for what its module assigns to it, or the module it was imported from, if that was read as well. Lists, sets
and tuples are lists. What cannot be told without running the module is an `UnreadValue`, never a guess.
"""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from kg.files.intake import IntakeFile
from kg.ingest.sources._python import parse_python

_DEEP = 30  # names and brackets inside each other
_LONG = 10_000  # values of a list, characters of a text
_NUMBERS: dict[type[ast.operator], Callable[[Any, Any], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}
_LISTS = ("set", "list", "tuple", "frozenset", "sorted")


class UnreadValue(NamedTuple):
    """A value that only running the module would tell, as it is written."""

    text: str


class ModelCall(NamedTuple):
    """One call at the top of a module, with its keyword arguments."""

    module: str
    line: int
    arguments: dict[str, Any]


class ModuleReader:
    """Modules that import from each other; add all of them before asking for calls."""

    def __init__(self) -> None:
        self._assigned: dict[str, dict[str, ast.expr]] = {}
        self._imported: dict[str, dict[str, tuple[str, str]]] = {}
        self._top: dict[str, list[ast.Call]] = {}

    def add(self, file: IntakeFile) -> None:
        """Read a module.

        Raises:
            DataError: not Python.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as of a backslash in a text
            tree = parse_python(file)
        name = file.name
        assigned = self._assigned.setdefault(name, {})
        imported = self._imported.setdefault(name, {})
        for statement in tree.body:
            for target, value in _assignments(statement):
                assigned[target] = value
                if isinstance(value, ast.Call):
                    self._top.setdefault(name, []).append(value)
            if isinstance(statement, ast.ImportFrom) and statement.module:
                origin = statement.module.rpartition(".")[2]
                imported.update(
                    {one.asname or one.name: (origin, one.name) for one in statement.names}
                )

    def calls(self, suffix: str) -> Iterator[ModelCall]:
        """The calls of all classes whose names end so, in the order of the modules.

        Args:
            suffix: such as ModelMeta.
        """
        stems = {_stem(name): name for name in self._assigned}
        for module, calls in self._top.items():
            values = _Values(module, self._assigned, self._imported, stems)
            for call in calls:
                if ast.unparse(call.func).endswith(suffix):
                    yield ModelCall(module, call.lineno, values.arguments(call, 0))


def _assignments(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    match statement:
        case ast.Assign(targets=targets, value=value):
            yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value


def _stem(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".py")


class _Values:
    """Expressions of one module as values."""

    def __init__(
        self,
        module: str,
        assigned: dict[str, dict[str, ast.expr]],
        imported: dict[str, dict[str, tuple[str, str]]],
        stems: dict[str, str],
    ) -> None:
        self._module, self._assigned, self._imported, self._stems = (
            module,
            assigned,
            imported,
            stems,
        )

    def arguments(self, call: ast.Call, deep: int) -> dict[str, Any]:
        """The keyword arguments of a call; those under ** stand before what is written out."""
        found: dict[str, Any] = {}
        for keyword in call.keywords:
            value = self._of(keyword.value, deep + 1)
            if keyword.arg:
                found[keyword.arg] = value
            elif isinstance(value, dict):
                found |= value
        return found

    def _of(self, node: ast.expr, deep: int) -> Any:
        value = self._known(node, deep) if deep < _DEEP else None
        unread = value is None and not (isinstance(node, ast.Constant) and node.value is None)
        too_long = isinstance(value, str | list) and len(value) > _LONG
        return UnreadValue(ast.unparse(node)[:_LONG]) if unread or too_long else value

    def _known(self, node: ast.expr, deep: int) -> Any:
        """The value; None if it is not known, and for None."""
        match node:
            case ast.Constant(value=str() | int() | float() as value):
                return value
            case ast.List() | ast.Tuple() | ast.Set():
                return [one for part in node.elts for one in self._elements(part, deep + 1)]
            case ast.Dict():
                return self._dict(node, deep)
            case ast.BinOp():
                left, right = (self._of(side, deep + 1) for side in (node.left, node.right))
                return _combined(node.op, left, right)
            case ast.Call():
                return self._called(node, deep)
            case ast.UnaryOp(op=ast.USub()):
                value = self._of(node.operand, deep + 1)
                return -value if isinstance(value, int | float) else None
            case ast.Attribute(attr="inf"):
                return math.inf
            case ast.Name():
                return self._named(node.id, deep)
        return None

    def _elements(self, node: ast.expr, deep: int) -> list[Any]:
        if not isinstance(node, ast.Starred):
            return [self._of(node, deep)]
        inner = self._of(node.value, deep)
        return inner if isinstance(inner, list) else [inner]

    def _dict(self, node: ast.Dict, deep: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, part in zip(node.keys, node.values, strict=True):
            value = self._of(part, deep + 1)
            if key is None:
                found |= value if isinstance(value, dict) else {}
            elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                found[key.value] = value
        return found

    def _called(self, node: ast.Call, deep: int) -> Any:
        values = [self._of(argument, deep + 1) for argument in node.args]
        match node.func, values:
            case ast.Name(id="dict"), []:
                return self.arguments(node, deep)
            case ast.Name(id=name), [] if name in _LISTS:
                return []
            case ast.Name(id=name), [list() as value] if name in _LISTS:
                return value
            case ast.Name(id="float"), ["inf"]:
                return math.inf
            case ast.Name(id="int" | "float"), [int() | float() as value] if math.isfinite(value):
                return value
            case ast.Attribute(attr="union"), _:
                parts = [self._of(node.func.value, deep + 1), *values]
                if all(isinstance(part, list) for part in parts):
                    return [one for part in parts for one in part]
        return None

    def _named(self, name: str, deep: int) -> Any:
        if name in self._assigned[self._module]:
            return self._of(self._assigned[self._module][name], deep + 1)
        origin, there = self._imported[self._module].get(name, ("", ""))
        module = self._stems.get(origin)
        if not module:
            return None
        values = _Values(module, self._assigned, self._imported, self._stems)
        return values._of(ast.Name(there), deep + 1)


def _combined(op: ast.operator, left: Any, right: Any) -> Any:
    """
    >>> _combined(ast.BitOr(), ["NQ"], ["FEVER"]), _combined(ast.Mult(), 276214, 384)
    (['NQ', 'FEVER'], 106066176)
    """
    if isinstance(op, ast.BitOr | ast.Add) and isinstance(left, list) and isinstance(right, list):
        return left + right
    if isinstance(op, ast.BitOr) and isinstance(left, dict) and isinstance(right, dict):
        return left | right
    if isinstance(op, ast.Add) and isinstance(left, str) and isinstance(right, str):
        return left + right
    numbers = all(isinstance(side, int | float) and abs(side) < 1e15 for side in (left, right))
    if (
        not numbers
        or type(op) not in _NUMBERS
        or (isinstance(op, ast.Div | ast.FloorDiv) and not right)
    ):
        return None
    return _NUMBERS[type(op)](left, right)
