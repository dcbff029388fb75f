"""The verdict on what a project uses."""

import datetime
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import main
from kg.licenses.profile import Profile
from kg.scan.identity import identify_finding, known_in
from kg.scan.ignores import Ignore
from kg.scan.report import ScanReport, ScanRequest, judge_scan
from kg.scan.scan import scan_project
from kg.snapshot.snapshot import Snapshot

PLAIN = ScanRequest()
CODE = {
    "a.py": "A.from_pretrained('meta-llama/Llama-3.1-8B')\nA.from_pretrained('EleutherAI/polyglot-ko-5.8b')\nA.from_pretrained('nobody/knows-this')\n"
}


def judged(
    snapshot: Snapshot, root: Path, files: dict[str, str], request: ScanRequest = PLAIN
) -> ScanReport:
    for name, text in files.items():
        (root / name).write_text(text)
    return judge_scan(snapshot, scan_project(root, known=known_in(snapshot)), request)


def test_the_worst_stands_first_and_what_nobody_knows_is_never_allowed(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    report = judged(snapshot, tmp_path, CODE)
    assert [(m.what, m.id, m.verdict) for m in report.models] == [
        ("nobody/knows-this", None, "unknown"),
        ("meta-llama/Llama-3.1-8B", "model/llama-3.1-8b", "conditional"),
        ("EleutherAI/polyglot-ko-5.8b", "model/polyglot-ko-5.8b", "allowed"),
    ]
    assert report.verdict == "unknown" and "nobody/knows-this" in report.models[0].sentence


def test_the_profile_bears_on_the_verdict(snapshot: Snapshot, tmp_path: Path) -> None:
    report = judged(snapshot, tmp_path, CODE, ScanRequest(profile=Profile(mau=800_000_000)))
    assert {m.what: m.verdict for m in report.models}["meta-llama/Llama-3.1-8B"] == "prohibited"


def test_an_ignored_finding_counts_again_after_its_day(snapshot: Snapshot, tmp_path: Path) -> None:
    entry = Ignore(id="nobody/*", reason="soon gone", until=datetime.date(2026, 1, 31))
    before = ScanRequest(ignores=(entry,), today=datetime.date(2026, 1, 31))
    report = judged(snapshot, tmp_path, CODE, before)
    assert report.verdict == "conditional" and report.ignored[0].reason == "soon gone"
    after = ScanRequest(ignores=(entry,), today=datetime.date(2026, 2, 1))
    report = judged(snapshot, tmp_path, CODE, after)
    assert (
        report.verdict == "unknown"
        and report.expired[0].until == "2026-01-31"
        and not report.ignored
    )


def test_names_of_ollama_stand_for_a_model_only_with_its_size(snapshot: Snapshot) -> None:
    assert identify_finding(snapshot, "llama3.2:3b", "model", "ollama") == "model/llama-3.2-3b"
    assert (
        identify_finding(snapshot, "llama3.2:3b-instruct-q4_K_M", "model", "ollama")
        == "model/llama-3.2-3b"
    )
    bare = identify_finding(snapshot, "llama3.2", "model", "ollama")
    assert bare is None or bare.startswith("family/")
    assert identify_finding(snapshot, "deepseek-r1:8b", "model", "ollama") is None
    assert identify_finding(snapshot, "deepseek-r1", "model", "ollama") in (
        None,
        "family/deepseek-r1",
    )


def test_names_with_a_provider_a_tag_and_of_datasets(snapshot: Snapshot) -> None:
    gpt = identify_finding(snapshot, "gpt-4o", "model", "api")
    assert gpt and identify_finding(snapshot, "openai/gpt-4o", "model", "any") == gpt
    assert identify_finding(snapshot, "openai:gpt-4o", "model", "api") == gpt
    llama = identify_finding(snapshot, "meta-llama/Llama-3.1-8B", "model", "hub")
    assert identify_finding(snapshot, "meta-llama/Llama-3.1-8B:Q4_K_M", "model", "hub") == llama
    assert identify_finding(snapshot, "meta-llama/Llama-3.1-8B", "dataset", "hub") is None
    assert identify_finding(snapshot, "x.gguf", "weights", "file") is None


def test_weights_that_say_nothing_are_unknown(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(b"GGUF\x03\0\0\0")
    report = judge_scan(snapshot, scan_project(tmp_path))
    assert [(m.what, m.verdict) for m in report.models] == [("x.gguf", "unknown")]


def test_an_adapter_is_judged_by_the_base_that_it_names(snapshot: Snapshot, tmp_path: Path) -> None:
    head = b'{"base_model.lora_A.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    (tmp_path / "adapter_model.safetensors").write_bytes(
        len(head).to_bytes(8, "little") + head + b"\0" * 4
    )
    (tmp_path / "adapter_config.json").write_text(
        '{"base_model_name_or_path": "meta-llama/Llama-3.1-8B"}'
    )
    report = judge_scan(
        snapshot, scan_project(tmp_path), ScanRequest(profile=Profile(mau=800_000_000))
    )
    verdicts = {m.what: m.verdict for m in report.models}
    assert verdicts["adapter_model.safetensors"] == "prohibited"


def run(home: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--home", str(home), "scan", *arguments])
    return result.exit_code, result.output


def test_the_command(snapshot_home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(CODE["a.py"])
    code, said = run(snapshot_home, str(tmp_path))
    assert code == 4 and "a.py:1:20" in said and said.count("legal advice") == 1
    code, said = run(snapshot_home, str(tmp_path), "--json", "--mau", "800000000")
    assert code == 3 and json.loads(said)["models"][0]["verdict"] == "prohibited"
    assert run(snapshot_home, str(tmp_path), "--fail-on", "prohibited")[0] == 0
    assert (
        "알려지지 않음" in run(snapshot_home, str(tmp_path), "--lang", "ko")[1]
        or "알 수 없음" in run(snapshot_home, str(tmp_path), "--lang", "ko")[1]
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none"], "there is no file or folder"),
        ([".", "--country", "KR", "--country", "US"], "one profile"),
    ],
)
def test_what_cannot_be_asked(snapshot_home: Path, arguments: list[str], said: str) -> None:
    code, output = run(snapshot_home, *arguments)
    assert code == 2 and said in output


def test_an_empty_project_is_fine(snapshot_home: Path, tmp_path: Path) -> None:
    code, said = run(snapshot_home, str(tmp_path))
    assert code == 0 and "No model or data set is named." in said
