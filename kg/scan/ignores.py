"""What a project says that a scan is to leave out: the table [scan] of its gyebo.toml, read strictly."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec
from pathspec import GitIgnoreSpec

from kg.config import CONFIG_FILE, SCAN_TABLE
from kg.errors import DataError
from kg.messages.message import Message, reason_of
from kg.scan.finding import ScanFinding

_ANY_FILES = ("a", "a/b.c")  # what an entry covers that covers every file


class Ignore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """An entry of the table: what it leaves out, why, and until when."""

    reason: str = ""
    id: str = ""  # glob on the name as written; "" = every name
    path: str = ""  # as in .gitignore; "" = every file
    until: datetime.date | None = None  # the last day on which it counts

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        return GitIgnoreSpec.from_lines([self.path])

    def covers(self, finding: ScanFinding) -> bool:
        """Whether a finding is one that it leaves out, were it not over."""
        named = not self.id or fnmatchcase(finding.what.casefold(), self.id.casefold())
        return named and (not self.path or self._spec.match_file(finding.file))

    def is_over(self, today: datetime.date) -> bool:
        """Whether its last day is past."""
        return self.until is not None and today > self.until


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    ignore: list[Ignore] = []


def read_ignores(root: Path) -> Sequence[Ignore]:
    """The entries of the gyebo.toml of a project; none if it has none.

    Args:
        root: what is scanned, a folder or a file.

    Raises:
        DataError: it cannot be read, or an entry has no reason, leaves out everything or is not understood.
    """
    file = (root if root.is_dir() else root.parent) / CONFIG_FILE
    try:
        data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, RecursionError) as error:
        why = (
            reason_of(error)
            if isinstance(error, OSError)
            else Message("not TOML: %(error)s", error=error)
        )
        raise DataError(why, str(file)) from error
    try:
        table = msgspec.convert(data.get(SCAN_TABLE, {}), _Table)
    except msgspec.ValidationError as error:
        raise DataError(Message("[scan]: %(error)s", error=error), str(file)) from error
    for number, entry in enumerate(table.ignore, 1):
        _check(entry, number, str(file))
    return tuple(table.ignore)


def _check(entry: Ignore, number: int, file: str) -> None:
    if not entry.reason.strip():
        raise DataError(
            Message("entry %(number)s of [[scan.ignore]] gives no reason", number=number), file
        )
    if not (entry.id or entry.path):
        raise DataError(
            Message(
                "entry %(number)s of [[scan.ignore]] names no id and no path: it would leave out everything",
                number=number,
            ),
            file,
        )
    try:
        every_path = not entry.path or all(map(entry._spec.match_file, _ANY_FILES))
    except ValueError as error:
        raise DataError(
            Message("entry %(number)s of [[scan.ignore]]: %(error)s", number=number, error=error),
            file,
        ) from error
    if every_path and not entry.id.strip("*"):
        raise DataError(
            Message(
                "entry %(number)s of [[scan.ignore]] would leave out everything", number=number
            ),
            file,
        )
