"""License answers for other programs: SARIF 2.1.0 for code scanning, JUnit XML for CI, exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

from kg.answers.advice.decisive import decides
from kg.answers.contract import FindingAnswer, LicenseAnswer
from kg.cli._license_text import license_text
from kg.cli._options import read_text
from kg.errors import InputError
from kg.licenses.rules import SEVERITY, worst
from kg.licenses.terms import Verdict
from kg.messages.message import Message, reason_of

FAIL_ON = (*SEVERITY[1:], "never")
_LEVELS = {
    "conditional": "note",
    "unknown": "warning",
    "contested": "warning",
    "prohibited": "error",
}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_PROHIBITED, _UNCERTAIN = 3, 4


class ListedAnswer(NamedTuple):
    """A line of a file of models, and its answer."""

    line: int
    answer: LicenseAnswer


def read_models(path: Path) -> list[tuple[int, str]]:
    """The ids in a file, one a line; what follows # is a comment.

    Raises:
        InputError: it cannot be read or names no model.
    """
    try:
        with path.open(encoding="utf-8") as file:
            lines = read_text(file).splitlines()
    except OSError as error:
        raise InputError(
            Message("%(path)s cannot be read: %(why)s", path=path, why=reason_of(error))
        ) from error
    found = [
        (n, text) for n, line in enumerate(lines, 1) if (text := line.partition("#")[0].strip())
    ]
    if not found:
        raise InputError(Message("%(path)s names no model; write one id a line", path=path))
    return found


def exit_code(verdicts: Iterable[Verdict], fail_on: str) -> int:
    """3 if anything is prohibited, else 4 if anything is uncertain, else 0.

    Args:
        verdicts: at least one.
        fail_on: the mildest verdict that counts; `never` = always 0.
    """
    verdict = worst(verdicts)
    if fail_on == "never" or SEVERITY.index(verdict) < FAIL_ON.index(fail_on) + 1:
        return 0
    return _PROHIBITED if verdict == "prohibited" else _UNCERTAIN


def sarif(asked: Sequence[ListedAnswer], file: str, version: str) -> str:
    """Answers as a SARIF 2.1.0 log: one result for each clause that is not met for certain.

    Args:
        asked: the answers with their lines.
        file: the file of models, as the repository knows it.
        version: of this program.
    """
    results = [
        (one, finding)
        for one in asked
        for finding in one.answer.findings
        if finding.effect != "allowed" and finding.weighs
    ]
    rules = {finding.clause: finding for _, finding in results}
    driver = {
        "name": "gyebo",
        "version": version,
        "informationUri": "https://w3id.org/gyebo",
        "rules": [
            {"id": clause, "shortDescription": {"text": finding.label}}
            for clause, finding in sorted(rules.items())
        ],
    }
    run = {"tool": {"driver": driver}, "results": [_result(o, f, file) for o, f in results]}
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _result(one: ListedAnswer, finding: FindingAnswer, file: str) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": file}, "region": {"startLine": one.line}}
    path = " ← ".join(finding.path)
    message = f"{one.answer.id}, {one.answer.use}: {finding.effect}. {finding.why} ({path})"
    logical = [{"fullyQualifiedName": id} for id in finding.path]
    return {
        "ruleId": finding.clause,
        "level": _LEVELS[finding.effect],
        "message": {"text": message},
        "locations": [{"physicalLocation": place, "logicalLocations": logical[:1]}],
        "partialFingerprints": {"gyebo/v1": f"{one.answer.use}|{path}|{finding.clause}"},
        "properties": {
            "effect": finding.effect,
            "tier": finding.tier,
            "read": finding.read,
            "license": finding.license,
            "path": finding.path,
            "edges": finding.edges,
            "citation": finding.citation.url,
        },
    }


def junit(asked: Sequence[ListedAnswer], fail_on: str, lang: str = "en") -> str:
    """Answers as JUnit XML: one test case a model, failed from the verdict `fail_on` up."""
    failed = [one for one in asked if exit_code([one.answer.verdict], fail_on)]
    suite = ET.Element(
        "testsuite",
        name="gyebo license",
        tests=str(len(asked)),
        failures=str(len(failed)),
        errors="0",
        skipped="0",
    )
    for one in asked:
        answer = one.answer
        case = ET.SubElement(suite, "testcase", classname=f"license.{answer.use}", name=answer.id)
        if one in failed:
            failure = ET.SubElement(
                case, "failure", type=answer.verdict, message=decides(answer, lang)
            )
            failure.text = license_text(answer, lang, all=True)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True)
