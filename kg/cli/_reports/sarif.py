"""SARIF 2.1.0, which code scanning reads: the one writer, whatever is reported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from kg.licenses.terms import Verdict
from kg.version import __version__

Level = Literal["none", "note", "warning", "error"]
LEVELS: Mapping[Verdict, Level] = {
    "allowed": "none",
    "conditional": "note",
    "unknown": "warning",
    "contested": "warning",
    "prohibited": "error",
}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://w3id.org/gyebo"
MOST_RESULTS = 25_000  # that GitHub takes in one run
_FINGERPRINT = "gyebo/v1"


class SarifRule(msgspec.Struct, frozen=True, kw_only=True):
    """What results are of one kind by."""

    id: str
    text: str
    help: str = ""
    level: Level | None = None  # of its results, unless they say otherwise


class SarifResult(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is reported, at one place."""

    rule: str
    level: Level
    text: str
    file: str  # as the repository knows it, with /
    line: int
    column: int = 0  # 0 = not known
    same: str  # what it is told again by after lines have moved
    names: Sequence[str] = ()  # of what it is about
    baseline: Literal["new", "unchanged", "updated"] | None = None
    properties: Mapping[str, Any] = {}


def write_sarif(
    rules: Iterable[SarifRule], results: Sequence[SarifResult], notes: Iterable[str] = ()
) -> str:
    """A SARIF log of one run.

    Args:
        rules: one for each kind of result.
        results: what is reported; what is beyond MOST_RESULTS is counted only.
        notes: what limits the report, such as files that could not be read.
    """
    driver = {
        "name": "gyebo",
        "version": __version__,
        "informationUri": _HOME,
        "rules": [_rule(rule) for rule in rules],
    }
    told = [{"level": "warning", "message": {"text": note}} for note in notes]
    if len(results) > MOST_RESULTS:
        left = f"{len(results) - MOST_RESULTS} results more are left out"
        told.append({"level": "error", "message": {"text": left}})
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": told}],
        "results": [_result(one) for one in results[:MOST_RESULTS]],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _rule(rule: SarifRule) -> dict[str, Any]:
    told: dict[str, Any] = {"id": rule.id, "shortDescription": {"text": rule.text}}
    if rule.help:
        told["help"] = {"text": rule.help}
    if rule.level:
        told["defaultConfiguration"] = {"level": rule.level}
    return told


def _result(one: SarifResult) -> dict[str, Any]:
    region = {"startLine": one.line} | ({"startColumn": one.column} if one.column else {})
    place = {"artifactLocation": {"uri": file_uri(one.file)}, "region": region}
    logical = [{"fullyQualifiedName": name} for name in one.names[:1]]
    told: dict[str, Any] = {
        "ruleId": one.rule,
        "level": one.level,
        "message": {"text": one.text.replace("](", "] (")},  # no link of others
        "locations": [{"physicalLocation": place, "logicalLocations": logical}],
        "partialFingerprints": {_FINGERPRINT: fingerprint(one.same)},
        "properties": one.properties,
    }
    return told | ({"baselineState": one.baseline} if one.baseline else {})


def file_uri(path: str) -> str:
    """A path as a URI reference.

    >>> file_uri("src/a b#1.py")
    'src/a%20b%231.py'
    """
    return quote(path, safe="/", errors="surrogateescape")


def fingerprint(same: str) -> str:
    """A short name for what is reported, the same in every run."""
    return hashlib.sha256(same.encode("utf-8", "surrogateescape")).hexdigest()[:32]
