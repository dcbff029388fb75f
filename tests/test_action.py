"""The GitHub Action: its steps run in a shell as a runner would, on a real repository; only GitHub's answers are files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.gendocs import ROOT
from tests.runner import ActionRun, Runner

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS = ACTION["runs"]["steps"]
BEFORE = "A.from_pretrained('EleutherAI/polyglot-ko-5.8b')\n"
AFTER = BEFORE + "A.from_pretrained('lmsys/vicuna-7b-delta-v0')\n"


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", *who, "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path, text: str) -> str:
    """The id of a commit in which src/a.py holds a text."""
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src" / "a.py").write_text(text, "utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "c")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository with a commit on main and one on the branch of a pull request."""
    folder = tmp_path / "origin"
    folder.mkdir()
    git(folder, "init", "-qb", "main")
    commit(folder, BEFORE)
    git(folder, "checkout", "-qb", "change")
    commit(folder, AFTER)
    return folder


def checked_out(origin: Path, branch: str = "change") -> Path:
    """The branch as actions/checkout leaves it: its last commit only."""
    workspace = origin.parent / "workspace"
    shutil.rmtree(workspace, ignore_errors=True)
    git(origin, "clone", "-q", "--depth=1", "-b", branch, f"file://{origin}", str(workspace))
    return workspace


def program(temp: Path, home: Path) -> None:
    """What the cache brings back: the program, here as it stands in this checkout, and a home with a release."""
    binary = temp / "gyebo" / "venv" / "bin"
    binary.mkdir(parents=True)
    for name, words in {"gyebo": "-m kg.cli", "python": ""}.items():
        script = f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} {words} "$@"\n'
        (binary / name).write_text(script, "utf-8")
        (binary / name).chmod(0o755)
    (temp / "gyebo" / "home").symlink_to(home)


Machine = Callable[[Path], Runner]


@pytest.fixture
def machine(tmp_path: Path, snapshot_home: Path) -> Machine:
    def make(workspace: Path) -> Runner:
        temp = tmp_path / "temp"
        shutil.rmtree(temp, ignore_errors=True)
        temp.mkdir()
        program(temp, snapshot_home)
        return Runner(ROOT, workspace, temp)

    return make


def pull(origin: Path) -> dict[str, Any]:
    """The event of a pull request from change to main."""
    return {"pull_request": {"number": 7, "base": {"sha": git(origin, "rev-parse", "main")}}}


@pytest.fixture
def runner(origin: Path, machine: Machine) -> Runner:
    return machine(checked_out(origin))


def calls(runner: Runner) -> list[str]:
    path = runner.state / "calls"
    return path.read_text("utf-8").splitlines() if path.exists() else []


def body(runner: Runner) -> str:
    return (runner.state / "body.md").read_text("utf-8")


def succeeded(run: ActionRun, code: int = 0) -> ActionRun:
    assert run.code == code, run.told
    return run


# ---- how it is written


def test_no_expression_stands_in_a_script() -> None:
    """What others write, in inputs or in the event, reaches a shell by the environment only."""
    assert not [step["name"] for step in STEPS if "${{" in step.get("run", "")]
    text = (ROOT / "action.yml").read_text("utf-8")
    assert "github.event" not in text and "github.head_ref" not in text


def test_other_actions_are_pinned_by_commit() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert [one for one in used if not re.fullmatch(r"[\w-]+(/[\w-]+)+@[0-9a-f]{40}", one)] == []
    assert {one.partition("@")[0] for one in used} == {
        "actions/cache",
        "github/codeql-action/upload-sarif",
    }


