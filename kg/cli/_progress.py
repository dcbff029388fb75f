"""How far long work has come, on standard error: a bar that moves on a terminal, else a line for each stage.

tqdm draws the bars: how much is done of how much, the rate, and what is left. click's own bars know no rate
and are no use where the whole is not known, as of many downloads; rich brings four megabytes of packages
for more than is asked of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from tqdm import tqdm

_EVERY = 0.2  # seconds between two looks at a terminal

tqdm.monitor_interval = 0  # no thread beside: bars move when something happens


class ProgressBars:
    """What is told of the stages of some work, one stage at a time.

    Args:
        out: where it is told.
        plain: whether a stage is a line where `out` is no terminal; else nothing is told there.
    """

    def __init__(self, out: TextIO, plain: bool = True) -> None:
        self._out, self._plain, self._moving = out, plain, out.isatty()
        self._stage, self._bar = "", None

    def stage(self, name: str, done: int, total: int) -> None:
        """A stage begins, or goes on: so much is done of so much, 0 where it is not counted."""
        if name != self._stage:
            self._begin(name, total)
        if self._bar is not None:
            self._bar.total = total or None
            self._bar.update(done - self._bar.n)

    def watch_bytes(self, stage: str, total: int = 0) -> Callable[[int], None]:
        """A stage begins that reads bytes; gives what to call with the size of each piece."""
        self._begin(stage, total, unit="B", unit_scale=True)
        bar = self._bar
        return (lambda amount: None) if bar is None else (lambda amount: _moved(bar, amount))

    def close(self) -> None:
        """Leave nothing of a bar behind."""
        if self._bar is not None:
            self._bar.close()
        self._stage, self._bar = "", None

    def _begin(self, name: str, total: int, **options: Any) -> None:
        self.close()
        self._stage = name
        if self._moving:
            self._bar = tqdm(
                desc=name,
                total=total or None,
                file=self._out,
                leave=False,
                mininterval=_EVERY,
                dynamic_ncols=True,
                **({"unit": ""} | options),
            )
        elif self._plain:
            self._out.write(f"{name} …\n")
            self._out.flush()

    _bar: tqdm[Any] | None


def _moved(bar: tqdm[Any], amount: int) -> None:
    bar.update(amount)


@contextmanager
def progress_bars(plain: bool = True) -> Iterator[ProgressBars]:
    """Bars on standard error, gone at the end; `plain` as of ProgressBars."""
    bars = ProgressBars(sys.stderr, plain)
    try:
        yield bars
    finally:
        bars.close()
