"""The corner of the license cases: the real data with corner.yaml and the models of the evaluation beside it, built once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.build.build import build
from kg.config import load_config
from kg.paths import DATA
from kg.snapshot.snapshot import Snapshot

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def cases_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    folder = tmp_path_factory.mktemp("license-cases")
    shutil.copytree(DATA, folder / "data")
    for name in ("corner.yaml", "evaluation-extra.yaml"):
        shutil.copy(HERE / name, folder / "data" / "curated" / f"license-{name}")
    config = load_config(home=folder / "home")
    build(config, folder / "data")
    opened = Snapshot.current(config.home)
    yield opened
    opened.close()
