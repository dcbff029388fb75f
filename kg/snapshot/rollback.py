"""Going back to the snapshot before."""

from __future__ import annotations

from pathlib import Path

from kg.errors import SnapshotError
from kg.messages.message import Message
from kg.snapshot.layout import WITHDRAWN, Layout, build_lock, check_program, read_manifest
from kg.snapshot.seal import check_bytes


def roll_back(layout: Layout) -> Path:
    """Let `current` name the newest whole snapshot before the current one; it stays until the next build.

    The snapshot that is withdrawn stays on the disk until that build, for whoever wants to look at it, and
    readers that have it open go on reading it.

    Args:
        layout: of the home folder.

    Raises:
        SnapshotError: there is none before it that is whole and that this program can read.
        BuildError: a build is running, or the folder cannot be written.
    """
    with build_lock(layout.lock, wait=False):
        current = layout.current_folder()
        refused: list[Message] = []
        for folder in reversed(layout.complete()):
            if folder.name >= current.name:
                continue
            try:
                check_program(read_manifest(folder))
                check_bytes(folder)
            except SnapshotError as error:
                refused.append(error.message)
                continue
            (current / WITHDRAWN).touch()
            layout.publish(folder)
            return folder
    if refused:
        raise SnapshotError(
            Message(
                "no snapshot before %(name)s can be served: %(why)s", name=current.name, why=refused
            )
        )
    raise SnapshotError(
        Message("there is no snapshot before %(name)s; run `gyebo build`", name=current.name)
    )
