"""The arguments of calls, the defaults of functions and the values beside names, as a syntax tree of Python has them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

# Calls that stand for their default; of these it is the first argument, of the others the last of several.
_KEY = re.compile(r"[A-Za-z_][\w. -]*")  # how a setting or a variable is called
_FIRST = frozenset({"Field", "Option", "Argument", "field", "default", "Param", "Input"})
_DEFAULTING = _FIRST | {"str", "get", "getenv", "env", "config", "getattr", "mapped_column"}


def called(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def words_of(call: ast.Call) -> list[str]:
    """The arguments of a call, without names, that are texts."""
    return [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]


def option_default(call: ast.Call) -> tuple[str, ast.expr] | None:
    """The option that a call describes, such as `add_argument("--model", default=…)`, with its default."""
    default = keyword(call, "default")
    option = next((word for word in words_of(call) if word.startswith("--")), "")
    return (option, default) if default and option else None


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The argument of a call that is given by a name."""
    return next((one.value for one in call.keywords if one.arg == name), None)


def defaults_of(args: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr]]:
    """The parameters of a function that have a default, each with it."""
    known = [*args.posonlyargs, *args.args]
    yield from zip(known[len(known) - len(args.defaults) :], args.defaults, strict=True)
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if default:
            yield arg, default


def parts_of(node: ast.expr) -> list[ast.expr]:
    """What a list, tuple or set holds; nothing of another expression."""
    return list(getattr(node, "elts", []))


def written_text(node: ast.expr) -> str:
    """The text that an expression is, with a word for each value that is put into it; "" if it is none."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(written_text(part) for part in parts)
        case ast.FormattedValue():
            return "value"
    return ""


def entries_of(node: ast.AST) -> dict[str, ast.expr]:
    """What stands beside each other in a mapping, a call or the body of a class, each by its name."""
    match node:
        case ast.Dict(keys=keys, values=values):
            pairs = zip(keys, values, strict=True)
            return {str(k.value): v for k, v in pairs if isinstance(k, ast.Constant)}
        case ast.Call(keywords=keywords):
            return {one.arg: one.value for one in keywords if one.arg}
        case ast.ClassDef(body=body):
            return dict(found for one in body for found in named_values(one))
    return {}


def named_values(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Values that stand beside a name: assigned, as an argument, in a mapping, as a default; "" where there is none."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from ((name, value) for name in _target(target))
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from ((name, value) for name in _target(target))
        case ast.Call(args=args, keywords=keywords):
            yield from (("", one) for one in args)
            yield from ((one.arg, one.value) for one in keywords if one.arg)
            yield from _options(node)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.FunctionDef(args=args) | ast.AsyncFunctionDef(args=args) | ast.Lambda(args=args):
            yield from ((arg.arg, default) for arg, default in defaults_of(args))
        case ast.Return(value=ast.expr() as value) | ast.For(iter=value):
            yield "", value


def _options(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Defaults of options of the command line, of variables of the environment, and of what else a first text names."""
    if described := option_default(call):
        yield described
    match call.args:
        case [ast.Constant(value=str() as name), value, *_] if _KEY.fullmatch(name):
            yield name, value


def _target(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            yield name


def keys_of(node: ast.expr) -> Iterator[ast.Constant]:
    """The texts that are keys of a mapping."""
    for key in node.keys if isinstance(node, ast.Dict) else ():
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key


def literals_of(node: ast.expr) -> Iterator[ast.Constant]:
    """The texts that an expression is, or lists, or gives by default."""
    match node:
        case ast.Constant(value=str()):
            yield node
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                if isinstance(part, ast.Constant | ast.List | ast.Tuple):
                    yield from literals_of(part)
        case ast.IfExp(body=body, orelse=orelse):
            yield from literals_of(body)
            yield from literals_of(orelse)
        case ast.BoolOp(values=values):
            for value in values:
                yield from literals_of(value)
        case ast.Dict(values=values):
            for value in values:
                yield from literals_of(value)
        case ast.Call(args=args) if called(node) in _DEFAULTING:
            given = keyword(node, "default") or keyword(node, "default_factory")
            if given is None and args and (called(node) in _FIRST or args[1:]):
                given = args[0] if called(node) in _FIRST else args[-1]
            if given:
                yield from literals_of(given)
        case ast.Lambda(body=body):
            yield from literals_of(body)
