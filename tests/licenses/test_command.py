"""`gyebo license`: the contract, exit codes, lists, profiles, planned models, every format."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

from kg.answers.license import license_answer
from kg.cli._license.text import license_text
from kg.cli.main import main
from kg.licenses.rules import USES
from kg.licenses.wording import MARKS, words_in
from kg.snapshot.snapshot import Snapshot
from kg.version import __version__


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
        (["bert-base", "--country", "Narnia"], 2),
        (["bert-base", "--country", "한국"], 0),
        (["bert-base", "no-such-model"], 4),
        (["bert-base", "--base", "bert-base"], 2),
        (["--file", "none.txt"], 2),
        (["--base", "bert-base"], 0),
        (["--base", "llama-7b", "--license", "mit"], 3),
        (["--base", "bert-base", "--relation", "cooked"], 2),
        (["--relation", "merge"], 2),
        (["--base", "dataset/alpaca-52k"], 2),
        (["--base", "bert-base", "--base", "gpt-2", "--relation", "quantized"], 2),
        (["bert-base", "--country", "KR", "--country", "FR"], 0),
        (["bert-base", "gpt-2", "--country", "KR", "--country", "FR"], 2),
        (["bert-base", "--country", "KR", "--country", "FR", "--format", "sarif"], 2),
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


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_answer_stands_in_twenty_lines_in_its_order(snapshot: Snapshot, lang: str) -> None:
    words = words_in(lang)
    ids = [e.id for kind in ("model", "family", "dataset") for e in snapshot.entities(kind)]
    for use in USES:
        for id in ids:
            answer = license_answer(snapshot, id, use, lang=lang)
            lines = license_text(answer, lang).splitlines()
            assert len(lines) <= 20, id
            assert lines[0] == f"{MARKS[answer.verdict]} {answer.sentence}"
            heads = (words["change"], words["unknown-things"], words["declared"], words["advice"])
            places = [n for head in heads for n, line in enumerate(lines) if line.startswith(head)]
            assert places == sorted(places), id


def test_all_shows_what_the_short_answer_leaves_out(gyebo: Any) -> None:
    short, long = gyebo("koalpaca-llama").output, gyebo("koalpaca-llama", "--all").output
    assert "Outputs may not be used commercially." in long
    assert "Outputs may not be used commercially." not in short
    assert len(long.splitlines()) > 40


@pytest.mark.parametrize(("lang", "head"), [("en", "What you must do"), ("ko", "지켜야 할 것")])
def test_markdown_and_memo(gyebo: Any, lang: str, head: str) -> None:
    short = gyebo("alpaca-7b", "--use", "redistribute", "--format", "markdown", "--lang", lang)
    memo = gyebo("alpaca-7b", "--use", "redistribute", "--format", "memo", "--lang", lang).output
    for text in (short.output, memo):
        assert f"### {head}" in text and "- [ ] " in text
        assert text.count({"en": "not legal advice", "ko": "법률 자문이 아닙니다"}[lang]) == 1
    assert memo.startswith({"en": "# License memo", "ko": "# 라이선스 검토 메모"}[lang])
    assert dt.date.today().isoformat() in memo and __version__ in memo
    assert "`model/alpaca-7b ← model/llama-7b`" in memo
    assert "https://" in memo.rpartition("###")[2]  # the texts, by their addresses
    assert "None" not in memo


def test_countries_side_by_side(gyebo: Any, tmp_path: Path) -> None:
    (tmp_path / "big.toml").write_text("mau = 800_000_000\n", encoding="utf-8")
    (tmp_path / "small.toml").write_text("mau = 5\n", encoding="utf-8")
    same = gyebo("llama-2-7b", "--country", "KR", "--country", "FR")
    assert "Nothing differs." in same.output and same.exit_code == 4
    both = gyebo("llama-2-7b", "--profile", "big.toml", "--profile", "small.toml")
    assert both.exit_code == 3
    (row,) = [line for line in both.output.splitlines() if line.startswith("commercial use")]
    assert row.split() == [
        "commercial",
        "use",
        "✗",
        "prohibited",
        "~",
        "allowed",
        "with",
        "conditions",
    ]
    assert "  big.toml: ✗ Llama 2 7B: commercial use is prohibited" in both.output
    table = gyebo("llama-2-7b", "--country", "KR", "--country", "FR", "--format", "markdown").output
    assert "| | KR | FR |" in table
    found = json.loads(gyebo("llama-2-7b", "--country", "KR", "--country", "FR", "--json").output)
    assert found["names"] == ["KR", "FR"]
    assert [len(one["verdicts"]) for one in found["uses"]] == [2] * len(USES)


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


@pytest.mark.parametrize("format", ["table", "json", "markdown", "memo", "sarif", "junit"])
def test_what_is_not_known_is_a_finding_of_a_list(
    gyebo: Any, models: str, tmp_path: Path, format: str
) -> None:
    (tmp_path / models).write_text("bert-base\nno-such-model\norg/meta\n", encoding="utf-8")
    result = gyebo("--file", models, "--format", format)
    assert result.exit_code == 4, result.output
    assert "no-such-model" in result.output and "org/meta" in result.output
    assert gyebo("--file", models, "--fail-on", "contested").exit_code == 0


def test_a_list_says_what_is_not_there(gyebo: Any) -> None:
    answers = json.loads(gyebo("bert-base", "nobody/llama-9b", "--json").output)
    assert "gyebo ingest hub nobody/llama-9b" in answers[1]["findings"][0]["why"]


def test_several_names_are_a_list(gyebo: Any) -> None:
    answers = json.loads(gyebo("bert-base", "no-such-model", "--json").output)
    assert [(one["id"], one["verdict"]) for one in answers] == [
        ("model/bert-base", "allowed"),
        ("no-such-model", "unknown"),
    ]
    (finding,) = answers[1]["findings"]
    assert finding["clause"] == "not-known-here" and "no-such-model" in finding["why"]
    log = json.loads(gyebo("bert-base", "no-such-model", "--format", "sarif").output)
    (result,) = log["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("not-known-here", "warning")
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}


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
