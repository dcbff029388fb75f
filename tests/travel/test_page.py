"""docs/travel.md: its commands run as they are written; and what the commands say."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli.main import main
from kg.travel._lists import PART, POINTER
from kg.travel.prune import GRACE
from kg.travel.storage import PASSWORD, TOKEN, USER

PAGE = (Path(__file__).parents[2] / "docs" / "travel.md").read_text(encoding="utf-8")


def gyebo(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, arguments)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    assert done.exit_code == code, (arguments, done.output)
    return done


def test_the_commands_of_the_page(first: Path, tmp_path: Path) -> None:
    commands = re.findall(
        r"^gyebo .+$", "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)), re.M
    )
    assert len(commands) == 6
    storage, node = tmp_path / "releases", tmp_path / "node"
    for command in commands:
        if command == "gyebo build":
            continue
        there = command.replace("/mnt/releases", str(storage)).replace("/var/lib/gyebo", str(node))
        _, *arguments = shlex.split(there)
        home = () if "--home" in arguments else ("--home", str(first))
        gyebo(*home, *arguments)
    assert (node / "current").is_dir()


def test_the_page_says_what_is_so() -> None:
    for name in (USER, PASSWORD, TOKEN, POINTER, f"{PART >> 20} MiB"):
        assert name in PAGE
    assert GRACE == 24 and "within a day" in PAGE


def test_answers_as_json(first: Path, second: Path, tmp_path: Path) -> None:
    url = str(tmp_path / "storage")
    for home in (first, second):
        sent = json.loads(gyebo("--home", str(home), "publish", url, "--json").stdout)
    assert sent["place"] == url and sent["switched"] and sent["sent_bytes"] < sent["bytes"]
    pulled = json.loads(gyebo("--home", str(tmp_path / "n"), "pull", url, "--json").stdout)
    assert (pulled["release"], pulled["snapshot"]) == (sent["release"], "0002")
    arguments = ("prune", url, "--keep", "1", "--grace", "0", "--json")
    pruned = json.loads(gyebo(*arguments).stdout)
    assert pruned["kept"] == [sent["release"]] and pruned["objects"] > 10


def test_answers_in_words(first: Path, second: Path, tmp_path: Path) -> None:
    url, node = str(tmp_path / "storage"), str(tmp_path / "node")
    said = gyebo("--home", str(first), "publish", url).stdout
    assert re.fullmatch(
        rf"release \w+: \d+ files, [\d,]+ bytes, of which [\d,]+ bytes were sent; {url} offers it now\n",
        said,
    )
    assert gyebo("--home", str(first), "publish", url).stdout.endswith("offered it already\n")
    assert "is snapshot 0001" in gyebo("--home", node, "pull", url).stdout
    assert "is here already" in gyebo("--home", node, "pull", url).stdout
    korean = gyebo("--home", node, "pull", url, "--lang", "ko").stdout
    assert re.search("[가-힣]", korean)
    gyebo("--home", str(second), "publish", url)
    arguments = ("prune", url, "--keep", "1", "--grace", "0")
    assert "would be deleted" in gyebo(*arguments, "--dry-run").stdout
    assert "1 release and" in gyebo(*arguments).stdout


def test_what_is_wrong_is_one_line(first: Path, tmp_path: Path) -> None:
    empty = str(tmp_path / "empty")
    for code, arguments in (
        (1, ("--home", empty, "publish", str(tmp_path / "s"))),
        (1, ("--home", empty, "pull", str(tmp_path / "s"))),
        (1, ("prune", str(tmp_path / "s"), "--keep", "1")),
        (2, ("--home", empty, "pull", "")),
        (2, ("--home", empty, "pull", "file://elsewhere/x")),
        (2, ("prune", str(tmp_path / "s"), "--keep", "0")),
        (2, ("prune", str(tmp_path / "s"))),
        (2, ("--home", empty, "pull")),
    ):
        done = gyebo(*arguments, code=code)
        assert done.stdout == "" and done.stderr
        if "Usage" not in done.stderr:
            assert re.fullmatch(r"gyebo: [^\n]+\n", done.stderr), done.stderr


def test_a_home_that_cannot_be_made(first: Path, tmp_path: Path) -> None:
    gyebo("--home", str(first), "publish", str(tmp_path / "s"))
    (tmp_path / "file").write_text("")
    done = gyebo("--home", str(tmp_path / "file" / "home"), "pull", str(tmp_path / "s"), code=1)
    assert re.fullmatch(r"gyebo: [^\n]+Not a directory[^\n]*\n", done.stderr)


def test_doctor_says_where_a_release_was_taken_from(first: Path, tmp_path: Path) -> None:
    url, node = str(tmp_path / "s"), str(tmp_path / "node")
    gyebo("--home", str(first), "publish", url)
    gyebo("--home", node, "pull", url)
    done = CliRunner().invoke(main, ["--home", node, "doctor", "--json"])
    told = {one["about"]: one["text"] for one in json.loads(done.stdout)}
    assert f"was taken from {url}, where it was published on 20" in told["release"]
    assert "gyebo build" not in told["snapshot"]


def test_the_address_may_stand_in_the_environment(
    first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gyebo("--home", str(first), "publish", str(tmp_path / "s"))
    monkeypatch.setenv("GYEBO_FROM", str(tmp_path / "s"))
    gyebo("--home", str(tmp_path / "node"), "pull")
    shutil.rmtree(tmp_path / "node")
