"""YAML read as YAML 1.2 with line numbers: `no` and 2023-03-13 are strings, keys are unique.

Files may come from strangers: tags other than YAML's own are refused, depth and the size of expanded anchors are bounded.
libyaml's own composer overflows its stack on some 50,000 nested brackets, so data is built from its events.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from kg.errors import DataError
from kg.messages.message import Message, parser_reason, reason_of

Path_ = tuple[str | int, ...]

_DEEPEST = 100  # nested lists and mappings
_NODES = 1_000_000  # values of a file, anchors expanded

_TAG = re.compile(r"tag:yaml\.org,2002:\w+|!")
# The core schema of YAML 1.2.2, section 10.3.2, with _ allowed between digits as people write them;
# longer numbers stay text, since Python refuses to read and write them.
_CORE: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"~|null|Null|NULL|"), lambda s: None),
    (re.compile(r"true|True|TRUE"), lambda s: True),
    (re.compile(r"false|False|FALSE"), lambda s: False),
    (re.compile(r"[-+]?[0-9][0-9_]{0,99}"), lambda s: int(s)),
    (
        re.compile(r"[-+]?(\.[0-9]+|[0-9][0-9_]{0,99}(\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
        lambda s: float(s),
    ),
)


class Yaml(NamedTuple):
    """The data of a file, and on which line each part of it stands."""

    data: Any
    lines: dict[Path_, int]
    name: str

    def line(self, path: Path_) -> int:
        """The 1-based line of a part, or of the nearest part around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(path: Path, name: str = "") -> Yaml:
    """Read a YAML file.

    Args:
        path: the file.
        name: how messages call it; default its path.

    Raises:
        DataError: unreadable, not YAML, or a key given twice; with file and line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            Message("cannot be read: %(why)s", why=reason_of(error)), name or str(path)
        ) from error
    return parse_yaml(text, name or str(path))


@cache
def catalog(path: Path) -> Mapping[str, Mapping[str, str]]:
    """The parts of a file of texts that belongs to the program, read once; none if it is missing."""
    return read_yaml(path).data if path.exists() else {}


def parse_yaml(text: str, name: str) -> Yaml:
    """Read YAML from a text.

    Args:
        text: one document.
        name: how messages call it.

    Raises:
        DataError: not YAML, a key given twice, nested too deep or too large, or several documents;
            with file and line.
    """
    first, *more = parse_documents(text, name)
    if second := next((one for one in more if one.data is not None), None):
        raise DataError(
            Message("one document is expected here, not several"), name, second.line(())
        )
    return first


def parse_documents(text: str, name: str, most: int = _NODES) -> list[Yaml]:
    """Read the documents of a YAML text, at least one.

    Args:
        text: documents, with `---` between them.
        name: how messages call it.
        most: values that a document may hold, anchors expanded.

    Raises:
        DataError: as `parse_yaml`, but for the number of documents.
    """
    try:
        return list(_Reader(text, name, most).documents()) or [Yaml(None, {}, name)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise DataError(
            Message("not YAML: %(error)s", error=parser_reason(error.problem or str(error))),
            name,
            mark.line + 1 if mark else 0,
        ) from error
    except yaml.YAMLError as error:
        raise DataError(Message("not YAML: %(error)s", error=error), name) from error


class _Reader:
    """Builds the data of documents from libyaml's events as they come, each text parsed once."""

    def __init__(self, text: str, name: str, most: int) -> None:
        self._stream = yaml.parse(text, Loader=yaml.CSafeLoader)
        self._events: list[Any] = []  # of this document, for what its aliases repeat
        self._next = 0
        self._anchors: dict[str, int] = {}  # where what they name begins
        self._lines: dict[Path_, int] = {}
        self._name, self._most = name, most

    def documents(self) -> Iterator[Yaml]:
        """The documents of the text."""
        while not isinstance(event := self._take(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                self._events, self._next, self._anchors, self._lines = [], 0, {}, {}
                yield Yaml(self._value((), copied=False), self._lines, self._name)

    def _take(self) -> Any:
        if self._next == len(self._events):
            self._events.append(next(self._stream))
        self._next += 1
        return self._events[self._next - 1]

    def _value(self, path: Path_, *, copied: bool) -> Any:
        """The next value; a copied one is what an alias repeats."""
        event = self._take()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            return self._repeated(event.anchor or "", path, line)
        too_deep = len(path) >= _DEEPEST and not isinstance(event, yaml.ScalarEvent)
        # An anchor may stand inside itself
        if len(self._lines) > self._most or (copied and too_deep):
            raise self._error(
                Message("its anchors expand to more than %(most)s values", most=self._most), line
            )
        if too_deep:
            raise self._error(Message("nested deeper than %(most)s levels", most=_DEEPEST), line)
        if event.tag and not _TAG.fullmatch(event.tag):
            raise self._error(Message("the tag %(tag)r is refused", tag=event.tag[:80]), line)
        if event.anchor and not copied:
            self._name_anchor(event.anchor, line)
        self._lines[path] = line
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path, copied)
        return self._mapping(path, copied)

    def _name_anchor(self, anchor: str, line: int) -> None:
        if anchor in self._anchors:
            raise self._error(Message("the anchor %(anchor)r stands twice", anchor=anchor), line)
        self._anchors[anchor] = self._next - 1

    def _place_of(self, alias: str, line: int) -> int:
        if alias not in self._anchors:
            raise self._error(Message("no anchor has the name %(alias)r", alias=alias), line)
        return self._anchors[alias]

    def _repeated(self, alias: str, path: Path_, line: int) -> Any:
        place = self._place_of(alias, line)
        after, self._next = self._next, place
        value = self._value(path, copied=True)
        self._next = after
        return value

    def _ends(self, end: type) -> bool:
        """Whether a list or mapping ends here."""
        if isinstance(self._take(), end):
            return True
        self._next -= 1
        return False

    def _list(self, path: Path_, copied: bool) -> list[Any]:
        result: list[Any] = []
        while not self._ends(yaml.SequenceEndEvent):
            result.append(self._value((*path, len(result)), copied=copied))
        return result

    def _mapping(self, path: Path_, copied: bool) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not self._ends(yaml.MappingEndEvent):
            key, line = self._key(copied)
            if key in result:
                raise self._error(
                    Message("the key %(key)r stands twice; join the two", key=key), line
                )
            result[key] = self._value((*path, key), copied=copied)
            self._lines[(*path, key)] = line
        return result

    def _key(self, copied: bool) -> tuple[str, int]:
        event = self._take()
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            event = self._events[self._place_of(event.anchor or "", line)]
        elif event.anchor and not copied:
            self._name_anchor(event.anchor, line)
        if not isinstance(event, yaml.ScalarEvent):
            raise self._error(Message("a key must be plain text"), line)
        return str(event.value), line

    def _error(self, message: Message, line: int) -> DataError:
        return DataError(message, self._name, line)


def _scalar(event: yaml.ScalarEvent) -> Any:
    text = str(event.value)
    if not event.style:
        for pattern, convert in _CORE:
            if pattern.fullmatch(text):
                return convert(text)
    return text
