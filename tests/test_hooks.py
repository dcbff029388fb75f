"""The pre-commit hook and the GitLab template: run as those who use them run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from click.testing import CliRunner
from pre_commit.clientlib import load_manifest

from kg.cli.main import main
from tests.gendocs import ROOT
from tests.test_action import AFTER, git, program
from tests.watch.releases import licensed

TEMPLATE = yaml.safe_load((ROOT / "ci" / "gitlab" / "gyebo.gitlab-ci.yml").read_text("utf-8"))


# ---- pre-commit


def test_the_hook_is_one_that_pre_commit_knows() -> None:
    (hook,) = load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("gyebo-scan", "python", False)
    words = [*hook["entry"].split()[1:], *hook["args"], "--help"]
    assert CliRunner().invoke(main, words).exit_code == 0


def test_a_hook_builds_what_is_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corner = licensed(tmp_path)
    monkeypatch.setattr("kg.cli._options.DATA", corner.data)
    (tmp_path / "a.py").write_text("A.from_pretrained('nobody/x')\n", "utf-8")
    words = ["--home", str(corner.config.home), "scan", str(tmp_path / "a.py")]
    assert CliRunner().invoke(main, words).exit_code not in (0, 3, 4)  # nothing is built
    first = CliRunner().invoke(main, [*words, "--build"])
    assert first.exit_code == 4 and "takes about a minute" in first.stderr
    again = CliRunner().invoke(main, [*words, "--build"])
    assert again.exit_code == 4 and not again.stderr


@pytest.mark.slow
def test_pre_commit_runs_the_hook(tmp_path: Path) -> None:
    """Installed by pre-commit from a copy of this repository; packages come from where pip is told."""
    source, project = tmp_path / "gyebo", tmp_path / "project"
    git(ROOT, "clone", "-q", f"file://{ROOT}", str(source))
    project.mkdir()
    git(project, "init", "-q")
    (project / "a.py").write_text(AFTER, "utf-8")
    git(project, "add", "-A")
    environment = {
        **{
            key: value for key, value in os.environ.items() if not key.startswith(("GYEBO", "GIT_"))
        },
        "PRE_COMMIT_HOME": str(tmp_path / "hooks"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
    }
    environment.pop("PYTHONPATH", None)
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(source), "gyebo-scan"]
    done = subprocess.run(
        [*command, "--verbose", "--all-files"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "- exit code: 3" in done.stdout, done.stdout + done.stderr
    assert "lmsys/vicuna-7b-delta-v0" in done.stdout and "a.py:2:20" in done.stdout


# ---- GitLab


def gitlab(tmp_path: Path, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The job in a shell as GitLab's runner has it: one script, variables in the environment."""
    job = TEMPLATE["gyebo-scan"]
    project = tmp_path / "project"
    if not project.exists():
        project.mkdir()
        git(project, "init", "-q")
        (project / "a.py").write_text(AFTER, "utf-8")
    program(tmp_path, home)
    given = {name: str(value) for name, value in job["variables"].items()}
    environment = {
        **given,
        "PATH": f"{tmp_path / 'gyebo' / 'venv' / 'bin'}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "GYEBO_HOME": str(home),
        "CI_PROJECT_DIR": str(project),
        **variables,
    }
    script = "set -eo pipefail\n" + "\n".join([*job["before_script"], *job["script"]])
    return subprocess.run(
        ["bash", "-c", script], cwd=project, env=environment, capture_output=True, text=True
    )


def artifacts(tmp_path: Path) -> dict[str, Path]:
    reports = TEMPLATE["gyebo-scan"]["artifacts"]["reports"]
    return {name: tmp_path / "project" / file for name, file in reports.items()}


def test_the_job_of_gitlab_leaves_its_reports(tmp_path: Path, snapshot_home: Path) -> None:
    done = gitlab(tmp_path, snapshot_home)
    assert done.returncode == 3, done.stdout + done.stderr
    files = artifacts(tmp_path)
    issues: list[dict[str, Any]] = json.loads(files["codequality"].read_text("utf-8"))
    assert [(one["location"]["path"], one["severity"]) for one in issues] == [("a.py", "blocker")]
    assert ET.fromstring(files["junit"].read_bytes())[0].get("failures") == "1"
    assert json.loads(files["cyclonedx"].read_text("utf-8"))["specVersion"] == "1.6"
    assert (tmp_path / "project" / "gyebo.md").read_text("utf-8").startswith("✗")
    assert git(tmp_path / "project", "status", "--porcelain", "--", ".gyebo") == ""


def test_the_job_of_gitlab_takes_its_variables(tmp_path: Path, snapshot_home: Path) -> None:
    given = {"SCAN_FAIL_ON": "never", "SCAN_COUNTRY": "KR", "SCAN_LANG": "ko"}
    done = gitlab(tmp_path, snapshot_home, **given)
    assert done.returncode == 0 and "금지" in done.stdout, done.stderr


def test_the_job_of_gitlab_says_what_it_lacks(tmp_path: Path, snapshot_home: Path) -> None:
    done = gitlab(tmp_path, snapshot_home, PATH="/usr/bin:/bin")
    assert done.returncode == 2 and "set SCAN_SOURCE" in done.stderr
