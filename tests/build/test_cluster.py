"""A real Dask cluster carries a build: the same bytes, whoever dies, is slow or is of another program."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.build import _scheduler
from kg.build.build import build
from kg.build.cluster import open_sharing
from kg.cli.main import main
from kg.config import Config, load_config
from kg.errors import BuildError, ConfigError, NotInstalled
from kg.paths import KG
from kg.snapshot.layout import Layout
from kg.work.workers import Workers
from tests.build.test_build import GOLDEN, release
from tests.ingest.test_reading_in_pieces import write_lines
from tests.waiting import free_port

pytest.importorskip("distributed", reason="the extra “cluster” is not installed")
ROOT = KG.parent
Files = dict[str, bytes]


class Machines:
    """A scheduler and workers, each a process of its own as on a cluster.

    Args:
        folder: where their logs and scratch files stand.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._stack = ExitStack()
        self.scheduler = self._run(
            "scheduler", "--host", "127.0.0.1", "--port", f"{self.port}", "--no-dashboard"
        )
        self.workers: list[subprocess.Popen[bytes]] = []

    def work(
        self,
        count: int = 1,
        program: Path = ROOT,
        settings: dict[str, str] | None = None,
        nice: int = 0,
    ) -> None:
        """Start workers, and wait for them."""
        for _ in range(count):
            self.workers.append(
                self._run(
                    "worker",
                    self.address,
                    "--nthreads=1",
                    "--no-nanny",
                    "--no-dashboard",
                    "--local-directory",
                    f"{self.folder}",
                    program=program,
                    settings=settings,
                    nice=nice,
                )
            )
        from distributed import Client

        with Client(self.address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(len([w for w in self.workers if w.poll() is None]), timeout=60)

    def have_loaded(self, module: str) -> list[bool]:
        """Of each worker, whether it has loaded a module."""
        from distributed import Client

        with Client(self.address, timeout=60, set_as_default=False) as client:
            return [*client.run(_has_loaded, module).values()]

    def end(self) -> None:
        self._stack.close()

    def _run(
        self,
        kind: str,
        *arguments: str,
        program: Path = ROOT,
        settings: dict[str, str] | None = None,
        nice: int = 0,
    ) -> subprocess.Popen[bytes]:
        log = self._stack.enter_context((self.folder / f"{kind}.log").open("ab"))
        process = subprocess.Popen(
            ["nice", "-n", f"{nice}", sys.executable, "-m", "dask", kind, *arguments],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": f"{program}"} | (settings or {}),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self._stack.callback(_kill, process)
        return process


def _has_loaded(module: str) -> bool:
    return module in sys.modules


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    folder = tmp_path / "machines"
    folder.mkdir()
    running = Machines(folder)
    yield running
    running.end()


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks of five subjects, so that the little data is shared in many."""
    monkeypatch.setattr(sys.modules[build.__module__], "Workers", partial(Workers, part=5, many=0))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return _files(load_config(home=tmp_path_factory.mktemp("alone"), build_workers=1))


def _files(
    config: Config, stage: Callable[[str, int, int], None] | None = None, patience: float = 3
) -> Files:
    """All files of a snapshot that are the same wherever it stands."""
    with open_sharing(config, patience) as (shared, start):
        told = stage or (lambda *_: None)
        folder = build(shared, GOLDEN / "data", start=start, stage=told).folder
    lineage = {f.name: f.read_bytes() for f in sorted((folder / "lineage").iterdir())}
    manifest = (folder / "manifest.json").read_bytes()
    return release(folder) | lineage | {"manifest.json": manifest}


def on(machines: Machines, home: Path) -> Config:
    return load_config(home=home / "home", scheduler=machines.address)


@pytest.mark.slow
@pytest.mark.parametrize("count", [2, 4])
def test_a_cluster_gives_the_bytes_that_one_process_gives(
    machines: Machines, tmp_path: Path, alone: Files, cut: None, count: int
) -> None:
    machines.work(count)
    assert _files(on(machines, tmp_path)) == alone


@pytest.mark.slow
def test_files_of_the_hub_are_taken_apart_by_a_cluster(machines: Machines, tmp_path: Path) -> None:
    machines.work(2)
    write_lines(tmp_path / "a.jsonl", 0, 6000)
    runs = {}
    for home, more in (("here", []), ("there", ["--scheduler", machines.address])):
        asked = ["--home", str(tmp_path / home), "ingest", "hub", "--name", "r", *more]
        asked += ["--retrieved", "2026-11-30", str(tmp_path / "a.jsonl")]
        done = CliRunner().invoke(main, asked)
        assert done.exit_code == 0, done.output
        folder = tmp_path / home / "runs" / "r"
        runs[home] = {f.name: f.read_bytes() for f in sorted(folder.iterdir())}
    assert runs["here"] == runs["there"] and len(runs["here"]["claims.jsonl"]) > 100_000
    assert all(machines.have_loaded("kg.ingest.sources._hub_pieces"))


def test_an_ingest_whose_scheduler_is_not_there_is_one_line(tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", 0, 3)
    asked = ["--home", str(tmp_path / "home"), "ingest", "hub", str(tmp_path / "a.jsonl")]
    done = CliRunner().invoke(main, [*asked, "--scheduler", f"tcp://127.0.0.1:{free_port()}"])
    assert done.exit_code == 1 and done.stderr.count("\n") == 1
    assert "no scheduler answers at tcp://127.0.0.1" in done.stderr
    assert not (tmp_path / "home" / "runs").exists()


@pytest.mark.slow
def test_a_worker_that_is_killed_and_one_that_is_slow_change_nothing(
    machines: Machines, tmp_path: Path, alone: Files, cut: None
) -> None:
    machines.work(1)
    machines.work(1, nice=19)
    killed = threading.Event()

    def kill(name: str, done: int, total: int) -> None:
        if name == "write" and done and not killed.is_set():
            killed.set()
            _kill(machines.workers[0])

    assert _files(on(machines, tmp_path), kill) == alone
    assert killed.is_set()


@pytest.mark.slow
@pytest.mark.parametrize("what", ["workers", "scheduler", "silence"])
def test_a_cluster_that_goes_away_stops_the_build_with_one_sentence(
    machines: Machines, tmp_path: Path, alone: Files, cut: None, what: str
) -> None:
    machines.work(1)

    def kill(name: str, done: int, total: int) -> None:
        if name == "resolve" and not done and what == "silence":
            machines.scheduler.send_signal(signal.SIGSTOP)
        elif name == "resolve" and not done:
            for process in machines.workers if what == "workers" else [machines.scheduler]:
                _kill(process)

    said = {
        "workers": "no worker for 3 seconds",
        "scheduler": "scheduler went away",
        "silence": "scheduler has said nothing for 3 seconds",
    }
    with pytest.raises(BuildError, match=said[what]):
        _files(on(machines, tmp_path), kill)
    assert not Layout(tmp_path / "home").complete()
    assert _files(load_config(home=tmp_path / "home")) == alone


@pytest.mark.slow
def test_a_worker_of_another_program_is_refused_before_any_work_and_one_that_comes_later(
    machines: Machines, tmp_path: Path, cut: None
) -> None:
    other = tmp_path / "other"
    shutil.copytree(KG, other / "kg", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "ontology", other / "ontology")
    version = other / "kg" / "version.py"
    version.write_text(version.read_text(encoding="utf-8") + "\n# another\n", encoding="utf-8")
    machines.work(1)

    def join(name: str, done: int, total: int) -> None:
        if name == "resolve" and not done:
            _kill(machines.workers[0])
            machines.work(1, program=other)

    with pytest.raises(BuildError, match="another version of this program"):
        _files(on(machines, tmp_path), join, patience=60)
    with pytest.raises(BuildError, match=r"worker tcp://127.* another version of this program"):
        _files(on(machines, tmp_path))
    assert not Layout(tmp_path / "home").complete()


@pytest.mark.slow
def test_a_worker_without_the_program_and_one_without_the_folder_are_named(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machines.work(1)
    module = sys.modules[open_sharing.__module__]
    with monkeypatch.context() as patch, pytest.raises(BuildError, match="does not see the folder"):
        patch.setattr(module, "_introduce", partial(told_elsewhere, module._introduce))
        _files(on(machines, tmp_path))
    bare = tmp_path / "bare" / "kg"
    bare.mkdir(parents=True)
    (bare / "__init__.py").touch()
    machines.work(1, program=bare.parent)
    with pytest.raises(BuildError, match="cannot run this program"):
        _files(on(machines, tmp_path))


def told_elsewhere(told: Callable[[str], object], file: str) -> object:
    """What a worker says whose disk holds no such file."""
    return told(f"{file}-on-another-disk")


@pytest.mark.slow
def test_a_cluster_without_workers_is_told(machines: Machines, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="has no worker: start one with"):
        _files(on(machines, tmp_path))


def test_a_scheduler_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    asked = ["--home", f"{tmp_path}", "build", "--data", f"{GOLDEN / 'data'}", "--scheduler"]
    done = CliRunner().invoke(main, [*asked, f"tcp://127.0.0.1:{free_port()}"])
    assert done.exit_code == 1
    assert "no scheduler answers at tcp://127.0.0.1" in done.stderr
    assert not (tmp_path / "snapshots").exists()


@pytest.mark.parametrize("sent", [b"", b"\xff" * 4096, b"HTTP/1.1 400 Bad\r\n\r\n", bytes(65536)])
def test_somebody_who_is_no_scheduler_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    monkeypatch.setattr(_scheduler, "REACHED", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    connection.sendall(sent)
                    held.append(connection)

        held: list[socket.socket] = []
        thread = threading.Thread(target=answer)
        thread.start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        why = "is no scheduler of Dask" if sent else "says nothing for 2 seconds"
        try:
            with (
                pytest.raises(BuildError, match=f"no scheduler answers at {address}: .*{why}"),
                open_sharing(load_config(home=tmp_path, scheduler=address)),
            ):
                pass
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for connection in held:
                connection.close()


@pytest.mark.parametrize("address", ["10.0.0.5:8786", "tcp://", "http://a:1", "tcp://a:1/x", "x"])
def test_what_is_no_address_of_a_scheduler_is_refused(tmp_path: Path, address: str) -> None:
    with (
        pytest.raises(ConfigError, match="tcp://HOST:PORT"),
        open_sharing(load_config(home=tmp_path, scheduler=address)),
    ):
        pass


def test_without_dask_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(NotInstalled, match="cluster"),
        open_sharing(load_config(home=tmp_path, scheduler="tcp://127.0.0.1:1")),
    ):
        pass
