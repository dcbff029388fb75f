"""The steps of an action as a runner of GitHub runs them, in a shell; nothing of GitHub is asked.

What a runner does and this does as well: it puts values where `${{ … }}` stands, in `env`, `with`, `if` and outputs; runs each `run` with
`bash --noprofile --norc -eo pipefail`; reads the outputs of a step from its GITHUB_OUTPUT. A step that uses another action is not run: its
outputs are what the test says, and what it was given is kept. `gh` is a small program that answers from files and keeps what it is sent.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
GH = """#!/bin/bash
# Stands for gh: GET answers comments.json through jq, the rest is kept.
set -eu
state=$(dirname "$0")/state
[ ! -e "$state/denied" ] || { echo "HTTP 403" >&2; exit 1; }
method=GET query=. body= address=
shift
while [ $# -gt 0 ]; do
  case $1 in
    --method) method=$2; shift ;;
    --jq) query=$2; shift ;;
    --field) body=${2#body=@}; shift ;;
    --paginate|--silent) ;;
    *) address=$1 ;;
  esac
  shift
done
echo "$method $address" >> "$state/calls"
if [ "$method" = GET ]; then jq -r "$query" "$state/comments.json"; else cp "$body" "$state/body.md"; fi
"""


class StepRun(NamedTuple):
    """A step that was run."""

    name: str
    code: int
    told: str  # what it wrote to both outputs


class ActionRun(NamedTuple):
    """What came of the steps of an action."""

    code: int  # of the step that ended it, or 0
    steps: list[StepRun]
    used: dict[str, Mapping[str, str]]  # what other actions were given
    outputs: dict[str, str]
    summary: str

    @property
    def told(self) -> str:
        """Everything that steps wrote."""
        return "".join(step.told for step in self.steps)


class Runner:
    """A machine with a checked out repository.

    Args:
        action: the folder of the action.
        workspace: the repository.
        temp: a folder of the runner.
    """

    def __init__(self, action: Path, workspace: Path, temp: Path) -> None:
        self.action, self.workspace, self.temp = action, workspace, temp
        self.action_file: dict[str, Any] = yaml.safe_load(
            (action / "action.yml").read_text("utf-8")
        )
        self.outputs: dict[str, dict[str, str]] = {"cache": {"cache-hit": "true"}}
        self.inputs: dict[str, str] = {}
        self.state = temp / "bin" / "state"
        self.state.mkdir(parents=True)
        gh = temp / "bin" / "gh"
        gh.write_text(GH, "utf-8")
        gh.chmod(0o755)
        self.comment([])

    def comment(self, comments: list[dict[str, Any]]) -> None:
        """Let a pull request have comments."""
        (self.state / "comments.json").write_text(json.dumps(comments), "utf-8")

    def run(self, event: Mapping[str, Any], name: str, **inputs: str) -> ActionRun:
        """Run the action for an event."""
        self.inputs = {k: str(v.get("default", "")) for k, v in self.action_file["inputs"].items()}
        unknown = {key.replace("_", "-") for key in inputs} - self.inputs.keys()
        assert not unknown, unknown
        self.inputs |= {key.replace("_", "-"): value for key, value in inputs.items()}
        (self.temp / "event.json").write_text(json.dumps(event), "utf-8")
        summary = self.temp / "summary.md"
        summary.write_text("", "utf-8")
        steps: list[StepRun] = []
        used: dict[str, Mapping[str, str]] = {}
        code = 0
        for step in self.action_file["runs"]["steps"]:
            if not self.holds(step.get("if", "")):
                continue
            if "uses" in step:
                used[step["uses"].partition("@")[0]] = self.filled(step["with"])
                continue
            code, told = self._shell(step, name, summary)
            steps.append(StepRun(step["name"], code, told))
            if code:
                break
        declared = self.action_file["outputs"]
        outputs = {key: self.put(one["value"]) for key, one in declared.items()}
        return ActionRun(code, steps, used, outputs, summary.read_text("utf-8"))

    def _shell(self, step: Mapping[str, Any], name: str, summary: Path) -> tuple[int, str]:
        assert step["shell"] == "bash" and "${{" not in step["run"]
        script, output = self.temp / "step.sh", self.temp / "output"
        script.write_text(step["run"], "utf-8")
        output.write_text("", "utf-8")
        environment = {
            "PATH": f"{self.temp / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.temp),
            "LANG": "C.UTF-8",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(self.temp / "event.json"),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_REPOSITORY": "someone/project",
            "GITHUB_SERVER_URL": f"file://{self.temp}",
            "RUNNER_TEMP": str(self.temp),
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": "X64",
            **{key: value for key, value in os.environ.items() if key.startswith("PIP_")},
            **self.filled(step.get("env", {})),
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
        done = subprocess.run(
            command,
            cwd=self.workspace,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if "id" in step:
            lines = output.read_text("utf-8").splitlines()
            self.outputs[step["id"]] = dict(line.split("=", 1) for line in lines)
        return done.returncode, done.stdout

    def filled(self, given: Mapping[str, Any]) -> dict[str, str]:
        """Values with what stands for them put in."""
        return {key: self.put(str(value)) for key, value in given.items()}

    def put(self, text: str) -> str:
        """A text with the value of each expression in its place."""
        return _EXPRESSION.sub(lambda found: self.value(found[1]), text)

    def value(self, expression: str) -> str:
        """The value of one expression."""
        match expression.split("."):
            case ["inputs", name]:
                return self.put(self.inputs[name])
            case ["steps", id, "outputs", name]:
                return self.outputs.get(id, {}).get(name, "")
            case ["github", "token"]:
                return "a-token"
            case ["github", "action_repository"]:
                return "someone/gyebo"
            case ["runner", "temp"]:
                return str(self.temp)
        raise AssertionError(f"{expression} is not understood here")

    def holds(self, condition: str) -> bool:
        """Whether a step is to run: comparisons that all hold."""
        for part in filter(None, condition.split(" && ")):
            found = re.fullmatch(r"(\S+) (==|!=) '([^']*)'", part)
            assert found, part
            if (self.value(found[1]) == found[3]) != (found[2] == "=="):
                return False
        return True
