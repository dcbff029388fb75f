"""What tests do about other threads, processes and ports, so that a busy machine makes them slow and not wrong."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable


def wait_until(happened: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something that another thread or process does.

    Args:
        happened: says whether it is done; who cannot be reached has not done it yet.
        seconds: after which the test fails; only a test that fails takes as long.
    """
    until = time.monotonic() + seconds
    while not _is_true(happened):
        assert time.monotonic() < until, f"it did not happen within {seconds} seconds"
        time.sleep(0.02)


def _is_true(happened: Callable[[], object]) -> bool:
    try:
        return bool(happened())
    except OSError:
        return False


def free_port() -> int:
    """A port of this machine that nobody listens to."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
