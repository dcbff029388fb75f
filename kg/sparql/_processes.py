"""A query process as its caller sees it: started, asked, and killed when it takes too long."""

from __future__ import annotations

import math
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from kg.errors import QueryAborted, QueryTimeout
from kg.messages.message import Message
from kg.sparql._protocol import WireMessage, receive, send
from kg.sparql.request import Limits

_START = 60.0  # seconds a process may take until it is ready, on a busy machine
_LOOK = 0.25  # seconds between two looks whether who asked has left


class WorkerProcess:
    """One query process.

    Args:
        limits: what a query may take.
        store: that it opens first.
        module: the program that it runs.
    """

    def __init__(self, limits: Limits, store: Path, module: str = "kg.sparql._worker") -> None:
        self._socket, theirs = socket.socketpair()
        command = [
            sys.executable,
            "-P",  # a folder called kg where somebody stands is not ours
            "-m",
            module,
            str(theirs.fileno()),
            str(limits.memory_mb),
            str(limits.nice),
            str(store),
        ]
        with theirs:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._ready = False
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(
        self,
        request: dict[str, Any],
        seconds: float,
        gone: Callable[[], bool] | None,
        handed: IO[bytes] | None = None,
    ) -> WireMessage:
        """Send a request and wait for the answer; kill the process if it does not come in time.

        Args:
            request: what is asked.
            seconds: how long that may take.
            gone: says whether who asks has left.
            handed: an open file or connection that goes with the request.
        """
        try:
            if not self._ready:  # that it takes long to start is not the query's fault
                self._wait(_START, gone)
                receive(self._socket)
                self._ready = True
            send(self._socket, WireMessage(request, file=handed))
            self._wait(seconds, gone)
            return receive(self._socket)
        except (EOFError, OSError) as error:
            self.kill()
            raise QueryAborted(Message("its process ran out of memory or crashed")) from error
        except (QueryAborted, QueryTimeout):
            self.kill()
            raise

    def _wait(self, seconds: float, gone: Callable[[], bool] | None) -> None:
        poll, deadline = self._poll, time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if poll.poll(math.ceil(min(left, _LOOK if gone else left) * 1000)):
                return
            if gone and gone():
                raise QueryAborted(Message("the one who asked has left"))
        if not poll.poll(0):
            raise QueryTimeout(seconds)

    def kill(self) -> None:
        self._socket.close()
        self._process.kill()
        self._process.wait()
