"""`gyebo ingest` from end to end, on sources small enough to read by eye."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.claims.claim_files import read_claims
from kg.claims.runs import read_links
from kg.cli.main import main

LIST = """
| 이름 | 사이즈 | 제작자 | 베이스 모델 | 상업적 사용 여부 | 가중치 |
|---|---|---|---|---|---|
| [KoX](https://x.example/kox) | 7B, 13B / 5.8B | [고려대학교](https://x.example/ku) | llama / Polyglot-Ko | ❌ / ✅ | [w](https://huggingface.co/ku/kox-13b) |
| A | 1B | b | llama-2 | ❓ | ❓ || B | ㅇ | c | ❓ | ✅ | [w](https://huggingface.co/c/B/tree/main) |
"""


def run(home: Path, *args: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), *args])


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    (tmp_path / "README.md").write_text(LIST, encoding="utf-8")
    result = run(tmp_path, "ingest", "awesome-korean-llm", str(tmp_path / "README.md"))
    assert result.exit_code == 0, result.output
    return tmp_path / "runs" / "awesome-korean-llm"


def said(folder: Path) -> set[tuple[str, str, object]]:
    return {(c.subject, c.property, c.said.value) for c in read_claims(folder / "claims.jsonl")}


def test_parallel_lists_in_one_row(listed: Path) -> None:
    claims = said(listed)
    model = "model/awesome-korean-llm/kox"
    assert (f"{model}-13b", "derivedFrom", "family/awesome-korean-llm/llama") in claims
    assert (f"{model}-5.8b", "derivedFrom", "family/awesome-korean-llm/polyglot-ko") in claims
    assert (f"{model}-7b", "commercialUse", "not allowed") in claims
    assert (f"{model}-5.8b", "commercialUse", "allowed") in claims
    assert (f"{model}-5.8b", "parameterCount", 5_800_000_000) in claims
    assert ("model/awesome-korean-llm/a", "commercialUse", None) in claims


def test_two_rows_on_one_line(listed: Path) -> None:
    names = {value for _, property, value in said(listed) if property == "label"}
    assert {"A", "B"} <= names


def test_exact_hub_ids_link(listed: Path) -> None:
    links = {(link.left, link.right) for link in read_links(listed)}
    assert links == {
        ("model/awesome-korean-llm/kox-13b", "model/hf/ku/kox-13b"),
        ("model/awesome-korean-llm/b", "model/hf/c/B"),
    }


def test_what_cannot_be_a_claim_is_kept(listed: Path) -> None:
    issues = (listed / "issues.jsonl").read_text(encoding="utf-8")
    assert '"rule":"size"' in issues and '"value":"ㅇ"' in issues and "README.md:5" in issues


def test_the_same_input_gives_the_same_run(listed: Path) -> None:
    before = (listed / "claims.jsonl").read_bytes()
    home = listed.parent.parent
    assert run(home, "ingest", "awesome-korean-llm", str(home / "README.md")).exit_code == 0
    assert (listed / "claims.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["awesome-korean-llm", "/no/such/path"], "there is no file or folder"),
        (["awesome-korean-llm", "ftp://x.example/README.md"], "not an http or https address"),
        (["awesome-korean-llm", __file__], "nothing that"),
        (["no-such-source"], "no-such-source"),
        ([], "--list"),
    ],
)
def test_bad_input(tmp_path: Path, args: list[str], says: str) -> None:
    result = run(tmp_path, "ingest", *args)
    assert result.exit_code == 2 and says in result.output
    assert not list((tmp_path / "runs").glob("*/claims.jsonl"))


def test_an_ingest_that_reads_nothing_keeps_the_run_before(tmp_path: Path) -> None:
    """As when a source has a new format: its records are found, and say nothing that can be read."""
    known, changed = tmp_path / "known", tmp_path / "changed"
    for folder, head in ((known, "project"), (changed, "system")):
        folder.mkdir()
        text = f"{head}: {{name: Oak, link: 'https://oak.example/', llmbase: Acorn}}\norg: {{name: o}}\n"
        (folder / "oak.yaml").write_text(text, encoding="utf-8")
    assert run(tmp_path, "ingest", "opening-up-chatgpt", str(known)).exit_code == 0
    claims = tmp_path / "runs" / "opening-up-chatgpt" / "claims.jsonl"
    before = claims.read_bytes()
    again = run(tmp_path, "ingest", "opening-up-chatgpt", str(changed))
    assert again.exit_code == 2 and "the run before it stays" in again.output
    assert again.output.count("\n") == 1 and before and claims.read_bytes() == before
    assert [p.name for p in (tmp_path / "runs").glob(".*.part")] == []
    korean = run(tmp_path, "ingest", "opening-up-chatgpt", str(changed), "--lang", "ko")
    assert "이전 수집 기록을 그대로 둡니다" in korean.output


def test_a_run_can_be_removed(listed: Path) -> None:
    home = listed.parent.parent
    assert "awesome-korean-llm" in run(home, "runs").output
    assert run(home, "runs", "--remove", "awesome-korean-llm").exit_code == 0
    assert not listed.exists()
    assert run(home, "runs", "--remove", "awesome-korean-llm").exit_code == 2