@pytest.mark.parametrize(
    ("schema", "file"),
    [("github-actions", "action.yml"), ("gitlab-ci", "ci/gitlab/gyebo.gitlab-ci.yml")],
)
def test_it_is_valid_for_its_forge(schema: str, file: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run([*command, str(ROOT / file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


# ---- a pull request


def test_a_pull_request_is_told_what_it_changes(runner: Runner, origin: Path) -> None:
    run = succeeded(runner.run(pull(origin), "pull_request"), 3)
    assert calls(runner) == [
        "GET repos/someone/project/issues/7/comments?per_page=100",
        "POST repos/someone/project/issues/7/comments",
    ]
    told = body(runner)
    assert told.startswith("✗ **Commercial use: prohibited**")
    changes = told.partition("<details>")[0]
    assert "new: ✗ prohibited | `lmsys/vicuna-7b-delta-v0` | `src/a.py:2`" in changes
    assert "polyglot" not in changes
    assert run.summary == told
    assert run.outputs["verdict"] == "prohibited" and run.outputs["exit-code"] == "3"
    assert json.loads(Path(run.outputs["bom"]).read_text("utf-8"))["bomFormat"] == "CycloneDX"
    assert not run.used.keys() - {"actions/cache"}  # SARIF is only sent where it is asked for
    assert git(runner.workspace, "worktree", "list").count("\n") == 0


def test_the_comment_is_written_anew_and_only_that_of_a_bot(runner: Runner, origin: Path) -> None:
    runner.run(pull(origin), "pull_request")
    told = body(runner)
    runner.comment(
        [
            {"id": 1, "user": {"type": "User"}, "body": told},  # anybody can write the mark
            {"id": 2, "user": {"type": "Bot"}, "body": "another"},
            {"id": 3, "user": {"type": "Bot"}, "body": told.replace("\n", "\r\n")},
            {"id": 4, "user": {"type": "Bot"}, "body": told},
        ]
    )
    runner.run(pull(origin), "pull_request")
    assert calls(runner)[-1] == "PATCH repos/someone/project/issues/comments/3"


def test_a_change_without_models_is_not_commented_on(origin: Path, machine: Machine) -> None:
    commit(origin, BEFORE + "# a word\n")
    runner = machine(checked_out(origin))
    run = succeeded(runner.run(pull(origin), "pull_request"))
    assert "no comment" in run.told and [one.split()[0] for one in calls(runner)] == ["GET"]
    assert run.outputs["verdict"] == "allowed"


def test_without_permission_the_verdict_stands_all_the_same(runner: Runner, origin: Path) -> None:
    (runner.state / "denied").touch()
    run = succeeded(runner.run(pull(origin), "pull_request"), 3)
    assert "::warning::the comments of the pull request cannot be read" in run.told
    assert "vicuna" in run.summary


def test_a_base_that_cannot_be_read_is_said(runner: Runner) -> None:
    event = {"pull_request": {"number": 7, "base": {"sha": "0" * 40}}}
    run = succeeded(runner.run(event, "pull_request"), 3)
    assert "::warning::the base of the pull request could not be scanned" in run.told
    assert "What changed" not in body(runner) and "vicuna" in body(runner)


# ---- other events, inputs


def test_a_push_has_no_comment(runner: Runner) -> None:
    run = succeeded(runner.run({}, "push", sarif="true", fail_on="never"))
    assert calls(runner) == [] and "vicuna" in run.summary
    given = run.used["github/codeql-action/upload-sarif"]
    results = json.loads(Path(given["sarif_file"]).read_text("utf-8"))["runs"][0]["results"]
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "src/a.py"


def test_the_profile_bears_on_the_verdict(origin: Path, machine: Machine) -> None:
    commit(origin, "A.from_pretrained('meta-llama/Llama-3.1-8B')\n")
    workspace = checked_out(origin)
    (workspace / "who.toml").write_text("mau = 800000000\n", "utf-8")
    runner = machine(workspace)
    assert succeeded(runner.run({}, "push", mau="1000")).outputs["verdict"] == "conditional"
    assert runner.run({}, "push", mau="800000000").outputs["verdict"] == "prohibited"
    given = {"profile": "who.toml", "country": "KR", "competitor_of": "nobody\n", "lang": "ko"}
    run = runner.run({}, "push", **given)
    assert run.outputs["verdict"] == "prohibited" and "금지" in run.summary


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"path": "no-such"}, "path is no folder or file"),
        ({"path": "../origin"}, "path is no folder or file"),
        ({"path": "out"}, "path is no folder or file"),
        ({"profile": "../origin/src/a.py"}, "profile is no file"),
        ({"use": "x; touch /tmp/pwned"}, "Invalid value for '--use'"),
        ({"country": '$(touch "$RUNNER_TEMP/pwned")'}, "country"),
        ({"version": "--upload-pack=x"}, "version is no branch or tag"),
    ],
)
def test_bad_inputs_end_it_with_a_line(runner: Runner, inputs: dict[str, str], said: str) -> None:
    (runner.workspace / "out").symlink_to(runner.workspace.parent)
    run = succeeded(runner.run({}, "push", **inputs), 2)
    assert said in run.told and "Traceback" not in run.told
    assert not (runner.temp / "pwned").exists()


