"""Work that is shared among processes comes back as if one had done it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from kg.errors import BuildError
from kg.work.workers import Start, Workers, count_processes, cut_ranges, start_processes
from tests.waiting import wait_until


@contextmanager
def adding(base: int) -> Iterator[Callable[[range], tuple[int, int]]]:
    """Sums ranges, and says in which process."""

    def add(part: range) -> tuple[int, int]:
        if 13 in part and base < 0:
            raise ValueError("unlucky")
        return base + sum(part), os.getpid()

    yield add


def test_ranges_are_cut_at_the_same_places() -> None:
    assert [*cut_ranges(5, 2)] == [range(0, 2), range(2, 4), range(4, 5)]
    assert [*cut_ranges(0)] == []


def add_up(
    base: int, ranges: Iterable[range], processes: int = 2, start: Start = start_processes
) -> list[tuple[int, int]]:
    with Workers(processes, start) as workers:
        return [*workers.map(partial(adding, base), ranges)]


def test_results_come_in_order_from_other_processes() -> None:
    ranges = [*cut_ranges(20, 2)]
    alone = add_up(100, ranges, 1)
    shared = add_up(100, ranges)
    assert [total for total, _ in shared] == [total for total, _ in alone]
    assert {process for _, process in alone} == {os.getpid()}
    assert os.getpid() not in {process for _, process in shared}


def test_any_executor_will_do() -> None:
    def threads(count: int) -> Executor:
        return ThreadPoolExecutor(count)

    found = add_up(1, cut_ranges(6, 3), 2, threads)
    assert [total for total, _ in found] == [4, 13]


def test_what_goes_wrong_in_a_process_goes_wrong_here() -> None:
    with pytest.raises(ValueError, match="unlucky"):
        add_up(-1, cut_ranges(40, 4))


def test_one_executor_does_one_work_after_the_other() -> None:
    started: list[int] = []

    def start(count: int) -> Executor:
        started.append(count)
        return ThreadPoolExecutor(count)

    with Workers(2, start) as workers:
        assert [t for t, _ in workers.map(partial(adding, 1), [range(2)])] == [2]
        assert [t for t, _ in workers.map(partial(adding, 5), [range(2), range(3)])] == [6, 8]
    assert started == [2]


def test_little_work_is_not_shared() -> None:
    with Workers(2, many=10) as workers:
        assert [*workers.map(partial(adding, 0), [range(3)], 9)] == [(3, os.getpid())]


def test_no_more_is_taken_than_is_soon_worked_on() -> None:
    taken: list[int] = []

    def parts() -> Iterator[range]:
        for number in range(50):
            taken.append(number)
            yield range(number)

    def start(count: int) -> Executor:
        return ThreadPoolExecutor(count)

    with Workers(2, start) as workers:
        results = workers.map(partial(adding, 0), parts())
        assert [next(results)[0] for _ in range(10)] == [sum(range(n)) for n in range(10)]
        assert len(taken) <= 10 + 2 * 4  # two processes, for each of which four tasks wait
        assert len([*results]) == 40


_KILLED = """
import sys, time
from tests.work.test_workers import slow
from kg.work.workers import Workers
if __name__ == "__main__":
    with Workers(2) as workers:
        for process in workers.map(slow, range(1000)):
            print(process, flush=True)
"""


@contextmanager
def slow() -> Iterator[Callable[[int], int]]:
    """Takes a while, and says in which process."""

    def wait(part: int) -> int:
        time.sleep(0.05)
        return os.getpid()

    yield wait


@contextmanager
def ending() -> Iterator[Callable[[int], int]]:
    """Ends its process, as a system does that has no memory left."""

    def end(part: int) -> int:
        os._exit(9)

    yield end


def test_a_process_that_ends_before_its_time_is_told() -> None:
    with (
        Workers(2) as workers,
        pytest.raises(BuildError, match=r"ended before its time.*build_workers"),
    ):
        [*workers.map(ending, range(9))]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks /proc who is there")
def test_processes_end_with_the_one_that_is_killed(tmp_path: Path) -> None:
    (tmp_path / "killed.py").write_text(_KILLED)
    command = [sys.executable, str(tmp_path / "killed.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as killed:
        assert killed.stdout
        at_work = {int(killed.stdout.readline()) for _ in range(10)}
        killed.kill()
    assert killed.pid not in at_work
    wait_until(lambda: not any(map(_is_there, at_work)))


def _is_there(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2]
    except OSError:
        return False
    return not state.startswith("Z")


def test_a_number_of_processes_is_kept_and_none_means_the_cores() -> None:
    assert count_processes(3) == 3
    assert 1 <= count_processes(0) <= (os.cpu_count() or 1)


@contextmanager
def holding(file: Path) -> Iterator[Callable[[range], int]]:
    """Holds a file open for as long as the work lasts."""
    with file.open():
        yield len


def note_open_files(out: Path) -> None:
    """Write which files this process has open."""
    links = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    out.write_text("\n".join(map(str, links)))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells open files")
def test_what_a_task_had_open_is_let_go_for_other_work(tmp_path: Path) -> None:
    held, out = tmp_path / "held", tmp_path / "out"
    held.touch()
    with Workers(2, lambda _: start_processes(1)) as workers:
        assert [*workers.map(partial(holding, held), [range(3)])] == [3]
        workers.begin(partial(note_open_files, out)).result()
    assert str(tmp_path) not in out.read_text()
