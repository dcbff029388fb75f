"""What long commands show while they work: bars on a terminal, a line for each stage elsewhere."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.build.backup import write_backup
from kg.cli._progress import ProgressBars
from kg.cli.main import main
from tests.conftest import Corner
from tests.large import write_family

STAGES = "read sort resolve write export store compare search manifest".split()


def on_a_terminal(*command: str | Path) -> tuple[int, str]:
    """What a command writes to a terminal of 100 columns, as standard error."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    root = str(Path(__file__).parents[2])
    environ = os.environ | {"PYTHONPATH": root}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=theirs, env=environ
    ) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 65_536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not piece:
                break
            seen += piece
    os.close(ours)
    return process.returncode, seen.decode()


def test_a_build_on_a_terminal_shows_how_much_is_done(corner: Corner) -> None:
    write_family(corner.config.home / "runs" / "large", 1_500)
    arguments = ["--home", corner.config.home, "build", "--data", corner.data]
    code, seen = on_a_terminal(sys.executable, "-m", "kg.cli", *arguments)
    assert code == 0 and "about a minute" in seen
    at = [seen.find(f"{stage}: ") for stage in STAGES]
    assert -1 not in at and at == sorted(at)
    assert re.search(r"(resolve|write|search): +\d+%\|.*\d+/\d+ \[\d\d:\d\d<\d\d:\d\d", seen)
    assert seen.rpartition("\r")[2].strip() == ""  # nothing of a bar is left
    code, again = on_a_terminal(sys.executable, "-m", "kg.cli", *arguments)
    assert (code, again) == (0, "")  # nothing to do, and no first build


def test_elsewhere_each_stage_is_a_line(corner: Corner) -> None:
    arguments = ["--home", str(corner.config.home), "build", "--data", str(corner.data)]
    lines = CliRunner().invoke(main, arguments).stderr.splitlines()
    assert lines[1:] == [f"{stage} …" for stage in STAGES]
    told = CliRunner(env={"GYEBO_LANG": "ko"}).invoke(main, [*arguments, "--force"]).stderr
    assert told.splitlines() == lines[1:]


def test_the_first_build_says_how_long_it_takes_in_korean(corner: Corner) -> None:
    arguments = ["--home", str(corner.config.home), "build", "--data", str(corner.data)]
    told = CliRunner(env={"GYEBO_LANG": "ko"}).invoke(main, arguments).stderr
    assert told.startswith("첫 빌드에는 약 1분이 걸립니다.")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_bytes_are_told_with_their_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    out = Terminal()
    bars = ProgressBars(out, plain=False)
    moved = bars.watch_bytes("fetch", 3_000_000)
    time.sleep(0.3)
    moved(1_500_000)
    assert re.search(r"fetch: +50%\|.*1\.50M/3\.00M .*MB/s", out.getvalue())
    unknown = bars.watch_bytes("read")
    time.sleep(0.3)
    unknown(2_000_000)
    assert re.search(r"read: 2\.00MB .*MB/s", out.getvalue())
    bars.close()
    nowhere = io.StringIO()
    ProgressBars(nowhere, plain=False).watch_bytes("fetch", 10)(10)
    assert nowhere.getvalue() == ""


def test_in_a_log_what_takes_long_is_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 100.0
    monkeypatch.setattr("kg.cli._progress.monotonic", lambda: clock)
    out = io.StringIO()
    bars = ProgressBars(out)
    bars.stage("search", 0, 1000)
    for seconds, done in ((10, 100), (29, 290), (30, 300), (45, 450), (61, 610)):
        clock = 100.0 + seconds
        bars.stage("search", done, 1000)
    quiet = ProgressBars(out, plain=False)
    moved = quiet.watch_bytes("fetch", 3_000_000)
    clock += 60
    moved(1_500_000)
    assert out.getvalue().splitlines() == [
        "search …",
        "search:  30% 300/1000 [00:30<01:10, 10.00/s]",
        "search:  61% 610/1000 [01:01<00:39, 10.00/s]",
        "fetch:  50% 1.50M/3.00M [01:00<01:00, 25.0kB/s]",
    ]


@pytest.mark.parametrize(
    ("command", "stages"),
    [
        (["backup", "{there}/b.tar.gz", "--data", "{data}"], ["read", "write"]),
        (["restore", "{there}/a.tar.gz", "--data", "{data}", "--force"], ["read"]),
        (["dump", "{there}"], ["export"]),
        (["export", "nquads", "-o", "{there}/g.nq"], ["export"]),
        (["export", "csv", "-o", "{there}/g.csv"], ["export"]),
        (["publish", "--bulk", "{there}/g.nq.gz"], ["write"]),
        (["publish", "{there}/storage"], ["publish"]),
    ],
    ids=lambda value: value[0],
)
def test_what_reads_a_whole_release_shows_how_far_it_is(
    command: list[str], stages: list[str], corner: Corner, tmp_path: Path
) -> None:
    corner.build().close()
    write_backup(tmp_path / "a.tar.gz", corner.config.home, corner.data)
    home = ["--home", str(corner.config.home)]
    arguments = [one.format(there=tmp_path, data=corner.data) for one in command]
    code, seen = on_a_terminal(sys.executable, "-m", "kg.cli", *home, *arguments)
    assert code == 0
    for stage in stages:
        assert re.search(rf"{stage}: +\d+%\|", seen)
