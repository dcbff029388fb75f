"""A real server that nodes share, one of the site's connections to it and one of a stranger's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import valkey

from tests.web.shared.servers import PATIENT, server
from web.shared.server import SharedServer


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with server(tmp_path) as address:
        yield address


@pytest.fixture
def shared(address: str) -> Iterator[SharedServer]:
    with closing(SharedServer(address, PATIENT)) as shared:
        yield shared


@pytest.fixture
def stranger(address: str) -> Iterator[valkey.Valkey]:
    """Somebody else who may write to the server."""
    with closing(valkey.Valkey.from_url(address)) as client:
        yield client
