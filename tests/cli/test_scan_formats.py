"""`gyebo scan` in the formats of other programs, and what changed since an earlier scan."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from click.testing import CliRunner, Result
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from kg.cli._reports.markdown import code, link, quiet
from kg.cli._reports.scan import path_in_repository
from kg.cli._reports.scan_markdown import MOST, scan_markdown
from kg.cli.main import main
from kg.scan.finding import ScanFinding
from kg.scan.report import judge_scan
from kg.scan.scan import Scan
from kg.snapshot.snapshot import Snapshot

# The schema of the standard (oasis-tcs/sarif-spec, sarif-2.1/schema) is not of this repository.
SCHEMA = Path(
    os.environ.get(
        "SARIF_SCHEMA", Path(__file__).parents[3] / "shared" / "sarif" / "sarif-schema-2.1.0.json"
    )
)
CODE = """A.from_pretrained('meta-llama/Llama-3.1-8B')
A.from_pretrained('EleutherAI/polyglot-ko-5.8b')
A.from_pretrained('nobody/knows-this', revision='v1')
A.from_pretrained('lmsys/vicuna-7b-delta-v0')
A.from_pretrained('lmsys/vicuna-7b-delta-v0')
A.from_pretrained(unknown_until_it_runs)
"""
Scanned = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a folder of code."""
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "src").mkdir()
    (tmp_path / "repo" / "src" / "a.py").write_text(CODE, "utf-8")
    return tmp_path / "repo"


@pytest.fixture
def scan(snapshot_home: Path, project: Path) -> Scanned:
    def run(*arguments: str, path: Path = project / "src") -> Result:
        words = ["--home", str(snapshot_home), "scan", str(path), *arguments]
        return CliRunner().invoke(main, words)

    return run


def told(result: Result, code: int = 3) -> Any:
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


# ---- SARIF


def test_sarif_has_a_rule_for_each_verdict_and_a_result_for_each_place(scan: Scanned) -> None:
    (run,) = told(scan("--format", "sarif"))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["model-conditional", "model-unknown", "model-contested", "model-prohibited"]
    found = [(one["ruleId"], one["level"], region(one)) for one in run["results"]]
    assert found == [
        ("model-prohibited", "error", {"startLine": 4, "startColumn": 20}),
        ("model-prohibited", "error", {"startLine": 5, "startColumn": 20}),
        ("model-unknown", "warning", {"startLine": 3, "startColumn": 20}),
        ("model-conditional", "note", {"startLine": 1, "startColumn": 20}),
    ]
    (first, *_) = run["results"]
    assert first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "src/a.py"
    assert first["properties"]["citation"].startswith("https://")
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("src/a.py:6 names its model only when it runs")


def region(result: Any) -> Any:
    return result["locations"][0]["physicalLocation"]["region"]


def test_fingerprints_stay_when_lines_move(scan: Scanned, project: Path) -> None:
    def prints() -> list[str]:
        results = told(scan("--format", "sarif"))["runs"][0]["results"]
        return [one["partialFingerprints"]["gyebo/v1"] for one in results]

    before = prints()
    (project / "src" / "a.py").write_text("import os\n\n" + CODE, "utf-8")
    assert prints() == before and len(set(before)) == 4


@pytest.mark.skipif(not SCHEMA.is_file(), reason="needs the schema of SARIF (SARIF_SCHEMA)")
@pytest.mark.parametrize("against", [False, True])
def test_sarif_is_valid(scan: Scanned, tmp_path: Path, against: bool) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    before = tmp_path / "before.json"
    scan("--json", "-o", str(before))
    more = ["--against", str(before)] if against else []
    log = told(scan("--format", "sarif", *more))
    jsonschema.Draft7Validator(schema).validate(log)
    states = {one.get("baselineState") for one in log["runs"][0]["results"]}
    assert states == ({"unchanged"} if against else {None})
    log["runs"][0]["results"][0]["level"] = "bad"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(schema).validate(log)


# ---- JUnit, code quality


def test_junit_fails_from_the_verdict_that_counts(scan: Scanned, project: Path) -> None:
    (project / "src" / "b.py").write_text(
        "A.from_pretrained('nobody/b')  # gyebo: ignore[only tried]\n", "utf-8"
    )
    result = scan("--format", "junit", "--fail-on", "prohibited")
    suite = ET.fromstring(result.stdout.encode())[0]
    assert result.exit_code == 3
    counts = {name: suite.get(name) for name in ("tests", "failures", "skipped")}
    assert counts == {"tests": "5", "failures": "1", "skipped": "1"}
    failure = suite.find("testcase[@name='lmsys/vicuna-7b-delta-v0']/failure")
    assert failure is not None and failure.get("type") == "prohibited"
    assert (failure.text or "").splitlines()[1].startswith("a.py:5:20")
    skipped = suite.find("testcase/skipped")
    assert skipped is not None and skipped.get("message") == "only tried"


