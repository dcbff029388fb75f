"""What a build found wrong in the data: never an exception, never lost, published with the release."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal

import msgspec

Severity = Literal["error", "warning"]


class Issue(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing wrong: what rule, where, which value."""

    severity: Severity
    rule: str
    subject: str
    message: str
    property: str = ""
    value: str = ""
    source: str = ""
    origin: str = ""  # file:line or locator

    def __str__(self) -> str:
        named = self.message.startswith(self.subject)
        about = f"{self.subject}: " if self.subject and not named else ""
        told = self.origin in ("", self.subject) or self.message.startswith(self.origin)
        return about + self.message + ("" if told else f" ({self.origin})")


class Issues:
    """Collects issues into a file; keeps the first errors and the counts in memory.

    Args:
        path: the JSON lines file to write.
    """

    KEPT = 100

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self.counts: Counter[str] = Counter()  # by rule
        self.errors: list[Issue] = []
        self.error_count = 0

    def add(self, issue: Issue) -> None:
        """Write an issue down."""
        self._file.write(msgspec.json.encode(issue) + b"\n")
        self.counts[issue.rule] += 1
        if issue.severity == "error":
            self.error_count += 1
            if len(self.errors) < self.KEPT:
                self.errors.append(issue)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
