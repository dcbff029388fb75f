"""Verdicts, doubts and consistency of all entities, one byte each, as tasks find them and as arrays of a release."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np

from kg.licenses.rules import USES


class InferredCodes(msgspec.Struct, frozen=True):
    """What was found for some entities, in their order."""

    verdicts: bytes  # on each use
    doubts: bytes  # on each use
    consistencies: bytes  # two each


class CodeArrays:
    """Joins what was found for entities, in their order."""

    def __init__(self) -> None:
        self._verdicts, self._doubts, self._consistencies = bytearray(), bytearray(), bytearray()

    def add(self, found: InferredCodes) -> None:
        """Add what was found for the next entities."""
        self._verdicts += found.verdicts
        self._doubts += found.doubts
        self._consistencies += found.consistencies

    def save(self, release: Path, lineage: Path, size: int) -> None:
        """Write the arrays, and for the lineage the verdicts on commercial use.

        Args:
            release: the folder of the release.
            lineage: the folder of the lineage, whose nodes end with those that nothing describes.
            size: how many nodes it has.
        """
        verdicts, doubts = (
            np.frombuffer(bytes(codes), np.uint8).reshape(-1, len(USES))
            for codes in (self._verdicts, self._doubts)
        )
        np.save(release / "verdicts.npy", verdicts)
        np.save(release / "doubts.npy", doubts)
        consistencies = np.frombuffer(bytes(self._consistencies), np.uint8)
        np.save(release / "consistency.npy", consistencies.reshape(-1, 2))
        commercial = np.zeros(size, np.uint8)
        commercial[: len(verdicts)] = verdicts[:, USES.index("commercial")]
        np.save(lineage / "verdict.npy", commercial)
