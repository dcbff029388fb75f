"""Work that is shared among processes: the one place where a build hands work to an executor.

A task names what it works on and where the work is told, and nothing else, so any executor of
`concurrent.futures` can carry it, on this machine or on others that see the same disk. What comes back comes in
the order in which it was asked for, whoever was done first: the number of processes changes no byte.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

_T = TypeVar("_T")
Work = Callable[[range], _T]
Prepare = Callable[[], AbstractContextManager[Work[_T]]]  # what can be pickled

PART = 1024  # lines of a task
_AHEAD = 2  # tasks for each process that wait, or whose results do


def cut_ranges(total: int, size: int = PART) -> Iterator[range]:
    """Lines as tasks, always cut at the same places."""
    for start in range(0, total, size):
        yield range(start, min(start + size, total))


def count_processes(asked: int) -> int:
    """How many processes to work with; 0 is one for each core that this one may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return asked or cores or 1


def start_processes(count: int) -> Executor:
    """Processes of this machine. They are not forked from this one, which may have threads."""
    return ProcessPoolExecutor(count, multiprocessing.get_context("spawn"))


def map_ranges(
    prepare: Prepare[_T],
    ranges: Iterable[range],
    processes: int,
    start: Callable[[int], Executor] = start_processes,
) -> Iterator[_T]:
    """Work on ranges, and give the results in their order.

    Args:
        prepare: opens what is needed and gives what does the work; each process calls it once.
        ranges: what to work on.
        processes: how many; 1 works in this one.
        start: gives an executor of so many processes.
    """
    if processes == 1:
        with prepare() as work:
            yield from map(work, ranges)
        return
    with tempfile.TemporaryDirectory(prefix="gyebo-work-") as folder, start(processes) as executor:
        told = Path(folder) / "prepare"
        told.write_bytes(pickle.dumps(prepare))
        waiting: deque[Future[_T]] = deque()
        try:
            for part in ranges:
                waiting.append(executor.submit(_run, str(told), part))
                if len(waiting) >= processes * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            executor.shutdown(cancel_futures=True)


def _run(told: str, part: range) -> Any:
    """A task in another process."""
    return _prepared(told)(part)


_open = ExitStack()  # what this process works with, until it ends


@lru_cache(1)
def _prepared(told: str) -> Work[Any]:
    prepare: Prepare[Any] = pickle.loads(Path(told).read_bytes())
    return _open.enter_context(prepare())
