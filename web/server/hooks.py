"""What gunicorn is told besides the command line: to load the site once, and to forget the numbers of processes that have ended."""

from __future__ import annotations

import gc
import os
import shutil
import threading
from typing import Any

from prometheus_client.multiprocess import mark_process_dead

from web.app.metrics import FOLDER
from web.server.startup import load_rest, warm_up

preload_app = True  # gunicorn's setting of this name


def on_reload(server: Any) -> None:
    """Let go of the site as it was, and load the rest of the new one before processes are forked again."""
    gc.unfreeze()
    gc.collect()
    load_rest(server.app.wsgi())


def post_worker_init(worker: Any) -> None:
    """Warm a process up, beside its work."""
    threading.Thread(target=warm_up, args=(worker.wsgi,), daemon=True).start()


def child_exit(server: Any, worker: Any) -> None:
    """A process has ended: its gauges count no more."""
    if os.environ.get(FOLDER):
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """The server ends: nobody will ask for its numbers."""
    if folder := os.environ.get(FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
