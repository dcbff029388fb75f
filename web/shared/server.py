"""A server of Valkey or Redis, asked within bounds: it may be away, slow or hostile, and no reader notices.

Invariants: nobody waits longer than the deadline, whatever comes over the wire and however slowly, because calls
are made by threads of this module; after a failure the server is left alone for a while, then one call tries it; what
goes wrong is counted and told in the log, and never raised. Threads and connections are made at the first call, so
after a server has forked.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from prometheus_client import Counter, Gauge

from kg.errors import NotInstalled
from kg.messages.message import Message

log = logging.getLogger(__name__)

DEADLINE = 0.1  # seconds of a call, all in all
PAUSE = 5.0  # seconds for which a server that failed is left alone
_THREADS = 4
_LATER = 200  # calls that may wait to be made later; more are dropped
_LATER_LONGER = 4  # times the deadline, for a call that nobody waits for
_MINUTE = 60.0
_LONGEST = 200  # characters of an error in the log
_SCHEMES = {"valkey": "redis", "valkeys": "rediss"}  # as the client knows them

EVENTS = Counter(
    "gyebo_shared",
    "Calls of the server that nodes share: hit, miss, done; refused = what came is not to be trusted.",
    ("what", "outcome"),
    registry=None,
)
UP = Gauge(
    "gyebo_shared_up",
    "Whether the server that nodes share answers.",
    ("server",),
    multiprocess_mode="livemin",
    registry=None,
)

_T = TypeVar("_T")
Call = Callable[[Any], _T]  # what is done with a client of the library


class _Errand(NamedTuple):
    """A call that a thread makes."""

    call: Call[Any]
    answer: Future[Any]


class SharedServer:
    """The server; safe to use from several threads.

    Args:
        address: redis://, rediss://, valkey://, valkeys:// or unix://, as the client reads it.
        deadline: seconds of a call.
        pause: seconds for which a server that failed is left alone.
        clock: seconds, for tests.

    Raises:
        NotInstalled: the client is not there.
    """

    def __init__(
        self,
        address: str,
        deadline: float = DEADLINE,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        try:
            self._library = import_module("valkey")
        except ImportError as error:
            raise NotInstalled(Message("pages and quotas that nodes share"), "shared") from error
        scheme, _, rest = address.partition("://")
        self._address = f"{_SCHEMES.get(scheme, scheme)}://{rest}"
        self.name = name_of(address)
        self._deadline, self._pause, self._clock = deadline, pause, clock
        self._client: Any = None
        self._up, self._try_at, self._told = True, 0.0, -_MINUTE
        self._lock = threading.Lock()
        self._errands: SimpleQueue[_Errand] = SimpleQueue()
        self._later: SimpleQueue[tuple[str, Call[Any]]] = SimpleQueue()
        self._started = False

    @property
    def up(self) -> bool:
        """Whether it answered when it was last asked."""
        return self._up

    def ask(self, what: str, call: Call[_T], deadline: float | None = None) -> _T | None:
        """What a call gives; None if that cannot be known now.

        Args:
            what: it is about, as it is counted.
            call: is given a client of the library, in another thread.
            deadline: seconds.
        """
        if not self._may_ask():
            count(what, "skipped")
            return None
        errand = _Errand(call, Future())
        self._errands.put(errand)
        try:
            found: _T = errand.answer.result(deadline or self._deadline)
        except self._library.ResponseError as error:  # it answers, and does not do this
            count(what, "failed")
            self._tell(
                "the server that nodes share, %s, refused a call: %s", self.name, _said(error)
            )
            return None
        except Exception as error:  # whatever comes over the wire: no reader is to meet it
            errand.answer.cancel()
            count(what, "failed")
            self._leave(error)
            return None
        self._return()
        return found

    def tell(self, what: str, call: Call[object]) -> None:
        """Make a call a little later; one too many, or while the server is away, is dropped.

        Args:
            what, call: as of `ask`.
        """
        if not self._up or self._later.qsize() >= _LATER:
            count(what, "dropped")
            return
        self._start()
        self._later.put((what, call))

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            client, self._client = self._client, None
        _disconnect(client)

    def complain(self, what: str, why: str) -> None:
        """Count what came and is not to be trusted, and say so at most once a minute."""
        count(what, "refused")
        self._tell("what %s holds for a %s is not used: %s", self.name, what, why)

    def _may_ask(self) -> bool:
        self._start()
        with self._lock:
            if self._up:
                return True
            now = self._clock()
            if now < self._try_at:
                return False
            self._try_at = now + self._pause
            return True

    def _start(self) -> None:
        with self._lock:
            if self._started:
                return
            self._started = True
        UP.labels(self.name).set(1)
        for number in range(_THREADS):
            threading.Thread(target=self._work, name=f"shared {number}", daemon=True).start()
        threading.Thread(target=self._work_later, name="shared later", daemon=True).start()

    def _work(self) -> None:
        while True:
            call, answer = self._errands.get()
            if not answer.set_running_or_notify_cancel():
                continue  # who asked has gone on without it
            try:
                answer.set_result(call(self._connected()))
            except BaseException as error:  # it is raised where the call was asked for
                answer.set_exception(error)

    def _work_later(self) -> None:
        while True:
            what, call = self._later.get()
            if self._up and self.ask(what, call, self._deadline * _LATER_LONGER) is not None:
                count(what, "done")

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                retry = import_module("valkey.retry").Retry(
                    import_module("valkey.backoff").NoBackoff(), 0
                )
                self._client = self._library.Valkey.from_url(
                    self._address,
                    socket_timeout=self._deadline * 2,  # ours is shorter, and over all
                    socket_connect_timeout=self._deadline * 2,
                    retry=retry,
                    lib_name=None,  # else each connection would ask twice more
                    lib_version=None,
                )
            return self._client

    def _leave(self, error: Exception) -> None:
        """Leave the server alone for a while, and cut off calls that are under way."""
        with self._lock:
            was, self._up = self._up, False
            self._try_at = self._clock() + self._pause
            client, self._client = self._client, None
        self._forget_later()
        _disconnect(client)
        UP.labels(self.name).set(0)
        if was:
            log.warning(
                "the server that nodes share, %s, does not answer (%s): this process goes on by itself",
                self.name,
                _said(error),
            )

    def _return(self) -> None:
        if self._up:
            return
        with self._lock:
            was, self._up = self._up, True
        UP.labels(self.name).set(1)
        if not was:
            log.warning("the server that nodes share, %s, answers again", self.name)

    def _forget_later(self) -> None:
        while True:
            try:
                what, _ = self._later.get_nowait()
            except Empty:
                return
            count(what, "dropped")

    def _tell(self, text: str, *parts: object) -> None:
        """Write into the log, at most once a minute."""
        now = self._clock()
        if now - self._told >= _MINUTE:
            self._told = now
            log.warning(text, *parts)


def count(what: str, outcome: str) -> None:
    """Count what became of a call."""
    EVENTS.labels(what, outcome).inc()


def name_of(address: str) -> str:
    """A server as logs and numbers name it: without user, password and options.

    >>> name_of("rediss://user:secret@valkey.example:6380/2?x=1"), name_of("unix:///run/valkey.sock?db=1")
    ('valkey.example:6380', '/run/valkey.sock')
    """
    there = urlsplit(address)
    if there.scheme == "unix":
        return there.path
    return there.netloc.rpartition("@")[2]


def _said(error: Exception) -> str:
    """An error in one line of the log, which may hold what a stranger sent."""
    return ascii(str(error) or type(error).__name__)[1:-1][:_LONGEST]


def _disconnect(client: Any) -> None:
    """Close the connections of a client, also those that a thread waits on."""
    if client is not None:
        client.connection_pool.disconnect(inuse_connections=True)
