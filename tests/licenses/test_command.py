"""`gyebo license`: the contract, exit codes, files of models, profiles, SARIF and JUnit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from kg.cli.main import main


@pytest.fixture
def gyebo(snapshot_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["--home", str(snapshot_home), "license", *arguments])

    return run


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["bert-base"], 0),
        (["kovicuna-7b"], 3),
        (["bloom-176b"], 4),
        (["llama-2-7b", "--mau", "800000000"], 3),
        (["llama-2-7b", "--dau", "800000000"], 3),  # who comes in a day comes in the month
        (["bloom-176b", "--fail-on", "prohibited"], 0),
        (["kovicuna-7b", "--fail-on", "never"], 0),
        (["kovicuna-7b", "--fail-on", "contested"], 3),
        (["no-such-model"], 2),
        (["org/meta"], 2),
        ([], 2),
        (["bert-base", "--country", "Korea"], 2),
    ],
)
def test_exit_codes(gyebo: Any, arguments: list[str], code: int) -> None:
    result = gyebo(*arguments)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output


def test_json_is_the_contract(gyebo: Any) -> None:
    answer = json.loads(gyebo("kovicuna-7b", "--json").output)
    assert (answer["id"], answer["use"], answer["verdict"]) == (
        "model/kovicuna-7b",
        "commercial",
        "prohibited",
    )
    assert answer["parts"].keys() == {"weights", "data"}
    assert {"file_alone", "declared", "consistency", "would_satisfy"} <= answer.keys()
    first = answer["findings"][0]
    assert first["path"] == ["model/kovicuna-7b", "model/vicuna-7b", "model/llama-7b"]
    assert first["edges"] == ["fineTunedFrom", "fineTunedFrom"]
    assert first["citation"].keys() >= {"section", "url", "date"}
    assert (first["clause"], first["tier"], first["effect"]) == ("research-only", 1, "prohibited")


def test_text_says_why_and_that_it_is_no_advice_once(gyebo: Any) -> None:
    text = gyebo("kovicuna-7b").output
    assert "solely for your non-commercial research purposes" in text
    assert "model/kovicuna-7b ─fineTunedFrom→ model/vicuna-7b" in text
    assert text.count("not legal advice") == 1
    korean = gyebo("kovicuna-7b", "--lang", "ko").output
    assert "연구 목적으로만 쓸 수 있습니다." in korean
    assert korean.count("법률 자문이 아닙니다") == 1


@pytest.mark.parametrize("name", ["p.toml", "p.json", "p.yaml"])
def test_profiles_from_files(gyebo: Any, tmp_path: Path, name: str) -> None:
    text = {
        "p.toml": "mau = 800_000_000\n",
        "p.json": '{"mau": 800000000}',
        "p.yaml": "mau: 800000000\n",
    }
    (tmp_path / name).write_text(text[name], encoding="utf-8")
    assert gyebo("llama-2-7b", "--profile", name).exit_code == 3
    assert gyebo("llama-2-7b", "--profile", name, "--mau", "5").exit_code == 4


@pytest.mark.parametrize("text", ["users = 5\n", "mau = 'many'\n", "mau = -1\n", "mau = = 1\n"])
def test_bad_profiles_are_told(gyebo: Any, tmp_path: Path, text: str) -> None:
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    result = gyebo("llama-2-7b", "--profile", "p.toml")
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.fixture
def models(tmp_path: Path) -> str:
    path = tmp_path / "models.txt"
    path.write_text(
        "# our models\nbert-base\nbloom-176b  # in the chat\n\nkovicuna-7b\n", encoding="utf-8"
    )
    return path.name


def test_a_file_of_models_as_a_table(gyebo: Any, models: str) -> None:
    result = gyebo("--file", models)
    assert result.exit_code == 3
    lines = result.output.splitlines()
    assert [line[0] for line in lines[:3]] == ["✓", "~", "✗"]
    assert "model/llama-7b" in lines[2]


def test_a_bad_line_is_named(gyebo: Any, models: str, tmp_path: Path) -> None:
    (tmp_path / models).write_text("bert-base\nno-such-model\n", encoding="utf-8")
    result = gyebo("--file", models)
    assert result.exit_code == 2
    assert "models.txt:2: " in result.output


def test_sarif(gyebo: Any, models: str) -> None:
    log = json.loads(gyebo("--file", models, "--format", "sarif").output)
    run = log["runs"][0]
    assert log["version"] == "2.1.0"
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {r["ruleId"] for r in run["results"]} <= rules
    errors = [r for r in run["results"] if r["level"] == "error"]
    place = errors[0]["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (models, 5)


def test_junit(gyebo: Any, models: str) -> None:
    suite = ET.fromstring(
        gyebo("--file", models, "--format", "junit", "--fail-on", "prohibited").output
    )[0]
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    failure = suite.find("testcase[@name='model/kovicuna-7b']/failure")
    assert failure is not None
    assert failure.get("type") == "prohibited"
