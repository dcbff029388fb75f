"""A release of a few lines, built once, and storages of every kind to send it to."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from kg.travel.storage import PASSWORD, USER, Storage, open_storage
from tests.conftest import Corner
from tests.travel import storages


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two homes: one with a release, one with that and the next of it."""
    folder = tmp_path_factory.mktemp("built")
    corner = Corner(folder)
    corner.write("model/a: {label: {en: First}}")
    corner.build().close()
    first = folder / "first"
    shutil.copytree(corner.config.home, first, symlinks=True)
    corner.write("model/a: {label: {en: Second}}")
    corner.build().close()
    return first, corner.config.home


@pytest.fixture
def first(built: tuple[Path, Path]) -> Path:
    return built[0]


@pytest.fixture
def second(built: tuple[Path, Path]) -> Path:
    return built[1]


@pytest.fixture(params=["folder", "fsspec", "webdav"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Storage]]:
    """Opens a storage anew, as each machine does."""
    with ExitStack() as stack:
        environ = {}
        if request.param == "folder":
            url = (tmp_path / "storage").as_uri()
        elif request.param == "fsspec":
            url = f"memory://{tmp_path.name}/releases"
        else:
            url = stack.enter_context(storages.webdav(tmp_path / "storage")) + "/deep/releases"
            environ = {USER: storages.USER, PASSWORD: storages.PASSWORD}
        yield lambda: open_storage(url, environ)
