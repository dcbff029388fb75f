"""Models in Python: by its syntax tree, and never run. Calls that load or ask one, then names whose value is one."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Mapping
from functools import lru_cache
from textwrap import dedent

from kg.scan._arguments import entries_of, keys_of, keyword, literals_of, named_values, written_text
from kg.scan._bindings import FileBindings, Scope
from kg.scan._commands import scan_command, scan_words
from kg.scan._keys import scan_yaml
from kg.scan._names import is_sure_name
from kg.scan._places import ScannedText
from kg.scan._rules import (
    CallRule,
    KeyRule,
    KnownCall,
    asks_beside,
    call_rules,
    call_shapes,
    find_key,
    name_rules,
    plain_key,
)
from kg.scan._text import scan_marks
from kg.scan._values import FileValues, Written
from kg.scan.finding import FindingKind, ScanPlace

_LONGEST = 4_000  # characters of a line in which bytes are told from characters
_RUNS = re.compile(
    r"(?:.*\.)?(?:Popen|check_call|check_output|run_commands?|create_subprocess_exec)|subprocess\.(?:run|call)|sh\.\w+"
)
_SHELL = re.compile(r"os\.(?:system|popen)|(?:subprocess\.)?(?:getoutput|getstatusoutput)")
# A text that begins as settings do, and a setting whose value can be a name.
_SETTINGS = re.compile(r"(?:\s*(?:#[^\n]*)?\n)*[ ]*[\w-]+:(?:[ ]|\n)")
_SETTING = re.compile(
    r"^[ -]*(?:[\w.-]+:|-)[ ]+[\"']?[A-Za-z0-9][\w.-]*[-/:][\w./:-]+[\"']?\s*(?:#.*)?$",
    re.MULTILINE,
)


def scan_python(source: ScannedText) -> None:
    """Note what a file of Python uses.

    Raises:
        SyntaxError: it is not Python.
        ValueError, RecursionError, MemoryError: it cannot be parsed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of strings with odd escapes
        tree = ast.parse(source.text)
    bindings = FileBindings(tree)
    source.silent = bindings.docstrings
    _Reader(source, bindings).read()
    scan_marks(source)


