"""A build whose shared work is carried by a Dask cluster (`gyebo build --scheduler tcp://…`).

The machines of the cluster see the home folder at the same path as this process does, and have the same program. What
travels is the name of a function, the path of a file and a range; data is read and written in the home. Before any work
each worker says what program it is and reads a file of the home; each task asks again, as workers come later too. A
task whose worker dies is given to another by Dask. The scheduler is trusted: who can reach it can run anything on its workers.
"""

from __future__ import annotations

import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast
from weakref import WeakSet

from kg.build._scheduler import REACHED, greet_scheduler, unreached
from kg.build.inputs import digest
from kg.build.passes._pieces import MADE_BY
from kg.config import Config
from kg.errors import BuildError, ConfigError, NotInstalled
from kg.messages.message import Message, mark, reason_of
from kg.paths import KG, ONTOLOGY
from kg.work.workers import Start, start_processes

if TYPE_CHECKING:
    from distributed import Client

_T = TypeVar("_T")
_ADDRESS = re.compile(r"(?:tcp|tls)://(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}")
_PATIENCE = 60.0  # seconds that a build waits for workers when all are gone
_GONE = mark("the scheduler went away; nothing was published")
_LOOK = 1.0  # seconds between two looks at who is there


class Sharing(NamedTuple):
    """With whom a build shares its work."""

    config: Config  # with as many build_workers as the cluster has threads, each of which takes one task at a time
    start: Start


class _Introduction(NamedTuple):
    """What a worker is."""

    program: str
    python: str
    token: str  # what it read in the home, "" if it sees no such file


@contextmanager
def open_sharing(config: Config, patience: float = _PATIENCE) -> Iterator[Sharing]:
    """Whoever shares the work of a build: processes of this machine, or the cluster that the configuration names.

    Each worker of a cluster has said before that it can build what this program builds.

    Args:
        config: its `scheduler` is tcp://HOST:PORT, or tls:// with Distributed's own settings.
        patience: seconds to wait for workers when all are gone.

    Raises:
        ConfigError: that is no address of a scheduler.
        NotInstalled: `distributed` is not there.
        BuildError: it cannot be reached, has no worker, a worker is of another program or sees another folder; and
            within, what became of the cluster while it worked.
    """
    if not config.scheduler:
        yield Sharing(config, start_processes)
        return
    with _connected(config.scheduler) as client:
        threads = _checked(client, config.scheduler, config.home)
        watch = _Watch(client, patience)
        try:
            with watch:
                yield Sharing(replace(config, build_workers=sum(threads.values())), watch.start)
        except Exception as error:
            if watch.lost or _is_of_cluster(error):
                raise BuildError(watch.lost or _failed(error)) from error
            raise


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    if not _ADDRESS.fullmatch(address):
        raise ConfigError(
            Message("a scheduler's address is tcp://HOST:PORT, not %(address)r", address=address)
        )
    try:
        from distributed import Client  # slow to load, and no other build needs it
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("distributed", "dask"):
            raise
        raise NotInstalled(Message("builds on a cluster"), "cluster") from error
    greet_scheduler(address)
    try:
        client = Client(address, timeout=REACHED, set_as_default=False)
    except (OSError, ValueError) as error:
        raise unreached(address, reason_of(error)) from error
    try:
        yield client
    finally:
        with suppress(Exception):  # it may be gone, and what was built is whole without it
            client.close(timeout=2)


def _checked(client: Client, address: str, home: Path) -> dict[str, int]:
    """The workers of a cluster and their threads, when each has said what it is.

    Raises:
        BuildError: there is none, or one cannot build what this program builds.
    """
    threads: dict[str, int] = client.nthreads()
    if not threads:
        raise BuildError(
            Message(
                "the cluster at %(address)s has no worker: start one with “dask worker %(address)s”",
                address=address,
            )
        )
    home.mkdir(parents=True, exist_ok=True)
    token = secrets.token_hex(16)
    with NamedTemporaryFile("w", dir=home, prefix=".cluster-", encoding="ascii") as file:
        file.write(token)
        file.flush()
        told = client.run(_introduce, file.name, on_error="return", workers=[*threads])
    for worker, said in sorted(told.items()):
        if isinstance(said, BaseException):
            why = reason_of(said)
            raise BuildError(
                Message(
                    "the worker %(worker)s cannot run this program: %(why)s", worker=worker, why=why
                )
            )
        if (said.program, said.python) != (_program(), MADE_BY):
            raise BuildError(_other_program(worker))
        if said.token != token:
            raise BuildError(
                Message(
                    "the worker %(worker)s does not see the folder %(home)s: all of a cluster must see it at "
                    "the same path",
                    worker=worker,
                    home=str(home),
                )
            )
    return threads