def test_a_pull_request_sets_nothing_of_the_program(origin: Path, machine: Machine) -> None:
    (origin / "gyebo.toml").write_text('home = "/nonexistent"\nnonsense = 1\n', "utf-8")
    commit(origin, AFTER)
    succeeded(machine(checked_out(origin)).run(pull(origin), "pull_request"), 3)


def test_a_file_name_is_no_command_of_the_runner(origin: Path, machine: Machine) -> None:
    (origin / "::error file=x::pwned.py").write_text("A.from_pretrained('nobody/x')\n", "utf-8")
    commit(origin, BEFORE)
    run = succeeded(machine(checked_out(origin)).run({}, "push"), 4)
    stopped = re.search(r"^::stop-commands::(\w{32})$(.*)^::\1::$", run.told, re.M | re.S)
    assert stopped and "::error file=x::pwned" in stopped[2]
    assert "pwned" not in run.told.replace(stopped[0], "")


def test_a_gyebo_toml_that_cannot_be_read_ends_it(origin: Path, machine: Machine) -> None:
    (origin / "gyebo.toml").write_text('[[scan.ignore]]\nid = "*"\n', "utf-8")
    commit(origin, AFTER)
    run = succeeded(machine(checked_out(origin)).run({}, "push"), 2)
    assert "gives no reason" in run.told and "::error::the scan could not be done" in run.told


def test_the_key_of_the_cache_follows_the_program_and_its_data(
    runner: Runner, tmp_path: Path
) -> None:
    def key() -> str:
        runner.run({}, "push", path="no-such")
        return runner.outputs["setup"]["key"]

    first = key()
    assert first == key() and first.startswith("gyebo-Linux-X64-")
    runner.action = tmp_path / "other"
    for name in ("kg", "web", "ontology", "data"):
        (runner.action / name).mkdir(parents=True)
    for name in ("pyproject.toml", "image.lock", "kg/a.py"):
        (runner.action / name).write_text("x", "utf-8")
    second = key()
    (runner.action / "kg" / "a.py").write_text("y", "utf-8")
    assert len({first, second, key()}) == 3


@pytest.mark.slow
def test_it_installs_and_builds_where_nothing_is_cached(origin: Path, tmp_path: Path) -> None:
    """The whole of it, from a copy of the action's repository at a tag; packages come from where pip is told."""
    source = tmp_path / "temp" / "someone" / "gyebo"
    git(ROOT, "clone", "-q", f"file://{ROOT}", str(source))
    git(source, "tag", "v9")
    runner = Runner(ROOT, checked_out(origin), tmp_path / "temp")
    runner.outputs = {}
    run = succeeded(runner.run(pull(origin), "pull_request", version="v9"), 3)
    assert "new: ✗ prohibited | `lmsys/vicuna-7b-delta-v0`" in body(runner)
    assert (tmp_path / "temp" / "gyebo" / "home" / "current").exists(), run.told
