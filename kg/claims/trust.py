"""How far each type of source is trusted, from data/trust.yaml."""

from __future__ import annotations

from pathlib import Path

from kg.errors import DataError
from kg.files.yaml import read_yaml
from kg.messages.message import Message


def trust_levels(path: Path) -> dict[str, int]:
    """How far each sourceType is trusted, 1 = most; from trust.yaml.

    Raises:
        DataError: it is no such file.
    """
    file = read_yaml(path, f"{path.parent.name}/{path.name}")
    levels = file.data if isinstance(file.data, dict) else {}
    for name, level in levels.items():
        if isinstance(level, bool) or not isinstance(level, int) or level < 1:
            raise DataError(
                Message("%(name)s must be a whole number from 1", name=name),
                file.name,
                file.line((name,)),
            )
    if not levels:
        raise DataError(
            Message("must say the level of each sourceType, as in survey: 4"), file.name, 1
        )
    return levels
