"""Releases that are built once for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from kg.snapshot.snapshot import Snapshot
from tests.watch.releases import Releases, make_releases


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """Four releases; not to be written into."""
    return make_releases(tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def latest(releases: Releases) -> Iterator[Snapshot]:
    with closing(Snapshot.current(releases.home)) as opened:
        yield opened
