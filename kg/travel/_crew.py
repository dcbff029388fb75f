"""Several requests at once: a storage far away is slow to begin and quick to go on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

HANDS = 8  # requests at once; each holds a part in memory

_T = TypeVar("_T")
_R = TypeVar("_R")


def work_on(tasks: Iterable[_T], work: Callable[[_T], _R], hands: int = HANDS) -> Iterator[_R]:
    """What comes of tasks, in their order; at most `hands` results wait besides those being made.

    The first that fails ends all: what has not begun is not begun, and its error is raised.

    Args:
        tasks: taken one by one, in the thread of the caller, as they are begun.
        work: called in other threads.
        hands: how many.
    """
    waiting: deque[Future[_R]] = deque()
    with ThreadPoolExecutor(hands) as crew:
        try:
            for task in tasks:
                waiting.append(crew.submit(work, task))
                if len(waiting) > hands:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for one in waiting:
                one.cancel()
