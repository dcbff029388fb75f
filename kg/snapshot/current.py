"""The snapshot that a program means that names none: the current one of the configuration, opened once.

It is opened anew when another becomes the current one, after a build or with another home.
"""

from __future__ import annotations

import atexit
from pathlib import Path
from threading import Lock

from kg.config import load_config
from kg.snapshot.layout import Layout
from kg.snapshot.snapshot import Snapshot

_lock = Lock()
_opened: dict[Path, Snapshot] = {}  # at most one


def current_snapshot() -> Snapshot:
    """The current snapshot, open; it is closed when the program ends, or when another takes its place.

    Raises:
        NoSnapshot: nothing has been built.
        SnapshotError: it cannot be read by this program.
    """
    folder = Layout(load_config().home).current_folder()
    with _lock:
        if folder not in _opened:
            opened = Snapshot(folder)
            close_current()
            _opened[folder] = opened
        return _opened[folder]


@atexit.register
def close_current() -> None:
    """Close what `current_snapshot` opened."""
    while _opened:
        _opened.popitem()[1].close()
