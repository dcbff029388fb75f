"""The failing inputs of ../shared/cases/inputs, each through the command that its expected.md names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from kg.cli.main import main

CASES = Path(__file__).parents[3] / "shared" / "cases" / "inputs"
PYTHIA = "model/hf/EleutherAI/pythia-1.4b"


class Outcome(NamedTuple):
    """What a command stored and said."""

    code: int
    text: str
    said: set[tuple[str, str, object]]  # subject, property, value
    notes: str  # of all claims, and the values and messages of all issues
    rules: set[str]  # of issues
    models: list[dict[str, Any]]  # of --json

    def parents(self, relation: str = "derivedFrom") -> set[object]:
        return {value for _, property, value in self.said if property == relation}

    def subjects(self, kind: str) -> set[str]:
        return {subject for subject, *_ in self.said if subject.startswith(f"{kind}/")}

    def verdict(self) -> str:
        (model,) = self.models
        return next(str(one["verdict"]) for one in model["licenses"] if one["use"] == "commercial")

    def is_open(self) -> bool:
        """Whether a parent is said to be there that cannot be found, and nothing is allowed."""
        (model,) = self.models
        return bool(model["lineage"]["unresolved"]) and self.verdict() == "unknown"


def run_case(home: Path, case: Path) -> Outcome:
    if not CASES.is_dir():
        pytest.skip("../shared/cases/inputs is not here")
    command = next(
        line
        for line in (case / "expected.md").read_text("utf-8").splitlines()
        if line.startswith("run: ")
    )
    source = command.split("ingest ")[1].split()[0]
    where = case / "input"
    path = next(where.iterdir()) if source == "bom" else where
    result = CliRunner().invoke(
        main, ["--home", str(home), "ingest", source, str(path), "--name", "case", "--json"]
    )
    run = home / "runs" / "case"
    if result.exit_code:
        return Outcome(result.exit_code, result.output, set(), "", set(), [])
    claims, issues = (
        [json.loads(line) for line in (run / f"{name}.jsonl").read_text("utf-8").splitlines()]
        for name in ("claims", "issues")
    )
    said = {(c["subject"], c["property"], c["said"].get("value")) for c in claims}
    notes = [c["said"].get("note", "") for c in claims]
    notes += [f"{one['message']} {one.get('value', '')}" for one in issues]
    rules = {one["rule"] for one in issues}
    models = json.loads(result.stdout).get("models", [])
    return Outcome(0, result.output, said, "\n".join(notes), rules, models)


def _is_dressed_pythia(found: Outcome) -> bool:
    return found.parents() == {PYTHIA} and "license/apache-2.0" in found.parents("license")


def _is_not_told(found: Outcome, *words: str) -> bool:
    return not any(word in f"{found.said} {found.notes} {found.text}" for word in words)


RIGHT: dict[str, Callable[[Outcome], bool]] = {
    "01": lambda found: found.is_open() and _is_not_told(found, "autodl", "/root"),
    "04": lambda found: (
        found.verdict() == "unknown"
        and found.parents() == {"model/ms/LLM-Research/Meta-Llama-3-8B-Instruct"}
    ),
    "06": lambda found: found.parents() == {PYTHIA} and "card-key" in found.rules,
    "07": lambda found: not found.parents() and found.is_open() and "parent-path" in found.rules,
    "09": lambda found: not found.parents("adapterOf") and found.is_open(),
    "11": _is_dressed_pythia,
    "13": _is_dressed_pythia,
    "15": _is_dressed_pythia,
    "16": lambda found: (
        found.parents("adapterOf") == {PYTHIA}
        and "fedc38a" in found.notes
        and _is_not_told(found, "/root")
    ),
    "18": lambda found: found.subjects("model") == {"model/local/adapter"},
    "21": lambda found: found.code == 2 and "the card of a dataset" in found.text,
    "22": lambda found: found.code == 2 and "makes no merge" in found.text,
    "23": lambda found: (
        found.parents("adapterOf") == {"model/hf/mlx-community/Mistral-7B-Instruct-v0.3-4bit"}
    ),
    "25": lambda found: _is_dressed_pythia(found) and "tags" in found.notes,
    "28": lambda found: found.parents("mergedFrom") == {PYTHIA, f"{PYTHIA}-deduped"},
    "30": lambda found: (
        found.parents("quantizedFrom") == {"model/hf/mistralai/Mistral-7B-v0.1"}
        and found.parents("license") == {"license/llama-2-license"}
    ),
    "31": lambda found: found.subjects("model") == {"model/local/small", "model/local/large"},
    "32": lambda found: not found.subjects("dataset") and found.subjects("model") != set(),
    "34": lambda found: found.subjects("model") == {"model/hf/openai-community/gpt2"},
    "37": lambda found: (  # the claim keeps the spelling
        found.parents("adapterOf") == {"model/hf/mistralai/mistral-7b-v0.1"}
        and [one["parent"] for one in found.models[0]["lineage"]["edges"]] == ["model/mistral-7b"]
    ),
    "38": lambda found: found.is_open() and found.notes.count("run `git lfs pull`") == 2,
    "39": lambda found: (
        not any(s.startswith("license/") for s, *_ in found.said)
        and not found.parents() | found.parents("trainedOn")
    ),
    "43": lambda found: (
        found.parents() == {"model/hf/mistralai/Mistral-7B-v0.1"}
        and "model/hf/demo-org/demo-7b" in found.subjects("model")
    ),
    "45": lambda found: "model/hf/demo-org/demo-7b" in found.subjects("model"),
}


def test_every_shared_case_is_tried() -> None:
    if not CASES.is_dir():
        pytest.skip("../shared/cases/inputs is not here")
    assert {path.name[:2] for path in CASES.iterdir()} == {*RIGHT, "47"}


@pytest.mark.parametrize("number", RIGHT)
def test_a_shared_case(snapshot_home: Path, tmp_path: Path, number: str) -> None:
    for name in ("snapshots", "current"):
        (tmp_path / name).symlink_to(snapshot_home / name)
    case = next(CASES.glob(f"{number}-*"), CASES)
    found = run_case(tmp_path, case)
    assert RIGHT[number](found), found


def test_what_an_exported_spdx_contains_hangs_together(snapshot_home: Path, tmp_path: Path) -> None:
    """ntia-conformance-checker counts only packages that dependsOn or contains reaches from the root."""
    out = tmp_path / "alpaca.spdx.json"
    asked = ["export", "spdx", "--model", "model/alpaca-7b", "-o", str(out)]
    result = CliRunner().invoke(main, ["--home", str(snapshot_home), *asked])
    assert result.exit_code == 0, result.output
    graph = json.loads(out.read_text("utf-8"))["@graph"]
    kinds = ("ai_AIPackage", "dataset_DatasetPackage")
    packages = {one["spdxId"] for one in graph if one["type"] in kinds}
    edges = [one for one in graph if one.get("relationshipType") in ("dependsOn", "contains")]
    assert packages and packages <= {id for one in edges for id in [one["from"], *one["to"]]}
