"""Stages of a build that need nothing of each other, done at the same time where work is shared.

A stage that writes files of its own from a release that is whole is one task of another process, or a thread of this one
where what it calls lets go of the interpreter. Where work is not shared each is done when it is given, in the order
of the program. What fails anywhere ends the build: the next time that the stage in front tells how far it is, it
raises what went wrong beside it, and a thread beside ends when it tells the same.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from threading import Event
from typing import Self

from kg.files.progress import Stage
from kg.snapshot.layout import Manifest
from kg.snapshot.snapshot import Snapshot
from kg.work.workers import Workers

Whole = Callable[[], None]  # what can be pickled


class _GivenUp(Exception):
    """A thread is told to end, because the build has failed."""


class StagesBeside:
    """Who does stages beside the one in front; use it with `with`.

    Args:
        workers: whose processes do the tasks.
        shared: whether stages are done beside others; else at once, here.
        stage: told how far the stage in front is, or the one that is waited for.
    """

    def __init__(self, workers: Workers, shared: bool, stage: Stage) -> None:
        self._workers, self._shared, self._stage = workers, shared, stage
        self._running: dict[str, Future[None]] = {}
        self._over, self._awaited = Event(), ""
        self._threads = ThreadPoolExecutor(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        for future in self._running.values():
            future.cancel()
        self._threads.shutdown()

    def tell(self, name: str, done: int, total: int) -> None:
        """How far the stage in front is.

        Raises:
            Exception: what a stage beside it has raised.
        """
        for future in self._running.values():
            if future.done():
                future.result()
        self._stage(name, done, total)

    def task(self, name: str, work: Whole) -> None:
        """Let a process do a stage."""
        if self._shared:
            self._running[name] = self._workers.begin(work)
        else:
            work()

    def read(self, name: str, snapshot: Snapshot, work: Callable[[Snapshot], None]) -> None:
        """Let a process do a stage that reads a snapshot which is being built.

        Args:
            name: of the stage.
            snapshot: it is read where it is, or opened again.
            work: what can be pickled.
        """
        if self._shared:
            self.task(name, partial(_read, work, snapshot.folder, snapshot.manifest))
        else:
            work(snapshot)

    def thread(self, name: str, work: Callable[[Stage], None]) -> None:
        """Let a thread do a stage, which tells how far it is."""
        if self._shared:
            self._running[name] = self._threads.submit(work, self._told)
        else:
            work(self._stage)

    def _told(self, name: str, done: int, total: int) -> None:
        """How far a stage beside is, which is of interest when nothing else goes on."""
        if self._over.is_set():
            raise _GivenUp
        if name == self._awaited:
            self._stage(name, done, total)

    def wait(self) -> None:
        """Wait for all that goes on beside.

        Raises:
            Exception: what a stage has raised.
        """
        for name, future in self._running.items():
            if not future.done():
                self._awaited = name
                self._stage(name, 0, 0)
            future.result()
        self._running.clear()


def _read(work: Callable[[Snapshot], None], folder: Path, manifest: Manifest) -> None:
    with closing(Snapshot(folder, manifest)) as snapshot:
        work(snapshot)
