"""Models in Python: by its syntax tree, and never run. Calls that load or ask one, then names whose value is one."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache

from kg.scan._arguments import defaults_of, keyword, option_default, words_of
from kg.scan._commands import scan_command, scan_words
from kg.scan._places import ScannedText
from kg.scan._rules import CallRule, KnownCall, call_rules, find_key
from kg.scan._text import scan_marks
from kg.scan._values import FileValues, Scope, Written
from kg.scan.finding import FindingKind, ScanPlace

_RUNS = re.compile(
    r"(?:.*\.)?(?:Popen|check_call|check_output|run_command|create_subprocess_exec)|subprocess\.(?:run|call)|sh\.\w+"
)
_SHELL = re.compile(r"os\.(?:system|popen)|(?:subprocess\.)?(?:getoutput|getstatusoutput)")


def scan_python(source: ScannedText) -> None:
    """Note what a file of Python uses.

    Raises:
        SyntaxError: it is not Python.
        ValueError, RecursionError, MemoryError: it cannot be parsed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of strings with odd escapes
        tree = ast.parse(source.text)
    values = FileValues(tree)
    _Reader(source, values).read()
    scan_marks(source)


class _Reader:
    """Reads one file."""

    def __init__(self, source: ScannedText, values: FileValues) -> None:
        self._source, self._values = source, values
        self._told: set[tuple[int, int]] = set()  # literals that a call used

    def read(self) -> None:
        for call, scope in self._values.calls:
            self._call(call, scope)
        for node in self._values.nodes:
            for name, value in _named(node):
                self._key(name, value)

    def _call(self, call: ast.Call, scope: Scope) -> None:
        name = self._values.dotted(call.func)
        if rule := _rule(name, tuple(self._values.starred)):
            self._argument(call, scope, rule)
        elif call.args and _SHELL.fullmatch(name):
            for one in self._values.of(call.args[0], scope):
                scan_command(self._source, one.text, one.line)
        elif call.args and _RUNS.fullmatch(name):
            self._argv(call.args[0], scope)

    def _argv(self, node: ast.expr, scope: Scope) -> None:
        if isinstance(node, ast.List | ast.Tuple):
            words = [
                next(iter(self._values.of(one, scope)), Written("", one.lineno, 1))
                for one in node.elts
            ]
            scan_words(self._source, [(word.text, word.line) for word in words])
        else:
            for one in self._values.of(node, scope):
                scan_command(self._source, one.text, one.line)

    def _argument(self, call: ast.Call, scope: Scope, known: KnownCall) -> None:
        rule = known.rule
        node = _given(call, rule)
        if rule.kind == "none":
            told = [one for one in (node, *(one.value for one in call.keywords)) if one is not None]
            self._told |= {(w.line, w.column) for one in told for w in self._values.of(one, scope)}
        if rule.kind == "none" or node is None:
            return
        kind: FindingKind = rule.kind
        for name, value in rule.dataset_if.items():
            given = keyword(call, name)
            if given and any(one.text == value for one in self._values.of(given, scope)):
                kind = "dataset"
        use = f"{known.library}: {_last(self._values.dotted(call.func))}"
        revisions = self._values.of(pin, scope) if (pin := keyword(call, "revision")) else []
        revision = revisions[0].text if len(revisions) == 1 else ""
        written = self._values.of(node, scope)
        for one in written:
            self._told.add((one.line, one.column))
            self._source.name_at(
                one.text,
                one.line,
                use,
                "call",
                kind=kind,
                host=rule.host,
                accept=rule.accept,
                after=self._after(one),
                below=False,
                revision=revision if re.fullmatch(r"[\w./-]{1,64}", revision) else "",
            )
        if not written and rule.accept == "any" and not isinstance(node, ast.Constant):
            self._source.dynamic.append(
                ScanPlace(self._source.name, self._source.number(call.lineno))
            )

    def _after(self, one: Written) -> int:
        """Characters before a literal in its line; the tree counts bytes."""
        line = self._source.lines[one.line - 1] if one.line <= len(self._source.lines) else ""
        before = line.encode("utf-8", "replace")[: max(one.column - 2, 0)]
        return len(before.decode("utf-8", "replace"))

    def _key(self, name: str, value: ast.expr) -> None:
        rule = find_key(name, self._source.file)
        if rule is None or rule.kind == "none":
            return
        for literal in _literals(value):
            one = Written(str(literal.value), literal.lineno, literal.col_offset + 2)
            if (one.line, one.column) not in self._told:
                self._source.name_at(
                    one.text,
                    one.line,
                    f"key: {name}",
                    "key",
                    kind=rule.kind,
                    host=rule.host,
                    accept="id",
                    after=self._after(one),
                    below=False,
                )


@lru_cache(16_384)
def _rule(name: str, starred: tuple[str, ...]) -> KnownCall | None:
    """The rule of a call, by its name or, where a module gave all its names, by that of the module."""
    rules = call_rules()
    last = _last(name)
    names = [name, *(f"{module}.{name}" for module in starred if "." not in name)]
    return next(
        (
            known
            for known in (*rules.get(last, ()), *rules.get("", ()))
            if any(known.pattern.fullmatch(one) for one in names)
        ),
        None,
    )


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _given(call: ast.Call, rule: CallRule) -> ast.expr | None:
    for argument in rule.arguments:
        if isinstance(argument, int):
            given = call.args[argument] if argument < len(call.args) else None
        else:
            given = keyword(call, argument)
        if given is not None and not isinstance(given, ast.Starred):
            return given
    return None


def _named(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """FileValues that stand beside a name: assigned, as an argument, in a mapping, as a default."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from ((name, value) for name in _target(target))
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from ((name, value) for name in _target(target))
        case ast.Call(keywords=keywords):
            yield from ((one.arg, one.value) for one in keywords if one.arg)
            yield from _options(node)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.FunctionDef(args=args) | ast.AsyncFunctionDef(args=args) | ast.Lambda(args=args):
            yield from ((arg.arg, default) for arg, default in defaults_of(args))


def _options(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Defaults of options of the command line, and of variables of the environment."""
    words = words_of(call)
    if described := option_default(call):
        yield described
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("get", "getenv", "setdefault") and len(call.args) == 2 and words:
        yield words[0], call.args[1]


def _target(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            yield name


def _literals(node: ast.expr) -> Iterator[ast.Constant]:
    """The texts that an expression is, or lists, or gives by default."""
    match node:
        case ast.Constant(value=str()):
            yield node
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                if isinstance(part, ast.Constant):
                    yield from _literals(part)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _literals(body)
            yield from _literals(orelse)
        case ast.BoolOp(values=values):
            for value in values:
                yield from _literals(value)
        case ast.Dict(values=values):
            for value in values:
                yield from _literals(value)
        case ast.Call(args=args):
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            given = keyword(node, "default") or (
                args[-1] if args and (len(args) > 1 or name in ("Field", "Option", "str")) else None
            )
            if (
                name
                in (
                    "Field",
                    "field",
                    "Option",
                    "Argument",
                    "get",
                    "getenv",
                    "env",
                    "config",
                    "str",
                    "getattr",
                )
                and given
            ):
                yield from _literals(given)
