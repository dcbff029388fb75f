"""Settings: keys whose value names a model or a data set, in YAML, JSON, TOML and files of variables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from kg.errors import DataError
from kg.files.yaml import Yaml, parse_documents
from kg.scan._commands import scan_script, scan_words
from kg.scan._names import given_value, is_sure_name, read_name
from kg.scan._places import ScannedText, find_next, without_comments, without_tags
from kg.scan._rules import Accept, KeyRule, asks_beside, find_key, plain_key
from kg.scan._text import scan_literals, scan_marks
from kg.scan.finding import FindingKind

_SCRIPTS = frozenset(
    "run script command cmd cmds args entrypoint commands shell before_script after_script exec postcreatecommand start test dev build".split()
)
_LONGEST_SCRIPT = 200_000  # characters
_BETWEEN = 100  # characters between a key and its value, at most
_VALUES = 100_000  # of a document; one of more is read line by line
_LISTS = frozenset({"args", "command", "cmd", "entrypoint"})
# How a thing calls itself, where nothing says what it is
_CALLED = frozenset({"name", "id", "title"})
_LINE = re.compile(
    r"""^\s*(?:-\s+)?(?:export\s+|set\s+|(?P<docker>ENV\s+|ARG\s+))?["']?(?P<key>[A-Za-z_][\w.-]*)["']?(?(docker)[\s=]\s*|(?:\s*(?:\?=|:=|\+=|[:=])\s*|\s+(?=["'])))(?P<quote>["'`]?)(?P<id>[^"'`#\s]{1,200}[^"'`#,\s])(?P=quote)\s*,?\s*(?:\#.*|//.*)?$"""
)
_JOINED = re.compile(r"(?P<model>[\w.-]+/[\w.-]+)\+(?P<adapter>[\w.-]+/[\w.-]+)")  # of mergekit
_ASSIGNED = re.compile(
    r"""^\s*(?:export\s+|set\s+|ENV\s+|ARG\s+)?(?P<key>[A-Za-z_]\w*)\s*=\s*["']?(?P<id>\$\{[^}]*\})["']?\s*$"""
)
Path = tuple[str | int, ...]


class _Leaf(NamedTuple):
    """A text of a document."""

    path: Path
    value: str
    record: Mapping[str, Any] = {}  # that holds it beside others
    after: int = 0  # characters before it in its line, as far as that is told


def scan_yaml(source: ScannedText) -> None:
    """Note what a file of YAML uses; one that is not YAML is read line by line."""
    documents = _documents(source, source.text)
    if documents is None:
        documents = _documents(source, without_tags(source.text))
    if documents is None:
        source.unread = True
        scan_lines(source)
        return
    for document in documents:
        for leaf in _leaves(document.data):
            _setting(source, leaf, document.line(leaf.path))
        for path, rule in _names_as_keys(source, document.data):
            _note_key(source, path, rule, document.line(path))
        _scan_lists(source, document)
    scan_marks(source)


def _documents(source: ScannedText, text: str) -> list[Yaml] | None:
    try:
        return parse_documents(text, source.name, _VALUES)
    except DataError:
        return None


def scan_json(source: ScannedText) -> None:
    """Note what a file of JSON uses; one that is not JSON, even without its comments, is read line by line."""
    text = source.text
    data = _inner(text)
    if data is None:
        text = without_comments(text)
        data = _inner(text)
    if data is None:
        source.unread = not source.file.endswith((".jsonc", ".json5"))
        scan_lines(source)
        return
    _scan_plain(source, data, lambda text: msgspec.json.encode(text).decode(), text)


def scan_toml(source: ScannedText) -> None:
    """Note what a file of TOML uses; one that is not TOML is read line by line."""
    try:
        data = tomllib.loads(source.text)
    except (ValueError, RecursionError):
        source.unread = True
        scan_lines(source)
        return
    _scan_plain(source, data, lambda text: text, source.text)


def _scan_plain(
    source: ScannedText, data: Any, written: Callable[[str], str], document: str
) -> None:
    """Settings of a document whose parser tells no places: each value is looked up, in its order.

    Args:
        source: takes the findings.
        data: what the document holds.
        written: how a text stands in it.
        document: as it was parsed, with each character where the source has it.
    """
    at: dict[str, int] = {}
    start = 0
    for leaf in _leaves(data):
        if not _speaks(source, leaf):
            continue
        text = written(leaf.value).strip('"')
        start = find_next(document, text, max(at.get(text, 0), start))
        if _rule_of(source, leaf) and isinstance(leaf.path[-1], str):
            start = _after_key(document, leaf.path, text, start)
        at[text] = start + 1
        line, column = source.place(start)
        _setting(source, leaf._replace(after=column - 1), line)
    for path, rule in _names_as_keys(source, data):
        _note_key(source, path, rule, _line_of(source, str(path[-1])))
    for _, words, named in _word_lists(data):
        scan_words(source, [(word, _line_of(source, word)) for word in words], named)
    scan_marks(source)


def _speaks(source: ScannedText, leaf: _Leaf) -> bool:
    """Whether a value can name a model: by its key, by itself, as a variable or as a script."""
    return (
        _is_scripted(leaf)
        or _key_of(leaf.path) == "value"
        or isinstance(leaf.path[-1], int)
        or _rule_of(source, leaf) is not None
        or leaf.value.lstrip()[:1] in ("[", "{")
        or read_name(leaf.value, "model", "any", "plain") is not None
    )


def _key_of(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _is_scripted(leaf: _Leaf) -> bool:
    scripted = _key_of(leaf.path).lower() in _SCRIPTS or leaf.path[-2:-1] == ("scripts",)
    return scripted or "\n" in leaf.value


def _after_key(document: str, path: Path, text: str, start: int) -> int:
    """Where a value stands behind its key, at or after a place."""
    key = _key_of(path)
    first = max(0, start - len(key) - _BETWEEN)
    found = re.compile(re.escape(key) + r"[\"']?\s*[:=]").search(
        document, max(first, document.rfind("\n", first, start))
    )
    if not found:
        return start
    at = document.find(text, found.end())
    return at if at >= 0 else start


def _line_of(source: ScannedText, text: str) -> int:
    return source.place(max(source.text.find(text), 0))[0]


def _rule_of(source: ScannedText, leaf: _Leaf) -> KeyRule | None:
    names = [part for part in leaf.path if isinstance(part, str)]
    if not names:
        return None
    if not asks_beside(names[-1]):
        return find_key(names[-1], source.file, names[:-1])
    beside = frozenset(plain_key(str(key)) for key in leaf.record)
    named = frozenset(plain_key(str(key)) for key, value in leaf.record.items() if _names(value))
    return find_key(names[-1], source.file, names[:-1], beside, named)


def _names(value: Any) -> bool:
    """Whether a value, or the model that a record of settings gives, is a name."""
    if isinstance(value, dict):
        value = value.get("model")
    return isinstance(value, str) and is_sure_name(value)


def _setting(source: ScannedText, leaf: _Leaf, line: int) -> None:
    """One value: a name by its key or by itself, a script, a document, or a variable as an entry of a list."""
    value, record = leaf.value, leaf.record
    if value.lstrip()[:1] in ("[", "{") and (inner := _inner(value)) is not None:
        line = source.first_line(value, line)
        for one in _leaves(inner):
            _setting(source, one._replace(path=(*leaf.path, *one.path)), line)
        return
    if _is_scripted(leaf):
        if " " in value.strip() and len(value) < _LONGEST_SCRIPT:
            scan_script(source, value, source.first_line(value, line))
        return
    key = _key_of(leaf.path)
    if key == "value" and isinstance(named := record.get("name"), str):
        leaf = leaf._replace(path=(*leaf.path[:-1], named), record={})
    elif isinstance(leaf.path[-1], int) and (found := re.fullmatch(r"([A-Za-z_]\w*)=(\S+)", value)):
        leaf = leaf._replace(path=(*leaf.path[:-1], found[1]), value=found[2])
    if rule := _rule_of(source, leaf):
        _note(source, leaf, line, rule)
    elif (
        key not in _CALLED
        or "/" in leaf.value
        or (isinstance(leaf.path[-2:][0], int) and "image" not in record)
    ):
        _note_plain(source, leaf, line)


def _inner(value: str) -> Any:
    """The document of JSON that a text is; None if it is none."""
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return None


def _note(source: ScannedText, leaf: _Leaf, line: int, rule: KeyRule) -> None:
    value = given_value(leaf.value)
    if rule.kind == "none":
        return
    kinds: dict[str, FindingKind] = {value: rule.kind}
    if joined := _JOINED.fullmatch(value):
        kinds = {joined["model"]: rule.kind, joined["adapter"]: "adapter"}
    for name, kind in kinds.items():
        source.name_at(
            name,
            line,
            f"key: {_key_of(leaf.path)}",
            "key",
            kind=kind,
            host=rule.host,
            accept=rule.accept,
            after=leaf.after,
        )


def _note_plain(source: ScannedText, leaf: _Leaf, line: int) -> None:
    """A value that tells by itself which model it is."""
    value = given_value(leaf.value)
    source.name_at(value, line, "text", "text", host="any", accept="plain", after=leaf.after)


def _names_as_keys(
    source: ScannedText, data: Any, path: Path = ()
) -> Iterator[tuple[Path, KeyRule]]:
    """The keys of tables whose own key says that they are of models or data sets, such as a mix of data."""
    if isinstance(data, list):
        for number, value in enumerate(data):
            yield from _names_as_keys(source, value, (*path, number))
    elif isinstance(data, dict):
        rule = find_key(path[-1], source.file) if path and isinstance(path[-1], str) else None
        for key, value in data.items():
            if rule and rule.kind != "none" and "/" in str(key):
                yield (*path, str(key)), rule
            yield from _names_as_keys(source, value, (*path, str(key)))


def _note_key(source: ScannedText, path: Path, rule: KeyRule, line: int) -> None:
    if rule.kind != "none":
        accept: Accept = "id" if rule.kind == "dataset" else "plain"
        use = f"key: {path[-2]}"
        source.name_at(
            str(path[-1]), line, use, "key", kind=rule.kind, host=rule.host, accept=accept
        )


def _leaves(data: Any, path: Path = (), record: Mapping[str, Any] = {}) -> Iterator[_Leaf]:
    """The texts of a document, each with where it stands."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, (*path, str(key)), data)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _leaves(value, (*path, number))
    elif isinstance(data, str) and path:
        yield _Leaf(path, data, record)


def _word_lists(
    data: Any, path: Path = (), named: bool = False
) -> Iterator[tuple[Path, Sequence[str], bool]]:
    """Lists that are the words of a command, and whether an address beside them names the model."""
    if isinstance(data, dict):
        named = any(isinstance(one, str) and "://" in one and _names(one) for one in data.values())
        for key, value in data.items():
            yield from _word_lists(value, (*path, str(key)), named)
    elif isinstance(data, list):
        if (
            path
            and str(path[-1]).lower() in _LISTS
            and data
            and all(isinstance(one, str | int | float) for one in data)
            and not any("\n" in str(one) for one in data)
        ):
            yield path, [str(one) for one in data], named
        else:
            for number, value in enumerate(data):
                yield from _word_lists(value, (*path, number))


def _scan_lists(source: ScannedText, document: Yaml) -> None:
    for path, words, named in _word_lists(document.data):
        placed = [(word, document.line((*path, at))) for at, word in enumerate(words)]
        scan_words(source, placed, named)


def scan_lines(source: ScannedText) -> None:
    """Settings line by line, where no parser reads: `KEY=value`, `key: value`, and broken documents."""
    for number, line in enumerate(source.lines, 1):
        if len(line) > 2000:
            continue
        found = _LINE.match(line) or _ASSIGNED.match(line)
        if found is None:
            scan_literals(source, number, line)
            continue
        leaf = _Leaf((found["key"],), found["id"])
        if rule := find_key(found["key"], source.file):
            _note(source, leaf, number, rule)
        else:
            _note_plain(source, leaf, number)
    scan_marks(source)
