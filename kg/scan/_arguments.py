"""The arguments of calls and the defaults of functions, as a syntax tree of Python has them."""

from __future__ import annotations

import ast
from collections.abc import Iterator


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
