"""Command lines that fetch, serve or ask a model: scripts, Dockerfiles, workflows, lists of words."""

from __future__ import annotations

import re
import shlex
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise, takewhile

from kg.scan._names import given_value, read_name
from kg.scan._places import ScannedText
from kg.scan._rules import CommandRule, KeyRule, command_rules, find_key
from kg.scan.finding import Sure

Word = tuple[str, int]  # and its line

_LONGEST = 20_000  # characters of a command line
_ASSIGNED = re.compile(
    r"^\s*(?:export\s+|readonly\s+|local\s+|declare\s+(?:-\w+\s+)?|ENV\s+|ARG\s+|set\s+)?(?P<key>[A-Za-z_]\w*)=(?P<quote>[\"']?)(?P<value>[^\"'\s;]*)(?P=quote)"
)
_VARIABLE = re.compile(r"\$\{?(?P<name>[A-Za-z_]\w*)(?:(?::?[-=])(?P<default>[^}]*))?\}?")
_LOOP = re.compile(r"\bfor\s+(?P<key>[A-Za-z_]\w*)\s+in\s+(?P<list>[^;\n]{1,4000})")
_ARRAY = re.compile(
    r"^\s*(?:export\s+|local\s+|readonly\s+|declare\s+(?:-\w+\s+)*)?(?P<key>[A-Za-z_]\w*)\+?=(?P<list>\([^()]{1,4000}\)|\"[^\"=$]{1,4000}\")",
    re.MULTILINE,
)
_ENTRY = re.compile(r"""[^\s"'()=\[\]]{2,200}""")
_LISTED = re.compile(r"^\s*(?:CMD|ENTRYPOINT|RUN)\s*(?P<list>\[.*\])\s*$")
_SETTING = re.compile(r"""[+~]*(?P<key>[A-Za-z_][\w.]*)=["']?(?P<value>[^"'=]{2,200})["']?""")
_SCRIPT = re.compile(
    r"(?:python|pypy)[\d.]*|torchrun|accelerate|deepspeed|uv|uvx|srun|\S+\.(?:py|sh)"
)
_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_ENDS = frozenset({"|", "||", "&&", ";", "&", ">", ">>", "<", "2>&1"})


@cache
def _programs() -> frozenset[str]:
    return frozenset(rule.words[0] for rule in command_rules() if rule.words)


def scan_script(source: ScannedText, text: str, line: int = 1) -> None:
    """Note what the commands of a text use; lines that end in a backslash go on."""
    known: dict[str, Word] = {}
    _scan_listed(source, text, line)
    for command in _commands(text, line):
        for part, at in command:
            if found := _ASSIGNED.match(part):
                known[found["key"]] = (found["value"], at)
        if any(len(part) > _LONGEST for part, _ in command):
            continue
        words = _words(command)
        if words:
            scan_words(source, [_filled(word, known) for word in words])


def _scan_listed(source: ScannedText, text: str, line: int) -> None:
    """Note the entries of loops and arrays: by the name of the variable, or by themselves."""
    ends = [found.start() for found in re.finditer("\n", text)]
    for pattern in (_LOOP, _ARRAY):
        for found in pattern.finditer(text):
            rule = find_key(found["key"], source.file)
            kind = rule.kind if rule else "model"
            if kind == "none":
                continue
            for one in _ENTRY.finditer(found["list"]):
                at = bisect_left(ends, found.start("list") + one.start()) + line
                source.name_at(
                    one[0],
                    at,
                    f"variable: {found['key']}",
                    "key" if rule else "text",
                    kind=kind,
                    host=rule.host if rule else "any",
                    accept="id" if rule else "plain",
                )


def scan_command(source: ScannedText, text: str, line: int) -> None:
    """Note what one command line uses that is written in another language."""
    scan_words(source, [(word, line + at) for word, at in _words([(text, 0)])])


