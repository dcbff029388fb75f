"""How often Python looks for objects that hold each other, where millions are made and next to none of them do."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 50_000  # made between two looks; Python's own 700 take a twelfth of the CPU of reading and exporting


def collect_seldom() -> None:
    """Look less often, until this process ends."""
    gc.set_threshold(_OBJECTS, 20, 100)


@contextmanager
def few_collections() -> Iterator[None]:
    """Look less often, until the end of `with`."""
    before = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*before)
