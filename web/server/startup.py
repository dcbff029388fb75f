"""What is loaded before processes are forked, and made before anybody asks; web/server/hooks.py calls it.

The application is loaded once, with its templates and what else takes long, and then the workers are forked:
they share its memory, and one that takes the place of another is ready at once. Invariant: nothing that a fork
would break is made before, so no thread, no query process and no open snapshot. Each worker then makes a few
pages for nobody, beside its work, so that the first reader does not wait for what is read once.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
from importlib import import_module

from flask import Flask

from kg.errors import SnapshotError
from kg.snapshot.snapshot import Snapshot
from web.app.context import site
from web.app.i18n import LANGS

_LATE = ("numpy.ma", "tantivy")  # what the first page would have to load
_SOUGHT = "llama"  # any word
_DRAWN = ("/trends", "/timeline")  # what is drawn of a whole release, and kept as long as that


# Of mallopt(3): its numbers, and what processes with many threads are told, that take in turn what a lock lets them.
_MALLOPT = {
    -8: 1,  # M_ARENA_MAX: threads that each had an arena of their own held what the others had given back
    -1: 1 << 17,  # M_TRIM_THRESHOLD: bytes at the end of the heap that are given back to the system
    -3: 1 << 17,  # M_MMAP_THRESHOLD: bytes of a piece that is given back as soon as it is free
}


def load_rest(app: Flask) -> None:
    """Load what an application would load at its first pages, and let forks share it.

    Args:
        app: what `create_app` made.
    """
    for name in _LATE:
        import_module(name)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    _pack_memory()
    gc.freeze()  # else collecting would write into, and so copy, each page of memory
    gc.enable()  # who loads much turns it off meanwhile (kg/cli/commands/serve.py)


def _pack_memory() -> None:
    """Let the processes give back memory that they do not use; where the C library is another than glibc, nothing is done."""
    with contextlib.suppress(OSError, AttributeError):
        set_option = ctypes.CDLL(None).mallopt
        for option, value in _MALLOPT.items():
            set_option(option, value)


def warm_up(app: Flask) -> None:
    """Make a page of each costly kind, if there is a snapshot; first the process says that it is ready, which more wait for.

    Args:
        app: what serves in this process.
    """
    with app.app_context():
        site().readiness.wait()
        holder = site().holder
        try:
            snapshot = holder.acquire()
        except SnapshotError:
            return
        try:
            paths = _paths(snapshot)
        finally:
            holder.release(snapshot)
    client = app.test_client()
    for path in paths:
        client.get(path, headers={"Accept": "text/html"})


def _paths(snapshot: Snapshot) -> list[str]:
    start, end = snapshot.kind_range("model")
    models = [f"/{snapshot.lines.id(start)}"] if start < end else []
    drawn = [f"{path}?lang={code}" for path in _DRAWN for code in LANGS]
    return ["/", *models, f"/search?q={_SOUGHT}", *drawn]
