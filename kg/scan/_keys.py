"""Settings: keys whose value names a model or a data set, in YAML, JSON, TOML and files of variables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from kg.errors import DataError
from kg.files.yaml import Yaml, parse_documents
from kg.scan._commands import scan_script, scan_words
from kg.scan._places import ScannedText
from kg.scan._rules import KeyRule, compiled, find_key
from kg.scan._text import scan_marks

_SCRIPTS = frozenset(
    {
        "run",
        "script",
        "command",
        "cmd",
        "args",
        "entrypoint",
        "commands",
        "shell",
        "before_script",
        "after_script",
        "exec",
        "postcreatecommand",
        "start",
        "test",
        "dev",
        "build",
    }
)
_VALUES = 100_000  # of a document; one of more is read line by line
_LISTS = frozenset({"args", "command", "cmd", "entrypoint"})
_LINE = re.compile(
    r"""^\s*(?:-\s+)?(?:export\s+|set\s+|ENV\s+|ARG\s+)?["']?(?P<key>[A-Za-z_][\w.-]*)["']?\s*(?:[:=]\s*|\s+(?=["']))(?P<quote>["']?)(?P<id>[^"'#,\s]{2,200})(?P=quote)\s*,?\s*(?:\#.*|//.*)?$"""
)
_DEFAULT = re.compile(r"\$\{[A-Za-z_]\w*:?[-=](?P<id>[^}]*)\}")
Path = tuple[str | int, ...]


def scan_yaml(source: ScannedText) -> None:
    """Note what a file of YAML uses; one that is not YAML is read line by line."""
    try:
        documents = parse_documents(source.text, source.name, _VALUES)
    except DataError:
        source.unread = True
        scan_lines(source)
        return
    for document in documents:
        for path, value in _leaves(document.data):
            line = document.line(path)
            _setting(source, document.data, path, value, line)
        _scan_lists(source, document)
    scan_marks(source)


def scan_json(source: ScannedText) -> None:
    """Note what a file of JSON uses; one that is not JSON, as one with comments, is read line by line."""
    try:
        data = msgspec.json.decode(source.text)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        source.unread = not source.file.endswith((".jsonc", ".json5"))
        scan_lines(source)
        return
    _scan_plain(source, data, lambda text: msgspec.json.encode(text).decode())


def scan_toml(source: ScannedText) -> None:
    """Note what a file of TOML uses; one that is not TOML is read line by line."""
    try:
        data = tomllib.loads(source.text)
    except (ValueError, RecursionError):
        source.unread = True
        scan_lines(source)
        return
    _scan_plain(source, data, lambda text: text)


def _scan_plain(source: ScannedText, data: Any, written: Callable[[str], str]) -> None:
    """Settings of a document whose parser tells no places: each value is looked up, in its order."""
    at: dict[str, int] = {}
    for path, value in _leaves(data):
        if not _speaks(source, path, value):
            continue
        text = written(value).strip('"')
        start = source.text.find(text, at.get(text, 0))
        start = start if start >= 0 else max(source.text.find(text), 0)
        if _rule_of(source, path):
            start = _after_key(source, path, text, start)
        at[text] = start + 1
        _setting(source, data, path, value, source.place(start)[0])
    for _, words in _word_lists(data):
        scan_words(source, [(word, _line_of(source, word)) for word in words])
    scan_marks(source)


def _speaks(source: ScannedText, path: Path, value: str) -> bool:
    """Whether a value can name a model: by its key, as a variable or as a script."""
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    script = "\n" in value or key.lower() in _SCRIPTS or path[-2:-1] == ("scripts",)
    return (
        script or key == "value" or isinstance(path[-1], int) or _rule_of(source, path) is not None
    )


def _after_key(source: ScannedText, path: Path, text: str, start: int) -> int:
    """Where a value stands behind its key, at or after a place."""
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    found = re.compile(re.escape(key) + r"[\"']?\s*[:=]").search(
        source.text, max(0, source.text.rfind("\n", 0, start))
    )
    if not found or isinstance(path[-1], int):
        return start
    at = source.text.find(text, found.end())
    return at if at >= 0 else start


def _line_of(source: ScannedText, text: str) -> int:
    return source.place(max(source.text.find(text), 0))[0]


def _rule_of(source: ScannedText, path: Path) -> KeyRule | None:
    names = [part for part in path if isinstance(part, str)]
    return find_key(names[-1], source.file, tuple(names[:-1])) if names else None


def _setting(source: ScannedText, data: Any, path: Path, value: str, line: int) -> None:
    """One value: a name by its key, a script, or a variable that is written as a list's entry."""
    names = [part for part in path if isinstance(part, str)]
    key = names[-1] if names else ""
    if "\n" in value or key.lower() in _SCRIPTS or path[-2:-1] == ("scripts",):
        if _is_script(value):
            scan_script(source, value, _first_line(source, value, line))
        return
    if key == "value" and (named := _sibling(data, path, "name")):
        key = named
    elif isinstance(path[-1], int) and (found := re.fullmatch(r"([A-Za-z_]\w*)=(\S+)", value)):
        key, value = found.groups()
    if rule := find_key(key, source.file, tuple(names[:-1])):
        _note(source, value, line, key, rule)


def _note(source: ScannedText, value: str, line: int, key: str, rule: KeyRule) -> None:
    if found := _DEFAULT.fullmatch(value):
        value = found["id"]
    if rule.kind != "none":
        source.name_at(
            value, line, f"key: {key}", "key", kind=rule.kind, host=rule.host, accept=rule.accept
        )


def _is_script(value: str) -> bool:
    return " " in value.strip() and len(value) < 200_000


def _first_line(source: ScannedText, value: str, line: int) -> int:
    """The line on which a block of text begins: below its key, or beside it."""
    first = next((one.strip() for one in value.split("\n") if one.strip()), "")
    for at in range(line, min(line + 4, len(source.lines)) + 1):
        if first and first in source.lines[at - 1]:
            return at
    return line


def _sibling(data: Any, path: Path, key: str) -> str:
    for part in path[:-1]:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return ""
    found = data.get(key) if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""


def _leaves(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The texts of a document, each with where it stands."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, (*path, str(key)))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _leaves(value, (*path, number))
    elif isinstance(data, str) and path:
        yield path, data


def _word_lists(data: Any, path: Path = ()) -> Iterator[tuple[Path, Sequence[str]]]:
    """Lists that are the words of a command."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _word_lists(value, (*path, str(key)))
    elif isinstance(data, list):
        if (
            path
            and str(path[-1]).lower() in _LISTS
            and data
            and all(isinstance(one, str | int | float) for one in data)
            and not any("\n" in str(one) for one in data)
        ):
            yield path, [str(one) for one in data]
        else:
            for number, value in enumerate(data):
                yield from _word_lists(value, (*path, number))


def _scan_lists(source: ScannedText, document: Yaml) -> None:
    for path, words in _word_lists(document.data):
        placed = [(word, document.line((*path, at))) for at, word in enumerate(words)]
        scan_words(source, placed)


def scan_lines(source: ScannedText) -> None:
    """Settings line by line, where no parser reads: `KEY=value`, `key: value`, and broken documents."""
    for number, line in enumerate(source.lines, 1):
        if len(line) > 2000:
            continue
        found = _LINE.match(line) or _assigned(line)
        if found and (rule := find_key(found["key"], source.file)):
            _note(source, found["id"], number, found["key"], rule)
    scan_marks(source)


def _assigned(line: str) -> re.Match[str] | None:
    return compiled(
        r"""^\s*(?:export\s+|set\s+|ENV\s+|ARG\s+)?(?P<key>[A-Za-z_]\w*)=["']?(?P<id>\$\{[^}]*\})["']?\s*$"""
    ).match(line)