def _commands(text: str, line: int) -> Iterator[list[Word]]:
    """The command lines of a text, each as its lines."""
    held: list[Word] = []
    for number, one in enumerate(text.split("\n"), line):
        stripped = one.rstrip()
        if not held and stripped.lstrip().startswith("#"):
            continue
        if stripped.endswith("\\") or stripped.endswith("`"):
            held.append((stripped[:-1], number))
            continue
        held.append((stripped, number))
        yield held
        held = []
    if held:
        yield held


def _words(command: Sequence[Word]) -> list[Word]:
    found: list[Word] = []
    for text, line in command:
        if listed := _LISTED.match(text):
            text = listed["list"].strip("[]").replace(",", " ")
        try:
            parts = shlex.split(text)
        except ValueError:  # a quote that does not end
            parts = text.replace('"', " ").replace("'", " ").split()
        for part in takewhile(lambda part: not part.startswith("#"), parts):
            inner = part.split() if " " in part and len(parts) < 8 else [part]
            found += [(word, line) for one in inner for word in _ended(one)]
    return found


def _ended(word: str) -> list[str]:
    """A word, and apart from it the semicolon that ends its command.

    >>> _ended("llama3.2:3b;"), _ended(";")
    (['llama3.2:3b', ';'], [';'])
    """
    return [word[:-1], ";"] if word.endswith(";") and len(word) > 1 else [word]


def _filled(word: Word, known: dict[str, Word]) -> Word:
    """A word with the variables that the text sets; a word that is one stands where it was set."""
    text, line = word
    whole = _VARIABLE.fullmatch(text)
    if whole and whole["name"] in known and not known[whole["name"]][0].startswith("$"):
        return known[whole["name"]]
    if whole and whole["default"]:
        return whole["default"], line

    def value(found: re.Match[str]) -> str:
        return known[found["name"]][0] if found["name"] in known else found["default"] or found[0]

    return _VARIABLE.sub(value, text), line


def scan_words(source: ScannedText, words: Sequence[Word], named: bool = False) -> None:
    """Note what the words of a command use; a word that is a command line itself is taken apart.

    Args:
        source: takes the findings.
        words: each with its line.
        named: whether the model is named elsewhere, so that options such as `--model_name` only say how it is called.
    """
    words = [(given_value(text), line) for text, line in words]
    words = [part for word in words for part in (_words([word]) if " " in word[0] else [word])]
    texts = [text for text, _ in words]
    for text, line in words:
        if setting := _SETTING.fullmatch(text):
            _note_setting(source, setting["key"], setting["value"], line)
    programs = {_program(text) for text in texts}
    scripted = any(_SCRIPT.fullmatch(name) for name in programs)
    if not (scripted or programs & _programs() or any(text.startswith("-") for text in texts)):
        return
    names = [_program(text) for text in texts]
    told: set[int] = set()
    for rule in command_rules():
        if named and rule.unless:
            continue
        if not rule.words:
            _options(source, rule, words, 0, told)
            continue
        for at in _starts(names, rule.words):
            after = at + len(rule.words)
            if rule.argument:
                _argument(source, rule, words, after, told)
            _options(source, rule, words, after, told)
    _keyed_options(source, words, told)
    if scripted:
        for at, (text, line) in enumerate(words):
            if at not in told and "/" in text:
                source.name_at(text, line, "argument", "command", host="any", accept="plain")


def _keyed_options(source: ScannedText, words: Sequence[Word], told: set[int]) -> None:
    """Options that are called as keys of settings are, such as `--val_dataset` or `--actor.model_name_or_path`."""
    for at, (text, _) in enumerate(words):
        if not text.startswith("--"):
            continue
        option, given, value = text.partition("=")
        target = at if given else at + 1
        rule = find_key(option.lstrip("-"), source.file) if option not in _ruled() else None
        if rule is None or target in told or target >= len(words):
            continue
        told.add(target)
        named, line = words[target]
        use = f"option: {option}"
        _note_keyed(source, value if given else named, line, use, "command", rule)


