"""Clocks that say the same on a machine that others use: CPU time of a call, of a process, of a session.

A server or a stage runs in a session of its own, so that its CPU seconds and its memory are those of all its
processes together; the wall is told apart, where it is what people feel.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")
_LOOK = 0.25  # seconds between two looks at the memory of a session
_APART = 20  # looks are so many times further apart than one takes, so that they cost what is measured little


class NotInstalled(Exception):
    """A program or package is not there, which is said in the row."""


class Stage(NamedTuple):
    """What one stage of a program cost."""

    name: str
    cpu: float  # seconds, of all processes
    wall: float
    peak: float  # MB, of all processes at once; memory that they share counts once
    disk: float  # MB in the folder that was watched, when the stage ended
    # The most MB that were no files they had mapped, which the system can take back
    own: float = 0.0


def cpu_ms(
    ask: Callable[[], object], times: int, clock: Callable[[], float] = time.process_time
) -> list[float]:
    """Milliseconds of some calls, in order of length; after one to warm up."""
    ask()
    taken = []
    for _ in range(times):
        start = clock()
        ask()
        taken.append((clock() - start) * 1e3)
    return sorted(taken)


def at(taken: Sequence[float], share: float) -> float:
    """The value below which a share of sorted values lies."""
    return taken[min(len(taken) - 1, int(len(taken) * share))]


def members(session: int) -> Iterator[tuple[int, list[str]]]:
    """Processes of a session, with the fields of their `stat` after the name."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                yield int(stat.parent.name), fields


def cpu_of(session: int) -> float:
    """CPU seconds of all processes of a session, and of the children they have waited for."""
    return sum(sum(map(int, fields[11:15])) for _, fields in members(session)) / _TICKS


def memory(pid: int | str, kind: str) -> float:
    """Megabytes of a process: Pss, Pss_File, Private_Dirty, …; 0 when it has ended."""
    return memories(pid).get(kind, 0.0)


def memories(pid: int | str) -> dict[str, float]:
    """All kinds of megabytes of a process; none when it has ended."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return {}
    found = re.findall(r"^(\w+):\s+(\d+) kB", text, re.M)
    return {kind: int(kilobytes) * 1024 / 1e6 for kind, kilobytes in found}


def megabytes(folder: Path) -> float:
    """What files below a folder, or a file, hold."""
    paths = [folder] if folder.is_file() else folder.rglob("*")
    total = 0
    for path in paths:
        with contextlib.suppress(OSError):  # what a build deletes while we look
            total += path.lstat().st_size if path.is_file() and not path.is_symlink() else 0
    return total / 1e6


def environment(**more: str) -> dict[str, str]:
    """Of the programs that are measured: bytecode is kept, as where Gyebo is installed."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"} | more


def mark(stage: str) -> None:
    """Say, in a program that `staged` runs, that a stage begins."""
    print(json.dumps([stage, cpu_of(os.getsid(0)), time.monotonic()]), flush=True)


class _Watch:
    """The most memory of a session in each stage, looked at now and then."""

    def __init__(self, session: int) -> None:
        self.peaks: dict[str, float] = {}
        self.own: dict[str, float] = {}
        self._session, self._stage = session, ""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def enter(self, stage: str) -> None:
        """A stage begins; short ones end before the thread comes by."""
        self._stage = stage
        self._look()

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        stage = self._stage
        used = own = 0.0
        for pid, _ in members(self._session):
            held = memories(pid)
            used += held.get("Pss", 0.0)
            own += held.get("Pss", 0.0) - held.get("Pss_File", 0.0)
        self.peaks[stage] = max(self.peaks.get(stage, 0.0), used)
        self.own[stage] = max(self.own.get(stage, 0.0), own)

    def _run(self) -> None:
        pause = _LOOK
        while not self._over.wait(pause):
            began = time.monotonic()
            self._look()  # takes long where processes hold gigabytes of mapped files
            pause = max(_LOOK, _APART * (time.monotonic() - began))


def staged(command: Sequence[str], watched: Path) -> list[Stage]:
    """Run a program that tells its stages with `mark`, the last of which is "end".

    Raises:
        subprocess.CalledProcessError: it failed; what it said is in its `stderr`.
    """
    marks: list[tuple[str, float, float, float]] = []
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        watch = _Watch(process.pid)
        try:
            assert process.stdout
            for line in process.stdout:
                name, cpu, when = json.loads(line)
                watch.enter(name)
                marks.append((name, cpu, when, megabytes(watched)))
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            watch.end()
        if process.wait():
            said.seek(0)
            text = said.read()[-2000:].decode(errors="replace")
            raise subprocess.CalledProcessError(process.returncode, command, stderr=text)
    return [
        Stage(
            name,
            next_cpu - cpu,
            end - begin,
            watch.peaks.get(name, 0.0),
            disk,
            watch.own.get(name, 0.0),
        )
        for (name, cpu, begin, _), (_, next_cpu, end, disk) in pairwise(marks)
    ]


def python(*arguments: str, timeout: float = 900, program: str = sys.executable) -> str:
    """What a Python program prints."""
    done = subprocess.run(
        [program, *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=True,
    )
    return done.stdout
