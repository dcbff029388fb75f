"""Agents of the shared build, and of the one with corners."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.config import Config, load_config
from kg.snapshot.snapshot import Snapshot
from tests.agents.calls import Agent


@pytest.fixture(scope="session")
def agent(config: Config) -> Iterator[Agent]:
    made = Agent(config)
    yield made
    made.close()


@pytest.fixture(scope="session")
def corner_agent(corners: Snapshot) -> Iterator[Agent]:
    made = Agent(load_config(home=corners.folder.parent.parent))
    yield made
    made.close()
