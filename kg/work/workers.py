"""Work that is shared among processes: the one place where a build or an ingest hands work to an executor.

A task is what to work on, a range or a piece of data, and where the work is told, and nothing else, so any executor of
`concurrent.futures` can carry it, on this machine or on others that see the same disk. A task that is run twice
writes the same. What comes back comes in the order in which it was asked for, whoever was done first: the number of
processes changes no byte.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Self, TypeVar

from kg.errors import BuildError
from kg.messages.message import Message, mark
from kg.work.garbage import collect_seldom

_P = TypeVar("_P")
_T = TypeVar("_T")
Work = Callable[[_P], _T]
Prepare = Callable[[], AbstractContextManager[Work[_P, _T]]]  # what can be pickled
Start = Callable[[int], Executor]  # gives an executor of so many processes

PART = 1024  # lines or entities of a task
MANY = 50_000  # entities, below which starting processes costs more than they save
_BROKEN = mark(
    "a process that shared the work ended before its time, perhaps for want of memory; nothing was stored. "
    "Fewer processes need less: build_workers"
)
# Tasks for each process that wait, or whose results do. Ranges of subjects differ tenfold in size: with fewer, one process
# waits an eighth of the time for room behind a large one of the other.
_AHEAD = 4


def cut_ranges(total: int, size: int = PART) -> Iterator[range]:
    """Lines as tasks, always cut at the same places."""
    for start in range(0, total, size):
        yield range(start, min(start + size, total))


def count_processes(asked: int) -> int:
    """How many processes to work with; 0 is one for each core that this one may use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return asked or cores or 1


def start_processes(count: int) -> Executor:
    """Processes of this machine. They are not forked from this one, which may have threads; they end when it does."""
    return ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _begin)


def _begin() -> None:
    """Look for garbage seldom, leave Ctrl-C to the process that hands out work, and end when that is gone, even killed."""
    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


class Workers:
    """Who does tasks; use it with `with`. The executor starts with the first work that is shared.

    Args:
        processes: how many; 1 of this machine is this one.
        start: gives an executor of so many processes.
        part: entities of a task.
        many: entities from which work is shared; None = where it pays to start processes, and always with an executor of
            another kind.
        folder: where work is told, which every process can read; None = one for the time being.
    """

    def __init__(
        self,
        processes: int = 1,
        start: Start = start_processes,
        *,
        part: int = PART,
        many: int | None = None,
        folder: Path | None = None,
    ) -> None:
        self.part = part
        self._processes, self._start = processes, start
        self._alone = processes == 1 and start is start_processes
        self._many = (MANY if start is start_processes else 0) if many is None else many
        self._folder = folder
        self._executor: Executor | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()
        self._executor = None

    def map(
        self, prepare: Prepare[_P, _T], parts: Iterable[_P], entities: int | None = None
    ) -> Iterator[_T]:
        """Work on parts, and give the results in their order.

        Args:
            prepare: opens what is needed and gives what does the work; each process calls it once.
            parts: what to work on, each of which can be pickled; no more are taken than are soon worked on.
            entities: about how many there are; None = it is shared in any case.

        Raises:
            BuildError: a process ended before its time.
        """
        if not self.shares(entities):
            with prepare() as work:
                yield from map(work, parts)
            return
        with self._room() as folder:
            told = Path(folder) / "prepare"
            told.write_bytes(pickle.dumps(prepare))
            yield from self._share(str(told), parts)

    def shares(self, entities: int | None) -> bool:
        """Whether work on about so many entities is shared; None = it is, if there is anybody to share it with."""
        few = entities is not None and entities < self._many
        return not (self._alone or few)

    def begin(self, work: Callable[[], None]) -> Future[None]:
        """Let a process do something beside what else is shared.

        Args:
            work: what can be pickled.
        """
        executor = self._opened()
        told = Path(self._stack.enter_context(self._room())) / "work"
        told.write_bytes(pickle.dumps(work))
        return executor.submit(_run_whole, str(told))

    def _room(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="gyebo-work-", dir=self._folder)

    def _share(self, told: str, parts: Iterable[Any]) -> Iterator[Any]:
        executor = self._opened()
        waiting: deque[Future[Any]] = deque()
        try:
            for part in parts:
                waiting.append(executor.submit(_run, told, part))
                if len(waiting) >= self._processes * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenExecutor as error:
            raise BuildError(Message(_BROKEN)) from error
        finally:
            for future in waiting:
                future.cancel()

    def _opened(self) -> Executor:
        if self._executor is None:
            self._executor = self._stack.enter_context(self._start(self._processes))
        return self._executor


def _run(told: str, part: Any) -> Any:
    """A task in another process."""
    return _working.prepared(told)(part)


def _run_whole(told: str) -> None:
    """Work in another process that is no task of many, which needs none of what that has open."""
    _working.let_go()
    work: Callable[[], None] = pickle.loads(Path(told).read_bytes())
    work()


class _Working(threading.local):
    """The work that this process does, kept open until it is given other work, or ends; each thread has its own."""

    def __init__(self) -> None:
        self._told, self._stack = "", ExitStack()
        self._work: Work[Any, Any] | None = None

    def prepared(self, told: str) -> Work[Any, Any]:
        if self._work is None or told != self._told:
            self.let_go()
            prepare: Prepare[Any, Any] = pickle.loads(Path(told).read_bytes())
            self._work = self._stack.enter_context(prepare())
            self._told = told
        return self._work

    def let_go(self) -> None:
        """Close what the work has open: files that it maps take memory, and disk even when they are deleted."""
        self._work = None
        self._stack.close()


_working = _Working()
