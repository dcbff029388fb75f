"""What expressions of a Python file can be, without running it: constants are followed within the file."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import NamedTuple

from kg.scan._arguments import called, defaults_of, keyword, option_default, parts_of

_MOST = 24  # values of one expression
_DEEPEST = 12  # steps from an expression to what it is
_STEPS = 2_000  # in all, for one expression
_DEFAULTS = ("default", "default_factory", "fallback")
_MAKERS = frozenset(
    {"field", "Field", "Option", "Argument", "option", "argument", "add_argument", "Param", "Input"}
)  # calls that stand for their default
_READERS = frozenset(
    {"get", "getenv", "env", "config", "pop", "setdefault", "getattr", "str", "Path"}
)
_SAME = frozenset({"strip", "lower", "expanduser", "format", "rstrip", "removesuffix"})

_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_NOTED = (
    *(
        ast.Import,
        ast.ImportFrom,
        ast.Assign,
        ast.AnnAssign,
        ast.NamedExpr,
        ast.For,
        ast.comprehension,
    ),
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.Call, ast.Dict),
    *(ast.Return, ast.List, ast.Tuple),
)
_LEAVES = (ast.Constant, ast.Name, ast.expr_context, ast.operator, ast.cmpop, ast.alias)

Scope = tuple[ast.AST, ...]  # the module first, then the classes and functions around a place


class Written(NamedTuple):
    """A text, and where it is written."""

    text: str
    line: int
    column: int  # 1-based, of its first character
    whole: bool = True  # whether it stands there as one literal


class _Element(NamedTuple):
    """One of what an expression holds, as a loop takes it."""

    of: ast.expr
    keys: bool = True


Bound = ast.expr | _Element


class FileValues:
    """The names of a file and what is assigned to them.

    Args:
        tree: the file.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.calls: list[tuple[ast.Call, Scope]] = []
        self._left = 0
        self.nodes: list[ast.AST] = []  # that give a value a name
        self._names: dict[tuple[int, str], list[Bound]] = {}
        self._attributes: dict[str, list[Bound]] = {}
        self._makers: dict[str, list[ast.Call]] = {}  # calls whose result a name holds
        self._parameters: dict[str, list[tuple[ast.arguments, int, bool]]] = {}
        self.imports: dict[str, str] = {}
        self.starred: list[str] = []
        self._visit(tree, (tree,))
        self._bind_calls()

    def _visit(self, node: ast.AST, scope: Scope) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, _LEAVES):
                continue
            if isinstance(child, _NOTED):
                self._note(child, scope)
                self.nodes.append(child)
            self._visit(child, (*scope, child) if isinstance(child, _INNER) else scope)

    def _note(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Import(names=names):
                for one in names:
                    bound = one.asname or one.name.partition(".")[0]
                    self.imports[bound] = one.name if one.asname else bound
            case ast.ImportFrom(module=module, names=names):
                for one in names:
                    if one.name == "*":
                        self.starred.append(module or "")
                    else:
                        self.imports[one.asname or one.name] = f"{module or ''}.{one.name}".lstrip(
                            "."
                        )
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind(target, value, scope)
                    self._bind_made(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._bind(target, value, scope)
            case ast.NamedExpr(target=target, value=value):
                self._bind(target, value, scope)
            case ast.For(target=target, iter=of) | ast.comprehension(target=target, iter=of):
                self._bind_loop(target, of, scope)
            case ast.FunctionDef(name=name, args=args) | ast.AsyncFunctionDef(name=name, args=args):
                self._bind_defaults(node, args)
                around = scope[-1]
                method = isinstance(around, ast.ClassDef)
                called = name
                if isinstance(around, ast.ClassDef) and name == "__init__":
                    called = around.name
                self._parameters.setdefault(called, []).append((args, id(node), method))
            case ast.Call():
                self.calls.append((node, scope))
                self._bind_option(node)

    def _bind(self, target: ast.expr, value: Bound, scope: Scope) -> None:
        match target:
            case ast.Name(id=name):
                self._names.setdefault((id(scope[-1]), name), []).append(value)
                if isinstance(scope[-1], ast.ClassDef):
                    self._attributes.setdefault(name, []).append(value)
            case ast.Attribute(attr=name):
                self._attributes.setdefault(name, []).append(value)
            case ast.Subscript(slice=ast.Constant(value=str() as name)):
                self._attributes.setdefault(f"[{name}]", []).append(value)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                values = getattr(value, "elts", None)
                if isinstance(values, list) and len(values) == len(targets):
                    for one, part in zip(targets, values, strict=True):
                        self._bind(one, part, scope)

    def _bind_made(self, target: ast.expr, value: ast.expr) -> None:
        name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
        if name and isinstance(value, ast.Call):
            self._makers.setdefault(name, []).append(value)

    def _bind_loop(self, target: ast.expr, of: ast.expr, scope: Scope) -> None:
        match of:
            case ast.Call(func=ast.Attribute(value=inner, attr="values")):
                self._bind(target, _Element(inner, keys=False), scope)
            case ast.Call(func=ast.Attribute(value=inner, attr="items")) if (
                isinstance(target, ast.Tuple) and len(target.elts) == 2
            ):
                self._bind(target.elts[0], _Element(inner), scope)
                self._bind(target.elts[1], _Element(inner, keys=False), scope)
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]) if (
                isinstance(target, ast.Tuple) and len(target.elts) == 2
            ):
                self._bind(target.elts[1], _Element(inner), scope)
            case _:
                self._bind(target, _Element(of), scope)

    def _bind_defaults(self, function: ast.AST, args: ast.arguments) -> None:
        for arg, default in defaults_of(args):
            self._names.setdefault((id(function), arg.arg), []).append(default)

    def _bind_option(self, call: ast.Call) -> None:
        """What `add_argument("--model", default=…)` gives to `args.model`, and click's to a parameter."""
        if described := option_default(call):
            option, default = described
            name = option.lstrip("-").replace("-", "_")
            self._attributes.setdefault(name, []).append(default)

    def _bind_calls(self) -> None:
        """The arguments of calls of functions of this file, bound to their parameters."""
        for call, _ in self.calls:
            for args, function, method in self._parameters.get(called(call), ()):
                known = [arg.arg for arg in (*args.posonlyargs, *args.args)][1 if method else 0 :]
                for parameter, given in zip(known, call.args, strict=False):
                    if not isinstance(given, ast.Starred):
                        self._names.setdefault((function, parameter), []).append(given)
                every = {*known, *(arg.arg for arg in args.kwonlyargs)}
                for one in call.keywords:
                    if one.arg in every:
                        self._names.setdefault((function, str(one.arg)), []).append(one.value)

    def dotted(self, node: ast.expr) -> str:
        """The name of what is called, with the imports of the file followed; `?` where a part is computed."""
        match node:
            case ast.Name(id=name):
                return self.imports.get(name, name)
            case ast.Attribute(value=value, attr=name):
                return f"{self.dotted(value)}.{name}"
            case ast.Call(func=func):
                return self.dotted(func)
            case ast.Subscript(value=value):
                return self.dotted(value)
        return "?"

    def made(self, func: ast.expr) -> str:
        """The name of a method, by what made its object: `client.chat` of `client = Client()`; "" if that is not told."""
        if not isinstance(func, ast.Attribute):
            return ""
        match func.value:
            case ast.Name(id=name) if name not in self.imports:
                makers = self._makers.get(name, ())
            case ast.Attribute(attr=name):
                makers = self._makers.get(name, ())
            case _:
                return ""
        names = {self.dotted(maker.func) for maker in makers}
        return f"{names.pop()}.{func.attr}" if len(names) == 1 else ""

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
            case ast.JoinedStr(values=parts):
                yield from self._joined(node, parts, scope, deep)
            case ast.FormattedValue(value=value):
                yield from self._of(value, scope, deep - 1)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from self._joined(node, [left, right], scope, deep)
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._each((body, orelse), scope, deep)
            case ast.BoolOp(values=values):
                yield from self._each(values, scope, deep)
            case ast.NamedExpr(value=value) | ast.Await(value=value):
                yield from self._of(value, scope, deep - 1)
            case ast.Name(id=name):
                yield from self._bound(self._lookup(name, scope), scope, deep)
            case ast.Attribute(attr=name):
                yield from self._bound(self._attributes.get(name, ()), scope, deep)
            case ast.Subscript(value=value, slice=ast.Constant(value=key)):
                yield from self._each(self._entries(value, key, scope, deep), scope, deep)
            case ast.Subscript(value=value):
                yield from self._elements(value, scope, deep, keys=False)
            case ast.Call():
                yield from self._each(list(self._meant(node, scope, deep)), scope, deep)

    def _each(self, nodes: Iterable[ast.expr], scope: Scope, deep: int) -> Iterator[Written]:
        for node in nodes:
            yield from self._of(node, scope, deep - 1)

    def _joined(
        self, node: ast.expr, parts: Iterable[ast.expr], scope: Scope, deep: int
    ) -> Iterator[Written]:
        each = [list(islice(self._of(part, scope, deep - 1), _MOST)) for part in parts]
        for found in islice(product(*each), _MOST):
            yield Written(
                "".join(one.text for one in found), node.lineno, node.col_offset + 1, whole=False
            )

    def _lookup(self, name: str, scope: Scope) -> Iterable[Bound]:
        for around in reversed(scope):
            if found := self._names.get((id(around), name)):
                return found
        return ()

    def _bound(self, bound: Iterable[Bound], scope: Scope, deep: int) -> Iterator[Written]:
        for one in bound:
            if isinstance(one, _Element):
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
                for one in self._lookup(name, scope):
                    if not isinstance(one, _Element):
                        yield from self._held(one, scope, deep - 1)
            case ast.Attribute(attr=name):
                for one in self._attributes.get(name, ()):
                    if not isinstance(one, _Element):
                        yield from self._held(one, scope, deep - 1)
            case ast.Subscript(value=value, slice=ast.Constant(value=key)):
                for one in self._entries(value, key, scope, deep):
                    yield from self._held(one, scope, deep - 1)
            case ast.Call(func=ast.Name(id="sorted" | "list" | "set" | "tuple"), args=[inner, *_]):
                yield from self._held(inner, scope, deep - 1)
            case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
                named = [(ast.Constant(one.arg), one.value) for one in keywords if one.arg]
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
        bound = self._attributes.get(f"[{key}]", ())
        return found + [one for one in bound if not isinstance(one, _Element)]

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
        name = self.dotted(call.func).rpartition(".")[2]
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
