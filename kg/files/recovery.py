"""Broken YAML mappings and JSON of strangers: what stands is read, and what does not is told by key and line.

A mapping is read whole first. Only if that fails is it taken apart at its keys, each read by itself, so that one bad
line costs one field. Nothing that is read here belongs to the program: its own files are read strictly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from kg.errors import DataError
from kg.files.parsing import json_text
from kg.files.yaml import parse_yaml
from kg.messages.message import Message

_KEY = re.compile(r"(?P<key>\"[^\"\n]*\"|'[^'\n]*'|[^\s#\-\"'][^\n]*?)[ \t]*:(?=\s|\Z)")
_INDENTED = re.compile(r"[ \t]|-(?:\s|\Z)|#|\Z")  # how lines begin that belong to the key above
_RAW = re.compile(r"\{\{.*\}\}|\{%.*%\}|[^\[{\"'|>&*!\s].*")  # a value of one line, as it stands
_JSON = re.compile(
    r'"(?:[^"\\\n]|\\.)*"'  # a text, left as it is
    r"|//[^\n]*|/\*.*?\*/|^\s*#[^\n]*|,(?=(?:\s|//[^\n]*\n|/\*.*?\*/)*[\]}])",
    re.DOTALL | re.MULTILINE,
)


class BrokenField(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a mapping that could not be read, or not as it stands."""

    key: str  # as written; the line itself where no key can be told
    line: int  # 1-based, in the text that was read
    why: str
    lost: bool  # whether its value is lost
    text: str = ""  # the lines themselves
    before: Any = None  # the value of a key that stands twice that was overruled


class SalvagedFields(dict[str, Any]):
    """The fields of a mapping that stand, with those that do not.

    Args:
        fields: what was read.
        broken: what was not.
    """

    def __init__(self, fields: dict[str, Any], broken: tuple[BrokenField, ...] = ()) -> None:
        super().__init__(fields)
        self.broken = broken


def salvage_mapping(text: str, name: str, first: int = 1) -> SalvagedFields:
    """The fields of a YAML mapping, the broken ones apart; of a key that stands twice the last value is taken.

    Args:
        text: one document.
        name: how messages call it.
        first: the number of its first line in the file.

    >>> salvage_mapping("license: mit\\nwidget: a: b: c\\ntags: [x", "c")
    {'license': 'mit', 'widget': 'a: b: c'}
    >>> [(one.key, one.line, one.lost) for one in salvage_mapping("a: 1\\na: 2\\ntags: [x", "c").broken]
    [('a', 2, False), ('tags', 3, True)]
    """
    text = re.sub(r"\r\n?", "\n", text)
    try:
        data = parse_yaml(text, name).data
    except DataError:
        return _by_keys(text, name, first)
    if data is None or isinstance(data, dict):
        return SalvagedFields(data or {})
    why = "a list of fields and values is expected"
    lost = BrokenField(key=text.strip()[:60], line=first, why=why, lost=True, text=text)
    return SalvagedFields({}, (lost,))


class _Block(NamedTuple):
    """A key at the margin, and the lines that belong to it."""

    key: str  # "" if the line has none
    line: int
    text: str


def _by_keys(text: str, name: str, first: int) -> SalvagedFields:
    fields: dict[str, Any] = {}
    broken: list[BrokenField] = []
    for block in _blocks(text, first):
        why, before, lost = "", None, False
        try:
            key, value = _field(block, name)
        except DataError as error:
            key, value = block.key or block.text.strip()[:60], _raw(block)
            why, lost = error.what.text(), value is None
        if key in fields and not lost:
            why, before = "the key stands twice", fields[key]
        if why:
            one = BrokenField(
                key=key, line=block.line, why=why, lost=lost, text=block.text, before=before
            )
            broken.append(one)
        if not lost:
            fields[key] = value
    return SalvagedFields(fields, tuple(broken))


def _blocks(text: str, first: int) -> Iterator[_Block]:
    """The text cut at the lines that begin at the margin."""
    held: list[str] = []
    key, start = "", first
    for number, line in enumerate(text.split("\n"), first):
        found = _KEY.match(line)
        if found or not _INDENTED.match(line):
            if any(one.strip() and not one.startswith("#") for one in held):
                yield _Block(key, start, "\n".join(held))
            held, start = [], number
            key = found["key"].strip("\"'") if found else ""
        held.append(line)
    if any(one.strip() and not one.startswith("#") for one in held):
        yield _Block(key, start, "\n".join(held))


def _field(block: _Block, name: str) -> tuple[str, Any]:
    """The field of a block.

    Raises:
        DataError: it is none.
    """
    try:
        data = parse_yaml(block.text, name).data
    except DataError:
        if "\t" not in block.text:
            raise
        data = parse_yaml(block.text.expandtabs(4), name).data
    if not isinstance(data, dict) or len(data) != 1:
        raise DataError(Message("a key with a value is expected"), name, block.line)
    return next(iter(data.items()))


def _raw(block: _Block) -> str | None:
    """The value of one line as it stands, as of a text with a colon in it; None if there is none."""
    found = _KEY.match(block.text)
    value = block.text[found.end() :].strip() if found else ""
    return value if "\n" not in value and _RAW.fullmatch(value) else None


def salvage_json(text: str, name: str) -> Any:
    """A JSON document, also with NaN, comments and commas that stand before a closing bracket.

    Raises:
        DataError: not JSON even so.

    >>> salvage_json('{"a": NaN, /* why */ "b": ["//", ],}', "x.json")["b"]
    ['//']
    """
    try:
        return json_text(text, name)
    except DataError:
        plain = _JSON.sub(lambda found: found[0] if found[0].startswith('"') else "", text)
        try:
            return json.loads(plain, strict=False)
        except (ValueError, RecursionError):
            pass
        raise
