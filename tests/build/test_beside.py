"""Stages that need nothing of each other: at once or one after the other, and none is left when one fails."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event

import pytest

from kg.build._beside import StagesBeside
from kg.files.progress import Stage
from kg.work.workers import Workers

Told = list[tuple[str, int, int]]


def note(told: Told) -> Stage:
    return lambda *done: told.append(done)


def put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def fail() -> None:
    raise OSError(28, "No space left on device")


def test_where_nothing_is_shared_each_is_done_when_it_is_given(tmp_path: Path) -> None:
    told: Told = []
    with Workers() as workers, StagesBeside(workers, False, note(told)) as beside:
        beside.task("export", partial(put, tmp_path / "a", "a"))
        assert (tmp_path / "a").exists()
        beside.thread("store", lambda stage: stage("store", 1, 2))
        assert told == [("store", 1, 2)]
        with pytest.raises(OSError, match="No space"):
            beside.task("briefs", fail)
        beside.wait()


def test_a_process_does_a_stage_while_another_goes_on(tmp_path: Path) -> None:
    told: Told = []
    go = Event()

    def store(stage: Stage) -> None:
        stage("store", 1, 2)  # not told: another stage is in front
        go.wait(60)
        stage("store", 2, 2)

    with Workers(2, many=0) as workers, StagesBeside(workers, True, note(told)) as beside:
        beside.task("export", partial(put, tmp_path / "a", "a"))
        beside.thread("store", store)
        beside.tell("search", 1, 1)
        go.set()
        beside.wait()
    assert (tmp_path / "a").read_text(encoding="utf-8") == "a"
    assert told[0] == ("search", 1, 1) and ("store", 1, 2) not in told


def started(count: int) -> Executor:
    return ThreadPoolExecutor(count)


def failing_task(beside: StagesBeside) -> None:
    beside.task("export", fail)


def failing_thread(beside: StagesBeside) -> None:
    beside.thread("store", lambda stage: fail())


@pytest.mark.parametrize("begin", [failing_task, failing_thread])
def test_what_fails_beside_ends_the_stage_in_front(begin: Callable[[StagesBeside], None]) -> None:
    with (
        pytest.raises(OSError, match="No space"),
        Workers(2, started, many=0) as workers,
        StagesBeside(workers, True, note([])) as beside,
    ):
        begin(beside)
        while True:
            beside.tell("search", 1, 2)


def test_a_thread_ends_when_the_stage_in_front_fails() -> None:
    def store(stage: Stage) -> None:
        while True:
            stage("store", 1, 2)

    with (
        pytest.raises(KeyboardInterrupt),
        Workers(2, started, many=0) as workers,
        StagesBeside(workers, True, note([])) as beside,
    ):
        beside.thread("store", store)
        raise KeyboardInterrupt
