"""The real server takes up a new snapshot by itself and loses no request; the wheel works anywhere."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import pytest

from kg.build.build import build
from kg.snapshot.current import EVERY
from kg.snapshot.layout import Layout
from tests.conftest import Corner
from tests.waiting import free_port, wait_until

ROOT = Path(__file__).parents[3]


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=20) as response:
        return bytes(response.read())


@contextlib.contextmanager
def served(
    home: Path,
    *command: str,
    cwd: Path = ROOT,
    path: str = "",
    log: IO[bytes] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """A running server with some settings; its address."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(command or (sys.executable, "-m", "kg.cli")),
            "--home",
            str(home),
            "serve",
            "--port",
            str(port),
        ],
        cwd=cwd,
        stderr=log or subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | ({"PYTHONPATH": path} if path else {}) | (settings or {}),
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: process.poll() is not None or get(url + "/-/health"))
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


@pytest.mark.slow
def test_a_new_snapshot_is_taken_up_and_no_request_is_lost(corner: Corner) -> None:
    corner.write("model/a: {label: {en: First}}")
    build(corner.config, corner.data)
    with served(corner.config.home) as url:
        seen, stop = [], threading.Event()

        def ask() -> None:
            while not stop.is_set():
                seen.append(json.loads(get(url + "/model/a.json"))["labels"]["en"][0])
                query = "/sparql?format=json&query=SELECT%20%2A%20%7B%3Fs%20%3Fp%20%3Fo%7D"
                assert b"bindings" in get(url + query)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for name in ("Second", "Third", "Fourth"):
            corner.write(f"model/a: {{label: {{en: {name}}}}}")
            build(corner.config, corner.data)
        wait_until(lambda: "Fourth" in seen)
        stop.set()
        for thread in threads:
            thread.join()
        assert seen[0] == "First"
        time.sleep(EVERY)  # each worker looks by itself what is current
        told = [json.loads(get(url + "/model/a.json"))["labels"]["en"] for _ in range(20)]
        assert told == [["Fourth"]] * 20
    kept = list(Layout(corner.config.home).snapshots.iterdir())
    assert len(kept) <= 4  # what the server had open may wait for the next build


@pytest.mark.slow
def test_a_failed_build_leaves_the_old_snapshot_serving(corner: Corner) -> None:
    corner.write("model/a: {label: {en: First}}")
    build(corner.config, corner.data)
    with served(corner.config.home) as url:
        corner.write("model/a: {label: 3}")
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "kg.cli",
                "--home",
                corner.config.home,
                "build",
                "--data",
                corner.data,
            ],
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
        assert done.returncode == 2
        assert json.loads(get(url + "/model/a.json"))["labels"]["en"] == ["First"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked into an empty folder, as pip would."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_all_that_the_program_reads(wheel: Path) -> None:
    for source, place in (
        ("data", "kg/_share/data"),
        ("ontology", "kg/_share/ontology"),
        ("web", "web"),
    ):
        here = {p.relative_to(ROOT / source) for p in (ROOT / source).rglob("*") if p.is_file()}
        there = {p.relative_to(wheel / place) for p in (wheel / place).rglob("*") if p.is_file()}
        assert there and there == {p for p in here if p.suffix != ".pyc"}


@pytest.mark.slow
def test_the_wheel_works_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """The one test that builds all of the default data, which a build checks as it goes."""
    code = "import kg.cli.main, sys; print(kg.__file__); sys.argv[0] = 'gyebo'; kg.cli.main.main()"
    command = [sys.executable, "-c", code, "--home", str(tmp_path / "home")]
    run = {
        "cwd": tmp_path,
        "env": os.environ | {"PYTHONPATH": str(wheel)},
        "text": True,
        "capture_output": True,
        "check": True,
    }
    built = subprocess.run([*command, "build", "--json"], **run)  # type: ignore[call-overload]
    counts = json.loads(built.stdout.partition("\n")[2])["counts"]
    catalog = wheel / "kg" / "_share" / "data" / "catalog"
    assert counts["model"] > (8_000 if catalog.is_dir() else 300)
    done = subprocess.run([*command, "lineage", "llama", "--direction", "down", "--json"], **run)  # type: ignore[call-overload]
    where, _, answer = done.stdout.partition("\n")
    assert where.startswith(str(wheel))
    assert json.loads(answer)["total"] >= 13
    with served(
        tmp_path / "home", sys.executable, "-m", "kg.cli", cwd=tmp_path, path=str(wheel)
    ) as url:
        assert "알파카".encode() in get(url + "/search?q=%EC%95%8C%ED%8C%8C%EC%B9%B4")
        assert b"<svg" in get(url + "/family/llama")


def children(process: int) -> set[int]:
    """The processes that a process started and that run."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == process and state != "Z":
                found.add(int(stat.parent.name))
    return found


def master_of(url: str) -> int:
    """The process of a server that started the others."""
    port = url.rpartition(":")[2]
    (master,) = (
        pid
        for pid in children(os.getpid())
        if f"--port\0{port}\0" in (Path("/proc") / str(pid) / "cmdline").read_text()
    )
    return master


@pytest.mark.slow
def test_sighup_reads_the_settings_again_and_follows_the_snapshot(
    corner: Corner, tmp_path: Path
) -> None:
    corner.write("model/a: {label: {en: First}}")
    build(corner.config, corner.data)
    settings = tmp_path / "gyebo.toml"
    settings.write_text("workers = 1\n")
    log = (tmp_path / "log").open("wb")
    with (
        log,
        served(corner.config.home, cwd=tmp_path, path=str(ROOT), log=log) as url,
    ):
        master = master_of(url)
        before = children(master)
        settings.write_text("workers = many\n")
        os.kill(master, signal.SIGHUP)
        wait_until(lambda: b"the settings are as before" in (tmp_path / "log").read_bytes())
        assert children(master) == before and b"First" in get(url + "/model/a.json")
        corner.write("model/a: {label: {en: Second}}")
        build(corner.config, corner.data)
        settings.write_text("workers = 2\n")
        os.kill(master, signal.SIGHUP)
        wait_until(lambda: len(children(master) - before) >= 2 and not children(master) & before)
        assert b"Second" in get(url + "/model/a.json")


@pytest.mark.slow
def test_who_was_let_in_before_a_reload_is_answered(snapshot_home: Path) -> None:
    with served(snapshot_home, settings={"GYEBO_WORKERS": "1"}) as url:
        there = urlsplit(url)
        master = master_of(url)
        before = children(master)
        silent = socket.create_connection((there.hostname or "", there.port or 0), timeout=20)
        kept = http.client.HTTPConnection(there.hostname or "", there.port, timeout=60)
        kept.request("GET", "/-/health")  # connections are let in one after the other
        assert kept.getresponse().read() and kept.sock
        os.kill(master, signal.SIGHUP)
        assert kept.sock.recv(1) == b""  # the old process has been told to end
        with silent, silent.makefile("rb") as answer:
            silent.sendall(b"GET /-/health HTTP/1.1\r\nHost: a\r\n\r\n")
            read = answer.read()
            assert read.startswith(b"HTTP/1.1 200 OK") and b"\r\nConnection: close\r\n" in read
        kept.close()
        wait_until(lambda: not children(master) & before)
