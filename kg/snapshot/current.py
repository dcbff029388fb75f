"""The current snapshot, opened anew when another takes its place: for a server, and for a program that names none.

A request keeps the snapshot it started with. One that has been replaced is closed, and so gives up
its lease, only when the last request on it has ended: a build may delete it from then on. What `current` names is
looked at once a second, not for each request. A program that names none means that of its configuration.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.config import load_config
from kg.errors import SnapshotError
from kg.snapshot.layout import Layout
from kg.snapshot.snapshot import Snapshot

log = logging.getLogger(__name__)
EVERY = 1.0  # seconds between two looks at what `current` names


class Holder:
    """Keeps the current snapshot of a home folder open; safe to use from several threads.

    Args:
        home: the folder that holds `current`.
        clock: seconds, for tests.
        search_url: of an OpenSearch cluster that may hold search indexes.
    """

    def __init__(
        self, home: Path, clock: Callable[[], float] = time.monotonic, search_url: str = ""
    ) -> None:
        self._layout, self._clock, self._search_url = Layout(home), clock, search_url
        self._look_at = 0.0  # when it is time to look again
        self._opened = 0
        self._lock = threading.Lock()
        self._current: Snapshot | None = None
        self._link: str | None = None  # what `current` named when it was last looked at
        self._users: dict[Snapshot, int] = {}

    def acquire(self) -> Snapshot:
        """The newest snapshot; give it back with `release`.

        Raises:
            SnapshotError: there is none, or it cannot be read and there was none before.
        """
        with self._lock:
            self._follow_in_time()
            assert self._current
            self._users[self._current] = self._users.get(self._current, 0) + 1
            return self._current

    def release_number(self) -> int:
        """The number of the newest snapshot among those opened here; 0 if there is none to serve."""
        with self._lock:
            try:
                self._follow_in_time()
            except SnapshotError:  # told by whoever needs one
                return 0
            return self._opened

    def look(self) -> None:
        """Look now at what `current` names.

        Raises:
            SnapshotError: as `acquire`.
        """
        with self._lock:
            self._follow()

    def release(self, snapshot: Snapshot) -> None:
        """A request is done with a snapshot."""
        with self._lock:
            self._users[snapshot] -= 1
            if not self._users[snapshot]:
                del self._users[snapshot]
                if snapshot is not self._current:
                    snapshot.close()

    @contextmanager
    def held(self) -> Iterator[Snapshot]:
        """The newest snapshot for as long as one answer takes.

        Raises:
            SnapshotError: as `acquire`.
        """
        snapshot = self.acquire()
        try:
            yield snapshot
        finally:
            self.release(snapshot)

    def close(self) -> None:
        """Close the snapshot, when no request is left."""
        with self._lock:
            if self._current and self._current not in self._users:
                self._current.close()
            self._current = None

    def _follow_in_time(self) -> None:
        now = self._clock()
        if self._current and now < self._look_at:
            return
        self._look_at = now + EVERY
        self._follow()

    def _follow(self) -> None:
        """Open what `current` names, if that has changed."""
        link = self._read_link()
        if self._current and link == self._link:
            return
        try:
            newer = Snapshot.current(self._layout.home, self._search_url)
        except SnapshotError as error:
            if not self._current:
                raise
            log.error("still serving %s: %s", self._current.folder.name, error)
        else:
            self._replace(newer)
        self._link = link  # also after a failure, so that it is logged once

    def _read_link(self) -> str | None:
        try:
            return os.readlink(self._layout.current)
        except OSError:
            return None

    def _replace(self, newer: Snapshot) -> None:
        older, self._current = self._current, newer
        self._opened += 1
        if older and older not in self._users:
            older.close()
        log.info("serving snapshot %s (%s)", newer.folder.name, newer.manifest.version)


def open_snapshot(home: Path | str | None = None) -> Snapshot:
    """Open the current snapshot; use it with `with`, or close it.

    Args:
        home: the folder of runs and snapshots; by default that of the configuration.

    Raises:
        NoSnapshot: nothing has been built.
        SnapshotError: it cannot be read by this program.
    """
    return Snapshot.current(Path(home) if home else load_config().home)


_lock = threading.Lock()
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
