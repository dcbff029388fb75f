"""What gunicorn is told besides the command line: to forget the numbers of processes that have ended."""

from __future__ import annotations

import os
import shutil
from typing import Any

from prometheus_client.multiprocess import mark_process_dead

from web.app.metrics import FOLDER


def child_exit(server: Any, worker: Any) -> None:
    """A process has ended: its gauges count no more."""
    if os.environ.get(FOLDER):
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """The server ends: nobody will ask for its numbers."""
    if folder := os.environ.get(FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
