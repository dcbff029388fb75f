"""What is known of this process's parts: asked from time to time by a thread of its own, told at once.

Whoever asks whether a process is ready gets what was found a moment ago and waits for nobody, neither for a
query of the public nor for a page; only the first to ask waits for a moment.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import msgspec

FRESH = 10.0  # seconds
_FIRST = 0.1  # seconds that is waited for what is not known yet


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """What was found when the parts were last asked."""

    at: float  # by the clock that only goes forward
    failure: Exception | None = None


class Readiness:
    """What a check found last; safe to use from several threads.

    Args:
        check: asks the parts; raises what is wrong with them.
        clock: seconds, for tests.
    """

    def __init__(
        self, check: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._check, self._clock = check, clock
        self._known: Knowledge | None = None
        self._done = threading.Event()
        self._asking = threading.Lock()

    def known(self) -> Knowledge | None:
        """What is known; asked anew, behind the reader's back, if that is not fresh. None if nothing is yet."""
        known = self._known
        stale = not known or self._clock() - known.at > FRESH
        if stale and self._asking.acquire(blocking=False):
            threading.Thread(target=self._ask, name="readiness", daemon=True).start()
        if not known:
            self._done.wait(_FIRST)
        return self._known

    def wait(self) -> None:
        """Wait until the parts were asked once."""
        self.known()
        self._done.wait()

    def age(self, known: Knowledge) -> float:
        """How many seconds ago something was found."""
        return self._clock() - known.at

    def _ask(self) -> None:
        failure: Exception | None = None
        try:
            self._check()
        except Exception as error:
            failure = error
        self._known = Knowledge(at=self._clock(), failure=failure)
        self._done.set()
        self._asking.release()