def test_code_quality_has_an_issue_for_each_place(scan: Scanned) -> None:
    issues = told(scan("--format", "codequality"))
    assert [(one["severity"], one["location"]["lines"]["begin"]) for one in issues] == [
        ("blocker", 4),
        ("blocker", 5),
        ("major", 3),
        ("minor", 1),
    ]
    assert {one["location"]["path"] for one in issues} == {"src/a.py"}
    assert len({one["fingerprint"] for one in issues}) == 4


# ---- CycloneDX


def test_cyclonedx_is_what_the_project_uses_with_its_places(scan: Scanned) -> None:
    made = told(scan("--format", "cyclonedx"))
    (used, *_) = [one for one in made["dependencies"] if one["ref"] == "project"]
    parts = {one["bom-ref"]: one for one in made["components"]}
    vicuna = next(parts[ref] for ref in used["dependsOn"] if "vicuna" in ref)
    assert [(one["location"], one["line"]) for one in vicuna["evidence"]["occurrences"]] == [
        ("src/a.py", 4),
        ("src/a.py", 5),
    ]
    assert "model/llama-7b" in parts and vicuna["pedigree"]["ancestors"]  # with its ancestry
    polyglot = next(parts[ref] for ref in used["dependsOn"] if "polyglot" in ref)
    assert polyglot["licenses"][0]["license"]["id"] == "Apache-2.0"
    unknown = next(one for one in parts.values() if one["name"] == "nobody/knows-this")
    assert "licenses" not in unknown and unknown["version"] == "v1"
    assert {"name": "gyebo:scan:verdict", "value": "unknown"} in unknown["properties"]
    assert {"aggregate": "incomplete", "dependencies": ["project"]} in made["compositions"]
    assert used["dependsOn"] and set(used["dependsOn"]) <= set(parts)


def test_cyclonedx_is_valid(scan: Scanned, project: Path) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(scan("--format", "cyclonedx").stdout) is None
    (project / "src" / "a.py").write_text("", "utf-8")  # nothing is named
    made = scan("--format", "cyclonedx").stdout
    assert validator.validate_str(made) is None
    assert validator.validate_str(made.replace('"bomFormat"', '"format"')) is not None


# ---- Markdown


def test_the_first_line_is_the_answer_and_the_last_a_mark(scan: Scanned) -> None:
    lines = scan("--format", "markdown").stdout.rstrip("\n").split("\n")
    assert lines[0].startswith("✗ **Commercial use: prohibited**")
    assert re.fullmatch(r"<!-- gyebo-scan [0-9a-f]{16} -->", lines[-1])
    row = next(line for line in lines if "vicuna" in line)
    assert row.count(" | ") == 3 and "](https://" in row and "`src/a.py:4`" in row
    assert "\n".join(lines).count("not legal advice") == 1


