"""`gyebo audit`: text, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli.main import main


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "audit", *arguments])


def test_text_says_tag_and_ancestry(snapshot_home: Path) -> None:
    said = run(snapshot_home, "koalpaca-llama").output
    assert "The tag says Apache License 2.0; by its ancestry the terms of LLaMA license" in said
    assert "model/koalpaca-llama ← fine-tuned model/llama-7b" in said
    assert "1 of 1 rows" in said and said.count("legal advice") == 1


def test_limit_json_and_csv(snapshot_home: Path) -> None:
    answer = json.loads(run(snapshot_home, "--json").output)
    assert len(answer["rows"]) == answer["total"] > 3
    assert len(json.loads(run(snapshot_home, "--json", "--limit", "3").output)["rows"]) == 3
    lines = [*csv.DictReader(io.StringIO(run(snapshot_home, "--csv").output))]
    assert {line["id"] for line in lines} == {row["id"] for row in answer["rows"]}
    assert all(line["path"].startswith(line["id"]) for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--csv", "--json"], "give one of them"),
        (["no-such-model"], "no-such-model"),
        (["--family", "org/meta"], "is none of"),
        (["--gap", "some"], "drops-substance"),
    ],
)
def test_what_cannot_be_asked(snapshot_home: Path, arguments: list[str], said: str) -> None:
    result = run(snapshot_home, *arguments)
    assert result.exit_code == 2 and said in result.output
