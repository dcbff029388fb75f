"""The answer of `gyebo verify`: which files of the current snapshot are not as its build wrote them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from kg.errors import SnapshotDamaged
from kg.snapshot.layout import Layout
from kg.snapshot.seal import Told, damages, read_seal


class DamageAnswer(msgspec.Struct, frozen=True):
    """A file that is not as it was written, and why that is said."""

    file: str
    why: str


class VerifyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What was compared, and what is wrong."""

    snapshot: str
    files: int
    bytes: int
    quick: bool  # sizes only
    damaged: list[DamageAnswer]


def verify_snapshot(
    home: Path, *, quick: bool = False, lang: str = "en", watch: Callable[[int], Told] | None = None
) -> VerifyAnswer:
    """Compare the current snapshot with its seal.

    Args:
        home: the folder of runs and snapshots.
        quick: compare sizes only.
        lang: of what is said of a damaged file.
        watch: given the number of bytes to read, what is told how many were read.

    Raises:
        NoSnapshot: nothing has been built.
    """
    folder = Layout(home).current_folder()
    try:
        sealed = read_seal(folder)
    except SnapshotDamaged as error:
        broken = DamageAnswer(error.file, error.why.text(lang))
        return VerifyAnswer(snapshot=folder.name, files=0, bytes=0, quick=quick, damaged=[broken])
    size = sum(file.bytes for file in sealed.values())
    told = watch(size) if watch and not quick else None
    found = damages(folder, quick=quick, told=told)
    return VerifyAnswer(
        snapshot=folder.name,
        files=len(sealed),
        bytes=size,
        quick=quick,
        damaged=[DamageAnswer(one.path, one.why.text(lang)) for one in found],
    )
