"""The files on the page about deployment: the units are sound, alike, and start commands that exist."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from kg.cli.main import main
from web.site.docs import EXAMPLES

UNITS = sorted(path.name for path in EXAMPLES.glob("gyebo*.*"))
GYEBO = "/opt/gyebo/.venv/bin/gyebo"
HARDENED = (
    "NoNewPrivileges",
    "PrivateTmp",
    "ProtectHome",
    "ProtectSystem",
    "StateDirectory",
    "User",
)


def options(name: str) -> dict[str, dict[str, list[str]]]:
    """The options of a unit by section; one may stand several times."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    section = ""
    for line in (EXAMPLES / name).read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found[section][key].append(value)
    return found


def commands() -> list[list[str]]:
    """What the units and the cron line start, after the name of the program."""
    texts = [(EXAMPLES / name).read_text("utf-8") for name in UNITS]
    return [shlex.split(after) for text in texts for after in re.findall(rf"{GYEBO} (.*)", text)]


def test_the_examples_are_those_of_a_service_and_of_updates() -> None:
    ends = ("gyebo-update.cron", "gyebo-update.service", "gyebo-update.timer", "gyebo.service")
    assert tuple(UNITS) == ends


def test_what_they_start_is_understood() -> None:
    started = commands()
    assert [words[0] for words in started] == ["update", "update", "serve"]
    for words in started:
        done = CliRunner().invoke(main, [*words, "--help"])
        assert done.exit_code == 0 and "Usage" in done.output
        assert all(word in done.output for word in words if word.startswith("--"))


def test_the_update_runs_where_the_server_does() -> None:
    """The same user, folder and base, and as little leave: else the server would not see the snapshot."""
    server, update = options("gyebo.service")["Service"], options("gyebo-update.service")["Service"]
    assert all(server[name] == update[name] != [] for name in HARDENED)
    assert set(update["Environment"]) <= set(server["Environment"])
    cron = (EXAMPLES / "gyebo-update.cron").read_text("utf-8").splitlines()
    assert set(update["Environment"]) == {line for line in cron if line.startswith("GYEBO_")}
    [line] = [line.split() for line in cron if line[0].isdigit()]
    assert len(line[:5]) == 5 and line[5] == update["User"][0]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    """Every unit as it is shown, but for the program, which stands elsewhere here."""
    units = [name for name in UNITS if not name.endswith(".cron")]
    for name in units:
        text = (EXAMPLES / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace(GYEBO, shutil.which("true") or ""))
    command = ["systemd-analyze", "verify", "--man=no", *(tmp_path / name for name in units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    about = [line for line in done.stderr.splitlines() if "gyebo" in line]
    assert (done.returncode, about) == (0, []), done.stderr
    (tmp_path / units[0]).write_text("[Service]\nType=oneshot\nExecStrat=/bin/true\n")
    broken = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "ExecStrat" in broken.stderr


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_page_shows_them_all(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/about/deployment?lang={lang}", headers={"Accept": "text/html"}).text
    assert all(f"<code>{name}</code>" in page for name in UNITS)
    assert "OnCalendar=*-*-* 04:17" in page and "gyebo update" in page
