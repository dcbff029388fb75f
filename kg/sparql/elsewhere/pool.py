"""The pool of the public where a SPARQL server elsewhere answers: `GYEBO_SPARQL_URL`.

Turns, shares, screen, deadlines, caps and formats are those of kg/sparql/pool.py: a query process sends the query and
writes the answer. An answer counts only if the server holds the release that is served here, by its mark before and
after the query (kg/sparql/elsewhere/_mark.py). What is wrong with the server is logged; readers are told when to ask again.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import IO, Any, cast

import msgspec

from kg.errors import QueryTimeout, ServerAway
from kg.messages.message import Message, mark, unpack_message
from kg.sparql._protocol import WireMessage
from kg.sparql.elsewhere._client import CONNECT, ServerClient
from kg.sparql.elsewhere._mark import ReleaseMark
from kg.sparql.elsewhere.endpoint import Endpoint
from kg.sparql.pool import Pool
from kg.sparql.request import Dataset, Ledger, Limits

log = logging.getLogger(__name__)
_REST = 5.0  # seconds a server that could not be reached is left alone
_ATTEMPTS = 2  # of a query, where a release was loaded meanwhile
_DOWN = mark("the SPARQL server behind this site does not answer")
_OTHER = mark("the SPARQL server behind this site does not hold the release that is shown here yet")


class ElsewherePool(Pool):
    """Query processes that put queries to a SPARQL server; safe to use from several threads.

    Args:
        server: the server.
        size, limits, spare, ledger: as of `Pool`.
    """

    _module = "kg.sparql.elsewhere._worker"

    def __init__(
        self,
        server: Endpoint,
        size: int = 1,
        limits: Limits | None = None,
        spare: bool = True,
        ledger: Ledger | None = None,
    ) -> None:
        super().__init__(size, limits, spare, ledger)
        self._server = server
        self._told = msgspec.to_builtins(server)
        self._client = ServerClient(server, size)
        self._seen: ReleaseMark | None = None  # what the server said last
        self._away_until = 0.0
        self._state = threading.Lock()

    def answers_here(self, text: str) -> bool:
        """None is."""
        return False

    def _look_up(self, request: dict[str, Any], dataset: Dataset) -> WireMessage | None:
        """Nothing: what the server holds is not here."""
        return None

    def _ask(
        self,
        request: dict[str, Any],
        dataset: Dataset,
        seconds: float,
        gone: Callable[[], bool] | None,
    ) -> WireMessage:
        """Put a query to the server.

        Raises:
            ServerAway: it is down, slow, or holds something else.
            KGError: as `Pool.query`.
        """
        until, left = time.monotonic() + seconds, seconds
        for _ in range(_ATTEMPTS):
            before = self._mark_of(dataset)
            answer = self._put(request, dataset, left, gone)
            left = max(0.0, until - time.monotonic())
            if answer.head.get("error") == "server":
                why = unpack_message(answer.head["message"])
                log.warning("%s: %s", self._server.shown, why)
            if self._read(dataset.base) == before:
                return answer
            if answer.file:
                answer.file.close()
        raise ServerAway(Message(_OTHER), int(_REST))

    def _put(
        self,
        request: dict[str, Any],
        dataset: Dataset,
        seconds: float,
        gone: Callable[[], bool] | None,
    ) -> WireMessage:
        """Let a query process send it over a connection of its own."""
        try:
            connection = self._server.connect(min(CONNECT, max(seconds, 0.1)))
        except OSError as error:
            raise self._away(error) from error
        with connection:
            try:
                handed = cast(IO[bytes], connection)  # what goes with a request has a descriptor
                return self._ask_worker(
                    request | {"server": self._told}, dataset.store, seconds, gone, handed
                )
            except QueryTimeout:
                self._read(dataset.base)  # is it the query, or the server?
                raise

    def _mark_of(self, dataset: Dataset) -> ReleaseMark:
        """The mark of this release.

        Raises:
            ServerAway: the server has none, or another, or is left alone.
        """
        self._refuse_away()
        seen = self._seen
        if not seen or seen.version != dataset.version:
            seen = self._read(dataset.base)
        if not seen or seen.version != dataset.version:
            held = seen.version if seen else "no release"
            log.warning("%s holds %s, not %s", self._server.shown, held, dataset.version)
            raise ServerAway(Message(_OTHER), int(_REST))
        return seen

    def _read(self, base: str) -> ReleaseMark | None:
        """What the server says it holds now.

        Raises:
            ServerAway: it does not answer.
        """
        self._refuse_away()
        try:
            seen = self._client.read_mark(base)
        except OSError as error:
            raise self._away(error) from error
        with self._state:
            self._seen = seen
        return seen

    def _refuse_away(self) -> None:
        if time.monotonic() < self._away_until:
            raise ServerAway(Message(_DOWN), int(_REST))

    def _away(self, error: Exception) -> ServerAway:
        """The server is left alone for a while, so that no queue of queries waits for it."""
        log.warning("%s does not answer: %s", self._server.shown, error)
        with self._state:
            self._away_until = time.monotonic() + _REST
        return ServerAway(Message(_DOWN), int(_REST))

    def close(self) -> None:
        """Stop all idle processes and hang up."""
        super().close()
        self._client.close()


def held_version(server: Endpoint, base: str) -> str:
    """The version of the release that a server says it holds; "" if it says none.

    Args:
        server: the server.
        base: start of the IRIs of the release.

    Raises:
        ConnectionError: it does not answer.
    """
    with contextlib.closing(ServerClient(server)) as client:
        seen = client.read_mark(base)
    return seen.version if seen else ""
