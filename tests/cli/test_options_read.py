"""What a user names as a file may have no end; then it is said so, and soon."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import main


@pytest.mark.parametrize(
    "command",
    [
        ["query", "/dev/zero"],
        ["license", "--file", "/dev/zero"],
        ["license", "x", "--profile", "/dev/zero"],
        ["export", "csv", "--query", "/dev/zero", "-o", "-"],
        ["ingest", "hub", "/dev/zero"],
        ["ingest", "bom", "/dev/urandom"],
    ],
)
def test_a_device_is_refused(snapshot_home: Path, tmp_path: Path, command: list[str]) -> None:
    home = tmp_path if command[0] == "ingest" else snapshot_home
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "--home", str(home), *command],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "/dev/" in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "command"),
    [
        ("models.txt", "alpaca-7b\r\n", ["license", "--file"]),
        ("who.toml", 'mau = 5\r\ncountry = "KR"\r\n', ["license", "alpaca-7b", "--profile"]),
        ("who.yaml", "mau: 5\r\n", ["license", "alpaca-7b", "--profile"]),
        (
            "README.md",
            "---\r\nbase_model: lmsys/vicuna-7b-delta-v0\r\n---\r\n",
            ["license", "--card"],
        ),
        ("q.rq", "SELECT * { ?s ?p ?o } LIMIT 1", ["query"]),
    ],
)
def test_the_mark_of_an_editor_of_windows_is_no_part_of_a_file(
    snapshot_home: Path, tmp_path: Path, name: str, text: str, command: list[str]
) -> None:
    (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    words = ["--home", str(snapshot_home), *command, str(tmp_path / name)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code in ((0,) if command == ["query"] else (3,)), done.output
    assert "\ufeff" not in done.output