@cache
def _ruled() -> frozenset[str]:
    """Options that rules of any command are about."""
    return frozenset(o for rule in command_rules() if not rule.words for o in rule.options)


def _note_keyed(
    source: ScannedText, value: str, line: int, use: str, sure: Sure, rule: KeyRule
) -> None:
    if rule.kind != "none":
        source.name_at(value, line, use, sure, kind=rule.kind, host=rule.host, accept=rule.accept)


def _note_setting(source: ScannedText, key: str, value: str, line: int) -> None:
    """A word such as `model.name=…` of Hydra, or `MODEL_ID=…` behind -e of Docker."""
    if rule := find_key(key, source.file):
        _note_keyed(source, value, line, f"key: {key}", "key", rule)


def _program(text: str) -> str:
    name = text.rpartition("/")[2] if text.startswith(("/", "./", "../")) else text
    return name.removesuffix(".exe").lstrip("!")


def _starts(names: Sequence[str], words: Sequence[str]) -> Iterator[int]:
    count = len(words)
    for at in range(len(names) - count + 1):
        if list(names[at : at + count]) == list(words):
            yield at


def _argument(
    source: ScannedText, rule: CommandRule, words: Sequence[Word], at: int, told: set[int]
) -> None:
    """The first word after a command that is no option and not the value of one."""
    while at < len(words) and words[at][0] not in _ENDS:
        text = words[at][0]
        optional = words[at - 1][0].startswith("-")  # it may be the value of that option
        if not text.startswith("-"):
            named = read_name(text, rule.kind, rule.host, "plain")
            doubtful = optional and (named is None or named.needs_known)
            if at not in told and not doubtful and _note(source, rule, words, at, text):
                told.add(at)
                return
            if not optional or not doubtful:
                return
        at += 1


def _options(
    source: ScannedText, rule: CommandRule, words: Sequence[Word], at: int, told: set[int]
) -> None:
    if rule.unless and any(text.partition("=")[0] in rule.unless for text, _ in words):
        return
    for place in range(at, len(words)):
        text = words[place][0]
        if text in _ENDS and rule.words:
            return
        if not text.startswith("-"):
            continue
        option, given, value = text.partition("=")
        if option not in rule.options:
            continue
        target = place if given else place + 1
        if target >= len(words) or target in told:
            continue
        value = value if given else words[target][0]
        if _note(source, rule, words, target, value):
            told.add(target)
            _more(source, rule, words, target + 1, told)


def _more(
    source: ScannedText, rule: CommandRule, words: Sequence[Word], at: int, told: set[int]
) -> None:
    """Further ids behind an option that any command has, which may be given several: `--data_path a/b c/d`."""
    while not rule.words and at < len(words) and _ID.fullmatch(words[at][0]):
        if at in told or not _note(source, rule, words, at, words[at][0]):
            return
        told.add(at)
        at += 1


def _note(
    source: ScannedText, rule: CommandRule, words: Sequence[Word], at: int, value: str
) -> bool:
    if rule.field:
        fields = dict(part.partition("=")[::2] for part in value.split(","))
        value = fields.get(rule.field, "")
    elif rule.kind == "adapter":
        value = value.rpartition("=")[2]  # name=adapter, as of vLLM
    kind = rule.kind
    for option, wanted in rule.dataset_if.items():
        texts = [text for text, _ in words]
        if f"{option}={wanted}" in texts or any(
            one == option and two == wanted for one, two in pairwise(texts)
        ):
            kind = "dataset"
    name = " ".join(rule.words) or words[at][0].partition("=")[0]
    if not rule.words and at and not words[at][0].startswith("-"):
        name = words[at - 1][0]
    return source.name_at(
        value,
        words[at][1],
        f"{rule.library}: {name}" if rule.words else f"option: {name}",
        "command",
        kind=kind,
        host=rule.host,
        accept=rule.accept,
    )
