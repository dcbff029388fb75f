"""Plain search, last: addresses of models in any text, and keys and calls in languages that are not parsed."""

from __future__ import annotations

import re

from kg.scan._names import clean, is_example, is_known_name, read_cue, read_name
from kg.scan._places import ScannedText
from kg.scan._rules import compiled, find_key, text_rules

_QUOTED = re.compile(r"[\"'`][^\"'`\s]{2,}[\"'`]")  # without one no line of code names anything
_NEAR = 2  # lines between an id and its title
_LONGEST = 4_000  # characters of a line that is searched
_HINT = re.compile(
    r"huggingface\.co|hf\.co|hf-mirror\.com|modelscope\.c|hf://|huggingface://|spacy-models|ollama://|djl://|foundation-model/|inference-profile/|/models/|ollama\.com/library|[a-z]{2}[-_](?:core|dep|ent|sent)[-_](?:web|news|wiki|ud|multi)[-_]"
)
_PATH = re.compile(
    r"(?<![\w./@:-])(?P<id>[A-Za-z0-9][\w.-]{1,95}/[A-Za-z0-9][\w.-]{1,95})(?![\w/])", re.ASCII
)


# A text that is all of a quoted one; what it is compared with, imported from or looked for in is no use of it.
_LITERAL = re.compile(
    r"""(?P<quote>["'`])(?P<id>[A-Za-z0-9][\w./:@+-]{2,120})(?P=quote)(?!\s*[=!]==?)""", re.ASCII
)
_NO_USE = re.compile(
    r"(?:[=!]==?|\b(?:case|from|import|when)|\b(?:require|import|indexOf|equals\w*|eq|ne|test|match|replace|split)\("
    r"|\b\w*[aA]ssert\w*(?:\.\w+)?[!(][^\n]*|\bexpect\([^\n]*"
    r"|(?:[sS]tart|[eE]nd)s?_?[wW]ith\??\(?|[iI]nclude[sd]?\??\(|[cC]ontains?\w*\(|[hH]as\w*\()\s*$"
)
_KEY_BEFORE = re.compile(
    r"""(?:(?P<option>--[\w-]+)[=\s]|(?P<key>[A-Za-z_][\w-]{0,60})["'`]?\]?\s*\??(?:=>|:=|[:=]))\s*$"""
)


def scan_marks(source: ScannedText) -> None:
    """Note addresses of models and data sets in a text."""
    if not _HINT.search(source.text):
        return
    for number, line in enumerate(source.lines, 1):
        if len(line) > _LONGEST or not _HINT.search(line):
            continue
        for cue in text_rules().cues:
            for found in compiled(cue.pattern).finditer(line):
                thing = read_cue(cue, found)
                if cue.kind and not is_example(thing.what):
                    source.add(thing, number, found.start("id") + 1, cue.use, "text")


def scan_code(source: ScannedText) -> None:
    """Note models in code of a language that is not parsed: calls and keys with a quoted value."""
    rules = text_rules()
    for number, line in enumerate(source.lines, 1):
        if len(line) > _LONGEST or not _QUOTED.search(line):
            continue
        for cue in rules.calls:
            for found in compiled(cue.pattern).finditer(line):
                source.name_at(
                    found["id"],
                    number,
                    cue.use,
                    "text",
                    kind=cue.kind or "model",
                    host=cue.host,
                    accept="id",
                    after=found.start("id"),
                )
        for cue in rules.code:
            for found in compiled(cue.pattern).finditer(line):
                rule = find_key(found["key"], source.file)
                if rule and rule.kind != "none":
                    source.name_at(
                        found["id"],
                        number,
                        f"key: {found['key']}",
                        "text",
                        kind=rule.kind,
                        host=rule.host,
                        accept="id",
                        after=found.start("id"),
                    )
        scan_literals(source, number, line)
    _drop_titles(source)
    scan_marks(source)


def _drop_titles(source: ScannedText) -> None:
    """Leave out what only repeats, as a title, the name of an id that stands beside it: `name: "x", key: "y/x"`."""
    ids = [(f.line, f.what.rpartition("/")[2]) for f, _ in source.found if "/" in f.what]
    titled = {(line + by, name) for line, name in ids for by in range(-_NEAR, _NEAR + 1)}
    source.found = [
        one for one in source.found if (one.finding.line, one.finding.what) not in titled
    ]


def scan_literals(source: ScannedText, number: int, line: str) -> None:
    """Note quoted texts that tell by themselves which model they are, such as those of a table or a list."""
    for found in _LITERAL.finditer(line):
        before = line[max(found.start() - 80, 0) : found.start()]
        if _NO_USE.search(before):
            continue
        key = _KEY_BEFORE.search(before)
        rule = find_key(key["key"] or key["option"].lstrip("-"), source.file) if key else None
        if rule is None or rule.kind != "none":
            source.name_at(
                found["id"],
                number,
                "text",
                "text",
                host="any",
                accept="plain",
                after=found.start("id"),
            )


def scan_prose(source: ScannedText) -> None:
    """Note what a text for people names: addresses, and ids that somebody must know."""
    for number, line in enumerate(source.lines, 1):
        if len(line) > _LONGEST or "/" not in line:
            continue
        for found in _PATH.finditer(line):
            id = clean(found["id"])  # without the full stop of a sentence
            thing = read_name(id, "model", "hub", "id")
            if thing and thing.host == "hub" and not is_known_name(id):
                source.add(
                    thing._replace(needs_known=True), number, found.start("id") + 1, "text", "text"
                )
    scan_marks(source)
