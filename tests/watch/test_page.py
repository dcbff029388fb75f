"""docs/watch.md: its commands run as they are written, and end as it says."""

from __future__ import annotations

import re
import shlex
from contextlib import chdir
from pathlib import Path

from click.testing import CliRunner
from flask.testing import FlaskClient

from kg.cli.main import main
from kg.snapshot.snapshot import Snapshot
from kg.watch.lock import read_lock

PAGE = (Path(__file__).parents[2] / "docs" / "watch.md").read_text(encoding="utf-8")


def test_the_commands_of_the_page(snapshot: Snapshot, snapshot_home: Path, tmp_path: Path) -> None:
    models = re.search(r"^```text models\.txt\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert models
    (tmp_path / "models.txt").write_text(models[1], encoding="utf-8")
    commands = re.findall(
        r"^gyebo .+$", "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)), re.M
    )
    assert len(commands) >= 9
    built = snapshot.history.summary.built[:10]
    with chdir(tmp_path):
        for command in commands:
            _, *arguments = shlex.split(command.replace("2026-11-29", built))
            done = CliRunner().invoke(main, ["--home", str(snapshot_home), *arguments])
            assert done.exit_code == 0, (command, done.output)
        assert (tmp_path / "kr.lock").exists()
        held = read_lock(tmp_path / "gyebo.lock").held
    assert held["initech/our-own-7b"].verdict == "unknown"
    assert held["meta-llama/Llama-2-7b-hf"].revision == "main"


def test_the_addresses_of_the_page(client: FlaskClient) -> None:
    addresses = re.findall(r"`(/[^`]*changes\.atom[^`]*)`", PAGE)
    assert len(addresses) == 2
    for address in addresses:
        assert client.get(address).mimetype == "application/atom+xml"
