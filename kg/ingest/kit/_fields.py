"""Whether the records of a source still have the fields that its module reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.ingest.kit.kit import Found, Kit


class FieldWatch:
    """Notes which fields records have, so that a field that was renamed does not vanish in silence.

    Args:
        fields: the names that the module reads, each of which at least one record should have.
    """

    def __init__(self, fields: Iterable[str]) -> None:
        self._missing = dict.fromkeys(fields)
        self._records = 0

    def see(self, data: Mapping[str, Any]) -> None:
        """Take note of a record."""
        self._records += 1
        for field in [name for name in self._missing if name in data]:
            del self._missing[field]

    def issues(self, kit: Kit) -> Iterator[Found]:
        """An issue for each field that no record had; none if there was no record at all."""
        for field in self._missing if self._records else ():
            yield kit.issue(
                "missing-field",
                kit.source,
                f"none of the {self._records} records has this field; the source may have renamed it",
                field,
            )
