"""License answers for other programs: SARIF 2.1.0 for code scanning, JUnit XML for CI, exit codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.answers.advice.decisive import decides
from kg.answers.contract import FindingAnswer, LicenseAnswer
from kg.cli._license.text import license_text
from kg.cli._options import read_text
from kg.cli._reports.junit import JUnitCase, write_junit
from kg.cli._reports.sarif import LEVELS, SarifResult, SarifRule, write_sarif
from kg.errors import InputError
from kg.licenses.rules import SEVERITY, worst
from kg.licenses.terms import Verdict
from kg.messages.message import Message, reason_of

FAIL_ON = (*SEVERITY[1:], "never")
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


def sarif(asked: Sequence[ListedAnswer], file: str) -> str:
    """Answers as a SARIF 2.1.0 log: one result for each clause that is not met for certain.

    Args:
        asked: the answers with their lines.
        file: the file of models, as the repository knows it.
    """
    found = [
        (one, finding)
        for one in asked
        for finding in one.answer.findings
        if finding.effect != "allowed" and finding.weighs
    ]
    labels = {finding.clause: finding.label for _, finding in found}
    rules = [SarifRule(id=clause, text=label) for clause, label in sorted(labels.items())]
    return write_sarif(rules, [_result(one, finding, file) for one, finding in found])


def _result(one: ListedAnswer, finding: FindingAnswer, file: str) -> SarifResult:
    path = " ← ".join(finding.path)
    return SarifResult(
        rule=finding.clause,
        level=LEVELS[finding.effect],
        text=f"{one.answer.id}, {one.answer.use}: {finding.effect}. {finding.why} ({path})",
        file=file,
        line=one.line,
        same=f"{one.answer.use}|{path}|{finding.clause}",
        names=finding.path,
        properties={
            "effect": finding.effect,
            "tier": finding.tier,
            "read": finding.read,
            "license": finding.license,
            "path": finding.path,
            "edges": finding.edges,
            "citation": finding.citation.url,
        },
    )


def junit(asked: Sequence[ListedAnswer], fail_on: str, lang: str = "en") -> str:
    """Answers as JUnit XML: one test case a model, failed from the verdict `fail_on` up."""
    return write_junit("gyebo license", [_case(one.answer, fail_on, lang) for one in asked])


def _case(answer: LicenseAnswer, fail_on: str, lang: str) -> JUnitCase:
    failed = exit_code([answer.verdict], fail_on) != 0
    return JUnitCase(
        group=f"license.{answer.use}",
        name=answer.id,
        failure=answer.verdict if failed else "",
        message=decides(answer, lang),
        text=license_text(answer, lang, all=True) if failed else "",
    )