class _Reader:
    """Reads one file."""

    def __init__(self, source: ScannedText, bindings: FileBindings) -> None:
        self._source, self._bindings = source, bindings
        self._values = FileValues(bindings)
        self._told: set[tuple[int, int]] = set()  # literals that a call used

    def read(self) -> None:
        for call, scope in self._bindings.calls:
            self._call(call, scope)
        for node in self._bindings.nodes:
            if isinstance(node, ast.List | ast.Tuple):
                self._words(node)
        for node in self._bindings.nodes:
            self._pass_over(entries_of(node))
        for node in self._bindings.nodes:
            for name, value in named_values(node):
                self._key(name, value)
                self._document(value)

    def _call(self, call: ast.Call, scope: Scope) -> None:
        name = self._bindings.dotted(call.func)
        made = keyword(call, "type") if name == "dict" else None
        if isinstance(made, ast.Name | ast.Attribute):  # a call to come, in settings of MMEngine
            name = self._bindings.dotted(made)
        starred = tuple(self._bindings.starred)
        if rule := _rule(self._bindings.made(call.func), starred) or _rule(name, starred):
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
        weights = tuple(name_rules().weights)
        if rule.kind == "none":
            held = (ast.Name, ast.Attribute) if rule.made else ()
            for other in (*call.args, *(one.value for one in call.keywords)):
                if isinstance(other, (ast.Constant, *held)):
                    self._told |= {(w.line, w.column) for w in self._values.of(other, scope)}
        if rule.kind == "none" or node is None:
            return
        kind: FindingKind = rule.kind
        for name, value in rule.dataset_if.items():
            given = keyword(call, name)
            if given and any(one.text == value for one in self._values.of(given, scope)):
                kind = "dataset"
        use = f"{known.library}: {_last(self._bindings.dotted(call.func))}"
        revisions = self._values.of(pin, scope) if (pin := keyword(call, "revision")) else []
        revision = revisions[0].text if len(revisions) == 1 else ""
        written = self._values.of(node, scope)
        if any("/" in one.text and not one.text.endswith(weights) for one in written):
            self._told |= _files_of(call, weights)
        direct = {(one.lineno, one.col_offset + 2) for one in literals_of(node)}
        for one in written:
            self._told.add((one.line, one.column))
            # A word that a variable holds, such as "scratch", may stand for what the program does instead.
            word = (
                one.text.isalpha()
                and rule.host == "hub"
                and kind == "model"
                and (one.line, one.column) not in direct
            )
            self._source.name_at(
                one.text,
                one.line,
                use,
                "call",
                kind=kind,
                host=rule.host,
                accept="id" if word and rule.accept == "any" else rule.accept,
                after=self._after(one),
                below=False,
                revision=revision if re.fullmatch(r"[\w./-]{1,64}", revision) else "",
            )
        if not written and rule.accept == "any" and not isinstance(node, ast.Constant):
            self._source.dynamic.append(
                ScanPlace(self._source.name, self._source.number(call.lineno))
            )

    def _after(self, one: Written) -> int:
        """Characters before a literal in its line; the tree counts bytes, and so it is told of a line that is very long."""
        line = self._source.lines[one.line - 1] if one.line <= len(self._source.lines) else ""
        before = max(one.column - 2, 0)
        if line.isascii() or len(line) > _LONGEST:
            return before
        return len(line.encode("utf-8", "replace")[:before].decode("utf-8", "replace"))

    def _document(self, value: ast.expr) -> None:
        """A text of several lines that is settings in YAML, as programs and their tests give them."""
        text = written_text(value)
        if "\n" not in text or not _SETTINGS.match(text) or not _SETTING.search(text):
            return
        numbers = [self._source.number(value.lineno + at) for at in range(text.count("\n") + 1)]
        inner = ScannedText(dedent(text), self._source.name, numbers, style="#")
        scan_yaml(inner)
        if not inner.unread:
            self._source.found += inner.found

    def _pass_over(self, entries: Mapping[str, ast.expr]) -> None:
        """Leave out what a key says is no use of a model, as one that only says how the model beside it is called."""
        plain = {name: one for name, one in entries.items() if not isinstance(one, ast.Dict)}
        texts = {name: [*literals_of(value)] for name, value in plain.items()}
        keys = {plain_key(name) for name in entries}
        sure = (n for n, given in texts.items() if any(is_sure_name(str(g.value)) for g in given))
        named = {plain_key(name) for name in sure} if any(map(asks_beside, texts)) else set()
        for name, given in texts.items():
            rule = find_key(name, self._source.file, (), keys, named - {plain_key(name)})
            if rule and rule.kind == "none":
                self._told |= {(one.lineno, one.col_offset + 2) for one in given}

    def _key(self, name: str, value: ast.expr) -> None:
        rule = find_key(name, self._source.file) if name else None
        if rule and rule.kind == "none":
            return
        for literal in literals_of(value):
            self._literal(literal, f"key: {name}" if rule else "text", rule)
        for literal in keys_of(value) if rule else ():
            self._literal(literal, f"key: {name}", rule, keys=True)

    def _literal(
        self, literal: ast.Constant, use: str, rule: KeyRule | None, keys: bool = False
    ) -> None:
        """Note a text that a key calls a model, or one that tells by itself that it is one."""
        one = Written(str(literal.value), literal.lineno, literal.col_offset + 2)
        if (one.line, one.column) in self._told or (rule and rule.kind == "none"):
            return
        by_key = rule is not None and not (keys and rule.kind != "dataset")
        if keys and "/" not in one.text and rule and rule.kind == "dataset":
            return
        self._source.name_at(
            one.text,
            one.line,
            use,
            "key" if rule else "text",
            kind=rule.kind if rule and rule.kind != "none" else "model",
            host=rule.host if rule else "any",
            accept=rule.accept if rule and by_key else "plain",
            after=self._after(one),
            below=False,
        )

    def _words(self, node: ast.List | ast.Tuple) -> None:
        """A list that is the words of a command line."""
        words = [(str(one.value), one.lineno) for one in node.elts if isinstance(one, ast.Constant)]
        if len(words) == len(node.elts) and any(word.startswith("--") for word, _ in words):
            scan_words(self._source, words)
            self._told |= {(one.lineno, one.col_offset + 2) for one in node.elts}


@lru_cache(16_384)
def _rule(name: str, starred: tuple[str, ...]) -> KnownCall | None:
    """The rule of a call, by its name or, where a module gave all its names, by that of the module."""
    rules = call_rules()
    last = _last(name)
    names = [name, *(f"{module}.{name}" for module in starred if "." not in name)]
    if last not in rules and not any(call_shapes().fullmatch(one) for one in names):
        return None
    fitting = (
        known
        for known in (*rules.get(last, ()), *rules.get("", ()))
        if any(known.pattern.fullmatch(one) for one in names)
    )
    return min(fitting, key=lambda known: known.order, default=None)


def _files_of(call: ast.Call, weights: tuple[str, ...]) -> set[tuple[int, int]]:
    """Where a call that names a model names a file of it: that is no model besides."""
    given = [*call.args, *(one.value for one in call.keywords)]
    return {
        (one.lineno, one.col_offset + 2)
        for one in given
        if isinstance(one, ast.Constant) and str(one.value).endswith(weights)
    }


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
