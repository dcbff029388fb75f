"""How far long work has come, on standard error: a bar that moves on a terminal, else a line for each stage and one now and then.

tqdm draws the bars: how much is done of how much, the rate, and what is left. click's own bars know no rate
and are no use where the whole is not known, as of many downloads; rich brings four megabytes of packages
for more than is asked of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from tqdm import tqdm

_EVERY = 0.2  # seconds between two looks at a terminal
_REST = 30.0  # seconds between two lines elsewhere


class ProgressBars:
    """What is told of the stages of some work, one stage at a time.

    Args:
        out: where it is told.
        plain: whether a stage is a line where `out` is no terminal; what takes longer than half a minute is told there
            in any case.
    """

    def __init__(self, out: TextIO, plain: bool = True) -> None:
        self._out, self._plain, self._moving = out, plain, out.isatty()
        self._stage = ""
        self._bar: tqdm[Any] | _Lines | None = None

    def stage(self, name: str, done: int, total: int) -> None:
        """A stage begins, or goes on: so much is done of so much, 0 where it is not counted."""
        if name != self._stage:
            self._begin(name, total)
        if self._bar is not None:
            self._bar.total = total or None
            self._bar.update(done - self._bar.n)

    def watch_bytes(self, stage: str, total: int = 0) -> Callable[[int], None]:
        """A stage begins that reads bytes; gives what to call with the size of each piece."""
        bar = self._begin(stage, total, unit="B", unit_scale=True)

        def moved(amount: int) -> None:
            bar.update(amount)

        return moved

    def close(self) -> None:
        """Leave nothing of a bar behind."""
        if self._bar is not None:
            self._bar.close()
        self._stage, self._bar = "", None

    def _begin(
        self, name: str, total: int, *, unit: str = "", unit_scale: bool = False
    ) -> tqdm[Any] | _Lines:
        self.close()
        self._stage = name
        if not self._moving:
            if self._plain:
                self._out.write(f"{name} …\n")
                self._out.flush()
            self._bar = _Lines(self._out, name, total, unit, unit_scale)
            return self._bar
        self._bar = _bars()(
            desc=name,
            total=total or None,
            file=self._out,
            leave=False,
            mininterval=_EVERY,
            dynamic_ncols=True,
            unit=unit,
            unit_scale=unit_scale,
        )
        return self._bar


def _bars() -> type[tqdm[Any]]:
    """What draws bars, loaded when there is one to draw."""
    import tqdm as library

    bar: type[tqdm[Any]] = library.tqdm
    bar.monitor_interval = 0  # no thread beside: bars move when something happens
    return bar


class _Lines:
    """What stands for a bar in a log: now and then a line, with what a bar would say."""

    def __init__(self, out: TextIO, name: str, total: int, unit: str, unit_scale: bool) -> None:
        self.n, self.total = 0, total or None
        self._out, self._name, self._unit, self._scaled = out, name, unit, unit_scale
        self._began = self._told = monotonic()

    def update(self, amount: int) -> None:
        """So much more is done."""
        self.n += amount
        now = monotonic()
        if now - self._told < _REST:
            return
        self._told = now
        line = _bars().format_meter(
            self.n,
            self.total,
            now - self._began,
            ncols=0,
            prefix=self._name,
            unit=self._unit,
            unit_scale=self._scaled,
        )
        self._out.write(f"{line}\n")
        self._out.flush()

    def close(self) -> None:
        """Nothing of it is to be taken back."""


@contextmanager
def progress_bars(plain: bool = True) -> Iterator[ProgressBars]:
    """Bars on standard error, gone at the end; `plain` as of ProgressBars."""
    bars = ProgressBars(sys.stderr, plain)
    try:
        yield bars
    finally:
        bars.close()