def test_what_changed_is_told_first(scan: Scanned, project: Path, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    (project / "src" / "a.py").write_text(
        "A.from_pretrained('nobody/gone')\nA.from_pretrained('lmsys/vicuna-7b-delta-v0')\n", "utf-8"
    )
    scan("--json", "-o", str(before))
    earlier = json.loads(before.read_text("utf-8"))
    (vicuna,) = [one for one in earlier["models"] if "vicuna" in one["what"]]
    vicuna["verdict"] = "unknown"
    before.write_text(json.dumps(earlier), "utf-8")
    (project / "src" / "a.py").write_text(CODE, "utf-8")
    text = scan("--format", "markdown", "--against", str(before)).stdout
    changes = text.partition("<details>")[0]
    assert "new: ? not known | `nobody/knows-this`" in changes
    assert "not known → ✗ prohibited | `lmsys/vicuna-7b-delta-v0`" in changes
    assert "gone | `nobody/gone`" in changes
    found = told(scan("--json", "--against", str(before)))["changes"]
    assert [len(found[name]) for name in ("new", "gone", "changed")] == [3, 1, 1]


def test_a_scan_for_somebody_else_is_not_compared(scan: Scanned, tmp_path: Path) -> None:
    before = tmp_path / "before.json"
    scan("--json", "-o", str(before))
    result = scan("--against", str(before), "--country", "KR")
    assert result.exit_code == 2 and "cannot be compared" in result.output
    before.write_text("{}", "utf-8")
    result = scan("--against", str(before))
    assert result.exit_code == 2 and "is not what `gyebo scan --json` prints" in result.output


def test_a_comment_is_never_longer_than_a_forge_takes(snapshot: Snapshot) -> None:
    places = [place(f"nobody/{n:05d}-{'x' * 60}", f"{'d' * 90}/{n}.py") for n in range(3000)]
    found = Scan(
        root="r", findings=places, files=1, skipped={}, unread=["u" * 200] * 999, dynamic=[]
    )
    text = scan_markdown(judge_scan(snapshot, found))
    assert len(text) < MOST and "rows more" in text and "… 979 more" in text
    assert text.splitlines()[-1].startswith("<!-- gyebo-scan")


def place(what: str, file: str) -> ScanFinding:
    return ScanFinding(
        file=file, line=1, column=1, what=what, kind="model", host="hub", use="x", sure="call"
    )


HOSTILE = "a](http://evil.example)|<img src=x>`x`\n# @somebody #1 \u202e\x07"


def test_hostile_names_are_text(snapshot: Snapshot) -> None:
    found = Scan(
        root="r", findings=[place(HOSTILE, HOSTILE)], files=1, skipped={}, unread=[], dynamic=[]
    )
    text = scan_markdown(judge_scan(snapshot, found))
    (row,) = [line for line in text.splitlines() if "evil" in line]
    assert len(re.findall(r"(?<!\\)\|", row)) == 5  # the five of the table
    prose = re.sub(r"`[^`]*`", "", row)
    assert not re.search(
        r"(?<!\\)[<\[`]|@\w|#\d|://", prose.replace("<br>", "").replace("<!-- -->", "\0")
    )
    assert "\u202e" not in text and "\x07" not in text


@pytest.mark.parametrize(
    ("given", "code_", "prose"),
    [
        ("a`b", "`a'b`", "a\\`b"),
        ("a|b", "`a¦b`", "a\\|b"),
        ("a\\|b", "`a\\¦b`", "a\\\\\\|b"),
        ("@me", "`@me`", "@<!-- -->me"),
        ("", "` `", ""),
    ],
)
def test_text_of_others_in_markdown(given: str, code_: str, prose: str) -> None:
    assert (code(given), quiet(given)) == (code_, prose)


def test_a_link_is_of_the_web_only() -> None:
    assert link("x", "javascript:alert(1)") == "x"
    assert link("x", "https://a/b) [y](z") == "[x](https://a/b%29%20%5By%5D%28z)"


# ---- files


def test_several_reports_of_one_scan(scan: Scanned, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("sarif", "markdown")}
    words = [word for name, path in files.items() for word in ("--format", name, "-o", str(path))]
    result = scan(*words, "--format", "table", "-o", "-")
    assert result.exit_code == 3 and "vicuna" in result.stdout
    assert json.loads(files["sarif"].read_text("utf-8"))["version"] == "2.1.0"
    assert files["markdown"].read_text("utf-8").startswith("✗")


@pytest.mark.parametrize(
    "words",
    [
        ["--format", "json", "--format", "sarif"],
        ["--format", "json", "-o", "a", "-o", "b"],
        ["--format", "json", "-o", "a", "--format", "sarif", "-o", "a"],
        ["--format", "pdf"],
        ["-o", "no-such-folder/x"],
    ],
)
def test_reports_and_files_that_do_not_fit(scan: Scanned, words: list[str]) -> None:
    result = scan(*words)
    assert result.exit_code == 2 and "Traceback" not in result.output


def test_a_name_that_is_not_utf8_is_told_in_every_format(scan: Scanned, project: Path) -> None:
    path = os.fsencode(project / "src") + b"/b\xff.py"
    Path(os.fsdecode(path)).write_text("A.from_pretrained('nobody/b')", "utf-8")
    for format in ("table", "json", "sarif", "junit", "cyclonedx", "markdown", "codequality"):
        result = scan("--format", format)
        assert result.exit_code == 3 and "nobody/b" in result.stdout, (format, result.exception)


def test_korean(scan: Scanned) -> None:
    text = scan("--format", "markdown", "--lang", "ko").stdout
    assert "사용하는 모델과 데이터셋 전체" in text and "법률 자문" in text


def test_where_a_folder_stands_in_its_repository(project: Path, tmp_path: Path) -> None:
    assert path_in_repository(project) == ""
    assert path_in_repository(project / "src") == "src/"
    assert path_in_repository(project / "src" / "a.py") == "src/"
    assert path_in_repository(tmp_path) == ""
