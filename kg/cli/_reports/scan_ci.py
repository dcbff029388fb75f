"""A scan for other programs: SARIF for code scanning, JUnit for build servers, GitLab's report on code quality."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from kg.cli._license.report import exit_code
from kg.cli._reports.junit import JUnitCase, write_junit
from kg.cli._reports.sarif import LEVELS, SarifResult, SarifRule, fingerprint, write_sarif
from kg.licenses.rules import SEVERITY
from kg.licenses.terms import Verdict
from kg.licenses.wording import words_in
from kg.messages.message import Message
from kg.scan.changes import ComparedScan, Key, key_of
from kg.scan.finding import ScanFinding
from kg.scan.report import IgnoredFinding, ScannedModel, ScanReport

_SEVERITIES: Mapping[Verdict, str] = {
    "conditional": "minor",
    "unknown": "major",
    "contested": "major",
    "prohibited": "blocker",
}
Baseline = Literal["new", "unchanged", "updated"]


class _Place(NamedTuple):
    """A place where something is named that is not simply allowed."""

    model: ScannedModel
    finding: ScanFinding
    same: str  # what it is known by after lines have moved


def scan_sarif(report: ScanReport, lang: str, above: str = "") -> str:
    """A SARIF log: a rule for each verdict but *allowed*, a result for each place.

    Args:
        report: what to tell.
        lang: language of the sentences.
        above: path of what was scanned within the repository, "" or with / at its end.
    """
    words = words_in(lang)
    help = Message(
        "`gyebo license` tells the whole answer; a comment `gyebo: ignore[reason]` leaves out its line."
    ).text(lang)
    rules = [
        SarifRule(id=_rule(verdict), text=words[verdict], help=help, level=LEVELS[verdict])
        for verdict in SEVERITY[1:]
    ]
    states = _states(report)
    results = [_result(place, report, states, above) for place in _places(report)]
    return write_sarif(rules, results, _notes(report, lang, above))


def _rule(verdict: Verdict) -> str:
    return f"model-{verdict}"


def _result(
    place: _Place, report: ScanReport, states: Mapping[Key, Baseline], above: str
) -> SarifResult:
    model, finding = place.model, place.finding
    return SarifResult(
        rule=_rule(model.verdict),
        level=LEVELS[model.verdict],
        text=_told(model),
        file=above + finding.file,
        line=finding.line,
        column=finding.column,
        same=place.same,
        names=[model.id or model.what],
        baseline=states.get(key_of(model), "unchanged") if states else None,
        properties={
            "verdict": model.verdict,
            "use": report.use,
            "what": model.what,
            "id": model.id,
            "sure": finding.sure,
            "named-by": finding.use,
            "clause": model.decisive.clause if model.decisive else None,
            "citation": citation_url(model),
        },
    )


def citation_url(model: ScannedModel) -> str | None:
    """The address of the text that decides, where there is one."""
    made = model.decisive
    return made.citation.url if made and made.citation else None


def _told(model: ScannedModel) -> str:
    """The verdict in a sentence that names what is written, and where it can be read."""
    name = "" if model.what in model.sentence else f"{model.what}: "
    url = citation_url(model)
    return f"{name}{model.sentence}" + (f" {url}" if url else "")


def _places(report: ScanReport) -> Iterator[_Place]:
    """Each place of what is not simply allowed, the worst first."""
    for model in report.models:
        if model.verdict == "allowed":
            continue
        seen: Counter[str] = Counter()
        for one in model.places:
            seen[one.file] += 1
            parts = (report.use, model.kind, model.host, model.what, one.file, str(seen[one.file]))
            yield _Place(model, one, "|".join(parts))


def _states(report: ScanReport) -> Mapping[Key, Baseline]:
    """How each model stands to the earlier scan; empty without one, or if nothing is otherwise."""
    if not isinstance(report, ComparedScan):
        return {}
    states: dict[Key, Baseline] = {key_of(model): "unchanged" for model in report.models}
    states |= {key_of(model): "new" for model in report.changes.new}
    return states | {key_of(one.model): "updated" for one in report.changes.changed}


def _notes(report: ScanReport, lang: str, above: str) -> Iterator[str]:
    """What limits the report."""
    for file in report.unread:
        yield Message("%(file)s cannot be parsed; it was searched as text", file=above + file).text(
            lang
        )
    for place in report.dynamic:
        yield Message(
            "%(file)s:%(line)s names its model only when it runs, and is not judged",
            file=above + place.file,
            line=place.line,
        ).text(lang)


# ---- JUnit


def scan_junit(report: ScanReport, fail_on: str) -> str:
    """JUnit XML: a test case for each model, failed from the verdict `fail_on` up; what is ignored is skipped."""
    cases = [_case(model, report, fail_on) for model in report.models]
    cases += [_left_out(one, report) for one in report.ignored]
    return write_junit("gyebo scan", cases)


def _case(model: ScannedModel, report: ScanReport, fail_on: str) -> JUnitCase:
    failed = exit_code([model.verdict], fail_on) != 0
    lines = [f"{one.file}:{one.line}:{one.column}  {one.use} ({one.sure})" for one in model.places]
    return JUnitCase(
        group=f"scan.{report.use}.{model.kind}",
        name=model.what,
        failure=model.verdict if failed else "",
        message=_told(model),
        text="\n".join(lines) if failed else "",
    )


def _left_out(one: IgnoredFinding, report: ScanReport) -> JUnitCase:
    where = f"{one.finding.file}:{one.finding.line}"
    return JUnitCase(
        group=f"scan.{report.use}.{one.finding.kind}",
        name=f"{one.finding.what} ({where})",
        skipped=one.reason,
    )


# ---- GitLab


def scan_code_quality(report: ScanReport, above: str = "") -> str:
    """A report on code quality as GitLab shows it in a merge request: an issue for each place."""
    issues = [
        {
            "description": _told(place.model),
            "check_name": _rule(place.model.verdict),
            "fingerprint": fingerprint(f"{_rule(place.model.verdict)}|{above}{place.same}"),
            "severity": _SEVERITIES[place.model.verdict],
            "location": {
                "path": above + place.finding.file,
                "lines": {"begin": place.finding.line},
            },
        }
        for place in _places(report)
    ]
    return json.dumps(issues, ensure_ascii=False, indent=2)
