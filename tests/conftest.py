"""Fixtures: the smallest data that shows a thing. `snapshot_home` is the curated data with a cut of the
catalog, built once by the real build for all test processes and only read (tests/shared_build.py); `corners` is the same with
what it has no example of. A test of one rule writes its own few lines with `Corner` and builds those.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from kg.build.build import build
from kg.config import Config, load_config
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot
from tests.shared_build import shared_home, write_corners, write_data
from web import create_app

# Machines are noisy: no test asserts what a clock says, and a bound on CPU time is several times what is taken.
# CI tries the same examples each time, so that a change is told from a find; whoever runs the tests by hand
# looks further.
settings.register_profile("hand", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "hand")


@pytest.fixture(scope="session")
def builds(request: pytest.FixtureRequest) -> Path:
    """The folder of the builds that all test processes share."""
    return Path(request.config.cache.mkdir("builds"))


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's data with the cut of its catalog; a folder of this process, not to be written into."""
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def snapshot_home(builds: Path, data_folder: Path) -> Iterator[Path]:
    """A home folder with a snapshot of that data; not to be written into."""
    with shared_home(builds, data_folder) as home:
        yield home


@pytest.fixture(scope="session")
def config(snapshot_home: Path) -> Config:
    """Every page is made when it is asked for, as some tests change what it is made with."""
    return load_config(home=snapshot_home, page_cache_mb=0)


@pytest.fixture(scope="session")
def snapshot(snapshot_home: Path) -> Iterator[Snapshot]:
    with closing(Snapshot.current(snapshot_home)) as opened:
        yield opened


@pytest.fixture(scope="session")
def corners(builds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """The repository's data with what the tests add to it."""
    data = write_corners(tmp_path_factory.mktemp("corners"))
    with shared_home(builds, data) as home, closing(Snapshot.current(home)) as opened:
        yield opened


class Corner:
    """A data folder of a few lines, and a home to build it in."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.config = load_config(home=folder / "home", page_cache_mb=0)
        self.opened: list[Snapshot] = []
        (self.data / "curated").mkdir(parents=True)
        for name in ("curated.schema.json", "trust.yaml"):
            shutil.copy(DATA / name, self.data / name)
        shutil.copy(DATA / "curated" / "gyebo.yaml", self.data / "curated" / "gyebo.yaml")

    def write(self, text: str, name: str = "corner.yaml") -> Path:
        path = self.data / "curated" / name
        path.write_text(text, encoding="utf-8")
        return path

    def build(self, *, force: bool = True) -> Snapshot:
        build(self.config, self.data, force=force)
        self.opened.append(Snapshot.current(self.config.home))
        return self.opened[-1]


@pytest.fixture
def corner(tmp_path: Path) -> Iterator[Corner]:
    corner = Corner(tmp_path)
    yield corner
    for snapshot in corner.opened:
        snapshot.close()


@contextmanager
def serving(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    try:
        yield app
    finally:
        app.extensions["gyebo"].close()


@pytest.fixture(scope="session")
def app(config: Config) -> Iterator[Flask]:
    with serving(config) as app:
        app.extensions["gyebo"].readiness.wait()  # else it says for a while that it is not ready
        yield app


@pytest.fixture(scope="session")
def mounted(config: Config) -> Iterator[Flask]:
    """The application under the prefix /gyebo."""
    with serving(replace(config, prefix="/gyebo")) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="Write tests/golden/release anew."
    )
