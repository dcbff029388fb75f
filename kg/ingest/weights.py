"""What one file of weights says of the model it holds: its own head, and the few files beside it that speak of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.files.intake import IntakeFile, files
from kg.ingest.kit.kit import Kit, Place, Record
from kg.ingest.sources import folder
from kg.model.claim import Claim

_BESIDE = ("adapter_config.json", "config.json", "README.md")


class _OneModel(Place):
    """A file of weights, with what stands beside it and nothing below."""

    def files(self, pattern: str = "*", count: bool = True) -> Iterator[IntakeFile]:
        beside = (self.path.with_name(name) for name in _BESIDE)
        for path in (self.path, *(path for path in beside if path.is_file())):
            yield from files(path, pattern)


def weights_claims(path: Path, kit: Kit) -> list[Claim]:
    """What a GGUF or safetensors file and its card and configurations say of the model they are.

    Args:
        path: the file of weights.
        kit: of `kg.ingest.pasted.pasted_kit`.

    Raises:
        InputError: it cannot be read at all; what cannot be read of it is no claim.
    """
    found = folder.fetch(_OneModel(path, str(path)))
    records = [one for one in found if isinstance(one, Record)]
    return [claim for claim in folder.claims(records, kit) if isinstance(claim, Claim)]
