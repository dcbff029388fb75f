"""The pages "use it in …" are true: their blocks are valid where they are put, and name what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pre_commit.clientlib import load_config, load_manifest

from kg.cli.commands.scan import scan_command
from tests.gendocs import ROOT
from tests.test_action import ACTION, STEPS
from tests.test_hooks import TEMPLATE

PAGES = ROOT / "docs" / "use"


def blocks(page: str, kind: str) -> list[str]:
    """The blocks of a page in a language."""
    text = (PAGES / f"{page}.md").read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def rows(page: str) -> dict[str, str]:
    """The tables of a page: what the first column names, and the last column."""
    text = (PAGES / f"{page}.md").read_text("utf-8")
    found = re.findall(r"^\| `([\w-]+)` \|.*\| (.*?) ?\|$", text, re.MULTILINE)
    return {name: value.strip("`") for name, value in found}


@pytest.mark.parametrize("number", range(len(blocks("github", "yaml"))))
def test_a_workflow_of_the_page_is_one(number: int, tmp_path: Path) -> None:
    path = tmp_path / "gyebo.yml"
    path.write_text(blocks("github", "yaml")[number], "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.github-workflows", str(path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    workflow: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    steps = workflow["jobs"]["gyebo"]["steps"]
    (ours,) = [one for one in steps if one.get("uses", "").startswith("OWNER/gyebo@")]
    given = ours["with"]
    assert given.keys() <= ACTION["inputs"].keys()
    checkout = [one["uses"] for one in steps if "checkout" in one.get("uses", "")]
    assert re.fullmatch(r"actions/checkout@[0-9a-f]{40}", checkout[0])
    needed = {"contents": "read", "pull-requests": "write"}
    if given.get("sarif") == "true":
        needed["security-events"] = "write"
    assert workflow["permissions"] == needed  # and no more
    outputs = re.findall(r"steps\.gyebo\.outputs\.([\w-]+)", path.read_text("utf-8"))
    assert set(outputs) <= ACTION["outputs"].keys()
    assert not [one for one in steps if "${{" in one.get("run", "")]


def test_the_page_has_the_inputs_and_outputs_of_the_action() -> None:
    told = rows("github")
    assert told.pop("token")
    inputs = {name: str(one["default"]) for name, one in ACTION["inputs"].items()}
    assert inputs.pop("token") == "${{ github.token }}"
    assert told == inputs
    text = (PAGES / "github.md").read_text("utf-8").partition("Outputs: ")[2].split("\n")[0]
    assert set(re.findall(r"`([\w-]+)`", text)) == ACTION["outputs"].keys()
    for step in STEPS:
        if "uses" in step:
            assert f"`{step['uses'].partition('@')[0]}`" in (PAGES / "github.md").read_text("utf-8")


@pytest.mark.parametrize("number", range(len(blocks("pre-commit", "yaml"))))
def test_a_configuration_of_the_page_is_one(number: int, tmp_path: Path) -> None:
    path = tmp_path / ".pre-commit-config.yaml"
    path.write_text(blocks("pre-commit", "yaml")[number], "utf-8")
    (repo,) = load_config(str(path))["repos"]
    (hook,) = repo["hooks"]
    (manifest,) = load_manifest(str(ROOT / ".pre-commit-hooks.yaml"))
    assert hook["id"] == manifest["id"]
    known = {name for param in scan_command.params for name in param.opts}
    assert {word.partition("=")[0] for word in hook.get("args", [])} <= known


def test_commands_of_pre_commit_are_of_pre_commit() -> None:
    lines = "\n".join(blocks("pre-commit", "sh")).splitlines()
    for line in lines:
        if line.startswith("pre-commit "):
            command = [sys.executable, "-m", "pre_commit", line.split()[1], "--help"]
            assert subprocess.run(command, capture_output=True).returncode == 0
    assert "SKIP=gyebo-scan git commit" in lines


@pytest.mark.parametrize("number", range(len(blocks("gitlab", "yaml"))))
def test_a_pipeline_of_the_page_is_one(number: int, tmp_path: Path) -> None:
    pipeline = yaml.safe_load(blocks("gitlab", "yaml")[number])
    (included,) = pipeline["include"]
    job = TEMPLATE["gyebo-scan"]
    assert yaml.safe_load((ROOT / included["local"]).read_text("utf-8")) == TEMPLATE
    given = pipeline["gyebo-scan"]["variables"]
    assert given.keys() <= job["variables"].keys()
    whole = {"gyebo-scan": {**job, "variables": {**job["variables"], **given}}}
    path = tmp_path / ".gitlab-ci.yml"
    path.write_text(yaml.safe_dump(whole), "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.gitlab-ci"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_page_has_the_variables_and_artifacts_of_the_template() -> None:
    job = TEMPLATE["gyebo-scan"]
    assert rows("gitlab") == {name: str(value) for name, value in job["variables"].items()}
    text = (PAGES / "gitlab.md").read_text("utf-8")
    files = {*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()}
    assert not [name for name in files if f"`{name}`" not in text]
