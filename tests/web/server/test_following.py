"""`gyebo serve --from`: an empty machine serves what a storage offers, and each later release of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from kg.build.build import build
from kg.travel.publish import publish_release
from kg.travel.storage import open_storage
from tests.conftest import Corner
from tests.travel.storages import Static
from tests.waiting import free_port, wait_until
from tests.web.server.test_serve import ROOT, get


@contextmanager
def serving_from(
    url: str, home: Path, **settings: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "kg.cli", "serve", "--port", str(port), "--workers", "1"],
        env=os.environ
        | {"GYEBO_HOME": str(home), "GYEBO_FROM": url, "GYEBO_LOG": "off"}
        | {"GYEBO_POLL_SECONDS": "0"}
        | settings,
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=20)
        if process.stderr:
            process.stderr.close()


def label(url: str) -> str:
    return str(json.loads(get(url + "/model/a.json"))["labels"]["en"][0])


def followers(home: Path) -> list[int]:
    """The processes that look for another release for a home."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            environ = (folder / "environ").read_bytes()
        except OSError:
            continue
        if b"kg.travel.following" in command and str(home).encode() in environ:
            found.append(int(folder.name))
    return found


@pytest.mark.slow
def test_an_empty_machine_serves_and_keeps_up(corner: Corner, tmp_path: Path) -> None:
    home, files = tmp_path / "node", tmp_path / "files"
    storage = open_storage(str(files))
    corner.write("model/a: {label: {en: First}}")
    build(corner.config, corner.data)
    publish_release(corner.config.home, storage)
    with Static(files).running() as source, serving_from(source, home) as (url, process):
        wait_until(lambda: label(url) == "First")
        seen: list[str] = []
        stop = threading.Event()

        def ask() -> None:
            while not stop.is_set():
                seen.append(label(url))

        asking = threading.Thread(target=ask)
        asking.start()
        corner.write("model/a: {label: {en: Second}}")
        build(corner.config, corner.data)
        publish_release(corner.config.home, storage)
        os.kill(process.pid, signal.SIGHUP)  # told, as it never looks by itself
        wait_until(lambda: "Second" in seen)
        stop.set()
        asking.join()
        assert set(seen) == {"First", "Second"}  # and no request was lost

        (killed,) = followers(home)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: followers(home) not in ([], [killed]))  # it is started again
        corner.write("model/a: {label: {en: Third}}")
        build(corner.config, corner.data)
        publish_release(corner.config.home, storage)
        os.kill(process.pid, signal.SIGHUP)
        wait_until(lambda: label(url) == "Third")

        os.kill(process.pid, signal.SIGKILL)
        wait_until(lambda: followers(home) == [])  # it ends with the server, however that ends


@pytest.mark.slow
def test_a_storage_that_is_down_stops_nobody_who_has_a_release(
    corner: Corner, tmp_path: Path
) -> None:
    home, files = tmp_path / "node", tmp_path / "files"
    corner.write("model/a: {label: {en: First}}")
    build(corner.config, corner.data)
    publish_release(corner.config.home, open_storage(str(files)))
    down = "http://127.0.0.1:9"
    with serving_from(down, home) as (url, process):  # empty: there is nothing to serve
        assert process.wait(timeout=60) == 1
        assert process.stderr
        told = process.stderr.read()
        assert told.startswith(f"gyebo: {down}: ") and told.count("\n") == 1
    with serving_from(str(files), home) as (url, _):
        wait_until(lambda: label(url) == "First")
    with serving_from(down, home) as (url, _):
        wait_until(lambda: label(url) == "First")
