"""How far a build has come, told to whoever asked for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Stage = Callable[[str, int, int], None]  # its name, how much is done of how much; 0 = not counted
_EVERY = 256  # telling costs a little

_T = TypeVar("_T")


def silent(name: str, done: int, total: int) -> None:
    """Tell nobody."""


def counted(items: Iterable[_T], stage: Stage, name: str, total: int = 0) -> Iterator[_T]:
    """Hand items on and tell how many have gone by.

    Args:
        items: what a stage works on.
        stage: who is told.
        name: of the stage.
        total: how many there are; 0 = not known.
    """
    done = 0
    for done, item in enumerate(items, 1):
        yield item
        if done % _EVERY == 0:
            stage(name, done, total)
    if done:
        stage(name, done, total)
