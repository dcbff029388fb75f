"""What the build found of each entity: the verdict on each use, with what is not sure about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kg.errors import SnapshotError
from kg.licenses.doubts import Doubt, Doubts, doubts_of, load_doubts
from kg.licenses.rules import USES
from kg.licenses.terms import Use, Verdict
from kg.licenses.verdicts import Verdicts, load_verdicts, verdict_of
from kg.messages.message import Message
from kg.snapshot.records import Records


class VerdictRow(NamedTuple):
    """The verdict on one use of one entity."""

    id: str
    use: Use
    verdict: Verdict
    doubts: tuple[Doubt, ...]


class JudgedEntities:
    """Reads the verdicts of a release, where nothing is said of who asks.

    Args:
        folder: of the snapshot.
        lines: its entities.
    """

    def __init__(self, folder: Path, lines: Records) -> None:
        self._release, self._lines = folder / "release", lines

    @cached_property
    def _arrays(self) -> tuple[Verdicts, Doubts]:
        try:
            return load_verdicts(self._release), load_doubts(self._release)
        except OSError as error:
            raise SnapshotError(
                Message("%(path)s cannot be read; run `gyebo build`", path=self._release)
            ) from error

    def of(self, id: str, uses: Sequence[Use] = USES) -> Iterator[VerdictRow]:
        """The verdicts on an entity, none on one of a kind that has no license.

        Raises:
            SnapshotError: the snapshot was built before doubts were kept.
        """
        number = self._lines.find(id)
        if number is None:
            return
        verdicts, doubts = (array[number].tolist() for array in self._arrays)
        for use in uses:
            at = USES.index(use)
            if verdict := verdict_of(verdicts[at]):
                yield VerdictRow(id, use, verdict, doubts_of(doubts[at]))
