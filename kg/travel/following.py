"""Keeping up with a storage, in a process of its own beside the server: `gyebo serve --from` starts it.

    python -m kg.travel.following      GYEBO_FROM holds the address

It looks as often as `poll_seconds` says, and at once when it is told (SIGHUP). What it cannot take it says once, and looks again; it
ends when the process that started it has ended. It is no thread of the server, for no fork is safe beside one.
"""

from __future__ import annotations

import math
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from kg.config import FOLLOWED, Config, load_config
from kg.errors import ConfigError, KGError
from kg.messages.message import Message, environment_language
from kg.snapshot.layout import Layout
from kg.travel._lists import Pointer
from kg.travel._seam import Storage
from kg.travel._stored import read_pointer
from kg.travel.pull import PullAnswer, last_pulled, pull_release
from kg.travel.storage import open_storage

_LOOK = 1.0  # seconds between two looks whether anybody is served any more
_LONGEST_REST = 32  # looks
_EARLY = 0.1  # part of the time by which a look may come sooner, so that machines do not all look at once


class Follower:
    """Takes each new release of a storage.

    Args:
        home: the folder of snapshots.
        storage: what is followed.
        tell: given each line that is to be told.
        trusted: file of the public key of who publishes; "" = whoever can write to the storage.
    """

    def __init__(
        self,
        home: Path,
        storage: Storage,
        tell: Callable[[Message], None],
        trusted: str = "",
    ) -> None:
        self._home, self._storage, self._tell = home, storage, tell
        self._trusted = trusted
        self._failure = ""  # what was told last
        self._failed = ""  # when what could not be taken was published
        self._times = self._left = 0  # how often that failed, and how many looks it is left alone

    def look(self) -> bool:
        """Take the release that is offered, if it is another than was taken last; gives whether one was taken.

        What goes wrong is told, but not again as long as it is the same; and what could not be taken is tried again
        after two looks, then after four, up to 32, for each try reads what is here.
        """
        try:
            offered = read_pointer(self._storage)
            last = last_pulled(Layout(self._home))
            if last and (last.place, last.published) == (self._storage.place, offered.published):
                self._failure = self._failed = ""
                return False
            if offered.published == self._failed and self._left:
                self._left -= 1
                return False
            taken = self._take(offered)
        except KGError as error:
            if str(error) != self._failure:
                self._failure = str(error)
                self._tell(error.message)
            return False
        self._failure = self._failed = ""
        if taken.switched:
            self._tell(
                Message(
                    "release %(version)s of %(place)s is served from now on",
                    version=taken.version,
                    place=taken.place,
                )
            )
        return taken.switched

    def _take(self, offered: Pointer) -> PullAnswer:
        self._times = self._times + 1 if offered.published == self._failed else 1
        self._failed, self._left = offered.published, min(2**self._times, _LONGEST_REST)
        return pull_release(self._home, self._storage, take_back=False, trusted=self._trusted)

    def forget(self) -> None:
        """Try again at the next look what could not be taken."""
        self._left = 0


def main() -> None:
    """Follow the storage that GYEBO_FROM names, until the process that started this one has ended."""
    parent, told = os.getppid(), threading.Event()
    signal.signal(signal.SIGHUP, lambda number, frame: told.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal, meant for the server
    lang = environment_language()

    def tell(message: Message) -> None:
        print(f"gyebo: {message.text(lang)}", file=sys.stderr, flush=True)

    config = load_config()
    storage = open_storage(os.environ[FOLLOWED])
    follower = Follower(config.home, storage, tell, config.trusted_key)
    due = 0.0
    while os.getppid() == parent:
        if told.wait(_LOOK):
            told.clear()
            config = _settings(config)
            follower.forget()
        elif time.monotonic() < due:
            continue
        follower.look()
        due = _next_look(config)


def _next_look(config: Config) -> float:
    """When it is time to look again, by the clock that only goes forward."""
    if not config.poll_seconds:
        return math.inf
    return time.monotonic() + config.poll_seconds * random.uniform(1 - _EARLY, 1)


def _settings(before: Config) -> Config:
    """The settings read again; where they are wrong, those of before, as the server says."""
    try:
        return load_config()
    except ConfigError:
        return before


if __name__ == "__main__":
    main()
