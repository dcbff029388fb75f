"""What expressions of a Python file can be, without running it: constants are followed within the file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import NamedTuple

from kg.scan._arguments import keyword, parts_of
from kg.scan._bindings import Bound, Element, FileBindings, Scope
from kg.scan._rules import is_made

_MOST = 24  # values of one expression
_DEEPEST = 12  # steps from an expression to what it is
_STEPS = 2_000  # in all, for one expression
_DEFAULTS = ("default", "default_factory", "fallback")
_PERCENT = re.compile(r"%[sd]")
# Calls that stand for their default
_MAKERS = frozenset(
    {"field", "Field", "Option", "Argument", "option", "argument", "add_argument", "Param", "Input"}
)
_READERS = frozenset(
    {"get", "getenv", "env", "config", "pop", "setdefault", "getattr", "str", "Path"}
)
_SAME = frozenset({"strip", "lower", "expanduser", "format", "rstrip", "removesuffix"})


class Written(NamedTuple):
    """A text, and where it is written."""

    text: str
    line: int
    column: int  # 1-based, of its first character
    whole: bool = True  # whether it stands there as one literal


class FileValues:
    """What the expressions of a file can be.

    Args:
        bindings: the names of the file.
    """

    def __init__(self, bindings: FileBindings) -> None:
        self._bindings = bindings
        self._left = 0

    def of(self, node: ast.expr, scope: Scope) -> list[Written]:
        """The texts that an expression can be; none if it is only known when it runs."""
        self._left = _STEPS
        return list(dict.fromkeys(islice(self._of(node, scope, _DEEPEST), _MOST)))

    def _of(self, node: ast.expr, scope: Scope, deep: int) -> Iterator[Written]:
        self._left -= 1
        if not deep or self._left < 0:
            return
        match node:
            case ast.Constant(value=str() as text):
                yield Written(text, node.lineno, node.col_offset + 2)
            case ast.JoinedStr(values=[ast.FormattedValue(value=value)]):
                yield from self._of(value, scope, deep - 1)
            case ast.JoinedStr(values=parts):
                yield from self._joined(node, parts, scope, deep)
            case ast.FormattedValue(value=value):
                yield from self._of(value, scope, deep - 1)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from self._joined(node, [left, right], scope, deep)
            case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Mod(), right=right):
                given = parts_of(right) if isinstance(right, ast.Tuple) else [right]
                yield from self._filled(node, _PERCENT.split(text), given, scope, deep)
            case ast.Call(
                func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format"),
                args=given,
                keywords=[],
            ) if "{}" in text:
                yield from self._filled(node, text.split("{}"), given, scope, deep)
            case ast.Call(
                func=ast.Attribute(value=ast.Constant(value=str() as text), attr="join"),
                args=[ast.List(elts=given) | ast.Tuple(elts=given)],
            ):
                between = ["", *[text] * (len(given) - 1), ""]
                yield from self._filled(node, between, given, scope, deep)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._each((body, orelse), scope, deep)
            case ast.BoolOp(values=values):
                yield from self._each(values, scope, deep)
            case ast.NamedExpr(value=value) | ast.Await(value=value):
                yield from self._of(value, scope, deep - 1)
            case ast.Name(id=name) | ast.Attribute(attr=name) if is_made(name):
                return
            case ast.Name(id=name):
                yield from self._bound(self._bindings.lookup(name, scope), scope, deep)
            case ast.Attribute(attr=name):
                yield from self._bound(self._bindings.attributes.get(name, ()), scope, deep)
            case ast.Subscript(value=value, slice=ast.Constant(value=key)):
                yield from self._each(self._entries(value, key, scope, deep), scope, deep)
            case ast.Subscript(value=value):
                yield from self._elements(value, scope, deep, keys=False)
            case ast.Call():
                yield from self._each(list(self._meant(node, scope, deep)), scope, deep)

    def _each(self, nodes: Iterable[ast.expr], scope: Scope, deep: int) -> Iterator[Written]:
        for node in nodes:
            yield from self._of(node, scope, deep - 1)

    def _filled(
        self, node: ast.expr, texts: list[str], given: list[ast.expr], scope: Scope, deep: int
    ) -> Iterator[Written]:
        """A text with what is put between its parts, as by `%` and `format`."""
        if len(texts) != len(given) + 1 or len(given) > _MOST:
            return
        parts: list[ast.expr] = [ast.copy_location(ast.Constant(texts[0]), node)]
        for one, text in zip(given, texts[1:], strict=True):
            parts += [one, ast.copy_location(ast.Constant(text), node)]
        yield from self._joined(node, parts, scope, deep)

    def _joined(
        self, node: ast.expr, parts: Iterable[ast.expr], scope: Scope, deep: int
    ) -> Iterator[Written]:
        each = [list(islice(self._of(part, scope, deep - 1), _MOST)) for part in parts]
        for found in islice(product(*each), _MOST):
            yield Written(
                "".join(one.text for one in found), node.lineno, node.col_offset + 1, whole=False
            )

    def _bound(self, bound: Iterable[Bound], scope: Scope, deep: int) -> Iterator[Written]:
        for one in bound:
            if isinstance(one, Element):
                yield from self._elements(one.of, scope, deep, keys=one.keys)
            else:
                yield from self._of(one, scope, deep - 1)

    def _held(self, node: ast.expr, scope: Scope, deep: int) -> Iterator[ast.expr]:
        """The lists and mappings that an expression can be."""
        self._left -= 1
        if deep <= 0 or self._left < 0:
            return
        match node:
            case ast.Dict() | ast.List() | ast.Tuple() | ast.Set():
                yield node
            case ast.Name(id=name):
                for one in self._bindings.lookup(name, scope):
                    if not isinstance(one, Element):
                        yield from self._held(one, scope, deep - 1)
            case ast.Attribute(attr=name):
                for one in self._bindings.attributes.get(name, ()):
                    if not isinstance(one, Element):
                        yield from self._held(one, scope, deep - 1)
            case ast.Subscript(value=value, slice=ast.Constant(value=key)):
                for one in self._entries(value, key, scope, deep):
                    yield from self._held(one, scope, deep - 1)
            case ast.Call(func=ast.Name(id="sorted" | "list" | "set" | "tuple"), args=[inner, *_]):
                yield from self._held(inner, scope, deep - 1)
            case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
                named = [
                    (ast.copy_location(ast.Constant(one.arg), one), one.value)
                    for one in keywords
                    if one.arg
                ]
                keys: list[ast.expr | None] = [key for key, _ in named]
                yield ast.Dict(keys=keys, values=[value for _, value in named])

    def _entries(self, node: ast.expr, key: object, scope: Scope, deep: int) -> list[ast.expr]:
        found: list[ast.expr] = []
        for held in self._held(node, scope, deep - 1):
            if isinstance(held, ast.Dict):
                pairs = zip(held.keys, held.values, strict=True)
                found += [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == key]
            elif isinstance(key, int) and -len(parts_of(held)) <= key < len(parts_of(held)):
                found.append(parts_of(held)[key])
        bound = self._bindings.attributes.get(f"[{key}]", ())
        return found + [one for one in bound if not isinstance(one, Element)]

    def _elements(
        self, node: ast.expr, scope: Scope, deep: int, *, keys: bool
    ) -> Iterator[Written]:
        for held in self._held(node, scope, deep):
            if isinstance(held, ast.Dict):
                parts = [key for key in held.keys if key] if keys else held.values
            else:
                parts = parts_of(held)
            yield from self._each(parts, scope, deep)

    def _meant(self, call: ast.Call, scope: Scope, deep: int) -> Iterator[ast.expr]:
        """What a call stands for: the default of a setting, the argument that is only dressed."""
        name = self._bindings.dotted(call.func).rpartition(".")[2]
        if name in _MAKERS:
            given = next((v for one in _DEFAULTS if (v := keyword(call, one))), None)
            if given or call.args:
                yield given or call.args[0]
        elif name in _READERS:
            if isinstance(call.func, ast.Attribute) and call.args and name in ("get", "pop"):
                key = call.args[0]
                if isinstance(key, ast.Constant):
                    yield from self._entries(call.func.value, key.value, scope, deep)
            if (default := keyword(call, "default")) or len(call.args) > 1:
                yield default or call.args[-1]
            elif name in ("str", "Path") and call.args:
                yield call.args[0]
        elif name in _SAME and isinstance(call.func, ast.Attribute):
            yield call.func.value
