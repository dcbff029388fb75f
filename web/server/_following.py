"""The process beside the server that looks for another release (kg/travel/following.py), kept alive.

It has no part in serving: where it fails, what is served stays, and it is started again. It ends by itself when the server
has ended, however that ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

from kg.config import FOLLOWED

_REST = 10.0  # seconds between two starts


class Following:
    """Starts that process where a storage is named, and starts it again when it has ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started = -_REST

    def keep(self) -> None:
        """See that it runs."""
        if not os.environ.get(FOLLOWED) or (self._process and self._process.poll() is None):
            return
        if (now := time.monotonic()) >= self._started + _REST:
            self._started = now
            command = [sys.executable, "-P", "-m", "kg.travel.following"]
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, preexec_fn=_ignore_hangup
            )

    def tell(self) -> None:
        """Let it look at once."""
        self._send(signal.SIGHUP)

    def end(self) -> None:
        """Let it end."""
        self._send(signal.SIGTERM)

    def _send(self, number: signal.Signals) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(number)


def _ignore_hangup() -> None:
    """Until the process listens: it looks at once when it starts, so that nothing it is told before is lost."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