def _introduce(token: str) -> _Introduction:
    """What this worker is."""
    try:
        read = Path(token).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        read = ""
    return _Introduction(_program(), MADE_BY, read)


@cache
def _program() -> str:
    """A checksum of this program and its ontology, which does not change while a process runs."""
    return digest((KG, ONTOLOGY))


def _other_program(worker: str) -> Message:
    return Message(
        "the worker %(worker)s is of another version of this program, of Python or of its libraries: install "
        "there what is installed here",
        worker=worker,
    )


def _run_alike(program: str, task: Callable[..., _T], *arguments: object) -> _T:
    """Do a task on a worker, if it is of the program that asks for it.

    Raises:
        BuildError: it is not; a worker that came later may not be.
    """
    if program != f"{_program()} {MADE_BY}":
        raise BuildError(_other_program(socket.gethostname()))
    return task(*arguments)


class _Tasks(Executor):
    """Hands tasks to a cluster as an executor of `concurrent.futures`."""

    def __init__(self, client: Client) -> None:
        self._inner = client.get_executor(pure=False)
        self._program = f"{_program()} {MADE_BY}"
        self._lock = threading.Lock()
        self._waiting: WeakSet[Future[Any]] = WeakSet()
        self._lost: Message | None = None

    def submit(self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any) -> Future[_T]:
        """Hand over a task.

        Raises:
            BuildError: they were given up.
        """
        task = partial(_run_alike, self._program, fn)
        with self._lock:
            if self._lost:
                raise BuildError(self._lost)
            future = cast("Future[_T]", self._inner.submit(task, *args, **kwargs))
            self._waiting.add(future)
        return future

    def give_up(self, why: Message) -> None:
        """Let each task fail, without a word to the scheduler, which may not answer."""
        with self._lock:
            self._lost = why
            for future in list(self._waiting):
                with suppress(InvalidStateError):  # it is done
                    future.set_exception(BuildError(why))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End it; what still runs is given up if nobody waits."""
        if not self._lost:
            self._inner.shutdown(wait=wait and not cancel_futures)


class _Watch:
    """Looks whether a cluster has workers, and gives its tasks up when it has had none for long.

    Args:
        client: of the cluster.
        patience: seconds without a worker.
    """

    def __init__(self, client: Client, patience: float) -> None:
        self.lost: Message | None = None
        self._client, self._patience = client, patience
        self._tasks: _Tasks | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="cluster", daemon=True)

    def start(self, count: int) -> Executor:
        """An executor of the cluster's workers."""
        self._tasks = _Tasks(self._client)
        return self._tasks

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()
        if not self.lost and self._is_gone():
            self.lost = Message(_GONE)

    def _look(self) -> None:
        heard = seen = time.monotonic()
        while not (self.lost or self._ended.wait(_LOOK)):
            workers = self._workers()
            now = time.monotonic()
            heard = heard if workers is None else now
            seen = now if workers else seen
            if self._is_gone():
                self._give_up(Message(_GONE))
            elif now - heard > self._patience:
                self._give_up(
                    Message(
                        "the scheduler has said nothing for %(seconds)s seconds; nothing was published, and "
                        "what a build had done is kept for the next",
                        seconds=round(self._patience),
                    )
                )
            elif now - seen > self._patience:
                self._give_up(
                    Message(
                        "the cluster has had no worker for %(seconds)s seconds; nothing was published, and "
                        "what a build had done is kept for the next",
                        seconds=round(self._patience),
                    )
                )

    def _is_gone(self) -> bool:
        return bool(self._client.status != "running")

    def _workers(self) -> int | None:
        """How many there are; None if the scheduler does not say."""
        try:
            return len(self._client.nthreads(callback_timeout=REACHED))
        except Exception:  # it is going: the next look tells
            return None

    def _give_up(self, why: Message) -> None:
        self.lost = why
        if self._tasks:
            self._tasks.give_up(why)


def _is_of_cluster(error: BaseException) -> bool:
    """Whether an error is one of Dask's own, or of the way to it."""
    return isinstance(error, CancelledError) or type(error).__module__.startswith("distributed.")


def _failed(error: BaseException) -> Message:
    return Message(
        "the cluster could not do a task: %(why)s; nothing was published", why=reason_of(error)
    )
