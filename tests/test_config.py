"""The configuration of who has no home folder, as a process in a container has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import config
from kg.config import load_config
from kg.errors import ConfigError

SAID = {"GYEBO_HOME": "/srv/release"}


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed program, run by a user without a home."""

    def fail() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(config, "CHECKOUT", False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(Path, "home", fail)


@pytest.mark.usefixtures("homeless")
def test_a_home_that_is_said_needs_no_home_folder(tmp_path: Path) -> None:
    assert load_config(tmp_path / "gyebo.toml", SAID).home == Path("/srv/release")
    assert load_config(tmp_path / "gyebo.toml", {}, home=tmp_path).home == tmp_path


@pytest.mark.usefixtures("homeless")
def test_without_any_home_it_is_said_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="set GYEBO_HOME"):
        load_config(tmp_path / "gyebo.toml", {})


def test_the_home_of_nobody_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="home cannot be"):
        load_config(tmp_path / "gyebo.toml", {"GYEBO_HOME": "~no-such-user-here/x"})
