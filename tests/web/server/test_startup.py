"""What is loaded before workers are forked breaks none of them, and a worker's first pages are made for nobody."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from kg.config import Config
from tests.conftest import serving
from web.server import startup

BEFORE_FORK = """
import gc, os, sys, threading
from pathlib import Path
from kg.cli.main import main
from web.server.hooks import preload_app
from web.server.reloading import ReloadableSite
loaded = []
ReloadableSite.run = lambda site: loaded.append(site)  # which forks
main(["serve", "--port", "1"], standalone_mode=False)
app = loaded[0].wsgi()
site = app.extensions["gyebo"]
assert preload_app and gc.get_freeze_count() > 10_000 and gc.isenabled()
assert {"tantivy", "numpy"} <= sys.modules.keys()
assert not {"networkx", "tqdm", "jsonschema", "pyshacl", "rdflib"} & sys.modules.keys()
assert len(app.jinja_env.cache) == len(app.jinja_env.list_templates()) > 20
assert site.holder._current is None and not site.pools
status = Path("/proc/self/status").read_text()
assert threading.active_count() == 1 and "Threads:\\t1\\n" in status, status
open_files = [os.path.realpath(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")]
assert not [name for name in open_files if name.startswith(os.environ["GYEBO_HOME"])]
"""


def test_before_a_fork_there_is_no_thread_no_process_and_no_snapshot(snapshot_home: Path) -> None:
    environ = {"OPENBLAS_NUM_THREADS": "1", "GYEBO_HOME": str(snapshot_home)}
    done = subprocess.run(
        [sys.executable, "-c", BEFORE_FORK],
        env=os.environ | environ,
        capture_output=True,
        text=True,
    )
    assert not done.returncode, done.stderr


def test_a_worker_makes_pages_for_nobody(snapshot_home: Path) -> None:
    with serving(Config(home=snapshot_home)) as app:
        startup.warm_up(app)
        site = app.extensions["gyebo"]
        assert len(site.pages) >= 2  # the home page may say what changes with time
        assert site.holder._users == {}


def test_without_a_snapshot_there_is_nothing_to_warm(tmp_path: Path) -> None:
    with serving(Config(home=tmp_path)) as app:
        startup.warm_up(app)
        assert not len(app.extensions["gyebo"].pages)
