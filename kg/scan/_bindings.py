"""The names of a Python file and what is assigned to them; nothing of it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple

from kg.scan._arguments import called, defaults_of, option_default

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
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Call, ast.Dict),
    *(ast.Return, ast.List, ast.Tuple),
)
_LEAVES = (ast.Constant, ast.Name, ast.expr_context, ast.operator, ast.cmpop, ast.alias)

Scope = tuple[ast.AST, ...]  # the module first, then the classes and functions around a place


class Element(NamedTuple):
    """One of what an expression holds, as a loop takes it."""

    of: ast.expr
    keys: bool = True


Bound = ast.expr | Element


class FileBindings:
    """The names of a file and what is assigned to them.

    Args:
        tree: the file.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.calls: list[tuple[ast.Call, Scope]] = []
        self.nodes: list[ast.AST] = []  # that give a value a name
        self.names: dict[tuple[int, str], list[Bound]] = {}
        self.attributes: dict[str, list[Bound]] = {}
        self._makers: dict[str, list[ast.Call]] = {}  # calls whose result a name holds
        self._parameters: dict[str, list[tuple[ast.arguments, int, bool]]] = {}
        self.imports: dict[str, str] = {}
        self.starred: list[str] = []
        self.docstrings: set[int] = set()  # their lines
        self._visit(tree, (tree,))
        self._bind_calls()

    def _visit(self, node: ast.AST, scope: Scope) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, _LEAVES):
                continue
            if isinstance(child, ast.Expr) and isinstance(getattr(child.value, "value", 0), str):
                self.docstrings |= {*range(child.lineno, (child.end_lineno or child.lineno) + 1)}
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
                self.names.setdefault((id(scope[-1]), name), []).append(value)
                if isinstance(scope[-1], ast.ClassDef):
                    self.attributes.setdefault(name, []).append(value)
            case ast.Attribute(attr=name):
                self.attributes.setdefault(name, []).append(value)
            case ast.Subscript(slice=ast.Constant(value=str() as name)):
                self.attributes.setdefault(f"[{name}]", []).append(value)
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
                self._bind(target, Element(inner, keys=False), scope)
            case ast.Call(func=ast.Attribute(value=inner, attr="items")) if (
                isinstance(target, ast.Tuple) and len(target.elts) == 2
            ):
                self._bind(target.elts[0], Element(inner), scope)
                self._bind(target.elts[1], Element(inner, keys=False), scope)
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]) if (
                isinstance(target, ast.Tuple) and len(target.elts) == 2
            ):
                self._bind(target.elts[1], Element(inner), scope)
            case _:
                self._bind(target, Element(of), scope)

    def _bind_defaults(self, function: ast.AST, args: ast.arguments) -> None:
        for arg, default in defaults_of(args):
            self.names.setdefault((id(function), arg.arg), []).append(default)

    def _bind_option(self, call: ast.Call) -> None:
        """What `add_argument("--model", default=…)` gives to `args.model`, and click's to a parameter."""
        if described := option_default(call):
            option, default = described
            name = option.lstrip("-").replace("-", "_")
            self.attributes.setdefault(name, []).append(default)

    def _bind_calls(self) -> None:
        """The arguments of calls of functions of this file, bound to their parameters."""
        for call, _ in self.calls:
            for args, function, method in self._parameters.get(called(call), ()):
                known = [arg.arg for arg in (*args.posonlyargs, *args.args)][1 if method else 0 :]
                for parameter, given in zip(known, call.args, strict=False):
                    if not isinstance(given, ast.Starred):
                        self.names.setdefault((function, parameter), []).append(given)
                every = {*known, *(arg.arg for arg in args.kwonlyargs)}
                for one in call.keywords:
                    if one.arg in every:
                        self.names.setdefault((function, str(one.arg)), []).append(one.value)

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

    def lookup(self, name: str, scope: Scope) -> Iterable[Bound]:
        for around in reversed(scope):
            if found := self.names.get((id(around), name)):
                return found
        return ()
