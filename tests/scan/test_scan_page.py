"""docs/scan.md: its commands, its file of settings and its program are run."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import main
from kg.scan.ignores import read_ignores
from kg.scan.scan import scan_text
from tests.gendocs import ROOT

PAGE = (ROOT / "docs" / "scan.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_its_commands_run(
    snapshot_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "app.py").write_text("model = 'gpt-4o'\n")
    lines = [line for line in blocks("")[0].splitlines() if line.startswith("gyebo scan")]
    assert len(lines) == 7
    for line in lines:
        command, _, file = line.partition(" > ")
        words = shlex.split(command, comments=True)[1:]
        result = CliRunner().invoke(main, ["--home", str(snapshot_home), *words])
        if file:
            Path(file.split()[0]).write_text(result.stdout, encoding="utf-8")
        assert result.exit_code in (0, 4), (line, result.output)


def test_its_settings_and_comment_are_understood(tmp_path: Path) -> None:
    (tmp_path / "gyebo.toml").write_text(blocks("toml")[0])
    assert [entry.path for entry in read_ignores(tmp_path)] == ["benchmarks/"]
    (found,) = scan_text(blocks("python")[0], "a.py")
    assert found.ignored == "only in tests, never shipped"


def test_its_program_runs(
    snapshot_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GYEBO_HOME", str(snapshot_home))
    (tmp_path / "app.py").write_text("model = 'gpt-4o'\n")
    exec(compile(blocks("python")[1], "docs/scan.md", "exec"), {})
    assert "gpt-4o app.py" in capsys.readouterr().out
