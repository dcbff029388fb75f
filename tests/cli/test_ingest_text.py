"""What `gyebo ingest` prints of a user's own models: each of a few, a summary of many, and what was passed over."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli.main import main

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


@pytest.fixture
def home(snapshot_home: Path, tmp_path: Path) -> Path:
    """A home of its own with the shared snapshot."""
    for name in ("snapshots", "current"):
        (tmp_path / name).symlink_to(snapshot_home / name)
    return tmp_path


def ingest(home: Path, *args: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "ingest", *args])


def many(home: Path, count: int = 25) -> str:
    """A folder of so many cards: most name a model of the snapshot, five a path, three a stranger, one is no card."""
    cards = home / "cards"
    for number in range(count):
        base = "EleutherAI/polyglot-ko-5.8b"
        base = "/home/kim/x" if number < 5 else "no/where" if number < 8 else base
        at = cards / f"m{number}" / "README.md"
        at.parent.mkdir(parents=True)
        at.write_text(f"---\nlicense: apache-2.0\nbase_model: {base}\n---\n", encoding="utf-8")
    (cards / "README.md").write_text("# All cards", encoding="utf-8")
    return str(cards)


def test_many_models_end_with_a_summary(home: Path) -> None:
    lines = ingest(home, "folder", many(home)).output.splitlines()
    assert lines[0].startswith("folder-cards: 25 records")
    assert "  1 × no model cards: README.md" in lines and "  5 × parent-path" in lines
    assert "25 models" in lines and len(lines) < 20
    verdicts = next(line for line in lines if line.startswith("  commercial use: "))
    assert sum(int(part.split()[-1]) for part in verdicts.split(": ")[1].split(" · ")) == 25
    assert "not known 8" in verdicts
    assert "  name a parent that is not in the snapshot: 3" in lines
    why = "its parent is a local path or file, which names nothing outside that machine"
    assert f"  5 × {why}" in lines
    assert "kim" not in "".join(lines)


def test_all_of_many_models_on_request(home: Path) -> None:
    cards = many(home)
    shown = ingest(home, "folder", cards, "--all").output
    assert all(f"m{number} (model/local/m{number})" in shown for number in range(25))
    told = json.loads(ingest(home, "folder", cards, "--json").stdout)
    assert len(told["models"]) == 25 and told["issues"]["parent-path"] == 5


def test_a_few_models_are_shown_each(home: Path) -> None:
    shown = ingest(home, "folder", many(home, 20)).output
    assert "m19 (model/local/m19)" in shown and "20 models" not in shown


def test_the_summary_in_korean(home: Path) -> None:
    shown = ingest(home, "folder", many(home), "--lang", "ko").output
    for told in (
        "모델 25개",
        "모델 카드가 아닌 파일: README.md",
        "상위 모델을 그 컴퓨터에서만 통하는",
    ):
        assert told in shown
    assert "parents cannot be found" not in shown and "models" not in shown.split("\n", 1)[
        1
    ].replace(str(home), "")


def test_files_that_cannot_be_read_are_told_with_why(home: Path) -> None:
    path = home / "mine"
    path.mkdir()
    (path / "README.md").write_text("---\nlicense: mit\n---", encoding="utf-8")
    for number in range(6):
        (path / f"model-{number}.safetensors").write_text(POINTER, encoding="utf-8")
    shown = ingest(home, "folder", str(path)).output
    names = ", ".join(f"model-{number}.safetensors" for number in range(4))
    assert f"6 × cannot be read: {names} and 2 more: a Git LFS pointer" in shown


@pytest.mark.parametrize(
    ("source", "name", "text", "told"),
    [
        ("bom", "x.json", '{"spdxVersion": "SPDX-2.3"}', "SPDX 2"),
        ("bom", "x.json", "{", "not JSON"),
        ("card", "x.md", POINTER, "a Git LFS pointer"),
        ("folder", "eval.yaml", "models: [{model: a/b}]", "it makes no merge"),
    ],
)
def test_a_file_is_named_once(home: Path, source: str, name: str, text: str, told: str) -> None:
    path = home / name
    path.write_text(text, encoding="utf-8")
    result = ingest(home, source, str(path))
    assert result.exit_code == 2 and told in result.output
    assert result.output.count(name) == 1


def test_of_much_that_is_no_model_the_number_is_told(home: Path) -> None:
    for name in ("a", "b", "c"):
        (home / "project" / name).mkdir(parents=True)
        (home / "project" / name / "README.md").write_text("# x", encoding="utf-8")
    result = ingest(home, "folder", str(home / "project"))
    assert result.exit_code == 2 and "(a/README.md); and 2 more" in result.output
