"""Work that is shared among processes comes back as if one had done it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest

from kg.work.workers import Start, Workers, count_processes, cut_ranges, start_processes


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


def test_a_number_of_processes_is_kept_and_none_means_the_cores() -> None:
    assert count_processes(3) == 3
    assert 1 <= count_processes(0) <= (os.cpu_count() or 1)
