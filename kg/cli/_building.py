"""A build as every command makes it: by whoever the settings name, with bars."""

from __future__ import annotations

from pathlib import Path

from kg.build.build import Built, build
from kg.build.cluster import open_sharing
from kg.cli._progress import progress_bars
from kg.config import Config


def build_shown(config: Config, data: Path, *, force: bool = False, wait: bool = True) -> Built:
    """Build a snapshot, on the cluster of the settings if they name one, and show how far it is.

    Args:
        config: home, base and who does the work.
        data: the data folder.
        force: build even if nothing has changed.
        wait: wait for another build to finish, instead of failing.

    Raises:
        DataError, CheckFailed: the data are wrong.
        BuildError: nothing could be published, or the cluster is not to be used.
    """
    with open_sharing(config) as sharing, progress_bars() as bars:
        return build(
            sharing.config, data, force=force, wait=wait, stage=bars.stage, start=sharing.start
        )
