"""The small models, built once for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.snapshot.snapshot import Snapshot
from tests.documents.small import small_corner


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """A snapshot of the small models; not to be written into."""
    corner = small_corner(tmp_path_factory.mktemp("documents"))
    yield corner.build()
    for snapshot in corner.opened:
        snapshot.close()
