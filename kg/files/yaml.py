"""YAML read as YAML 1.2 with line numbers: `no` and 2023-03-13 are strings, keys are unique.

Files may come from strangers: tags other than YAML's own are refused, depth and the size of expanded anchors are bounded.
libyaml's own composer overflows its stack on some 50,000 nested brackets, so depth is counted first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from kg.errors import DataError
from kg.messages.message import Message, reason_of

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
        text = path.read_text(encoding="utf-8")
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


def parse_documents(text: str, name: str) -> list[Yaml]:
    """Read the documents of a YAML text, at least one.

    Args:
        text: documents, with `---` between them.
        name: how messages call it.

    Raises:
        DataError: as `parse_yaml`, but for the number of documents.
    """
    try:
        _check_depth(text, name)
        roots = list(yaml.compose_all(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise DataError(
            Message("not YAML: %(error)s", error=error.problem or error),
            name,
            mark.line + 1 if mark else 0,
        ) from error
    except yaml.YAMLError as error:
        raise DataError(Message("not YAML: %(error)s", error=error), name) from error
    return [_document(root, name) for root in roots] or [Yaml(None, {}, name)]


def _document(root: yaml.Node, name: str) -> Yaml:
    lines: dict[Path_, int] = {}
    return Yaml(_construct(root, (), lines, name), lines, name)


def _check_depth(text: str, name: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            mark = event.start_mark
            line = mark.line + 1 if mark else 0
            raise DataError(
                Message("nested deeper than %(most)s levels", most=_DEEPEST), name, line
            )


def _construct(node: yaml.Node, path: Path_, lines: dict[Path_, int], name: str) -> Any:
    line = node.start_mark.line + 1
    if len(lines) > _NODES or len(path) > _DEEPEST:  # an anchor may stand inside itself
        raise DataError(
            Message("its anchors expand to more than %(most)s values", most=_NODES), name, line
        )
    if not _TAG.fullmatch(node.tag):
        raise DataError(Message("the tag %(tag)r is refused", tag=node.tag[:80]), name, line)
    lines[path] = line
    if isinstance(node, yaml.SequenceNode):
        return [_construct(n, (*path, i), lines, name) for i, n in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, name)
    return _scalar(node)


def _mapping(
    node: yaml.MappingNode, path: Path_, lines: dict[Path_, int], name: str
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise DataError(Message("a key must be plain text"), name, line)
        key = str(key_node.value)
        if key in result:
            raise DataError(
                Message("the key %(key)r stands twice; join the two", key=key), name, line
            )
        result[key] = _construct(value_node, (*path, key), lines, name)
        lines[(*path, key)] = line
    return result


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if isinstance(node, yaml.ScalarNode) and not node.style:
        for pattern, convert in _CORE:
            if pattern.fullmatch(text):
                return convert(text)
    return text
