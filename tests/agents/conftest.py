"""The agent of the shared build."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.config import Config
from tests.agents.calls import Agent


@pytest.fixture(scope="session")
def agent(config: Config) -> Iterator[Agent]:
    made = Agent(config)
    yield made
    made.close()
