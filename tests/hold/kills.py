"""Builds and ingests killed at one call to the system after the other, and what must stand all the same.

    python -m tests.hold.kills builds HOME DATA FIRST STEP TRIALS
    python -m tests.hold.kills ingests HOME CARDS FIRST STEP TRIALS

A child is forked for each trial. It kills itself with SIGKILL at the n-th event that Python audits on a file
below the home folder (open, rename, mkdir, remove, link …); of three trials one is killed by its parent at a
moment drawn by chance, which also hits what happens in native code. The parent itself opens no store: RocksDB's
threads do not survive a fork.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from kg.build.build import build
from kg.claims.runs import read_runs
from kg.config import load_config
from kg.ingest.ingest import IngestRequest, ingest
from kg.snapshot.layout import Layout
from kg.snapshot.seal import check_bytes

_EVENTS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "shutil.rmtree"}

Work = Callable[[], object]
Look = Callable[[int], None]


class Trials(NamedTuple):
    """At which events work is killed."""

    first: int
    step: int
    number: int


def _die_at(home: Path, number: int) -> None:
    """Kill this process at its n-th event below a folder."""
    left = number

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in _EVENTS and any(str(home) in str(a) for a in arguments[:2]):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _forked(work: Work) -> int:
    """The process of a child that does some work."""
    child = os.fork()
    if not child:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return child


def done(work: Work) -> float:
    """Let a child do some work to its end; how many seconds it took.

    Raises:
        RuntimeError: it failed.
    """
    started = time.perf_counter()
    _, status = os.waitpid(_forked(work), 0)
    if status:
        raise RuntimeError(f"what was not killed failed: {status}")
    return time.perf_counter() - started


def kill(work: Work, home: Path, trials: Trials, look: Look) -> Counter[str]:
    """Kill work at one event after the other, and look after each; how often it was killed, and how.

    Args:
        work: what is done.
        home: the folder whose files count.
        trials: at which events.
        look: called with the number of the trial when its child is dead.
    """
    seconds = done(work)
    found: Counter[str] = Counter()
    number = trials.first
    for turn in range(trials.number):
        by_chance = turn % 3 == 2
        at = 0 if by_chance else number
        child = _forked(lambda at=at: _work_until(work, home, at))  # type: ignore[misc]
        if by_chance:
            time.sleep(random.uniform(0, seconds))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        ended = os.WIFSIGNALED(status)
        found["killed by chance" if by_chance else "killed at an event"] += ended
        if not by_chance:
            number = number + trials.step if ended else trials.first + 1  # past the last event
        look(turn)
    return found


def _work_until(work: Work, home: Path, number: int) -> None:
    if number:
        _die_at(home, number)
    work()


def kill_builds(home: Path, data: Path, trials: Trials) -> Counter[str]:
    """Kill builds; `current` must name a whole snapshot each time, and every tenth time the next build is done."""
    config, layout = load_config(home=home), Layout(home)
    counts: Counter[str] = Counter()

    def again() -> object:
        return build(config, data, force=True)

    def look(turn: int) -> None:
        check_bytes(layout.current_folder())  # raises, which fails the trial
        counts["whole"] += 1
        if turn % 10 == 9:
            done(again)
            counts["built after it"] += 1
            counts["litter"] += len(list(layout.snapshots.iterdir())) > 2

    return kill(again, home, trials, look) + counts


def kill_ingests(home: Path, cards: Path, trials: Trials) -> Counter[str]:
    """Kill ingests of what a run holds already; the run must be there each time, as it was."""
    asked = IngestRequest("folder", str(cards), name="cards")
    counts: Counter[str] = Counter()

    def again() -> object:
        return ingest(home, asked)

    def look(turn: int) -> None:
        held = [run.counts for run in read_runs(home / "runs")]
        counts["whole" if held == whole else "lost"] += 1

    done(again)
    whole = [run.counts for run in read_runs(home / "runs")]
    found = kill(again, home, trials, look) + counts
    done(again)
    found["litter"] = sum(p.suffix in (".part", ".old") for p in (home / "runs").iterdir())
    return found


if __name__ == "__main__":
    what, home, source, *numbers = sys.argv[1:]
    asked_for = Trials(*map(int, numbers))
    random.seed(asked_for.first)
    act = {"builds": kill_builds, "ingests": kill_ingests}[what]
    print(json.dumps(act(Path(home), Path(source), asked_for)))
