"""What calls, keys, commands and marks name models: data/scan, read strictly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from fnmatch import translate
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

import msgspec

from kg.errors import DataError
from kg.files.yaml import read_yaml
from kg.messages.message import Message
from kg.paths import DATA
from kg.scan.finding import FindingKind, Host

FOLDER = DATA / "scan"
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
RuleKind = FindingKind | Literal["none"]  # none: what looks like a name and is no use of a model
Accept = Literal["any", "id", "name", "url", "weights", "plain"]
_LONGEST_KEY = 80  # characters
_T = TypeVar("_T")


class CallRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call that names a model."""

    call: str
    arguments: list[str | int]
    kind: RuleKind
    host: Host = "hub"
    accept: Accept = "any"
    dataset_if: dict[str, str] = {}  # keyword and value that make a data set of it
    made: bool = False  # of kind none: a variable that it is given holds what the program makes, and no use either


class Library(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The calls of a library."""

    library: str
    calls: list[CallRule]


class KeyRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Keys whose value names a model."""

    kind: RuleKind
    keys: list[str]
    host: Host = "hub"
    accept: Accept = "id"
    files: list[str] = []
    within: list[str] = []  # keys of which one stands above, globs
    beside: list[str] = []  # keys of which one stands beside it
    namesake: list[str] = []  # keys of which one beside it, or what that holds, names a model


class CommandRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A command that names a model."""

    library: str
    kind: FindingKind
    words: list[str] = []
    argument: bool = False
    options: list[str] = []
    host: Host = "hub"
    accept: Accept = "any"
    dataset_if: dict[str, str] = {}
    field: str = ""  # of a value such as a=b,c=d
    # Options that say by themselves what is used, where this one only says how it is called
    unless: list[str] = []


class NameShapes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How names are told from other words."""

    names: list[str]
    ordinary: list[str]
    families: list[str]
    variants: list[str]
    size: str
    providers: frozenset[str]
    tasks: frozenset[str]
    made: list[str]
    copied: list[str]
    hints: list[str]
    placeholders: frozenset[str]
    vague: frozenset[str]
    examples: list[str]
    folders: frozenset[str]
    files: list[str]
    weights: list[str]
    builders: frozenset[str]
    secrets: list[str]
    prefixes: dict[Host, str]


class Cue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mark in a text that a name follows."""

    pattern: str
    kind: FindingKind | None = None
    host: Host = "hub"
    use: str = ""


class TextRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Marks in any text, in code of other languages, and their calls."""

    cues: list[Cue]
    code: list[Cue]
    calls: list[Cue]


class FolderRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Folders and files that a scan passes over."""

    vendored: list[str]
    never: list[str]
    lists: list[str]


class KnownCall(NamedTuple):
    """A rule of a call, with the library it belongs to and its name as an expression."""

    library: str
    rule: CallRule
    pattern: re.Pattern[str]
    order: int  # of data/scan/python.yaml


class KnownKey(NamedTuple):
    """A rule of keys, as expressions."""

    rule: KeyRule
    keys: re.Pattern[str]
    files: re.Pattern[str]
    within: re.Pattern[str]


def _read(name: str, type: type[_T], folder: Path = FOLDER) -> _T:
    path = folder / name
    try:
        return msgspec.convert(read_yaml(path).data, type)
    except msgspec.ValidationError as error:
        raise DataError(Message("%(error)s", error=error), f"data/scan/{name}") from error


def one_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Globs as one expression on a whole text."""
    return re.compile("|".join(translate(pattern) for pattern in patterns) or r"(?!)")


@cache
def call_rules() -> Mapping[str, tuple[KnownCall, ...]]:
    """Rules of calls by what the last part of their name may be; "" holds those that fit several."""
    found: dict[str, list[KnownCall]] = {}
    libraries = _read("python.yaml", list[Library])
    every = [(library.library, rule) for library in libraries for rule in library.calls]
    for order, (library, rule) in enumerate(every):
        last = rule.call.rpartition(".")[2]
        key = "" if "*" in last else last
        pattern = re.compile(translate(rule.call))
        found.setdefault(key, []).append(KnownCall(library, rule, pattern, order))
    return {key: tuple(rules) for key, rules in found.items()}


@cache
def call_shapes() -> re.Pattern[str]:
    """What the rules of calls that fit several names fit, as one expression."""
    return one_of(known.rule.call for known in call_rules().get("", ()))


@cache
def key_rules() -> tuple[KnownKey, ...]:
    """Rules of keys, in their order."""
    return tuple(
        KnownKey(rule, one_of(rule.keys), one_of(rule.files or ["*"]), one_of(rule.within))
        for rule in _read("keys.yaml", list[KeyRule])
    )


@cache
def command_rules() -> tuple[CommandRule, ...]:
    """Rules of commands, those of one program first."""
    return tuple(_read("commands.yaml", list[CommandRule]))


@cache
def name_rules() -> NameShapes:
    """How names are told."""
    return _read("names.yaml", NameShapes)


@lru_cache(8192)
def is_made(name: str) -> bool:
    """Whether a variable is called as what holds what the program made itself.

    >>> is_made("OUTPUT_DIR"), is_made("base_model")
    (True, False)
    """
    return _made().fullmatch(plain_key(name)) is not None


@cache
def _made() -> re.Pattern[str]:
    return one_of(name_rules().made)


@cache
def text_rules() -> TextRules:
    """Marks in texts."""
    return _read("text.yaml", TextRules)


@cache
def folder_rules() -> FolderRules:
    """What is passed over."""
    return _read("folders.yaml", FolderRules)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """An expression of the data, compiled once."""
    return re.compile(pattern)


def find_key(
    name: str,
    file: str,
    above: Sequence[str] = (),
    beside: Set[str] = frozenset(),
    named: Set[str] = frozenset(),
) -> KeyRule | None:
    """The rule that a key falls under, of kind none if its value is no name of a model; None if there is none.

    Args:
        name: the key, as written.
        file: name of the file.
        above: keys it stands below.
        beside: keys that stand beside it.
        named: those of them that name a model.

    >>> find_key("embeddingModel", "a.json").kind, find_key("model_type", "a.json").kind
    ('model', 'none')
    """
    for known in _rules_of(name):
        rule = known.rule
        if (
            known.files.fullmatch(file)
            and (not rule.within or any(known.within.fullmatch(plain_key(one)) for one in above))
            and (not rule.beside or beside & set(rule.beside))
            and (not rule.namesake or named & set(rule.namesake))
        ):
            return rule
    return None


@lru_cache(65_536)
def _rules_of(name: str) -> tuple[KnownKey, ...]:
    """The rules that a key can fall under, by its spelling; none of one that is too long to be one."""
    spelled = (plain_key(name), name) if len(name) <= _LONGEST_KEY else ()
    return tuple(
        known for known in key_rules() if any(known.keys.fullmatch(one) for one in spelled)
    )


@lru_cache(8192)
def asks_beside(name: str) -> bool:
    """Whether it depends on what stands beside a key what its value is."""
    return any(
        (known.rule.beside or known.rule.namesake) and known.keys.fullmatch(plain_key(name))
        for known in key_rules()
    )


@lru_cache(8192)
def plain_key(name: str) -> str:
    """A key in lower case, its words joined by `_`.

    >>> plain_key("embeddingModel"), plain_key("MODEL-ID"), plain_key("modelURL")
    ('embedding_model', 'model_id', 'model_url')
    """
    return re.sub(r"[-.\s]", "_", _CAMEL.sub("_", name[:200])).lower().strip("_")
