"""One pass over many things for several readers, each of which reads as if it were alone.

A reader that pulls what it reads, as a serializer of a library does, runs in a thread of its own. What is read is handed to
all of them block by block, and nobody is ahead by more than a few blocks: memory stays flat.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Event
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
Reader: TypeAlias = Callable[[Iterator[T]], object]

_BLOCK = 512  # things handed on at once
_AHEAD = 2  # blocks that may wait for a reader


class _Stopped(Exception):
    """What a reader gets in place of the rest, where that cannot be read or another reader has failed."""


class _Seat(Generic[T]):
    """What one reader reads."""

    def __init__(self) -> None:
        self.waiting: Queue[tuple[T, ...]] = Queue(_AHEAD)  # an empty block is the end
        self._open = True

    def run(self, reader: Reader[T], stop: Event) -> None:
        """Read, and take what the reader leaves, so that nobody waits for it."""
        try:
            reader(itertools.chain.from_iterable(self._blocks(stop)))
        except BaseException:
            if not stop.is_set():  # else it was stopped, and may call that an error of its own
                stop.set()
                raise
        finally:
            while self._open:
                self._open = bool(self.waiting.get())

    def _blocks(self, stop: Event) -> Iterator[tuple[T, ...]]:
        while block := self.waiting.get():
            yield block
        self._open = False
        if stop.is_set():
            raise _Stopped


def share_pass(things: Iterable[T], readers: Iterable[Reader[T]]) -> None:
    """Read things once and give them to several readers, in their order.

    Args:
        things: what to read, here.
        readers: each reads an iterator of all of it, in a thread of its own.

    Raises:
        BaseException: what reading the things raised, or the first reader that failed; the other readers do not come to
            an end of what they read, but are stopped.
    """
    todo = [(_Seat[T](), reader) for reader in readers]
    stop, source = Event(), iter(things)
    if not todo:
        return
    with ThreadPoolExecutor(len(todo)) as threads:
        running = [threads.submit(seat.run, reader, stop) for seat, reader in todo]
        try:
            while not stop.is_set() and (block := tuple(itertools.islice(source, _BLOCK))):
                for seat, _ in todo:
                    seat.waiting.put(block)
        except BaseException:
            stop.set()
            raise
        finally:
            for seat, _ in todo:
                seat.waiting.put(())
    for done in running:
        done.result()
