"""What waits for all connections of a process at once, at a cost that does not grow with those that are idle.

waitress asks every connection before each wait what it waits for, and is woken by a byte through a pipe whenever a
thread is done with an answer. Here the system keeps the list (epoll), and a thread that is done says itself what its
connection waits for next, so that nobody need be woken. Systems without epoll wait as waitress does.
"""

from __future__ import annotations

import contextlib
import select
import threading
from collections.abc import Callable, Mapping
from typing import Protocol

from waitress import wasyncore

_READ, _WRITE = select.POLLIN | select.POLLPRI, select.POLLOUT


class Connected(Protocol):
    """What waitress has in its list: a connection, or what accepts them."""

    accepting: bool
    _fileno: int

    def readable(self) -> object:
        """Whether it waits for what comes."""

    def writable(self) -> object:
        """Whether it has something to send."""


class Loop:
    """Waits for connections; what it may be asked from any thread says so.

    Args:
        sockets: all that waitress has, by their descriptors: what accepts connections, and these.
        before_waiting: what is done last before each wait.
        has_epoll: whether the system keeps the list.
    """

    def __init__(
        self,
        sockets: Mapping[int, Connected],
        before_waiting: Callable[[], None],
        has_epoll: bool = hasattr(select, "epoll"),
    ) -> None:
        self._sockets, self._before_waiting = sockets, before_waiting
        self._epoll = select.epoll() if has_epoll else None
        self._lock = threading.Lock()  # of what follows
        self._known: dict[int, Connected] = {}  # what is watched, or may be
        self._watched: dict[int, int] = {}  # for what
        for one in sockets.values():
            self.watch(one)
        self._others = [*sockets.values()]  # whose state follows from that of all

    def watch(self, one: Connected) -> None:
        """Take up something new."""
        with self._lock:
            self._known[one._fileno] = one
        self.changed(one)

    def forget(self, one: Connected) -> None:
        """It is about to be closed, after which its descriptor may be another's."""
        with self._lock:
            if self._known.get(one._fileno) is one:
                del self._known[one._fileno]
                self._wait_for(one._fileno, 0)

    def changed(self, one: Connected) -> bool:
        """Wait for what a connection waits for now; whether that could be done. Any thread may ask it."""
        if not self._epoll:
            return False
        with self._lock:
            if self._known.get(one._fileno) is one:
                wanted = _READ if one.readable() else 0
                if one.writable() and not one.accepting:
                    wanted |= _WRITE
                self._wait_for(one._fileno, wanted)
        return True

    def _wait_for(self, descriptor: int, wanted: int) -> None:
        before = self._watched.get(descriptor, 0)
        if not self._epoll or wanted == before:
            return
        with contextlib.suppress(OSError):  # closed by the other side of it
            if not before:
                self._epoll.register(descriptor, wanted)
            elif wanted:
                self._epoll.modify(descriptor, wanted)
            else:  # else it would be told for ever that a client has hung up
                self._epoll.unregister(descriptor)
        self._watched[descriptor] = wanted
        if not wanted:
            del self._watched[descriptor]

    def turn(self, seconds: float) -> None:
        """Wait until something happens, at most so long, and do what it asks for."""
        if not self._epoll:
            self._before_waiting()
            wasyncore.loop(seconds, use_poll=True, map=self._sockets, count=1)
            return
        for one in self._others:
            self.changed(one)
        self._before_waiting()
        for descriptor, flags in self._epoll.poll(seconds):
            if happened := self._known.get(descriptor):
                wasyncore.readwrite(happened, flags)
                self.changed(happened)

    def close(self) -> None:
        """Wait for nothing any more."""
        if self._epoll:
            self._epoll.close()
