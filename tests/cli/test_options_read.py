"""What a user names as a file may have no end; then it is said so, and soon."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


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
